"""Fees of a procedure, read from the catalogue's amount and note; money is whole đồng."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct

from db.vocabulary import Channel


class FeeKind(StrEnum):
    """How a fee is counted."""

    UNKNOWN = "unknown"
    PER_CASE = "per_case"
    PER_COPY = "per_copy"
    PER_PAGE_CAPPED = "per_page_capped"
    BY_CHANNEL = "by_channel"


class FeeRule(Struct, frozen=True):
    """One procedure's fee; `doubtful` where the catalogue says that the amount must be compared with the law."""

    kind: FeeKind
    amount: int = 0
    later_pages: int = 0
    first_pages: int = 0
    cap: int = 0
    channels: tuple[tuple[Channel, int], ...] = ()
    doubtful: bool = False

    @classmethod
    def parse(cls, fee_vnd: str | int | None, fee_note: str = "") -> FeeRule:
        """Read a catalogue row: the amount in đồng (empty: left to the province or not known) and its note.

        Raises ValueError for an amount that is not a whole number of đồng.
        """
        note = unicodedata.normalize("NFC", fee_note).casefold()
        amount = _amount(fee_vnd)
        doubtful = "cần đối chiếu" in note
        if amount is None:
            return cls(FeeKind.UNKNOWN, doubtful=doubtful)
        if pages := _PAGES.search(note):
            first, third, later, cap = (_dong(text) for text in pages.groups())
            return cls(FeeKind.PER_PAGE_CAPPED, first, later, third - 1, cap, doubtful=doubtful)
        if channels := tuple((_CHANNELS[name], _dong(text)) for name, text in _BY_CHANNEL.findall(note)):
            return cls(FeeKind.BY_CHANNEL, amount, channels=channels, doubtful=doubtful)
        # A free procedure may name the price of a copy beside it; that copy is another procedure.
        kind = FeeKind.PER_COPY if amount and _PER_COPY.search(note) else FeeKind.PER_CASE
        return cls(kind, amount, doubtful=doubtful)


CERTIFIED_COPY = FeeRule(FeeKind.PER_PAGE_CAPPED, 2_000, 1_000, 2, 200_000)
"""Certified copies: 2.000 đ a page, 1.000 đ from the third, at most 200.000 đ a copy (TT 226/2016/TT-BTC, art. 4)."""


def fee(rule: FeeRule, *, channel: Channel = Channel.DIRECT, copies: int = 1, pages: int = 1) -> int | None:
    """Return the fee in đồng; None where the catalogue does not know it (left to the province).

    A channel without a price of its own costs what the counter costs. Raises ValueError for less than one copy or page.
    """
    if copies < 1 or pages < 1:
        raise ValueError("copies" if copies < 1 else "pages")
    match rule.kind:
        case FeeKind.UNKNOWN:
            return None
        case FeeKind.PER_CASE:
            return rule.amount
        case FeeKind.PER_COPY:
            return rule.amount * copies
        case FeeKind.BY_CHANNEL:
            prices = dict(rule.channels)
            return prices.get(channel, prices.get(Channel.DIRECT, rule.amount))
        case FeeKind.PER_PAGE_CAPPED:
            early = min(pages, rule.first_pages)
            return copies * min(rule.cap, rule.amount * early + rule.later_pages * (pages - early))


_MONEY = r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)\s*(?:đồng|đ)"
_PAGES = re.compile(rf"{_MONEY}/trang;\s*từ trang thứ ([0-9]+):\s*{_MONEY}/trang;\s*tối đa {_MONEY}/bản")
_CHANNELS = MappingProxyType(
    {"trực tiếp": Channel.DIRECT, "trực tuyến": Channel.ONLINE, "dịch vụ bưu chính": Channel.POST}
)
_BY_CHANNEL = re.compile(rf"({'|'.join(_CHANNELS)}):\s*{_MONEY}")
_PER_COPY = re.compile(r"/bản\b")


def _amount(value: str | int | None) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, str) and not re.fullmatch("[0-9]+", value.strip()):
        raise ValueError("fee")
    amount = int(value)
    if amount < 0:
        raise ValueError("fee")
    return amount


def _dong(text: str) -> int:
    return int(text.replace(".", ""))
