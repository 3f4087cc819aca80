"""The morning drill on paper: plain text of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from desk.forms.receipt import WIDTH, centred, width, wrapped
from desk.words import _

_NAME, _PROMISE, _TAIL = 28, 14, 46


class Entry(Struct, frozen=True):
    """A dossier on the page, in words."""

    code: str
    official_code: str
    applicant: str
    procedure: str
    promise: str
    remaining: str
    holder: str


class Page(Struct, frozen=True):
    """The page: groups by their titles in order, the empty ones with their zero; `notes` are whole sentences."""

    centre: str
    at: str
    practice: bool
    nothing_due: bool
    groups: Sequence[tuple[str, Sequence[Entry]]]
    notes: Sequence[str]


def lines(page: Page) -> tuple[str, ...]:
    """Return the page's lines, none wider than 80 columns."""
    return tuple(_lines(page))


def _lines(page: Page) -> Iterator[str]:
    if page.practice:
        yield centred(_("*** THỰC HÀNH - KHÔNG CÓ GIÁ TRỊ ***"))
    yield from wrapped(_("VIỆC TRONG NGÀY · {centre} · {at}").format(centre=page.centre, at=page.at))
    if page.nothing_due:
        yield _("Hôm nay không có việc đến hạn, không có hồ sơ quá hạn.")
    yield ""
    for title, entries in page.groups:
        yield from wrapped(f"{title}: {len(entries)}", "  ")
        for entry in entries:
            yield from _entry(entry)
    yield ""
    for note in page.notes:
        yield from wrapped(note, "  ")


def _entry(entry: Entry) -> Iterator[str]:
    """Yield the dossier's line with code, person, promise and what is left; below it the procedure and the holder."""
    promise = f"{entry.promise:<{_PROMISE}} {entry.remaining}"
    start = f"  {entry.code}  "
    room = min(_NAME, WIDTH - width(start) - width(promise) - 1)
    name = fitted(entry.applicant, room)
    yield f"{start}{name}{' ' * (room - width(name))} {promise}".rstrip()
    held = _("ở {holder}").format(holder=entry.holder) if entry.holder else ""
    tail = " · ".join(part for part in (entry.official_code, held) if part)
    tail = fitted(f" · {tail}", _TAIL) if tail else ""
    yield "    " + fitted(entry.procedure, WIDTH - 4 - width(tail)) + tail


def fitted(text: str, columns: int) -> str:
    """Return a text cut to so many columns, with an ellipsis where something is missing."""
    if width(text) <= columns:
        return text
    kept = text
    while kept and width(kept) > columns - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"
