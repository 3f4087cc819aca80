"""The card of keys to put up at the desk: one A4 page of plain text, made from the declared commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from desk.forms.receipt import WIDTH, centred, width
from desk.rules.text import fold
from desk.tui.commands import GLOBAL, PLACES, QUIT, Command
from desk.words import _

MOST_LINES = 62
"""Lines of an A4 page in a printer's own type."""

_KEYS, _LABEL = 22, 11


def sections() -> tuple[tuple[str, tuple[Command, ...]], ...]:
    """Return the screens of the card with the commands of each."""
    from desk.tui.screens.certify import CertifyScreen
    from desk.tui.screens.closing import ClosingScreen
    from desk.tui.screens.dossier import DossierScreen
    from desk.tui.screens.home import HomeScreen
    from desk.tui.screens.receive import ReceiveScreen
    from desk.tui.screens.retype import RetypeScreen

    return (
        (_("VIỆC, DANH SÁCH"), HomeScreen.COMMANDS_HERE),
        (_("TIẾP NHẬN"), ReceiveScreen.COMMANDS_HERE),
        (_("CHỨNG THỰC NHANH"), CertifyScreen.COMMANDS_HERE),
        (_("HỒ SƠ"), DossierScreen.COMMANDS_HERE),
        (_("NHẬP LẠI VÀO HỆ THỐNG TỈNH"), RetypeScreen.COMMANDS_HERE),
        (_("CHỐT NGÀY"), ClosingScreen.COMMANDS_HERE),
    )


def card(centre: str) -> tuple[str, ...]:
    """Return the card, none of its lines wider than 80 columns."""
    return tuple(_lines(centre))


def _lines(centre: str) -> Iterator[str]:
    yield centred(_("THẺ PHÍM · {centre}").format(centre=centre))
    yield _("Ở MỌI MÀN HÌNH")
    for command in GLOBAL:
        yield from _line(command)
    yield _("F9 RỒI GÕ TÊN, KHÔNG CẦN DẤU")
    yield from _joined(fold(command.label) for command in (*PLACES, QUIT))
    for title, commands in sections():
        yield title
        signs = [command for command in commands if _sign(command)]
        if signs:
            yield from _joined(f"{_sign(each)} {each.label}" for each in sorted(signs, key=_sign))
        for command in commands:
            if command.key and not _sign(command):
                yield from _line(command)


def _sign(command: Command) -> str:
    """Return the digit, or the plus beside them, that runs a command."""
    key = command.key or command.in_menu
    return key if key.isdigit() else "+" if key == "plus" else ""


def _joined(entries: Iterable[str]) -> Iterator[str]:
    """Yield entries side by side, none broken."""
    line = " "
    for entry in entries:
        if width(line) + width(entry) + 3 > WIDTH:
            yield line
            line = " "
        line += (" · " if line.strip() else " ") + entry
    yield line


def _line(command: Command) -> Iterator[str]:
    """Yield one command on one line: its keys, its name, as many whole words of its sentence as there is room for."""
    start = f"  {command.key_names}".ljust(_KEYS)
    start += command.label + " " * max(1, _LABEL - width(command.label))
    said = command.help
    while width(start) + width(said) > WIDTH:
        said = said.rstrip("…").rpartition(" ")[0].rstrip(" ,;:·") + "…"
    yield start + said
