"""`desk province publish`: what goes down to the units, signed; what was published before."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.options import DataOption, JsonOption, NowOption, path_of
from desk.cli.output import print_json, print_table, read_input
from desk.cli.province_side import opened_province
from desk.cli.status import CommandError, Status, complain
from desk.cli.values import date_of
from desk.words import _

if TYPE_CHECKING:
    from desk.daily.published import Content, Published

CALENDAR, CATALOGUE, MESSAGE, UNITS, KEY = "calendar", "catalogue", "message", "units", "key"
_KINDS = (CALENDAR, CATALOGUE, MESSAGE, UNITS)
_LONGEST = 1024 * 1024


def publish(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help=_("Lịch, danh mục, đơn vị (bảng CSV), tin nhắn (văn bản; «-»: đầu vào chuẩn). Không có: liệt kê."),
            show_default=False,
        ),
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            metavar="KIND",
            help=_("calendar, catalogue, units, message; key: khóa mới của tỉnh, không có tệp."),
        ),
    ] = "",
    unit: Annotated[
        str, typer.Option("--unit", metavar="UNIT", help=_("Chỉ cho một đơn vị; không có thì cho mọi đơn vị."))
    ] = "",
    about: Annotated[
        str, typer.Option("--about", metavar="SHA256", help=_("Trả lời tin này của xã; gõ phần đầu cũng được."))
    ] = "",
    changes: Annotated[
        Path | None,
        typer.Option(
            "--changes", metavar="FILE", parser=path_of, help=_("Bảng đơn vị cũ vào đơn vị mới, kèm bảng đơn vị.")
        ),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help=_("Khóa mới ký từ ngày này; không có thì sau 14 ngày."))
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until", metavar="DATE", help=_("Khóa cũ còn được nhận đến ngày này; không có thì thêm 90 ngày.")
        ),
    ] = None,
    version: Annotated[str, typer.Option("--version", metavar="TEXT", help=_("Phiên bản, nếu tệp không ghi."))] = "",
    now: NowOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Sign a file and publish it, or list what was published."""
    content = None if file is None else read_input(file, _LONGEST)
    days = tuple(None if day is None else date_of(day) for day in (first, until))
    if (kind == KEY) != (any(days) or kind == KEY) or (kind == KEY and (content is not None or unit or about)):
        text = _("--kind key không kèm tệp, --unit hay --about; --from và --until chỉ cho --kind key")
        raise CommandError(Status.USAGE, text)
    went = None if changes is None else read_input(changes, _LONGEST)
    with opened_province(data, now, as_json=as_json) as province:
        if kind == KEY:
            _print_key(province.change_key(*days), as_json=as_json)
            return
        if content is None:
            _print_list(province.published(), as_json=as_json)
            return
        wanted = kind or (MESSAGE if about else _guessed(content))
        if wanted not in _KINDS or (about and (wanted != MESSAGE or unit)):
            text = _("--kind là calendar, catalogue, units hoặc message; --about chỉ cho tin nhắn")
            raise CommandError(Status.USAGE, text)
        if went is not None and wanted != UNITS:
            raise CommandError(Status.USAGE, _("--changes chỉ đi với bảng đơn vị (--kind units)"))
        read = _content(wanted, content, version, province.reader().now(), went)
        found = province.answer(about, _text(read)) if about else province.publish(read, unit)
    if as_json:
        print_json(_document(found))
    else:
        text = _("Đã công bố số {number} ({kind}) cho {units}; các đơn vị lấy về ở lần gửi tới.")
        units = found.unit or _("mọi đơn vị")
        print(text.format(number=found.number, kind=kind_text(found.kind), units=units))


def kind_text(kind: str) -> str:
    """Return what a published file is, in a word."""
    return {CALENDAR: _("lịch"), CATALOGUE: _("danh mục"), MESSAGE: _("tin nhắn"), UNITS: _("đơn vị"), KEY: _("khóa")}[
        kind
    ]


def _guessed(data: bytes) -> str:
    """Return what a file looks like: by the heading of its columns, else it is a message."""
    lines = data.decode("utf-8-sig", "replace").splitlines()
    columns = next((line for line in lines if not line.startswith("#")), "").split(",")
    if {"code", "valid_from", "province_code"} <= set(columns):
        return UNITS
    return CATALOGUE if "code" in columns else CALENDAR if columns[0] == "date" else MESSAGE


