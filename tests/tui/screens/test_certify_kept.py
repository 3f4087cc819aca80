"""What is typed in the fast lane outlives the program, is offered again, and is gone once it is saved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from desk.draft import DraftStore
from desk.tui.draft import DraftBox, MemoryStore, session_of
from desk.tui.screens.certify import CertifyScreen
from desk.tui.screens.drafts_page import DraftsPage
from desk.tui.screens.receive import ReceiveScreen
from tests.counter.desk_fixture import KEY
from tests.tui.screens.certify_app import Clerk, certifying, copy
from tests.tui.screens.desk_app import ENTER, ESCAPE, F2, F3, F5, F9, INSERT, running
from tests.tui.screens.receive_app import THUY, Y

TYPED = ["Trần Văn Ỷ", "001088608064", "hoc ba", "2", ""]


def kept(folder: Path) -> list[tuple[str, tuple[tuple[str, str, str, str], ...]]]:
    """What another run of the program would find."""
    found = DraftBox(DraftStore(folder / "draft.json", KEY)).all()
    return [(each.people.person.name, each.lane) for each in found]


@asynccontextmanager
async def at_the_lane(folder: Path) -> AsyncIterator[Clerk]:
    """Run the desk with a sealed box of drafts, the fast lane open."""
    async with certifying(folder) as clerk:
        sealed(clerk, folder)
        await clerk.press(ESCAPE, F3)
        yield clerk


def sealed(clerk: Clerk, folder: Path) -> None:
    session_of(clerk.run.app).drafts = DraftBox(DraftStore(folder / "draft.json", KEY))


async def half_a_visit(clerk: Clerk) -> None:
    await clerk.scan(Y)
    await clerk.type("2", "Giấy ủy quyền", ENTER, ENTER, "1")
    await clerk.press(INSERT)
    await clerk.type("hoc ba", ENTER, "2", ENTER)


async def test_after_a_crash_the_visit_is_there_again(folder: Path) -> None:
    async with at_the_lane(folder) as clerk:
        await half_a_visit(clerk)
        ((name, lines),) = kept(folder)
        assert name == "Trần Văn Ỷ"
        assert [line[1:] for line in lines] == [("Giấy ủy quyền", "", "1"), ("hoc ba", "2", "")]
        assert "hoc ba" not in (folder / "draft.json").read_text()
    async with at_the_lane(folder) as clerk:
        assert clerk.values == TYPED
        assert "Đang gõ dở từ lúc trước" in clerk.run.note
        assert "Giấy ủy quyền · 1 trang · 1 bản" in clerk.run.text
        await clerk.press(F2)
        assert len(clerk.rows()) == 2
        assert kept(folder) == []
        await clerk.press(ESCAPE, F3)
        assert clerk.values == [""] * 5


async def test_saved_just_before_the_crash_it_is_saved_once(folder: Path) -> None:
    async with at_the_lane(folder) as clerk:
        await half_a_visit(clerk)
        written = (folder / "draft.json").read_bytes()
        await clerk.press(F2)
        assert len(clerk.rows()) == 2
    # The crash came between the record and the box of drafts.
    (folder / "draft.json").write_bytes(written)
    async with at_the_lane(folder) as clerk:
        assert clerk.values == TYPED
        await clerk.press(F2)
        assert len(clerk.rows()) == 2
        assert kept(folder) == []


async def test_the_end_of_the_program_keeps_the_last_letter(folder: Path) -> None:
    async with at_the_lane(folder) as clerk:
        await clerk.type("Lê Ất")
        assert kept(folder) == []
        clerk.run.screen(CertifyScreen).keep_now()
        assert [name for name, _lines in kept(folder)] == ["Lê Ất"]


@pytest.mark.parametrize("way_out", [ESCAPE, F5])
async def test_it_is_kept_however_the_lane_is_left(folder: Path, way_out: str) -> None:
    async with at_the_lane(folder) as clerk:
        await clerk.type("Lê Ất")
        await clerk.press(way_out)
        assert [name for name, _lines in kept(folder)] == ["Lê Ất"]


async def test_the_minute_keeps_what_is_being_typed(folder: Path) -> None:
    async with at_the_lane(folder) as clerk:
        await clerk.type("Lê Ất")
        clerk.run.clock.advance(minutes=1)
        await clerk.run.tick()
        assert [name for name, _lines in kept(folder)] == ["Lê Ất"]


async def test_what_is_thrown_away_is_kept_no_longer(folder: Path) -> None:
    async with at_the_lane(folder) as clerk:
        await half_a_visit(clerk)
        await clerk.scan(THUY)
        await clerk.press(ENTER, ENTER)
        assert [name for name, _lines in kept(folder)] == ["Nguyễn Thị Thúy"]
        await clerk.press(F9)
        await clerk.type("bo dang go", ENTER)
        assert kept(folder) == []


async def test_whoever_begins_with_another_citizen_goes_on_with_them(folder: Path) -> None:
    async with at_the_lane(folder) as clerk:
        await half_a_visit(clerk)
    async with running(folder) as run:
        clerk = Clerk(run)
        sealed(clerk, folder)
        run.app.certify(THUY)
        await run.settle()
        assert clerk.value("name") == "Nguyễn Thị Thúy"
        assert run.note.startswith("Còn một lần gõ dở từ trước")
        await copy(clerk)
        await clerk.press(ESCAPE, F3)
        assert clerk.values == TYPED


async def test_the_receipt_form_does_not_offer_a_visit_of_the_lane(folder: Path) -> None:
    async with at_the_lane(folder) as clerk:
        await half_a_visit(clerk)
        await clerk.press(ESCAPE, F2)
        clerk.run.screen(ReceiveScreen)
        assert not isinstance(clerk.run.app.screen, DraftsPage)


async def test_a_disk_that_refuses_is_said_and_saving_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_store: MemoryStore, _content: bytes = b"") -> None:
        raise OSError(28, "No space left on device")

    async with certifying(folder) as clerk:
        monkeypatch.setattr(MemoryStore, "save", full)
        monkeypatch.setattr(MemoryStore, "clear", full)
        await clerk.type("Lê Ất", ENTER)
        assert clerk.run.note.startswith("Không giữ được nháp")
        await clerk.type(ENTER)
        await copy(clerk)
        assert len(clerk.rows()) == 1
        assert clerk.run.note.startswith("đã lưu")
