"""The first day of a centre: tables filled with the shipped reference data, the signing key, the first officer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from db import journal, offices, procedures, summaries
from db.rows import DayRow, InstalledVersion, SessionRow
from db.summaries import KeyPair
from db.unit import View, Work
from db.vocabulary import OfficeEvent, Role
from desk import reference
from desk.counter.model import Centre, Refused
from desk.counter.reference_data import procedure_row
from desk.daily.sshsig import SigningKey
from desk.words import _

FIRST_DAY = date(2025, 7, 1)
"""The day on which communes began to work in two tiers; the shipped catalogue is valid from here."""


def fill(work: Work, centre: Centre, officer: str, at: datetime) -> None:
    """Fill an empty record and open the journal."""
    connection = work.connection
    offices.put_units(connection, _units())
    offices.put_successions(connection, _successions())
    procedures.put(connection, (procedure_row(each, FIRST_DAY) for each in reference.procedures().values()))
    calendar = reference.calendar()
    offices.replace_calendar(connection, (DayRow(r.date, r.counts, r.open, r.note, r.source) for r in calendar.rows))
    offices.put_sessions(
        connection,
        (SessionRow(FIRST_DAY, s.start, s.end) for s in calendar.sessions(FIRST_DAY)),
    )
    version = InstalledVersion("calendar", calendar.version, calendar.first, calendar.last)
    procedures.install(connection, version, at)
    procedures.install(connection, InstalledVersion("catalogue", reference.CATALOGUE_VERSION, None, None), at)
    key = SigningKey.generate()
    summaries.put_key(
        connection, KeyPair(key.public.fingerprint, key.public.line(centre.unit), key.to_openssh().decode()), at
    )
    first = offices.add_officer(connection, officer, Role.HEAD, at)
    opened = {"unit": centre.unit, "desk": centre.desk, "practice": centre.practice, "key": key.public.fingerprint}
    work.record(OfficeEvent.CENTRE_OPENED, at, opened, officer_id=first)


def other_centre(view: View, centre: Centre) -> Refused | None:
    """Return why a record is not opened under these settings: it was begun for another unit, or not for practice."""
    first = next(iter(journal.between(view.connection, 0, 1)), None)
    if first is None or first.kind != OfficeEvent.CENTRE_OPENED:
        return None
    unit, practice = first.data["unit"], bool(first.data["practice"])
    if unit != centre.unit:
        sentence = _("desk.toml ghi đơn vị {given}, sổ hồ sơ ở đây là của đơn vị {kept}: chưa mở. Sửa lại desk.toml.")
        return Refused("other_unit", sentence.format(given=centre.unit, kept=unit), "unit")
    if practice != centre.practice:
        was = _("Sổ hồ sơ ở đây là để thực hành, desk.toml lại ghi làm thật: chưa mở. Sửa lại desk.toml.")
        live = _("Sổ hồ sơ ở đây là thật, desk.toml lại ghi thực hành: chưa mở. Sửa lại desk.toml.")
        return Refused("other_mode", was if practice else live, "practice")
    return None


def _units() -> Iterator[dict[str, object]]:
    for unit in reference.admin_units().values():
        yield {
            "code": unit.code,
            "valid_from": unit.valid_from,
            "valid_to": None,
            "name": unit.name,
            "full_name": unit.full_name,
            "name_folded": unit.search_key,
            "province_code": unit.province_code,
            "province_name": unit.province_name,
            "note": unit.note,
        }


def _successions() -> Iterator[dict[str, object]]:
    for change in reference.ward_changes():
        yield {
            "old_code": change.old_code,
            "new_code": change.new_code,
            "old_name": change.old_name,
            "old_district": change.old_district,
            "old_province": change.old_province,
            "old_folded": change.old_key,
            "new_name": change.new_name,
            "new_province": change.new_province,
            "partly": change.partly,
        }
