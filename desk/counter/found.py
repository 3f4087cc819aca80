"""The list of what was found, free of the record: a screen that shows it loads no database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

from desk.counter.model import WorkRow


class Finds(Sequence[WorkRow]):
    """List lines that are put into words when they are looked at: of sixty finds a screen shows twenty."""

    def __init__(self, ids: Sequence[int] = (), line: Callable[[int], WorkRow] | None = None) -> None:
        self.ids = tuple(ids)
        self._line = line
        self._lines: dict[int, WorkRow] = {}

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, place: int) -> WorkRow: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[WorkRow]: ...

    def __getitem__(self, place: int | slice) -> WorkRow | Sequence[WorkRow]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        number = self.ids[place]
        if number not in self._lines and self._line is not None:
            self._lines[number] = self._line(number)
        return self._lines[number]
