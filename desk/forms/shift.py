"""The end of a shift on paper: the count of the cash, and the sheet for whoever comes next; 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from desk.forms.morning import fitted
from desk.forms.receipt import WIDTH, centred, width, wrapped
from desk.rules.money import dong, in_words
from desk.words import _

_SIGNED = 40


class Fee(Struct, frozen=True):
    """A receipt in words; `said` is empty where it simply stands."""

    number: str
    at: str
    code: str
    amount: int
    method: str
    said: str


class CashPage(Struct, frozen=True):
    """The count of a shift; `number` and `counted` only once it is closed."""

    centre: str
    desk: int
    number: str
    since: str
    until: str
    numbers: Sequence[str]
    sums: Mapping[str, int]
    by_officer: Mapping[str, int]
    expected: int
    counted: int | None
    reason: str
    officer: str
    lines: Sequence[Fee]
    practice: bool
    opening: int | None = None
    opening_reason: str = ""


class Entry(Struct, frozen=True):
    """A dossier on the sheet: code, person, and its procedure or why to ring."""

    code: str
    applicant: str
    what: str


class HandoverPage(Struct, frozen=True):
    """The sheet: groups by their titles, the empty ones with their zero; `drafts` None where nobody could look."""

    centre: str
    desk: int
    since: str
    until: str
    officer: str
    groups: Sequence[tuple[str, Sequence[Entry]]]
    calls: Sequence[Entry]
    drafts: int | None
    expected: int
    transfers: int
    numbers: Sequence[str]
    voided: int
    practice: bool
    opening: int | None = None


def cash_lines(page: CashPage) -> tuple[str, ...]:
    """Return the lines of the count, none wider than 80 columns."""
    return tuple(_cash(page))


def handover_lines(page: HandoverPage) -> tuple[str, ...]:
    """Return the lines of the sheet, none wider than 80 columns."""
    return tuple(_handover(page))


def numbers_words(numbers: Sequence[str]) -> str:
    """Return the range of receipts given out."""
    return _("không có biên lai") if not numbers else numbers[0] if len(set(numbers)) == 1 else " … ".join(numbers)


def _head(page: CashPage | HandoverPage, title: str) -> Iterator[str]:
    if page.practice:
        yield centred(_("*** THỰC HÀNH - KHÔNG CÓ GIÁ TRỊ ***"))
    yield centred(title)
    yield from map(centred, wrapped(_("{centre} · quầy {desk}").format(centre=page.centre, desk=page.desk)))
    since = page.since or _("lần đầu")
    yield from map(centred, wrapped(_("từ {since} đến {until}").format(since=since, until=page.until)))
    yield ""


def _cash(page: CashPage) -> Iterator[str]:
    title = _("BẢNG CHỐT QUỸ {number}").format(number=page.number) if page.number else _("QUỸ CA ĐANG MỞ, CHƯA CHỐT")
    yield from _head(page, title)
    yield from wrapped(_("Biên lai: {numbers}").format(numbers=numbers_words(page.numbers)), "  ")
    for fee in page.lines:
        left = f"  {fee.number}  {fee.at}  {fee.code}  {fee.method}"
        yield _row(left, dong(fee.amount))
        if fee.said:
            yield from wrapped(f"    {fee.said}", "    ")
    yield ""
    for name, amount in page.sums.items():
        yield _row(_("Cộng {method}").format(method=name), dong(amount))
    for officer, amount in page.by_officer.items():
        yield _row("  " + _("do {officer} thu").format(officer=officer), dong(amount))
    if page.opening is not None:
        yield _row(_("Tiền đầu ca"), dong(page.opening))
    if page.opening_reason:
        yield from wrapped(_("Lý do đếm lại tiền đầu ca: {reason}").format(reason=page.opening_reason), "  ")
    yield _row(_("TIỀN MẶT PHẢI CÓ"), dong(page.expected))
    if page.counted is not None:
        yield _row(_("TIỀN MẶT ĐẾM ĐƯỢC"), dong(page.counted))
        if page.counted >= 0:
            yield from wrapped(_("Bằng chữ: {words}").format(words=in_words(page.counted)), "  ")
        yield _row(_("CHÊNH LỆCH"), dong(page.counted - page.expected))
    if page.reason:
        yield from wrapped(_("Lý do lệch: {reason}").format(reason=page.reason), "  ")
    yield from _signatures(page.officer, _("NGƯỜI GIAO QUỸ"), _("NGƯỜI NHẬN, KIỂM QUỸ"))


def _handover(page: HandoverPage) -> Iterator[str]:
    yield from _head(page, _("PHIẾU BÀN GIAO CA"))
    for title, entries in page.groups:
        yield from _group(title, entries)
    yield from _group(_("Người cần gọi điện"), page.calls)
    if page.drafts is not None:
        yield from wrapped(_("Biểu mẫu gõ dở: {n}").format(n=page.drafts))
    yield ""
    yield from wrapped(_("Biên lai: {numbers}; đã hủy {n}").format(numbers=numbers_words(page.numbers), n=page.voided))
    if page.opening is not None:
        yield _row(_("Tiền đầu ca"), dong(page.opening))
    yield _row(_("Tiền mặt phải có"), dong(page.expected))
    yield _row(_("Chuyển khoản"), dong(page.transfers))
    yield from _signatures(page.officer, _("NGƯỜI GIAO"), _("NGƯỜI NHẬN"))


def _group(title: str, entries: Sequence[Entry]) -> Iterator[str]:
    yield from wrapped(f"{title}: {len(entries)}")
    for entry in entries:
        code = f"  {entry.code}  "
        name = fitted(entry.applicant, 26)
        left = code + name + " " * (28 - width(name))
        yield left + fitted(entry.what, WIDTH - width(left))


def _row(left: str, right: str) -> str:
    room = WIDTH - width(right) - 1
    told = fitted(left, room)
    return told + " " * (WIDTH - width(told) - width(right)) + right


def _signatures(officer: str, left: str, right: str) -> Iterator[str]:
    yield from ("", f"{left:^{_SIGNED}}{right:^{_SIGNED}}".rstrip(), "", "", "")
    if officer:
        yield f"{fitted(officer, _SIGNED):^{_SIGNED}}".rstrip()
