"""What can be taken away from the page: its tables as CSV and XLSX, the figures behind them for DHIS2."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import IO
from xml.etree import ElementTree as ET

from msgspec import Struct

from desk.province.dhis2 import Identifiers, lines
from desk.province.exporting import Sheet, as_csv, as_workbook
from desk.province.page.frame import HOME, address
from desk.province.page.html import el
from desk.province.ranking import RankBy
from desk.province.reading import Reader
from desk.province.sheets import ii06a_sheet, ranking_sheet
from desk.words import _

CSV, XLSX, LINES = "csv", "xlsx", "jsonl"
KINDS = {
    CSV: "text/csv; charset=utf-8; header=present",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    LINES: "application/x-ndjson",
}
"""The media type of each form, by the end of its name."""

_IN_MEMORY = 1 << 20
_PIECE = 1 << 16
_WRITTEN: dict[str, Callable[[Sheet], bytes]] = {CSV: as_csv, XLSX: as_workbook}
_RANKED = {RankBy.ON_TIME: "xep-hang-dung-han", RankBy.ONLINE: "xep-hang-truc-tuyen"}


class Asked(Struct, frozen=True):
    """Of which units, or of all where there are none, over which days."""

    first: date
    last: date
    units: tuple[str, ...] = ()

    def address(self, path: str, **more: str) -> str:
        """Return an address that asks for the same."""
        return address(path, **{"from": self.first.isoformat(), "to": self.last.isoformat()}, **more, unit=self.units)


class Taken(Struct):
    """A file as it goes out: its name says all that a reader must not miss; read once, then gone."""

    name: str
    kind: str
    content: IO[bytes]
    length: int

    def pieces(self) -> Iterator[bytes]:
        """Yield the content."""
        with self.content as content:
            while piece := content.read(_PIECE):
                yield piece


def report_file(reader: Reader, asked: Asked, form: str) -> Taken:
    """Return II.06a as a file; ProvinceError NOT_ENROLLED for a strange unit."""
    found = reader.report(asked.first, asked.last, asked.units)
    marks = ("thuc-hanh",) * found.practice + ("chua-can",) * (not found.balanced)
    return _whole(_name("ii06a", asked, marks, form), form, _WRITTEN[form](ii06a_sheet(found)))


def ranking_file(reader: Reader, asked: Asked, by: RankBy, form: str) -> Taken:
    """Return the units ranked as a file; ProvinceError NOT_ENROLLED for a strange unit."""
    found = reader.ranking(asked.first, asked.last, by, asked.units)
    name = _name(_RANKED[by], asked, ("thuc-hanh",) * found.practice, form)
    return _whole(name, form, _WRITTEN[form](ranking_sheet(found)))


def figures_file(reader: Reader, asked: Asked) -> Taken:
    """Return the figures for DHIS2; ProvinceError NOT_ENROLLED for a strange unit.

    A year of a province is some hundred megabytes: what is more than a little lies on the disk until it is read.
    """
    content = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed when it is read
    for line in lines(reader.each_figures(asked.first, asked.last, asked.units), Identifiers()):
        content.write(line)
    length = content.tell()
    content.seek(0)
    name = _name("dhis2", asked, ("thuc-hanh",) * reader.practice, LINES)
    return Taken(name, KINDS[LINES], content, length)


def links(page: str, asked: Asked, **more: str) -> ET.Element:
    """Return the links to what can be taken away of a page that shows what was asked for."""
    found = (
        (_("Bảng tính XLSX"), asked.address(f"{page}.{XLSX}", **more)),
        (_("Bảng CSV"), asked.address(f"{page}.{CSV}", **more)),
        (_("Số liệu DHIS2 (dataValueSets)"), asked.address(f"{HOME}/dhis2.{LINES}")),
    )
    return el(
        "ul", *(el("li", el("a", text, href=where)) for text, where in found), class_="take", aria_label=_("Tải về")
    )


def _whole(name: str, form: str, data: bytes) -> Taken:
    return Taken(name, KINDS[form], io.BytesIO(data), len(data))


def _name(what: str, asked: Asked, marks: Sequence[str], form: str) -> str:
    """Return a name that every system takes, with the days, the units and what speaks against handing it in."""
    few = len(asked.units) <= 1
    units = asked.units if few else (f"{len(asked.units)}-don-vi",)
    return "_".join((what, asked.first.isoformat(), asked.last.isoformat(), *units, *marks)) + f".{form}"
