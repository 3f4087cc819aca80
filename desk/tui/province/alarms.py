"""What somebody has to look at: who is silent, what does not add up, contradicts itself, waits or has a wrong clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar

from msgspec import Struct
from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from desk.province.alarms import alarms_of
from desk.province.figures import day_text, number
from desk.province.reading import Reader
from desk.province.sentences import reason_sentence
from desk.province.status import ProvinceWatch
from desk.tui.commands import BACK, HELP, PALETTE, bindings
from desk.tui.province.base import OfficeScreen
from desk.tui.province.commands import RANKING, REPORT, TREND
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line, Rule
from desk.tui.widgets.modals import TextLines
from desk.tui.widgets.painted import Part
from desk.tui.widgets.rows import Column, Row
from desk.words import _

WIDE = 110
"""From so many columns on the kind stands beside the sentence; it always stands below, of the line under the cursor."""


class Told(Struct, frozen=True):
    """One line of the list: what kind, of whom, in a sentence."""

    kind: str
    unit: str
    name: str
    sentence: str


class AlarmsScreen(OfficeScreen):
    """Everything to look at up to today, the longest silent first; Enter opens the unit."""

    AUTO_FOCUS = "#rows"
    COMMANDS_HERE = (BACK,)
    KEYS_SHOWN = (HELP, TREND, RANKING, REPORT, PALETTE, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self) -> None:
        super().__init__()
        self._told: tuple[Told, ...] = ()

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("CẢNH BÁO")

    def compose_work(self) -> Iterable[Widget]:
        """The sentence, the alarms, the one under the cursor in full."""
        yield Line(id="sentence")
        yield Rule()
        yield LineList(columns(0), empty=_("Không có gì phải xem."), id="rows")
        yield Rule(id="kind")
        said = TextLines(id="said")
        said.can_focus = False
        yield said

    def on_resize(self) -> None:
        """Say the kind in the list too where there is room."""
        self.query_one("#rows", LineList).columns = columns(self.size.width)

    def reading(self) -> Callable[[], object]:
        """Return what reads how every unit stands, and what was set aside."""
        return partial(_read, self.office.reader)

    def show(self, found: tuple[ProvinceWatch, tuple[tuple[str, int], ...]]) -> None:
        """List the alarms by kind."""
        watch, rejected = found
        self._told = tuple(told(watch, rejected))
        rows = [Row(str(place), (each.name, each.sentence, each.kind)) for place, each in enumerate(self._told)]
        self.query_one("#sentence", Line).put([sentence(watch)])
        self.query_one("#rows", LineList).show_rows(rows)
        self._tell()

    @on(LineList.Moved, "#rows")
    def _moved(self, message: LineList.Moved) -> None:
        message.stop()
        self._tell()

    def _tell(self) -> None:
        row = self.query_one("#rows", LineList).current
        each = self._told[int(row.key)] if row is not None and int(row.key) < len(self._told) else None
        self.query_one("#kind", Rule).put("" if each is None else each.kind)
        said = "" if each is None else f"{each.name}: {each.sentence}" if each.name else each.sentence
        self.query_one("#said", TextLines).show_lines([said])

    @on(LineList.Opened, "#rows")
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        unit = self._told[int(message.key)].unit
        if unit:
            self.office.open_unit(unit)
        else:
            self.note(_("Tệp lạ không thuộc đơn vị nào: chưa có chữ ký đúng."), "soon")


def columns(width: int) -> tuple[Column, ...]:
    """Return the columns for a screen so wide."""
    always = (Column(_("Đơn vị"), width=20, style="strong"), Column(_("Việc"), flex=1))
    return (*always, Column(_("Loại"), width=28, style="muted")) if width >= WIDE else always


def sentence(found: ProvinceWatch) -> Part:
    """Return how much there is to look at."""
    silent, alarmed = len(found.silent), len(found.alarmed)
    if not silent and not alarmed:
        return _("Không có gì phải xem: đủ báo cáo, không có cảnh báo."), "good"
    text = _("{silent} đơn vị quá giờ chưa báo cáo, {alarmed} có tệp hay đồng hồ phải xem.")
    return text.format(silent=number(silent), alarmed=number(alarmed)), "late"


def told(found: ProvinceWatch, rejected: Iterable[tuple[str, int]]) -> Iterable[Told]:
    """Yield each line of the list."""
    for each in found.silent:
        if each.silent_since is not None:
            since = _("thiếu báo cáo từ ngày {day}").format(day=day_text(each.silent_since))
            yield Told(_("Chưa báo cáo"), each.status.unit, each.status.name, since)
    for alarm in alarms_of(found):
        yield Told(alarm.kind.heading, alarm.unit, alarm.name, alarm.sentence)
    for reason, times in rejected:
        text = _("{n} lần: {why}").format(n=number(times), why=reason_sentence(reason))
        yield Told(_("Tệp lạ bị loại"), "", "", text)


def _read(reader: Reader) -> tuple[ProvinceWatch, tuple[tuple[str, int], ...]]:
    return reader.watch(), reader.rejections()
