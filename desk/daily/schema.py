"""The shipped JSON Schemas (2020-12), compiled on first use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from desk.daily.container import Json

DAILY = "motcua.daily/1"
RECEIPT = "motcua.receipt/1"
CALENDAR = "motcua.calendar/1"
CATALOGUE = "motcua.catalogue/1"
NOTICE = "motcua.notice/1"
MESSAGE = "motcua.message/1"
RESET = "motcua.reset/1"
UNITS = "motcua.units/1"
KEY = "motcua.key/1"

_FILES = {
    DAILY: "daily.schema.json",
    RECEIPT: "receipt.schema.json",
    CALENDAR: "calendar.schema.json",
    CATALOGUE: "catalogue.schema.json",
    NOTICE: "notice.schema.json",
    MESSAGE: "message.schema.json",
    RESET: "reset.schema.json",
    UNITS: "units.schema.json",
    KEY: "key.schema.json",
}
_PLAIN = re.compile(r"[^A-Za-z0-9._-]")


def load(name: str) -> dict[str, Any]:
    """Return the schema document of one of the names above."""
    text = files("desk.daily").joinpath(_FILES[name]).read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@cache
def _compiled(name: str) -> Callable[[object], object]:
    import fastjsonschema

    compile_schema: Any = fastjsonschema.compile
    check: Callable[[object], object] = compile_schema(load(name), use_default=False)
    return check


def fault(payload: Mapping[str, Json], name: str) -> str | None:
    """Return None if the payload fits the schema, else where and by which rule it does not (plain ASCII)."""
    from fastjsonschema import JsonSchemaValueException

    try:
        _compiled(name)(payload)
    except JsonSchemaValueException as error:
        return _PLAIN.sub("?", str(error.name))[:80] + " " + str(error.rule or "")
    return None
