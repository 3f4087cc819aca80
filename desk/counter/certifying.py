"""The fast lane: a dossier is received, its result signed and handed over, all in one transaction.

Every step goes through the code of the ordinary counter, so that an immediate result is a dossier like any other.
"""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import count, takewhile

from msgspec import Struct
from msgspec.structs import replace

from db import dossiers, journal, people, procedures, projection
from db.journal import Event
from db.procedures import ProcedureRow
from db.unit import View, Work
from db.vocabulary import Act, LimitUnit
from desk.counter import acting, choosing, receiving, sentences
from desk.counter.context import Context
from desk.counter.lane import Given, Kind, Kinds, Paper, TakeBack, Visit
from desk.counter.model import Action, Done, Receive, RefusedError
from desk.rules import moment
from desk.rules.lifecycle import UNDO_WINDOW, Denial, Denied
from desk.rules.limits import Limit
from desk.rules.text import clean, fold
from desk.words import _

REMEMBERED = 2_000
"""Newest dossiers of a procedure whose papers are offered again."""

MOST_PAPERS = 50

_STEPS = (Act.FINISH, Act.RETURN)
_FIELD = "chung thuc"
_MISTAKE = "nhập nhầm ở chứng thực nhanh"
"""The reason in the journal, in the language of the record."""


class _Named(Struct, frozen=True):
    """How a kind of work is found in the catalogue, and papers to offer until the centre has its own."""

    begins: str
    label: Callable[[], str]
    papers: tuple[str, ...]


_NAMED = (
    _Named(
        "chung thuc ban sao",
        lambda: _("Bản sao"),
        ("Căn cước", "Giấy khai sinh", "Bằng tốt nghiệp THPT", "Giấy phép lái xe"),
    ),
    _Named(
        "chung thuc chu ky trong",
        lambda: _("Chữ ký"),
        ("Sơ yếu lý lịch", "Giấy ủy quyền", "Giấy cam đoan"),
    ),
    _Named(
        "cap ban sao trich luc",
        lambda: _("Trích lục"),
        ("Trích lục khai sinh", "Trích lục kết hôn", "Trích lục khai tử"),
    ),
    _Named("chung thuc giao dich", lambda: _("Giao dịch"), ("Hợp đồng ủy quyền", "Hợp đồng mua bán xe")),
)


def kinds(ctx: Context, view: View) -> Kinds:
    """Return what the fast lane can do at this centre, as the catalogue in force has it."""
    used = dossiers.uses(view.connection)
    offered = [row for row in procedures.in_force(view.connection, ctx.now().date()) if _at_once(row)]
    # The named ones stay under their digits, whatever is used most.
    found = [next((row for row in offered if _name(row).startswith(each.begins)), None) for each in _NAMED]
    named = tuple(
        Kind(each.label(), None if row is None else choosing.choice(row))
        for each, row in zip(_NAMED, found, strict=True)
    )
    taken = {row.code for row in found if row is not None}
    others = [row for row in offered if row.code not in taken]
    others.sort(key=lambda row: (-used.get(row.code, 0), not row.core, row.name_folded))
    return Kinds(named, tuple(choosing.choice(row) for row in others))


def papers(ctx: Context, view: View, procedure: str) -> tuple[str, ...]:
    """Return the kinds of paper to offer under a procedure: those of its newest dossiers, most used first."""
    row = procedures.current(view.connection, clean(procedure), ctx.now().date())
    if row is None:
        return ()
    named = next((each for each in _NAMED if _name(row).startswith(each.begins)), None)
    shipped = {} if named is None else {fold(paper): paper for paper in named.papers}
    used: Counter[str] = Counter()
    spelt: dict[str, Counter[str]] = {}
    for written in people.newest_papers(view.connection, row.code, REMEMBERED):
        listed = json.loads(written)
        # One paper of the officer's own words; the catalogue's list is what the receipt form asks for.
        if len(listed) == 1 and listed[0] not in row.components:
            key = fold(listed[0])
            used[key] += 1
            spelt.setdefault(key, Counter())[str(listed[0])] += 1
    # What was typed in haste without marks is offered as it is written properly, or as it is written mostly.
    own = [shipped.get(key) or spelt[key].most_common(1)[0][0] for key, _times in used.most_common(MOST_PAPERS)]
    return (*own, *(paper for key, paper in shipped.items() if key not in used))


def given_today(ctx: Context, view: View) -> Given:
    """Return what this desk has given at once today."""
    centre, today = ctx.centre, ctx.now().date()
    first, after = (f"TN-{centre.unit}-{today:%y%m%d}-{mark}" for mark in (centre.desk, chr(ord(str(centre.desk)) + 1)))
    return Given(*dossiers.given_at_once(view.connection, first, after))


def give(ctx: Context, work: Work, visit: Visit) -> tuple[Done, ...]:
    """Receive, finish and return every paper of a visit; a repeated client id gets the first answer again."""
    if not visit.client_id:
        raise RefusedError("client_id_needed", _("Yêu cầu thiếu mã riêng của nó."), "client_id")
    if journal.by_client(work.connection, visit.client_id) is None:
        if not visit.papers:
            raise RefusedError("paper_needed", _("Chưa có giấy tờ nào để chứng thực."), "paper")
        ctx.calendar(work)
        at = receiving.instant(ctx, visit.at)
        # One instant for all steps, even where the minute turns between two of them.
        still = dataclasses.replace(ctx, clock=lambda: at)
        for number, paper in enumerate(visit.papers, 1):
            _give_one(still, work, visit, paper, _part(visit.client_id, number))
    firsts = (journal.by_client(work.connection, _part(visit.client_id, number)) for number in count(1))
    return tuple(_as_given(work, event) for event in takewhile(bool, firsts) if event is not None)


