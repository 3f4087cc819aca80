"""The file of a backup: every changed, missing or added byte is found, whatever else the file claims."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path

import pytest
from msgspec.structs import replace

from desk.keeping import container
from desk.keeping.container import BackupError, BackupFault, Facts

KEY = b"k" * 32
FACTS = Facts("18229", True, "2026-03-13T17:10+07:00", "1", "0006", "SHA256:x", 3, "a" * 64, "", 4096, 0)
DATABASE = random.Random(1).randbytes(4096)
FILES = {"desk.toml": b"unit = 1", "messages/a.message": bytes(range(256))}


def written(facts: Facts = FACTS, database: bytes = DATABASE) -> bytes:
    stream = io.BytesIO(database)
    sealed, whole = container.seal_beside(FILES, facts, KEY)
    container.finish(stream, sealed, whole)
    return stream.getvalue()


def read(path: Path, data: bytes) -> tuple[bytes, dict[str, bytes]]:
    path.write_bytes(data)
    target = io.BytesIO()
    facts, sealed = container.unpack(path, target)
    return target.getvalue(), container.open_beside(sealed, facts, KEY)


def fault(path: Path, data: bytes) -> BackupFault:
    with pytest.raises(BackupError) as raised:
        read(path, data)
    return raised.value.fault


def test_what_was_written_comes_back(tmp_path: Path) -> None:
    data = written()
    assert read(tmp_path / "x", data) == (DATABASE, FILES)
    assert container.check(tmp_path / "x").unit == "18229"
    assert data.startswith(DATABASE)
    assert b"unit = 1" not in data


def test_a_bit_of_any_byte_behind_the_database_is_found(tmp_path: Path) -> None:
    data, rng = written(), random.Random(2)
    for place in (*rng.sample(range(4096), 40), *range(4096, len(data))):
        changed = bytearray(data)
        changed[place] ^= 1 << rng.randrange(8)
        fault(tmp_path / "x", bytes(changed))


def test_every_end_is_found(tmp_path: Path) -> None:
    data = written()
    for end in (0, 1, 100, 4095, 4096, *range(len(data) - 200, len(data))):
        assert fault(tmp_path / "x", data[:end]) is BackupFault.NOT_A_BACKUP
    assert fault(tmp_path / "x", data + b"\n") is BackupFault.NOT_A_BACKUP
    assert fault(tmp_path / "x", data[1:]) is BackupFault.DAMAGED


def test_the_facts_of_one_do_not_fit_another(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(written())
    _facts, sealed = container.unpack(tmp_path / "x", io.BytesIO())
    for changed in (replace(_facts, made="2026-03-14T17:10+07:00"), replace(_facts, unit="00004")):
        stream = io.BytesIO(DATABASE)
        container.finish(stream, sealed, changed)
        assert fault(tmp_path / "y", stream.getvalue()) is BackupFault.DAMAGED


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]\n",
        b"[" * 60_000 + b"\n",
        b'{"unit": 1}\n',
        json.dumps({"database": 10**30}).encode() + b"\n",
        b"\xff\xfe\n",
    ],
)
def test_facts_that_are_none_are_damage(tmp_path: Path, line: bytes) -> None:
    data = DATABASE + line + f"{container.FORMAT} {len(line):08d} {'0' * 64}\n".encode()
    assert fault(tmp_path / "x", data) is BackupFault.DAMAGED


@pytest.mark.parametrize(
    "changes",
    [
        {"database": 0}, {"database": -1}, {"database": 4097}, {"database": 10**18}, {"schema": "\x1b[2J"},
        {"unit": "1822"}, {"unit": "../.."}, {"made": "gestern"}, {"made": "0001-01-01T00:00+14:00"}, {"head": ""},
    ],
)  # fmt: skip
def test_facts_that_cannot_be_are_damage(tmp_path: Path, changes: dict[str, object]) -> None:
    assert fault(tmp_path / "x", written(replace(FACTS, **changes))) is BackupFault.DAMAGED


def test_a_newer_format_is_told(tmp_path: Path) -> None:
    data = written().replace(container.FORMAT.encode(), b"motcua.backup/2")
    assert fault(tmp_path / "x", data) is BackupFault.NEWER_FORMAT
