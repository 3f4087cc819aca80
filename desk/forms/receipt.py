"""Form 01 as plain text of 80 columns: the receipt with the promised date (TT 03/2025/TT-VPCP, Phụ lục I)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.words import _

WIDTH = 80


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the form asks for them."""

    name: str
    id_number: str
    address: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """All fields of form 01; instants in the office's zone."""

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


NEW_PAGE = "\f"
"""Begins the first line of a second page."""


@dataclass(frozen=True, slots=True)
class Back:
    """The slip's back: why the promised date is what it is; each of `reasons` is a title and its lines."""

    code: str
    number: str
    reasons: Sequence[tuple[str, Sequence[str]]]
    basis: str
    practice: bool


def back_lines(back: Back) -> tuple[str, ...]:
    """Return the back's lines, none wider than 80 columns; the first one begins a new page."""
    found = [centred(_("*** THỰC HÀNH - KHÔNG CÓ GIÁ TRỊ ***"))] if back.practice else []
    found.append(centred(_("CÁCH TÍNH THỜI GIAN TRẢ KẾT QUẢ")))
    found += wrapped(_("Mã hồ sơ: {code} · giấy tiếp nhận số {number}").format(code=back.code, number=back.number))
    for title, reason in back.reasons:
        found += ["", title, *reason]
    found += ["", *wrapped(back.basis)]
    return NEW_PAGE + found[0], *found[1:]


def lines(slip: Receipt) -> tuple[str, ...]:
    """Return the slip's lines, none wider than 80 columns."""
    return tuple(_lines(slip))


def _lines(slip: Receipt) -> Iterator[str]:
    if slip.practice:
        yield centred(_("*** THỰC HÀNH - KHÔNG CÓ GIÁ TRỊ ***"))
    if slip.copy:
        yield centred(_("(bản in lại lần {n})").format(n=slip.copy))
    yield from _two(_("ỦY BAN NHÂN DÂN"), _("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))
    yield from _two(slip.unit_name.upper(), _("Độc lập - Tự do - Hạnh phúc"))
    yield from _two(_("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"), "-" * 27)
    dated = _("{place}, ngày {d:02d} tháng {m:02d} năm {y}").format(
        place=slip.place, d=slip.received.day, m=slip.received.month, y=slip.received.year
    )
    yield from _two(_("Số: {number}/TTPVHCC").format(number=slip.number), dated)
    yield ""
    yield centred(_("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"))
    yield centred(_("Mã hồ sơ: {code}").format(code=slip.official_code or slip.code))
    if not slip.official_code:
        yield centred(_("(mã tạm của trung tâm; mã chính thức cấp sau)"))
    elif slip.official_code != slip.code:
        yield centred(_("(mã tạm của trung tâm: {code})").format(code=slip.code))
    yield ""
    yield from _field(_("Trung tâm Phục vụ hành chính công"), slip.unit_name)
    yield from _field(_("Tiếp nhận hồ sơ của Ông (Bà)/Tổ chức"), slip.applicant.name)
    yield from _field(_("Số định danh cá nhân/tổ chức"), slip.applicant.id_number)
    yield from _field(_("Địa chỉ"), slip.applicant.address)
    yield from _field(_("Số điện thoại"), slip.applicant.phone)
    yield from _field(_("Email"), slip.applicant.email)
    if slip.representative is not None:
        other = slip.representative
        yield _("Người nộp theo ủy quyền:")
        yield from _field(_("  Họ tên"), other.name)
        yield from _field(_("  Số định danh"), other.id_number)
        yield from _field(_("  Địa chỉ"), other.address)
        yield from _field(_("  Số điện thoại / Email"), " / ".join(x for x in (other.phone, other.email) if x))
    yield from _field(_("Nội dung yêu cầu giải quyết"), slip.request)
    yield _("Thành phần hồ sơ nộp gồm:")
    for place, component in enumerate(slip.components, 1):
        yield from wrapped(f"  {place}. {component}", "     ")
    if not slip.components:
        yield "  …"
    yield from _field(_("Số lượng hồ sơ"), _("{n:02d} (bộ)").format(n=slip.sets))
    yield from _field(_("Thời gian giải quyết hồ sơ theo quy định là"), slip.limit)
    yield from _field(_("Thời gian nhận hồ sơ"), clock_and_day(slip.received))
    promised = clock_and_day(slip.promise) if slip.promise is not None else "…"
    yield from _field(_("Thời gian trả kết quả giải quyết hồ sơ"), promised)
    if slip.promise_note:
        yield from wrapped(f"  ({slip.promise_note})", "   ")
    yield from _field(_("Đăng ký nhận kết quả tại"), slip.return_way)
    yield from _field(_("Vào Sổ theo dõi hồ sơ, Quyển số …, Số thứ tự"), slip.number)
    yield ""
    yield from _two(_("NGƯỜI NỘP HỒ SƠ"), _("NGƯỜI TIẾP NHẬN HỒ SƠ"))
    yield from _two(_("(Ký và ghi rõ họ tên)"), _("(Ký và ghi rõ họ tên)"))
    yield from ("", "", "")
    submitted = slip.representative.name if slip.representative is not None else slip.applicant.name
    yield from _two(submitted, slip.officer)


def clock_and_day(when: datetime) -> str:
    """Return the hour, minute and date in the words of the form."""
    return _("{h:02d} giờ {mi:02d} phút, ngày {d:02d} tháng {m:02d} năm {y}").format(
        h=when.hour, mi=when.minute, d=when.day, m=when.month, y=when.year
    )


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