def take_back(ctx: Context, work: Work, order: TakeBack) -> tuple[Done, ...]:
    """Undo the return and the result of a visit's dossiers and void them; RefusedError once they are more than that."""
    if not order.client_id or not order.codes:
        raise RefusedError("client_id_needed", _("Yêu cầu thiếu mã riêng của nó."), "client_id")
    known = journal.by_client(work.connection, order.client_id)
    if known is not None and known.kind != Act.VOID:
        raise _taken()
    return tuple(
        _take_back_one(ctx, work, order, code, _part(order.client_id, number), done=known is not None)
        for number, code in enumerate(order.codes, 1)
    )


def _part(client_id: str, number: int) -> str:
    """Return the id of one dossier's event in a request for several; the first has the request's own."""
    return client_id if number == 1 else f"{client_id}/{number}"


def _taken() -> RefusedError:
    return RefusedError("client_id_taken", _("Mã yêu cầu này đã dùng cho việc khác."), "client_id")


def _name(row: ProcedureRow) -> str:
    return row.name_folded.removeprefix(row.code).strip().removeprefix("thu tuc ")


def _certifies(row: ProcedureRow) -> bool:
    return fold(row.field) == _FIELD


def _at_once(row: ProcedureRow) -> bool:
    """Say whether a procedure may be done while the citizen waits: certification, or a result of the same day."""
    if not row.limit_text:
        return False
    return _certifies(row) or Limit.parse(row.limit_text).unit is LimitUnit.SAME_DAY


def _give_one(ctx: Context, work: Work, visit: Visit, paper: Paper, client_id: str) -> None:
    procedure = ctx.procedure(work, paper.procedure, ctx.now().date())
    if not _at_once(procedure):
        sentence = _("Thủ tục {code} không trả ngay: tiếp nhận bằng F2.")
        raise RefusedError("not_at_once", sentence.format(code=procedure.code), "procedure")
    if _certifies(procedure) and not clean(paper.name):
        raise RefusedError("paper_needed", _("Chưa ghi loại giấy tờ."), "paper")
    if paper.pages < 1:
        raise RefusedError("no_pages", _("Số trang ít nhất là 1."), "pages")
    if paper.copies < 1:
        raise RefusedError("no_copies", _("Số bản ít nhất là 1."), "copies")
    order = Receive(
        client_id=client_id,
        procedure=procedure.code,
        channel=visit.channel,
        applicant=visit.applicant,
        officer_id=visit.officer_id,
        components=(paper.name,) if clean(paper.name) else (),
        copies=paper.copies,
        pages=paper.pages,
        pay=visit.pay,
    )
    code = receiving.receive(ctx, work, order).code
    for act in _STEPS:
        acting.act(ctx, work, Action(f"{client_id}/{act.value}", code, act, visit.officer_id))


def _as_given(view: View, first: Event) -> Done:
    """Return the answer for one dossier as it stood once it was returned."""
    last = journal.by_client(view.connection, f"{first.client_id}/{Act.RETURN.value}")
    if last is None or first.kind != Act.RECEIVE:
        raise _taken()
    row = projection.fold(_upto(journal.of_dossier(view.connection, first.dossier_id or 0), last.seq))
    if row is None:
        raise _taken()
    return replace(receiving.answer(first, row), seq=last.seq)


def _upto(events: Iterable[Event], seq: int) -> list[Event]:
    return [event for event in events if event.seq <= seq]


def _take_back_one(ctx: Context, work: Work, order: TakeBack, code: str, client_id: str, *, done: bool) -> Done:
    row = dossiers.by_code(work.connection, acting.known_code(code))
    if row is None:
        raise RefusedError("unknown_dossier", _("Không có hồ sơ {code}.").format(code=code), "code")
    events = journal.of_dossier(work.connection, row.id)
    if done:
        last = journal.by_client(work.connection, client_id)
        before = None if last is None or last.dossier_id != row.id else projection.fold(_upto(events, last.seq))
        if last is None or before is None:
            raise _taken()
        return receiving.answer(last, before)
    acts = [event.kind for event in projection.effective(events) if event.kind in set(Act)]
    if acts != [Act.RECEIVE, *_STEPS]:
        raise RefusedError(
            "changed_since", _("Hồ sơ {code} đã có việc khác: mở hồ sơ để sửa.").format(code=row.code), "code"
        )
    ends = events[-1].at + UNDO_WINDOW
    if receiving.instant(ctx, order.at) > moment.minute(ends):
        denied = Denied(Denial.UNDO_WINDOW_PASSED, Act.UNDO, None, ends)
        raise RefusedError(denied.reason.value, sentences.denial_sentence(denied))
    undo = Action("", row.code, Act.UNDO, order.officer_id, at=order.at)
    for step in _STEPS:
        acting.act(ctx, work, replace(undo, client_id=f"{client_id}/{step.value}"))
    return acting.act(ctx, work, replace(undo, client_id=client_id, act=Act.VOID, reason=_MISTAKE))
