"""What the commands read and print: whole input files, JSON documents and lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from desk.cli.status import CommandError, Status, disk_sentence
from desk.words import _


def print_json(document: object, *, one_line: bool = False) -> None:
    """Print one JSON document on standard output, on one line where the input came by lines."""
    print(json.dumps(document, ensure_ascii=False, indent=None if one_line else 2))


def read_input(path: Path | None) -> bytes:
    """Return the whole of an input file, or of standard input where there is no path or it is `-`.

    Raises `CommandError` with the status for unreadable input.
    """
    if path is None or str(path) == "-":
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(Status.USAGE, disk_sentence(error)) from error
    except ValueError as error:
        text = _("tên tệp không dùng được trên máy này: {path}").format(path=ascii(str(path)))
        raise CommandError(Status.USAGE, text) from error


def text_lines(content: bytes) -> Iterator[tuple[int, str | None]]:
    """Yield the number and text of each line that is not blank; None for a line that is not UTF-8.

    Only LF and CRLF end a line: a separator of Unicode inside a name does not.
    """
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            yield number, line.removesuffix(b"\r").decode("utf-8")
        except UnicodeDecodeError:
            yield number, None


def not_utf8() -> str:
    """Return the sentence for a line that is not UTF-8."""
    return _("không phải văn bản UTF-8")
