"""The language of the command: from the environment, else the centre's settings; what programs read never changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from desk.settings import Paths, read_settings

Desk = Callable[..., Any]


def test_help_is_in_the_language_of_the_environment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Cán bộ làm việc này" in desk("receive", "--help").out
    monkeypatch.setenv("DESK_LANGUAGE", "en")
    told = desk("receive", "--help").out
    assert "Usage:" in told
    assert "Officer who does this" in told
    assert "Receive dossiers from JSON Lines" in told
    assert "Print the result as JSON" in desk("due", "--help").out
    monkeypatch.setenv("DESK_LANGUAGE", "vi")
    assert "Cán bộ làm việc này" in desk("receive", "--help").out


def test_an_error_is_in_the_language_of_the_environment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_LANGUAGE", "en")
    ran = desk("frobnicate")
    assert (ran.status, "no command “frobnicate”" in ran.err) == (2, True)


def test_a_language_that_there_is_not_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_LANGUAGE", "fr")
    ran = desk("due", "--limit", "3 working_day", "--received", "2026-03-13T10:56")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "desk: DESK_LANGUAGE: không có ngôn ngữ «fr», hãy chọn vi hoặc en\n"


def test_a_centre_may_choose_its_language(centre: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    code = centre.take()
    assert "Hạn theo luật" in centre("show", code).out
    settings = centre.folder / "desk.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('language = "vi"', 'language = "en"'), encoding="utf-8")
    assert read_settings(Paths(centre.folder)).language == "en"
    assert "Legal deadline" in centre("show", code).out
    assert "Legal deadline" in centre.run("show", code, f"--data={centre.folder}", "--now", centre.now).out
    monkeypatch.setenv("DESK_LANGUAGE", "vi")
    assert "Hạn theo luật" in centre("show", code).out


def test_a_centre_with_a_language_that_there_is_not_says_so(centre: Any) -> None:
    settings = centre.folder / "desk.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('language = "vi"', 'language = "fr"'), encoding="utf-8")
    ran = centre("find", "a")
    assert (ran.status, "không có ngôn ngữ «fr»" in ran.err) == (2, True)


def test_a_centre_set_up_in_english_stays_english(desk: Desk, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_LANGUAGE", "en")
    words = ("--unit", "18229", "--name", "Xã Đức Thọ", "--practice", "--data", str(tmp_path / "c"))
    assert "Key fingerprint" in desk("init", *words).out
    monkeypatch.delenv("DESK_LANGUAGE")
    assert read_settings(Paths(tmp_path / "c")).language == "en"


@pytest.mark.parametrize(
    "words",
    [
        ("find", "nguyen"),
        ("show", "{code}"),
        ("due-today",),
        ("close", "--date", "2026-03-20"),
        ("show", "TN-18229-260313-19999A"),
        ("due", "--limit", "3 working_day", "--received", "2026-03-13T10:56"),
    ],
)
def test_json_is_the_same_in_every_language(
    centre: Any, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = centre.take()
    asked = [word.format(code=code) for word in words]
    if words[0] == "due":
        ran = [centre.run(*asked, "--json").out]
        monkeypatch.setenv("DESK_LANGUAGE", "en")
        ran.append(centre.run(*asked, "--json").out)
    else:
        ran = [centre(*asked, "--json").out]
        monkeypatch.setenv("DESK_LANGUAGE", "en")
        ran.append(centre(*asked, "--json").out)
    assert ran[0] == ran[1]
    assert not ran[0] or json.loads(ran[0]) is not None


def test_answers_by_the_line_are_the_same_in_every_language(centre: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = b'{"procedure": "9.999999"}\nno JSON\n'
    ours = centre("receive", "--file", "-", typed=wrong).out
    due = centre.run("due", "--file", "-", typed=b'{"limit": "x"}\n').out
    monkeypatch.setenv("DESK_LANGUAGE", "en")
    assert centre("receive", "--file", "-", typed=wrong).out == ours
    assert centre.run("due", "--file", "-", typed=b'{"limit": "x"}\n').out == due
    assert "error" in json.loads(due)
