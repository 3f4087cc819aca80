"""`desk province`: the province's side, in a data folder of its own."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.options import DataOption, JsonOption, NowOption, command
from desk.cli.output import print_json, print_table, read_input
from desk.cli.province_serve import serve
from desk.cli.province_side import opened_province
from desk.cli.report import COLUMNS, by_law_sentence, columns_json
from desk.cli.status import CommandError, Status, complain, disk_sentence
from desk.cli.values import date_of, server_of
from desk.words import _

if TYPE_CHECKING:
    from desk.province.model import Answer, Hole, PeriodReport, ProvinceStatus, UnitStatus

_LONGEST_KEY = 4096


def declare(part: typer.Typer) -> None:
    """Add the commands to the group `province`."""
    command(part, "init", _("Tạo khóa của tỉnh và thư mục nhận."))(init)
    command(part, "enrol", _("Đăng ký khóa của một đơn vị."))(enrol)
    command(part, "ingest", _("Nhận báo cáo ngày từ tệp hoặc thư mục, ghi giấy báo nhận."))(ingest)
    command(part, "status", _("Đơn vị nào đã báo cáo, đơn vị nào chưa."))(status)
    command(part, "report", _("Báo cáo II.06a tổng hợp từ các báo cáo ngày."))(report)
    command(part, "serve", _("Máy chủ HTTPS nhận tệp ngày, theo dõi thư mục nhận và USB."))(serve)


def init(
    practice: Annotated[bool, typer.Option("--practice", help=_("Nơi vận hành thử: chỉ nhận tệp thử."))] = False,
    host: Annotated[
        list[str] | None,
        typer.Option("--host", metavar="NAME", help=_("Tên hoặc địa chỉ của máy chủ trong chứng chỉ; lặp lại được.")),
    ] = None,
    database: Annotated[
        str, typer.Option("--database", metavar="URL", help=_("Máy chủ PostgreSQL, thay cho tệp SQLite."))
    ] = "",
    now: NowOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Make a province."""
    if now is not None and not practice:
        raise CommandError(Status.USAGE, _("chỉ nơi vận hành thử mới đặt được giờ (--now)"))
    with opened_province(data, now, as_json=as_json, create=True, url=server_of(database)) as province:
        found = province.init(practice=practice)
        server = province.certificate(tuple(host or ())).fingerprint
        folder = str(province.inbox)
    if as_json:
        names = {"fingerprint": found.fingerprint, "public_key": found.public_key, "certificate": server}
        print_json({**names, "practice": found.practice, "inbox": folder})
        return
    print(_("Vân tay khóa của tỉnh: {fingerprint}").format(fingerprint=found.fingerprint))
    print(found.public_key)
    print(_("Vân tay chứng chỉ máy chủ, ghi vào «certificate» của xã: {fingerprint}").format(fingerprint=server))
    print(_("Thư mục nhận: {folder}").format(folder=folder))


def enrol(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help=_("Mã năm chữ số của đơn vị."))],
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help=_("Tệp khóa công khai («-»: đầu vào chuẩn)."))],
    go_live: Annotated[
        str | None,
        typer.Option("--go-live", metavar="DATE", help=_("Ngày đầu phải báo cáo; không có thì là ngày của tệp đầu.")),
    ] = None,
    now: NowOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Put a unit's key on the list."""
    start = None if go_live is None else date_of(go_live)
    line = read_input(key)[:_LONGEST_KEY].decode("utf-8", errors="replace")
    with opened_province(data, now, as_json=as_json) as province:
        found = province.enrol(unit, line, start)
    if as_json:
        print_json(
            {
                "unit": found.unit,
                "name": found.name,
                "fingerprint": found.fingerprint,
                "go_live": None if found.go_live is None else found.go_live.isoformat(),
                "other_keys": list(found.others),
                "again": found.again,
            }
        )
        return
    heading = _("Khóa đã đăng ký từ trước:") if found.again else _("Đã đăng ký khóa:")
    print(f"{heading} {found.unit} {found.name}")
    print(_("Vân tay, để đối chiếu với bản giấy: {fingerprint}").format(fingerprint=found.fingerprint))
    for other in found.others:
        print(_("Đơn vị còn khóa khác đang được nhận: {fingerprint}").format(fingerprint=other))


