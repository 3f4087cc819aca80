"""`desk` alone: the counter on this terminal; nothing of the command's own machinery is loaded for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from desk.cli.status import CommandError, Status
from desk.cli.visible import raw_output
from desk.settings import Paths, data_folder, passphrase
from desk.words import _

if TYPE_CHECKING:
    from desk.counter.model import Refused
    from desk.counter.service import Counter
    from desk.tui.services import StockTaken


def open_here() -> int:
    """Open the counter on the data folder that no option names."""
    return open_on(Paths(data_folder(None, os.environ)), None)


def open_on(paths: Paths, now: datetime | None) -> int:
    """Open the counter and return its exit status; a missing centre is set up there."""
    require_terminal()
    secret = passphrase(os.environ, paths)
    from desk.tui.entry import open_counter

    with raw_output():
        return open_counter(paths, now=now, passphrase=secret, stock=_stock)


def require_terminal() -> None:
    """Refuse where nobody could see the counter or type at it."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CommandError(
            Status.USAGE, _("bàn làm việc cần một cửa sổ dòng lệnh; xem «desk --help» để dùng từng lệnh")
        )


def _stock(counter: Counter, file: str, told: Callable[[int], None]) -> StockTaken | Refused:
    # What reads lines is loaded for a set-up only.
    from desk.cli.stock import take_stock

    return take_stock(counter, file, told)
