"""The office's screens by keyboard at 80x24: what they show is what the page shows, and nothing is ever written."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from db.errors import RecordError, RecordFault
from desk.province.alarms import alarms_of
from desk.province.measures import chart_sentence, series
from desk.province.service import Province
from desk.rules.text import fold
from desk.tui.province.alarms import AlarmsScreen
from desk.tui.province.cover import OfficeCover
from desk.tui.province.day import DayScreen
from desk.tui.province.ranking import RankingScreen
from desk.tui.province.report import ReportScreen
from desk.tui.province.tiles import TileGrid
from desk.tui.province.trend import TrendScreen
from desk.tui.province.unit import UnitScreen
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.modals import TextLines, TextPage
from desk.tui.widgets.painted import Painted
from desk.tui.widgets.palette import Palette
from desk.tui.widgets.text import width_of
from tests.postgres import Postgres
from tests.province import factory
from tests.province.factory import MONDAY, Centre, Clock, query, tables
from tests.tui.province.office_app import (
    AHEAD,
    BAD,
    DAY,
    FRIDAY,
    GAP,
    NEW,
    SILENT,
    Office,
    office,
    two_weeks,
    units,
)  # fmt: skip
from tests.tui.screens.desk_app import DOWN, END, ENTER, ESCAPE, F1, F2, F3, F5, F6, F8, F9, F12, HOME, LEFT, RIGHT, UP
from tests.tui.screens.test_hostile_everywhere import HIDDEN, HOSTILE


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the province into a file of its own, then into a database of a real server."""
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        monkeypatch.setattr(factory, "new_database", server.province)


async def to_unit(run: Office, story: int) -> None:
    """Open the unit of a story from the grid."""
    await run.keys(HOME, *[RIGHT] * story, ENTER)
    assert run.screen(UnitScreen).unit == units()[story]


@pytest.mark.usefixtures("database")
async def test_every_place_is_a_key_away_and_nothing_is_written(folder: Path, clock: Clock) -> None:
    province = two_weeks(folder / "p", clock)
    before = tables(folder / "p")
    receipts = query(folder / "p", "select count(*) from province_receipt")
    async with office(province, clock) as run:
        assert "TỈNH · báo cáo ngày T6 13/03/2026" in run.lines[0]
        assert "9/12 đơn vị đã báo cáo (75,0 %)" in run.text
        for key, kind in ((F2, TrendScreen), (F3, RankingScreen), (F6, AlarmsScreen), (F8, ReportScreen)):
            await run.keys(key)
            run.screen(kind)
            assert run.note == ""
        await run.keys(F5, ESCAPE)
        await to_unit(run, GAP)
        await run.keys(END, ENTER)
        assert "đã nhận" in run.screen(TextPage).query_one(TextLines)._lines[3]
        await run.keys(ESCAPE, F2)
        assert "XU HƯỚNG · Phường Hồng Châu" in run.top
        await run.keys("7", "2/3 6/3", ENTER, ESCAPE, ESCAPE)
        run.screen(DayScreen)
    assert tables(folder / "p") == before
    assert query(folder / "p", "select count(*) from province_receipt") == receipts
    province.close()


async def test_the_grid_says_each_state_and_the_unit_under_the_cursor(province: Province, clock: Clock) -> None:
    async with office(province, clock) as run:
        await run.keys("1")
        assert "T5 12/03/2026" in run.lines[0]
        assert "✗ CHƯA CÓ 2   = chờ tệp trước 1   + muộn 1   ✓ đúng giờ 8" in run.text
        await run.keys(RIGHT)
        assert f"({units()[SILENT]}) · CHƯA CÓ · thiếu từ 06/03/2026" in run.text
        await run.keys(RIGHT)
        assert "chưa nhận được tệp số 3" in run.text
        await run.keys(DOWN)
        assert f"({units()[AHEAD]}) · đúng giờ · đồng hồ nhanh 50 phút" in run.text
        await run.keys("2", "2")
        assert "T7 14/03/2026" in run.lines[0]
        await run.keys("3")
        assert "T6 13/03/2026" in run.lines[0]
        await run.keys("4", "6/3", ENTER)
        assert "T6 06/03/2026" in run.lines[0]
        await run.keys("4", "31/13", ENTER)
        assert "chưa hiểu" in run.text
        await run.keys(ESCAPE)
        assert "T6 06/03/2026" in run.lines[0]


