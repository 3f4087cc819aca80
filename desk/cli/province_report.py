"""`desk province report`: II.06a, the units ranked, who issues what, over any units and period; also for DHIS2."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
from desk.cli.report import by_law_sentence, columns_json, headings
from desk.cli.status import CommandError, Status
from desk.cli.values import date_of
from desk.rules.tally import Count
from desk.words import _, counted

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
    if isinstance(cell, float):
        return f"{cell:.2%}".replace(".", ",")
    return "" if cell is None else str(cell)


def _days(first: date, last: date) -> dict[str, str]:
    return {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}


def _ii06a(province: Province, asked: _Asked) -> _Found:
    found = province.report(asked.first, asked.last, asked.units or None)
    return _Found(lambda: _ii06a_sheet(found), lambda: _ii06a_document(found), found.balanced)


def _ii06a_sheet(found: PeriodReport) -> Sheet:
    from desk.province.exporting import Sheet

    rows: list[list[Cell]] = [[field or _("(không rõ lĩnh vực)"), *line.columns] for field, line in found.report.rows]
    return Sheet(
        "II.06a",
        _("II.06a từ {first} đến {last}").format(**_days(found.first, found.last)),
        [_("Lĩnh vực"), *(f"({number}) {text}" for number, text in enumerate(headings(), start=3))],
        [*rows, [_("Tổng cộng"), *found.report.total.columns]],
        tuple(_ii06a_notes(found)),
        total=True,
        short=[_("Lĩnh vực"), *(f"({number})" for number in range(3, 14))],
    )


def _ii06a_notes(found: PeriodReport) -> Iterator[str]:
    from desk.province.sentences import reset_text

    yield by_law_sentence(found.report)
    ended = _("Trong số đã giải quyết: {n} có kết quả, {refused} từ chối, {stopped} dừng, {withdrawn} rút.")
    yield ended.format(n=found.with_result, **_beside(found, Count.REFUSED, Count.STOPPED, Count.WITHDRAWN))
    waiting = _(
        "Trong số đang giải quyết: {n} đang làm, {waiting_supplement} chờ bổ sung,"
        " {waiting_obligation} chờ nghĩa vụ tài chính."
    )
    yield waiting.format(n=found.in_work, **_beside(found, Count.WAITING_SUPPLEMENT, Count.WAITING_OBLIGATION))
    if found.silent:
        yield _("Chưa có số liệu của: {units}").format(units=", ".join(found.silent))
    for unit, hole in found.missing:
        missing = _("{unit}: thiếu số liệu của tệp số {seq} ({reason})")
        yield missing.format(unit=unit, seq=hole.first_seq, reason=hole.reason)
    for reset in found.resets:
        yield f"{reset.unit}: {reset_text(reset)}"
    if not found.balanced:
        yield _("CHƯA CÂN: thiếu tệp ở giữa kỳ; xem «desk province status».")


def _beside(found: PeriodReport, *counts: Count) -> dict[str, int]:
    return {count.value: found.beside.get(count, 0) for count in counts}


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

    found = province.reader().ranking(asked.first, asked.last, RankBy(asked.by), asked.units)
    return _Found(lambda: _ranking_sheet(found), lambda: _ranking_document(found))


def _ranking_sheet(found: Ranking) -> Sheet:
    from desk.province.exporting import Sheet
    from desk.province.ranking import RankBy

    by_on_time = _("Xếp hạng theo tỷ lệ đúng hạn, từ {first} đến {last}")
    title = by_on_time if found.by is RankBy.ON_TIME else _("Xếp hạng theo tỷ lệ trực tuyến, từ {first} đến {last}")
    heads = (
        *(_("Hạng"), _("Mã"), _("Đơn vị"), _("Tiếp nhận"), _("Trực tuyến"), _("Tỷ lệ trực tuyến")),
        *(_("Đã giải quyết"), _("Quá hạn"), _("Tỷ lệ đúng hạn"), _("Đang giải quyết"), _("Trong đó quá hạn")),
    )
    silent = _("Chưa có số liệu của: {units}").format(units=", ".join(found.silent))
    return Sheet(
        _("Xếp hạng"),
        title.format(**_days(found.first, found.last)),
        heads,
        [*map(_ranking_row, found.places), _ranking_row(found.total, _("Tổng cộng"))],
        (silent,) if found.silent else (),
        total=True,
    )


def _ranking_row(place: Place, name: str = "") -> list[Cell]:
    return [
        *(place.rank, place.unit, name or place.name, place.received, place.online, place.online_share),
        *(place.resolved, place.overdue, place.on_time_rate, place.open, place.open_overdue),
    ]


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
    found = province.reader().issuers(asked.first, asked.last, asked.procedures, asked.units)
    return _Found(lambda: _results_sheet(found), lambda: _results_document(found))


def _results_sheet(found: Issuers) -> Sheet:
    from desk.province.exporting import Sheet

    title = _("Kết quả theo thủ tục {procedures}, từ {first} đến {last}")
    names = ", ".join(found.procedures)
    note = counted("{n} trên {all} đơn vị đã trả ít nhất một kết quả.", len(found.issued), all=found.units)
    rows: list[list[Cell]] = [[each.unit, each.name, each.results] for each in (*found.issued, *found.none)]
    return Sheet(
        _("Kết quả"),
        title.format(procedures=names, **_days(found.first, found.last)),
        (_("Mã"), _("Đơn vị"), _("Kết quả")),
        rows,
        (note,),
    )


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
    """Return one data value set a line: each is what DHIS2 takes at once."""
    import json

    from desk.province.dhis2 import MapError, data_value_sets
    from desk.province.sentences import map_sentence

    figures = province.reader().figures(asked.first, asked.last, asked.units)
    try:
        lines = [json.dumps(each, ensure_ascii=False) for each in data_value_sets(figures, names)]
    except MapError as error:
        raise CommandError(Status.NO, map_sentence(error)) from error
    return "".join(f"{line}\n" for line in lines).encode()
