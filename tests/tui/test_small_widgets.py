"""Checklist, chooser, picker and the modals, by keys alone."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest
from textual import work

from desk.rules.text import fold
from desk.tui.widgets.checklist import Checklist, Item
from desk.tui.widgets.choice import Choice, Option
from desk.tui.widgets.form import Field, Form
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.modals import Ask, Confirm, TextPage, ask, is_open, tell
from desk.tui.widgets.picker import Picker
from desk.tui.widgets.rows import Column, Row

PAPERS = [Item("to", "Tờ khai", "1 bản chính"), Item("gcs", "Giấy chứng sinh"), Item("uq", "Văn bản ủy quyền")]
CHANNELS = [Option("direct", "Trực tiếp"), Option("online", "Trực tuyến"), Option("post", "Bưu chính")]
PROCEDURES = ["Đăng ký khai sinh", "Đăng ký lại khai sinh", "Đăng ký khai tử", "Chứng thực bản sao"]


async def keys(app: Any, burst: Any, pilot: Any, data: str) -> None:
    """Send keys, then let the silence pass."""
    await burst(app, pilot, data)
    app.schedule.fire()
    await app.router.settled()
    await pilot.pause()


async def test_a_checklist_is_checked_by_space_number_and_star(small_app: Any, burst: Any, screen_text: Any) -> None:
    papers = Checklist(PAPERS)
    app = small_app(Form(FormInput(), papers, FormInput(id="last")))
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(app, burst, pilot, "\r ")
        assert list(papers.checked) == ["to"]
        assert screen_text(app)[1].startswith("▸[x] Tờ khai")
        assert screen_text(app)[1].endswith("1 bản chính")
        await keys(app, burst, pilot, "3")
        assert list(papers.checked) == ["to", "uq"]
        await keys(app, burst, pilot, "*")
        assert len(papers.checked) == 3
        await keys(app, burst, pilot, "*")
        assert list(papers.checked) == []
        assert len(app.of(Checklist.Changed)) == 4
        await keys(app, burst, pilot, "\x1b[B")
        assert app.focused.id == "last"
        await keys(app, burst, pilot, "\x1b[A\x1b[A\x1b[A\x1b[A")
        assert app.focused is app.query(FormInput).first()


async def test_a_long_checklist_scrolls_under_its_cursor(small_app: Any, burst: Any, screen_text: Any) -> None:
    papers = Checklist([Item(str(number), f"giấy {number}") for number in range(20)], most=5)
    app = small_app(Form(papers))
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(app, burst, pilot, "\x1b[B" * 9)
        assert [line[5:] for line in screen_text(app)[:6]] == [f"giấy {number}" for number in range(5, 10)] + [""]
        papers.show_items(PAPERS)
        await pilot.pause()
        assert papers.size.height == 3


async def test_a_choice_is_cycled_or_typed(small_app: Any, burst: Any, screen_text: Any) -> None:
    channel = Choice(CHANNELS)
    app = small_app(Form(Field("Kênh", channel), Field("Tên", FormInput())))
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(app, burst, pilot, "\x1b[C")
        assert channel.value == "online"
        assert "‹ Trực tuyến ›" in screen_text(app)[0]
        await keys(app, burst, pilot, "\x1b[D\x1b[D")
        assert channel.value == "post"
        await keys(app, burst, pilot, "2")
        assert channel.value == "online"
        await keys(app, burst, pilot, "t")
        assert channel.value == "direct"
        await keys(app, burst, pilot, "t")
        assert channel.value == "online"
        await keys(app, burst, pilot, "b9z")
        assert channel.value == "post"
        await keys(app, burst, pilot, " ")
        assert channel.value == "direct"
        await keys(app, burst, pilot, "\rHoa")
        assert app.focused.value == "Hoa"
        channel.choose("post")
        with pytest.raises(ValueError, match="no option"):
            channel.choose("fax")


class SlowSearch:
    """A search whose answers wait for `go`."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.asked: list[str] = []

    def __call__(self, text: str) -> Sequence[Row]:
        self.asked.append(text)
        self.go.wait(10)
        return [Row(name, (name,)) for name in PROCEDURES if fold(text) in fold(name)]


async def finds(app: Any, pilot: Any) -> None:
    await app.workers.wait_for_complete()
    await pilot.pause()


