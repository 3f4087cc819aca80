"""The spoken word of the province: the same on both sides, and of no other file, unit, status or key."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from desk.daily.model import Status
from desk.daily.phone import PhoneKey
from desk.daily.sshsig import KeyFormatError, PublicKey, SigningKey
from desk.rules.spoken import heard

seeds = st.binary(min_size=32, max_size=32)
UNIT = "18229"
FILE, OTHER = "ab" * 32, "cd" * 32
OURS, PROVINCE, STRANGER = (SigningKey.from_seed(bytes([n]) * 32) for n in (1, 2, 3))
HERE = PhoneKey.of_unit(OURS, PROVINCE.public)
THERE = PhoneKey.of_province(PROVINCE, OURS.public)


def number_of(code: str) -> int:
    found = heard(code)
    assert isinstance(found, int)
    return found


@given(seeds)
def test_the_public_key_is_the_one_of_the_private_key(seed: bytes) -> None:
    scalar = hashlib.sha512(seed).digest()[:32]
    wanted = X25519PrivateKey.from_private_bytes(scalar).public_key().public_bytes_raw()
    assert SigningKey.from_seed(seed).public.agreement == wanted


def test_the_base_point_is_nine() -> None:
    # RFC 8032 5.1: B has y = 4/5; RFC 7748 4.1: the base point has u = 9.
    y = 4 * pow(5, -1, 2**255 - 19) % (2**255 - 19)
    assert int.from_bytes(PublicKey(y.to_bytes(32, "little")).agreement, "little") == 9


@pytest.mark.parametrize("raw", [(1).to_bytes(32, "little"), bytes(32), (2**255 - 20).to_bytes(32, "little")])
def test_a_key_that_agrees_with_nobody_is_said(raw: bytes) -> None:
    with pytest.raises(KeyFormatError):
        OURS.shared_with(PublicKey(raw))


@given(seeds, seeds, st.sampled_from(Status))
def test_both_sides_say_the_same(ours: bytes, theirs: bytes, status: Status) -> None:
    unit, province = SigningKey.from_seed(ours), SigningKey.from_seed(theirs)
    code = PhoneKey.of_province(province, unit.public).code(UNIT, FILE, status)
    assert PhoneKey.of_unit(unit, province.public).code(UNIT, FILE, status) == code


@pytest.mark.parametrize("status", Status)
def test_a_code_is_found_among_the_files_that_wait(status: Status) -> None:
    number = number_of(THERE.code(UNIT, FILE, status))
    assert HERE.meant(number, UNIT, [OTHER, FILE]) == (FILE, status)
    assert HERE.meant(number, UNIT, [OTHER]) is None
    assert HERE.meant(number, "00004", [OTHER, FILE]) is None
    assert HERE.meant((number + 1) % 10**9, UNIT, [OTHER, FILE]) is None


def test_nobody_without_one_of_the_two_keys_can_make_it() -> None:
    code = THERE.code(UNIT, FILE, Status.MERGED)
    assert PhoneKey.of_unit(STRANGER, PROVINCE.public).code(UNIT, FILE, Status.MERGED) != code
    assert PhoneKey.of_province(STRANGER, OURS.public).code(UNIT, FILE, Status.MERGED) != code
    mixed = PhoneKey(STRANGER, PROVINCE.public, unit=OURS.public, province=PROVINCE.public)
    assert mixed.code(UNIT, FILE, Status.MERGED) != code


def test_the_code_is_the_same_in_every_version() -> None:
    # What an older desk and a newer province say to one another.
    assert THERE.code(UNIT, FILE, Status.MERGED) == "8221 1840 1085"


@given(st.sets(st.binary(min_size=32, max_size=32), min_size=2, max_size=20))
def test_different_files_have_different_codes(digests: set[bytes]) -> None:
    codes = {THERE.code(UNIT, digest.hex(), status) for digest in digests for status in Status}
    assert len(codes) == 3 * len(digests)
