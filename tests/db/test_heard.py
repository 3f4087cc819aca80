"""What was said of files over the phone, by the ids alone."""

from __future__ import annotations

import pytest

from db.heard import END, FIRST, WORDS, heard_id, said, there

ONE, OTHER = "ab" * 32, "cd" * 32


@pytest.mark.parametrize("word", WORDS)
def test_an_id_lies_between_the_bounds_and_reads_back(word: str) -> None:
    named = heard_id(ONE, word)
    assert FIRST <= named < END
    assert said([named]) == {ONE: word}


def test_what_is_final_counts_more_in_any_order() -> None:
    ids = [heard_id(ONE, "merged"), heard_id(ONE, "held"), heard_id(OTHER, "held"), heard_id(OTHER, "refused")]
    for order in (ids, ids[::-1]):
        assert said(order) == {ONE: "merged", OTHER: "refused"}
        assert there(order) == {ONE}


def test_other_ids_say_nothing() -> None:
    assert said(["client-000001", "heard:x", "heard:x:maybe", ""]) == {}
