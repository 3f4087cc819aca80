"""`desk province report`: II.06a, the units ranked, who issues what, over any units and period; also for DHIS2."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct

from desk.cli.options import DataOption, JsonOption, NowOption, OutputOption, path_of
from desk.cli.output import print_json, print_table, read_input, write_output
from desk.cli.province_reset import reset_document
from desk.cli.province_side import opened_province
from desk.cli.province_status import hole_document
from desk.cli.report import columns_json
from desk.cli.status import CommandError, Status
from desk.cli.values import date_of
from desk.words import _

if TYPE_CHECKING:
    from desk.province.dhis2 import Identifiers
    from desk.province.exporting import Cell, Sheet
    from desk.province.model import PeriodReport
    from desk.province.ranking import Issuers, Place, Ranking
    from desk.province.service import Province

KINDS = ("ii06a", "ranking", "results")
FORMATS = ("table", "csv", "xlsx", "json", "dhis2")


class _Asked(Struct, frozen=True):
    """What was asked for, each part checked."""

    kind: str
    first: date
    last: date
    units: tuple[str, ...]
    by: str
    procedures: tuple[str, ...]


class _Found(Struct, frozen=True):
    """An answer in each shape; `fine` says whether it may be handed in as it is."""

    sheet: Callable[[], Sheet]
    document: Callable[[], dict[str, object]]
    fine: bool = True


def report(
    first: Annotated[str, typer.Option("--from", metavar="D", help=_("Ngày đầu kỳ."))],
    last: Annotated[str, typer.Option("--to", metavar="D", help=_("Ngày cuối kỳ."))],
    kind: Annotated[
        str,
        typer.Argument(
            metavar="[KIND]",
            help=_("ii06a (nếu không ghi), ranking (xếp hạng) hoặc results (kết quả theo thủ tục)."),
            show_default=False,
        ),
    ] = "ii06a",
    unit: Annotated[
        list[str] | None, typer.Option("--unit", metavar="CODE", help=_("Chỉ đơn vị này; lặp lại được."))
    ] = None,
    by: Annotated[
        str, typer.Option("--by", metavar="RATE", help=_("Xếp hạng theo on_time (đúng hạn) hoặc online (trực tuyến)."))
    ] = "on_time",
    procedure: Annotated[
        list[str] | None,
        typer.Option("--procedure", metavar="CODE", help=_("Thủ tục của results; lặp lại được thì cộng lại.")),
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="F", help="table, csv, xlsx, json, dhis2.")] = "",
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--map", metavar="FILE", parser=path_of, help=_("Mã của DHIS2 cho dhis2: CSV có cột kind, code, uid.")
        ),
    ] = None,
    output: OutputOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Print or write a report over what was merged."""
    wanted = _format(form, output, as_json=as_json)
    asked = _asked(kind, first, last, unit or (), by, procedure or ())
    if mapping is not None and wanted != "dhis2":
        raise CommandError(Status.USAGE, _("--map đi cùng --format dhis2"))
    if wanted == "dhis2":
        names = _identifiers(mapping)
        with opened_province(data, now, as_json=as_json) as province:
            content = _dhis2(province, asked, names)
        write_output(output or Path("-"), content)
        return
    with opened_province(data, now, as_json=as_json) as province:
        found = _FOUND[asked.kind](province, asked)
    _give(found, wanted, output)
    if not found.fine:
        raise typer.Exit(Status.NO)


def _format(written: str, output: Path | None, *, as_json: bool) -> str:
    """Return the format asked for, else that of the file's name, else a table."""
    by_name = output.suffix.lower().removeprefix(".") if output is not None else ""
    found = written.lower() or ("json" if as_json else by_name if by_name in FORMATS else "table")
    if found not in FORMATS:
        text = _("không có dạng «{form}»; các dạng: {known}").format(form=written, known=", ".join(FORMATS))
        raise CommandError(Status.USAGE, text)
    if as_json and found != "json":
        raise CommandError(Status.USAGE, _("--json không đi cùng --format {form}").format(form=written))
    if found == "xlsx" and output is None:
        raise CommandError(Status.USAGE, _("bảng tính cần --output FILE"))
    return found


def _asked(kind: str, first: str, last: str, units: Sequence[str], by: str, procedures: Sequence[str]) -> _Asked:
    from desk.province.ranking import RankBy

    if kind not in KINDS:
        text = _("không có báo cáo «{kind}»: {known}").format(kind=kind, known=", ".join(KINDS))
        raise CommandError(Status.USAGE, text)
    if by not in set(RankBy):
        text = _("không xếp hạng theo «{by}»: {known}").format(by=by, known=", ".join(RankBy))
        raise CommandError(Status.USAGE, text)
    if (kind == "results") != bool(procedures):
        raise CommandError(Status.USAGE, _("results cần --procedure CODE; báo cáo khác thì không dùng"))
    start, end = date_of(first), date_of(last)
    if end < start:
        raise CommandError(Status.USAGE, _("ngày cuối kỳ trước ngày đầu kỳ"))
    return _Asked(kind, start, end, tuple(dict.fromkeys(units)), by, tuple(dict.fromkeys(procedures)))


