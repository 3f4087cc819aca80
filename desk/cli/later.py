"""Commands of the table that this version does not have: each says so and ends with the status for wrong usage."""

from __future__ import annotations

import typer

from desk.cli.options import HELP_NAMES, DeskCommand
from desk.cli.status import CommandError, Status
from desk.words import _


def declare(into: typer.Typer, *names: str) -> None:
    """Declare commands that are not in this version; any arguments are taken."""
    for name in names:
        into.command(
            name,
            cls=DeskCommand,
            help=_("(Chưa có trong phiên bản này.)"),
            context_settings={**HELP_NAMES, "ignore_unknown_options": True, "allow_extra_args": True},
        )(_not_yet)


def _not_yet(context: typer.Context) -> None:
    raise CommandError(Status.USAGE, _("«{command}» chưa có trong phiên bản này").format(command=context.command_path))
