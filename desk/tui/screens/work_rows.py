"""The lines of the day's work: dossiers as rows of a list, filtered by folded typing, drawn only where they show."""

from __future__ import annotations

from collections.abc import Sequence

from db.vocabulary import State
from desk.counter import say
from desk.counter.found import Finds
from desk.counter.model import WorkRow
from desk.rules.text import clean, fold
from desk.tui.screens.orders import Order, places
from desk.tui.widgets.rows import Column, Row, Rows
from desk.words import _

ENDED = frozenset({State.VOIDED, State.NOT_RECEIVED, State.STOPPED, State.RETURNED, State.HANDED_OVER})
"""States of which the list has nothing more to say than their name."""

_SHORT = (
    ("chứng thực bản sao từ bản chính", "Chứng thực bản sao"),
    ("chứng thực chữ ký trong", "Chứng thực chữ ký"),
    ("chứng thực giao dịch liên quan", "Chứng thực giao dịch"),
    ("cấp bản sao trích lục hộ tịch", "Bản sao trích lục"),
    ("cấp giấy xác nhận tình trạng hôn nhân", "Xác nhận hôn nhân"),
    ("thay đổi, cải chính, bổ sung thông tin hộ tịch", "Cải chính hộ tịch"),
    ("liên thông thủ tục hành chính về đăng ký khai sinh", "Liên thông khai sinh"),
    ("liên thông các thủ tục hành chính về đăng ký khai sinh", "Liên thông khai sinh"),
    ("đính chính giấy chứng nhận đã cấp", "Đính chính GCN đất"),
    ("thu hồi giấy chứng nhận đã cấp", "Thu hồi GCN đất"),
    ("đăng ký đất đai, tài sản gắn liền với đất, cấp giấy chứng nhận", "Đất đai lần đầu"),
)
"""What officers call the long names that differ only far from their beginning."""


def columns() -> tuple[Column, ...]:
    """Return the columns of the day's work, 80 cells wide and more."""
    return (
        Column(_("Hẹn trả"), width=14),
        Column(_("Số hồ sơ"), width=13),
        Column(_("Người nộp"), flex=1),
        Column(_("Thủ tục"), flex=1),
        Column(_("Còn"), width=10),
    )


class WorkRows(Rows):
    """The dossiers of a list; a line is put into words when it is about to show."""

    def __init__(self, work: Sequence[WorkRow] = (), *, wide: bool = False) -> None:
        super().__init__()
        self.work = work
        self._wide = wide
        self._lines: dict[int, Row] = {}

    def __len__(self) -> int:
        return len(self.work)

    def window(self, start: int, count: int) -> Sequence[Row]:
        """Return the lines in sight."""
        return [self._line(place) for place in range(start, min(start + count, len(self.work)))]

    def _line(self, place: int) -> Row:
        if place not in self._lines:
            self._lines[place] = line(self.work[place], wide=self._wide)
        return self._lines[place]

    def index_of(self, key: str) -> int | None:
        """Return where the dossier with this id is."""
        return place_of(self.work, key)


def place_of(work: Sequence[WorkRow], key: str) -> int | None:
    """Return where the dossier with this id is, without putting any line into words."""
    ids = work.ids if isinstance(work, Finds) else (row.id for row in work)
    return next((place for place, number in enumerate(ids) if str(number) == key), None)


class WorkIndex:
    """Dossiers with the text they are found by, folded once, when something is typed."""

    def __init__(self, work: Sequence[WorkRow] = ()) -> None:
        self.work = work
        self._folded: tuple[list[str], list[str]] | None = None
        self._orders: dict[tuple[Order, bool], WorkIndex] = {}

    def by(self, order: Order, *, wide: bool = False) -> WorkIndex:
        """Return the same dossiers in another order, sorted once; by promise is how they came."""
        if order is Order.PROMISE:
            return self
        found = self._orders.get((order, wide))
        if found is None:
            found, there = WorkIndex(), places(self.work, order, long_procedure if wide else short_procedure)
            found.work = tuple(self.work[place] for place in there)
            self._orders[order, wide] = found
        return found

    def matching(self, query: str) -> Sequence[WorkRow]:
        """Return the dossiers that fit every folded word: the beginning of a word they hold, or any part of a code."""
        typed = fold(clean(query)).split()
        if not typed:
            return self.work
        if self._folded is None:
            self._folded = (
                [" " + fold(f"{row.applicant} {row.procedure}") for row in self.work],
                [fold(f"{row.code} {row.short_code} {row.official_code}") for row in self.work],
            )
        texts = zip(self.work, *self._folded, strict=True)
        return [row for row, words, codes in texts if all(f" {each}" in words or each in codes for each in typed)]


def line(row: WorkRow, *, wide: bool = False) -> Row:
    """Return one dossier as a row; late is said by a mark and a word, colour repeats it.

    A date beyond the calendar has a mark of its own; the line under the list says what it means.
    """
    style = "late" if row.overdue else "muted" if row.waiting or row.state in ENDED else ""
    cells = (
        say.short_moment(row.promise),
        row.short_code,
        row.applicant,
        long_procedure(row.procedure) if wide else short_procedure(row.procedure),
        left(row),
    )
    soon = ("", "", "", "", "soon") if row.due_today and not row.overdue and not row.waiting else ()
    mark = "!" if row.overdue else "?" if row.provisional and row.state not in ENDED else ""
    return Row(str(row.id), cells, style, mark, soon)


def left(row: WorkRow) -> str:
    """Return what is left in ten cells: `QUÁ 2 g`, `5 giờ`; the state where no time runs."""
    words = {
        State.REGISTERED: _("đăng ký"),
        State.NOT_RECEIVED: _("không nhận"),
        State.FINISHED: _("chờ trả"),
        State.RETURNED: _("đã trả"),
        State.STOPPED: _("đã dừng"),
        State.VOIDED: _("đã hủy"),
        State.HANDED_OVER: _("bàn giao"),
    }
    if not row.overdue:
        return words.get(row.state, row.remaining)
    text = row.remaining
    for long, short in ((_("ngày"), _("ng")), (_("giờ"), _("g")), (_("phút"), _("ph"))):
        text = text.replace(long, short)
    return text


def trimmed(procedure: str) -> str:
    """Return a procedure's name without the words that every name begins with."""
    text = procedure.strip()
    for lead in ("Thủ tục ", "đăng ký "):
        rest = text[len(lead) :]
        if text.casefold().startswith(lead.casefold()) and rest and not rest.casefold().startswith("lại "):
            text = rest
    return text


def long_procedure(procedure: str) -> str:
    """Return a name as the catalogue has it, from its first word that says something."""
    return _capital(trimmed(procedure))


def short_procedure(procedure: str) -> str:
    """Return a name that is still known in eighteen cells: `Khai sinh`, `Xác nhận hôn nhân`."""
    plain = procedure.strip()
    plain = plain[len("Thủ tục ") :] if plain.startswith("Thủ tục ") else plain
    folded = plain.casefold()
    found = next((short for long, short in _SHORT if folded.startswith(long)), "")
    return found or long_procedure(procedure)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
