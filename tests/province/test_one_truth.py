"""The office's page, its screens and its command say the same rates and numbers of one province."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from desk import reference
from desk.__main__ import main
from desk.province.page.files import Asked
from desk.province.page.frame import Visit
from desk.province.page.overview import overview
from desk.province.page.periods import ranked, trends, unit
from desk.province.page.reported import reported
from desk.province.ranking import RankBy
from desk.province.reading import Reader
from desk.tui.province.ranking import sentence
from desk.tui.province.rows import day_row, day_sentence, rank_rows, unit_rows
from desk.tui.province.unit import unit_sentence
from desk.tui.screens.numbers import report_rows
from tests.province.factory import MONDAY, Centre, Clock, at, made_province

DAY = timedelta(days=1)
DAYS = [MONDAY + n * DAY for n in range(5)]
SATURDAY = MONDAY + 5 * DAY
SUNDAY = MONDAY + 6 * DAY
NOW = at(SUNDAY, 18)
MANY = 29
"""Rates of so many do not come out even: rounded twice, 28 of 29 is another per cent than rounded once."""
SILENT, LATE, BACKWARDS = 3, 4, 5
Run = Callable[..., str]


class Seen(HTMLParser):
    """The tables and the figures of a page as they are read."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.figures: list[str] = []
        self._into: list[str] | None = None
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th", "dt", "dd"}:
            self._into = self.rows[-1] if tag in {"td", "th"} else self.figures
            self._into.append("")

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "dt", "dd"}:
            self._into = None

    @property
    def measures(self) -> dict[str, str]:
        """Return the figures by their names."""
        return dict(zip(self.figures[::2], self.figures[1::2], strict=True))

    def row(self, name: str) -> list[str]:
        """Return the cells of the row with this name, without it."""
        (found,) = [row[1:] for row in self.rows if row and row[0] == name]
        return found


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Reader]]:
    """Return a province of 29 communes: one falls silent, one is late, one works on Saturday and dates back a file."""
    folder = tmp_path_factory.mktemp("office") / "p"
    clock = Clock(at(MONDAY - DAY))
    codes = sorted(each.code for each in reference.admin_units().values() if each.province_name.endswith("Hưng Yên"))
    centres = [Centre(code, seed=n, practice=True) for n, code in enumerate(codes[:MANY])]
    province = made_province(folder, clock, *centres, practice=True)
    for day in DAYS:
        for n, centre in enumerate(centres):
            if n == SILENT and day > DAYS[1]:
                continue
            clock.now = at(day + DAY, 11) if n == LATE else at(day)
            province.take(centre.close(day).data)
    for day in (SATURDAY, DAYS[3]):
        clock.now = at(SATURDAY)
        assert province.take(centres[BACKWARDS].close(day).data).reason is None
    clock.now = NOW
    yield folder, province.reader()
    province.close()


@pytest.fixture
def reader(office: tuple[Path, Reader]) -> Reader:
    return office[1]


@pytest.fixture
def run(office: tuple[Path, Reader], capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str) -> str:
        capsys.readouterr()
        main(["province", *words, "--data", str(office[0]), "--now", NOW.isoformat()])
        return capsys.readouterr().out

    return command


@pytest.fixture
def visit() -> Visit:
    return Visit("van.phong", NOW, practice=True, path="/office")


def cells(line: str) -> list[str]:
    return [part.strip() for part in line.split("  ") if part.strip()]


@pytest.mark.parametrize("found", DAYS)
def test_a_day_has_the_same_rates_everywhere(reader: Reader, visit: Visit, run: Run, found: date) -> None:
    page = Seen(overview(visit, reader, found)).measures
    rate, timely = page["Tỷ lệ báo cáo"], page["Tỷ lệ đúng giờ"]
    row = Seen(trends(visit, reader, DAYS[0], SUNDAY)).row(f"{found:%d/%m/%Y}")
    assert (row[2], row[4]) == (rate, timely)
    (trend,) = reader.trend(found, found)
    assert day_row(trend).cells[2:4] == (rate, timely)
    said = day_sentence(reader.watch(found, found))
    assert f"({rate})" in said
    assert f"({timely})" in said
    total = run("status", "--from", found.isoformat(), "--date", found.isoformat()).splitlines()[-1]
    assert f"({rate})" in total
    assert f"({timely})" in total
    # What comes on a Saturday forenoon is on time for a Friday.
    if found > DAYS[1]:
        assert (rate, timely) == ("96,6 %", "96,6 %" if found == DAYS[4] else "93,1 %")


