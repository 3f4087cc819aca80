"""The container: one spelling, strict JSON, and everything bounded before it is looked into."""

from __future__ import annotations

import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.daily.container import (
    LIMIT,
    NS_MESSAGE,
    Json,
    NotStrictError,
    Parts,
    SealError,
    Unreadable,
    decode,
    deflate,
    encode,
    inflate,
    open_container,
    seal,
    sha256,
)
from desk.daily.reasons import Refusal
from desk.daily.sshsig import BEGIN, END, SigningKey, verify


def reason_of(data: bytes, limit: int = LIMIT) -> Refusal | None:
    found = open_container(data, limit=limit)
    return found.reason if isinstance(found, Unreadable) else None


def test_a_container_opens_to_what_was_sealed(key: SigningKey) -> None:
    payload: dict[str, Json] = {"b": ["Xã", None, True, 2**53 - 1], "a": {"é": -1}}
    data = seal(payload, key, NS_MESSAGE)
    parts = open_container(data)
    assert isinstance(parts, Parts)
    assert parts.line == '{"a":{"é":-1},"b":["Xã",null,true,9007199254740991]}\n'.encode()
    assert parts.payload() == payload
    assert parts.sha256 == sha256(data) == hashlib.sha256(data).hexdigest()
    assert verify(parts.line, data[len(parts.line) :], key.public, NS_MESSAGE) is None


def test_what_is_not_a_container_has_its_reason(sealed: bytes) -> None:
    line, _, block = sealed.partition(b"\n")
    cases = [
        (b"", Refusal.TRUNCATED),
        (b"\n", Refusal.DAMAGED),
        (b"PK\x03\x04", Refusal.DAMAGED),
        (line, Refusal.TRUNCATED),
        (line + b"\n", Refusal.UNSIGNED),
        (line + b"\n" + BEGIN[:9], Refusal.TRUNCATED),
        (line + b"\n" + block[:99], Refusal.TRUNCATED),
        (sealed[:-1], Refusal.TRUNCATED),
        (sealed + b"\n", Refusal.DAMAGED),
        (sealed + b" ", Refusal.DAMAGED),
        (sealed + sealed, Refusal.DAMAGED),
        (line + b"\n" + line + b"\n" + block, Refusal.DAMAGED),
        (line + b"\n\n" + block, Refusal.DAMAGED),
        (b"\n" + sealed, Refusal.DAMAGED),
        (b"\xef\xbb\xbf" + sealed, Refusal.DAMAGED),
        (sealed.replace(b"\n", b"\r\n"), Refusal.DAMAGED),
        (line + b"\r\n" + block, Refusal.DAMAGED),
        (b" " + sealed, Refusal.DAMAGED),
        (line + b" \n" + block, Refusal.DAMAGED),
        (b"[]\n" + block, Refusal.DAMAGED),
        (block, Refusal.DAMAGED),
        (line + b"\n" + BEGIN + END, Refusal.DAMAGED),
        (line + b"\n" + block + block, Refusal.DAMAGED),
        (bytes(LIMIT + 1), Refusal.TOO_LARGE),
    ]
    for data, reason in cases:
        assert reason_of(data) is reason, data[:60]
    assert reason_of(sealed, len(sealed)) is None
    assert reason_of(sealed, len(sealed) - 1) is Refusal.TOO_LARGE


@pytest.mark.parametrize(
    "line",
    [
        b'{"a":1,"a":1}',
        b'{"b":{"a":1,"\\u0061":2}}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":1e999}',
        b'{"a":-0}',
        b'{"a":01}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\\ud800"}',
        b'{"\\ud800":1}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xff"}',
        b'{"a":"\xc1\xa1"}',
        b'{"a":"\\u0061"}',
        b'{"a":"\\/"}',
        b'{"a": 1}',
        b'{"b":1,"a":1}',
        b'{"a":1} ',
        b'{"a":1}{}',
        b'{"a":1,}',
        b"{\"a\":'1'}",
        b'{"a":1',
        b'{"a":"\t"}',
        b"[]",
        b"1",
        b"null",
        b"",
        b"\xef\xbb\xbf{}",
        b'{"a":' * 9 + b"1" + b"}" * 9,
        b'{"a":' + b"[" * 60000 + b"}",
        b"[" * 60000,
        b'{"a":"' + b'\\"' * 30000,
    ],
)
def test_only_strict_canonical_json_is_read(line: bytes) -> None:
    with pytest.raises(NotStrictError):
        decode(line + b"\n")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"a":1,"a":1}', "twice"),
        (b'{"a":NaN}', "integer"),
        (b'{"a":1.0}', "integer"),
        (b'{"a":' + b"9" * 18 + b"}", "too large"),
        (b'{"a":9007199254740992}', "cannot be canonical"),
        (b'{"a":"\\ud800"}', "cannot be canonical"),
        (b"[" * 60000, "deep"),
        (b'{"b":1,"a":1}', "not canonical"),
    ],
)
def test_the_reader_says_what_it_met(line: bytes, why: str) -> None:
    with pytest.raises(NotStrictError, match=why):
        decode(line + b"\n")


