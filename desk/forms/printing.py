"""A slip on paper: the system's printer where there is one, else a text file that can be printed later."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from desk.settings import FILE_MODE, FOLDER_MODE

SPOOLERS = ("lp", "lpr")
SECONDS = 20
"""A spooler that takes longer hangs; the officer gets the file instead."""

Spool = Callable[[str, str], str | None]
"""Send a text under a title to the printer; None once it was taken, else why not."""


class Printed(Struct, frozen=True):
    """Where a slip went: to the printer, or into `file`; `fault` says what the printer answered."""

    file: Path | None = None
    fault: str = ""


def spooler() -> Spool | None:
    """Return the system's way to its printer, None where it has none."""
    found = next((path for name in SPOOLERS if (path := shutil.which(name))), None)
    return None if found is None else lambda title, text: _spool(found, title, text)


def print_lines(lines: Sequence[str], title: str, folder: Path, spool: Spool | None) -> Printed:
    """Print a slip, or write it to `folder` as `<title>.txt`; OSError where neither can be done.

    The file holds personal data: it is readable by its owner only, and a later slip of the same title replaces it.
    """
    text = "\n".join(lines) + "\n"
    fault = spool(title, text) if spool is not None else ""
    if spool is not None and fault is None:
        return Printed()
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    file = folder / f"{_UNSAFE.sub('-', title)}.txt"
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "w", encoding="utf-8") as out:
        out.write(text)
    return Printed(file, fault or "")


_UNSAFE = re.compile(r"[^0-9A-Za-z-]+")


def _spool(path: str, title: str, text: str) -> str | None:
    option = "-t" if Path(path).name == "lp" else "-T"
    try:
        done = subprocess.run(  # noqa: S603 - the spooler of the system, the text on its input
            [path, option, title], input=text.encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "timeout"
    return None if done.returncode == 0 else done.stderr.decode(errors="replace").strip() or str(done.returncode)
