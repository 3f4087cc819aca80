"""What of a dossier has been typed into the official system already: the fields, and a salted hash of each value."""

from __future__ import annotations

from collections.abc import Mapping

from desk.beside import Beside, Document

NAME = "retype"
MOST = 200
"""Dossiers remembered at a desk; the one touched longest ago goes first."""


class Retyped:
    """The ticks of a desk, kept on disk with each one."""

    def __init__(self, beside: Beside) -> None:
        self._beside = beside

    def of(self, code: str) -> Mapping[str, str]:
        """Return the hash of each field's value when it was typed; a value that was corrected since has another."""
        self._beside.read(NAME)
        found = self._beside.look(NAME).get(code, {})
        return {str(item): str(seal) for item, seal in found["done"].items()} if _sound(found) else {}

    def mark(self, code: str, done: Mapping[str, str]) -> None:
        """Keep which fields of a dossier are typed, as `done` stands then; none forgets it. OSError from the disk."""

        def change(document: Document) -> None:
            document.pop(code, None)
            sound = {name: each for name, each in document.items() if _sound(each)}
            document.clear()
            turn = 1 + max((each["turn"] for each in sound.values()), default=0)
            for name, each in sorted(sound.items(), key=lambda pair: pair[1]["turn"])[-(MOST - 1) :]:
                document[name] = each
            if done:
                document[code] = {"turn": turn, "done": dict(done)}

        self._beside.change(NAME, change)


def _sound(found: object) -> bool:
    return isinstance(found, dict) and isinstance(found.get("done"), dict) and isinstance(found.get("turn"), int)
