"""HTTPS to the province: a delivery is one request, and nothing that a line answers is believed but a good receipt.

Attempts are short and leave nothing behind: after a trouble the next one takes a fresh connection, for the old one's
retransmissions have grown longer than the good moments of a bad line.
"""

from __future__ import annotations

import ssl
import time
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from desk.daily.container import LIMIT, Unreadable, open_container, sha256
from desk.daily.published import name_parts
from desk.daily.receipt import receipt_name
from desk.daily.sshsig import END
from desk.sync.tls import Pin, PinError, client_context, pin_of
from desk.sync.ways import PUBLISHED_KEY, Fetched, Trouble, WayError

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, HTTPSConnectionPool

ATTEMPT_SECONDS = 60.0
"""Longest one request may take; at 30 % loss and 9.6 kbit/s it sufficed 35 times of 35."""
MARK = b"motcua: "
"""How a server of the province begins an answer without a receipt; a reason code follows."""

LIST_HEAD = b"motcua: published"
"""First line of the list of what is published; a name on each line follows."""

_CONNECT_SECONDS = 45.0
_LONGEST_LIST = 16 * LIMIT
_PIECE = 8192
_RECEIPT = frozenset({200, 201, 202, 409, 422})
_AWAY = frozenset({429, 500, 502, 503, 504})
_SAID = {"unknown_key": Trouble.UNKNOWN_THERE, "over_quota": Trouble.BUSY, "busy": Trouble.BUSY}


class HttpsWay:
    """One server of the province; `certificate` is its PEM file, its CA's, or `SHA256:` and a fingerprint."""

    name = "https"

    def __init__(self, address: str, unit: str, certificate: str = "", *, base: Path | None = None) -> None:
        self.where = address
        self._unit = unit
        self._certificate = certificate
        self._base = base or Path()
        self._pool: HTTPSConnectionPool | None = None
        self._prefix = ""
        self.seconds = ATTEMPT_SECONDS

    def published(self) -> bytes | None:
        """Return the key the province publishes; WayError if the server is not to be had."""
        status, body = self._ask("GET", f"/v1/published/{PUBLISHED_KEY}", limit=_PIECE)
        if status == 404 and body.startswith(MARK):
            return None
        if status != 200 or not body.startswith(b"ssh-"):
            raise WayError(Trouble.NOT_PROVINCE, whole=True)
        return body

    def offer(self, name: str, data: bytes) -> Fetched:  # noqa: ARG002 - the server knows a file by its hash
        """Send a file and return the receipt that the server answered with, to be verified."""
        digest = sha256(data)
        status, body = self._ask("PUT", f"/v1/files/{self._unit}/{digest}", zlib.compress(data, 9))
        if body.startswith(MARK):
            self._drop()
            said = _SAID.get(body.removeprefix(MARK).strip().decode("ascii", "replace"), Trouble.NOT_TAKEN)
            raise WayError(said, whole=said is not Trouble.NOT_TAKEN)
        if status not in _RECEIPT or isinstance(open_container(body), Unreadable):
            self._drop()
            raise WayError(Trouble.NOT_PROVINCE, whole=True)
        return Fetched(receipt_name(digest), body)

    def fetch(self, skip: Collection[str] = ()) -> Iterator[Fetched]:
        """Yield every receipt of the unit but those named in `skip`."""
        return (each for each in self.lost(0) if each.name not in skip)

    def lost(self, after: int) -> Iterator[Fetched]:
        """Yield the unit's receipts numbered above `after`, as the server lists them."""
        status, body = self._ask("GET", f"/v1/receipts/{self._unit}?after={after:d}", limit=_LONGEST_LIST)
        receipts = body.split(END)
        if status != 200 or receipts.pop().strip():
            self._drop()
            raise WayError(Trouble.NOT_PROVINCE, whole=True)
        for number, receipt in enumerate(receipts, start=1):
            yield Fetched(f"{self.name}:{number}", receipt + END)

    def listed(self, after: int) -> Sequence[str]:
        """Return the names of what is published for the unit, those numbered above `after`, by number."""
        status, body = self._ask("GET", f"/v1/published?unit={self._unit}&after={after:d}", limit=_LONGEST_LIST)
        if status == 404 and body.startswith(MARK):
            return ()
        if status != 200 or not body.startswith(LIST_HEAD + b"\n"):
            self._drop()
            raise WayError(Trouble.NOT_PROVINCE, whole=True)
        found = [name for name in body.decode("ascii", "replace").split() if name_parts(name)]
        return sorted(found, key=lambda name: name_parts(name) or (0, ""))

    def take(self, name: str, folder: Path) -> bytes:
        """Return a published file, going on where an attempt before broke off."""
        from desk.sync.ranged import take

        digest = (name_parts(name) or (0, ""))[1]
        with self._guarded():
            return take(lambda path, headers: _Streamed(self._open("GET", path, None, headers)), digest, folder)

    def close(self) -> None:
        """Give the connection back."""
        self._drop()

    def _ask(self, method: str, path: str, body: bytes | None = None, *, limit: int = LIMIT) -> tuple[int, bytes]:
        """Ask once and return status and body; WayError for everything that is not the whole answer of a server."""
        with self._guarded():
            answer = self._open(method, path, body, {})
            found = answer.status, _body(answer, limit)
            answer.release_conn()
        return found

    def _open(self, method: str, path: str, body: bytes | None, more: Mapping[str, str]) -> BaseHTTPResponse:
        """Ask, and return the answer whose body is still to come."""
        from urllib3.util import SKIP_HEADER, Timeout

        pool = self._connected()
        headers = {"User-Agent": SKIP_HEADER, "Accept-Encoding": "deflate", **more}
        if body is not None:
            headers["Content-Encoding"] = "deflate"
        pool.conn_kw["ssl_context"].deadline = time.monotonic() + self.seconds
        return pool.urlopen(
            method,
            self._prefix + path,
            body=body,
            headers=headers,
            retries=False,
            redirect=False,
            timeout=Timeout(connect=min(_CONNECT_SECONDS, self.seconds), read=self.seconds),
            preload_content=False,
            decode_content=False,
        )

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Make of everything that is not the whole answer of a server a WayError, and leave no connection behind it."""
        from urllib3.exceptions import HTTPError

        try:
            yield
        except (HTTPError, OSError, ValueError) as error:
            self._drop()
            raise WayError(_trouble(error), whole=True) from error
        except WayError:
            self._drop()
            raise

    def _connected(self) -> HTTPSConnectionPool:
        if self._pool is None:
            from urllib3 import HTTPSConnectionPool

            host, port, self._prefix = _parts(self.where)
            pin = self._pin()
            self._pool = HTTPSConnectionPool(
                host,
                port,
                maxsize=1,
                retries=False,
                ssl_context=client_context(pin),
                assert_fingerprint=pin.fingerprint or None,
            )
        return self._pool

    def _pin(self) -> Pin:
        """Return what the server is known by; WayError if the setting cannot be used."""
        try:
            return pin_of(self._certificate, self._base)
        except PinError as error:
            raise WayError(Trouble.BAD_CERTIFICATE, whole=True) from error

    def _drop(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None


class _Streamed:
    """An answer whose body is taken piece by piece."""

    def __init__(self, answer: BaseHTTPResponse) -> None:
        if 300 <= answer.status < 400:
            raise WayError(Trouble.REDIRECTED, whole=True)
        if answer.status in _AWAY:
            raise WayError(Trouble.BUSY, whole=True)
        self._answer = answer
        self.status = answer.status
        self.headers: Mapping[str, str] = answer.headers

    def piece(self, size: int) -> bytes:
        """Return the next bytes as sent, none at the end."""
        found = self._answer.read1(size, decode_content=False)
        if not found:
            self._answer.release_conn()
        return found


def _parts(address: str) -> tuple[str, int, str]:
    """Take an address apart; WayError if it is none."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port or 443
    except ValueError as error:
        raise WayError(Trouble.BAD_ADDRESS, whole=True) from error
    if parts.scheme != "https" or not host or parts.username or parts.query or parts.fragment:
        raise WayError(Trouble.BAD_ADDRESS, whole=True)
    return host, port, parts.path.rstrip("/")


