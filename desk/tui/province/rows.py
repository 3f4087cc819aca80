"""The words of rows and tiles: how a unit, a day, a file stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from db.province_reading import KeptFile
from db.provinces import HELD, MERGED, REFUSED
from desk.counter import say
from desk.province.alarms import sentences_of
from desk.province.figures import day_text, number, percent
from desk.province.model import DayState, ResetView
from desk.province.ranking import Place, Ranking
from desk.province.sentences import (
    clock_text,
    decision_text,
    file_state_text,
    reason_sentence,
    retired_text,
    state_text,
)
from desk.province.status import AWAITED, ProvinceWatch, UnitWatch
from desk.province.trend import DayTrend, UnitDay
from desk.rules.moment import VN
from desk.tui.province.tiles import Tile
from desk.tui.widgets.painted import Part
from desk.tui.widgets.rows import Row
from desk.words import _, counted

SIGNS = {
    DayState.MISSING.value: "✗",
    DayState.HELD.value: "=",
    DayState.LATE.value: "+",
    AWAITED: "…",
    DayState.ON_TIME.value: "✓",
    DayState.NOT_EXPECTED.value: "–",
}
"""A sign for each state, of those that a console has too; what each means is written above the grid."""

STYLES = {
    DayState.MISSING.value: "late",
    DayState.HELD.value: "soon",
    DayState.LATE.value: "soon",
    DayState.ON_TIME.value: "good",
    DayState.NOT_EXPECTED.value: "muted",
}
_FILE_STYLES = {MERGED: "", HELD: "soon", REFUSED: "late"}


def legend(found: ProvinceWatch) -> list[Part]:
    """Return what each sign means and how many units have it, the worst first; those nobody has are left out."""
    numbers = Counter(each.state for each in found.units)
    parts: list[Part] = []
    for state, sign in SIGNS.items():
        if numbers[state]:
            said = f"{sign} {state_text(state)} {numbers[state]}"
            parts += [("   " if parts else "", ""), (said, STYLES.get(state, ""))]
    return parts


def day_sentence(found: ProvinceWatch) -> str:
    """Return how a day stands, in one sentence."""
    status = found.status
    silent = sum(each.state == DayState.MISSING.value for each in found.units)
    return _(
        "{actual}/{expected} đơn vị đã báo cáo ({rate}), {on_time} đúng giờ ({timely}); {silent} thiếu, {alarmed} có "
        "cảnh báo."
    ).format(
        actual=number(status.actual),
        expected=number(status.expected),
        rate=percent(status.rate),
        on_time=number(status.on_time),
        timely=percent(status.rate_on_time),
        silent=number(silent),
        alarmed=number(len(found.alarmed)),
    )


def tile(watch: UnitWatch) -> Tile:
    """Return the tile of a unit: since when it is silent and how many alarms it has stand at its right end."""
    since = "" if watch.silent_since is None else f"{watch.silent_since:%d/%m}"
    alarms = f"!{watch.alarms}" if watch.alarms else ""
    tail = " ".join(part for part in (since, alarms) if part)
    state = watch.state
    return Tile(watch.status.unit, SIGNS[state], watch.status.name, tail, STYLES.get(state, ""))


def unit_lines(watch: UnitWatch, most: int) -> list[Part]:
    """Return the unit under the cursor in words: how it stands, then what is wrong with it, at most so many lines."""
    said = [f"{watch.status.name} ({watch.status.unit})", state_text(watch.state)]
    if watch.status.last_day is not None:
        said.append(retired_text(watch.status.last_day))
    if watch.silent_since is not None:
        said.append(_("thiếu từ {day}").format(day=day_text(watch.silent_since)))
    if clock := clock_text(watch.ahead):
        said.append(_("đồng hồ {how}").format(how=clock))
    lines: list[Part] = [(" · ".join(said), "strong")]
    wrong = [(sentence, "late") for sentence in sentences_of(watch)]
    room = most - 1
    if len(wrong) > room:
        more = counted("và {n} cảnh báo nữa: Enter, hoặc F6", len(wrong) - room + 1)
        wrong = [*wrong[: room - 1], (more, "late")]
    return [*lines, *wrong]


def day_row(day: DayTrend) -> Row:
    """Return one day of the province."""
    flows = day.flows
    cells = (
        say.day(day.day),
        f"{number(day.actual)}/{number(day.expected)}",
        percent(day.rate),
        percent(day.rate_on_time),
        *map(number, (flows.received, flows.resolved, flows.overdue)),
    )
    return Row(day.day.isoformat(), cells)


def unit_rows(days: tuple[UnitDay, ...]) -> Iterator[tuple[Row, UnitDay, KeptFile | ResetView | None]]:
    """Yield a row for each file and reset of each day, and one for a day without any."""
    for day in days:
        listed: list[KeptFile | ResetView | None] = [*day.files, *day.resets]
        for place, file in enumerate(listed or [None]):
            yield _unit_row(day, place, file), day, file


def _unit_row(day: UnitDay, place: int, file: KeptFile | ResetView | None) -> Row:
    flows = day.flows if place == 0 else None
    said = ("–",) * 4 if flows is None else (flows.received, flows.online, flows.resolved, flows.overdue)
    cells = (
        f"{say.weekday(day.day)} {day.day:%d/%m}" if place == 0 else "",
        f"{SIGNS[day.state]} {state_text(day.state)}" if place == 0 else "",
        _words(file),
        *(each if isinstance(each, str) else number(each) for each in (said if place == 0 else ("",) * 4)),
    )
    style = "soon" if isinstance(file, ResetView) else "" if file is None else _FILE_STYLES[file.status]
    styles = ("", STYLES.get(day.state, ""), style)
    return Row(f"{day.day.isoformat()} {place}", cells, styles=styles)


def _words(file: KeptFile | ResetView | None) -> str:
    if file is None:
        return "–"
    if isinstance(file, ResetView):
        return _("số {seq} nối lại, {state}").format(seq=file.seq, state=decision_text(file))
    return _("số {seq} {state} {at}").format(
        seq="?" if file.seq is None else file.seq,
        state=file_state_text(file.status),
        at=f"{file.received_at.astimezone(VN):%H:%M %d/%m}",
    )


def file_lines(name: str, day: UnitDay, file: KeptFile) -> list[str]:
    """Return all that is known of one file, a fact a line."""
    made = "–" if file.created is None else say.moment(file.created)
    facts = [
        (_("Đơn vị"), f"{name} ({file.unit})"),
        (_("Ngày"), say.day(day.day)),
        (_("Số"), "?" if file.seq is None else str(file.seq)),
        (_("Tình trạng"), file_state_text(file.status)),
        *([(_("Vì sao"), reason_sentence(file.reason))] if file.reason else []),
        (_("Lập lúc"), made),
        (_("Đến lúc"), say.moment(file.received_at)),
        (_("Mã băm"), file.sha256),
    ]
    if day.flows is not None and file.status == MERGED:
        flows = day.flows
        words = _("nhận {received} (trực tuyến {online}), xong {resolved} (quá hạn {overdue})")
        figures = {"received": flows.received, "online": flows.online, "resolved": flows.resolved}
        facts.append((_("Cả ngày"), words.format(**figures, overdue=flows.overdue)))
    return [f"{what:<12}  {said}" for what, said in facts]


def rank_rows(found: Ranking) -> list[Row]:
    """Return the units by rank and their sum."""
    rows = [_rank_row(each.unit, each.name, each) for each in found.places]
    if rows:
        rows.append(_rank_row("", _("TỔNG"), found.total, "strong"))
    return rows


def _rank_row(key: str, name: str, place: Place, style: str = "") -> Row:
    cells = (
        "" if place.rank is None else str(place.rank),
        name,
        number(place.received),
        percent(place.online_share),
        number(place.resolved),
        number(place.overdue),
        percent(place.on_time_rate),
        number(place.open),
        number(place.open_overdue),
    )
    return Row(key, cells, style)
