"""An officer as screens see one, and what a new one is made of."""

from __future__ import annotations

from msgspec import Struct

from db.rows import OfficerRow
from db.vocabulary import Role


class OfficerView(Struct, frozen=True):
    """A member of staff."""

    id: int
    name: str
    role: str
    active: bool
    has_pin: bool = False


class NewOfficer(Struct, frozen=True):
    """An officer to be added; `pin` may come later, `client_id` makes a repeat give the same answer."""

    client_id: str
    name: str
    role: str = Role.CLERK
    pin: str = ""


def view_of(row: OfficerRow) -> OfficerView:
    """Return an officer of the record as screens see one."""
    return OfficerView(row.id, row.name, row.role, row.active, row.has_pin)
