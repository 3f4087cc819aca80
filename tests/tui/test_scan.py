"""A scanner is told from a person, on every screen, and fires nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import on
from textual.binding import Binding
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from desk.tui.widgets.form import Form
from desk.tui.widgets.form_input import DigitInput, FormInput
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.modals import Confirm
from desk.tui.widgets.router import ScanBroken, Scanned
from desk.tui.widgets.rows import Column, Row
from desk.tui.widgets.scan import FAST, SHORTEST, SILENCE, Scan, ScanDetector, card_like

CARD = "042200150708|183456789|Nguyễn Đức Thịnh|02021980|Nam|Thôn Hải Thanh, xã Kỳ Lợi|11052021"
CODE = "TN-18229-260225-10007C"


def fed(detector: ScanDetector, text: str, start: float = 0.0, gap: float = 0.002) -> list[Scan]:
    scans = [detector.feed(char, start + index * gap) for index, char in enumerate(text)]
    return [scan for scan in scans if scan is not None]


@pytest.mark.parametrize("end", ["\r", "\n", "\t"])
@pytest.mark.parametrize("payload", [CARD, CODE, "12345678"])
def test_fast_keys_with_an_end_mark_are_a_scan(payload: str, end: str) -> None:
    assert fed(ScanDetector(), payload + end, 5.0) == [
        Scan(payload, 5.0, pytest.approx(5.0 + 0.002 * len(payload)), end != "\t")  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("1234567\r", 0.002),  # too short
        (CODE + "\r", FAST),  # a person
        (CODE, 0.002),  # no end mark
        ("Nguyễn Thị Hoa\r", 0.0),  # typing that arrived in one piece
        ("khai sinh 2 ban\r", 0.0),
        ("\r", 0.0),
    ],
)
def test_what_is_no_scan(text: str, gap: float) -> None:
    assert fed(ScanDetector(), text, gap=gap) == []


def test_two_scans_in_one_read_are_two() -> None:
    scans = fed(ScanDetector(), "11111111\r22222222\r", gap=0.0)
    assert [scan.payload for scan in scans] == ["11111111", "22222222"]


def test_typing_before_a_scan_is_not_in_it() -> None:
    detector = ScanDetector()
    assert not fed(detector, "99", 0.0, gap=0.2)
    assert [scan.payload for scan in fed(detector, CODE + "\r", 1.0)] == [CODE]


def test_a_key_that_is_no_character_ends_the_burst() -> None:
    detector = ScanDetector()
    fed(detector, "1234")
    detector.reset()
    assert fed(detector, "5678\r", 0.01) == []


def test_a_scan_that_stutters_on_a_slow_link_is_one() -> None:
    detector = ScanDetector()
    fed(detector, "123456", 0.0)
    assert [scan.payload for scan in fed(detector, "789012\r", 0.3)] == ["123456789012"]


def test_separators_belong_to_the_burst_and_are_dropped() -> None:
    detector = ScanDetector()
    fed(detector, "12345")
    assert detector.feed("", 0.012) is None
    assert [scan.payload for scan in fed(detector, "67890\r", 0.014)] == ["1234567890"]


@pytest.mark.parametrize(("text", "card"), [(CARD, True), (CARD + "\n", True), (CODE, False), ("a|b", False)])
def test_only_a_card_is_a_scan_when_pasted(text: str, card: bool) -> None:
    assert card_like(text) is card
    assert (ScanDetector().paste(text, 1.0) is not None) is card


@given(
    st.lists(
        st.tuples(st.sampled_from("0123456789ABCDEF\r"), st.floats(0.031, 3.0, allow_nan=False)),
        max_size=40,
    )
)
def test_a_person_is_never_a_scanner(keys: list[tuple[str, float]]) -> None:
    detector, now = ScanDetector(), 0.0
    for char, gap in keys:
        now += gap
        assert detector.feed(char, now) is None


@given(st.text("0123456789ABCDEFGH-.", min_size=SHORTEST, max_size=80), st.floats(0.0, 0.02))
def test_every_code_with_a_digit_is_read_whole(code: str, gap: float) -> None:
    payload = "1" + code
    assert [scan.payload for scan in fed(ScanDetector(), payload + "\r", 7.0, gap)] == [payload]


async def test_a_scan_in_a_field_is_withdrawn_and_what_was_typed_stays(small_app: Any, burst: Any) -> None:
    field, other = FormInput(), FormInput()
    app = small_app(Form(field, other))
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, "Nguye\u0302\u0303n", start=10.0, gap=0.2)
        await burst(app, pilot, CARD + "\r", start=20.0)
        assert app.payloads == [CARD]
        assert (field.value, field.cursor_position) == ("Nguyễn", 6)
        assert app.focused is field
        assert app.of(Scanned)[0].field is field
        await burst(app, pilot, "x\r", start=30.0)
        assert field.value == "Nguyễnx"
        assert app.focused is other


async def test_two_scans_in_one_read_are_two_messages(small_app: Any, burst: Any) -> None:
    field = FormInput()
    app = small_app(Form(field, FormInput()))
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, f"11111111\r{CODE}\r")
        assert app.payloads == ["11111111", CODE]
        assert field.value == ""
        assert app.focused is field


@pytest.mark.parametrize("suffix", ["\t", "\r\n", "\n"])
async def test_other_end_marks_do_not_move_the_focus(small_app: Any, burst: Any, suffix: str) -> None:
    field = FormInput()
    app = small_app(Form(field, FormInput()))
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, CODE + suffix)
        assert app.payloads == [CODE]
        assert (field.value, app.focused) == ("", field)


async def test_a_field_that_refuses_the_characters_still_keeps_its_own(small_app: Any, burst: Any) -> None:
    field = DigitInput(max_length=12)
    app = small_app(field)
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, "0123", start=10.0, gap=0.3)
        await burst(app, pilot, CARD + "\r", start=20.0)
        assert (app.payloads, field.value) == ([CARD], "0123")


async def test_typing_that_came_in_one_piece_can_be_given_back(small_app: Any, burst: Any) -> None:
    field = FormInput()
    app = small_app(field)
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, "0912345678\r")
        assert field.value == ""
        app.of(Scanned)[0].give_back()
        assert field.value == "0912345678"


async def test_its_enter_is_given_back_too(small_app: Any, burst: Any) -> None:
    field, other = FormInput(), FormInput()
    app = small_app(Form(field, other))
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, "0912345678\r")
        assert app.focused is field
        assert app.of(Scanned)[0].give_back() == ""
        await pilot.pause()
        assert (field.value, app.focused) == ("0912345678", other)


async def test_what_a_field_refuses_is_named_and_its_enter_waits(small_app: Any, burst: Any) -> None:
    field, other = DigitInput(max_length=6), FormInput()
    app = small_app(Form(field, other))
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, "12ab345678\r")
        assert app.of(Scanned)[0].give_back() == "ab78"
        await pilot.pause()
        assert (field.value, app.focused) == ("123456", field)


async def test_a_name_that_came_in_one_piece_stays_typing(small_app: Any, burst: Any) -> None:
    field, other = FormInput(), FormInput()
    app = small_app(Form(field, other))
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, "Tran Van Thanh\r")
        assert (field.value, app.payloads, app.focused) == ("Tran Van Thanh", [], other)


async def test_a_pasted_card_is_a_scan_and_other_pastes_are_text(small_app: Any, burst: Any) -> None:
    field = FormInput()
    app = small_app(field)
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, f"\x1b[200~{CARD}\x1b[201~")
        await burst(app, pilot, "\x1b[200~042200150708\x1b[201~")
        assert (app.payloads, field.value) == ([CARD], "042200150708")


def listed() -> LineList:
    return LineList([Column("Tên", flex=1)], [Row(str(number), (f"hồ sơ {number}",)) for number in range(50)])


async def test_a_scan_over_a_list_opens_nothing_and_runs_no_command(
    small_app: Any, numbered_screen: Any, burst: Any
) -> None:
    app = small_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = numbered_screen(listed())
        await app.push_screen(screen)
        await burst(app, pilot, f"1{CODE}V\r")
        await burst(app, pilot, CARD + "\r")
        assert app.payloads == [f"1{CODE}V", CARD]
        assert screen.ran == []
        assert not app.of(LineList.Opened)
        assert app.schedule.fire() == 0


async def test_a_digit_acts_after_the_silence_only(small_app: Any, numbered_screen: Any, burst: Any) -> None:
    app = small_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = numbered_screen(listed())
        await app.push_screen(screen)
        await burst(app, pilot, "1")
        assert screen.ran == []
        assert [call.delay for call in app.schedule.calls if call.callback is not None] == [SILENCE]
        assert app.schedule.fire() == 1
        await app.router.settled()
        assert screen.ran == ["1"]
        await burst(app, pilot, "2V")
        app.schedule.fire()
        await app.router.settled()
        assert screen.ran == ["1", "2", "v"]


async def test_a_held_digit_acts_before_the_key_that_follows(small_app: Any, numbered_screen: Any, burst: Any) -> None:
    app = small_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = numbered_screen(listed())
        await app.push_screen(screen)
        await burst(app, pilot, "1\x1b[B")
        assert screen.ran == ["1"]
        assert screen.query_one(LineList).cursor == 1
        await burst(app, pilot, "2\r", start=50.0, gap=0.05)
        assert screen.ran == ["1", "2"]
        assert [message.index for message in app.of(LineList.Opened)] == [1]


async def test_a_scan_without_an_end_mark_is_dropped_not_run(small_app: Any, numbered_screen: Any, burst: Any) -> None:
    app = small_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = numbered_screen(listed())
        await app.push_screen(screen)
        await burst(app, pilot, "1212121212")
        app.schedule.fire()
        await app.router.settled()
        assert not app.of(ScanBroken)
        app.schedule.fire()
        await app.router.settled()
        await pilot.pause()
        assert screen.ran == []
        assert [message.length for message in app.of(ScanBroken)] == [10]


async def test_a_scan_over_a_modal_goes_to_it_and_confirms_nothing(small_app: Any, burst: Any) -> None:
    answers: list[bool | None] = []
    app = small_app(FormInput())
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(Confirm("Xóa [red]nháp[/]?"), answers.append)
        await pilot.pause()
        await burst(app, pilot, CODE + "\r", start=80.0)
        assert (app.payloads, answers) == ([CODE], [])
        await burst(app, pilot, "\r", start=90.0)
        assert answers == [True]


class Opening(ModalScreen[None]):
    """A form opened by a command, whose Enter closes it."""

    BINDINGS = [Binding("f2", "save", "")]  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.field = FormInput()

    def compose(self) -> Any:
        yield Form(self.field)

    @on(Form.Finished)
    def action_save(self) -> None:
        self.dismiss(None)


class Desk(Screen[None]):
    """A screen that opens a form with F2 and counts on Enter."""

    BINDINGS = [Binding("f2", "open", "")]  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Opening] = []

    def compose(self) -> Any:
        yield listed()

    def action_open(self) -> None:
        self.opened.append(Opening())
        self.app.push_screen(self.opened[-1])


async def test_what_is_typed_after_a_command_goes_to_the_screen_it_opens(small_app: Any, burst: Any) -> None:
    app = small_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = Desk()
        await app.push_screen(screen)
        await burst(app, pilot, "\x1bOQmot\r\x1b[B\x1bOQhai\x7fy\x1bOQ\r")
        assert [modal.field.value for modal in screen.opened] == ["mot", "hay"]
        assert [message.index for message in app.of(LineList.Opened)] == [1]


async def test_a_removed_widget_does_not_stop_the_keys(small_app: Any, burst: Any) -> None:
    class Vanishing(Widget, can_focus=True):
        async def on_key(self) -> None:
            self.remove()

    field = FormInput()
    app = small_app(Vanishing(), field)
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, "\x1b[B")
        field.focus()
        await pilot.pause()
        await burst(app, pilot, "xin")
        assert field.value == "xin"