def test_brackets_in_a_text_are_not_depth() -> None:
    payload: dict[str, Json] = {"a": '[[[[[[[[[[{{{{{{{{{{"\\[[[[[', "b": [[[[[[[]]]]]]]}
    assert decode(encode(payload)) == payload
    with pytest.raises(NotStrictError, match="UTF-8"):
        decode(b'{"a":"\xff"}\n')


def test_the_line_end_belongs_to_the_line() -> None:
    for end in (b"", b"\r\n", b"\n\n"):
        with pytest.raises(NotStrictError):
            decode(b'{"a":1}' + end)


@pytest.mark.parametrize("value", [1.0, float("nan"), 2**53, "\ud800", [1.5], {"x": 0.1}])
def test_what_cannot_be_canonical_is_not_sealed(key: SigningKey, value: Json) -> None:
    with pytest.raises(SealError):
        seal({"a": value}, key, NS_MESSAGE)


def test_what_is_too_large_is_not_sealed(key: SigningKey) -> None:
    with pytest.raises(SealError):
        seal({"a": "x" * LIMIT}, key, NS_MESSAGE)
    assert len(seal({"a": "x" * LIMIT}, key, NS_MESSAGE, limit=2 * LIMIT)) > LIMIT


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_what_is_written_is_read_back(payload: dict[str, Json]) -> None:
    assert decode(encode(payload)) == payload


@given(st.binary(max_size=400), st.integers(0, 400))
def test_junk_is_a_reason_never_a_crash(junk: bytes, at: int) -> None:
    assert reason_of(junk) is not None
    assert reason_of(b'{"a":1}\n' + BEGIN + junk + END) is not None
    try:
        decode(junk[:at] + b"\n")
    except NotStrictError:
        return
    assert junk[:at].startswith(b"{")


def test_deflated_on_the_wire(sealed: bytes) -> None:
    packed = deflate(sealed)
    assert len(packed) < len(sealed)
    assert inflate(packed) == sealed
    assert inflate(packed, len(sealed)) == sealed
    assert inflate(packed, len(sealed) - 1) == Unreadable(Refusal.TOO_LARGE)
    assert inflate(packed[:-1]) == Unreadable(Refusal.TRUNCATED)
    assert inflate(packed + b"\0") == Unreadable(Refusal.DAMAGED)
    assert inflate(b"\xff\xff") == Unreadable(Refusal.DAMAGED)
    assert inflate(b"") == Unreadable(Refusal.TRUNCATED)
    assert inflate(zlib.compress(sealed)) == Unreadable(Refusal.DAMAGED)


def test_a_decompression_bomb_stops_at_the_limit() -> None:
    bomb = deflate(bytes(10_000_000))
    assert len(bomb) < LIMIT
    assert inflate(bomb) == Unreadable(Refusal.TOO_LARGE)
    assert inflate(deflate(bytes(LIMIT))) == bytes(LIMIT)
    assert inflate(deflate(bytes(LIMIT + 1))) == Unreadable(Refusal.TOO_LARGE)
    assert inflate(bytes(LIMIT + 1)) == Unreadable(Refusal.TOO_LARGE)


@given(st.binary(max_size=500))
def test_anything_inflates_to_bytes_or_a_reason(junk: bytes) -> None:
    assert inflate(deflate(junk)) == junk
    found = inflate(junk)
    assert isinstance(found, (bytes, Unreadable))