def _content(kind: str, data: bytes, version: str, now: datetime, changes: bytes | None) -> Content:
    """Read what is to be published as strictly as a desk will."""
    from desk.counter.reference_files import BadFileError

    try:
        return _read(kind, data, version, now, changes)
    except BadFileError as error:
        for bad in error.lines[:-1]:
            complain(_("dòng {number}: {sentence}").format(number=bad.line, sentence=bad.sentence))
        raise CommandError(Status.USAGE, error.lines[-1].sentence + _("; chưa công bố gì")) from error


def _text(content: Content) -> str:
    return str(getattr(content, "text", ""))


def _read(kind: str, data: bytes, version: str, now: datetime, changes: bytes | None) -> Content:
    from desk.counter.reference_files import BadFileError, BadLine, read_calendar, read_catalogue
    from desk.counter.unit_files import read_units
    from desk.daily.calendars import PublishedCalendar
    from desk.daily.published import Notice, PublishedCatalogue

    if kind == CALENDAR:
        calendar = read_calendar(data, version)
        return PublishedCalendar(calendar.version, calendar.first, calendar.last, calendar.rows, calendar.hours)
    if kind == UNITS:
        return read_units(data, changes, version)
    if kind == CATALOGUE:
        catalogue = read_catalogue(data, version)
        if not catalogue.version:
            sentence = _("danh mục chưa ghi phiên bản: thêm dòng «# version: 2027.1» hoặc --version")
            raise BadFileError(BadLine(0, sentence))
        return PublishedCatalogue.from_table(catalogue.version, data)
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise BadFileError(BadLine(0, _("không phải văn bản UTF-8"))) from error
    return Notice(text, now)


def _document(found: Published) -> dict[str, object]:
    return {
        "number": found.number,
        "kind": found.kind.value,
        "version": found.version or None,
        "unit": found.unit or None,
        "sha256": found.sha256,
        "file": found.name,
    }


def _print_key(found: Published, *, as_json: bool) -> None:
    from desk.daily.successors import PublishedKey

    content = found.content
    if not isinstance(content, PublishedKey):
        raise TypeError(found.kind)
    days = {"from": content.first.isoformat(), "until": content.until.isoformat()}
    keys = {"before": content.old.fingerprint, "fingerprint": content.new.fingerprint}
    if as_json:
        print_json({**_document(found), **keys, "public_key": content.new.line(), **days})
        return
    text = _("Đã công bố số {number}: khóa mới của tỉnh ký từ {first}; khóa cũ còn được nhận đến hết {until}.")
    print(text.format(number=found.number, first=f"{content.first:%d/%m/%Y}", until=f"{content.until:%d/%m/%Y}"))
    print(_("Vân tay khóa mới, in ra giấy gửi các xã: {fingerprint}").format(fingerprint=content.new.fingerprint))
    print(_("Sao lưu cả tệp khóa mới trong thư mục dữ liệu của tỉnh."))


def _print_list(every: tuple[Published, ...], *, as_json: bool) -> None:
    if as_json:
        print_json([_document(each) for each in every])
        return
    rows = [[str(each.number), kind_text(each.kind), each.version, each.unit or _("mọi đơn vị")] for each in every]
    print_table((_("Số"), _("Loại"), _("Phiên bản"), _("Cho")), rows)


def messages(
    every: Annotated[bool, typer.Option("--all", help=_("Cả tin đã trả lời."))] = False,
    now: NowOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """List the messages of the units that wait for an answer."""
    from desk.cli.values import instant_json

    with opened_province(data, now, as_json=as_json) as province:
        found = [each for each in province.messages() if every or each.answer is None]
    if as_json:
        print_json(
            [
                {
                    "unit": each.unit,
                    "name": each.name,
                    "sha256": each.sha256,
                    "received_at": instant_json(each.received_at),
                    "kind": each.message.kind.value,
                    "number": each.message.number,
                    "text": each.message.text,
                    "answer": each.answer,
                }
                for each in found
            ]
        )
        return
    kinds = {"difficulty": _("vướng mắc"), "question": _("hỏi")}
    for each in found:
        text = _("{sha} · {unit} {name} · {day} · {kind}: {text}")
        day = f"{each.message.created:%d/%m/%Y %H:%M}"
        kind = kinds[each.message.kind]
        print(
            text.format(sha=each.sha256[:8], unit=each.unit, name=each.name, day=day, kind=kind, text=each.message.text)
        )
    if not found:
        print(_("Không có tin nào chờ trả lời."))
