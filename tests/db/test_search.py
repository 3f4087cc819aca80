"""Finding dossiers: folded words by prefix, numbers by any part, and nothing a query could break."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import people, search
from db.unit import Records
from desk.counter.finding import line_of

NOON = datetime(2026, 3, 13, 5, 0, tzinfo=UTC)

PEOPLE = (
    ("Nguyễn Đức Thịnh", "nguyen duc thinh", "042180000708", "0912345678"),
    ("Đặng Văn Ỷ", "dang van y", "042180000709", ""),
    ("Đỗ Thị Hà", "do thi ha", "", "0988111222"),
)


@pytest.fixture
def known(records: Records) -> Records:
    with records.writing() as work:
        for number, (name, folded, id_number, phone) in enumerate(PEOPLE, 1):
            person = people.put(
                work.connection, kind=0, name=name, folded=folded, name_key=b"", id_number=id_number, phone=phone
            )
            code = f"TN-18229-260313-1000{number}X"
            changes: dict[str, Any] = {
                "code": code, "state": 2, "accepted": True, "procedure_code": "p", "procedure_version": 1, "channel": 1,
                "taken_over": False, "immediate": False, "person_id": person.id, "mode": "restart",
                "registered_at": NOON,
            }  # fmt: skip
            work.apply("receive", NOON, {}, row=None, dossier_id=number, changes=changes)
            search.index(work.connection, number, words=folded, parts=[code.lower(), id_number, phone])
        work.commit()
    return records


def found(records: Records, query: str, limit: int = 10) -> list[int]:
    with records.reading() as view:
        return search.find(view.connection, query, limit, held=line_of)


def liked(records: Records, query: str, limit: int = 10) -> list[int]:
    """Ask as a database without full-text search does."""
    with records.reading() as view:
        tokens = search._TOKEN.findall(query)
        return search._find_by_like(view.connection, tokens, limit) if tokens else []


QUERIES: tuple[tuple[str, list[int]], ...] = (
    ("nguyen", [1]), ("duc", [1]), ("dang van", [2]), ("d", [3, 2, 1]), ("van dang", [2]), ("thi", [3, 1]),
    ("0708", [1]), ("8000070", [2, 1]), ("042180000709", [2]), ("345678", [1]), ("10003x", [3]), ("do 0988", [3]),
    ("do 0912", []), ("tn-18229-260313-10002x", [2]), ("nobody", []), ("", []), ("  ", []), ('"', []),
)  # fmt: skip


@pytest.mark.parametrize(("query", "ids"), QUERIES)
def test_words_are_found_by_prefix_and_numbers_by_any_part(known: Records, query: str, ids: list[int]) -> None:
    assert found(known, query) == ids


def test_no_more_than_asked_for_and_the_newest_first(known: Records) -> None:
    assert found(known, "d", 2) == [3, 2]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("nguyen", [1]),
        ("dang van", [2]),
        ("0708", [1]),
        ("10003x", [3]),
        ("%", []),
        ("_", []),
        ("!", []),
        ("\\", []),
        ("", []),
    ],
)
def test_a_database_without_full_text_search_answers_too(known: Records, query: str, ids: list[int]) -> None:
    assert liked(known, query) == ids


def test_a_replaced_line_is_found_by_the_new_one_only(known: Records) -> None:
    with known.writing() as work:
        search.reindex(work.connection, 1, words="tran thi moi", parts=["h31.65-260313-0001"])
        work.commit()
    assert (found(known, "moi"), found(known, "65-260313"), found(known, "nguyen"), found(known, "0708")) == (
        [1],
        [1],
        [],
        [],
    )


def test_an_erased_person_is_found_no_more(known: Records) -> None:
    with known.writing() as work:
        people.erase(work.connection, 1, NOON)
        search.reindex(work.connection, 1, words="", parts=["tn-18229-260313-10001x"])
        work.commit()
    for query in ("nguyen", "duc", "thinh", "0708", "042180000708", "345678"):
        assert 1 not in found(known, query)
        assert 1 not in liked(known, query)
    assert found(known, "10001x") == liked(known, "10001x") == [1]


def test_a_line_that_is_rolled_back_is_not_found(known: Records) -> None:
    with known.writing() as work:
        search.reindex(work.connection, 1, words="tran", parts=[])
    assert (found(known, "tran"), found(known, "nguyen")) == ([], [1])


HOSTILE = (
    '"', '""', 'a"b', "AND", "a AND", "OR OR", "NOT a", "NEAR(a b, 2)", "(", ")", "()", "*", "a*", "^", "a:b",
    "words:a", "-a", "a-b", "a_b", "_", "__1", "\x00", "a\x00b", "1\x002", "a+b", "{a b}", "'", "';--", "%", "\\",
    "x" * 300, "1" * 300, "ab " * 100, "123 " * 100, "a1\x00", "²³¹", "①②③", "\u19b0\u19b1", "a\u1cf2b", "\ud7ff",
    "\U0010ffff", "🏠🏠🏠1",
)  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_a_query_is_never_a_statement(known: Records, query: str) -> None:
    assert set(found(known, query)) <= {1, 2, 3}
    assert set(liked(known, query)) <= {1, 2, 3}


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.text('"*()_-+:^ a1é\x00', max_size=12))
def test_any_text_can_be_looked_for(known: Records, query: str) -> None:
    assert set(found(known, query)) <= {1, 2, 3}


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_prefix_of_a_name_and_part_of_a_number_finds_it(known: Records, data: st.DataObject) -> None:
    number = data.draw(st.integers(1, 3))
    _name, folded, id_number, phone = PEOPLE[number - 1]
    words = data.draw(st.lists(st.sampled_from(folded.split()), min_size=1, max_size=3))
    query = [word[: data.draw(st.integers(1, len(word)))] for word in words]
    code = f"tn-18229-260313-1000{number}x"
    for part in filter(None, (id_number, phone, code)):
        start = data.draw(st.integers(0, len(part) - 3))
        piece = part[start : data.draw(st.integers(start + 3, len(part)))]
        if any(char.isdigit() for char in piece):
            query.append(piece)
    assert number in found(known, " ".join(query))
