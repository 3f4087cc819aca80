"""Words for what the province published and for the centre's messages, the same on the screen and in commands."""

from __future__ import annotations

from desk.counter.from_province import NewsState
from desk.daily.messages import MessageKind
from desk.daily.published import PublishedKind
from desk.words import _


def news_kind(kind: PublishedKind | None) -> str:
    """Return what a published file is, in a word; a dash for one that could not be believed."""
    if kind is None:
        return "—"
    return {
        PublishedKind.CALENDAR: _("lịch"),
        PublishedKind.CATALOGUE: _("danh mục"),
        PublishedKind.MESSAGE: _("tin nhắn"),
    }[kind]


def news_state(state: NewsState) -> str:
    """Return what became of it, in a word."""
    return {
        NewsState.NEW: _("MỚI"),
        NewsState.DONE: _("xong"),
        NewsState.OLD: _("không mới"),
        NewsState.REFUSED: _("TỪ CHỐI"),
    }[state]


def message_kind(kind: MessageKind) -> str:
    """Return what a message of the centre is, in a word."""
    return {MessageKind.DIFFICULTY: _("vướng mắc"), MessageKind.QUESTION: _("câu hỏi")}[kind]
