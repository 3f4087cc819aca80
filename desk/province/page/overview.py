"""The first page: one day of all communes, like a map, and who has been silent for how long."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from xml.etree import ElementTree as ET

from desk.province.figures import day_text, number, percent
from desk.province.model import DayState
from desk.province.page.frame import (
    HOME,
    Visit,
    address,
    date_field,
    form,
    listed,
    measures,
    page,
    unit_link,
)
from desk.province.page.html import el, table
from desk.province.reading import Reader
from desk.province.sentences import state_text
from desk.province.status import AWAITED, ProvinceWatch, UnitWatch
from desk.words import _, counted

MARKS = {
    DayState.ON_TIME.value: "✓",
    DayState.LATE.value: "◐",
    AWAITED: "…",
    DayState.MISSING.value: "✗",
    DayState.HELD.value: "‖",
    DayState.NOT_EXPECTED.value: "–",
}
"""A mark for each state: what it means is written beside it everywhere."""

_DAY = timedelta(days=1)


def overview(visit: Visit, reader: Reader, day: date) -> bytes:
    """Return the page of one day."""
    found = reader.watch(day, day)
    status = found.status
    around = el(
        "p",
        el("a", _("Ngày trước"), href=address(HOME, date=(day - _DAY).isoformat())),
        " · ",
        el("a", _("Ngày sau"), href=address(HOME, date=(day + _DAY).isoformat())),
        class_="around",
    )
    return page(
        visit,
        _("Báo cáo ngày {day}").format(day=day_text(day)),
        form(HOME, date_field("date", _("Ngày"), day), submit=_("Xem")),
        around,
        measures(
            (
                (_("Phải báo cáo"), number(status.expected)),
                (_("Đã nhận"), number(status.actual)),
                (_("Đúng giờ"), number(status.on_time)),
                (_("Tỷ lệ báo cáo"), percent(status.rate)),
                (_("Tỷ lệ đúng giờ"), percent(status.rate_on_time)),
                (_("Đơn vị có cảnh báo"), number(len(found.alarmed))),
            )
        ),
        el("h2", _("Các đơn vị")),
        _legend(found),
        el("ul", *map(_tile, found.units), class_="grid"),
        el("h2", _("Chưa báo cáo")),
        _silent(found),
    )


def mark(state: str) -> ET.Element:
    """Return the mark of a state, which a reader aloud passes over: the word stands beside it."""
    return el("span", MARKS[state], class_="mark", aria_hidden="true")


def _legend(found: ProvinceWatch) -> ET.Element:
    numbers = Counter(each.state for each in found.units)
    lines = [
        el("li", mark(state), f" {state_text(state)}: {numbers[state]}", class_=f"state-{state}") for state in MARKS
    ]
    return el("ul", *lines, class_="legend")


def _tile(watch: UnitWatch) -> ET.Element:
    status = watch.status
    alarms = watch.alarms
    said = el("span", counted("! {n} cảnh báo", alarms), class_="alarm") if alarms else None
    since = watch.silent_since
    silent = None if since is None else el("span", _("thiếu từ {day}").format(day=f"{since:%d/%m}"), class_="since")
    link = el(
        "a",
        el("span", status.name, class_="unit"),
        " ",
        el("span", mark(watch.state), f" {state_text(watch.state)}", class_="said"),
        *((" ", silent) if silent is not None else ()),
        *((" ", said) if said is not None else ()),
        href=f"{HOME}/units/{status.unit}",
        class_=f"tile state-{watch.state}",
    )
    return el("li", link)


def _silent(found: ProvinceWatch) -> ET.Element:
    if not found.silent:
        return listed(())
    rows = [
        (
            unit_link(each.status.unit, each.status.name),
            "" if each.silent_since is None else day_text(each.silent_since),
            each.status.unit,
        )
        for each in found.silent
    ]
    return table(
        _("Các đơn vị quá giờ mà chưa báo cáo, lâu nhất đứng đầu"), (_("Đơn vị"), _("Thiếu từ ngày"), _("Mã")), rows
    )
