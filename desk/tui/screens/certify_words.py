"""What the fast lane asks, and what it says of payments and of codes."""

from __future__ import annotations

from collections.abc import Sequence

from db.vocabulary import PayMethod
from desk.counter import say
from desk.counter.model import Done
from desk.rules.identity import ScanKind, recognise
from desk.rules.numbering import parse_provisional
from desk.tui.widgets.modals import Confirm
from desk.tui.widgets.router import Scanned
from desk.words import _


class OtherPerson(Confirm):
    """Somebody else's papers are typed in already; another scan is not an answer."""

    def on_scanned(self, message: Scanned) -> None:
        """Leave the question open; only a code is let through, to its dossier."""
        if recognise(message.payload) is ScanKind.CARD:
            message.stop()


def pay_words(method: PayMethod | None) -> str:
    """Return how a visit is paid."""
    return _("CHƯA THU TIỀN") if method is None else say.pay_method_name(method)


def codes_of(done: Sequence[Done]) -> str:
    """Return the codes as lists have them; of many the first and the last."""
    parsed = [(each.code, parse_provisional(each.code)) for each in done]
    short = [code if found is None else found.short for code, found in parsed]
    if len(short) <= 2:
        return ", ".join(short)
    return _("{n} hồ sơ {first} … {last}").format(n=len(short), first=short[0], last=short[-1])
