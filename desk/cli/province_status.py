"""`desk province status`: who has reported, who has not, what is held, refused or suspicious."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.options import DataOption, JsonOption, NowOption
from desk.cli.output import print_json, print_table
from desk.cli.province_reset import reset_document
from desk.cli.province_side import opened_province
from desk.cli.status import CommandError, Status
from desk.cli.values import date_of, instant_json
from desk.words import _

if TYPE_CHECKING:
    from datetime import date

    from db.province_reading import KeptFile
    from desk.province.model import Hole
    from desk.province.status import ProvinceWatch, UnitWatch


def status(
    day: Annotated[str | None, typer.Option("--date", metavar="D", help=_("Tính đến hết ngày này."))] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="D", help=_("Tính từ ngày này; không có thì từ ngày bắt đầu."))
    ] = None,
    now: NowOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Print who has reported over a period."""
    wanted = None if day is None else date_of(day)
    start = None if first is None else date_of(first)
    with opened_province(data, now, as_json=as_json) as province:
        reader = province.reader()
        if start is not None and start > (wanted or reader.today()):
            raise CommandError(Status.USAGE, _("ngày cuối kỳ trước ngày đầu kỳ"))
        found = reader.watch(wanted, start)
        unanswered = sum(each.answer is None for each in province.messages())
    if as_json:
        print_json({**_document(found), "unanswered": unanswered})
    else:
        _print(found)
        if unanswered:
            print(_("Tin của xã chờ trả lời: {n} (xem «desk province messages»)").format(n=unanswered))


def hole_document(hole: Hole) -> dict[str, object]:
    """Return what is missing in a unit's figures as JSON has it."""
    return {"from": hole.first_seq, "to": hole.last_seq, "reason": hole.reason, "date": _iso(hole.day)}


def _document(found: ProvinceWatch) -> dict[str, object]:
    status = found.status
    return {
        "from": _iso(found.first),
        "date": status.day.isoformat(),
        "practice": status.practice,
        "expected": status.expected,
        "actual": status.actual,
        "on_time": status.on_time,
        "reporting_rate": _rounded(status.rate),
        "reporting_rate_on_time": _rounded(status.rate_on_time),
        "rejected": status.rejected,
        "units": [_unit_document(each) for each in found.units],
    }


def _unit_document(watch: UnitWatch) -> dict[str, object]:
    found = watch.status
    return {
        "unit": found.unit,
        "name": found.name,
        "go_live": _iso(found.go_live),
        "last_day": _iso(found.last_day),
        "day": found.day.value,
        "awaited": watch.awaited,
        "silent_since": _iso(watch.silent_since),
        "expected": found.expected,
        "actual": found.actual,
        "on_time": found.on_time,
        "reporting_rate": _rounded(found.rate),
        "reporting_rate_on_time": _rounded(found.rate_on_time),
        "missing": [day.isoformat() for day in found.missing],
        "holes": [hole_document(hole) for hole in found.holes],
        "held": found.held,
        "refused": found.refused,
        "files": [_file_document(each) for each in watch.files],
        "forks": list(found.forks),
        "resets": [reset_document(each) for each in found.resets],
        "last_seq": found.last_seq,
        "clock_ahead_seconds": None if watch.ahead is None else int(watch.ahead.total_seconds()),
        "clock_wrong": watch.clock_wrong,
    }


def _file_document(file: KeptFile) -> dict[str, object]:
    return {
        "sha256": file.sha256,
        "seq": file.seq,
        "date": _iso(file.day),
        "status": file.status,
        "reason": file.reason,
        "received_at": instant_json(file.received_at),
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _print(found: ProvinceWatch) -> None:
    from desk.province.figures import percent

    status = found.status
    if found.first is None:
        print(_("Đến hết ngày {day}").format(day=f"{status.day:%d/%m/%Y}"))
    else:
        span = {"first": f"{found.first:%d/%m/%Y}", "last": f"{status.day:%d/%m/%Y}"}
        print(_("Từ {first} đến hết ngày {last}").format(**span))
    heads = (
        *(_("Mã"), _("Đơn vị"), _("Hôm đó"), _("Nhận / phải có"), _("Đúng giờ"), _("Tỷ lệ")),
        *(_("Thiếu từ ngày"), _("Giữ"), _("Từ chối"), _("Đồng hồ")),
    )
    print_table(heads, [_row(each) for each in found.units])
    for each in found.units:
        for line in _details(each):
            print(f"{each.status.unit} {each.status.name}: {line}")
    total = _("Cộng: {actual}/{expected} báo cáo ({rate}), {on_time} đúng giờ ({timely}); {rejected} tệp lạ bị loại")
    figures = {"actual": status.actual, "expected": status.expected, "on_time": status.on_time}
    rates = {"rate": percent(status.rate), "timely": percent(status.rate_on_time), "rejected": status.rejected}
    print(total.format(**figures, **rates))


def _row(watch: UnitWatch) -> list[str]:
    from desk.province.figures import percent
    from desk.province.sentences import clock_text, state_text

    found = watch.status
    return [
        found.unit,
        found.name,
        state_text(watch.state),
        f"{found.actual}/{found.expected}",
        str(found.on_time),
        percent(found.rate),
        "" if watch.silent_since is None else f"{watch.silent_since:%d/%m/%Y}",
        str(found.held or ""),
        str(found.refused or ""),
        clock_text(watch.ahead),
    ]


def _details(watch: UnitWatch) -> Iterator[str]:
    from desk.province.sentences import clock_alarm, fork_text, hole_text, reset_text, retired_text, run_text
    from desk.province.status import runs

    if watch.status.last_day is not None:
        yield retired_text(watch.status.last_day)
    yield from map(hole_text, watch.status.holes)
    yield from map(run_text, runs(watch.files))
    yield from map(fork_text, watch.status.forks)
    yield from map(reset_text, watch.status.resets)
    if watch.clock_wrong and watch.ahead is not None:
        yield clock_alarm(watch.ahead)


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 4)
