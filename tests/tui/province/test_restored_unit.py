"""A unit whose desk was restored, on the office's screens: the reset stands among its days and says what was lost."""

from __future__ import annotations

import copy

from desk.province.service import Province
from desk.tui.province.unit import UnitScreen
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.modals import TextLines, TextPage
from tests.province.factory import MONDAY, Centre, Clock
from tests.province.restored import Restored
from tests.tui.province.office_app import DAY, FRIDAY, Office, office, units
from tests.tui.screens.desk_app import DOWN, ENTER, ESCAPE, F6, HOME, RIGHT

STORY, BACKUP = 11, 3


def restored(province: Province) -> None:
    """Let the last unit come back from a backup of its third day."""
    centre = Centre(units()[STORY], seed=STORY, practice=True)
    backup = centre
    for day in (MONDAY + n * DAY for n in range(12) if n % 7 < 5):
        centre.close(day)
        if len(centre.files) == BACKUP:
            backup = copy.deepcopy(centre)
    province.take(Restored(backup, centre.files[BACKUP:]).reset(FRIDAY).data)


async def open_unit(run: Office) -> None:
    await run.keys(HOME, *[RIGHT] * STORY, ENTER)
    run.screen(UnitScreen)


def words(run: Office) -> list[str]:
    listed = run.app.screen.query_one("#rows", LineList)._source
    return [row.cells[2] for row in listed.window(0, len(listed)) if row is not None]


async def test_a_reset_is_a_line_of_its_day_and_enter_says_what_was_lost(province: Province, clock: Clock) -> None:
    restored(province)
    async with office(province, clock) as run:
        await open_unit(run)
        first, second = words(run)[:2]
        assert first.startswith("số 10 đã nhận")
        assert second == "số 11 nối lại, CHỜ quyết định"
        assert "BÁO ĐỘNG: đơn vị xin nối lại từ số 11" in run.text
        await run.keys(DOWN, ENTER)
        page = run.screen(TextPage).query_one(TextLines)._lines
        assert "NỐI LẠI SỐ 11" in run.lines[0]
        assert any("số 4 ngày 05/03/2026" in line for line in page)
        await run.keys(ESCAPE, ESCAPE, F6)
        assert "xin nối lại từ số 11" in run.text
        await run.keys(ESCAPE)
        province.accept_reset(province.reset(units()[STORY]))
        await open_unit(run)
        assert words(run)[1] == "số 11 nối lại, đã chấp nhận"


async def test_a_reset_that_was_not_accepted_says_why(province: Province, clock: Clock) -> None:
    restored(province)
    province.refuse_reset(province.reset(units()[STORY]), "hỏi lại đơn vị")
    async with office(province, clock) as run:
        await open_unit(run)
        assert words(run)[1] == "số 11 nối lại, không chấp nhận"
        await run.keys(DOWN, ENTER)
        assert "không chấp nhận nối lại từ số 11 sau phục hồi: hỏi lại đơn vị" in run.text
