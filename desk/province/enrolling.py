"""A unit's key on the province's list."""

from __future__ import annotations

from datetime import date, datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from db import provinces
from db.provinces import KeyRow, UnitRow
from desk.daily.sshsig import PublicKey
from desk.province.model import Enrolled, ProvinceError, ProvinceFault


def enrol(
    connection: Connection, unit: str, name: str, key: PublicKey, go_live: date | None, now: datetime
) -> Enrolled:
    """Put a key on the list; the caller commits. ProvinceError KEY_ELSEWHERE, STARTED."""
    row = provinces.unit(connection, unit, lock=True)
    if row is None:
        row = UnitRow(unit, name, go_live, now)
        provinces.put_unit(connection, row)
    elif go_live is not None and go_live != row.go_live:
        if row.last_seq:
            raise ProvinceError(ProvinceFault.STARTED, unit)
        row = replace(row, go_live=go_live)
        provinces.move_unit(connection, row)
    there = provinces.key(connection, key.fingerprint)
    if there is not None and there.unit != unit:
        raise ProvinceError(ProvinceFault.KEY_ELSEWHERE, there.unit)
    others = [each.fingerprint for each in provinces.keys(connection) if each.unit == unit and each.last_seq is None]
    if there is None:
        provinces.put_key(connection, KeyRow(unit, key.fingerprint, key.line(), now, None))
    elif key.fingerprint in others:
        others.remove(key.fingerprint)
    return Enrolled(unit, row.name, key.fingerprint, row.go_live, tuple(others), there is not None)
