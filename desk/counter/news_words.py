"""Words for what the province published and for the centre's messages, the same on the screen and in commands."""

from __future__ import annotations

from desk.counter.from_province import NewsState
from desk.counter.province_keys import KeyEffect
from desk.counter.unit_changes import CommuneChange, CommuneLine, UnitsEffect
from desk.daily.messages import MessageKind
from desk.daily.published import PublishedKind
from desk.words import _, counted


def news_kind(kind: PublishedKind | None) -> str:
    """Return what a published file is, in a word; a dash for one that could not be believed."""
    if kind is None:
        return "—"
    return {
        PublishedKind.CALENDAR: _("lịch"),
        PublishedKind.CATALOGUE: _("danh mục"),
        PublishedKind.MESSAGE: _("tin nhắn"),
        PublishedKind.UNITS: _("đơn vị"),
        PublishedKind.KEY: _("khóa tỉnh"),
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


def commune_change(change: CommuneChange) -> str:
    """Return what becomes of a commune, in a word or two."""
    return {
        CommuneChange.NEW: _("mới"),
        CommuneChange.RENAMED: _("đổi tên"),
        CommuneChange.WIDER: _("nhận thêm"),
        CommuneChange.MERGED: _("nhập"),
        CommuneChange.SPLIT: _("chia"),
    }[change]


def commune_line(line: CommuneLine) -> str:
    """Return from what to what a commune changes, and from when."""
    day = f"{line.day:%d/%m/%Y}"
    if line.change is CommuneChange.NEW:
        return _("{after}, từ {day}").format(after=line.after, day=day)
    if line.change is CommuneChange.WIDER:
        return _("{before}: địa giới rộng hơn từ {day}").format(before=line.before, day=day)
    return _("{before} → {after}, từ {day}").format(before=line.before, after=line.after, day=day)


def units_sentence(effect: UnitsEffect) -> str:
    """Return what a file of communes changes in one sentence, the centre's own commune first."""
    said = counted("{n} thay đổi đơn vị; địa chỉ cũ được đổi theo từ ngày ghi.", len(effect.lines))
    if effect.own is None:
        return said
    own = _("CHÚ Ý, ĐƠN VỊ CỦA TA ({change}): {line}.")
    return own.format(change=commune_change(effect.own.change), line=commune_line(effect.own)) + " " + said


def key_sentence(effect: KeyEffect) -> str:
    """Return what an officer compares before a key of the province is believed."""
    text = _(
        "Tỉnh ký bằng khóa mới từ {first}; khóa cũ còn được nhận đến hết {until}. Đối chiếu vân tay mới với bản giấy "
        "của tỉnh trước khi áp dụng."
    )
    return text.format(first=f"{effect.first:%d/%m/%Y}", until=f"{effect.until:%d/%m/%Y}")


def key_lines(effect: KeyEffect) -> tuple[tuple[str, str], ...]:
    """Return both fingerprints, each with what it is."""
    return (_("Khóa cũ"), effect.before), (_("Khóa mới"), effect.after)
