"""A published file over a line: in parts, each attempt going on where the last one broke off."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from desk.daily.container import sha256
from desk.daily.published import PUBLISHED_LIMIT
from desk.sync.shelf import Part
from desk.sync.ways import Trouble, WayError

_HTTPS_FORMS, _AS_IT_IS = "di", "s"
_TAG = re.compile(r'"(?P<tag>[di][0-9a-f]{16})"')
_RANGE = re.compile(r"bytes (?P<first>[0-9]{1,12})-(?P<last>[0-9]{1,12})/(?P<whole>[0-9]{1,12})")
_PIECE = 8192
_BLOCK, _AHEAD = 4096, 2
"""How much is asked for at once of a file that is read by offset, and how many of these are under way together.

What is under way together may come in one packet of SSH, of which nothing is there until it is whole.
"""


class Answer(Protocol):
    """The head of an answer, and its body piece by piece."""

    @property
    def status(self) -> int:
        """The status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, whatever the case of their names."""

    def piece(self, size: int) -> bytes:
        """Return the next bytes as sent, none at the end; WayError where the line breaks."""


class Asking(Protocol):
    """Asks a server for an address with some headers."""

    def __call__(self, path: str, headers: Mapping[str, str]) -> Answer:
        """Return the answer; WayError."""


def take(ask: Asking, digest: str, folder: Path) -> bytes:
    """Return a published file by its SHA-256; what came before is not fetched again. WayError."""
    part = Part(folder, digest, _HTTPS_FORMS)
    headers = {"Range": f"bytes={part.size}-", "If-Range": f'"{part.tag}"'} if part.size else {}
    answer = ask(f"/v1/published/{digest}", headers)
    if answer.status == 416:
        # All of it had come before the program ended.
        return _finished(part, digest)
    found = _TAG.fullmatch(answer.headers.get("ETag", ""))
    if answer.status not in {200, 206} or found is None:
        raise WayError(Trouble.NOT_PROVINCE, whole=True)
    if answer.status == 200:
        part.begin(found["tag"])
    elif found["tag"] != part.tag or not _goes_on(answer, part.size):
        part.drop()
        raise WayError(Trouble.NOT_PROVINCE, whole=True)
    if not part.add(lambda: answer.piece(_PIECE), PUBLISHED_LIMIT):
        part.drop()
        raise WayError(Trouble.ANSWER_TOO_LARGE, whole=True)
    return _finished(part, digest)


class Reading(Protocol):
    """A file that is open at the other end of a line."""

    async def read(self, size: int, offset: int) -> bytes:
        """Return at most `size` bytes from a place on, none at the end."""


async def read_on(file: Reading, size: int, digest: str, folder: Path, seconds: float) -> bytes:
    """Return a published file of so many bytes by its SHA-256; what came before is not read again.

    Each block has its own `seconds`, for a whole file may take longer on a bad line. TimeoutError, WayError.
    """
    part = Part(folder, digest, _AS_IT_IS)
    if part.tag != _AS_IT_IS or part.size > size:
        part.begin(_AS_IT_IS)
    while (at := part.size) < size:
        offsets = range(at, min(size, at + _AHEAD * _BLOCK), _BLOCK)
        blocks = [asyncio.ensure_future(file.read(min(_BLOCK, size - offset), offset)) for offset in offsets]
        try:
            for offset, block in zip(offsets, blocks, strict=True):
                async with asyncio.timeout(seconds):
                    found = await block
                part.append(found)
                if len(found) < min(_BLOCK, size - offset):
                    break
        finally:
            for block in blocks:
                block.cancel()
        if part.size == at:
            break
    return _finished(part, digest)


def _goes_on(answer: Answer, size: int) -> bool:
    span = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    return span is not None and int(span["first"]) == size


def _finished(part: Part, digest: str) -> bytes:
    """Return the whole file and take its part away; one that is not what it should be is fetched from its beginning."""
    data = part.read() if part.size else b""
    if part.tag.startswith("d"):
        inflate = zlib.decompressobj()
        try:
            data = inflate.decompress(data, PUBLISHED_LIMIT + 1)
        except zlib.error:
            data = b""
    part.drop()
    if sha256(data) != digest:
        raise WayError(Trouble.DAMAGED_THERE)
    return data
