"""A record older than its outbox on the screen: F7 seals nothing, says what was lost, and asks the head."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.tui.widgets.modals import TextPage
from tests.counter.desk_fixture import LAND
from tests.tui.screens.desk_app import DOWN, ENTER, ESCAPE, F2, F7, HOME, open_services, running


@pytest.fixture
def older(folder: Path) -> None:
    """Leave a record that is older than the files in its outbox."""
    services = open_services(folder)
    desk = services.desk
    desk.receive(LAND)
    desk.close()
    services.close()
    kept = desk.path.read_bytes()
    services = open_services(folder, "2026-03-16T16:00")
    desk = services.desk
    desk.receive(LAND)
    desk.close()
    services.close()
    for path in folder.glob("desk.db*"):
        path.unlink()
    (folder / "desk.db").write_bytes(kept)


async def test_a_restored_record_asks_the_head_and_goes_on(folder: Path, older: None) -> None:  # noqa: ARG001
    async with running(folder, now="2026-03-17T08:00") as run:
        run.desk.counter.take_in()
        await run.keys(F7)
        assert "Sổ này cũ hơn các tệp đã gửi tỉnh (sổ còn đến tệp số 2, đã có đến số 3)" in run.text
        await run.keys(F7)
        run.screen(TextPage)
        assert "Mất tệp số 3 ngày 16/03/2026" in run.text
        await run.keys(ESCAPE)
        assert "Lê Thị Hoa (lãnh đạo)" in run.text
        await run.keys("Ổ đĩa hỏng", ENTER)
        await run.keys(ENTER)  # what cannot be taken back is not done by Enter
        assert run.desk.counter.resets.look() is not None
        await run.keys(F2)
        assert run.note.startswith("đã ký đề nghị nối lại số 4, chờ tỉnh chấp nhận · ")
        assert "đề nghị nối lại · đã gửi" in run.text
        assert "chờ tỉnh chấp nhận" in run.text
        await run.keys(HOME, ENTER)
        assert run.lines[0].strip() == "TỆP SỐ 5 · T3 17/03/2026"
        await run.keys(ESCAPE, DOWN, ENTER)
        assert run.lines[0].strip() == "ĐỀ NGHỊ NỐI LẠI SỐ 4"
        await run.keys(ESCAPE, F7)
        assert run.note.startswith("đã chốt tệp số 5")
        await run.keys("1", DOWN, ENTER)
        assert run.lines[0].strip() == "ĐỀ NGHỊ NỐI LẠI SỐ 4"
        assert "Mất tệp số 3 ngày 16/03/2026" in run.text


async def test_only_the_head_s_own_pin_signs_a_reset(folder: Path, older: None) -> None:  # noqa: ARG001
    async with running(folder, now="2026-03-17T08:00") as run:
        run.desk.counter.take_in()
        run.desk.counter.set_pin(1, "270491", 1)
        await run.keys(F7, F7, ESCAPE, "Ổ đĩa hỏng", ENTER, "111222", ENTER, F2)
        assert run.note == "Mã PIN không đúng."
        broken = run.desk.counter.resets.look()
        assert broken is not None
        assert broken.sealed is None
        await run.keys(F7, ESCAPE, "Ổ đĩa hỏng", ENTER, ESCAPE)
        assert broken == run.desk.counter.resets.look()
        await run.keys(F7, ESCAPE, "Ổ đĩa hỏng", ENTER, "270491", ENTER, F2)
        assert run.note.startswith("đã ký đề nghị nối lại số 4")
