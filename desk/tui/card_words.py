"""What the receipt form says of a scanned card and of a personal number, and what it saves of a spoilt scan."""

from __future__ import annotations

import re
from datetime import date

from msgspec import Struct

from desk.rules.card_fields import Sex
from desk.rules.identity import (
    Card,
    CardReject,
    CardWarning,
    IdWarning,
    Verdict,
    check_id_number,
    read_card,
    split_scans,
)
from desk.words import _


class Reading(Struct, frozen=True):
    """What of one scan goes into the form: a card, or only its number, or nothing; and the sentence to say."""

    card: Card | None = None
    id_number: str = ""
    sentence: str = ""
    good: bool = False


def read_scan(payload: str, today: date | None = None) -> Reading:
    """Read a scan; of a spoilt one the twelve digits are kept wherever they stand whole."""
    card = read_card(payload, today=today)
    if card.reason is CardReject.DOUBLE:
        cards = [read_card(part, today=today) for part in split_scans(payload)]
        usable = {each.id_number: each for each in cards if each.verdict is not Verdict.REJECT}
        if len(usable) == 1:
            card = next(iter(usable.values()))
    if card.reason is not None:
        number = _number_of(payload) if card.reason in _NUMBER_STANDS else ""
        return Reading(id_number=number, sentence=reject_sentence(card.reason, kept=bool(number)))
    doubts = [warning_sentence(warning) for warning in (*card.warnings, *card.notes) if warning not in _BESIDE]
    if not doubts:
        return Reading(card, card.id_number, _("Đã đọc thẻ: so tên với thẻ bằng mắt."), good=True)
    sentence = _("Thẻ: {doubts}. So với thẻ mà sửa.").format(doubts=", ".join(doubts[:MOST_DOUBTS]))
    return Reading(card, card.id_number, sentence, good=card.verdict is Verdict.OK)


def reject_sentence(reason: CardReject, *, kept: bool = False) -> str:
    """Return why a scan gives nothing, and what to do; `kept` where its number could be used all the same."""
    why = {
        CardReject.EMPTY: _("Lần quét không có nội dung"),
        CardReject.TOO_LONG: _("Dài hơn mọi thẻ: không phải mã QR trên thẻ căn cước"),
        CardReject.UNKNOWN: _("Không phải mã QR trên thẻ căn cước"),
        CardReject.HEALTH_CARD: _("Đây là thẻ bảo hiểm y tế, không điền gì"),
        CardReject.NO_SEPARATORS: _("Máy quét làm mất dấu |"),
        CardReject.NO_ID: _("Không thấy đủ 12 chữ số định danh"),
        CardReject.BAD_DATE: _("Có ngày không có thật"),
        CardReject.INCOMPLETE: _("Nội dung thẻ bị cắt ngắn"),
        CardReject.DOUBLE: _("Hai thẻ quét dính nhau"),
    }[reason]
    if kept:
        return _("{why}: chỉ giữ được số định danh, gõ phần còn lại.").format(why=why)
    if reason is CardReject.HEALTH_CARD:
        return _("{why}: quét thẻ căn cước, hoặc gõ.").format(why=why)
    return _("{why}: quét lại, hoặc gõ.").format(why=why)


def warning_sentence(warning: CardWarning) -> str:
    """Return what is doubtful about a card that could be read."""
    return {
        CardWarning.PROVINCE_UNKNOWN: _("ba số đầu không phải mã nơi khai sinh"),
        CardWarning.ENCODING_REPAIRED: _("chữ lỗi bảng mã đã sửa"),
        CardWarning.SEPARATORS_FOREIGN: _("dấu | bị đổi"),
        CardWarning.MARKS_LOST: _("chữ mất dấu"),
        CardWarning.TELEX_LEFT: _("tên còn phím Telex"),
        CardWarning.NAME_DAMAGED: _("tên mất chữ"),
        CardWarning.ADDRESS_DAMAGED: _("địa chỉ mất chữ"),
        CardWarning.SEX_DAMAGED: _("giới tính không rõ"),
        CardWarning.BIRTH_INCOMPLETE: _("chỉ có năm sinh"),
        CardWarning.ISSUED_MISSING: _("thiếu ngày cấp"),
        CardWarning.DATES_CONTRADICT: _("ngày cấp trước ngày sinh"),
        CardWarning.DATE_IN_FUTURE: _("có ngày ở tương lai"),
        CardWarning.BORN_ABROAD: _("sinh ở nước ngoài"),
        CardWarning.SEX_MISMATCH: _("số không khớp giới tính"),
        CardWarning.BIRTH_MISMATCH: _("số không khớp năm sinh"),
        CardWarning.ORDER_UNCONFIRMED: _("thứ tự các phần lạ"),
        CardWarning.SURPLUS_DROPPED: _("phần thừa đã bỏ"),
    }[warning]


def person_words(card: Card) -> str:
    """Return sex and birth of a card for the officer's eye, `Nữ · 02/02/1980`; they are never kept."""
    sexes = {Sex.MALE: _("Nam"), Sex.FEMALE: _("Nữ")}
    birth = f"{card.birth_date:%d/%m/%Y}" if card.birth_date else ""
    return " · ".join(part for part in (sexes[card.sex] if card.sex else "", birth) if part)


def number_words(number: str, card: Card | None = None) -> str:
    """Return what is implausible about a personal number, in a few words; empty for a plausible or absent one."""
    if not number:
        return ""
    known = card is not None and card.id_number == number
    found = check_id_number(
        number, sex=card.sex if known and card else None, birth_date=card.birth_date if known and card else None
    )
    words = {
        IdWarning.NOT_TWELVE_DIGITS: _("{n} số, cần 12").format(n=len(number)),
        IdWarning.OLD_NINE_DIGITS: _("CMND 9 số đã hết hạn"),
        IdWarning.PROVINCE_UNKNOWN: _("không có mã nơi sinh {code}").format(code=number[:3]),
        IdWarning.BORN_ABROAD: _("sinh ở nước ngoài"),
        IdWarning.SEX_MISMATCH: _("không khớp giới tính"),
        IdWarning.BIRTH_MISMATCH: _("không khớp năm sinh"),
    }
    return ", ".join(words[each] for each in found)


MOST_DOUBTS = 3
"""Doubts that fit on the line; the officer compares the whole card anyway."""

_BESIDE = frozenset(
    {
        CardWarning.BORN_ABROAD,
        CardWarning.SEX_MISMATCH,
        CardWarning.BIRTH_MISMATCH,
        CardWarning.PROVINCE_UNKNOWN,
        CardWarning.SURPLUS_DROPPED,
    }
)
"""Doubts of the number stand beside it; dropped fields are no officer's concern."""

_NUMBER_STANDS = frozenset({CardReject.NO_SEPARATORS, CardReject.BAD_DATE, CardReject.INCOMPLETE, CardReject.UNKNOWN})
_NUMBER_FIRST = re.compile(r"\W*([0-9]{12})(?![0-9]{1,8}\b)")


def _number_of(payload: str) -> str:
    """Return the twelve digits that open a payload, also where the number before 2021 follows without a bar."""
    found = _NUMBER_FIRST.match(payload)
    return found[1] if found else ""
