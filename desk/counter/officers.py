"""The officers of a desk: who they are, who is on, and who may change that; disabled, never deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from db import journal, offices
from db.unit import View, Work
from db.vocabulary import OfficeEvent, Role
from desk.counter import pins
from desk.counter.answering import written
from desk.counter.context import Context
from desk.counter.model import Refused, RefusedError
from desk.counter.officer_model import NewOfficer, OfficerView, view_of
from desk.rules.text import clean
from desk.words import _, counted

Result = TypeVar("Result")

LONGEST_NAME = 80
ROLES = (Role.HEAD, Role.CLERK)


def listed(view: View) -> tuple[OfficerView, ...]:
    """Return all officers by id, the disabled too."""
    return tuple(view_of(row) for row in offices.officers(view.connection))


def guarded(officers: tuple[OfficerView, ...]) -> bool:
    """Say whether somebody is let in only with a PIN: as soon as one active officer has one, everybody is."""
    return any(each.active and each.has_pin for each in officers)


def add(ctx: Context, new: NewOfficer, by: int | None) -> OfficerView | Refused:
    """Add an officer; refused: a name that is none or is taken, an unknown role, a bad PIN, not by a head."""

    def write(work: Work, kept: str | None) -> OfficerView:
        known = journal.by_client(work.connection, new.client_id)
        if known is not None:
            return _first_answer(work, new, known)
        _may_change(work, by)
        name = _name_of(work, new.name)
        if new.role not in ROLES:
            raise RefusedError("bad_role", _("Vai trò phải là lãnh đạo hoặc cán bộ quầy."), "role")
        at = ctx.now()
        number = offices.add_officer(work.connection, name, new.role, at)
        data = {"officer": number, "role": new.role}
        work.record(OfficeEvent.OFFICER_ADDED, at, data, officer_id=by, client_id=new.client_id)
        if kept is not None:
            _put_pin(ctx, work, _found(work, number), kept, by)
        return _found(work, number)

    if not new.client_id:
        return Refused("client_id_needed", _("Yêu cầu thiếu mã riêng của nó."), "client_id")
    return _with_pin(ctx, new.pin or None, write)


def disable(ctx: Context, officer_id: int, by: int | None) -> OfficerView | Refused:
    """Let an officer's name go from the desk, and the PIN with it; refused for the head nobody could stand in for."""

    def write(work: Work) -> OfficerView:
        _may_change(work, by)
        officer = _active(work, officer_id)
        if officer.id == by:
            sentence = _("Không ai tự cho mình nghỉ: để lãnh đạo khác làm.")
            raise RefusedError("not_oneself", sentence, "officer")
        others = [each for each in listed(work) if each.active and each.id != officer.id]
        heads = [each for each in others if each.role == Role.HEAD]
        if officer.role == Role.HEAD and not heads:
            sentence = _("{name} là lãnh đạo duy nhất: thêm lãnh đạo khác trước.").format(name=officer.name)
            raise RefusedError("last_head", sentence, "officer")
        if guarded(tuple(others)) and not guarded(tuple(heads)):
            sentence = _("{name} là lãnh đạo duy nhất có mã PIN: đặt mã PIN cho lãnh đạo khác trước.")
            raise RefusedError("last_head_with_pin", sentence.format(name=officer.name), "officer")
        offices.set_active(work.connection, officer.id, active=False)
        work.record(OfficeEvent.OFFICER_DISABLED, ctx.now(), {"officer": officer.id}, officer_id=by)
        return _found(work, officer.id)

    return written(ctx, write)


def enable(ctx: Context, officer_id: int, by: int | None) -> OfficerView | Refused:
    """Take an officer back, without a PIN; refused if the name is taken by now."""

    def write(work: Work) -> OfficerView:
        _may_change(work, by)
        officer = _found(work, officer_id)
        if officer.active:
            raise RefusedError("already_active", _("{name} đang làm việc rồi.").format(name=officer.name), "officer")
        _name_of(work, officer.name)
        offices.set_active(work.connection, officer.id, active=True)
        work.record(OfficeEvent.OFFICER_ENABLED, ctx.now(), {"officer": officer.id}, officer_id=by)
        return _found(work, officer.id)

    return written(ctx, write)


def set_pin(ctx: Context, officer_id: int, pin: str, by: int | None) -> OfficerView | Refused:
    """Give an officer another PIN; refused: not by a head, a bad PIN, a clerk before any head has one."""

    def write(work: Work, kept: str | None) -> OfficerView:
        _may_change(work, by)
        officer = _active(work, officer_id)
        if kept is not None:
            _put_pin(ctx, work, officer, kept, by)
        return _found(work, officer_id)

    changed = _with_pin(ctx, pin, write)
    if not isinstance(changed, Refused):
        ctx.tries.right(officer_id)
    return changed