async def test_a_picker_finds_goes_down_and_takes(small_app: Any, burst: Any, screen_text: Any) -> None:
    search = SlowSearch()
    search.go.set()
    picker = Picker(search, [Column("", flex=1)])
    app = small_app(Form(picker, FormInput(id="after")))
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, "khai s")
        await finds(app, pilot)
        assert screen_text(app)[1].strip() == "▸ Đăng ký khai sinh"
        await burst(app, pilot, "\x1b[B")
        assert screen_text(app)[2].strip() == "▸ Đăng ký lại khai sinh"
        await burst(app, pilot, "\r")
        assert picker.text == "Đăng ký lại khai sinh"
        assert [message.row.key for message in app.of(Picker.Picked)] == ["Đăng ký lại khai sinh"]
        assert app.focused.id == "after"
        assert screen_text(app)[2] == ""
        await burst(app, pilot, "\x1b[Z\x7f")
        assert picker.picked is None


async def test_enter_waits_for_the_finds_of_what_was_typed(small_app: Any, burst: Any) -> None:
    search = SlowSearch()
    picker = Picker(search, [Column("", flex=1)])
    app = small_app(Form(picker, FormInput(id="after")))
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, "khai tu\r")
        assert not app.of(Picker.Picked)
        search.go.set()
        await finds(app, pilot)
        await pilot.pause()
        assert [message.row.key for message in app.of(Picker.Picked)] == ["Đăng ký khai tử"]
        assert app.focused.id == "after"


async def test_enter_takes_nothing_where_nothing_fits(small_app: Any, burst: Any) -> None:
    search = SlowSearch()
    search.go.set()
    picker = Picker(search, [Column("", flex=1)])
    app = small_app(Form(picker, FormInput(id="after")))
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, "[red]x[/]\r")
        await finds(app, pilot)
        assert picker.picked is None
        assert app.focused is picker.field
        await burst(app, pilot, "\x15\r")
        assert app.focused.id == "after"


async def test_a_grave_question_needs_f2(small_app: Any, burst: Any, screen_text: Any) -> None:
    answers: list[bool | None] = []
    app = small_app(FormInput(placeholder="vẫn thấy"))
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(Confirm("Hủy hồ sơ [/]?", yes="Hủy hẳn", grave=True), answers.append)
        await pilot.pause()
        assert [line for line in screen_text(app) if "F2 Hủy hẳn   Esc Thôi" in line]
        assert [line for line in screen_text(app) if "Hủy hồ sơ [/]?" in line]
        assert screen_text(app)[0] == "vẫn thấy"
        await burst(app, pilot, "\r")
        assert answers == []
        await burst(app, pilot, "\x1bOQ")
        app.push_screen(Confirm("Hủy?", grave=True), answers.append)
        await pilot.pause()
        await burst(app, pilot, "\x1b")
        assert answers == [True, False]


async def test_a_question_is_not_stacked_twice_and_keeps_its_answer(small_app: Any, burst: Any) -> None:
    class Asking(small_app):  # type: ignore[misc]
        answers: list[str | None] = []  # noqa: RUF012

        @work
        async def action_reason(self) -> None:
            answer = await ask(self, Ask("Lý do?"))
            self.answers.append(answer)

    app = Asking(FormInput())
    async with app.run_test(size=(80, 24)) as pilot:
        app.action_reason()
        app.action_reason()
        await pilot.pause()
        assert is_open(app, Ask)
        assert len(app.screen_stack) == 2
        assert app.answers == [None]
        await burst(app, pilot, "  \r")
        assert len(app.screen_stack) == 2
        await burst(app, pilot, "thie\x7f\x7fiếu giấy \r")
        assert app.answers == [None, "thiếu giấy"]
        assert tell(app, Confirm("A?"))
        assert not tell(app, Confirm("B?"))


async def test_a_page_is_read_and_closed(small_app: Any, burst: Any, screen_text: Any, hostile: Sequence[str]) -> None:
    app = small_app(FormInput())
    async with app.run_test(size=(80, 24)) as pilot:
        lines = [*hostile, *(f"dòng {number}" for number in range(100))]
        await app.push_screen(TextPage("VÌ SAO [/]?", lines))
        await pilot.pause()
        assert screen_text(app)[0] == " VÌ SAO [/]?"
        assert screen_text(app)[1] == " [red]x[/]"
        assert screen_text(app)[22].startswith("↓")
        await burst(app, pilot, "\x1b[F")
        assert screen_text(app)[22] == " dòng 99"
        assert screen_text(app)[1].startswith("↑")
        await burst(app, pilot, "\x1b[A\x1b[5~\x1b[H")
        assert screen_text(app)[1] == " [red]x[/]"
        await burst(app, pilot, "\x1b")
        assert len(app.screen_stack) == 1


async def test_a_list_in_a_form_is_left_by_tab(small_app: Any, burst: Any) -> None:
    view = LineList([Column("", flex=1)], [Row("a", ("a",))])
    app = small_app(FormInput(), view)
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, "x\t\x1b[Zy")
        assert app.query_one(FormInput).value == "xy"
