"""Reason codes and kept forms: what is written to the record, to `--json` or to a file never changes by accident."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

import pytest

import desk.rules
from db.vocabulary import Act, Outcome, State
from desk.rules import moment, numbering
from desk.rules.lifecycle import UNDO_WINDOW, Denial, Denied, Facts, Flag, Standing, Step, decide
from desk.rules.report import UNKNOWN_FIELD
from desk.rules.tally import NO_PROCEDURE
from desk.rules.text import mask_phone, name_key, sort_key

MODULES = [importlib.import_module(f"desk.rules.{each.name}") for each in pkgutil.iter_modules(desk.rules.__path__)]
WORDS = sorted(
    {
        found
        for module in MODULES
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, StrEnum) and found.__module__ == module.__name__
    },
    key=lambda kind: (kind.__module__, kind.__name__),
)


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_every_code_is_its_name_in_small_letters(kind: type[StrEnum]) -> None:
    assert [word.value for word in kind] == [word.name.lower() for word in kind]


def test_every_kind_of_code_was_found() -> None:
    names = {kind.__name__ for kind in WORDS}
    assert {"Denial", "Flag", "ClockFault", "StepKind", "LimitFault", "Count", "CardReject", "Preset"} <= names
    assert len(WORDS) >= 20


def test_rows_without_a_name_of_their_own() -> None:
    assert (NO_PROCEDURE, UNKNOWN_FIELD) == ("-", "")


@pytest.mark.parametrize(
    ("written", "letters", "tones", "cases"),
    [
        ("", "", "", ""),
        ("B’Lao 12", "2f0a3b2c3e012324", "", "020102"),
        ("ạ́", "2c", "0605", ""),
        ("Ж", "f8000436", "", "02"),
        ("a\u0308n", "2c3d", "f8000308", ""),
        ("ðông", "323f3d36", "", ""),
        ("Ðông", "323f3d36", "", "02"),
        ("Thị", "453738", "010106", "02"),
    ],
)
def test_keys_are_kept_in_the_record_and_stay_what_they_are(written: str, letters: str, tones: str, cases: str) -> None:
    assert sort_key(written) == b"\0".join(bytes.fromhex(level) for level in (letters, tones, cases))


def test_keys_of_people_stay_what_they_are() -> None:
    given, rest = "37 3e 2c | 01 01 02 | 02", "32 2d 3d 36 01 45 37 38 | 01 06 01 01 01 01 01 06 | 02 01 01 01 01 02"
    first, second = ([bytes.fromhex(level) for level in each.split("|")] for each in (given, rest))
    found = name_key("Đặng Thị Hoà")
    assert found == b"\0".join((*first[:2], *second[:2], first[2], second[2]))


def test_case_of_a_name_counts_after_all_else() -> None:
    ordered = ["Lê AN", "Trần An", "LÊ văn an", "Lê Văn AN"]
    assert all(name_key(before) < name_key(after) for before, after in pairwise(ordered[:2]))
    assert name_key(ordered[2]) < name_key(ordered[3])


def test_a_short_number_keeps_nothing_and_eight_digits_keep_five() -> None:
    assert (mask_phone("1234567"), mask_phone("12345678"), mask_phone("123456789")) == ("•••", "12•••678", "12•••789")


@pytest.mark.parametrize(
    "written", ["2026-03-13T10:56+0700", "2026-03-13T10:56:59,5", "2026-03-13T10:56:59.1234567", "2026-03-13T10:56 "]
)
def test_an_instant_is_read_whole_or_not_at_all(written: str) -> None:
    with pytest.raises(ValueError, match=r"^not an instant: '") as caught:
        moment.parse(written)
    assert str(caught.value) == f"not an instant: {written!r}"


def test_what_is_wrong_with_an_instant_is_said() -> None:
    with pytest.raises(ValueError, match=r"^an instant needs its zone$"):
        moment.minute(datetime(2026, 3, 13, 10, 56))  # noqa: DTZ001
    with pytest.raises(ValueError, match=r"^an instant beyond the calendar$"):
        moment.parse("9999-12-31T23:00Z")


@pytest.mark.parametrize(
    ("unit", "day", "desk", "number", "what"),
    [
        ("182290", "2026-03-13", 1, 1, "unit"),
        ("18229", "2026-03-13", 10, 1, "desk"),
        ("18229", "2026-03-13", 1, 10_000, "number"),
        ("18229", "1999-12-31", 1, 1, "year"),
        ("18229", "2100-01-01", 1, 1, "year"),
    ],
)
def test_what_is_wrong_with_a_code_is_said(unit: str, day: str, desk: int, number: int, what: str) -> None:
    with pytest.raises(ValueError, match=rf"^{what}$"):
        numbering.provisional_code(unit, datetime.fromisoformat(day).date(), desk, number)


def test_a_code_is_read_whole_or_not_at_all() -> None:
    code = numbering.provisional_code("18229", datetime(2000, 1, 1, tzinfo=moment.VN).date(), 9, 9999)
    assert code.startswith("TN-18229-000101-99999")
    assert numbering.parse_provisional(code) is not None
    assert numbering.parse_provisional(f"{code}0") is None
    for official in ("H57.132-260804-0583", "38.98.H29-210519-0003"):
        assert numbering.normalise_official(official.replace("-", " - ")) == official
        assert numbering.normalise_official(f"{official}X") is None


@pytest.mark.parametrize(
    ("year", "desk", "n", "what"),
    [(2100, 1, 1, "year"), (1999, 1, 1, "year"), (2026, 10, 1, "desk"), (2026, 1, 0, "number")],
)
def test_what_is_wrong_with_a_slip_number_is_said(year: int, desk: int, n: int, what: str) -> None:
    with pytest.raises(ValueError, match=rf"^{what}$"):
        numbering.slip_number(year, desk, n)
    assert (numbering.slip_number(2000, 1, 1), numbering.slip_number(2099, 9, 1)) == ("00.100001", "99.900001")


NOW = datetime(2026, 3, 13, 9, 12, tzinfo=moment.VN)


def test_facts_nobody_gave_are_the_careful_ones() -> None:
    facts = Facts(NOW)
    assert (facts.reason, facts.head, facts.immediate, facts.same_place) == ("", False, False, False)
    assert (facts.new_promise_counts, facts.new_promise_in_hours, facts.taken_state) == (True, True, State.PROCESSING)
    with pytest.raises(ValueError, match=r"^state$"):
        _ = Step(Standing()).state


def test_ten_minutes_to_take_back_and_the_refusal_says_until_when() -> None:
    assert timedelta(minutes=10) == UNDO_WINDOW
    done = Standing(State.FINISHED, accepted=True, outcome=Outcome.RESULT, undoable=True)
    last, before = NOW - timedelta(minutes=11), Standing(State.PROCESSING, accepted=True)
    answer = decide(done, Act.UNDO, Facts(NOW, last_at=last, before=before))
    assert answer == Denied(Denial.UNDO_WINDOW_PASSED, Act.UNDO, State.FINISHED, NOW - timedelta(minutes=1))
    taken_back = decide(done, Act.UNDO, Facts(NOW - timedelta(minutes=1), last_at=last, before=before))
    assert taken_back == Step(before)
    corrected = decide(done, Act.UNDO, Facts(NOW, reason="ký nhầm", head=True, last_at=last, before=before))
    assert isinstance(corrected, Step)
    assert corrected.flags == (Flag.CORRECTION,)
