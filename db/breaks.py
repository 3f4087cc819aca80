"""Where a restored record fell behind its own sealed files, and the resets that go on from there.

A sealed reset has a number among the files; what has a number between its base and its own is superseded by it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import fields
from sqlalchemy import Column, ColumnElement, Connection, Row, exists, insert, select, update

from db.tables import ChainBreak, OutboxItem

X = ChainBreak.__table__  # type: ignore[attr-defined]
B = OutboxItem.__table__  # type: ignore[attr-defined]


class BreakRow(Struct, frozen=True):
    """A place where the chain broke.

    `known_*` is the last file known of, `base_*` the last one that stays (0, "" and None for none). From `journal_to`
    is counted on, with `stock` open by procedure; `day` is the last day that counts as reported. `seq`, `sha256`,
    `made` and `content` are those of the reset, None until it is sealed.
    """

    id: int
    found_at: datetime
    known_seq: int
    known_sha256: str
    known_day: date | None
    base_seq: int
    base_sha256: str
    base_day: date | None
    journal_to: int
    day: date | None
    stock: Mapping[str, int]
    lost: Mapping[str, Any]
    seq: int | None = None
    sha256: str | None = None
    made: date | None = None
    content: bytes | None = None


def superseded(seq: Column[int]) -> ColumnElement[bool]:
    """Return the condition that a number lies between the base of a sealed reset and the reset."""
    over = X.alias("over")
    return exists(select(over.c.id).where(over.c.seq.is_not(None), over.c.base_seq < seq, seq < over.c.seq))


def breaks(connection: Connection) -> list[BreakRow]:
    """Return all breaks, oldest first."""
    return [_break(row) for row in connection.execute(select(X).order_by(X.c.id))]


def open_break(connection: Connection) -> BreakRow | None:
    """Return the break that has no reset yet."""
    row = connection.execute(select(X).where(X.c.seq.is_(None)).order_by(X.c.id.desc()).limit(1)).first()
    return None if row is None else _break(row)


def last_reset(connection: Connection) -> BreakRow | None:
    """Return the newest break that has its reset."""
    row = connection.execute(select(X).where(X.c.seq.is_not(None)).order_by(X.c.seq.desc()).limit(1)).first()
    return None if row is None else _break(row)


def put(connection: Connection, row: BreakRow) -> None:
    """Write a break that has no reset yet; `id` 0 is a new one, else that one is written anew."""
    values = _values(row)
    number = values.pop("id")
    if number:
        connection.execute(update(X).where(X.c.id == number).values(values))
    else:
        connection.execute(insert(X), values)


def seal(connection: Connection, row: BreakRow, at: datetime) -> None:
    """Keep the reset of a break and queue it."""
    put(connection, row)
    connection.execute(
        insert(B),
        {
            "sha256": row.sha256,
            "seq": row.seq,
            "state": "sealed",
            "tries": 0,
            "way": "",
            "reason": "",
            "changed_at": at,
        },
    )


def _values(row: BreakRow) -> dict[str, Any]:
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    return values | {"stock": json.dumps(dict(row.stock)), "lost": json.dumps(dict(row.lost))}


def _break(row: Row[*tuple[Any, ...]]) -> BreakRow:
    values = dict(row._mapping)
    content = values.pop("content")
    stock, lost = json.loads(values.pop("stock")), json.loads(values.pop("lost"))
    return BreakRow(**values, stock=stock, lost=lost, content=None if content is None else bytes(content))
