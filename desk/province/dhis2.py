"""The province's figures as DHIS2 takes them: one `dataValueSet` for each unit and day, in JSON.

A set is what `POST /api/dataValueSets` reads: `dataSet`, `completeDate`, `period` (YYYYMMDD), `orgUnit`, and in
`dataValues` each `dataElement`, `categoryOptionCombo` and `value` as text. The counters are data elements, the
procedures their category option combinations. `completeDate` makes a day of zeros a report: zero and missing stay
different things.

Without a mapping the identifiers are our own codes, fixed for ever, and the set says so (`idScheme`); a mapping gives
the UIDs of one DHIS2 instead.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import groupby

from msgspec import Struct, field

from db.province_reading import DayFigures
from desk.daily.container import Json
from desk.rules.moment import VN
from desk.rules.tally import NO_PROCEDURE, combine

DATA_SET = "MOTCUA_DAILY"
ELEMENT = "MOTCUA_"
"""How the code of a data element begins; the counter's name in capitals follows."""

_UID = re.compile(r"[A-Za-z][A-Za-z0-9]{10}")
_COLUMNS = ["kind", "code", "uid"]


class Kind(StrEnum):
    """What an identifier names."""

    DATA_SET = "dataSet"
    UNIT = "orgUnit"
    ELEMENT = "dataElement"
    COMBO = "categoryOptionCombo"


class MapFault(StrEnum):
    """Why a mapping is not used."""

    COLUMNS = "columns"
    KIND = "kind"
    UID = "uid"
    TWICE = "twice"
    MISSING = "missing"


class MapError(Exception):
    """A mapping cannot be used: the line it stands in, counted from 1, or what is missing in it."""

    def __init__(self, fault: MapFault, where: str) -> None:
        super().__init__(f"{fault}: {where}")
        self.fault = fault
        self.where = where


class Identifiers(Struct, frozen=True):
    """Our codes, or the UIDs of one DHIS2 for them."""

    uids: Mapping[tuple[Kind, str], str] = field(default_factory=dict)

    @property
    def scheme(self) -> str:
        """DHIS2's name of the kind of identifiers."""
        return "UID" if self.uids else "CODE"

    def of(self, kind: Kind, code: str) -> str:
        """Return the identifier for a code; MapError MISSING where a mapping does not have it."""
        if not self.uids:
            return code
        found = self.uids.get((kind, code))
        if found is None:
            raise MapError(MapFault.MISSING, f"{kind},{code}")
        return found


def read_map(text: str) -> Identifiers:
    """Read a mapping: CSV with the columns kind, code, uid; MapError for what cannot be used."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    if next(rows, []) != _COLUMNS:
        raise MapError(MapFault.COLUMNS, "1")
    found: dict[tuple[Kind, str], str] = {}
    for line, row in enumerate(rows, start=2):
        if not row:
            continue
        if len(row) != len(_COLUMNS):
            raise MapError(MapFault.COLUMNS, str(line))
        kind, code, uid = (cell.strip() for cell in row)
        if kind not in set(Kind):
            raise MapError(MapFault.KIND, str(line))
        if not _UID.fullmatch(uid):
            raise MapError(MapFault.UID, str(line))
        if (Kind(kind), code) in found:
            raise MapError(MapFault.TWICE, str(line))
        found[Kind(kind), code] = uid
    if not found:
        raise MapError(MapFault.COLUMNS, "2")
    return Identifiers(found)


def data_value_sets(figures: Iterable[DayFigures], names: Identifiers) -> Iterator[dict[str, Json]]:
    """Yield a set for each unit and day; several files of a day are one report, with the stock of the last."""
    for (unit, day), found in groupby(figures, key=lambda each: (each.unit, each.day)):
        files = list(found)
        rows = combine([each.rows for each in files])
        values: list[Json] = [
            {
                "dataElement": names.of(Kind.ELEMENT, ELEMENT + counter.upper()),
                "categoryOptionCombo": names.of(Kind.COMBO, combo_code(procedure)),
                "value": str(number),
            }
            for procedure, line in rows.items()
            for counter, number in line.items()
        ]
        yield {
            "idScheme": names.scheme,
            "dataSet": names.of(Kind.DATA_SET, DATA_SET),
            "completeDate": files[0].received_at.astimezone(VN).date().isoformat(),
            "period": f"{day:%Y%m%d}",
            "orgUnit": names.of(Kind.UNIT, unit),
            "dataValues": values,
        }


def lines(figures: Iterable[DayFigures], names: Identifiers) -> Iterator[bytes]:
    """Yield the sets as JSON, one a line: each is what DHIS2 takes at once."""
    for each in data_value_sets(figures, names):
        yield json.dumps(each, ensure_ascii=False).encode() + b"\n"


def combo_code(procedure: str) -> str:
    """Return the code of a procedure's category option combination; what concerns none has one too."""
    return "MOTCUA_NONE" if procedure == NO_PROCEDURE else f"TTHC_{procedure}"
