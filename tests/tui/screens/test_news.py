"""The province's news at the counter: what it would change, F2, and a message written there."""

from __future__ import annotations

from pathlib import Path

from db.vocabulary import OfficeEvent
from desk.settings import Paths
from desk.tui.screens.message import MessageScreen
from desk.tui.screens.news import NewsScreen
from desk.tui.screens.published import (
    CatalogueEffectScreen,
    KeyEffectScreen,
    NoticeScreen,
    PublishedCalendarScreen,
    UnitsEffectScreen,
)
from tests.tui.screens.desk_app import DOWN, ENTER, ESCAPE, F2, F9, INSERT, Running, running
from tests.tui.screens.published_news import NEXT, publish_changes, publish_news

NEWS = (F9, "tin tinh", ENTER)


def kinds(run: Running) -> list[str]:
    return [event.kind for event in run.desk.events()]


async def test_each_kind_is_seen_then_applied(folder: Path) -> None:
    async with running(folder, before=publish_news) as run:
        await run.keys(*NEWS, DOWN, DOWN, ENTER)
        run.screen(PublishedCalendarScreen)
        assert OfficeEvent.CALENDAR_IMPORTED not in kinds(run)
        await run.keys(ESCAPE)
        assert OfficeEvent.CALENDAR_IMPORTED not in kinds(run)
        await run.keys(ENTER, F2)
        run.screen(NewsScreen)
        assert kinds(run).count(OfficeEvent.CALENDAR_IMPORTED) == 1
        await run.keys(ENTER)
        run.screen(NewsScreen)
        assert "không mới hơn" in run.note
        await run.keys("\x1b[H", DOWN, DOWN, ENTER)
        run.screen(CatalogueEffectScreen)
        await run.keys(F2)
        assert kinds(run).count(OfficeEvent.CATALOGUE_IMPORTED) == 1
        await run.keys("\x1b[H", DOWN, ENTER)
        run.screen(NoticeScreen)
        await run.keys(F2)
        assert kinds(run).count(OfficeEvent.NOTICE_READ) == 1
        await run.keys(DOWN, DOWN, DOWN, ENTER)
        assert "Chữ ký" in run.note


async def test_communes_are_seen_then_applied(folder: Path) -> None:
    async with running(folder, before=publish_changes) as run:
        await run.keys(*NEWS, DOWN, ENTER)
        run.screen(UnitsEffectScreen)
        assert OfficeEvent.UNITS_IMPORTED not in kinds(run)
        await run.keys(F2)
        run.screen(NewsScreen)
        assert "bảng đơn vị 2026.9" in run.note
        assert kinds(run).count(OfficeEvent.UNITS_IMPORTED) == 1


async def test_a_key_is_compared_then_believed(folder: Path) -> None:
    async with running(folder, before=publish_changes) as run:
        await run.keys(*NEWS, ENTER)
        run.screen(KeyEffectScreen)
        assert NEXT.public.fingerprint in run.text
        await run.keys(ESCAPE)
        assert OfficeEvent.PROVINCE_KEY_CHANGED not in kinds(run)
        await run.keys(ENTER, F2)
        run.screen(NewsScreen)
        assert "đã tin khóa mới" in run.note
        assert kinds(run).count(OfficeEvent.PROVINCE_KEY_CHANGED) == 1
        assert NEXT.public.line() in (folder / "province.pub").read_text()


async def test_a_message_waits_when_one_leaves_and_is_sealed_with_f2(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(*NEWS, INSERT, "Máy in hỏng", ESCAPE)
        run.screen(NewsScreen)
        assert not Paths(folder).messages.exists()
        await run.keys(INSERT, F2)
        run.screen(NewsScreen)
        (sent,) = run.desk.counter.province.sent()
        assert (sent.text, sent.number) == ("Máy in hỏng", 1)
        assert "tin số 1" in run.note
        # The post was looked at once more: the folder has it.
        assert len(list((folder / "province").rglob("*.message"))) == 1


async def test_somebodys_number_is_asked_about_once(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(*NEWS, INSERT, "ông Ba 033180930129", F2)
        run.screen(MessageScreen)
        assert "đừng gửi dữ liệu của dân" in run.note
        await run.keys(" ơi", F2)
        run.screen(MessageScreen)
        assert run.desk.counter.province.sent() == ()
        await run.keys(F2)
        run.screen(NewsScreen)
        assert len(run.desk.counter.province.sent()) == 1
