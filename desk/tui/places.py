"""The screens a command goes to by name, imported when they are first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.tui.screens.base import DeskScreen


def screen_of(name: str) -> type[DeskScreen]:
    """Return the screen of a place, by the name that its command goes to."""
    if name == "morning":
        from desk.tui.screens.morning import MorningScreen

        return MorningScreen
    if name == "calendar":
        from desk.tui.screens.calendar import CalendarScreen

        return CalendarScreen
    if name == "certify":
        from desk.tui.screens.certify import CertifyScreen

        return CertifyScreen
    if name == "closing":
        from desk.tui.screens.closing import ClosingScreen

        return ClosingScreen
    if name == "numbers":
        from desk.tui.screens.numbers import NumbersScreen

        return NumbersScreen
    if name == "officers":
        from desk.tui.screens.officers import OfficersScreen

        return OfficersScreen
    if name == "check":
        from desk.tui.screens.check import CheckScreen

        return CheckScreen
    if name == "cash":
        from desk.tui.screens.cash import CashScreen

        return CashScreen
    if name == "shift":
        from desk.tui.screens.shift import ShiftScreen

        return ShiftScreen
    if name == "calls":
        from desk.tui.screens.calls import CallsScreen

        return CallsScreen
    if name == "outbox":
        from desk.tui.screens.outbox import OutboxScreen

        return OutboxScreen
    raise LookupError(name)