async def test_arrows_move_in_the_grid_and_never_out_of_it(province: Province, clock: Clock) -> None:
    async with office(province, clock) as run:
        grid = run.app.screen.query_one(TileGrid)
        assert grid.per_row == 3
        for keys, cursor in (((UP, LEFT), 0), ((DOWN,), 3), ((RIGHT, RIGHT), 5), ((UP,), 2), ((END,), 11)):
            await run.keys(*keys)
            assert grid.cursor == cursor
        await run.keys(DOWN, RIGHT)
        assert grid.cursor == 11
        assert "12/12" in run.text
        await run.pilot.resize_terminal(160, 50)
        await run.settle()
        assert grid.per_row == 6
        await run.keys(UP)
        assert grid.cursor == 5


async def test_a_unit_shows_its_days_its_files_and_what_is_wrong(province: Province, clock: Clock) -> None:
    async with office(province, clock) as run:
        await to_unit(run, BAD)
        assert "9/10 báo cáo đã đến (90,0 %)" in run.text
        assert "tệp số 5 ngày 06/03/2026 bị từ chối: Số liệu trong tệp không cân" in run.text
        rows = run.app.screen.query_one("#rows", LineList)
        assert len(rows) == 10
        await run.keys(*[DOWN] * 5, ENTER)
        page = run.screen(TextPage).query_one(TextLines)._lines
        assert any("Vì sao" in line and "không cân" in line for line in page)
        await run.keys(ESCAPE, ESCAPE)
        await to_unit(run, NEW)
        await run.keys("7", "2/3 đến 6/3", ENTER)
        assert "02/03/2026 – 06/03/2026" in run.text
        await run.keys(ENTER)
        assert run.note == "Ngày này chưa có tệp nào."


async def test_the_sentence_above_a_chart_is_that_of_the_page(province: Province, clock: Clock) -> None:
    days = province.reader().trend(FRIDAY - 29 * DAY, FRIDAY)
    async with office(province, clock) as run:
        await run.keys(F2)
        for name in ("reports", "timely", "received", "resolved", "reports"):
            assert run.lines[2].strip() == chart_sentence(name, series(name, days))
            await run.keys("8")
        assert "100 % │" in run.lines[4] or "40 │" in run.lines[4]
        await run.keys(LEFT)
        assert "13/01/2026 – 11/02/2026" in run.text
        assert "chưa có số liệu" in run.text
        await run.keys("2", RIGHT)
        assert "Quý II/2026" in run.text
        await run.keys("6")
        assert run.screen(TrendScreen).chosen.last == FRIDAY


async def test_the_ranking_by_either_rate_leads_to_the_unit(province: Province, clock: Clock) -> None:
    from desk.province.ranking import RankBy

    async with office(province, clock) as run:
        await run.keys(F3)
        for by in (RankBy.ON_TIME, RankBy.ONLINE):
            found = province.reader().ranking(FRIDAY - 29 * DAY, FRIDAY, by)
            rows = run.app.screen.query_one("#rows", LineList)._source.window(0, 20)
            assert [row.key for row in rows if row is not None] == [*(each.unit for each in found.places), ""]
            await run.keys("8")
        assert f"Chưa có số liệu của: {units()[NEW]}" in run.text
        await run.keys(END, ENTER)
        run.screen(RankingScreen)
        await run.keys(HOME, ENTER)
        assert (
            run.screen(UnitScreen).unit
            == province.reader().ranking(FRIDAY - 29 * DAY, FRIDAY, RankBy.ON_TIME).places[0].unit
        )


async def test_the_report_has_the_columns_of_the_command(province: Province, clock: Clock) -> None:
    async with office(province, clock) as run:
        await run.keys(F8, "1")
        found = province.report(FRIDAY.replace(month=2, day=15), FRIDAY.replace(day=14))
        assert "Tháng 3/2026" in run.text
        total = next(line for line in run.lines if "TỔNG" in line)
        assert [int(cell) for cell in total.split()[1:]] == list(found.report.total.columns)
        assert "THIẾU SỐ LIỆU của 1 tệp bị từ chối" in run.text


async def test_the_alarms_are_those_of_the_page_and_lead_to_the_unit(province: Province, clock: Clock) -> None:
    async with office(province, clock) as run:
        await run.keys(F6)
        watch = province.reader().watch()
        wanted = [each.sentence for each in alarms_of(watch)]
        told = run.screen(AlarmsScreen)._told
        assert len(wanted) == 5
        assert [each.sentence for each in told if each.unit][len(watch.silent) :] == wanted
        assert told[0].unit == units()[NEW]
        assert "thiếu báo cáo từ ngày 02/03/2026" in told[0].sentence
        await run.keys(END, ENTER)
        assert "Tệp lạ không thuộc đơn vị nào" in run.note
        await run.keys(HOME, DOWN, ENTER)
        run.screen(UnitScreen)
        await run.keys(ESCAPE)
        run.screen(AlarmsScreen)


