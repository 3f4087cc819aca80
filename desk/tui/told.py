"""What was said on the screens since the start: the last word is overwritten by the next one, but not lost."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from desk.words import _

MOST = 200


class Told:
    """The last words, newest first; they live as long as the program and are never written to disk."""

    def __init__(self) -> None:
        self._words: deque[tuple[str, datetime | None]] = deque(maxlen=MOST)

    def add(self, text: str, at: datetime | None) -> None:
        """Remember a word; the same one again in the same minute counts once."""
        if text and (text, at) not in self._words:
            self._words.appendleft((text, at))

    def lines(self) -> list[str]:
        """Return what was said, each with its minute."""
        said = [f"{at:%H:%M}  {text}" if at is not None else f"       {text}" for text, at in self._words]
        return said or [_("Chưa có lời báo nào.")]