def ingest(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help=_("Tệp hoặc thư mục; không có thì thư mục nhận."), show_default=False),
    ] = None,
    now: NowOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Take files in and answer each with a receipt."""
    with opened_province(data, now, as_json=as_json) as province:
        try:
            answers = province.ingest(tuple(paths or ()))
        except OSError as error:
            raise CommandError(Status.USAGE, disk_sentence(error)) from error
    if as_json:
        print_json([answer.document() for answer in answers])
    else:
        for answer in answers:
            print(_answer_text(answer))
    troubles = {disk_sentence(answer.unwritten): None for answer in answers if answer.unwritten is not None}
    for trouble in troubles:
        complain(_("chưa ghi được giấy báo nhận, lần nhận sau sẽ ghi: {cause}").format(cause=trouble))
    if any(answer.status == "refused" for answer in answers):
        raise typer.Exit(Status.NO)
    if troubles:
        raise typer.Exit(Status.ENVIRONMENT)


def status(
    day: Annotated[str | None, typer.Option("--date", metavar="D", help=_("Tính đến hết ngày này."))] = None,
    now: NowOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Print who has reported."""
    wanted = None if day is None else date_of(day)
    with opened_province(data, now, as_json=as_json) as province:
        found = province.status(wanted)
    if as_json:
        print_json(_status_document(found))
    else:
        _print_status(found)


