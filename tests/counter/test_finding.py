"""What is found and in which order, against a search that looks at every dossier."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import people, search
from db.engine import open_engine, sqlite_url
from db.schema import ensure
from db.steps import Side
from db.unit import Records
from db.vocabulary import OPEN_STATES, State
from desk.counter import finding
from desk.rules import numbering
from desk.rules.text import clean, fold

NOON = datetime(2026, 3, 13, 5, 0, tzinfo=UTC)
NAMES = (
    "Lê Thị Hoa", "Lê Thị Hòa", "Lê Thị Hoà", "Nguyễn Hóa", "Nguyên Hoàng", "Hoàng Hoa Thám", "Đỗ Thị Hoan",
    "Do Hoa", "Nguyễn Văn An", "Nguyễn Văn Anh", "Trần Ân", "Đặng Án", "Jean-Pierre O'Neill",
)  # fmt: skip
STATES = (State.PROCESSING, State.RETURNED, State.RECEIVED, State.NOT_RECEIVED)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    engine = open_engine(sqlite_url(tmp_path / "desk.db"))
    ensure(engine, Side.DESK)
    yield Records(engine)
    engine.dispose()


def fill(records: Records) -> list[search.Line]:
    """Keep four dossiers of each name, in states that take turns."""
    made = []
    with records.writing() as work:
        for number in range(1, len(NAMES) * 4 + 1):
            name, state = NAMES[number % len(NAMES)], STATES[number * 7 % len(STATES)]
            person = people.put(
                work.connection, kind=0, name=name, folded=fold(name), name_key=b"",
                id_number=f"0421800{number * 797 % 100_000:05d}", phone=f"09{number * 7919 % 10**8:08d}",
            )  # fmt: skip
            code = numbering.provisional_code("18229", date(2026, 3, number % 28 + 1), 1, number)
            changes: dict[str, Any] = {
                "code": code, "state": int(state), "accepted": True, "procedure_code": "p", "procedure_version": 1,
                "channel": 1, "taken_over": False, "immediate": False, "person_id": person.id, "mode": "restart",
                "registered_at": NOON,
            }  # fmt: skip
            work.apply("receive", NOON, {}, row=None, dossier_id=number, changes=changes)
            made.append(search.Line(number, state, code, None, "", name, fold(name), person.id_number, person.phone))
            line = finding.line_of(made[-1])
            search.index(work.connection, number, words=line.words, parts=[line.parts])
        work.commit()
    return made


@pytest.fixture
def crowd(records: Records) -> tuple[Records, list[search.Line]]:
    return records, fill(records)


def brute(lines: list[search.Line], query: str, limit: int) -> list[int]:
    """Look at every line: words by their beginning, tokens with a digit within codes and numbers."""
    tokens = clean(query).casefold().split()
    parts = [fold(token) for token in tokens if len(token) >= 3 and any(char.isdigit() for char in token)]
    words = [word for token in tokens if fold(token) not in parts for word in search.words_of(token)]
    ranked = []
    for line in lines:
        plain = line.code.lower()
        written, folded = (set(search.words_of(f"{name} {plain}")) for name in (line.name.casefold(), line.folded))
        held = " ".join((plain, plain.replace("-", ""), f"tn-{plain[11:15]}-{plain[17:]}", line.id_number, line.phone))
        if not (words or parts) or not all(part in held for part in parts):
            continue
        if not all(any(word.startswith(fold(each)) for word in folded) for each in words):
            continue
        exact = all(any(word.startswith(each) for word in written) for each in words)
        whole = all(each in written for each in words) if exact else all(fold(each) in folded for each in words)
        ranked.append((not exact, not whole, line.state not in OPEN_STATES, -line.id))
    return [-each[-1] for each in sorted(ranked)][:limit]


def found(records: Records, query: str, limit: int = 100) -> list[int]:
    with records.reading() as view:
        return finding.ranked(view, query, limit)


PIECES = sorted({word[:length] for name in NAMES for word in name.split() for length in range(1, len(word) + 1)})
WORDS = st.sampled_from([*PIECES, *(fold(piece) for piece in PIECES)])
NUMBERS = st.sampled_from(
    [
        "0421800",
        "260313",
        "tn-0313",
        "tn-18229-2603",
        "tn-99999-260313",
        "tn18229",
        "00797",
        "0003",
        "1",
        "26",
        "09",
        "tn",
    ]
)


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(tokens=st.lists(WORDS | NUMBERS, max_size=3), limit=st.sampled_from([1, 5, 100]))
def test_what_is_found_is_what_looking_at_every_dossier_finds(
    crowd: tuple[Records, list[search.Line]], tokens: list[str], limit: int
) -> None:
    records, lines = crowd
    query = " ".join(tokens)
    # A limit below the number of matches ranks the newest of each kind only where numbers are asked for too.
    wanted = brute(lines, query, 100)
    assert found(records, query) == wanted
    if not any(char.isdigit() for char in query):
        assert found(records, query, limit) == wanted[:limit]


def test_exact_tones_whole_words_open_dossiers_and_new_ones_come_first(records: Records) -> None:
    lines = {line.id: line for line in fill(records)}
    kind = {"Hoa": 0, "Hoan": 1, "Hòa": 2, "Hoà": 2, "Hóa": 2, "Hoàng": 3}
    told = [
        (min(kind.get(word, 9) for word in lines[number].name.split()), lines[number].state not in OPEN_STATES, -number)
        for number in found(records, "hoa")
    ]
    assert told == sorted(told)
    assert {place for place, *_rest in told} == {0, 1, 2, 3}


def test_exact_tones_and_whole_words_are_never_cut_off_by_newer_dossiers(
    crowd: tuple[Records, list[search.Line]], monkeypatch: pytest.MonkeyPatch
) -> None:
    records, lines = crowd
    monkeypatch.setattr(finding, "CANDIDATES", 1)
    for query, wanted in (
        ("hòa", {"Lê Thị Hòa"}),
        ("an", {"Nguyễn Văn An", "Đặng Án", "Trần Ân"}),
        ("ân", {"Trần Ân"}),
    ):
        first = found(records, query, 1)
        assert {line.name for line in lines if line.id in first} & wanted


@pytest.mark.parametrize(("wide", "looked_at"), [(1, 1000), (3, 1000), (10, 1000), (1000, 0)])
def test_a_name_beside_a_number_is_found_however_many_have_either(
    crowd: tuple[Records, list[search.Line]], monkeypatch: pytest.MonkeyPatch, wide: int, looked_at: int
) -> None:
    records, lines = crowd
    monkeypatch.setattr(search, "WIDE", wide)
    monkeypatch.setattr(search, "LOOKED_AT", looked_at)
    for line in lines:
        if wide == 1000 or len(brute(lines, line.id_number[-5:], 100)) < wide:
            assert line.id in found(records, f"{line.name} {line.id_number[-5:]}")


HOSTILE = (
    '"', "AND", "a AND", "OR", "NOT a", "NEAR(a b)", "*", "a*", "hoa*", "\x00", "a\x00b1", "'", "x" * 300, "1" * 300,
    " ".join(f"w{n}" for n in range(300)), " ".join(f"ă{chr(97 + n % 26)}{n}" for n in range(300)), "\u0301",
    "\u0301\u0323 ", "h\u0301", "Hoa\u0300", "\u200bhoa", "\ud800", "tn-18229-", "tn-18229-*",
    'tn-18229-"', "tn-18229-\x00",
)  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_are_only_text(crowd: tuple[Records, list[search.Line]], query: str) -> None:
    assert set(found(crowd[0], query)) <= {line.id for line in crowd[1]}
