"""What the commands read and print: whole input files, lines, JSON documents, tables."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from msgspec import Struct

from desk.cli.status import CommandError, Status, disk_sentence
from desk.cli.visible import in_a_line
from desk.words import _

LONGEST_LINE = 256 * 1024
"""Bytes of one line of a file that is read line by line."""
LARGEST_FILE = 16 * 1024 * 1024
"""Bytes of a file that is read whole."""


class BadLine(Struct, frozen=True):
    """A line that is no text, with the sentence that says why."""

    sentence: str


def print_json(document: object, *, one_line: bool = False) -> None:
    """Print one JSON document on standard output, on one line where the input came by lines."""
    print(json.dumps(document, ensure_ascii=False, indent=None if one_line else 2))


def read_input(path: Path | None, limit: int = LARGEST_FILE) -> bytes:
    """Return the whole of an input file, or of standard input where there is no path or it is `-`.

    Raises `CommandError` with the status for unreadable input; more than `limit` bytes are not read.
    """
    with _open(path) as stream:
        try:
            content: bytes = stream.read(limit + 1)
        except OSError as error:
            raise CommandError(Status.USAGE, f"{path}: {disk_sentence(error)}") from error
    if len(content) > limit:
        raise CommandError(Status.USAGE, _("{path}: lớn hơn {limit} byte, không đọc").format(path=path, limit=limit))
    return content


def input_lines(path: Path | None) -> Iterator[tuple[int, str | BadLine]]:
    """Yield the number and text of each line that is not blank, as it comes; only LF and CRLF end a line.

    A line that is too long or not UTF-8 is yielded as a `BadLine`. Raises `CommandError` for unreadable input.
    """
    with _open(path) as stream:
        number = 0
        while line := _next(stream, path):
            number += 1
            too_long = len(line) > LONGEST_LINE
            while too_long and not line.endswith(b"\n") and (line := _next(stream, path)):
                pass
            text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if too_long:
                yield number, BadLine(_("dòng dài hơn {limit} byte").format(limit=LONGEST_LINE))
            elif text.strip():
                yield number, _decoded(text)


def not_utf8() -> str:
    """Return the sentence for a line that is not UTF-8."""
    return _("không phải văn bản UTF-8")


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns as wide as their widest cell, two blanks between them."""
    lines = [[in_a_line(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(len(row[place]) for row in lines) for place in range(len(headings))]
    for row in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def print_facts(facts: Mapping[str, str]) -> None:
    """Print labelled values, the empty ones left out."""
    for label, value in facts.items():
        if value:
            print(f"{label}: {in_a_line(value)}")


def write_output(path: Path, content: bytes) -> None:
    """Replace a file in one step, readable by its owner only; `-` is standard output.

    A program that reads gets the same bytes as the file would; a terminal only text, with nothing that steers it.
    A link stays a link and a device a device: what stands in their place is written to, not replaced.
    """
    from desk.settings import write_private

    if str(path) == "-":
        _to_standard_output(content)
        return
    if not path.name or path.is_dir():
        raise CommandError(Status.USAGE, _("{path}: là thư mục, không phải tệp").format(path=path))
    if not path.parent.is_dir():
        text = _("{path}: không có thư mục này, hãy tạo nó hoặc chọn nơi khác")
        raise CommandError(Status.ENVIRONMENT, text.format(path=path.parent))
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            stream.write(content)
        return
    try:
        write_private(path.resolve(), content)
    except OSError as error:
        # It names the draft, which nobody asked for.
        raise OSError(error.errno, error.strerror, str(path)) from error


def _to_standard_output(content: bytes) -> None:
    if not sys.stdout.isatty():
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sentence = _("đây không phải văn bản để xem trên màn hình: ghi vào tệp bằng --output FILE")
        raise CommandError(Status.USAGE, sentence) from error
    sys.stdout.write(text.replace("\r\n", "\n"))


def progress() -> Callable[[int, int], None]:
    """Return what tells how far it is: by a bar where somebody watches, else a line for every tenth."""
    return _bar() if sys.stderr.isatty() else _tenths()


def _bar() -> Callable[[int, int], None]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

    bar = Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        auto_refresh=False,
    )
    task = bar.add_task("")

    def tell(done: int, of: int) -> None:
        if not bar.live.is_started:
            bar.start()
        bar.update(task, completed=done, total=of, refresh=True)
        if done >= of:
            bar.stop()

    return tell


def _tenths() -> Callable[[int, int], None]:
    told = 0

    def tell(done: int, of: int) -> None:
        nonlocal told
        tenth = 10 * done // of if of else 10
        if tenth > told:
            print(f"{done}/{of}", file=sys.stderr, flush=True)
            told = tenth

    return tell


def _open(path: Path | None) -> Any:
    if path is None or str(path) == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return path.open("rb")
    except OSError as error:
        raise CommandError(Status.USAGE, disk_sentence(error)) from error
    except ValueError as error:
        text = _("tên tệp không dùng được trên máy này: {path}").format(path=ascii(str(path)))
        raise CommandError(Status.USAGE, text) from error


def _next(stream: Any, path: Path | None) -> bytes:
    try:
        return bytes(stream.readline(LONGEST_LINE + 1))
    except OSError as error:
        raise CommandError(Status.USAGE, f"{path}: {disk_sentence(error)}") from error


def _decoded(line: bytes) -> str | BadLine:
    try:
        return line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8")
    except UnicodeDecodeError:
        return BadLine(not_utf8())
