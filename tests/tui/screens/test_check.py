"""The first-day check through the keys: each trial, what it keeps, and that nothing else hears a scan under trial."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from desk.beside import Beside
from desk.checked import NAME, Checked, Machine, Outcome, Result
from desk.forms import trial
from desk.forms.receipt import WIDTH, width
from desk.rules.trials import SENTENCE, ScanFault, TypingFault
from desk.tui.commands import GLOBAL
from desk.tui.draft import session_of
from desk.tui.screens import check_words as words
from desk.tui.screens.check import CheckScreen
from desk.tui.screens.check_keys import KEYS, KeysTrial, eater, missing, reaches_all
from desk.tui.screens.check_trials import ColoursTrial, ScannerTrial, TypingPage
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.morning import MorningScreen
from desk.tui.theme import THEMES
from tests.tui.screens.desk_app import (
    DOWN,
    ENTER,
    ESCAPE,
    F1,
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F9,
    F12,
    LEFT,
    NOW,
    SPACE,
    Running,
    running,
)  # fmt: skip

CARD = "042180000708||Nguyễn Thị Thúy|02021980|Nữ|Thôn Đặng Xá, xã Cẩm Xá, Hưng Yên|11052021"
DAY = date.fromisoformat(NOW[:10])
CTRL = {f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"}
FUNCTION = dict(zip(("f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f12"),
                    (F1, F2, F3, F4, F5, F6, F7, F8, F9, F12), strict=True))  # fmt: skip


async def opened(run: Running, machine: Machine) -> None:
    run.app.action_check()
    await run.settle()
    order = [Machine.SCANNER, Machine.KEYBOARD, Machine.PRINTER, Machine.KEYS, Machine.COLOURS, Machine.SIZE]
    await run.keys("\x1b[H", *[DOWN] * order.index(machine), ENTER)


def outcome(run: Running, machine: Machine) -> Outcome | None:
    return Checked(run.app.beside).outcomes().get(machine)


async def test_it_is_offered_on_the_first_morning_until_something_was_tried(folder: Path) -> None:
    async with running(folder, morning=True) as run:
        run.screen(MorningScreen)
        assert "K thử máy quét" in run.note
        await run.keys("k")
        run.screen(CheckScreen)
        await run.keys(SPACE)
        assert outcome(run, Machine.SCANNER) == Outcome(Result.SKIPPED, DAY)
        assert "bỏ qua" in run.text
    (folder / "morning-1").unlink()
    async with running(folder, morning=True) as run:
        run.screen(MorningScreen)
        assert run.note == ""


async def test_it_is_found_by_name(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(F9, "kiem tra may", ENTER)
        run.screen(CheckScreen)
        assert sum("chưa thử" in line for line in run.lines) == 6
        await run.keys(ESCAPE)
        run.screen(HomeScreen)


async def test_a_scan_under_trial_is_judged_and_goes_nowhere(folder: Path) -> None:
    async with running(folder) as run:
        await opened(run, Machine.SCANNER)
        run.screen(ScannerTrial)
        await run.keys(F2)
        run.screen(ScannerTrial)
        await run.burst(CARD + "\r", start=1000.0)
        await run.silence()
        run.screen(ScannerTrial)
        assert "ĐẠT" in run.text
        assert "84 ký tự, cách nhau 1.0 ms (dài nhất 1 ms), đuôi: Enter" in run.text
        await run.burst(CARD.encode().decode("latin-1"), start=1000.0)
        await run.silence()
        assert "CHƯA" in run.text
        assert "cài đuôi Enter" in run.text
        assert "bảng mã" in run.text
        await run.keys(F2)
        run.screen(CheckScreen)
        assert outcome(run, Machine.SCANNER) == Outcome(Result.BAD, DAY, ("no_end", "encoding", "letters_lost"))
        assert "cài đuôi Enter" in run.text
        kept = (folder / f"{NAME}-1.json").read_text(encoding="ascii")
        assert "042180000708" not in kept
        # The router is itself again.
        await run.scan(CARD)
        assert "Nguyễn Thị Thúy" in run.text
        assert run.app.router.listener is None


async def test_a_pasted_scan_and_a_lone_enter_are_heard_for_what_they_are(folder: Path) -> None:
    async with running(folder) as run:
        await opened(run, Machine.SCANNER)
        await run.keys(ENTER)
        assert "ĐẠT" not in run.text
        assert "CHƯA" not in run.text
        await run.burst(f"\x1b[200~{CARD}\n\x1b[201~")
        await run.silence()
        assert "đuôi: Enter" in run.text
        await run.keys(ESCAPE)
        run.screen(CheckScreen)
        assert outcome(run, Machine.SCANNER) is None


async def test_hostile_bytes_from_a_scanner_are_shown_as_text(folder: Path) -> None:
    async with running(folder) as run:
        await opened(run, Machine.SCANNER)
        for text in ("[red]x[/]12345678", "a\u202eb\u2066c\u200bd12345", "[@click=app.quit]123", "𠮷野家" * 100):
            await run.burst(f"\x1b[200~{text}\x1b[201~")
            await run.silence()
            assert all(char.isprintable() for line in run.lines for char in line)
            assert "CHƯA" in run.text


async def test_the_sentence_must_come_as_it_stands(folder: Path) -> None:
    async with running(folder) as run:
        await opened(run, Machine.KEYBOARD)
        run.screen(TypingPage)
        await run.keys(ENTER, "Ddawngj Huwux Phuwowcs owr ngox Yeen Oonr, thoon Myx Leex, huyeenj Caamr Giangf", ENTER)
        assert "Bộ gõ chưa bật" in run.text
        await run.keys(F2)
        assert outcome(run, Machine.KEYBOARD) == Outcome(Result.BAD, DAY, ("telex",))
        await run.keys(ENTER)
        await run.burst(SENTENCE)
        await run.keys(ENTER)
        assert "ĐẠT" in run.text
        await run.keys(ENTER)
        assert outcome(run, Machine.KEYBOARD) == Outcome(Result.GOOD, DAY)


async def test_the_printer_is_asked_of_the_officer_who_holds_the_paper(folder: Path) -> None:
    printed: list[str] = []
    async with running(folder) as run:
        session = session_of(run.app)
        session.slips = folder / "phieu"
        session.find_spooler = lambda: lambda title, text: printed.append(f"{title}\n{text}")
        await opened(run, Machine.PRINTER)
        assert "Phiếu thử ra thế nào?" in run.text
        assert "aàảãáạ" in printed[0]
        await run.keys("1")
        assert outcome(run, Machine.PRINTER) == Outcome(Result.GOOD, DAY)
        for answer, fault in (("2", "nothing"), ("3", "unreadable")):
            await opened(run, Machine.PRINTER)
            await run.keys(answer)
            assert outcome(run, Machine.PRINTER) == Outcome(Result.BAD, DAY, (fault,))
        session.find_spooler = lambda: None
        await opened(run, Machine.PRINTER)
        assert outcome(run, Machine.PRINTER) == Outcome(Result.BAD, DAY, ("none",))
        session.find_spooler = lambda: lambda _title, _text: "hết giấy"
        await opened(run, Machine.PRINTER)
        assert outcome(run, Machine.PRINTER) == Outcome(Result.BAD, DAY, ("refused",))
        session.slips = None
        before = len(printed)
        await opened(run, Machine.PRINTER)
        assert run.note.startswith("Không biết in ở đâu")
        assert len(printed) == before


async def test_every_key_is_heard_without_doing_anything(folder: Path) -> None:
    async with running(folder) as run:
        await opened(run, Machine.KEYS)
        for key in KEYS:
            await run.keys(FUNCTION.get(key) or CTRL[key])
            run.screen(KeysTrial)
        assert f"đã tới {len(KEYS)}/{len(KEYS)}" in run.text
        await run.keys("x")
        assert "phím khác: X" in run.text
        await run.keys(ENTER)
        run.screen(CheckScreen)
        assert outcome(run, Machine.KEYS) == Outcome(Result.GOOD, DAY)


async def test_a_key_that_never_arrives_is_named_with_another_way(folder: Path) -> None:
    async with running(folder) as run:
        await opened(run, Machine.KEYS)
        for key in KEYS:
            if key != "f1":
                await run.keys(FUNCTION.get(key) or CTRL[key])
        assert "hay bị giữ: GNOME Terminal" in run.text
        await run.keys(ENTER)
        assert outcome(run, Machine.KEYS) == Outcome(Result.BAD, DAY, ("f1",))
        assert "Không tới: F1. " in run.text
        assert "F9 (Ctrl+G) rồi gõ tên lệnh" in run.text
        await run.keys(ESCAPE, F2)
        assert run.app.router.listener is None


def test_a_command_is_reached_by_either_of_its_keys() -> None:
    both = frozenset(KEYS)
    assert reaches_all(both)
    assert missing(both) == ()
    for command in GLOBAL:
        for key in command.aliases:
            assert reaches_all(both - {key})
            assert missing(both - {key}) == (key,)
        assert not reaches_all(both - set(command.keys))
    assert missing(both - {"f3", "f8"}) == ("f8", "f3")


async def test_colours_are_tried_theme_by_theme_and_given_back(folder: Path) -> None:
    names = [theme.name for theme in THEMES]
    async with running(folder) as run:
        await opened(run, Machine.COLOURS)
        run.screen(ColoursTrial)
        assert run.app.theme == names[0]
        for name in (*names[1:], names[0]):
            await run.keys("2")
            assert run.app.theme == name
        await run.keys(LEFT)
        assert run.app.theme == names[-1]
        assert "F9, gõ mau sac" in run.text
        await run.keys(ESCAPE)
        assert run.app.theme == names[0]
        await run.keys(ENTER, "2", "3")
        assert (run.app.theme, outcome(run, Machine.COLOURS)) == (names[0], Outcome(Result.BAD, DAY, ("colours",)))
        await run.keys(ENTER, "2", "1")
        assert (run.app.theme, outcome(run, Machine.COLOURS)) == (names[1], Outcome(Result.GOOD, DAY))


@pytest.mark.parametrize(("size", "result"), [((80, 24), Result.GOOD), ((79, 24), Result.BAD), ((80, 23), Result.BAD)])
async def test_the_size_is_measured(folder: Path, size: tuple[int, int], result: Result) -> None:
    async with running(folder, size=size) as run:
        await opened(run, Machine.SIZE)
        found = outcome(run, Machine.SIZE)
        assert found is not None
        assert found.result is result


async def test_a_disk_that_refuses_says_so(folder: Path) -> None:
    async with running(folder) as run:
        run.app.action_check()
        await run.settle()
        run.app.beside.folder = folder / "gone"
        await run.keys(SPACE)
        assert run.note.startswith("Máy không làm được")


def test_what_was_found_outlives_the_program_and_damage_counts_as_untried(tmp_path: Path) -> None:
    Checked(Beside(tmp_path)).keep(Machine.SCANNER, Result.BAD, DAY, ["no_end"])
    again = Beside(tmp_path)
    again.read(NAME)
    assert Checked(again).outcomes() == {Machine.SCANNER: Outcome(Result.BAD, DAY, ("no_end",))}
    contents: tuple[dict[str, object], ...] = (
        {"scanner": 3},
        {"scanner": {"result": "x", "on": "2026-01-01", "faults": []}},
        {"scanner": {}},
    )
    for damaged in contents:
        (tmp_path / f"{NAME}-1.json").write_text(json.dumps(damaged))
        beside = Beside(tmp_path)
        beside.read(NAME)
        assert Checked(beside).outcomes() == {}


def test_every_fault_has_words_of_its_own() -> None:
    scans = {words.scan_advice(fault) for fault in ScanFault}
    typings = {words.typing_advice(fault) for fault in TypingFault}
    assert (len(scans), len(typings)) == (len(ScanFault), len(TypingFault))
    assert all(sentence.endswith(".") for sentence in scans | typings)
    for machine in Machine:
        assert words.machine_name(machine)
        assert words.what_for(machine)
    gone = words.advice(Machine.KEYS, Outcome(Result.BAD, DAY, ("f9", "ctrl+g")))
    assert gone.endswith("đổi cửa sổ dòng lệnh.")
    assert {eater(key) for key in KEYS} > {""}


def test_the_trial_slip_is_as_wide_as_a_page_and_has_every_vowel() -> None:
    lines = trial.lines("Xã Đức Thọ " * 12, "T6 13/03/2026 09:12")
    assert max(width(line) for line in lines) == WIDTH
    text = "".join(lines)
    assert set("aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ") <= set(text)
    assert set("AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬEÈẺẼÉẸÊỀỂỄẾỆIÌỈĨÍỊOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢUÙỦŨÚỤƯỪỬỮỨỰYỲỶỸÝỴĐ") <= set(text)