def _body(answer: BaseHTTPResponse, limit: int) -> bytes:
    """Return the whole body, inflated within bounds; WayError for a redirection, too much, or what does not inflate."""
    if 300 <= answer.status < 400:
        raise WayError(Trouble.REDIRECTED, whole=True)
    pieces, size = [], 0
    while piece := answer.read(_PIECE, decode_content=False):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise WayError(Trouble.ANSWER_TOO_LARGE, whole=True)
    raw = b"".join(pieces)
    if answer.headers.get("Content-Encoding", "").lower() == "deflate":
        raw = _inflated(raw, limit)
    if answer.status in _AWAY and not raw.startswith(MARK):
        raise WayError(Trouble.BUSY, whole=True)
    return raw


def _inflated(raw: bytes, limit: int) -> bytes:
    inflate = zlib.decompressobj()
    try:
        data = inflate.decompress(raw, limit + 1)
    except zlib.error as error:
        raise WayError(Trouble.NOT_PROVINCE, whole=True) from error
    if len(data) > limit:
        raise WayError(Trouble.ANSWER_TOO_LARGE, whole=True)
    if not inflate.eof or inflate.unused_data:
        raise WayError(Trouble.NOT_PROVINCE, whole=True)
    return data


def _trouble(error: BaseException) -> Trouble:
    """Return what an error of the line means for the officer."""
    from http.client import BadStatusLine, IncompleteRead, LineTooLong, RemoteDisconnected

    from urllib3 import exceptions

    causes = list(_causes(error))
    kinds: list[tuple[Any, Trouble]] = [
        ((exceptions.NewConnectionError, exceptions.NameResolutionError), Trouble.NO_LINE),
        (exceptions.ConnectTimeoutError, Trouble.NO_LINE),
        ((exceptions.TimeoutError, TimeoutError), Trouble.TOO_SLOW),
        ((IncompleteRead, RemoteDisconnected, ConnectionError, ssl.SSLEOFError), Trouble.LINE_BROKEN),
        (ssl.SSLCertVerificationError, Trouble.UNTRUSTED_SERVER),
        ((BadStatusLine, LineTooLong, ssl.SSLError), Trouble.NOT_PROVINCE),
    ]
    for kind, trouble in kinds:
        if any(isinstance(cause, kind) for cause in causes):
            return trouble
    # What is left of the library's own TLS errors is a certificate that is not the pinned one.
    if any(isinstance(cause, exceptions.SSLError) for cause in causes):
        return Trouble.UNTRUSTED_SERVER
    if any(isinstance(cause, exceptions.ProtocolError) for cause in causes):
        return Trouble.LINE_BROKEN
    return Trouble.NO_LINE if isinstance(error, OSError) else Trouble.NOT_PROVINCE


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it was made of."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        found = waiting.pop(0)
        if isinstance(found, BaseException) and id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting += [*found.args, found.__cause__, found.__context__, getattr(found, "reason", None)]
