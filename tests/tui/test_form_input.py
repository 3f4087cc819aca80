"""Vietnamese typing, bursts, pastes and hostile text in the one text field."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Paste

from desk.tui.widgets.form import Field, Form
from desk.tui.widgets.form_input import DigitInput, FormInput
from desk.tui.widgets.modals import Ask
from desk.tui.widgets.text import cut, fit, one_line, width_of, wrap

BURSTS = [
    # Unikey, EVKey, OpenKey: letters, then as many backspaces, then the composed letters.
    ("chinh\x7f\x7f\x7fính", "chính"),
    ("vie\x08ê\x08ệt", "việt"),
    ("nguyen\x7f\x7f\x7fyễn", "nguyễn"),
    # By choosing what is replaced, and with a filler that the first backspace takes back.
    ("chinh\x1b[1;2D\x1b[1;2D\x1b[1;2Dính", "chính"),
    ("chinh\u202f\x7f\x7f\x7f\x7fính", "chính"),
    ("chinh\u202f\x1b[1;2D\x1b[1;2D\x1b[1;2D\x1b[1;2Dính", "chính"),
    ("chinh\x1b[1;2D\x1b[1;2D\x1b[1;2D\x7fính", "chính"),
    ("a\u00a0b", "a b"),
    ("abc\x1b[D\x1b[DX", "aXbc"),
    ("abc\x1b[HX\x1b[FY", "XabcY"),
    ("abc\x1b[D\x1b[3~Z", "abZ"),
    ("abc def\x17ghi", "abc ghi"),
    ("abc\x15xyz", "xyz"),
    ("e\u0302\u0303n", "ễn"),
    ("e\u0302\u0303\x7fa", "a"),
    ("m\u0300\x7fa", "a"),
]


@pytest.mark.parametrize(("data", "expected"), BURSTS)
async def test_one_read_of_the_terminal_gives_what_was_typed(
    small_app: Any, burst: Any, data: str, expected: str
) -> None:
    field = FormInput()
    app = small_app(field)
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, data)
        assert field.value == expected
        assert app.focused is field


async def test_tab_in_a_burst_sends_what_follows_to_the_next_field(small_app: Any, burst: Any) -> None:
    fields = [FormInput(id=f"f{number}") for number in range(3)]
    app = small_app(Form(*fields))
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, "le\ttho\x7f\x7fhọ\x1b[Zx\ty\rzz")
        assert [field.value for field in fields] == ["lex", "thọy", "zz"]


async def test_enter_and_arrows_go_through_the_form_and_it_ends(small_app: Any, burst: Any) -> None:
    fields = [FormInput() for _ in range(3)]
    app = small_app(Form(*(Field("Tên", field) for field in fields)))
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, "a\rb\rc\x1b[Ad\x1b[A\x1b[Ae\x1b[B\x1b[B\x1b[Bf\r")
        assert [field.value for field in fields] == ["ae", "bd", "cf"]
        assert app.of(Form.Finished)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
async def test_value_is_always_nfc_however_it_came(small_app: Any, burst: Any, form: Any) -> None:
    name = "Nguyễn Thị Bích Hường"
    typed, pasted = FormInput(), FormInput()
    app = small_app(typed, pasted)
    async with app.run_test(size=(80, 24)) as pilot:
        given_value = FormInput(unicodedata.normalize(form, name))
        await app.mount(given_value)
        await burst(app, pilot, unicodedata.normalize(form, name))
        pasted._on_paste(Paste(unicodedata.normalize(form, name)))
        assert [typed.value, pasted.value, given_value.value] == [name] * 3


async def test_max_length_counts_letters_and_a_long_paste_is_cut(small_app: Any, burst: Any) -> None:
    field = FormInput(max_length=5)
    app = small_app(field)
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, unicodedata.normalize("NFD", "ễễễễễễ"))
        assert field.value == "ễễễễễ"
        field.value = "ab"
        field.cursor_position = 1
        field._on_paste(Paste("123456789"))
        assert (field.value, field.cursor_position) == ("a123b", 4)


@pytest.mark.parametrize("start", [0.0, 100.0])
async def test_backspaces_for_refused_letters_leave_what_stands_here(small_app: Any, burst: Any, start: float) -> None:
    digits, name = DigitInput(max_length=12), FormInput(max_length=5)
    app = small_app(digits, name)
    async with app.run_test(size=(80, 24)) as pilot:
        for field, kept in ((digits, "042"), (name, "xxxxx")):
            field.value = kept
            field.cursor_position = len(kept)
            field.focus()
            await pilot.pause()
            await burst(app, pilot, "chinh", start=start + 20, gap=0.2)
            # An input method turns the tone key into these, all at once.
            await burst(app, pilot, "\x7f\x7f\x7fính", start=start + 22, gap=0.001)
            assert field.value == kept
            # A person's own backspace takes what stands here, refused letters before it or not.
            await burst(app, pilot, "q\x7f", start=start + 30, gap=0.3)
            assert field.value == kept[:-1]


async def test_a_full_field_says_so_once(small_app: Any, burst: Any) -> None:
    field = FormInput(max_length=5)
    app = small_app(field)
    async with app.run_test(size=(80, 24)) as pilot:
        field.value = "x" * 4
        await burst(app, pilot, "yz", start=10.0, gap=0.3)
        assert [message.limit for message in app.of(FormInput.Full)] == [5]
        await burst(app, pilot, "\x7f", start=15.0)
        await burst(app, pilot, "abcd", start=20.0)
        assert len(app.of(FormInput.Full)) == 1
        await burst(app, pilot, "\r", start=30.0)
        assert len(app.of(FormInput.Full)) == 2
        field.value = ""
        await burst(app, pilot, "\x1b[200~123456\x1b[201~")
        assert (field.value, len(app.of(FormInput.Full))) == ("12345", 3)


async def test_a_number_pasted_with_blanks_goes_into_a_field_of_digits(small_app: Any, burst: Any) -> None:
    field = DigitInput(max_length=12)
    app = small_app(field)
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, "\x1b[200~042 200.150 708\n\x1b[201~")
        assert field.value == "042200150708"
        field.value = ""
        await burst(app, pilot, "0a4b2")
        assert field.value == "042"


async def test_a_paste_of_lines_becomes_one_line(small_app: Any) -> None:
    field = FormInput()
    app = small_app(field)
    async with app.run_test(size=(80, 24)):
        field.value = "x"
        field._on_paste(Paste("Thôn  Hải\r\nThanh\txã\u202e Kỳ Lợi"))
        assert field.value == "xThôn Hải Thanh xã Kỳ Lợi"


async def test_cut_copy_and_paste_keep_their_place_in_a_burst(small_app: Any, burst: Any) -> None:
    field = FormInput()
    app = small_app(field)
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(app, pilot, "abc")
        field.select_all()
        await burst(app, pilot, "\x18x\x16y")
        assert field.value == "xabcy"
        await burst(app, pilot, "\x03z")
        assert field.value == "xabcyz"


async def test_hostile_text_is_shown_as_text(small_app: Any, screen_text: Any, hostile: Sequence[str]) -> None:
    app = small_app()
    async with app.run_test(size=(80, 24)) as pilot:
        fields = [FormInput(text, placeholder=text) for text in hostile]
        await app.mount(*fields)
        await pilot.pause()
        shown = screen_text(app)
        assert "[red]x[/]" in shown[0]
        assert "[@click=app.quit]x[/]" in shown[2]
        assert "đỏ" in shown[4]
        for field in fields:
            assert one_line(field.value) == field.value
        assert not any(char in line for line in shown for char in "\x1b\u202e\u2066\x07")


async def test_the_cursor_of_the_terminal_is_in_the_field_as_soon_as_it_is_shown(small_app: Any) -> None:
    app = small_app(FormInput())
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(Ask("Vì sao?", value="abc"))
        await pilot.pause()
        field = app.screen.query_one(FormInput)
        assert field.region.y > 0
        assert app.cursor_position == field.cursor_screen_offset
        assert app.cursor_position.y == field.content_region.y


async def test_no_blink_no_selection_on_focus(small_app: Any, burst: Any) -> None:
    first, second = FormInput(), FormInput()
    app = small_app(first, second)
    async with app.run_test(size=(80, 24)) as pilot:
        second.value = "hai"
        await burst(app, pilot, "\tx")
        assert second.value == "haix"
        assert not first.cursor_blink
        assert first.size.height == 1


class Model:
    """Fields and cursors as they ought to be after each key."""

    def __init__(self, count: int) -> None:
        self.texts = [""] * count
        self.cursors = [0] * count
        self.at = 0

    def press(self, key: str) -> None:
        text, cursor, last = self.texts[self.at], self.cursors[self.at], len(self.texts) - 1
        match key:
            case "\x7f":
                self._set(text[: max(0, cursor - 1)] + text[cursor:], max(0, cursor - 1))
            case "\x1b[3~":
                self._set(text[:cursor] + text[cursor + 1 :], cursor)
            case "\x1b[D":
                self._set(text, max(0, cursor - 1))
            case "\x1b[C":
                self._set(text, min(len(text), cursor + 1))
            case "\x1b[H":
                self._set(text, 0)
            case "\x1b[F":
                self._set(text, len(text))
            case "\t" | "\x1b[Z":
                self.at = (self.at + (1 if key == "\t" else -1)) % len(self.texts)
            case "\r" | "\x1b[B":
                self.at = min(last, self.at + 1)
            case "\x1b[A":
                self.at = max(0, self.at - 1)
            case _:
                self._set(text[:cursor] + key + text[cursor:], cursor + 1)

    def _set(self, text: str, cursor: int) -> None:
        self.texts[self.at], self.cursors[self.at] = text, cursor


@pytest.mark.parametrize("seed", range(6))
async def test_any_burst_is_the_same_as_slow_typing(small_app: Any, burst: Any, seed: int) -> None:
    chance = random.Random(seed)
    moves = ["\x7f", "\x1b[3~", "\x1b[D", "\x1b[C", "\x1b[H", "\x1b[F", "\t", "\x1b[Z", "\r", "\x1b[A", "\x1b[B"]
    pressed = [chance.choice("abcđễươ ") if chance.random() < 0.6 else chance.choice(moves) for _ in range(150)]
    fields = [FormInput() for _ in range(3)]
    app, model = small_app(Form(*fields)), Model(3)
    async with app.run_test(size=(80, 24)) as pilot:
        for key in pressed:
            model.press(key)
        await burst(app, pilot, "".join(pressed))
        assert [field.value for field in fields] == model.texts
        assert [field.cursor_position for field in fields] == model.cursors
        assert app.focused is fields[model.at]


@given(st.text(max_size=60), st.integers(0, 40))
def test_cut_and_fit_never_exceed_their_width(text: str, width: int) -> None:
    safe = one_line(text)
    assert width_of(cut(safe, width)) <= max(width, 0)
    assert width_of(fit(text, width)) == width
    assert one_line(safe) == safe
    assert unicodedata.is_normalized("NFC", safe)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200), st.integers(2, 60))
def test_wrapped_lines_fit_and_lose_no_word(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(width_of(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(one_line(text.replace("\n", " ")).split())


def test_what_fits_keeps_its_columns_and_what_does_not_goes_on_under_the_second() -> None:
    assert wrap("  F7      Chốt ngày", 30) == ["  F7      Chốt ngày"]
    assert wrap("  F7      Chốt ngày và gửi tệp ngày", 24) == ["  F7      Chốt ngày và", "          gửi tệp ngày"]
    assert wrap("  một hai ba", 8) == ["  một", "  hai ba"]
