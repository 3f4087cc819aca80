"""A deterministic mutator of sealed files and receipts: what bad lines, bad disks and bad neighbours make of them."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable, Iterator, Sequence

from desk.daily.sshsig import SigningKey

Mutator = Callable[[random.Random, bytes, bytes], bytes]
"""Makes something of a good container, with another one at hand."""

STRANGER = SigningKey.from_seed(b"stranger".ljust(32, b"."))
_TRICKS = (
    b"../../../etc/passwd",
    b"/dev/null",
    b"con.daily",
    b"nul",
    b"..\\\\x",
    b"\\u0000",
    b"%2e%2e%2f",
    b"a/b.daily",
)
_BOMBS = (zlib.compress(bytes(4_000_000), 9), gzip.compress(bytes(4_000_000), mtime=0))


def bits(rng: random.Random, good: bytes, _other: bytes) -> bytes:
    """Turn some bits."""
    found = bytearray(good)
    for _each in range(rng.choice((1, 1, 1, 2, 8))):
        found[rng.randrange(len(found))] ^= 1 << rng.randrange(8)
    return bytes(found)


def cut(rng: random.Random, good: bytes, _other: bytes) -> bytes:
    """Leave the end or the beginning away."""
    at = rng.randrange(len(good))
    return good[:at] if rng.random() < 0.8 else good[at + 1 :]


def splice(rng: random.Random, good: bytes, other: bytes) -> bytes:
    """Join pieces of two, the line of one and the signature of another among them."""
    if rng.random() < 0.3:
        return good.partition(b"\n")[0] + b"\n" + other.partition(b"\n")[2] + b"\n" * rng.randrange(2)
    return good[: rng.randrange(len(good))] + other[rng.randrange(len(other)) :]


def patch(rng: random.Random, good: bytes, _other: bytes) -> bytes:
    """Put in, take out or double some bytes."""
    at, size = rng.randrange(len(good)), rng.randrange(1, 40)
    put = rng.choice((b"", rng.randbytes(size), good[at : at + size] * 2, b"\n", b"\r\n", b"\x00", b" ", good))
    return good[:at] + put + good[at + size * (rng.random() < 0.5) :]


def hostile(rng: random.Random, good: bytes, _other: bytes) -> bytes:
    """Put JSON that no reader should be asked to read before a good signature's block."""
    line, _newline, block = good.partition(b"\n")
    return hostile_line(rng, line) + b"\n" + block


def hostile_line(rng: random.Random, line: bytes) -> bytes:
    """Return a line of JSON that is not to be believed, made from a good one."""
    deep = rng.choice((10, 100, 10_000, 32_000))
    number = b"9" * rng.choice((17, 400, 60_000))
    return rng.choice(
        (
            b'{"a":' + b"[" * deep + b"]" * deep + b"}",
            b'{"a":' + b'{"a":' * (deep // 6),
            line[:-1] + b',"seq":1,"seq":2}',
            line.replace(b'"seq":', b'"seq":' + number, 1),
            line.replace(b'"seq":', b'"seq":-', 1),
            line.replace(b'"seq":', b'"seq":NaN,"x":', 1),
            line.replace(b'"seq":', b'"seq":1e400,"x":', 1),
            line.replace(b'"seq":', b'"seq":1.0,"x":', 1),
            line.replace(b":", b": ", rng.randrange(1, 9)),
            line.replace(b'"unit":"', b'"unit":"\\ud800', 1),
            line.replace(b'"unit":"', b'"unit":"\xff\xfe', 1),
            line.replace(b'"unit":"', b'"unit":"' + rng.choice(_TRICKS), 1),
            b"\xef\xbb\xbf" + line,
            b"[" + line + b"]",
            line.replace(b"{", b'{"__proto__":{},', 1),
            line.replace(b"}", b',"\\u0073eq":9}', 1),
            b"{}",
        )
    )


def tricks(rng: random.Random, good: bytes, _other: bytes) -> bytes:
    """Put the way to another place where a unit, a hash or a name stands."""
    line, newline, block = good.partition(b"\n")
    parts = line.split(b'"')
    parts[rng.randrange(1, len(parts), 2)] = rng.choice(_TRICKS)
    return b'"'.join(parts) + newline + block


def bomb(rng: random.Random, good: bytes, _other: bytes) -> bytes:
    """Return something small that is large once unpacked, or the good one packed, or too much of it."""
    packed = rng.choice((zlib.compress(good), gzip.compress(good, mtime=0), *_BOMBS))
    return rng.choice((packed, packed + good, good + packed, good * 100, good.replace(b"\n", packed, 1)))[:200_000]


def stranger(rng: random.Random, good: bytes, _other: bytes) -> bytes:
    """Sign the same or another content with a key that nobody knows."""
    line = good.partition(b"\n")[0] if rng.random() < 0.5 else hostile_line(rng, good.partition(b"\n")[0])
    space = rng.choice(("motcua-daily", "motcua-receipt", "motcua-message", "x"))
    return line + b"\n" + STRANGER.sign(line + b"\n", space)


KINDS: dict[str, tuple[Mutator, int]] = {
    "bits": (bits, 30),
    "cut": (cut, 18),
    "splice": (splice, 18),
    "patch": (patch, 12),
    "hostile json": (hostile, 10),
    "path tricks": (tricks, 6),
    "bomb": (bomb, 2),
    "stranger": (stranger, 4),
}
"""Mutators and how many in a hundred each makes."""


def mutants(rng: random.Random, good: Sequence[bytes], number: int) -> Iterator[tuple[str, bytes]]:
    """Yield so many mutants with their kinds, never what is good itself."""
    known, names = frozenset(good), list(KINDS)
    weights = [KINDS[name][1] for name in names]
    while number:
        kind = rng.choices(names, weights)[0]
        one, other = rng.sample(good, 2)
        made = KINDS[kind][0](rng, one, other)
        if made not in known:
            number -= 1
            yield kind, made