def _give(found: _Found, wanted: str, output: Path | None) -> None:
    from desk.province.exporting import as_csv, as_workbook

    if output is None and wanted == "json":
        print_json(found.document())
        return
    if output is None and wanted == "table":
        _print(found.sheet())
        return
    content = {
        "json": lambda: _json(found.document()),
        "csv": lambda: as_csv(found.sheet()),
        "xlsx": lambda: as_workbook(found.sheet()),
        "table": lambda: _text(found.sheet()),
    }[wanted]()
    write_output(output or Path("-"), content)


def _json(document: dict[str, object]) -> bytes:
    import json

    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _text(sheet: Sheet) -> bytes:
    import io
    from contextlib import redirect_stdout

    page = io.StringIO()
    with redirect_stdout(page):
        _print(sheet)
    return page.getvalue().encode()


def _print(sheet: Sheet) -> None:
    print(sheet.title)
    print_table(sheet.short or sheet.headings, [[_shown(cell) for cell in row] for row in sheet.rows])
    for note in sheet.notes:
        print(note)


def _shown(cell: Cell) -> str:
    from desk.province.figures import percent

    if isinstance(cell, float):
        return percent(cell)
    return "" if cell is None else str(cell)


def _ii06a(province: Province, asked: _Asked) -> _Found:
    from desk.province.sheets import ii06a_sheet

    found = province.report(asked.first, asked.last, asked.units or None)
    return _Found(lambda: ii06a_sheet(found), lambda: _ii06a_document(found), found.balanced)


def _ii06a_document(found: PeriodReport) -> dict[str, object]:
    return {
        "report": "II.06a",
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "practice": found.practice,
        "units": list(found.units),
        "silent": list(found.silent),
        "rows": [{"field": field, **columns_json(line)} for field, line in found.report.rows],
        "total": columns_json(found.report.total),
        "beside": dict(found.beside),
        "missing": [{"unit": unit, **hole_document(hole)} for unit, hole in found.missing],
        "resets": [reset_document(each) for each in found.resets],
        "balanced": found.balanced,
    }


def _ranking(province: Province, asked: _Asked) -> _Found:
    from desk.province.ranking import RankBy
    from desk.province.sheets import ranking_sheet

    found = province.reader().ranking(asked.first, asked.last, RankBy(asked.by), asked.units)
    return _Found(lambda: ranking_sheet(found), lambda: _ranking_document(found))


def _ranking_document(found: Ranking) -> dict[str, object]:
    return {
        "report": "ranking",
        "by": found.by.value,
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "practice": found.practice,
        "units": [{"rank": each.rank, "unit": each.unit, "name": each.name} | _rates(each) for each in found.places],
        "total": _rates(found.total),
        "silent": list(found.silent),
    }


def _rates(place: Place) -> dict[str, object]:
    return {
        "received": place.received,
        "online": place.online,
        "online_share": None if place.online_share is None else round(place.online_share, 4),
        "resolved": place.resolved,
        "overdue": place.overdue,
        "on_time_rate": None if place.on_time_rate is None else round(place.on_time_rate, 4),
        "open": place.open,
        "open_overdue": place.open_overdue,
    }


def _results(province: Province, asked: _Asked) -> _Found:
    from desk.province.sheets import results_sheet

    found = province.reader().issuers(asked.first, asked.last, asked.procedures, asked.units)
    return _Found(lambda: results_sheet(found), lambda: _results_document(found))


def _results_document(found: Issuers) -> dict[str, object]:
    return {
        "report": "results",
        "procedures": list(found.procedures),
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "practice": found.practice,
        "units": found.units,
        "issued": [{"unit": each.unit, "name": each.name, "results": each.results} for each in found.issued],
        "none": [each.unit for each in found.none],
    }


_FOUND: dict[str, Callable[[Province, _Asked], _Found]] = {"ii06a": _ii06a, "ranking": _ranking, "results": _results}


def _identifiers(path: Path | None) -> Identifiers:
    from desk.province.dhis2 import Identifiers, MapError, read_map
    from desk.province.sentences import map_sentence

    if path is None:
        return Identifiers()
    try:
        return read_map(read_input(path).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise CommandError(Status.USAGE, _("không phải văn bản UTF-8")) from error
    except MapError as error:
        raise CommandError(Status.USAGE, map_sentence(error)) from error


def _dhis2(province: Province, asked: _Asked, names: Identifiers) -> bytes:
    from desk.province.dhis2 import MapError, lines
    from desk.province.sentences import map_sentence

    try:
        return b"".join(lines(province.reader().figures(asked.first, asked.last, asked.units), names))
    except MapError as error:
        raise CommandError(Status.NO, map_sentence(error)) from error
