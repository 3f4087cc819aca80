"""The key of the database: kept, wrapped, and told apart when it is missing, damaged or locked."""

from __future__ import annotations

import json
import stat
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from desk import vault
from desk.settings import Paths
from desk.vault import VaultError, VaultFault, key_file, make_key, open_key

PASSPHRASE = "Mật khẩu của xã Đức Thọ"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "MEMORY_KIB", 64)
    monkeypatch.setattr(vault, "PASSES", 1)


@pytest.fixture
def paths(folder: Path) -> Paths:
    return Paths(folder)


def fault(paths: Paths, passphrase: str | None = None) -> VaultFault:
    with pytest.raises(VaultError) as raised:
        open_key(paths, passphrase)
    return raised.value.fault


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE, "", " "])
def test_a_key_comes_back(paths: Paths, passphrase: str | None) -> None:
    key = make_key(paths, passphrase)
    assert len(key) == 32
    assert open_key(paths, passphrase) == key
    assert make_key(paths, passphrase) != key


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_passphrase_is_the_same_from_every_keyboard(paths: Paths, form: Any) -> None:
    key = make_key(paths, unicodedata.normalize(form, PASSPHRASE))
    for other in ("NFC", "NFD"):
        assert open_key(paths, unicodedata.normalize(other, PASSPHRASE)) == key


def test_a_wrapped_key_is_not_in_its_file(paths: Paths) -> None:
    key = make_key(paths, PASSPHRASE)
    content = key_file(paths).read_text()
    assert key.hex() not in content
    assert "Mật khẩu" not in content


@pytest.mark.skipif(sys.platform == "win32", reason="files have modes on POSIX")
def test_only_the_owner_reads_the_file(paths: Paths) -> None:
    make_key(paths, None)
    assert stat.S_IMODE(key_file(paths).stat().st_mode) == 0o600


def test_what_is_missing_or_locked_is_told(paths: Paths) -> None:
    assert fault(paths) is VaultFault.MISSING
    make_key(paths, PASSPHRASE)
    assert fault(paths) is VaultFault.LOCKED
    for wrong in ("", "mật khẩu của xã đức thọ", PASSPHRASE + " "):
        assert fault(paths, wrong) is VaultFault.NOT_OPENED


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b"7", b'"x"', b"\xff\xfe", b"{}", b'{"kind":"plain"}',
        b'{"kind":"plain","key":"zz"}',
        b'{"kind":"plain","key":7}', b'{"kind":"plain","key":""}', b'{"kind":"plain","key":"00ff"}',
        b'{"kind":"argon2id"}', b'{"kind":"other","key":"00"}',
    ],
)  # fmt: skip
def test_a_damaged_file_is_told(paths: Paths, content: bytes) -> None:
    key_file(paths).write_bytes(content)
    assert fault(paths, PASSPHRASE) is VaultFault.DAMAGED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("salt", ""), ("salt", "zz"), ("salt", None), ("nonce", "00"), ("nonce", ""), ("memory_kib", 0),
        ("memory_kib", -1), ("memory_kib", "x"), ("passes", 0), ("lanes", 0), ("lanes", 1 << 40), ("wrapped", "zz"),
    ],
)  # fmt: skip
def test_a_damaged_wrapping_is_told(paths: Paths, name: str, value: object) -> None:
    make_key(paths, PASSPHRASE)
    content = json.loads(key_file(paths).read_text())
    key_file(paths).write_text(json.dumps(content | {name: value}))
    assert fault(paths, PASSPHRASE) in {VaultFault.DAMAGED, VaultFault.NOT_OPENED}


@pytest.mark.parametrize("name", ["salt", "nonce", "wrapped"])
def test_a_changed_bit_does_not_open(paths: Paths, name: str) -> None:
    make_key(paths, PASSPHRASE)
    content = json.loads(key_file(paths).read_text())
    changed = bytearray.fromhex(content[name])
    changed[-1] ^= 1
    key_file(paths).write_text(json.dumps(content | {name: changed.hex()}))
    assert fault(paths, PASSPHRASE) is VaultFault.NOT_OPENED


def test_the_product_wraps_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert (vault.MEMORY_KIB, vault.PASSES) == (64 * 1024, 3)
