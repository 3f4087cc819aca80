"""What the first list of a start needs, read with plain SQL: the library behind the record takes longer to load.

It only reads, and only from a file at the newest schema step; a test holds it against the repositories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from db import heard
from db.instants import from_utc_text
from db.rows import CallRow, DayRow, DossierRow, InstalledVersion, OfficerRow, Outgoing, PersonRow, SessionRow
from db.steps import HEADS, Side
from db.vocabulary import OPEN_STATES, State

READ = OPEN_STATES | {State.REGISTERED, State.FINISHED}
"""The states of the dossiers that a morning is about."""

PATIENCE_MILLISECONDS = 250
"""How long to wait for another program that holds the file; the usual way waits longer, and says so."""

R = TypeVar("R", bound=Struct)


class Glance(Struct, frozen=True):
    """One snapshot: dossiers of the states `READ` by promise, with their people and the names of their procedures."""

    dossiers: list[DossierRow]
    people: dict[int, PersonRow]
    calls: dict[int, list[CallRow]]
    procedures: dict[tuple[str, int], str]
    days: list[DayRow]
    sessions: list[SessionRow]
    calendar: InstalledVersion | None
    limits: set[str]
    files: list[Outgoing]
    there: frozenset[str]
    officers: list[OfficerRow]

    @property
    def with_phone(self) -> set[int]:
        """The people who have a name and a telephone number."""
        return {person.id for person in self.people.values() if person.name and person.phone}


def glance(path: Path, key: bytes, today: date) -> Glance | None:
    """Read a centre's SQLite file; None where anything about it wants the usual way of opening."""
    from sqlcipher3 import dbapi2 as driver

    if not path.exists():
        return None
    connection = driver.connect(str(path), timeout=PATIENCE_MILLISECONDS / 1000, isolation_level=None)
    try:
        for pragma in (
            "cipher_log_level = NONE",
            f"key = \"x'{key.hex()}'\"",
            "query_only = ON",
            "trusted_schema = OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        if connection.execute("select version_num from alembic_version").fetchall() != [(HEADS[Side.DESK],)]:
            return None
        return _read(connection, today)
    except (driver.Error, ValueError):
        return None  # what is wrong with it the usual way says in words
    finally:
        connection.close()


def _read(connection: Any, today: date) -> Glance:
    def rows(kind: type[R], query: str, *values: object) -> list[R]:
        names = kind.__struct_fields__
        readers = [_READERS.get(kind.__annotations__[name]) for name in names]
        found = connection.execute(query.format(fields=", ".join(names)), values)
        return [kind(*_decoded(row, readers)) for row in found]

    # The queries hold names and numbers of this program, never a value from outside.
    states = ", ".join(str(int(state)) for state in sorted(READ))
    inside = f"from dossier where state in ({states})"
    installed = rows(InstalledVersion, "select {fields} from reference_version where kind = ?", "calendar")
    in_force = "valid_from <= ? and (valid_to is null or valid_to >= ?) and enabled"
    today_twice = (today.isoformat(), today.isoformat())
    limits = connection.execute(f"select distinct limit_text from procedure where {in_force}", today_twice)  # noqa: S608
    names = f"select code, version, name from procedure where code in (select procedure_code {inside})"  # noqa: S608
    officers = "select id, name, role, active, pin_hash is not null as has_pin from officer order by id"
    files = (
        "select outbox.seq, coalesce(daily_file.day, made) as day, outbox.sha256, state, tries, way, reason, "
        "changed_at from outbox left join daily_file on daily_file.sha256 = outbox.sha256 "
        "left join chain_break on chain_break.sha256 = outbox.sha256 where coalesce(daily_file.day, made) is not null "
        "and not exists (select 1 from chain_break o where o.base_seq < outbox.seq and outbox.seq < o.seq) "
        "order by outbox.seq desc"
    )
    spoken = "select client_id from journal_event where client_id >= ? and client_id < ?"
    people = rows(PersonRow, f"select {{fields}} from person where id in (select person_id {inside})")  # noqa: S608
    made: dict[int, list[CallRow]] = {}
    for call in rows(CallRow, f"select {{fields}} from call_made where dossier_id in (select id {inside}) order by id"):  # noqa: S608
        made.setdefault(call.dossier_id, []).append(call)
    return Glance(
        dossiers=rows(DossierRow, f"select {{fields}} {inside} order by promise is null, promise, id"),
        people={person.id: person for person in people},
        calls=made,
        procedures={(code, version): name for code, version, name in connection.execute(names)},
        days=rows(DayRow, "select {fields} from calendar_day order by day"),
        sessions=rows(SessionRow, 'select {fields} from office_session order by valid_from, "start"'),
        calendar=installed[0] if installed else None,
        limits={text for (text,) in limits},
        files=rows(Outgoing, files),
        there=heard.there(each for (each,) in connection.execute(spoken, (heard.FIRST, heard.END))),
        officers=rows(OfficerRow, officers),
    )


_READERS: dict[str, Callable[[Any], Any]] = {
    "bool": bool,
    "datetime": from_utc_text,
    "datetime | None": from_utc_text,
    "date": date.fromisoformat,
    "date | None": date.fromisoformat,
    "time": time.fromisoformat,
}


def _decoded(row: Sequence[Any], readers: Iterable[Callable[[Any], Any] | None]) -> Iterable[Any]:
    return (value if read is None or value is None else read(value) for value, read in zip(row, readers, strict=True))
