"""Ed25519 keys and SSHSIG signatures in OpenSSH's own formats (openssh-portable, PROTOCOL.sshsig).

What is signed here verifies with `ssh-keygen -Y verify`, and the other way round. Only Ed25519 with SHA-512 is
written or read: one algorithm, nothing to negotiate down.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from desk.daily.reasons import Refusal
from desk.rules.moment import VN

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

BEGIN = b"-----BEGIN SSH SIGNATURE-----\n"
END = b"-----END SSH SIGNATURE-----\n"
_MAGIC = b"SSHSIG"
_VERSION = b"\x00\x00\x00\x01"
_KEY_TYPE = b"ssh-ed25519"
_HASH = b"sha512"
_COLUMNS = 70
_NAMESPACE = re.compile(r"[a-z0-9-]{1,64}")
_ANY_NAMESPACE = re.compile(r"[!-~]{1,64}")
_PRINCIPAL = re.compile(r"[A-Za-z0-9_.@-]{1,64}")
_LONGEST_BLOCK = 4096
_FIELD = 2**255 - 19


class KeyFormatError(ValueError):
    """The text or the bytes are not an Ed25519 key in OpenSSH's format."""


class PublicKey(Struct, frozen=True):
    """An Ed25519 public key; `raw` is its 32 bytes."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != 32:
            raise KeyFormatError("an Ed25519 public key has 32 bytes")

    @property
    def blob(self) -> bytes:
        """The key as OpenSSH encodes it on the wire."""
        return _text(_KEY_TYPE) + _text(self.raw)

    @property
    def fingerprint(self) -> str:
        """`SHA256:…`, as `ssh-keygen -l` prints it."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode("ascii").rstrip("=")

    def line(self, comment: str = "") -> str:
        """Return the key as one line of an OpenSSH `.pub` file, without a line end."""
        text = f"ssh-ed25519 {base64.b64encode(self.blob).decode('ascii')}"
        return f"{text} {_one_line(comment)}" if comment else text

    @classmethod
    def parse(cls, line: str) -> PublicKey:
        """Read a `.pub` line (type, base64, optional comment); raises KeyFormatError."""
        parts = line.split(None, 2) if len(line) <= 1000 else []
        if len(parts) < 2 or parts[0] != "ssh-ed25519":
            raise KeyFormatError("not an ssh-ed25519 public key")
        try:
            blob = base64.b64decode(parts[1], validate=True)
        except (binascii.Error, ValueError) as error:
            raise KeyFormatError("the key is not base64") from error
        return cls.from_blob(blob)

    @property
    def agreement(self) -> bytes:
        """The key as X25519 has it (RFC 7748: u = (1 + y) / (1 - y)); raises KeyFormatError for the neutral point."""
        y = int.from_bytes(self.raw, "little") % 2**255
        try:
            u = (1 + y) * pow(1 - y, -1, _FIELD) % _FIELD
        except ValueError as error:
            raise KeyFormatError("a key that agrees with nobody") from error
        return u.to_bytes(32, "little")

    @classmethod
    def from_blob(cls, blob: bytes) -> PublicKey:
        """Read OpenSSH's wire encoding; raises KeyFormatError."""
        key = cls(blob[-32:])
        if key.blob != blob:
            raise KeyFormatError("not an ssh-ed25519 public key")
        return key


class SigningKey:
    """An Ed25519 private key; prints only its fingerprint."""

    __slots__ = ("_key", "public")

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = PublicKey(key.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"SigningKey({self.public.fingerprint})"

    @classmethod
    def generate(cls) -> SigningKey:
        """Make a new key."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningKey:
        """Return the key of a 32-byte seed: for made-up centres that must be the same each time, never a live one."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def from_openssh(cls, pem: bytes) -> SigningKey:
        """Read what `to_openssh` or `ssh-keygen -t ed25519 -N ''` wrote; raises KeyFormatError."""
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_ssh_private_key

        try:
            key = load_ssh_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise KeyFormatError("not an OpenSSH private key without a passphrase") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyFormatError("not an Ed25519 key")
        return cls(key)

    def to_openssh(self) -> bytes:
        """Return the private key in OpenSSH's PEM form, without a passphrase: for the encrypted database only."""
        from cryptography.hazmat.primitives import serialization

        return self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
        )

    def sign(self, message: bytes, namespace: str) -> bytes:
        """Return the armoured SSHSIG block over `message`, with its last newline; ValueError for a bad namespace."""
        if not _NAMESPACE.fullmatch(namespace):
            raise ValueError("a namespace is 1 to 64 of a-z, 0-9 and hyphen")
        space = namespace.encode("ascii")
        raw = self._key.sign(_to_sign(message, space))
        signature = _text(_KEY_TYPE) + _text(raw)
        fields = (self.public.blob, space, b"", _HASH, signature)
        return _armour(_MAGIC + _VERSION + b"".join(_text(field) for field in fields))

    def shared_with(self, other: PublicKey) -> bytes:
        """Return the 32 secret bytes that only this key and the other's owner can make (X25519); raises KeyFormatError.

        Both keys are signing keys all the same: what is made of the secret never is a signature, nor the other way.
        """
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

        own = X25519PrivateKey.from_private_bytes(hashlib.sha512(self._key.private_bytes_raw()).digest()[:32])
        try:
            return own.exchange(X25519PublicKey.from_public_bytes(other.agreement))
        except ValueError as error:
            raise KeyFormatError("a key that agrees with nobody") from error


