"""What stands beside a list on a wide screen: the dossier under the cursor in a narrow column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from desk.counter import say
from desk.counter.model import DossierView
from desk.tui.screens import dossier_lines as shown
from desk.tui.widgets.painted import Part
from desk.tui.widgets.text import cut, wrap
from desk.words import _

Lines = list[Sequence[Part]]

FIRST_WIDTH = 120
"""Cells of a screen from which on there is room beside the list."""

_LIST_WIDTH, _WIDEST = 80, 60
_WIDE_NAMES = 110
_MOST_NAME = 3


def beside_width(width: int) -> int:
    """Return the cells beside the list on a screen so wide; 0 where there is no room."""
    return min(_WIDEST, width - _LIST_WIDTH) if width >= FIRST_WIDTH else 0


def has_wide_names(width: int) -> bool:
    """Say whether the names of procedures stand in a list as the catalogue has them on a screen so wide."""
    return width - beside_width(width) >= _WIDE_NAMES


def beside_lines(view: DossierView, now: datetime, room: int) -> Lines:
    """Return codes, state, procedure, applicant, the three dates and the history, newest first."""
    lines: Lines = [[(view.code, "strong")], [(view.state_name.upper(), "strong")]]
    official = view.official_code or _("chưa có mã chính thức")
    lines += _block(official, room, "" if view.official_code else "muted")
    lines.append(())
    lines += _block(f"{view.procedure_code} {view.procedure}", room, most=_MOST_NAME)
    lines += _block(f"{view.limit} · {say.channel_name(view.channel)}", room, "muted")
    lines.append(())
    lines += _block(view.applicant, room, "strong")
    lines += _block(" · ".join(part for part in (view.id_number, view.phone) if part), room)
    lines += _block(view.address, room)
    lines.append(())
    for name, (label, at, *said) in zip(("legal", "first", "promise"), shown.date_lines(view, now), strict=True):
        lines.append([(f"{label[0].strip():<14}", "muted"), (at[0].strip(), "")])
        # What is said of the first promise is the same for every dossier.
        if said and name != "first":
            words = "".join(text for text, _style in said)
            lines += [[("  " + line, said[0][1])] for line in wrap(words, room - 2) if line]
    if view.holder:
        lines += _block(_("đang ở: {holder}").format(holder=view.holder), room)
    lines += [(), [(_("Diễn biến, mới nhất trước"), "muted")]]
    for event in reversed(view.events):
        words = " · ".join(part for part in (event.what, event.who, event.note) if part)
        lines += _block(f"{event.at:%d/%m %H:%M}  {words}", room, "muted" if event.undone else "")
    return lines


def _block(text: str, room: int, style: str = "", *, most: int = 99) -> Lines:
    lines = wrap(text, room) if text else []
    if len(lines) > most:
        lines = [*lines[: most - 1], cut(f"{lines[most - 1]} {lines[most]}", room)]
    return [[(line, style)] for line in lines]
