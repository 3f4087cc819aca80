"""The set-up with the dossiers that are open when the centre begins: a file of them, and what is said of its lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desk.cli.stock import take_stock
from desk.settings import Paths
from desk.tui.entry import Opening
from desk.tui.screens.morning import MorningScreen
from desk.tui.services import Opened
from tests.counter.desk_fixture import at
from tests.tui.screens.desk_app import ENTER, F2, NOW, Running
from tests.tui.screens.test_opening import starting

STOCK = (
    '{"taken_over": true, "procedure": "1.004873", "channel": "direct", "received_at": "2026-03-02T08:00+07:00",'
    ' "old_code": "H27-77", "applicant": {"name": "Lê Đức Thọ"}}'
)
BAD = STOCK.replace("1.004873", "9.999999")
NOT_STOCK = '{"procedure": "1.004873", "channel": "direct", "applicant": {"name": "Phạm Ất"}}'


def making(folder: Path) -> Callable[[], Opened]:
    """Return an opener that makes a practice centre at a fixed minute, as the entry does, with stock."""
    return Opening(Paths(folder / "desk"), now=at(NOW), stock=take_stock).open


async def fill_in(run: Running, stock: str) -> None:
    await run.keys("18229" + ENTER, "Lê Thị Hoa", ENTER, ENTER, "2", ENTER, ENTER)
    assert run.app.focused is run.app.screen.query_one("#stock")
    await run.keys(*([stock] if stock else []), F2)


async def test_opening_stock_is_taken_over_and_said_before_going_home(folder: Path) -> None:
    file = folder / "cu.jsonl"
    file.write_text("\n".join([STOCK, "", BAD, NOT_STOCK, "{"]))
    async with starting(making(folder)) as run:
        await fill_in(run, str(file))
        assert "Đã nhận 1 hồ sơ đang giải quyết." in run.text
        assert "Không nhận 3 dòng:" in run.text
        assert "dòng 3: " in run.text
        assert "dòng 4: không phải hồ sơ đang giải quyết lúc bắt đầu" in run.text
        assert "dòng 5: không phải JSON" in run.text
        await run.keys(ENTER)
        run.screen(MorningScreen)
        [row] = run.app.counter.worklist()
        assert row.applicant == "Lê Đức Thọ"


async def test_set_up_without_stock_goes_home_at_once(folder: Path) -> None:
    async with starting(making(folder)) as run:
        await fill_in(run, "")
        run.screen(MorningScreen)


async def test_a_file_of_stock_that_is_not_there_makes_no_centre(folder: Path) -> None:
    async with starting(making(folder)) as run:
        await fill_in(run, str(folder / "không có"))
        assert run.note.startswith("Không đọc được tệp hồ sơ cũ: ")
        assert run.app.focused is run.app.screen.query_one("#stock")
        assert not (folder / "desk").exists()
