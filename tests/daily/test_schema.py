"""The shipped schemas: what they refuse, and that an independent 2020-12 reader agrees."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from desk.daily.model import DailyFile, PayloadError, Receipt, Status
from desk.daily.schema import DAILY, RECEIPT, fault, load
from desk.rules.tally import Count

Path = tuple[str, ...]
REMOVED = object()


def changed(payload: dict[str, Any], path: Path, value: object) -> dict[str, Any]:
    found = copy.deepcopy(payload)
    inner = found
    for name in path[:-1]:
        inner = inner[name]
    if value is REMOVED:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return found


def agree(payload: dict[str, Any], name: str) -> bool:
    """Ask both readers; they must say the same."""
    document = load(name)
    jsonschema.Draft202012Validator.check_schema(document)
    other = bool(jsonschema.Draft202012Validator(document).is_valid(payload))
    ours = fault(payload, name) is None
    assert ours is other, payload
    return ours


RECEIPT_GIVEN = Receipt(
    receipt_for="ab" * 32,
    unit="18229",
    date=date(2026, 3, 13),
    seq=7,
    status=Status.MERGED,
    reason=None,
    expected_seq=8,
    province_seq=1,
    province_time=datetime(2026, 3, 13, 10, 2, 3, tzinfo=UTC),
    prev_receipt=None,
)

BAD_DAILY: list[tuple[Path, object]] = [
    (("schema",), "motcua.daily/2"),
    (("unit",), "1822"),
    (("unit",), "18229\n"),
    (("unit",), 18229),
    (("unit",), "١٨٢٢٩"),
    (("unit_name",), ""),
    (("unit_name",), "x" * 201),
    (("unit_name",), "Xã\x1b[31m"),
    (("unit_name",), "Xã\u202e"),
    (("unit_name",), "Xã\n"),
    (("app",), "1\n"),
    (("date",), "2026-03-13\n"),
    (("as_of",), "2026-03-13T12:00+07:00\n"),
    (("journal", "head"), "ab" * 32 + "\n"),
    (("rows", "1.001193\n"), {"online": 1}),
    (("installation",), "SHA256:abc"),
    (("installation",), "MD5:" + "a" * 43),
    (("practice",), 0),
    (("practice",), None),
    (("date",), "2026-3-13"),
    (("date",), "2026-13-01"),
    (("date",), "13/03/2026"),
    (("seq",), 0),
    (("seq",), -1),
    (("seq",), True),
    (("seq",), 2**53),
    (("seq",), "1"),
    (("prev",), ""),
    (("prev",), "AB" * 32),
    (("prev",), "ab" * 31),
    (("journal",), {}),
    (("journal", "from"), -1),
    (("journal", "to"), None),
    (("journal", "head"), "x"),
    (("journal", "other"), 1),
    (("as_of",), "2026-03-13T12:00Z"),
    (("as_of",), "2026-03-13T12:00:00+07:00"),
    (("as_of",), "2026-03-13T24:00+07:00"),
    (("created",), "2026-03-13 12:00+07:00"),
    (("app",), ""),
    (("app",), "1 0"),
    (("catalogue",), "x" * 65),
    (("calendar",), "năm"),
    (("surplus",), 1),
    (("rows",), []),
    (("rows", "1.001193"), {}),
    (("rows", "1.001193"), 1),
    (("rows", ""), {"online": 1}),
    (("rows", "../x"), {"online": 1}),
    (("rows", "1.001193 "), {"online": 1}),
    (("rows", "x" * 33), {"online": 1}),
    (("rows", "1.001193", "online"), 0),
    (("rows", "1.001193", "online"), -1),
    (("rows", "1.001193", "online"), True),
    (("rows", "1.001193", "online"), 2**53),
    (("rows", "1.001193", "online"), "1"),
    (("rows", "1.001193", "onlin"), 1),
    (("totals", "lost"), 1),
    (("totals", "online"), 0),
    *(((name,), REMOVED) for name in ("schema", "unit", "prev", "journal", "rows", "totals", "calendar")),
]

GOOD_DAILY: list[tuple[Path, object]] = [
    (("seq",), 2**53 - 1),
    (("prev",), "ab" * 32),
    (("rows",), {}),
    (("totals",), {}),
    (("rows", "-"), {"satisfied": 1}),
    (("rows", "2.000908.000.00.00.H61"), {"online": 2**53 - 1}),
    (("unit_name",), "Phường Ngọc Hà"),
    (("app",), "1.4.0+local"),
    (("journal", "from"), 2**53 - 1),
]


@pytest.mark.parametrize(("path", "value"), BAD_DAILY)
def test_a_daily_file_with_one_wrong_thing_is_refused(
    make: Callable[..., DailyFile], path: Path, value: object
) -> None:
    payload: dict[str, Any] = make().payload()
    assert agree(payload, DAILY)
    assert not agree(changed(payload, path, value), DAILY)


@pytest.mark.parametrize(("path", "value"), GOOD_DAILY)
def test_a_daily_file_may_say(make: Callable[..., DailyFile], path: Path, value: object) -> None:
    assert agree(changed(make().payload(), path, value), DAILY)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), DAILY),
        (("receipt_for",), None),
        (("unit",), "x"),
        (("date",), ""),
        (("seq",), 0),
        (("status",), "stored"),
        (("reason",), ""),
        (("reason",), "Not a code"),
        (("reason",), "x" * 41),
        (("reason",), "fork\n"),
        (("expected_seq",), 1.5),
        (("province_seq",), None),
        (("province_time",), "2026-03-13T10:02+07:00"),
        (("prev_receipt",), "x"),
        (("surplus",), None),
        (("prev_receipt",), REMOVED),
    ],
)
def test_a_receipt_with_one_wrong_thing_is_refused(path: Path, value: object) -> None:
    payload: dict[str, Any] = RECEIPT_GIVEN.payload()
    assert agree(payload, RECEIPT)
    assert not agree(changed(payload, path, value), RECEIPT)


def test_a_receipt_for_what_could_not_be_read_is_allowed() -> None:
    payload: dict[str, Any] = RECEIPT_GIVEN.payload()
    payload |= {"date": None, "seq": None, "status": "refused", "reason": "not_canonical", "prev_receipt": "0" * 64}
    assert agree(payload, RECEIPT)
    assert Receipt.from_payload(payload).payload() == payload


def test_the_schema_knows_exactly_the_counters_of_the_tally() -> None:
    document = load(DAILY)
    assert list(document["$defs"]["counters"]["properties"]) == [count.value for count in Count]
    assert set(document["required"]) == set(document["properties"])
    assert document["additionalProperties"] is False
    assert load(RECEIPT)["additionalProperties"] is False


def test_what_is_wrong_is_said_in_plain_ascii(make: Callable[..., DailyFile]) -> None:
    payload = changed(make().payload(), ("rows", "\x1b[31mđ"), {"online": 1})
    said = fault(payload, DAILY)
    assert said is not None
    assert said.isascii()
    assert said.isprintable()


def test_payloads_read_back(make: Callable[..., DailyFile]) -> None:
    daily = make(seq=2, prev="ab" * 32)
    assert DailyFile.from_payload(daily.payload()) == daily
    assert daily.payload()["as_of"] == "2026-03-13T12:00+07:00"
    assert Receipt.from_payload(RECEIPT_GIVEN.payload()) == RECEIPT_GIVEN
    assert RECEIPT_GIVEN.payload()["province_time"] == "2026-03-13T17:02:03+07:00"


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        (("date",), "2026-02-30", "no such date"),
        (("date",), "0000-01-01", "no such date"),
        (("as_of",), "2026-02-30T10:00+07:00", "no such instant"),
        (("created",), "0000-01-01T00:00+07:00", "no such instant"),
        (("journal", "from"), 6, "backwards"),
        (("seq",), 2, "prev missing"),
    ],
)
def test_what_cannot_be_is_refused_beyond_the_schema(
    make: Callable[..., DailyFile], path: Path, value: object, why: str
) -> None:
    payload = changed(make().payload(), path, value)
    assert agree(payload, DAILY)
    with pytest.raises(PayloadError, match=why):
        DailyFile.from_payload(payload)


def test_a_refusal_has_a_reason() -> None:
    payload: dict[str, Any] = {**RECEIPT_GIVEN.payload(), "status": "refused"}
    with pytest.raises(PayloadError, match="reason"):
        Receipt.from_payload(payload)
