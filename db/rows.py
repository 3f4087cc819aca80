"""Rows of the record as they are read, known without the library that reads them: a start needs them before it."""

from __future__ import annotations

from datetime import date, datetime, time

from msgspec import Struct


class DossierRow(Struct, frozen=True):
    """A dossier as it stands; see `db.tables.dossier.Dossier`."""

    id: int
    code: str
    official_code: str | None
    old_code: str
    state: int
    accepted: bool
    outcome: str
    procedure_code: str
    procedure_version: int
    channel: int
    taken_over: bool
    immediate: bool
    person_id: int
    representative_id: int | None
    copies: int
    pages: int
    fee: int | None
    return_way: str
    limit_text: str
    local_limit: str
    variant: str
    mode: str
    new_limit: str
    registered_at: datetime
    received_at: datetime | None
    competent: str
    competent_at: datetime | None
    late_entry: bool
    legal_deadline: datetime | None
    first_promise: datetime | None
    promise: datetime | None
    promise_typed: bool
    provisional: bool
    suspended_since: datetime | None
    supplements: int
    obligations: int
    supplement_by: datetime | None
    rescheduled: bool
    late_apology: bool
    variant_changed: bool
    holder: str
    with_department: bool
    forwarded_at: datetime | None
    ended_at: datetime | None
    verdict: str
    legal_verdict: str
    returned_at: datetime | None
    returned_way: str
    postal_number: str
    slip_number: str
    received_by: int | None
    last_seq: int
    version: int


class PersonRow(Struct, frozen=True):
    """An applicant or representative as written on a receipt."""

    id: int
    kind: int
    name: str
    id_number: str
    phone: str
    email: str
    address: str
    salt: str


class OfficerRow(Struct, frozen=True):
    """A member of staff."""

    id: int
    name: str
    role: str
    active: bool
    has_pin: bool


class CallRow(Struct, frozen=True):
    """One call to a citizen; see `db.tables.call.CallMade`."""

    dossier_id: int
    event_seq: int
    at: datetime
    officer_id: int | None
    reason: str
    occasion: str
    outcome: str
    again_at: datetime | None = None


class DayRow(Struct, frozen=True):
    """An exception of the calendar."""

    day: date
    counts: bool
    open: bool
    note: str
    source: str


class SessionRow(Struct, frozen=True):
    """One session of the office hours in force from a date."""

    valid_from: date
    start: time
    end: time


class InstalledVersion(Struct, frozen=True):
    """The installed version of the catalogue or calendar; `first` and `last` bound the calendar's coverage."""

    kind: str
    version: str
    first: date | None
    last: date | None


class Outgoing(Struct, frozen=True):
    """A sealed file and how far it has come."""

    seq: int
    day: date
    sha256: str
    state: str
    tries: int
    way: str
    reason: str
    changed_at: datetime
