"""`desk report ii06a`: the official report, as a table, CSV, JSON or a workbook."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct

from desk.cli.centre import opened, refuse
from desk.cli.options import DataOption, JsonOption, NowOption, OutputOption, command
from desk.cli.output import print_table, write_output
from desk.cli.status import CommandError, Status
from desk.cli.values import date_of
from desk.daily.ii06a import by_law_sentence, field_name, headings, numbered_headings
from desk.words import _

if TYPE_CHECKING:
    from desk.rules.report import Line, Report

COLUMNS = (
    *("received", "online", "direct_or_post", "from_before"),
    *("resolved", "early", "on_time", "overdue"),
    *("open", "open_in_time", "open_overdue"),
)
"""Columns (3) to (13) of II.06a."""
FORMATS = ("table", "csv", "xlsx", "json")
_ALL_FILES = 1_000_000


class Filled(Struct, frozen=True):
    """The report of one unit over a span of days."""

    unit: str
    name: str
    first: date
    last: date
    files: int
    report: Report

    @property
    def title(self) -> str:
        """The title on paper."""
        days = _("từ {first} đến {last}").format(first=f"{self.first:%d/%m/%Y}", last=f"{self.last:%d/%m/%Y}")
        return _("Biểu II.06a/VPCP/KSTT · {unit} · {days}").format(unit=f"{self.unit} {self.name}", days=days)

    @property
    def beside(self) -> str:
        """What stands beside the form: a reschedule hides no lateness."""
        return by_law_sentence(self.report)

    def lines(self) -> list[tuple[str, Line]]:
        """Return the rows by field and the total at the end."""
        named = [(field_name(field), line) for field, line in self.report.rows]
        return [*named, (_("Tổng cộng"), self.report.total)]


def columns_json(line: Line) -> dict[str, int]:
    """Return columns (3) to (13) of a row by name, and what stands beside them."""
    return dict(zip(COLUMNS, line.columns, strict=True)) | {"overdue_by_law": line.overdue_by_law}


def declare(part: typer.Typer) -> None:
    """Add the commands of the group `report`."""
    command(part, "ii06a", _("Tình hình, kết quả giải quyết thủ tục hành chính (II.06a)."))(ii06a)


def ii06a(
    first: Annotated[str, typer.Option("--from", metavar="D", help=_("Ngày đầu kỳ."))],
    last: Annotated[str, typer.Option("--to", metavar="D", help=_("Ngày cuối kỳ."))],
    form: Annotated[str, typer.Option("--format", metavar="F", help="table, csv, xlsx, json.")] = "",
    output: OutputOption = None,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Print or write the report over the closed days of a period; figures that do not balance are not handed out."""
    start, end = date_of(first), date_of(last)
    if end < start:
        raise CommandError(Status.USAGE, _("ngày cuối kỳ trước ngày đầu kỳ"))
    wanted = _format(form, output, as_json=as_json)
    if wanted == "xlsx" and output is None:
        raise CommandError(Status.USAGE, _("bảng tính cần --output FILE"))
    with opened(data, now) as desk:
        files = sum(start <= each.day <= end for each in desk.counter.outgoing(_ALL_FILES))
        found = Filled(desk.settings.unit, desk.settings.name, start, end, files, desk.counter.report(start, end))
    _require_balance(found, as_json=wanted == "json" and (output is None or str(output) == "-"))
    if wanted == "table" and output is None:
        _print(found)
        return
    content = {"table": _text, "csv": _csv, "xlsx": _workbook, "json": _json}[wanted](found)
    write_output(output or Path("-"), content)


def _format(written: str, output: Path | None, *, as_json: bool) -> str:
    """Return the format asked for, else that of the file's name, else a table."""
    by_name = output.suffix.lower().removeprefix(".") if output is not None else ""
    found = written.lower() or ("json" if as_json else by_name if by_name in FORMATS else "table")
    if as_json and found != "json":
        raise CommandError(Status.USAGE, _("--json không đi cùng --format {form}").format(form=written))
    if found not in FORMATS:
        text = _("không có dạng «{form}»; các dạng: {known}").format(form=written, known=", ".join(FORMATS))
        raise CommandError(Status.USAGE, text)
    return found


def _require_balance(found: Filled, *, as_json: bool) -> None:
    if not found.files:
        sentence = _("chưa có ngày nào được chốt trong kỳ này, hãy «desk close» trước")
        refuse("nothing_closed", sentence, as_json=as_json)
    if not found.report.balanced:
        places = [*found.report.unbalanced, *(each.procedure or "" for each in found.report.breaks)]
        named = ", ".join(dict.fromkeys(places)) or _("dòng tổng")
        refuse("not_balanced", _("báo cáo không cân, không xuất: {places}").format(places=named), as_json=as_json)


def _cells(found: Filled) -> list[list[str | int]]:
    """Return number, field and columns (3) to (13) of every row; the total carries no number."""
    lines = found.lines()
    rows: list[list[str | int]] = [[n, field, *line.columns] for n, (field, line) in enumerate(lines, start=1)]
    rows[-1][0] = ""
    return rows


def _print(found: Filled) -> None:
    print(found.title)
    numbers = [f"({number})" for number in range(1, 14)]
    print_table(numbers, [[str(cell) for cell in row] for row in _cells(found)])
    for heading in numbered_headings():
        print(heading)
    print(found.beside)


def _text(found: Filled) -> bytes:
    from contextlib import redirect_stdout

    page = io.StringIO()
    with redirect_stdout(page):
        _print(found)
    return page.getvalue().encode()


def _csv(found: Filled) -> bytes:
    page = io.StringIO()
    table = csv.writer(page, lineterminator="\r\n")
    table.writerow([_("STT"), _("Lĩnh vực"), *numbered_headings()])
    # A field's name is data: a spreadsheet must not take it for a formula.
    for row in _cells(found):
        table.writerow(["'" + c if isinstance(c, str) and c.startswith(("=", "+", "-", "@")) else c for c in row])
    return page.getvalue().encode("utf-8-sig")


def _json(found: Filled) -> bytes:
    import json

    document = {
        "report": "II.06a",
        "unit": found.unit,
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "files": found.files,
        "rows": [{"field": field} | columns_json(line) for field, line in found.report.rows],
        "total": columns_json(found.report.total),
        "balanced": found.report.balanced,
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _workbook(found: Filled) -> bytes:
    import xlsxwriter

    page = io.BytesIO()
    with xlsxwriter.Workbook(page, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("II.06a")
        bold = book.add_format({"bold": True})
        head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "align": "center", "valign": "vcenter"})
        plain, total = book.add_format({"border": 1}), book.add_format({"border": 1, "bold": True})
        sheet.write_string(0, 0, found.title, bold)
        for place, text in enumerate((_("STT"), _("Lĩnh vực"), *headings())):
            sheet.write_string(2, place, text, head)
            sheet.write_string(3, place, f"({place + 1})", head)
        rows = _cells(found)
        for line, row in enumerate(rows, start=4):
            style = total if line == len(rows) + 3 else plain
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(line, place, cell, style)
                else:
                    sheet.write_string(line, place, cell, style)
        sheet.write_string(len(rows) + 5, 1, found.beside)
        sheet.set_column(1, 1, 32)
        sheet.set_column(2, 12, 11)
        sheet.freeze_panes(4, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    return page.getvalue()
