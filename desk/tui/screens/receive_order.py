"""From what is typed in the receipt form to the order for the counter, or to why it cannot be one yet."""

from __future__ import annotations

import re
from datetime import datetime

from db.vocabulary import ApplicantKind, Channel, ReturnWay
from desk.counter.addresses import find_commune, with_commune
from desk.counter.model import PersonInput, Receive, Refused
from desk.rules.text import fold
from desk.tui.draft import Draft, PersonDraft
from desk.tui.moments import parse_moment
from desk.tui.screens.terms_fields import whole
from desk.words import _

WHERE = {
    "applicant.name": "#name",
    "representative.name": "#other_name",
    "procedure": "#procedure FormInput",
    "variant": "#variant",
    "promise": "#promise",
    "received_at": "#late_at",
    "late_entry_reason": "#late_reason",
}
"""The field on the screen behind the name of an input that the counter refuses."""


def order_of(draft: Draft, officer_id: int | None, now: datetime) -> Receive | Refused:
    """Return the order of a form; refused only for what the counter could not know: unread dates, nothing picked.

    Looks the address up (a tenth of a second the first time): call it in a worker.
    """
    if not draft.procedure:
        sentence = _("Chưa chọn thủ tục: gõ tên, rồi Enter trên dòng đúng.")
        return Refused("procedure_needed", sentence, "procedure")
    promise = parse_moment(draft.promise, now)
    if draft.promise.strip() and promise is None:
        return Refused("promise_unread", _("Không hiểu ngày hẹn: gõ như 16/3 9:30."), "promise")
    received = received_at(draft.late_at, now) if draft.late else None
    if draft.late and received is None:
        return Refused("received_unread", _("Không hiểu lúc nhận: gõ như 12/3 16:00."), "received_at")
    people = draft.people
    return Receive(
        client_id=draft.client_id,
        procedure=draft.procedure,
        channel=Channel[draft.channel],
        applicant=_person(people.person),
        officer_id=officer_id,
        representative=_person(people.other) if people.by_other else None,
        variant=draft.variant,
        components=draft.papers,
        copies=whole(draft.copies),
        pages=whole(draft.pages),
        return_way=ReturnWay[draft.way],
        note=draft.note,
        received_at=received,
        late_entry_reason=draft.late_reason if draft.late else "",
        promise=promise,
    )


def received_at(typed: str, now: datetime) -> datetime | None:
    """Read when a dossier really came: a date without a year is the last such date, not the next."""
    found = parse_moment(typed, now)
    if found is None or found.date() <= now.date() or re.search("[a-z]{3}", fold(typed)):
        return found
    day = min(now.day, 28) if now.month == 2 else now.day
    earlier = parse_moment(typed, now.replace(year=now.year - 1, day=day))
    return earlier if earlier is not None and earlier <= now else found


def _person(typed: PersonDraft) -> PersonInput:
    found = find_commune(typed.address)
    chosen = next((each for each in found.candidates if each.code == typed.commune), None)
    commune = None if found.current else chosen or found.only
    return PersonInput(
        name=typed.name,
        kind=ApplicantKind.__members__.get(typed.kind, ApplicantKind.CITIZEN),
        id_number=typed.id_number,
        phone=typed.phone,
        address=with_commune(typed.address, commune),
    )
