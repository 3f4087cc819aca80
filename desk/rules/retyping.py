"""Re-typing a dossier into the official system: which fields in which order, each value written as it wants it.

Pure: facts in, written values out. The order is data; `desk/reference/retype.toml` is the one shipped.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from desk.rules import moment
from desk.rules.text import clean


class Item(StrEnum):
    """One field of the official form."""

    PROCEDURE_CODE = "procedure_code"
    CHANNEL = "channel"
    KIND = "kind"
    NAME = "name"
    SEX = "sex"
    BIRTH = "birth"
    ID_NUMBER = "id_number"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    OTHER_NAME = "other_name"
    OTHER_ID_NUMBER = "other_id_number"
    OTHER_ADDRESS = "other_address"
    OTHER_PHONE = "other_phone"
    OTHER_EMAIL = "other_email"
    REQUEST = "request"
    PAPERS = "papers"
    SETS = "sets"
    FEE = "fee"
    RETURN_WAY = "return_way"
    RECEIVED = "received"
    PROMISE = "promise"
    NOTE = "note"


NEVER_KEPT = frozenset({Item.SEX, Item.BIRTH})
"""Fields of the form that this desk does not keep: read off the card or the paper."""


class Shape(StrEnum):
    """How a field wants its value written."""

    AS_IS = "as_is"
    UPPER = "upper"
    PLAIN = "plain"
    CODE = "code"
    DATE = "date"
    DATE_TIME = "date_time"


class Step(Struct, frozen=True):
    """One field in its place, with the shape of its value."""

    item: Item
    shape: Shape = Shape.AS_IS


class OrderError(ValueError):
    """An order that cannot be used; its text names what is wrong in it."""


class Fact(Struct, frozen=True):
    """What is known of one field: words, the national code behind them, or an instant."""

    text: str = ""
    code: str = ""
    at: datetime | None = None


def parse_order(content: Mapping[str, object]) -> tuple[Step, ...]:
    """Return the order that a TOML document holds: tables `field` with `item` and, where it is not as kept, `shape`.

    OrderError for an unknown, a repeated or a missing name.
    """
    rows = content.get("field")
    if not isinstance(rows, list) or not rows:
        raise OrderError("field")
    steps = [_step(row) for row in rows]
    for step in steps:
        if sum(other.item is step.item for other in steps) > 1:
            raise OrderError(step.item.value)
    return tuple(steps)


def _step(row: object) -> Step:
    if not isinstance(row, dict):
        raise OrderError("field")
    unknown = row.keys() - {"item", "shape"}
    if unknown:
        raise OrderError(str(min(unknown)))
    item, shape = row.get("item"), row.get("shape", Shape.AS_IS.value)
    if item not in set(Item):
        raise OrderError(str(item))
    if shape not in set(Shape):
        raise OrderError(str(shape))
    return Step(Item(item), Shape(shape))


def written(fact: Fact, shape: Shape) -> str:
    """Return a value as the official form wants it: one line, NFC, nothing invisible; empty where nothing is known."""
    if fact.at is not None:
        at = moment.minute(fact.at)
        return f"{at:%d/%m/%Y}" if shape is Shape.DATE else f"{at:%d/%m/%Y %H:%M}"
    if shape is Shape.CODE and fact.code:
        return clean(fact.code)
    text = clean(fact.text)
    if shape is Shape.UPPER:
        return unicodedata.normalize("NFC", text.upper())
    if shape is Shape.PLAIN:
        return "".join(char for char in text if char.isalnum())
    return text


def values(facts: Mapping[Item, Fact], order: Iterable[Step]) -> tuple[tuple[Item, str], ...]:
    """Return every field of the order with its value; the fields of somebody who files for another only if there is."""
    other = bool(facts.get(Item.OTHER_NAME, Fact()).text)
    steps = (step for step in order if other or not step.item.value.startswith("other_"))
    return tuple((step.item, written(facts.get(step.item, Fact()), step.shape)) for step in steps)