class Signature(Struct, frozen=True):
    """A parsed SSHSIG block that has not been checked against anything yet."""

    key: PublicKey
    namespace: str
    raw: bytes


def parse_block(block: bytes) -> Signature | None:
    """Read an armoured block strictly: one encoding only, nothing before, after or unknown; None if it is not one."""
    if len(block) > _LONGEST_BLOCK or not (block.startswith(BEGIN) and block.endswith(b"\n" + END)):
        return None
    body = block[len(BEGIN) : -len(END)].replace(b"\n", b"")
    try:
        blob = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return None
    if _armour(blob) != block or not blob.startswith(_MAGIC + _VERSION):
        return None
    fields = _fields(blob[len(_MAGIC + _VERSION) :], 5)
    if fields is None:
        return None
    key_blob, namespace, reserved, algorithm, signature = fields
    parts = _fields(signature, 2)
    if reserved or algorithm != _HASH or parts is None or parts[0] != _KEY_TYPE or len(parts[1]) != 64:
        return None
    try:
        name = namespace.decode("ascii")
        key = PublicKey.from_blob(key_blob)
    except (UnicodeDecodeError, KeyFormatError):
        return None
    return Signature(key, name, parts[1]) if _ANY_NAMESPACE.fullmatch(name) else None


def verify(message: bytes, block: bytes, key: PublicKey, namespace: str) -> Refusal | None:
    """Check an armoured block over the exact bytes of `message`.

    Returns None when it is good, else `damaged` (not a block), `unknown_key` (made by another key), `bad_signature`, or
    `wrong_namespace` (a good signature for another purpose).
    """
    signature = parse_block(block)
    if signature is None:
        return Refusal.DAMAGED
    if signature.key != key:
        return Refusal.UNKNOWN_KEY
    if not holds(signature, message):
        return Refusal.BAD_SIGNATURE
    return None if signature.namespace == namespace else Refusal.WRONG_NAMESPACE


def holds(signature: Signature, message: bytes) -> bool:
    """Return whether the key inside the signature signed `message` for the namespace inside it."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(signature.key.raw)
        key.verify(signature.raw, _to_sign(message, signature.namespace.encode("ascii")))
    except (InvalidSignature, ValueError):
        return False
    return True


def allowed_signers_line(
    principal: str,
    key: PublicKey,
    namespaces: tuple[str, ...],
    *,
    valid_after: datetime | None = None,
    valid_before: datetime | None = None,
) -> str:
    """Return one line of an OpenSSH `allowed_signers` file, ending in a newline.

    `principal` is the code of the unit. The bounds are written in Vietnamese time without a zone, which OpenSSH reads
    as the machine's local time: versions before 9.1 refuse the suffix `Z`. ValueError for what would break the line.
    """
    if not _PRINCIPAL.fullmatch(principal):
        raise ValueError("a principal is a unit code")
    if not namespaces or not all(_NAMESPACE.fullmatch(name) for name in namespaces):
        raise ValueError("a namespace is 1 to 64 of a-z, 0-9 and hyphen")
    options = [f'namespaces="{",".join(namespaces)}"']
    for name, instant in (("valid-after", valid_after), ("valid-before", valid_before)):
        if instant is not None:
            if instant.tzinfo is None:
                raise ValueError("an instant carries its zone")
            options.append(f'{name}="{instant.astimezone(VN):%Y%m%d%H%M%S}"')
    return f"{principal} {','.join(options)} {key.line()}\n"


def _text(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


def _fields(blob: bytes, number: int) -> list[bytes] | None:
    found = []
    at = 0
    for _ in range(number):
        size = int.from_bytes(blob[at : at + 4], "big")
        if at + 4 + size > len(blob):
            return None
        found.append(blob[at + 4 : at + 4 + size])
        at += 4 + size
    return found if at == len(blob) else None


def _to_sign(message: bytes, namespace: bytes) -> bytes:
    digest = hashlib.sha512(message).digest()
    return _MAGIC + _text(namespace) + _text(b"") + _text(_HASH) + _text(digest)


def _armour(blob: bytes) -> bytes:
    body = base64.b64encode(blob)
    lines = [body[at : at + _COLUMNS] for at in range(0, len(body), _COLUMNS)]
    return BEGIN + b"\n".join(lines) + b"\n" + END


def _one_line(comment: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in comment).split())
