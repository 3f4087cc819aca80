"""Gapless numbers: raised and used in one transaction."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, bindparam, insert, select, text, update

from db.tables import Counter, IssuedSlip

_RAISE = text(
    "INSERT INTO counter (series, last) VALUES (:series, 1) "
    "ON CONFLICT (series) DO UPDATE SET last = counter.last + 1 RETURNING last"
)
_SKIP = text(
    "INSERT INTO counter (series, last) VALUES (:series, :to) "
    "ON CONFLICT (series) DO UPDATE SET last = excluded.last WHERE counter.last < excluded.last"
)
C = Counter.__table__  # type: ignore[attr-defined]
S = IssuedSlip.__table__  # type: ignore[attr-defined]
_KEEP = insert(S)
_SLIPS = select(S).where(S.c.dossier_id == bindparam("dossier")).order_by(S.c.id)


class SlipRow(Struct, frozen=True):
    """A numbered form given out for a dossier."""

    form: str
    year: int
    desk: int
    number: int
    event_seq: int
    reprints: int


def take(connection: Connection, series: str) -> int:
    """Return the next number of a series, from 1."""
    return int(connection.execute(_RAISE, {"series": series}).scalar_one())


def series(connection: Connection, start: str) -> dict[str, int]:
    """Return the series whose name begins so, each with the last number taken."""
    query = select(C.c.series, C.c.last).where(C.c.series.startswith(start, autoescape=True)).order_by(C.c.series)
    return {row.series: row.last for row in connection.execute(query)}


def skip(connection: Connection, name: str, to: int) -> None:
    """Take no number of a series up to `to` any more."""
    connection.execute(_SKIP, {"series": name, "to": to})


def take_slip(connection: Connection, form: str, year: int, desk: int) -> int:
    """Return the next number of an official form: gapless per form, year and desk."""
    return take(connection, f"slip/{form}/{year}/{desk}")


def keep_slip(connection: Connection, slip: SlipRow, dossier_id: int) -> None:
    """Keep which dossier and event a numbered form was given out for."""
    connection.execute(
        _KEEP,
        {
            "form": slip.form,
            "year": slip.year,
            "desk": slip.desk,
            "number": slip.number,
            "dossier_id": dossier_id,
            "event_seq": slip.event_seq,
            "reprints": slip.reprints,
        },
    )


def slips(connection: Connection, dossier_id: int) -> list[SlipRow]:
    """Return the forms given out for a dossier."""
    rows = connection.execute(_SLIPS, {"dossier": dossier_id})
    return [SlipRow(r.form, r.year, r.desk, r.number, r.event_seq, r.reprints) for r in rows]


def count_reprint(connection: Connection, dossier_id: int, form: str) -> int:
    """Count one more copy of a dossier's newest slip of that form; return the copies so far."""
    newest = select(S.c.id).where(S.c.dossier_id == dossier_id, S.c.form == form).order_by(S.c.id.desc()).limit(1)
    done = connection.execute(
        update(S).where(S.c.id == newest.scalar_subquery()).values(reprints=S.c.reprints + 1).returning(S.c.reprints)
    )
    return int(done.scalar() or 0)


def give(connection: Connection, dossier_id: int, form: str, at: datetime) -> bool:
    """Keep that a dossier's newest slip of that form was given out; False if that was known, or there is none."""
    newest = select(S.c.id).where(S.c.dossier_id == dossier_id, S.c.form == form).order_by(S.c.id.desc()).limit(1)
    ungiven = update(S).where(S.c.id == newest.scalar_subquery(), S.c.given_at.is_(None))
    return bool(connection.execute(ungiven.values(given_at=at)).rowcount)


def ungiven(connection: Connection, form: str, after: int) -> list[int]:
    """Return the dossiers whose slip of that form, numbered by an event behind `after`, was not given out."""
    query = select(S.c.dossier_id).where(S.c.event_seq > after, S.c.form == form, S.c.given_at.is_(None))
    return list(connection.execute(query.order_by(S.c.id)).scalars())
