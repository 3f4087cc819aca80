"""Entry of the `desk` command: answers `--version` at once and loads the rest only when it is asked for."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

_DISTRIBUTION = "motcua-desk"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status (0 done, 1 no, 2 usage or input, 3 environment)."""
    _open_streams()
    _speak_utf8()
    words = sys.argv[1:] if arguments is None else list(arguments)
    from desk.cli.status import guarded

    return guarded(_version) if words == ["--version"] else guarded(lambda: _run(words))


def _version() -> int:
    from importlib.metadata import PackageNotFoundError, version

    try:
        print(f"desk {version(_DISTRIBUTION)}")
    except PackageNotFoundError as error:
        from desk.cli.status import CommandError, Status
        from desk.words import _

        raise CommandError(Status.ENVIRONMENT, _("phần mềm chưa được cài đặt, hãy cài bằng pip")) from error
    return 0


def _run(words: list[str]) -> int:
    from desk.cli.language import speak

    # First of all: what is loaded after it may hold words.
    speak(words)
    if not words:
        from desk.cli.opening import open_here

        return open_here()
    from desk.cli.app import run

    return run(words)


def _open_streams() -> None:
    """Put nothing in the place of a standard stream that was closed: no file opened later must take its number."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            nothing = os.open(os.devnull, os.O_RDONLY if mode == "r" else os.O_WRONLY)
            if nothing != number:
                os.dup2(nothing, number)
                os.close(nothing)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def _speak_utf8() -> None:
    """Write UTF-8 whatever the locale says: a Vietnamese word must not stop a command redirected into a file."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
