"""Bad lines and false servers between a commune and its province, as TCP on loopback.

A lost segment is a stall of TCP's own retransmission time-out, doubled as long as it is lost again; segments wait for
one another, acknowledgements are never lost. That is a little worse than a real line for two segments in a row.
"""

from __future__ import annotations

import contextlib
import random
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_SEGMENT = 1400
_HEADER = 40
_FIRST_TIMEOUT = 1.2
_LONGEST_TIMEOUT = 60.0


@dataclass
class Line:
    """What a line does: bytes a second, one-way seconds, share of lost segments, the byte at which it is cut.

    `up` and `down` are seconds during which it carries and does not, in turn; it `began` so long ago.
    """

    rate: float | None = None
    delay: float = 0.0
    loss: float = 0.0
    cut_up: int | None = None
    cut_down: int | None = None
    up: float = 0.0
    down: float = 0.0
    began: float = 0.0
    seed: int = 1
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep


@dataclass
class Counted:
    """What went over a line: payload and an estimate with the headers of TCP/IP, and how often the direction turned."""

    up: int = 0
    down: int = 0
    wire: int = 0
    turns: int = 0
    connections: int = 0
    _last: str = field(default="", repr=False)

    def add(self, direction: str, size: int) -> None:
        """Count one segment and its acknowledgement."""
        if direction == "up":
            self.up += size
        else:
            self.down += size
        self.wire += size + 2 * _HEADER
        if direction == "down" and self._last == "up":
            self.turns += 1
        self._last = direction

    @property
    def round_trips(self) -> int:
        """Round trips: one to connect, one for each turn of the direction."""
        return self.turns + self.connections


class Proxy:
    """A line to a server; use it as a context, and deliver to `address`."""

    def __init__(self, target: str, line: Line | None = None) -> None:
        host, _colon, port = target.removeprefix("https://").rpartition(":")
        self._target = host, int(port)
        self.line = line or Line()
        self.counted = Counted()
        self._random = random.Random(self.line.seed)
        self._lock = threading.Lock()
        self._began = self.line.clock() - self.line.began
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        _close(self._listener)
        for each in list(self._open):
            _close(each)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = self._listener.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        self._open.append(near)
        with self._lock:
            self.counted.connections += 1
            self.counted.wire += 7 * _HEADER
        self._carry(0)
        self._carry(0)
        try:
            far = socket.create_connection(self._target)
        except OSError:
            _reset(near)
            return
        self._open.append(far)
        cut = [self.line.cut_up, self.line.cut_down]
        for direction, source, sink, limit in (("up", near, far, cut[0]), ("down", far, near, cut[1])):
            threading.Thread(target=self._pump, args=(direction, source, sink, limit), daemon=True).start()

    def _pump(self, direction: str, source: socket.socket, sink: socket.socket, limit: int | None) -> None:
        passed = 0
        try:
            while piece := source.recv(_SEGMENT):
                if limit is not None and passed + len(piece) >= limit:
                    sink.sendall(piece[: limit - passed])
                    self._count(direction, limit - passed)
                    _reset(source)
                    _reset(sink)
                    return
                self._carry(len(piece))
                sink.sendall(piece)
                passed += len(piece)
                self._count(direction, len(piece))
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            _reset(source)
            _reset(sink)

    def _count(self, direction: str, size: int) -> None:
        with self._lock:
            self.counted.add(direction, size)

    def _carry(self, size: int) -> None:
        """Wait as long as a segment takes."""
        line = self.line
        timeout = _FIRST_TIMEOUT
        while self._lost():
            line.pause(timeout)
            timeout = min(2 * timeout, _LONGEST_TIMEOUT)
        wait = line.delay + ((size + _HEADER) / line.rate if line.rate else 0.0)
        if wait:
            line.pause(wait)

    def _lost(self) -> bool:
        line = self.line
        if line.down and (line.clock() - self._began) % (line.up + line.down) >= line.up:
            return True
        with self._lock:
            return self._random.random() < line.loss


class Impostor:
    """A server that answers every request with the same bytes, over TLS with a certificate or in the clear.

    `trickle` seconds lie between the bytes of the answer; `silent` never answers.
    """

    def __init__(
        self, answer: bytes, certificate: tuple[Path, Path] | None = None, *, trickle: float = 0.0, silent: bool = False
    ) -> None:
        self._answer = answer
        self._trickle = trickle
        self._silent = silent
        self._stop = threading.Event()
        self._context: ssl.SSLContext | None = None
        self.heard: list[bytes] = []
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(*certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Impostor:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        _close(self._listener)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = self._listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError), near:
            stream: Any = near if self._context is None else self._context.wrap_socket(near, server_side=True)
            # In the clear a client's TLS greeting comes, which never ends as a request does.
            self.heard.append(near.recv(65536) if self._context is None else _request(stream))
            if self._silent:
                self._stop.wait()
            for start in range(0, len(self._answer), 1 if self._trickle else 65536):
                stream.sendall(self._answer[start : start + (1 if self._trickle else 65536)])
                if self._trickle and self._stop.wait(self._trickle):
                    return
            # What the other side still sends is read to its end: closing on it would reset the connection.
            socket.socket.shutdown(stream, socket.SHUT_WR)
            while stream.recv(65536):
                pass


def _request(stream: Any) -> bytes:
    """Read one request, or what there is of it."""
    heard = b""
    while piece := stream.recv(65536):
        heard += piece
        head, gap, body = heard.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if gap and len(body) >= (int(length[1]) if length else 0):
            break
    return heard


def _reset(each: socket.socket) -> None:
    """End a connection without a farewell."""
    with contextlib.suppress(OSError):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    _close(each)


def _close(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        each.close()
