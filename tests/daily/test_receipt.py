"""Receipts: only the province's own word on our own bytes counts."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from desk.daily.container import NS_DAILY, NS_RECEIPT, SealError, seal, sha256
from desk.daily.files import is_safe_name
from desk.daily.model import PayloadError, Receipt, Status
from desk.daily.reasons import Refusal
from desk.daily.receipt import VerifiedReceipt, receipt_name, seal_receipt, verify_receipt
from desk.daily.sshsig import SigningKey, allowed_signers_line
from desk.daily.verify import Refused

OURS = "ab" * 32


def receipt(**changed: object) -> Receipt:
    given: dict[str, object] = {
        "receipt_for": OURS,
        "unit": "18229",
        "date": date(2026, 3, 13),
        "seq": 7,
        "status": Status.MERGED,
        "reason": None,
        "expected_seq": 8,
        "province_seq": 3,
        "province_time": datetime(2026, 3, 13, 10, 2, 3, tzinfo=UTC),
        "prev_receipt": "cd" * 32,
        **changed,
    }
    return Receipt(**given)  # type: ignore[arg-type]


def refusal(data: bytes, key: SigningKey, *, unit: str = "18229", files: tuple[str, ...] = (OURS,)) -> Refusal:
    found = verify_receipt(data, [key.public], unit=unit, files=files)
    assert isinstance(found, Refused)
    return found.reason


@pytest.mark.parametrize(
    "given",
    [
        receipt(),
        receipt(status=Status.HELD, reason="gap", expected_seq=5),
        receipt(status=Status.REFUSED, reason="fork", date=None, seq=None, expected_seq=None, prev_receipt=None),
    ],
)
def test_a_receipt_arrives(given: Receipt, province_key: SigningKey, key: SigningKey) -> None:
    data = seal_receipt(given, province_key)
    found = verify_receipt(data, [key.public, province_key.public], unit="18229", files={OURS})
    assert found == VerifiedReceipt(given, sha256(data))
    assert seal_receipt(given, province_key) == data


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="OpenSSH is not installed")
def test_openssh_takes_it(tmp_path: Path, province_key: SigningKey) -> None:
    line, _, block = seal_receipt(receipt(), province_key).partition(b"\n")
    (tmp_path / "sig").write_bytes(block)
    (tmp_path / "signers").write_text(allowed_signers_line("province", province_key.public, (NS_RECEIPT,)))
    command = ["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", "province", "-n", NS_RECEIPT, "-s", "sig"]
    done = subprocess.run(command, input=line + b"\n", cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_is_not_a_receipt_for_us_has_its_reason(province_key: SigningKey, key: SigningKey) -> None:
    data = seal_receipt(receipt(), province_key)
    other = seal_receipt(receipt(unit="18230"), province_key)
    payload = receipt().payload()
    assert refusal(data, province_key, files=()) is Refusal.UNKNOWN_FILE
    assert refusal(data, province_key, unit="18230") is Refusal.WRONG_UNIT
    assert refusal(other, province_key) is Refusal.WRONG_UNIT
    assert refusal(data, key) is Refusal.UNKNOWN_KEY
    assert refusal(seal(payload, province_key, NS_DAILY), province_key) is Refusal.WRONG_NAMESPACE
    assert refusal(data[:-1], province_key) is Refusal.TRUNCATED
    assert refusal(data.replace(b"merged", b"refuse"), province_key) is Refusal.BAD_SIGNATURE
    surplus = seal({**payload, "zz": 1}, province_key, NS_RECEIPT)
    assert refusal(surplus, province_key) is Refusal.BAD_SCHEMA
    impossible = seal({**payload, "date": "2026-02-30"}, province_key, NS_RECEIPT)
    assert refusal(impossible, province_key) is Refusal.BAD_SCHEMA


def test_every_bit_of_a_receipt_counts(province_key: SigningKey) -> None:
    data = seal_receipt(receipt(), province_key)
    for at in range(0, len(data) * 8, 3):
        flipped = bytearray(data)
        flipped[at // 8] ^= 1 << at % 8
        assert isinstance(verify_receipt(bytes(flipped), [province_key.public], unit="18229", files={OURS}), Refused)


def test_what_no_desk_would_take_is_not_signed(province_key: SigningKey) -> None:
    with pytest.raises(SealError):
        seal_receipt(receipt(unit="x"), province_key)
    with pytest.raises(PayloadError):
        seal_receipt(receipt(status=Status.REFUSED), province_key)


def test_its_name_is_that_of_the_file_it_is_for() -> None:
    assert receipt_name(OURS) == f"{OURS}.receipt"
    assert is_safe_name(receipt_name(OURS))
