"""The language of one run, chosen before any word is said."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from desk.settings import Paths, SettingsError, data_folder, screen_language
from desk.words import SOURCE, use_language

DEMO = "demo"
"""The folder of the practice centre beside the usual one, and the command that makes it."""


def speak(words: Sequence[str]) -> None:
    """Use the language that the environment names, or the settings of the data folder that the command will work on."""
    use_language(SOURCE)
    use_language(screen_language(os.environ, _paths(words)))


def _paths(words: Sequence[str]) -> Paths:
    try:
        named = _named(words)
        paths = Paths(data_folder(named, os.environ))
    except SettingsError:
        # A folder that cannot be is the command's to report.
        return Paths(Path())
    own = named is None and not os.environ.get("DESK_DATA") and list(words[:1]) == [DEMO]
    return replace(paths, folder=paths.folder / DEMO) if own else paths


def _named(words: Sequence[str]) -> Path | None:
    """Return the folder after `--data`, as it stands on the command line."""
    for place, word in enumerate(words):
        if word == "--data" and place + 1 < len(words):
            return Path(words[place + 1])
        if word.startswith("--data="):
            return Path(word.removeprefix("--data="))
    return None