def sign_on(ctx: Context, officer_id: int, pin: str = "", before: int | None = None) -> OfficerView | Refused:
    """Let an officer work at this desk; `before` is who was on, and only a change is told to the journal.

    Once anybody has a PIN, nobody comes in without one. A wrong PIN is never written down; after some in a row the
    next has to wait.
    """
    try:
        with ctx.records.reading() as view:
            officer, kept = _active(view, officer_id), offices.pin_hash(view.connection, officer_id)
            closed = guarded(listed(view))
        if closed:
            check_pin(ctx, officer, kept, pin)
    except RefusedError as refusal:
        return refusal.refused
    if officer.id == before:
        return officer

    def write(work: Work) -> OfficerView:
        on = _active(work, officer.id)
        data = {"officer": on.id, "desk": ctx.centre.desk}
        work.record(OfficeEvent.OFFICER_SIGNED_ON, ctx.now(), data, officer_id=on.id)
        return on

    return written(ctx, write)


def check_pin(ctx: Context, officer: OfficerView, kept: str | None, pin: str) -> None:
    """Refuse a PIN that is not the officer's own; after some wrong ones in a row the next has to wait."""
    if kept is None:
        sentence = _("{name} chưa có mã PIN: nhờ lãnh đạo đặt trong mục Cán bộ.").format(name=officer.name)
        raise RefusedError("no_pin", sentence, "officer")
    wait = ctx.tries.begin(officer.id, ctx.ticks())
    if wait:
        sentence = counted("Sai nhiều lần: đợi {n} giây rồi gõ lại.", wait)
        raise RefusedError("too_soon", sentence, "pin")
    if not pins.matches(kept, pin):
        raise RefusedError("wrong_pin", _("Mã PIN không đúng."), "pin")
    ctx.tries.right(officer.id)


def _put_pin(ctx: Context, work: Work, officer: OfficerView, kept: str, by: int | None) -> None:
    heads = tuple(each for each in listed(work) if each.role == Role.HEAD)
    if officer.role != Role.HEAD and not guarded(heads):
        raise RefusedError("head_first", _("Đặt mã PIN cho lãnh đạo trước, rồi mới đến cán bộ quầy."), "officer")
    offices.set_pin(work.connection, officer.id, kept)
    work.record(OfficeEvent.OFFICER_PIN_SET, ctx.now(), {"officer": officer.id}, officer_id=by)


def _may_change(view: View, by: int | None) -> None:
    """Refuse whoever is no head; where nobody has a PIN yet, nobody can be told from anybody."""
    officers = listed(view)
    heads = {each.id for each in officers if each.active and each.role == Role.HEAD}
    if guarded(officers) and by not in heads:
        raise RefusedError("head_only", _("Chỉ lãnh đạo được thêm, sửa cán bộ và đặt mã PIN."), "officer")


def _name_of(view: View, written: str) -> str:
    name = clean(written)
    if not any(letter.isalpha() for letter in name) or len(name) > LONGEST_NAME:
        sentence = _("Họ tên trống, không có chữ nào, hoặc dài quá {limit} chữ.").format(limit=LONGEST_NAME)
        raise RefusedError("bad_name", sentence, "name")
    if any(each.active and each.name.casefold() == name.casefold() for each in listed(view)):
        sentence = _("Đã có cán bộ tên {name}: thêm chữ để phân biệt, ví dụ {name} (2).").format(name=name)
        raise RefusedError("name_taken", sentence, "name")
    return name


def _first_answer(work: Work, new: NewOfficer, known: journal.Event) -> OfficerView:
    if known.kind != OfficeEvent.OFFICER_ADDED:
        raise RefusedError("client_id_taken", _("Mã yêu cầu này đã dùng cho việc khác."), "client_id")
    officer = _found(work, int(known.data["officer"]))
    if (officer.name, officer.role) != (clean(new.name), new.role):
        raise RefusedError("client_id_taken", _("Mã yêu cầu này đã dùng cho việc khác."), "client_id")
    return officer


def _found(view: View, officer_id: int) -> OfficerView:
    officer = next((each for each in listed(view) if each.id == officer_id), None)
    if officer is None:
        raise RefusedError("unknown_officer", _("Không có cán bộ số {id}.").format(id=officer_id), "officer")
    return officer


def _active(view: View, officer_id: int) -> OfficerView:
    officer = _found(view, officer_id)
    if not officer.active:
        raise RefusedError("not_active", _("{name} đã nghỉ ở quầy này.").format(name=officer.name), "officer")
    return officer


def _with_pin(ctx: Context, pin: str | None, write: Callable[[Work, str | None], Result]) -> Result | Refused:
    """Write with the hash of a PIN, worked out before the transaction: it takes long, and others want to write."""
    try:
        kept = None if pin is None else pins.sealed(pin)
    except RefusedError as refusal:
        return refusal.refused
    return written(ctx, lambda work: write(work, kept))
