"""The container of every signed file: one line of canonical JSON, a newline, an SSHSIG block.

The signature covers everything before the block, the newline included, so that a clerk can check a file with
`head -n 1 FILE | ssh-keygen -Y verify -s <(tail -n +2 FILE) …`. There is exactly one way to write a content:
RFC 8785 for the line, 70 columns for the block, a newline at the end. Reading bounds everything before it looks inside.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from typing import NoReturn, TypeAlias

from msgspec import Struct

from desk.daily.reasons import Refusal
from desk.daily.sshsig import BEGIN, END, Signature, SigningKey, parse_block

NS_DAILY = "motcua-daily"
NS_PRACTICE = "motcua-practice"
NS_RECEIPT = "motcua-receipt"
NS_MESSAGE = "motcua-message"
NS_CATALOGUE = "motcua-catalogue"

LIMIT = 64 * 1024
"""Largest file that is read, in bytes."""
MAX_DEPTH = 8
"""Deepest nesting of a payload; a daily file has three levels."""

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
"""What a payload may hold: no fractions."""

_DIGITS = 17
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


class SealError(ValueError):
    """A payload cannot be written: it is too large or holds what RFC 8785 cannot carry."""


class NotStrictError(ValueError):
    """A line is not strict, canonical JSON; the message is a short technical reason."""


class Unreadable(Struct, frozen=True):
    """Bytes that are not a container."""

    reason: Refusal


class Parts(Struct, frozen=True):
    """A container taken apart, nothing verified: the signed line with its newline, the signature, the SHA-256."""

    line: bytes
    signature: Signature
    sha256: str

    def payload(self) -> dict[str, Json]:
        """Return the content of the line; raises NotStrictError. Verify the signature first."""
        return decode(self.line)


def sha256(data: bytes) -> str:
    """Return the SHA-256 of a whole file in lower-case hexadecimal: its name in `prev` and in receipts."""
    return hashlib.sha256(data).hexdigest()


def seal(payload: Mapping[str, Json], key: SigningKey, namespace: str, *, limit: int = LIMIT) -> bytes:
    """Return the signed container; raises SealError."""
    line = encode(payload)
    data = line + key.sign(line, namespace)
    if len(data) > limit:
        raise SealError(f"{len(data)} bytes are more than {limit}")
    return data


def encode(payload: Mapping[str, Json]) -> bytes:
    """Return the canonical line with its newline; raises SealError."""
    import rfc8785

    _refuse_floats(payload)
    try:
        return rfc8785.dumps(dict(payload)) + b"\n"
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise SealError(str(error)) from error


def open_container(data: bytes, *, limit: int = LIMIT) -> Parts | Unreadable:
    """Take a container apart without believing it; returns why it is not one otherwise."""
    if len(data) > limit:
        return Unreadable(Refusal.TOO_LARGE)
    line, newline, block = data.partition(b"\n")
    if not newline:
        whole = not data or data.startswith(b"{")
        return Unreadable(Refusal.TRUNCATED if whole else Refusal.DAMAGED)
    if not (line.startswith(b"{") and line.endswith(b"}")):
        return Unreadable(Refusal.DAMAGED)
    if not block:
        return Unreadable(Refusal.UNSIGNED)
    if not block.startswith(BEGIN):
        return Unreadable(Refusal.TRUNCATED if BEGIN.startswith(block) else Refusal.DAMAGED)
    if END not in block:
        return Unreadable(Refusal.TRUNCATED)
    signature = parse_block(block)
    if signature is None:
        return Unreadable(Refusal.DAMAGED)
    return Parts(line + newline, signature, sha256(data))


def decode(line: bytes) -> dict[str, Json]:
    """Read one line of strict canonical JSON with its newline; raises NotStrictError.

    Refused: other than UTF-8, a byte-order mark, deep nesting, duplicate names, fractions, NaN and infinities, numbers
    beyond 2^53 - 1, lone surrogates, anything but an object, and every spelling but the canonical one.
    """
    _bound_depth(line)
    try:
        value: Json = json.loads(
            line.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
    except UnicodeDecodeError as error:
        raise NotStrictError("not UTF-8") from error
    except json.JSONDecodeError as error:
        raise NotStrictError("not JSON") from error
    except RecursionError as error:
        raise NotStrictError("nested too deeply") from error
    if not isinstance(value, dict):
        raise NotStrictError("not an object")
    try:
        again = encode(value)
    except SealError as error:
        raise NotStrictError("a value that cannot be canonical") from error
    if again != line:
        raise NotStrictError("not canonical")
    return value


def deflate(data: bytes) -> bytes:
    """Return raw DEFLATE (RFC 1951), for the wire only."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def inflate(data: bytes, limit: int = LIMIT) -> bytes | Unreadable:
    """Undo `deflate`, never making more than `limit` bytes."""
    if len(data) > limit:
        return Unreadable(Refusal.TOO_LARGE)
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = unpacker.decompress(data, limit + 1)
    except zlib.error:
        return Unreadable(Refusal.DAMAGED)
    if len(plain) > limit:
        return Unreadable(Refusal.TOO_LARGE)
    if not unpacker.eof:
        return Unreadable(Refusal.TRUNCATED)
    return Unreadable(Refusal.DAMAGED) if unpacker.unused_data else plain


def _bound_depth(line: bytes) -> None:
    depth = 0
    for token in _TOKEN.finditer(line):
        mark = token.group()
        if mark in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise NotStrictError("nested too deeply")
        elif mark in b"]}":
            depth -= 1


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotStrictError("a name twice")
    return found


def _integer(text: str) -> int:
    if len(text) > _DIGITS:
        raise NotStrictError("a number too large")
    return int(text)


def _no_fraction(text: str) -> NoReturn:
    raise NotStrictError("not an integer: " + text[:20])


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise SealError("a fraction")
    if isinstance(value, Mapping):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_floats(item)
