"""The catalogues of words, renewed from the sources: `python -m tests.catalogue`, in the folder of the project.

Words that are new come in without a translation and are named; those that no source has any more go out. The compiled
catalogue is written beside its text. Nothing in either depends on the day, the machine or the tool's version.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "desk" / "locale"
KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "counted": (1, 1)}
_WIDTH = 110


class Fixed(Catalog):
    """A catalogue whose header holds only what a reader needs."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The lines of the header."""
        return [
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]

    @mime_headers.setter
    def mime_headers(self, value: object) -> None:
        """Take nothing: the header is fixed."""


def texts(language: str) -> Path:
    """Return the file of a language's words."""
    return LOCALE / language / "LC_MESSAGES" / "desk.po"


def languages() -> list[str]:
    """Return the languages that have a catalogue."""
    return sorted(path.parents[1].name for path in LOCALE.glob("*/LC_MESSAGES/desk.po"))


def extracted() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Yield each message of the sources with its file, in the order in which they stand."""
    for path in sorted((ROOT / "desk").rglob("*.py")):
        with path.open("rb") as source:
            for _line, message, _comments, _context in extract("python", source, keywords=KEYWORDS):
                yield path.relative_to(ROOT).as_posix(), message


def read(language: str) -> Catalog:
    """Return the catalogue of a language as it is written."""
    with texts(language).open("rb") as file:
        return read_po(file, locale=language)


def renewed(language: str) -> Fixed:
    """Return the catalogue of a language for the sources as they are."""
    before = read(language)
    comment = f"# The words of the screen, {language}: `python -m tests.catalogue`."
    found = Fixed(language, header_comment=comment, fuzzy=False)
    for path, message in extracted():
        key = message if isinstance(message, str) else message[0]
        old = before.get(key)
        said = old.string if old is not None else ""
        found.add(message, _formed(said, plural=isinstance(message, tuple)), locations=[(path, 1)])
    return found


def _formed(said: str | tuple[str, ...] | list[str] | None, *, plural: bool) -> str | tuple[str, ...]:
    """Return a translation in as many forms as its message has, also where that has changed."""
    forms = (said or "",) if isinstance(said, str | None) else tuple(said)
    return (forms[0], forms[-1]) if plural else forms[-1]


def as_text(catalogue: Catalog) -> bytes:
    """Return a catalogue as gettext text."""
    file = io.BytesIO()
    write_po(file, catalogue, width=_WIDTH, include_lineno=False)
    return file.getvalue()


def compiled(language: str) -> bytes:
    """Return what a language's text compiles to."""
    found = Fixed(language, fuzzy=False)
    for message in read(language):
        if message.id:
            found.add(message.id, message.string, flags=message.flags)
    compiled_ = io.BytesIO()
    write_mo(compiled_, found)
    return compiled_.getvalue()


def main() -> int:
    """Renew every catalogue; name what has no translation yet and say so by the status."""
    missing = 0
    for language in languages():
        catalogue = renewed(language)
        path = texts(language)
        path.write_bytes(as_text(catalogue))
        path.with_suffix(".mo").write_bytes(compiled(language))
        for message in catalogue:
            said = _formed(message.string, plural=not isinstance(message.id, str))
            if message.id and not all([said] if isinstance(said, str) else said):
                missing += 1
                print(f"{language}: {message.id!r}")
    print(f"without a translation: {missing}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
