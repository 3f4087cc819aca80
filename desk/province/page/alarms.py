"""The page of imbalances and alarms: what does not add up, contradicts itself, is missing or comes from the future."""

from __future__ import annotations

from datetime import date

from desk.province.alarms import Alarm, AlarmKind, alarms_of
from desk.province.figures import number
from desk.province.page.frame import Visit, listed, page, unit_link
from desk.province.page.html import Node, el, table
from desk.province.reading import Reader
from desk.province.sentences import reason_sentence
from desk.words import _


def alarms(visit: Visit, reader: Reader, day: date) -> bytes:
    """Return everything somebody has to look at, by kind."""
    found = alarms_of(reader.watch(day))
    strange = [(reason_sentence(reason), number(times)) for reason, times in reader.rejections()]
    parts: list[Node] = []
    for kind in AlarmKind:
        parts += [el("h2", kind.heading), listed([_line(each) for each in found if each.kind is kind])]
    return page(
        visit,
        _("Cảnh báo"),
        *parts,
        el("h2", _("Tệp lạ bị loại")),
        table(_("Số lần theo lý do"), (_("Lý do"), _("Số lần")), strange, numbers=1) if strange else listed(()),
    )


def _line(alarm: Alarm) -> Node:
    return el("span", unit_link(alarm.unit, alarm.name), f": {alarm.sentence}")