async def test_help_palette_and_cover_work_as_at_the_counter(province: Province, clock: Clock) -> None:
    async with office(province, clock) as run:
        await run.keys(F1)
        assert run.lines[0] == " GIÚP"
        assert "Gõ một ngày bất kỳ." in run.text
        await run.keys(ESCAPE, F9)
        run.screen(Palette)
        await run.keys("xep hang", ENTER)
        run.screen(RankingScreen)
        await run.keys(F9, "ty le kia", ENTER)
        assert "Theo tỷ lệ trực tuyến" in run.text
        await run.keys(F12)
        assert [line.strip() for line in run.lines if line.strip()] == [
            "Màn hình đang che. Enter hoặc F12 để làm việc tiếp."
        ]
        await run.keys(F1, F2, "1", ESCAPE)
        run.screen(OfficeCover)
        await run.keys(F12)
        run.screen(RankingScreen)
        await run.keys(F9, "thoat", ENTER)
    assert run.app.return_code == 0


@pytest.mark.parametrize("key", ["", F2, F3, F6, F8])
async def test_a_minute_in_which_nothing_came_sends_the_minute_alone(
    province: Province, clock: Clock, key: str
) -> None:
    async with office(province, clock) as run:
        if key:
            await run.keys(key)
        sent: list[str | None] = []
        for widget in run.app.screen.walk_children(Painted):
            listen(widget, sent)
        await run.minute()
        assert set(sent) == {"top"}
        assert "18:06" in run.lines[0]


def listen(widget: Painted, sent: list[str | None]) -> None:
    """Note when a widget has something painted."""
    original = widget.refresh

    def refresh(*regions: Any, **options: Any) -> Any:
        sent.append(widget.id)
        return original(*regions, **options)

    widget.refresh = refresh  # type: ignore[method-assign]


async def test_what_comes_meanwhile_is_shown_within_a_minute_and_on_f5(province: Province, clock: Clock) -> None:
    centre = Centre(units()[NEW], seed=NEW, practice=True)
    async with office(province, clock) as run:
        assert "9/12 đơn vị" in run.text
        await run.keys(*[RIGHT] * 4)
        province.take(centre.close(FRIDAY).data)
        await run.minute()
        assert "10/12 đơn vị" in run.text
        assert run.app.screen.query_one(TileGrid).cursor == 4
        other = Centre(units()[SILENT], seed=SILENT, practice=True)
        for day in (MONDAY + n * DAY for n in range(4)):
            other.close(day)
        province.take(other.close(FRIDAY).data)
        await run.keys(F5)
        assert "11/12 đơn vị" in run.text


async def test_a_database_that_is_gone_is_said_and_the_figures_stay(
    province: Province, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with office(province, clock) as run:

        def gone(*_days: object) -> None:
            raise RecordError(RecordFault.UNREACHABLE, "x")

        with monkeypatch.context() as broken:
            broken.setattr(run.office.reader, "watch", gone)
            await run.minute()
            assert run.note.startswith("Chưa đọc được số liệu (unreachable)")
            assert "9/12 đơn vị" in run.text
        await run.keys(F5)
        assert run.note == ""


async def test_hostile_names_are_shown_as_text_everywhere(province: Province, clock: Clock, folder: Path) -> None:
    name = HOSTILE.replace("'", "''").replace("\x00", "")
    query(folder / "p", f"update province_unit set name = '{name}'")
    async with office(province, clock) as run:
        for keys in ((), (F3,), (F6,), (END,), (ESCAPE, RIGHT, ENTER), (ENTER,), (ESCAPE, F2), (F8,)):
            await run.keys(*keys)
            for line in run.lines:
                assert not [char for char in line if unicodedata.category(char) in HIDDEN], line
                assert width_of(line) <= 80, line
        assert "[red]" in fold(province.reader().watch().units[0].status.name)
        await run.keys(ESCAPE)
        assert "[red]đỏ[/]" in run.text


async def test_a_province_without_units_says_so(folder: Path, clock: Clock) -> None:
    province = factory.made_province(folder / "p", clock)
    async with office(province, clock) as run:
        assert "Chưa đăng ký đơn vị nào." in run.text
        for keys in ((ENTER,), (DOWN, RIGHT), (F2,), (F3,), (F6,), (F8,), (ENTER,)):
            await run.keys(*keys)
            assert not run.lines[0].startswith("Traceback")
        clock.now += timedelta(days=3)
        await run.minute()
    province.close()
