"""Form 01 as plain text of 80 columns: the receipt with the promised date (TT 03/2025/TT-VPCP, Phụ lục I).

Its words are the law's, Vietnamese whatever the language of the screen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

WIDTH = 80


class Person(Struct, frozen=True):
    """A person as the form asks for them."""

    name: str
    id_number: str
    address: str
    phone: str
    email: str


class Receipt(Struct, frozen=True):
    """All fields of form 01; instants in the office's zone.

    `copy` numbers the reprints, `corrected` the corrections of what the form says.
    """

    unit_name: str
    place: str
    number: str
    code: str
    official_code: str
    applicant: Person
    representative: Person | None
    request: str
    components: Sequence[str]
    sets: int
    limit: str
    received: datetime
    promise: datetime | None
    promise_note: str
    return_way: str
    officer: str
    practice: bool
    copy: int = 0
    corrected: int = 0


NEW_PAGE = "\f"
"""Begins the first line of a second page."""


class Back(Struct, frozen=True):
    """The slip's back: why the promised date is what it is; each of `reasons` is a title and its lines."""

    code: str
    number: str
    reasons: Sequence[tuple[str, Sequence[str]]]
    basis: str
    practice: bool


def back_lines(back: Back) -> tuple[str, ...]:
    """Return the back's lines, none wider than 80 columns; the first one begins a new page."""
    found = [centred("*** THỰC HÀNH - KHÔNG CÓ GIÁ TRỊ ***")] if back.practice else []
    found.append(centred("CÁCH TÍNH THỜI GIAN TRẢ KẾT QUẢ"))
    found += wrapped(f"Mã hồ sơ: {back.code} · giấy tiếp nhận số {back.number}")
    for title, reason in back.reasons:
        found += ["", title, *reason]
    found += ["", *wrapped(back.basis)]
    return NEW_PAGE + found[0], *found[1:]


def lines(slip: Receipt) -> tuple[str, ...]:
    """Return the slip's lines, none wider than 80 columns."""
    return tuple(_lines(slip))


def _lines(slip: Receipt) -> Iterator[str]:
    if slip.practice:
        yield centred("*** THỰC HÀNH - KHÔNG CÓ GIÁ TRỊ ***")
    if slip.copy or slip.corrected:
        yield centred(_which(slip))
    yield from _two("ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    yield from _two(slip.unit_name.upper(), "Độc lập - Tự do - Hạnh phúc")
    yield from _two("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", "-" * 27)
    dated = f"{slip.place}, ngày {slip.received.day:02d} tháng {slip.received.month:02d} năm {slip.received.year}"
    yield from _two(f"Số: {slip.number}/TTPVHCC", dated)
    yield ""
    yield centred("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ")
    yield centred(f"Mã hồ sơ: {slip.official_code or slip.code}")
    if not slip.official_code:
        yield centred("(mã tạm của trung tâm; mã chính thức cấp sau)")
    elif slip.official_code != slip.code:
        yield centred(f"(mã tạm của trung tâm: {slip.code})")
    yield ""
    yield from _field("Trung tâm Phục vụ hành chính công", slip.unit_name)
    yield from _field("Tiếp nhận hồ sơ của Ông (Bà)/Tổ chức", slip.applicant.name)
    yield from _field("Số định danh cá nhân/tổ chức", slip.applicant.id_number)
    yield from _field("Địa chỉ", slip.applicant.address)
    yield from _field("Số điện thoại", slip.applicant.phone)
    yield from _field("Email", slip.applicant.email)
    if slip.representative is not None:
        other = slip.representative
        yield "Người nộp theo ủy quyền:"
        yield from _field("  Họ tên", other.name)
        yield from _field("  Số định danh", other.id_number)
        yield from _field("  Địa chỉ", other.address)
        yield from _field("  Số điện thoại / Email", " / ".join(x for x in (other.phone, other.email) if x))
    yield from _field("Nội dung yêu cầu giải quyết", slip.request)
    yield "Thành phần hồ sơ nộp gồm:"
    for place, component in enumerate(slip.components, 1):
        yield from wrapped(f"  {place}. {component}", "     ")
    if not slip.components:
        yield "  …"
    yield from _field("Số lượng hồ sơ", f"{slip.sets:02d} (bộ)")
    yield from _field("Thời gian giải quyết hồ sơ theo quy định là", slip.limit)
    yield from _field("Thời gian nhận hồ sơ", clock_and_day(slip.received))
    promised = clock_and_day(slip.promise) if slip.promise is not None else "…"
    yield from _field("Thời gian trả kết quả giải quyết hồ sơ", promised)
    if slip.promise_note:
        yield from wrapped(f"  ({slip.promise_note})", "   ")
    yield from _field("Đăng ký nhận kết quả tại", slip.return_way)
    yield from _field("Vào Sổ theo dõi hồ sơ, Quyển số …, Số thứ tự", slip.number)
    yield ""
    yield from _two("NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ")
    yield from _two("(Ký và ghi rõ họ tên)", "(Ký và ghi rõ họ tên)")
    yield from ("", "", "")
    submitted = slip.representative.name if slip.representative is not None else slip.applicant.name
    yield from _two(submitted, slip.officer)


def _which(slip: Receipt) -> str:
    """Return which copy it is, and how often what it says was corrected."""
    copy = f"bản in lại lần {slip.copy}" if slip.copy else ""
    corrected = f"đã sửa lần {slip.corrected}" if slip.corrected else ""
    return f"({', '.join(each for each in (copy, corrected) if each)})"


def clock_and_day(when: datetime) -> str:
    """Return the hour, minute and date in the words of the form."""
    return f"{when.hour:02d} giờ {when.minute:02d} phút, ngày {when.day:02d} tháng {when.month:02d} năm {when.year}"


def width(text: str) -> int:
    """Return the columns of a text: marks and what is invisible take none, wide letters two."""
    return sum(map(_cells, text))


def _cells(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def _field(label: str, value: str) -> Iterator[str]:
    yield from wrapped(f"{label}: {value or '…'}", "  ")


def wrapped(text: str, indent: str = "", columns: int = WIDTH) -> list[str]:
    """Return lines no wider than `columns`, all but the first behind `indent`; a longer word is broken."""
    first = text[: len(text) - len(text.lstrip())]
    lines, used = [first], width(first)
    empty = True
    for word in unicodedata.normalize("NFC", text).split():
        if not empty and used + 1 + width(word) > columns:
            lines, used, empty = [*lines, indent], width(indent), True
        if not empty:
            lines[-1], used = lines[-1] + " ", used + 1
        for char in word:
            if used + _cells(char) > columns:
                lines, used = [*lines, indent], width(indent)
            lines[-1], used = lines[-1] + char, used + _cells(char)
        empty = False
    return lines


def centred(text: str) -> str:
    """Return a line with a text in its middle."""
    return (" " * max(0, (WIDTH - width(text)) // 2) + text).rstrip()


def _two(left: str, right: str) -> Iterator[str]:
    """Yield two columns of 40 characters, each centred and wrapped."""
    pair = [wrapped(side, columns=WIDTH // 2 - 2) for side in (left, right)]
    for place in range(max(len(side) for side in pair)):
        halves = [side[place] if place < len(side) else "" for side in pair]
        padded = [" " * ((WIDTH // 2 - width(half)) // 2) + half for half in halves]
        yield (padded[0] + " " * (WIDTH // 2 - width(padded[0])) + padded[1]).rstrip()
