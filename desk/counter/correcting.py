"""Corrections of a received dossier: a new row for a person who was written down wrong, the old one kept.

The journal names the parts that were corrected and holds no value of them: who the applicant is now is the id of a
person's row, and what was written before is the row that the events before speak of. An undo finds both again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from db import journal, people, procedures, projection
from db.errors import RecordError, RecordFault
from db.journal import Event
from db.rows import DossierRow, PersonRow
from db.unit import View, Work
from db.vocabulary import Act, ApplicantKind, OfficeEvent, ReturnWay
from desk.counter import receiving, remarks, sentences
from desk.counter.context import Context
from desk.counter.correction import Correction, Kept
from desk.counter.model import PersonInput, RefusedError
from desk.counter.work_lines import short_code
from desk.rules.correcting import Part, shows_on_slip
from desk.rules.lifecycle import Denied, Facts, Standing, decide
from desk.rules.text import clean
from desk.words import _

_PERSON = (
    (Part.KIND, "kind"),
    (Part.NAME, "name"),
    (Part.ID_NUMBER, "id_number"),
    (Part.PHONE, "phone"),
    (Part.EMAIL, "email"),
    (Part.ADDRESS, "address"),
)


class Mended(Struct, frozen=True):
    """What a correction writes: columns of the row, data of the event, free texts."""

    columns: dict[str, Any]
    data: dict[str, Any]
    texts: dict[str, str]


def kept(ctx: Context, work: Work, row: DossierRow, standing: Standing, officer_id: int | None) -> Kept:
    """Return what a correction begins with and leave a trace of who saw it; refused where none is possible now."""
    denied = decide(standing, Act.CORRECT, Facts(ctx.now(), reason="?"))
    if isinstance(denied, Denied):
        raise RefusedError(denied.reason.value, sentences.denial_sentence(denied))
    now = _now(work, row, None)
    work.record(OfficeEvent.PERSON_SEEN, ctx.now(), {"dossier": row.id, "for": "correcting"}, officer_id=officer_id)
    procedure = procedures.version(work.connection, row.procedure_code, row.procedure_version)
    offered = () if procedure is None else procedure.components
    return Kept(row.id, row.code, short_code(row.code), offered, now)


def mend(work: Work, row: DossierRow, events: Sequence[Event], order: Correction | None) -> Mended:
    """Hold a correction against what is kept and write down whoever is another; refused where nothing is."""
    if order is None:
        raise RefusedError("nothing_corrected", _("Chưa sửa gì: hồ sơ vẫn như đang giữ."))
    if order.version not in {None, row.version}:
        raise RefusedError("changed_since", sentences.fault_sentence(RecordError(RecordFault.CONFLICT)))
    now = _now(work, row, events)
    applicant, was = receiving.cleaned(order.applicant), receiving.cleaned(now.applicant)
    parts = [part for part, name in _PERSON if getattr(applicant, name) != getattr(was, name)]
    columns: dict[str, Any] = {}
    data: dict[str, Any] = {}
    texts: dict[str, str] = {}
    if parts:
        person = receiving.put_person(work, applicant, "applicant")
        columns["person_id"], data["seen"] = person.id, people.fingerprint(person)
        if Part.ID_NUMBER in parts and (same := receiving.duplicates(work, person, row.procedure_code, but=row.id)):
            data["same"] = same
    other = None if order.representative is None else receiving.cleaned(order.representative)
    if other != (None if now.representative is None else receiving.cleaned(now.representative)):
        parts.append(Part.REPRESENTATIVE)
        theirs = None if other is None else receiving.put_person(work, other, "representative")
        columns["representative_id"] = None if theirs is None else theirs.id
    if remarks.papers_text(order.components) != remarks.papers_text(now.components):
        parts.append(Part.PAPERS)
        data["papers"] = len(order.components)
        texts["papers"] = remarks.papers_text(order.components)
    if order.return_way is not now.return_way:
        parts.append(Part.RETURN_WAY)
        columns["return_way"] = order.return_way.value
    if clean(order.note) != clean(now.note):
        parts.append(Part.NOTE)
        texts["note"] = order.note
    if not parts:
        raise RefusedError("nothing_corrected", _("Chưa sửa gì: hồ sơ vẫn như đang giữ."))
    return Mended(columns, {**data, "parts": [part.value for part in parts]}, texts)


def corrections_on_slip(events: Iterable[Event]) -> frozenset[int]:
    """Return the events that stand and corrected what form 01 shows."""
    standing = projection.effective(events)
    return frozenset(event.seq for event in standing if shows_on_slip(event.data.get("parts", ())))


def is_slip_stale(events: Sequence[Event]) -> bool:
    """Say whether the slip as it was printed last says something else than the record does now."""
    printed = max((event.seq for event in events if event.kind == OfficeEvent.SLIP_REPRINTED), default=0)
    return corrections_on_slip(events) != corrections_on_slip(event for event in events if event.seq <= printed)


def parts_of(event: Event) -> tuple[Part, ...]:
    """Return what an event has corrected."""
    return tuple(Part(part) for part in event.data.get("parts", ()) if part in set(Part))


def _now(view: View, row: DossierRow, events: Sequence[Event] | None) -> Correction:
    person = people.get(view.connection, row.person_id)
    other = None if row.representative_id is None else people.get(view.connection, row.representative_id)
    if person is None or not person.salt:
        raise RefusedError("erased", _("Dữ liệu cá nhân của hồ sơ này đã xóa: không còn gì để sửa."))
    known = journal.of_dossier(view.connection, row.id) if events is None else events
    stored = remarks.in_force(view, row.id, known)
    return Correction(
        applicant=_input(person),
        representative=None if other is None else _input(other),
        components=remarks.papers_of(stored),
        return_way=ReturnWay(row.return_way or ReturnWay.COUNTER),
        note=stored.get("note", ""),
        version=row.version,
    )


def _input(person: PersonRow) -> PersonInput:
    return PersonInput(
        person.name, ApplicantKind(person.kind), person.id_number, person.phone, person.email, person.address
    )