def test_a_unit_has_the_same_rates_everywhere(reader: Reader, visit: Visit, run: Run) -> None:
    span = ("--from", DAYS[0].isoformat(), "--date", SUNDAY.isoformat())
    listed = {line.split()[0]: cells(line) for line in run("status", *span).splitlines() if line[:1].isdigit()}
    stated = {each["unit"]: each for each in json.loads(run("status", *span, "--json"))["units"]}
    for code, name in reader.units():
        page = Seen(unit(visit, reader, code, DAYS[0], SUNDAY))
        rate, timely = page.measures["Tỷ lệ báo cáo"], page.measures["Tỷ lệ đúng giờ"]
        (watch,) = [each for each in reader.watch(SUNDAY, DAYS[0]).units if each.status.unit == code]
        assert unit_sentence(watch).startswith(
            f"{watch.status.actual}/{watch.status.expected} báo cáo đã đến ({rate}), đúng giờ {timely}"
        )
        assert rate in listed[code], name
        assert f"{stated[code]['reporting_rate']:.1%}".replace(".", ",").replace("%", " %") == rate
        days = reader.unit_days(code, DAYS[0], SUNDAY).days
        for row, day, file in unit_rows(days):
            shown = page.row(f"{day.day:%d/%m/%Y}")[2:]
            if file is None or file == day.files[0]:
                assert list(row.cells[3:]) == shown
        assert sum(each.state in {"on_time", "late"} for each in days if each.day in DAYS) == watch.status.actual
        assert sum(each.state == "on_time" for each in days if each.day in DAYS) == watch.status.on_time


@pytest.mark.parametrize("by", RankBy)
def test_the_ranking_is_the_same_everywhere(reader: Reader, visit: Visit, run: Run, by: RankBy) -> None:
    found = reader.ranking(DAYS[0], SUNDAY, by)
    page = Seen(ranked(visit, reader, Asked(DAYS[0], SUNDAY), by))
    words = ("report", "ranking", "--from", DAYS[0].isoformat(), "--to", SUNDAY.isoformat(), "--by", by.value)
    table = run(*words).splitlines()
    exact = {row["Đơn vị"]: row for row in csv.DictReader(run(*words, "--format", "csv").splitlines())}
    order = [row[0] for row in page.rows[1:]]
    assert order == [*(each.name for each in found.places), "Tổng cộng"]
    for row, name in zip(rank_rows(found), order, strict=True):
        rank, came, online, part, done, late, timely, left, left_late = page.row(name)
        assert row.cells[0] == rank
        assert list(row.cells[2:]) == [came, part, done, late, timely, left, left_late]
        (line,) = [line for line in table if f"  {name}  " in line]
        known = [each for each in (came, online, part, done, late, timely, left, left_late) if each != "–"]
        assert cells(line)[-len(known) :] == known
        numbers = ("Tiếp nhận", "Trực tuyến", "Đã giải quyết", "Quá hạn", "Đang giải quyết", "Trong đó quá hạn")
        assert [exact[name][column] for column in numbers] == [came, online, done, late, left, left_late]
        for column, said in (("Tỷ lệ đúng hạn", timely), ("Tỷ lệ trực tuyến", part)):
            assert said == "–" or abs(float(exact[name][column]) * 100 - float(said[:-2].replace(",", "."))) <= 0.051
    rate = page.row("Tổng cộng")[6 if by is RankBy.ON_TIME else 3]
    assert f"cả tỉnh {rate}," in sentence(found)[0]


def test_the_report_the_ranking_and_the_trend_add_up_to_the_same(reader: Reader, visit: Visit, run: Run) -> None:
    for first, last in ((DAYS[0], SUNDAY), (SATURDAY, SUNDAY), (DAYS[3], DAYS[3]), (DAYS[0], DAYS[4])):
        report, ranking = reader.report(first, last), reader.ranking(first, last, RankBy.ON_TIME).total
        form = report.report.total
        assert (form.online, form.online + form.direct_or_post) == (ranking.online, ranking.received)
        assert (form.resolved, form.overdue) == (ranking.resolved, ranking.overdue)
        assert (form.open, form.open_overdue) == (ranking.open, ranking.open_overdue)
        days = [each.flows for each in reader.trend(first, last)]
        for name in ("received", "online", "resolved", "overdue"):
            assert sum(getattr(each, name) for each in days) == getattr(ranking, name), (first, last, name)
        page = Seen(reported(visit, reader, Asked(first, last))).row("Tổng cộng")
        assert list(report_rows(report.report)[-1].cells[1:]) == page
        span = ("--from", first.isoformat(), "--to", last.isoformat())
        lines = run("report", *span, "--format", "csv").removeprefix("\ufeff").splitlines()
        assert next(csv.reader(lines[-1:]))[1:] == page
