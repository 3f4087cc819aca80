"""People and free texts: personal values, kept apart so that they can be erased."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, and_, bindparam, insert, not_, select, update

from db.rows import PersonRow
from db.tables import Dossier, Person, Remark

P = Person.__table__  # type: ignore[attr-defined]
R = Remark.__table__  # type: ignore[attr-defined]
D = Dossier.__table__  # type: ignore[attr-defined]
_FIELDS = (P.c.id, P.c.kind, P.c.name, P.c.id_number, P.c.phone, P.c.email, P.c.address, P.c.salt)
_BY_ID = select(*_FIELDS).where(P.c.id == bindparam("wanted"))
_SAME = select(*_FIELDS).where(
    and_(*(P.c[name] == bindparam(name) for name in ("kind", "name", "id_number", "phone", "email", "address")))
)
_BY_NUMBER = select(*_FIELDS).where(P.c.id_number == bindparam("wanted"), P.c.name_folded != "").order_by(P.c.id.desc())
_INSERT = insert(P).returning(P.c.id)
_ADD_REMARK = insert(R)
_REMARKS = select(R.c.event_seq, R.c.kind, R.c.text).where(R.c.dossier_id == bindparam("dossier")).order_by(R.c.id)


class RemarkRow(Struct, frozen=True):
    """A free text of a dossier, with the event it belongs to."""

    event_seq: int
    kind: str
    text: str


def seal(salt: str, *values: str) -> str:
    """Return the salted hash of personal values that a journal event may carry (HMAC-SHA-256, hex)."""
    return hmac.digest(bytes.fromhex(salt), "\x1f".join(values).encode(), "sha256").hex()


def fingerprint(person: PersonRow) -> str:
    """Return the salted hash of all that a receipt says of a person."""
    return seal(person.salt, person.name, person.id_number, person.phone, person.email, person.address)


def put(
    connection: Connection,
    *,
    kind: int,
    name: str,
    folded: str,
    name_key: bytes,
    id_number: str = "",
    phone: str = "",
    email: str = "",
    address: str = "",
) -> PersonRow:
    """Return the person with exactly these values, written now if new; an earlier receipt is never rewritten.

    One who was set aside stands again.
    """
    values = {"kind": kind, "name": name, "id_number": id_number, "phone": phone, "email": email, "address": address}
    if id_number:
        same = connection.execute(_SAME, values).first()
        if same is not None:
            bring_back(connection, same.id, folded)
            return _person(same)
    salt = secrets.token_hex(16)
    made = connection.execute(_INSERT, {**values, "name_folded": folded, "name_key": name_key, "salt": salt})
    return PersonRow(int(made.scalar_one()), kind, name, id_number, phone, email, address, salt)


def get(connection: Connection, person_id: int) -> PersonRow | None:
    """Return a person."""
    row = connection.execute(_BY_ID, {"wanted": person_id}).first()
    return _person(row) if row else None


def by_ids(connection: Connection, ids: Iterable[int]) -> dict[int, PersonRow]:
    """Return several people by id."""
    wanted = sorted(set(ids))
    found: dict[int, PersonRow] = {}
    for start in range(0, len(wanted), 500):
        for row in connection.execute(select(*_FIELDS).where(P.c.id.in_(wanted[start : start + 500]))):
            found[row.id] = _person(row)
    return found


def with_phone(connection: Connection, ids: Iterable[int]) -> set[int]:
    """Return those of several people who have a name and a telephone number."""
    wanted = sorted(set(ids))
    found: set[int] = set()
    for start in range(0, len(wanted), 500):
        there = P.c.id.in_(wanted[start : start + 500]) & (P.c.name != "") & (P.c.phone != "")
        found.update(connection.execute(select(P.c.id).where(there)).scalars())
    return found


def by_id_number(connection: Connection, id_number: str) -> list[PersonRow]:
    """Return everyone written under an identity number, newest first; nobody who was set aside."""
    return [_person(row) for row in connection.execute(_BY_NUMBER, {"wanted": id_number})]


def erase(connection: Connection, person_id: int, at: datetime) -> None:
    """Blank a person's values and the salt, so that no hash in the journal can be tried against a guess."""
    blank: dict[str, object] = dict.fromkeys(("name", "name_folded", "id_number", "phone", "email", "address"), "")
    blank |= {"name_key": b"", "salt": "", "erased_at": at}
    connection.execute(update(P).where(P.c.id == person_id).values(blank))


def set_aside(connection: Connection, person_id: int) -> None:
    """Let nobody be looked up as a person whom a correction has replaced, unless a dossier is still theirs.

    What was written stays, for the trace and for an undo.
    """
    theirs = select(D.c.id).where(D.c.person_id == person_id).exists()
    connection.execute(update(P).where(P.c.id == person_id, not_(theirs)).values(name_folded=""))


def bring_back(connection: Connection, person_id: int, folded: str) -> None:
    """Let a person be looked up again; nothing happens to one who was not set aside."""
    connection.execute(update(P).where(P.c.id == person_id, P.c.name_folded == "").values(name_folded=folded))


def add_remark(connection: Connection, *, dossier_id: int, event_seq: int, kind: str, text: str, salt: str) -> None:
    """Keep a free text of an event."""
    connection.execute(
        _ADD_REMARK, {"dossier_id": dossier_id, "event_seq": event_seq, "kind": kind, "text": text, "salt": salt}
    )


def remarks(connection: Connection, dossier_id: int) -> list[RemarkRow]:
    """Return a dossier's free texts in order."""
    return [RemarkRow(r.event_seq, r.kind, r.text) for r in connection.execute(_REMARKS, {"dossier": dossier_id})]


def newest_papers(connection: Connection, procedure: str, dossiers: int) -> list[str]:
    """Return the lists of papers, as stored, of so many of a procedure's newest dossiers."""
    newest = select(D.c.id).where(D.c.procedure_code == procedure).order_by(D.c.id.desc()).limit(dossiers).subquery()
    query = select(R.c.text).join(newest, R.c.dossier_id == newest.c.id).where(R.c.kind == "papers", R.c.text != "")
    return list(connection.execute(query.order_by(R.c.id.desc())).scalars())


def _person(row: Row[*tuple[Any, ...]]) -> PersonRow:
    return PersonRow(row.id, row.kind, row.name, row.id_number, row.phone, row.email, row.address, row.salt)
