"""A secret that is typed or piped: never an argument, which other programs of the machine could read."""

from __future__ import annotations

import sys

from desk.cli.status import CommandError, Status
from desk.words import _

_LONGEST_LINE = 4096


def asked_secret(question: str, missing: str) -> str:
    """Read a secret: asked twice without echo at a terminal, else the first line of standard input.

    CommandError: `missing` where nothing was typed, or the two differ.
    """
    if not sys.stdin.isatty():
        line = sys.stdin.buffer.readline(_LONGEST_LINE)
        return line.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
    import getpass

    try:
        typed = getpass.getpass(question)
        again = getpass.getpass(_("Gõ lại: "))
    except EOFError as error:
        raise CommandError(Status.USAGE, missing) from error
    if typed != again:
        raise CommandError(Status.USAGE, _("hai lần gõ khác nhau"))
    return typed
