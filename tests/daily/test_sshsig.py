"""Keys and signatures against OpenSSH itself, both ways, and the one way to write a block."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.daily.reasons import Refusal
from desk.daily.sshsig import (
    BEGIN,
    END,
    KeyFormatError,
    PublicKey,
    SigningKey,
    allowed_signers_line,
    parse_block,
    verify,
)

KEYGEN = shutil.which("ssh-keygen") or ""
needs_openssh = pytest.mark.skipif(not KEYGEN, reason="OpenSSH is not installed")
MESSAGE = '{"unit_name":"Xã Hương Khê"}\n'.encode()


def run(
    *arguments: str | Path, given: bytes = b"", zone: str = "Asia/Ho_Chi_Minh"
) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "TZ": zone}
    return subprocess.run(
        [KEYGEN, *map(str, arguments)], input=given, capture_output=True, check=False, env=environment
    )


@needs_openssh
def test_openssh_takes_our_signature_for_its_unit_and_purpose_only(tmp_path: Path, key: SigningKey) -> None:
    block = tmp_path / "block.sig"
    block.write_bytes(key.sign(MESSAGE, "motcua-daily"))
    signers = tmp_path / "allowed_signers"
    signers.write_text(allowed_signers_line("18229", key.public, ("motcua-daily", "motcua-message")))

    def check(unit: str, namespace: str, message: bytes) -> int:
        return run("-Y", "verify", "-f", signers, "-I", unit, "-n", namespace, "-s", block, given=message).returncode

    assert check("18229", "motcua-daily", MESSAGE) == 0
    assert check("18230", "motcua-daily", MESSAGE) != 0
    assert check("18229", "motcua-message", MESSAGE) != 0
    assert check("18229", "motcua-daily", MESSAGE + b" ") != 0
    assert run("-Y", "check-novalidate", "-n", "motcua-daily", "-s", block, given=MESSAGE).returncode == 0


@needs_openssh
@pytest.mark.parametrize(
    ("at", "good"), [("20260314", True), ("20260312", False), ("20270102", False), ("20260313080001", True)]
)
def test_openssh_keeps_the_validity_we_write(tmp_path: Path, key: SigningKey, at: str, good: bool) -> None:
    block = tmp_path / "block.sig"
    block.write_bytes(key.sign(MESSAGE, "motcua-daily"))
    signers = tmp_path / "allowed_signers"
    line = allowed_signers_line(
        "18229",
        key.public,
        ("motcua-daily",),
        valid_after=datetime(2026, 3, 13, 1, tzinfo=UTC),
        valid_before=datetime(2027, 1, 1, tzinfo=UTC),
    )
    assert 'valid-after="20260313080000",valid-before="20270101070000"' in line
    signers.write_text(line)
    options = ("-f", signers, "-I", "18229", "-n", "motcua-daily", "-s", block, f"-Overify-time={at}")
    assert (run("-Y", "verify", *options, given=MESSAGE).returncode == 0) is good


@needs_openssh
@pytest.mark.parametrize("namespace", ["motcua-receipt", "file@example.com"])
def test_we_take_openssh_signatures_and_its_keys(tmp_path: Path, namespace: str) -> None:
    private = tmp_path / "unit"
    assert run("-q", "-t", "ed25519", "-N", "", "-C", "xã Hương Khê", "-f", private).returncode == 0
    public = PublicKey.parse(private.with_suffix(".pub").read_text(encoding="utf-8"))
    block = run("-Y", "sign", "-f", private, "-n", namespace, given=MESSAGE).stdout
    wrong = None if namespace == "motcua-receipt" else Refusal.WRONG_NAMESPACE
    assert verify(MESSAGE, block, public, "motcua-receipt") == wrong
    ours = SigningKey.from_openssh(private.read_bytes())
    assert ours.public == public
    assert (
        ours.sign(MESSAGE, "motcua-receipt")
        == run("-Y", "sign", "-f", private, "-n", "motcua-receipt", given=MESSAGE).stdout
    )


@needs_openssh
def test_openssh_reads_our_private_key_and_prints_our_fingerprint(tmp_path: Path) -> None:
    made = SigningKey.generate()
    private = tmp_path / "unit"
    private.write_bytes(made.to_openssh())
    private.chmod(0o600)
    assert run("-y", "-f", private).stdout.decode().split()[:2] == made.public.line().split()
    assert run("-l", "-f", private).stdout.decode().split()[1] == made.public.fingerprint
    assert SigningKey.from_openssh(private.read_bytes()).public == made.public


@needs_openssh
@pytest.mark.parametrize("kind", [("-t", "ecdsa", "-N", ""), ("-t", "ed25519", "-N", "a passphrase")])
def test_other_private_keys_are_refused(tmp_path: Path, kind: tuple[str, ...]) -> None:
    private = tmp_path / "unit"
    assert run("-q", *kind, "-f", private).returncode == 0
    with pytest.raises(KeyFormatError):
        SigningKey.from_openssh(private.read_bytes())
    if "ecdsa" in kind:
        with pytest.raises(KeyFormatError):
            PublicKey.parse(private.with_suffix(".pub").read_text())


def test_reasons(key: SigningKey, province_key: SigningKey) -> None:
    block = key.sign(MESSAGE, "motcua-daily")
    assert verify(MESSAGE, block, key.public, "motcua-daily") is None
    assert verify(MESSAGE, block, key.public, "motcua-receipt") is Refusal.WRONG_NAMESPACE
    assert verify(MESSAGE + b"\n", block, key.public, "motcua-daily") is Refusal.BAD_SIGNATURE
    assert verify(MESSAGE, block, province_key.public, "motcua-daily") is Refusal.UNKNOWN_KEY
    assert verify(MESSAGE, block[:-1], key.public, "motcua-daily") is Refusal.DAMAGED


def blob_of(block: bytes) -> bytes:
    return base64.b64decode(block[len(BEGIN) : -len(END)].replace(b"\n", b""))


def armour(blob: bytes, columns: int = 70) -> bytes:
    body = base64.b64encode(blob)
    return BEGIN + b"".join(body[at : at + columns] + b"\n" for at in range(0, len(body), columns)) + END


def test_a_block_has_one_spelling(key: SigningKey) -> None:
    block = key.sign(MESSAGE, "motcua-daily")
    blob = blob_of(block)
    assert armour(blob) == block
    assert parse_block(block) is not None
    others = {
        "wrapped at 76": armour(blob, 76),
        "crlf": block.replace(b"\n", b"\r\n"),
        "a space": block.replace(b"\n", b" \n", 2),
        "an empty line": block.replace(END, b"\n" + END),
        "before": b"\n" + block,
        "after": block + b"\n",
        "version 2": armour(blob.replace(b"SSHSIG\0\0\0\1", b"SSHSIG\0\0\0\2")),
        "magic": armour(blob.replace(b"SSHSIG", b"SSHSIH")),
        "sha256": armour(blob.replace(b"sha512", b"sha256")),
        "reserved": armour(blob.replace(b"daily\0\0\0\0", b"daily\0\0\0\1x")),
        "trailing byte": armour(blob + b"\0"),
        "no namespace": armour(blob.replace(b"\0\0\0\x0cmotcua-daily", b"\0\0\0\0")),
        "long field": armour(blob.replace(b"\0\0\0\x0cmotcua", b"\xff\xff\xff\xffmotcua")),
        "another key type": armour(blob.replace(b"ssh-ed25519", b"ssh-ed25518", 1)),
        "too long": armour(blob + bytes(9000)),
        "nothing": BEGIN + END,
    }
    for what, other in others.items():
        assert other != block, what
        assert parse_block(other) is None, what


def test_unused_bits_of_base64_cannot_vary(key: SigningKey) -> None:
    spellings = []
    for length in range(8, 14):
        block = key.sign(MESSAGE, "m" * length)
        at = block.index(b"=") - 1 if b"=" in block else 0
        if at:
            spellings += [block[:at] + bytes([block[at] + 1]) + block[at + 1 :]]
    assert len(spellings) == 4
    assert all(parse_block(other) is None for other in spellings)


@given(st.binary(max_size=300))
def test_any_message_signs_and_any_junk_is_no_block(message: bytes) -> None:
    made = SigningKey.from_seed(bytes(32))
    assert verify(message, made.sign(message, "motcua-message"), made.public, "motcua-message") is None
    assert parse_block(message) is None
    assert parse_block(armour(b"SSHSIG\0\0\0\1" + message)) is None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "ssh-ed25519",
        "ssh-ed25519 ****",
        "ssh-ed25519 AAAA",
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4AA==",
        "x" * 2000,
    ],
)
def test_other_public_keys_are_refused(line: str) -> None:
    with pytest.raises(KeyFormatError):
        PublicKey.parse(line)


def test_a_public_key_line_reads_back_and_its_comment_cannot_break_it(key: SigningKey) -> None:
    line = key.public.line("xã\nssh-ed25519 AAAA\t\u202e!")
    assert "\n" not in line
    assert PublicKey.parse(line) == key.public
    with pytest.raises(KeyFormatError):
        PublicKey(bytes(31))


def test_a_private_key_does_not_print_itself(key: SigningKey) -> None:
    assert repr(key) == f"SigningKey({key.public.fingerprint})"


def test_names_that_would_break_a_line_are_refused(key: SigningKey) -> None:
    with pytest.raises(ValueError, match="namespace"):
        key.sign(b"", 'motcua"daily')
    with pytest.raises(ValueError, match="principal"):
        allowed_signers_line("18229 *", key.public, ("motcua-daily",))
    with pytest.raises(ValueError, match="namespace"):
        allowed_signers_line("18229", key.public, ())
    with pytest.raises(ValueError, match="zone"):
        allowed_signers_line("18229", key.public, ("a",), valid_after=datetime(2026, 1, 1))  # noqa: DTZ001
