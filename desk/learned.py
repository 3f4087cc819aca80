"""Which keys and fields an officer has learned: how often each was used, up to enough; numbers and names only."""

from __future__ import annotations

from desk.beside import Beside, Document

NAME = "learned"

ENOUGH = 10
"""Uses of a key or a field after which its hint fades."""


class Learned:
    """What the officers of a desk know by now; looking never waits for the disk, the rest belongs into a thread."""

    def __init__(self, beside: Beside) -> None:
        self._beside = beside

    def known(self, officer_id: int | None) -> frozenset[str]:
        """Return the commands whose key, and the fields of forms, that the officer used often enough."""
        uses, _told = _read(self._beside.look(NAME), officer_id)
        return frozenset(name for name, number in uses.items() if number >= ENOUGH)

    def told(self, officer_id: int | None) -> frozenset[str]:
        """Return the commands whose key was told after they were run by name."""
        _uses, told = _read(self._beside.look(NAME), officer_id)
        return frozenset(told)

    def use(self, officer_id: int | None, *names: str) -> None:
        """Count one use of a command by its key, or of each of some fields of a form."""

        def change(document: Document) -> None:
            uses, told = _read(document, officer_id)
            uses.update({name: min(ENOUGH, uses.get(name, 0) + 1) for name in names})
            document[_key(officer_id)] = {"uses": uses, "told": sorted(told)}

        self._beside.change(NAME, change)

    def tell(self, officer_id: int | None, command: str) -> None:
        """Remember that a command's key was told."""

        def change(document: Document) -> None:
            uses, told = _read(document, officer_id)
            document[_key(officer_id)] = {"uses": uses, "told": sorted(told | {command})}

        self._beside.change(NAME, change)

    def forget(self, officer_id: int | None) -> None:
        """Forget what the officer knows: every hint is shown again."""
        self._beside.change(NAME, lambda document: document.pop(_key(officer_id), None))


def _read(document: Document, officer_id: int | None) -> tuple[dict[str, int], set[str]]:
    found = document.get(_key(officer_id))
    uses, told = (found.get("uses"), found.get("told")) if isinstance(found, dict) else (None, None)
    counted = (
        {str(name): number for name, number in uses.items() if isinstance(number, int)}
        if isinstance(uses, dict)
        else {}
    )
    return counted, {str(name) for name in told} if isinstance(told, list) else set()


def _key(officer_id: int | None) -> str:
    return str(officer_id or 0)
