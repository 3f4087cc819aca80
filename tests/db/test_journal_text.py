"""The stored text of an event and its hash are plain JSON: another implementation writes and reads the same bytes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from db import journal

texts = st.text(st.characters(codec="utf-8"))
plain = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | texts
values = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=12)


@given(st.dictionaries(texts, values))
def test_event_data_is_canonical_json(data: dict[str, Any]) -> None:
    wanted = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    assert journal.dump(data) == wanted
    assert json.loads(journal.dump(data)) == data


@given(st.lists(plain, min_size=8, max_size=8))
def test_the_hash_is_over_a_json_list(body: list[Any]) -> None:
    wanted = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    assert journal.digest(body) == hashlib.sha256(wanted.encode()).hexdigest()


def test_a_damaged_column_has_a_hash_too() -> None:
    assert journal.digest([1, b"\xff\x00", 1.5]) != journal.digest([1, "", 1.5])
