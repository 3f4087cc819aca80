"""Colours and signs are chosen through F9, worn at once and kept by this desk; what was said can be read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.settings import CentreSettings, Paths, read_settings, write_settings
from desk.tui.entry import looks_of
from desk.tui.looks import Look, Looks
from desk.tui.theme import BY_NAME
from desk.tui.told import MOST, Told
from tests.counter.desk_fixture import at
from tests.tui.screens.desk_app import ENTER, ESCAPE, F9, Running, running

COLOURS, SIGNS, SAID = (F9, "mau sac", ENTER), (F9, "ky hieu", ENTER), (F9, "loi bao", ENTER)


def with_settings(run: Running, folder: Path) -> Paths:
    """Let the desk keep its looks in the settings of `folder`."""
    paths = Paths(folder)
    write_settings(paths, CentreSettings("18229", "Xã Đức Thọ"))
    run.app.looks = Looks("auto", "auto", {"TERM": "xterm-256color"}, keep=looks_of(paths).keep)
    return paths


async def test_a_chosen_look_is_worn_and_kept(folder: Path) -> None:
    async with running(folder) as run:
        paths = with_settings(run, folder)
        await run.keys(*COLOURS)
        assert "1  Tự chọn theo máy (đang dùng)" in run.text
        await run.keys("4")
        assert run.app.theme == BY_NAME["console"].name
        assert run.note == "đã đổi và nhớ cho quầy này: 16 màu, cho màn hình console"
        assert read_settings(paths).theme == "console"
        await run.keys(*SIGNS, "4")
        assert "XA DUC THO".lower() in run.lines[0].lower()
        assert read_settings(paths) == CentreSettings("18229", "Xã Đức Thọ", theme="console", signs="bare")
        # The next start reads them before the first paint.
        assert looks_of(paths).look == Look("console", "bare")
        await run.keys(*COLOURS, "1", *SIGNS, "1")
        assert run.app.theme == BY_NAME["normal"].name
        assert "Xã Đức Thọ" in run.lines[0]


async def test_esc_changes_nothing(folder: Path) -> None:
    async with running(folder) as run:
        paths = with_settings(run, folder)
        before = paths.settings.read_bytes()
        await run.keys(*COLOURS, ESCAPE)
        assert run.app.theme == BY_NAME["normal"].name
        assert paths.settings.read_bytes() == before


async def test_a_look_that_cannot_be_kept_is_worn_and_said(folder: Path) -> None:
    async with running(folder) as run:
        paths = with_settings(run, folder)
        paths.settings.unlink()
        await run.keys(*COLOURS, "5")
        assert run.app.theme == BY_NAME["mono"].name
        assert run.note.startswith("đã đổi, nhưng chưa nhớ được: Chưa có trung tâm ở")


@pytest.mark.parametrize("text", ["", "theme = ", 'unit = "1"\nname = "a"\ntheme = "pink"\n'])
def test_settings_that_cannot_be_used_do_not_keep_the_desk_from_opening(tmp_path: Path, text: str) -> None:
    (tmp_path / "desk.toml").write_text(text, encoding="utf-8")
    assert (looks_of(Paths(tmp_path)).theme, looks_of(Paths(tmp_path)).signs) == ("auto", "auto")


async def test_every_last_word_can_be_read_again(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(*SAID)
        # The morning's word, which no screen shows any more.
        assert "Máy này chưa kiểm tra lần nào" in run.lines[1]
        await run.keys(ESCAPE, *COLOURS, "3", *COLOURS, "2", *SAID)
        assert run.lines[1] == " 09:12  đã đổi và nhớ cho quầy này: Thường"
        assert run.lines[2] == " 09:12  đã đổi và nhớ cho quầy này: Tương phản cao"


def test_only_so_many_words_are_kept_and_each_once_a_minute() -> None:
    told = Told()
    assert told.lines() == ["Chưa có lời báo nào."]
    for number in range(MOST + 5):
        told.add(f"lời {number}", at("2026-03-13T09:12"))
        told.add(f"lời {number}", at("2026-03-13T09:12"))
    told.add("", None)
    told.add("chưa mở", None)
    assert len(told.lines()) == MOST
    assert told.lines()[0].strip() == "chưa mở"
    assert told.lines()[1] == f"09:12  lời {MOST + 4}"
