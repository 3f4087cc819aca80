"""A file from a byte on: what a line has brought already is not sent again."""

from __future__ import annotations

import hashlib
import re
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

_PIECE = 1200
"""Bytes sent at a time, each in a TLS record of its own: of a record that is cut the other side can use nothing."""
_FROM = re.compile(r"bytes=([0-9]{1,12})-")


def ranged(request: Request, data: bytes) -> Response:
    """Answer with a file, deflated where that pays, and from the byte asked for if the form is still the same."""
    from starlette.responses import Response, StreamingResponse

    form, body, headers = "i", data, {"Accept-Ranges": "bytes"}
    if "deflate" in request.headers.get("Accept-Encoding", ""):
        small = zlib.compress(data, 9)
        if len(small) < len(data):
            form, body = "d", small
            headers["Content-Encoding"] = "deflate"
    # The tag is of the very bytes sent: another release of the library may deflate otherwise.
    headers["ETag"] = f'"{form}{hashlib.sha256(body).hexdigest()[:16]}"'
    wanted = _FROM.fullmatch(request.headers.get("Range", ""))
    if wanted is None or request.headers.get("If-Range", headers["ETag"]) != headers["ETag"]:
        return StreamingResponse(_pieces(body), 200, headers={**headers, "Content-Length": str(len(body))})
    first = int(wanted[1])
    if first >= len(body):
        return Response(b"", 416, headers={**headers, "Content-Range": f"bytes */{len(body)}"})
    headers["Content-Range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
    headers["Content-Length"] = str(len(body) - first)
    return StreamingResponse(_pieces(body[first:]), 206, headers=headers)


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), _PIECE):
        yield body[start : start + _PIECE]
