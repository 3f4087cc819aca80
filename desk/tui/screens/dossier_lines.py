"""What the dossier screen says, line by line: facts, dates, history, and what may be done with which digit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from db.vocabulary import Act, State
from desk.counter import say
from desk.counter.model import DossierView, EventLine, PersonView
from desk.rules.deadline import is_overdue
from desk.rules.money import dong
from desk.tui.widgets.painted import Part
from desk.tui.widgets.rows import Row
from desk.tui.widgets.text import cut, one_line, width_of, wrap
from desk.words import _

Side = Sequence[Part]

_LONGEST_LIMIT = 36
_LONGEST_NAME = 34
_PAGE_WIDTH = 78
_LABEL, _DATE, _DATE_NARROW = 16, 27, 21
_WAITING = frozenset({State.SUPPLEMENT, State.OBLIGATION})

REPRINT = "reprint"
"""Name of the entry that prints the receipt again."""

_GROUPS: Mapping[str, tuple[Callable[[], str], tuple[Act, ...]]] = {
    "end": (lambda: _("Dừng / rút"), (Act.STOP, Act.WITHDRAW, Act.REFUSE)),
    "mend": (lambda: _("Sửa"), (Act.CORRECT, Act.VARIANT, Act.SET_CODE, Act.UNDO, Act.VOID)),
}
"""Acts that share a digit, because a dossier in work allows more than nine."""

DIGITS: Mapping[str, int] = {
    # What the dossier waits for is always the first; no state allows two of these.
    Act.RECEIVE.value: 1,
    Act.SUPPLEMENTED.value: 1,
    Act.SETTLED.value: 1,
    Act.RETURN.value: 1,
    Act.FORWARD.value: 1,
    Act.SUPPLEMENT.value: 2,
    Act.FINISH.value: 3,
    Act.DECLINE.value: 4,
    Act.RESCHEDULE.value: 4,
    "end": 5,
    "mend": 6,
    REPRINT: 7,
    Act.OBLIGATION.value: 8,
    Act.HANDED_BACK.value: 9,
}
"""A digit is learned by the fingers: what a state does not allow leaves a gap, and nothing moves up into it."""


class Entry(Struct, frozen=True):
    """One digit of the menu: its words, and the act or acts behind it (none behind `reprint`)."""

    digit: int
    label: str
    acts: tuple[Act, ...]
    name: str = ""


def group_of(act: Act) -> str:
    """Return the group whose digit an act shares; empty for one with a digit of its own."""
    return next((name for name, (_words, acts) in _GROUPS.items() if act in acts), "")


def entries(view: DossierView) -> tuple[Entry, ...]:
    """Return the menu in the order of the digits; an act has the same digit in every dossier that allows it."""
    found: dict[str, Entry] = {}
    for act in view.acts:
        group = group_of(act)
        name = group or act.value
        if name not in found and name in DIGITS:
            acts = tuple(each for each in view.acts if each in _GROUPS[group][1]) if group else (act,)
            words = _GROUPS[group][0]() if len(acts) > 1 else say.act_name(act)
            found[name] = Entry(DIGITS[name], words, acts, name)
    if view.received_at is not None and not view.taken_over:
        words = _("In lại (đã sửa)") if view.slip_stale else _("In lại")
        found[REPRINT] = Entry(DIGITS[REPRINT], words, (), REPRINT)
    return tuple(sorted(found.values(), key=lambda entry: entry.digit))


def menu(view: DossierView, room: int, now: datetime) -> list[list[Part]]:
    """Return the menu in lines of at most `room` cells: `1 Chuyển  2 Yêu cầu bổ sung …  V Vì sao ngày này?`."""
    items = [(str(entry.digit), _worded(entry, view, now)) for entry in entries(view)]
    lines: list[list[Part]] = [[]]
    used = 0
    why = ("V", _("Vì sao ngày này?"))
    for key, words in (*items, why):
        width = width_of(f"{key} {words}")
        if lines[-1] and used + 2 + width > room:
            if (key, words) == why:
                # The key bar has it too: not worth a line.
                break
            lines.append([])
            used = 0
        if lines[-1]:
            lines[-1].append(("  ", ""))
            used += 2
        lines[-1] += [(key, "key"), (f" {words}", "")]
        used += width
    return lines


def _worded(entry: Entry, view: DossierView, now: datetime) -> str:
    if entry.acts != (Act.RESCHEDULE,) or view.apology_by is None:
        return entry.label
    words = _("đã quá {day}") if view.apology_by < now else _("chậm nhất {day}")
    day = f"{say.weekday(view.apology_by)} {view.apology_by:%d/%m}"
    return f"{entry.label} ({words.format(day=day)})"


def code_line(view: DossierView) -> tuple[Side, Side]:
    """Return the codes on the left, the state in capitals on the right."""
    left: list[Part] = [(view.code, "strong")]
    if view.old_code:
        left.append(("   " + _("mã cũ: {code}").format(code=cut(one_line(view.old_code), 24)), "muted"))
    if view.official_code:
        left.append(("   " + _("mã chính thức: {code}").format(code=view.official_code), ""))
    else:
        left.append(("   " + _("chưa có mã chính thức"), "muted"))
    return left, [(view.state_name.upper(), "strong")]


def procedure_line(view: DossierView) -> tuple[Side, Side]:
    """Return the procedure on the left; its limit and the way in on the right, never cut by a long name."""
    limit = cut(one_line(view.limit), _LONGEST_LIMIT)
    return [(f"{view.procedure_code} {view.procedure}", "")], [(f"{limit} · {say.channel_name(view.channel)}", "")]


def person_line(view: DossierView, seen: PersonView | None) -> Side:
    """Return the applicant with masked numbers, or in full once they were asked for."""
    name = cut(one_line(view.applicant), _LONGEST_NAME)
    if seen is not None:
        numbers = " · ".join(part for part in (seen.id_number, seen.phone) if part)
        return [(name, "strong"), (f" · {numbers} ", "soon"), (_("(Esc che lại)"), "key"), (f" · {seen.address}", "")]
    parts: list[Part] = [(name, "strong")]
    if view.id_number:
        parts.append((f" · {view.id_number}", ""))
    if view.phone:
        parts.append((f" · {view.phone}", ""))
    if view.id_number or view.phone:
        parts += [(" (", "muted"), ("X", "key"), (" " + _("xem đủ, có ghi vết") + ")", "muted")]
    return [*parts, (f" · {view.address}", "")] if view.address else parts


def date_lines(view: DossierView, now: datetime) -> tuple[Side, Side, Side]:
    """Return the legal deadline, the first promise and the present one, each with what is to be said of it."""
    same = view.legal_deadline == view.promise
    left, style = _remaining(view, now)
    legal = [(left, style)] if same and left else []
    if view.legal_deadline is None and view.received_at is not None:
        legal = [(_("thủ tục chưa rõ thời hạn"), "muted")]
    if view.legal_verdict is not None:
        legal = [(say.judgement_name(view.legal_verdict), "")]
    first = [(_("in trên phiếu, không bao giờ đổi"), "muted")] if view.first_promise is not None else []
    present = _promise(view, [] if same else [(left, style)])
    longest = max(width_of("".join(text for text, _style in said)) for said in (legal, first, present))
    # Where much is to be said, its column moves to the left on all three lines, before anything is cut.
    width = _DATE if _LABEL + _DATE + longest <= _PAGE_WIDTH else _DATE_NARROW

    def line(label: str, at: datetime | None, said: Side) -> Side:
        return [(f"{label:<{_LABEL}}", "muted"), (f"{say.moment(at):<{width}}", ""), *said]

    return (
        line(_("Hạn theo luật"), view.legal_deadline, legal),
        line(_("Hẹn lần đầu"), view.first_promise, first),
        line(_("Hẹn hiện nay"), view.promise, present),
    )


def _promise(view: DossierView, left: list[Part]) -> Side:
    if view.promise is None:
        return [(_("chưa có ngày hẹn"), "muted")]
    if view.verdict is not None:
        left = [(_("đã xong {verdict}").format(verdict=say.judgement_name(view.verdict)), "")]
    said = [part for part in left if part[0]]
    if view.provisional:
        said.append((" · " + _("TẠM TÍNH") if said else _("TẠM TÍNH"), "soon"))
    said.append((" · " + view.promise_note if said else view.promise_note, "muted"))
    return said


def _remaining(view: DossierView, now: datetime) -> Part:
    """Return what is left of the promise, and how urgent it is; nothing once the work has ended."""
    if view.promise is None or not view.remaining:
        return "", ""
    if is_overdue(view.promise, now, view.suspended_since):
        return view.remaining, "late"
    if view.suspended_since is not None:
        return _("đồng hồ dừng từ {at}").format(at=say.short_moment(view.suspended_since)), "soon"
    if view.state in _WAITING:
        return view.remaining, "soon"
    today = view.promise.date() == now.date()
    return _("còn {span} làm việc").format(span=view.remaining), "soon" if today else ""


def beside_history(view: DossierView) -> str:
    """Return what stands beside the history: who has the dossier, and the money still due."""
    said = [_("T thu tiền: còn {amount}").format(amount=dong(view.fee_due))] if view.fee_due else []
    if view.fee_taken and not view.fee_due:
        said.append(_("đã thu {amount}").format(amount=dong(view.fee_taken)))
    if view.holder:
        said.insert(0, _("đang ở: {holder}").format(holder=view.holder))
    return " · ".join(said)


def event_rows(events: Sequence[EventLine]) -> list[Row]:
    """Return the history, oldest first; what was undone says so."""
    return [_event(event) for event in events]


def _event(event: EventLine) -> Row:
    note = " · ".join(part for part in (_("ĐÃ HOÀN TÁC") if event.undone else "", event.note) if part)
    cells = (f"{event.at:%d/%m/%y %H:%M}", event.what, event.who, note)
    return Row(str(event.seq), cells, "muted" if event.undone else "", "x" if event.undone else "")


def event_page(event: EventLine) -> tuple[str, ...]:
    """Return one event in full."""
    undone = (_("Đã hoàn tác: không còn hiệu lực."),) if event.undone else ()
    who = event.who or "—"
    number = _("Sự kiện số {seq}").format(seq=event.seq)
    return (f"{say.moment(event.at)} · {who}", number, *undone, "", *wrap(event.note, _PAGE_WIDTH))
