"""Tables as CSV and as a workbook: what a cell says is never a formula, whoever wrote it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from msgspec import Struct

Cell = str | int | float | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDEST = 60


class Sheet(Struct, frozen=True):
    """A table on paper: title, headings, rows and sentences below; a float is a share from 0 to 1."""

    name: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()
    total: bool = False
    """Whether the last row is a sum."""
    short: Sequence[str] = ()
    """Headings for a narrow screen, where they differ."""


def as_csv(sheet: Sheet) -> bytes:
    """Return headings and rows as spreadsheets read them: UTF-8 with its mark, CRLF."""
    page = io.StringIO()
    table = csv.writer(page, lineterminator="\r\n")
    table.writerow([_written(text) for text in sheet.headings])
    table.writerows([_written(cell) for cell in row] for row in sheet.rows)
    return page.getvalue().encode("utf-8-sig")


def as_workbook(sheet: Sheet) -> bytes:
    """Return the table as an XLSX workbook that fits the width of a page."""
    import xlsxwriter

    page = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(page, options) as book:
        place = book.add_worksheet(sheet.name)
        bold = book.add_format({"bold": True})
        head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "align": "center", "valign": "vcenter"})
        styles = {
            (summed, shared): book.add_format(
                {"border": 1, "bold": summed} | ({"num_format": "0.00%"} if shared else {})
            )
            for summed in (False, True)
            for shared in (False, True)
        }
        place.write_string(0, 0, sheet.title, bold)
        for column, text in enumerate(sheet.headings):
            place.write_string(2, column, text, head)
            widest = max((len(str(row[column])) for row in sheet.rows if isinstance(row[column], str)), default=0)
            place.set_column(column, column, min(max(widest, 11), _WIDEST))
        for line, row in enumerate(sheet.rows, start=3):
            summed = sheet.total and line == len(sheet.rows) + 2
            for column, cell in enumerate(row):
                style = styles[summed, isinstance(cell, float)]
                if cell is None:
                    place.write_blank(line, column, None, style)
                elif isinstance(cell, str):
                    place.write_string(line, column, cell, style)
                else:
                    place.write_number(line, column, cell, style)
        for line, note in enumerate(sheet.notes, start=len(sheet.rows) + 4):
            place.write_string(line, 0, note)
        place.freeze_panes(3, 2)
        place.repeat_rows(2)
        place.set_landscape()
        place.set_paper(9)
        place.fit_to_pages(1, 0)
    return page.getvalue()


def _written(cell: Cell) -> str | int:
    """Return a cell for CSV: text that a spreadsheet would run gets the mark of text in front of it."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.4f}"
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return "'" + cell
    return cell