def report(
    first: Annotated[str, typer.Option("--from", metavar="D", help=_("Ngày đầu kỳ."))],
    last: Annotated[str, typer.Option("--to", metavar="D", help=_("Ngày cuối kỳ."))],
    unit: Annotated[
        list[str] | None, typer.Option("--unit", metavar="CODE", help=_("Chỉ đơn vị này; lặp lại được."))
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="F", help=_("table, csv hoặc json."))] = "table",
    now: NowOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Print II.06a over what was merged."""
    if form not in {"table", "csv", "json"}:
        raise CommandError(Status.USAGE, _("không có dạng «{form}»: table, csv, json").format(form=form))
    start, end = date_of(first), date_of(last)
    if end < start:
        raise CommandError(Status.USAGE, _("ngày cuối kỳ trước ngày đầu kỳ"))
    with opened_province(data, now, as_json=as_json) as province:
        found = province.report(start, end, unit or None)
    if as_json or form == "json":
        print_json(_report_document(found))
    elif form == "csv":
        csv.writer(sys.stdout, lineterminator="\n").writerows(_table(found, COLUMNS))
    else:
        _print_report(found)
    if not found.balanced:
        raise typer.Exit(Status.NO)


def _answer_text(answer: Answer) -> str:
    from desk.daily.model import Status as Said
    from desk.province.sentences import reason_sentence

    receipt = answer.receipt
    where = ""
    if receipt is not None and receipt.date is not None:
        day = f"{receipt.date:%d/%m/%Y}"
        where = _("{unit} ngày {day} số {seq}").format(unit=receipt.unit, day=day, seq=receipt.seq) + ": "
    said = {
        Said.MERGED: _("đã nhận"),
        Said.HELD: _("giữ lại, chờ tệp số {seq}").format(seq=receipt.expected_seq if receipt else ""),
        Said.REFUSED: _("TỪ CHỐI: {why}").format(why=reason_sentence(answer.reason or "")),
    }[answer.status]
    return _plain(f"{answer.file}: {where}{said}")


def _plain(text: str) -> str:
    """Return one line that cannot steer the terminal, whatever a file on a stick is called."""
    from desk.rules.text import clean

    return clean(text)


def _status_document(found: ProvinceStatus) -> dict[str, object]:
    return {
        "date": found.day.isoformat(),
        "practice": found.practice,
        "expected": found.expected,
        "actual": found.actual,
        "on_time": found.on_time,
        "reporting_rate": found.rate,
        "reporting_rate_on_time": found.rate_on_time,
        "rejected": found.rejected,
        "units": [_unit_document(each) for each in found.units],
    }


def _unit_document(found: UnitStatus) -> dict[str, object]:
    return {
        "unit": found.unit,
        "name": found.name,
        "go_live": None if found.go_live is None else found.go_live.isoformat(),
        "day": found.day.value,
        "expected": found.expected,
        "actual": found.actual,
        "on_time": found.on_time,
        "reporting_rate": found.rate,
        "reporting_rate_on_time": found.rate_on_time,
        "missing": [day.isoformat() for day in found.missing],
        "holes": [_hole_document(hole) for hole in found.holes],
        "held": found.held,
        "refused": found.refused,
        "forks": list(found.forks),
        "last_seq": found.last_seq,
    }


def _hole_document(hole: Hole) -> dict[str, object]:
    return {
        "from": hole.first_seq,
        "to": hole.last_seq,
        "reason": hole.reason,
        "date": None if hole.day is None else hole.day.isoformat(),
    }


def _print_status(found: ProvinceStatus) -> None:
    from desk.province.sentences import day_text

    print(_("Đến hết ngày {day}").format(day=f"{found.day:%d/%m/%Y}"))
    for each in found.units:
        counts = _("{day}; {actual}/{expected} báo cáo, {on_time} đúng giờ; giữ {held}, từ chối {refused}")
        text = counts.format(
            day=day_text(each.day),
            actual=each.actual,
            expected=each.expected,
            on_time=each.on_time,
            held=each.held,
            refused=each.refused,
        )
        print(f"{each.unit} {each.name}: {text}")
        for hole in each.holes:
            span = f"{hole.first_seq}" if hole.first_seq == hole.last_seq else f"{hole.first_seq}-{hole.last_seq}"
            print("  " + _("thiếu số liệu của tệp số {span} ({reason})").format(span=span, reason=hole.reason))
        for fork in each.forks:
            print("  " + _("BÁO ĐỘNG: hai tệp khác nhau cùng số thứ tự ({sha256})").format(sha256=fork[:16]))
    total = _("Cộng: {actual}/{expected} báo cáo, {on_time} đúng giờ; {rejected} tệp lạ bị loại")
    print(total.format(actual=found.actual, expected=found.expected, on_time=found.on_time, rejected=found.rejected))


def _report_document(found: PeriodReport) -> dict[str, object]:
    return {
        "report": "II.06a",
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "practice": found.practice,
        "units": list(found.units),
        "silent": list(found.silent),
        "rows": [{"field": field, **columns_json(line)} for field, line in found.report.rows],
        "total": columns_json(found.report.total),
        "missing": [{"unit": unit, **_hole_document(hole)} for unit, hole in found.missing],
        "balanced": found.balanced,
    }


def _table(found: PeriodReport, names: Sequence[str]) -> list[list[str]]:
    rows = [["field", *names]]
    rows += [[field or _("(không rõ lĩnh vực)"), *map(str, line.columns)] for field, line in found.report.rows]
    return [*rows, [_("Tổng cộng"), *map(str, found.report.total.columns)]]


def _print_report(found: PeriodReport) -> None:
    rows = _table(found, [f"({number})" for number in range(3, 14)])
    print(_("II.06a từ {first} đến {last}").format(first=f"{found.first:%d/%m/%Y}", last=f"{found.last:%d/%m/%Y}"))
    print_table([_("Lĩnh vực"), *rows[0][1:]], rows[1:])
    print(by_law_sentence(found.report))
    if found.silent:
        print(_("Chưa có số liệu của: {units}").format(units=", ".join(found.silent)))
    for unit, hole in found.missing:
        missing = _("{unit}: thiếu số liệu của tệp số {seq} ({reason})")
        print(missing.format(unit=unit, seq=hole.first_seq, reason=hole.reason))
    if not found.balanced:
        print(_("CHƯA CÂN: thiếu tệp ở giữa kỳ; xem «desk province status»."))
