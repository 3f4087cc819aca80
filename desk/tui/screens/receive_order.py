"""From what is typed in the receipt form to the order for the counter, or to why it cannot be one yet."""

from __future__ import annotations

from datetime import datetime

from db.vocabulary import ApplicantKind, Channel, PayMethod, ReturnWay
from desk.counter.addresses import Find, find_commune, with_commune
from desk.counter.model import PersonInput, Receive, Refused
from desk.tui.draft import Draft, PersonDraft
from desk.tui.moments import parse_moment, parse_past
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
    "competent": "#competent",
    "competent_at": "#competent_at",
}
"""The field on the screen behind the name of an input that the counter refuses."""


def order_of(draft: Draft, officer_id: int | None, now: datetime, find: Find = find_commune) -> Receive | Refused:
    """Return the order of a form; refused only for what the counter could not know: unread dates, nothing picked.

    Looks the address up (a tenth of a second the first time): call it in a worker.
    """
    if not draft.procedure:
        sentence = _("Chưa chọn thủ tục: gõ tên, rồi Enter trên dòng đúng.")
        return Refused("procedure_needed", sentence, "procedure")
    promise = parse_moment(draft.promise, now)
    if draft.promise.strip() and promise is None:
        return Refused("promise_unread", _("Không hiểu ngày hẹn: gõ như 16/3 9:30."), "promise")
    received = parse_past(draft.late_at, now) if draft.late else None
    if draft.late and received is None:
        return Refused("received_unread", _("Không hiểu lúc nhận: gõ như 12/3 16:00."), "received_at")
    arrived = parse_past(draft.competent_at, now) if draft.elsewhere else None
    if draft.elsewhere and draft.competent_at.strip() and arrived is None:
        return Refused("competent_unread", _("Không hiểu lúc nơi đó nhận: gõ như 12/3 16:00."), "competent_at")
    if draft.elsewhere and not draft.competent.strip():
        return Refused("competent_needed", _("Cần ghi tên cơ quan có thẩm quyền."), "competent")
    people = draft.people
    return Receive(
        client_id=draft.client_id,
        procedure=draft.procedure,
        channel=Channel[draft.channel],
        applicant=person_of(people.person, find),
        officer_id=officer_id,
        representative=person_of(people.other, find) if people.by_other else None,
        variant=draft.variant,
        components=draft.papers,
        copies=whole(draft.copies),
        pages=whole(draft.pages),
        fee=whole(draft.fee) if draft.fee else None,
        pay=PayMethod(draft.pay) if draft.pay in set(PayMethod) else None,
        return_way=ReturnWay[draft.way],
        note=draft.note,
        received_at=received,
        late_entry_reason=draft.late_reason if draft.late else "",
        promise=promise,
        competent=draft.competent if draft.elsewhere else "",
        competent_at=arrived,
    )


def person_of(typed: PersonDraft, find: Find = find_commune) -> PersonInput:
    """Return a typed person, the commune of today behind their address; looks it up: call it in a worker."""
    found = find(typed.address)
    chosen = next((each for each in found.candidates if each.code == typed.commune), None)
    commune = None if found.current else chosen or found.only
    return PersonInput(
        name=typed.name,
        kind=ApplicantKind.__members__.get(typed.kind, ApplicantKind.CITIZEN),
        id_number=typed.id_number,
        phone=typed.phone,
        email=typed.email,
        address=with_commune(typed.address, commune),
    )
