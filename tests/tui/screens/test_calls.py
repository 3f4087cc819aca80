"""The call-back list at 80x24 by keys alone: who, what to say, what came of it; a number is shown with a trace."""

from __future__ import annotations

from pathlib import Path

from db.vocabulary import Act, CallOutcome, OfficeEvent
from desk.tui.screens.calls import CallsScreen
from desk.tui.screens.dossier import DossierScreen
from desk.tui.screens.home import HomeScreen
from desk.tui.widgets.text import width_of
from tests.counter.desk_fixture import MARITAL, Desk, at
from tests.tui.conftest import HOSTILE
from tests.tui.screens.desk_app import DOWN, ENTER, ESCAPE, F9, Running, running
from tests.tui.screens.home_morning import part, rows

OPEN = (F9, "goi", " dien", ENTER)


def ready(desk: Desk, name: str = "Lê Đức Thọ", phone: str = "0912345678") -> str:
    code = desk.receive(MARITAL, name, phone=phone).code
    desk.act(code, Act.FINISH)
    return code


def two(desk: Desk) -> None:
    ready(desk)
    ready(desk, "Trần Ỷ", "0987654321")


def outcomes(run: Running) -> list[str]:
    return [event.data["outcome"] for event in run.desk.events() if event.kind == OfficeEvent.CALL_MADE]


async def test_the_list_says_whom_and_what(folder: Path) -> None:
    async with running(folder, before=two) as run:
        await run.keys(*OPEN)
        run.screen(CallsScreen)
        assert part(run, "figures") == "gọi ngay 2 · gọi sau 0 · thiếu số, sai số 0"
        assert rows(run)[0].cells == ("ngay", "Lê Đức Thọ", "09•••678", "có kết quả", "TN-0313-0001J", "")
        assert "Chào ông/bà Lê Đức Thọ, Xã Đức Thọ xin báo" in run.text
        assert "0912345678" not in run.text
        await run.keys(DOWN)
        assert "Chào ông/bà Trần Ỷ" in run.text
        assert "Chào ông/bà Lê Đức Thọ" not in run.text
        assert len(run.lines) == 24
        assert all(width_of(line) <= 80 for line in run.lines)
        await run.keys(ENTER)
        run.screen(DossierScreen)


async def test_a_number_is_shown_with_a_trace_and_hidden_again(folder: Path) -> None:
    async with running(folder, before=two) as run:
        await run.keys(*OPEN, "x")
        assert "0912345678" in run.text
        assert run.desk.events()[-1].kind == OfficeEvent.PERSON_SEEN
        await run.keys(DOWN)
        assert "0912345678" not in "\n".join(run.lines[:-2])
        await run.keys(ESCAPE)
        run.screen(HomeScreen)


async def test_outcomes_under_digits(folder: Path) -> None:
    async with running(folder, before=two) as run:
        await run.keys(*OPEN, "2")
        assert run.note == "Lê Đức Thọ · không nghe máy · nhắc lại T6 13/03 11:12"
        assert part(run, "figures") == "gọi ngay 1 · gọi sau 1 · thiếu số, sai số 0"
        assert [row.cells[:2] for row in rows(run)] == [("ngay", "Trần Ỷ"), ("11:12", "Lê Đức Thọ")]
        await run.keys("\x1b[H", "1")
        assert run.note == "Trần Ỷ · đã báo"
        assert outcomes(run) == [CallOutcome.NO_ANSWER, CallOutcome.REACHED]
        run.clock.set("2026-03-13T11:12")
        await run.tick()
        assert rows(run)[0].cells[0] == "ngay (11:12)"


async def test_a_call_is_asked_for_at_an_hour(folder: Path) -> None:
    async with running(folder, before=ready) as run:
        await run.keys(*OPEN, "4", "8:00", ENTER)
        assert "đã qua" in run.text
        await run.keys("\x15", "mai 9:00", ENTER)
        assert run.note == "Lê Đức Thọ · hẹn gọi lại · nhắc lại T7 14/03 09:00"
        assert rows(run)[0].cells[0] == "14/03 09:00"
        assert run.desk.counter.calls.listed()[0].at == at("2026-03-14T09:00")
        await run.keys("4", ESCAPE)
        assert len(outcomes(run)) == 1


async def test_hostile_names_are_text(folder: Path) -> None:
    def before(desk: Desk) -> None:
        for name in HOSTILE:
            if name.strip() and any(letter.isalpha() for letter in name):
                ready(desk, name)

    async with running(folder, before=before) as run:
        await run.keys(*OPEN)
        for _each in rows(run):
            assert all(width_of(line) <= 80 for line in run.lines)
            await run.keys(DOWN)
        run.screen(CallsScreen)


async def test_nobody_to_ring(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(*OPEN, "1", "4", "x")
        assert "Không có ai cần gọi." in run.text
        assert outcomes(run) == []
