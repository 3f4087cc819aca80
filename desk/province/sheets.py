"""The reports of a province as tables: what the command prints and writes is what the office's page gives away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from desk.daily.ii06a import by_law_sentence, field_name, numbered_headings
from desk.province.exporting import Cell, Sheet
from desk.province.figures import day_text
from desk.province.model import PeriodReport
from desk.province.ranking import Issuers, Place, RankBy, Ranking
from desk.province.sentences import missing_sentence, reset_text
from desk.rules.report import FIRST_COLUMN, LAST_COLUMN
from desk.rules.tally import Count
from desk.words import _, counted


def ii06a_sheet(found: PeriodReport) -> Sheet:
    """Return the official report."""
    rows: list[list[Cell]] = [[field_name(field), *line.columns] for field, line in found.report.rows]
    return Sheet(
        "II.06a",
        _("II.06a từ {first} đến {last}").format(**_days(found.first, found.last)),
        [_("Lĩnh vực"), *numbered_headings()],
        [*rows, [_("Tổng cộng"), *found.report.total.columns]],
        (*_practice(practice=found.practice), *_beside_the_form(found), *gaps(found), *_unbalanced(found)),
        total=True,
        short=[_("Lĩnh vực"), *(f"({number})" for number in range(FIRST_COLUMN, LAST_COLUMN + 1))],
    )


def _beside_the_form(found: PeriodReport) -> Iterator[str]:
    yield by_law_sentence(found.report)
    ended = _("Trong số đã giải quyết: {n} có kết quả, {refused} từ chối, {stopped} dừng, {withdrawn} rút.")
    yield ended.format(n=found.with_result, **_beside(found, Count.REFUSED, Count.STOPPED, Count.WITHDRAWN))
    waiting = _(
        "Trong số đang giải quyết: {n} đang làm, {waiting_supplement} chờ bổ sung,"
        " {waiting_obligation} chờ nghĩa vụ tài chính."
    )
    yield waiting.format(n=found.in_work, **_beside(found, Count.WAITING_SUPPLEMENT, Count.WAITING_OBLIGATION))


def gaps(found: PeriodReport) -> Iterator[str]:
    """Yield what is missing in a report, and where a stock does not go on as it was."""
    if found.silent:
        yield silent_sentence(found.silent)
    for unit, hole in found.missing:
        yield missing_sentence(unit, hole)
    for reset in found.resets:
        yield f"{reset.unit}: {reset_text(reset)}"


def _unbalanced(found: PeriodReport) -> Iterator[str]:
    if not found.balanced:
        yield _("CHƯA CÂN: thiếu tệp ở giữa kỳ; xem «desk province status».")


def silent_sentence(units: Sequence[str]) -> str:
    """Return which units have no figures in a period."""
    return _("Chưa có số liệu của: {units}").format(units=", ".join(units))


def ranking_sheet(found: Ranking) -> Sheet:
    """Return the units by rank, and their sum."""
    by_on_time = _("Xếp hạng theo tỷ lệ đúng hạn, từ {first} đến {last}")
    title = by_on_time if found.by is RankBy.ON_TIME else _("Xếp hạng theo tỷ lệ trực tuyến, từ {first} đến {last}")
    heads = (
        *(_("Hạng"), _("Mã"), _("Đơn vị"), _("Tiếp nhận"), _("Trực tuyến"), _("Tỷ lệ trực tuyến")),
        *(_("Đã giải quyết"), _("Quá hạn"), _("Tỷ lệ đúng hạn"), _("Đang giải quyết"), _("Trong đó quá hạn")),
    )
    return Sheet(
        _("Xếp hạng"),
        title.format(**_days(found.first, found.last)),
        heads,
        [*map(_ranking_row, found.places), _ranking_row(found.total, _("Tổng cộng"))],
        (*_practice(practice=found.practice), *((silent_sentence(found.silent),) if found.silent else ())),
        total=True,
    )


def _ranking_row(place: Place, name: str = "") -> list[Cell]:
    return [
        *(place.rank, place.unit, name or place.name, place.received, place.online, place.online_share),
        *(place.resolved, place.overdue, place.on_time_rate, place.open, place.open_overdue),
    ]


def results_sheet(found: Issuers) -> Sheet:
    """Return which units gave a result under some procedures."""
    title = _("Kết quả theo thủ tục {procedures}, từ {first} đến {last}")
    names = ", ".join(found.procedures)
    note = counted("{n} trên {all} đơn vị đã trả ít nhất một kết quả.", len(found.issued), all=found.units)
    rows: list[list[Cell]] = [[each.unit, each.name, each.results] for each in (*found.issued, *found.none)]
    return Sheet(
        _("Kết quả"),
        title.format(procedures=names, **_days(found.first, found.last)),
        (_("Mã"), _("Đơn vị"), _("Kết quả")),
        rows,
        (*_practice(practice=found.practice), note),
    )


def _practice(*, practice: bool) -> tuple[str, ...]:
    return (_("THỰC HÀNH: số liệu thử, không phải báo cáo thật"),) if practice else ()


def _days(first: date, last: date) -> dict[str, str]:
    return {"first": day_text(first), "last": day_text(last)}


def _beside(found: PeriodReport, *counts: Count) -> dict[str, int]:
    return {count.value: found.beside.get(count, 0) for count in counts}
