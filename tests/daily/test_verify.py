"""Every way a daily file can be wrong has its own reason, in the order of the design."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desk.daily.build import seal_daily
from desk.daily.container import NS_DAILY, NS_MESSAGE, NS_PRACTICE, NS_RECEIPT, Json, encode, seal, sha256
from desk.daily.model import DailyFile
from desk.daily.reasons import Refusal
from desk.daily.sshsig import SigningKey, allowed_signers_line
from desk.daily.verify import KnownKey, Refused, Signed, Verified, read_signed, verify_daily
from desk.rules.tally import ImbalanceKind

Make = Callable[..., DailyFile]
Keys = dict[str, KnownKey]


@pytest.fixture
def keys(key: SigningKey) -> Keys:
    return {key.public.fingerprint: KnownKey("18229", key.public)}


def refusal(data: bytes, keys: Keys, *, practice: bool = False) -> Refused:
    found = verify_daily(data, keys, practice=practice)
    assert isinstance(found, Refused)
    assert found.sha256 == sha256(data)
    return found


def test_a_good_file_is_what_it_says(make: Make, sealed: bytes, keys: Keys, key: SigningKey) -> None:
    found = verify_daily(sealed, keys)
    assert found == Verified(make(), sha256(sealed), keys[key.public.fingerprint])


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="OpenSSH is not installed")
def test_a_clerk_can_check_it_with_openssh(tmp_path: Path, sealed: bytes, key: SigningKey) -> None:
    file = tmp_path / "file"
    file.write_bytes(sealed)
    signers = tmp_path / "allowed_signers"
    signers.write_text(allowed_signers_line("18229", key.public, (NS_DAILY,)))
    script = 'tail -n +2 "$1" > "$1.sig" && head -n 1 "$1" | ssh-keygen -Y verify -f "$2" -I 18229 -n "$3" -s "$1.sig"'
    for namespace, good in ((NS_DAILY, True), (NS_PRACTICE, False)):
        command = ["sh", "-c", script, "sh", str(file), str(signers), namespace]
        done = subprocess.run(command, capture_output=True, check=False)
        assert (done.returncode == 0) is good, done.stderr
    command = ["ssh-keygen", "-Y", "check-novalidate", "-n", NS_DAILY, "-s", f"{file}.sig"]
    line = sealed.split(b"\n")[0] + b"\n"
    assert subprocess.run(command, input=line, capture_output=True, check=False).returncode == 0


def test_every_single_bit_counts(sealed: bytes, keys: Keys) -> None:
    taken = []
    for at in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[at // 8] ^= 1 << at % 8
        if not isinstance(verify_daily(bytes(flipped), keys), Refused):
            taken.append(at)
    assert taken == []


def test_every_truncation_and_every_surplus_byte_is_refused(sealed: bytes, keys: Keys) -> None:
    reasons = {refusal(sealed[:end], keys).reason for end in range(len(sealed))}
    assert reasons == {Refusal.TRUNCATED, Refusal.UNSIGNED}
    for at in range(len(sealed) + 1):
        for extra in (b"\n", b"0", b" "):
            assert isinstance(verify_daily(sealed[:at] + extra + sealed[at:], keys), Refused), at
    for at in range(len(sealed)):
        assert isinstance(verify_daily(sealed[:at] + sealed[at + 1 :], keys), Refused), at


def test_what_comes_before_a_good_signature_is_not_believed(
    make: Make, sealed: bytes, keys: Keys, key: SigningKey, province_key: SigningKey
) -> None:
    line, _, block = sealed.partition(b"\n")
    payload = make().payload()
    cases = [
        (bytes(70_000), Refusal.TOO_LARGE),
        (sealed[:300], Refusal.TRUNCATED),
        (sealed.replace(b"\n", b"\r\n"), Refusal.DAMAGED),
        (line + b"\n", Refusal.UNSIGNED),
        (seal(payload, province_key, NS_DAILY), Refusal.UNKNOWN_KEY),
        (line.replace(b'"seq":1', b'"seq":2') + b"\n" + block, Refusal.BAD_SIGNATURE),
        (seal(payload, key, NS_PRACTICE), Refusal.PRACTICE),
        (seal(payload, key, NS_RECEIPT), Refusal.WRONG_NAMESPACE),
        (seal(payload, key, "file"), Refusal.WRONG_NAMESPACE),
    ]
    for data, reason in cases:
        found = refusal(data, keys)
        assert found.reason is reason
        assert found.signed_by is None
        assert found.daily is None
    assert refusal(sealed, {}).reason is Refusal.UNKNOWN_KEY


def signed_line(line: bytes, key: SigningKey) -> bytes:
    return line + key.sign(line, NS_DAILY)


def test_a_good_signature_does_not_excuse_the_content(make: Make, keys: Keys, key: SigningKey) -> None:
    line = encode(make().payload())
    cases = [
        (line.replace(b'"seq":1', b'"seq":1,"seq":1'), Refusal.NOT_CANONICAL),
        (line.replace(b'"seq":1', b'"seq":1.0'), Refusal.NOT_CANONICAL),
        (line.replace(b'"seq":1', b'"seq":NaN'), Refusal.NOT_CANONICAL),
        (line.replace(b'"seq":1', b'"seq": 1'), Refusal.NOT_CANONICAL),
        (line.replace(b"Khe", b"Kh\\u0065").replace("Khê".encode(), b"Kh\\u00ea"), Refusal.NOT_CANONICAL),
        (line.replace(b'"seq":1', b'"seq":' + b"9" * 4000), Refusal.NOT_CANONICAL),
        (line.replace(b'"seq":1', b'"seq":' + b"[" * 9000), Refusal.NOT_CANONICAL),
        (line.replace(b'"seq":1', b'"seq":true'), Refusal.BAD_SCHEMA),
        (line.replace(b'"seq":1', b'"seq":0'), Refusal.BAD_SCHEMA),
        (line.replace(b"motcua.daily/1", b"motcua.daily/2"), Refusal.BAD_SCHEMA),
        (line.replace(b'"2026-03-13"', b'"2026-02-30"'), Refusal.BAD_SCHEMA),
        (encode({**make().payload(), "zz": 1}), Refusal.BAD_SCHEMA),
        (b"{}\n", Refusal.BAD_SCHEMA),
    ]
    for text, reason in cases:
        assert text != line
        found = refusal(signed_line(text, key), keys)
        assert found.reason is reason, text[:80]
        assert found.signed_by == key.public
        assert found.daily is None
        assert found.detail.isascii()
        assert found.detail


def resealed(make: Make, key: SigningKey, namespace: str = NS_DAILY, **changed: Json) -> bytes:
    return seal({**make().payload(), **changed}, key, namespace)


def test_the_unit_and_the_installation_are_those_of_the_key(make: Make, keys: Keys, key: SigningKey) -> None:
    other = SigningKey.from_seed(bytes(32)).public.fingerprint
    cases: list[tuple[bytes, Refusal]] = [
        (resealed(make, key, unit="18230"), Refusal.WRONG_UNIT),
        (resealed(make, key, installation=other), Refusal.WRONG_INSTALLATION),
        (resealed(make, key, practice=True), Refusal.PRACTICE),
    ]
    for data, reason in cases:
        found = refusal(data, keys)
        assert found.reason is reason
        assert found.daily is not None
        assert found.daily.seq == 1


def test_practice_and_live_never_mix(make: Make, sealed: bytes, keys: Keys, key: SigningKey) -> None:
    practice = seal_daily(make(practice=True), key).data
    assert isinstance(verify_daily(practice, keys, practice=True), Verified)
    assert refusal(practice, keys).reason is Refusal.PRACTICE
    assert refusal(sealed, keys, practice=True).reason is Refusal.NOT_PRACTICE
    assert refusal(resealed(make, key, NS_PRACTICE), keys, practice=True).reason is Refusal.NOT_PRACTICE


def test_a_retired_key_signs_no_further(make: Make, key: SigningKey) -> None:
    file = seal_daily(make(seq=5, prev="ab" * 32), key).data
    for last, good in ((None, True), (5, True), (4, False)):
        found = verify_daily(file, {key.public.fingerprint: KnownKey("18229", key.public, last)})
        assert isinstance(found, Verified) is good
        if isinstance(found, Refused):
            assert found.reason is Refusal.RETIRED_KEY


def test_figures_that_do_not_balance_are_refused_by_name(make: Make, keys: Keys, key: SigningKey) -> None:
    payload: dict[str, Any] = make().payload()
    payload["rows"]["1.001193"]["online"] += 1
    found = refusal(seal(payload, key, NS_DAILY), keys)
    assert found.reason is Refusal.NOT_BALANCED
    assert {(item.kind, item.procedure) for item in found.imbalances} == {
        (ImbalanceKind.IDENTITY, "1.001193"),
        (ImbalanceKind.TOTAL, None),
    }
    totals: dict[str, Any] = make().payload()
    totals["totals"]["apologies"] = 1
    assert refusal(seal(totals, key, NS_DAILY), keys).reason is Refusal.NOT_BALANCED


def test_any_signed_document_opens_for_its_purpose(key: SigningKey) -> None:
    data = seal({"text": "Máy in hỏng"}, key, NS_MESSAGE)
    public = {key.public.fingerprint: key.public}
    assert read_signed(data, public, NS_MESSAGE) == Signed(
        {"text": "Máy in hỏng"}, key.public, NS_MESSAGE, sha256(data)
    )
    found = read_signed(data, public, NS_DAILY)
    assert isinstance(found, Refused)
    assert found.reason is Refusal.WRONG_NAMESPACE


def test_a_key_under_another_fingerprint_is_not_known(sealed: bytes, key: SigningKey, province_key: SigningKey) -> None:
    found = read_signed(sealed, {key.public.fingerprint: province_key.public}, NS_DAILY)
    assert isinstance(found, Refused)
    assert found.reason is Refusal.UNKNOWN_KEY
