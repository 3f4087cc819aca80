"""The province's server process: one listening socket, one watcher of the folders, one clean end."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import TYPE_CHECKING, Any

from db.errors import RecordError
from desk.province.certificate import ServerCertificate, server_context
from desk.province.inbox import Seen
from desk.province.model import ProvinceError
from desk.province.service import Province
from desk.province.web import BODY_SECONDS, Said, make_app

if TYPE_CHECKING:
    from uvicorn import Config, Server

_CONNECTIONS = 500
_BACKLOG = 256
_IDLE_SECONDS = 60
_STOP_SECONDS = 10
_AFRESH_SECONDS = 3600
"""How long what is settled in a folder is left alone; then all of it is looked at again."""
_HEAD_SECONDS = 90.0
"""Longest from a connection, or the answer before, to the end of a request's head: a whole attempt of a desk is 60."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket of this machine; OSError if it cannot be had."""
    family, kind, protocol, _name, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    found = socket.socket(family, kind, protocol)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(_BACKLOG)
    except OSError:
        found.close()
        raise
    return found


def serve(
    province: Province,
    at: socket.socket,
    certificate: ServerCertificate,
    *,
    folders: Sequence[Path] = (),
    every: float = 60.0,
    said: Said = lambda _line: None,
) -> None:
    """Answer until SIGTERM or SIGINT, taking in what lies in the inbox and in `folders` every so many seconds."""
    stop = Event()
    watcher = Thread(target=_watch, args=(province, folders, every, stop, said), name="watch", daemon=True)
    watcher.start()
    try:
        _server(_config(province, certificate, said)).run(sockets=[at])
    finally:
        stop.set()
        watcher.join(_STOP_SECONDS)


def _watch(province: Province, folders: Sequence[Path], every: float, stop: Event, said: Said) -> None:
    """Ingest again and again; a folder that is not there today is looked for again the next time.

    What is settled is left alone for an hour: only then is a receipt that somebody took away written anew.
    """
    told: set[str] = set()
    seen: Seen = {}
    rounds = 0
    while True:
        if rounds * every >= _AFRESH_SECONDS:
            seen.clear()
            rounds = 0
        rounds += 1
        troubles = set()
        for folder in (province.inbox, *folders):
            try:
                answers = province.ingest([folder], seen)
            except (RecordError, ProvinceError, OSError) as error:
                troubles.add(f"{folder}: {error}")
                continue
            for answer in answers:
                if not answer.repeated and answer.receipt is not None:
                    said(f"{answer.file}: {answer.status}")
                if answer.unwritten is not None:
                    troubles.add(f"{Path(answer.file).parent}: {answer.unwritten.strerror}")
        for trouble in sorted(troubles - told):
            said(trouble)
        told = troubles
        if stop.wait(every):
            return


def _config(province: Province, certificate: ServerCertificate, said: Said) -> Config:
    from uvicorn import Config

    return Config(
        make_app(province, said),
        http=_protocol(),
        ws="none",
        lifespan="off",
        loop="asyncio",
        ssl_context_factory=lambda _config, _usual: server_context(certificate),
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_STOP_SECONDS,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        access_log=False,
        log_config=None,
        log_level="critical",
    )


def _server(config: Config) -> Server:
    import uvicorn

    class Quiet(uvicorn.Server):
        """A server that a signal ends; the process goes on to close what it has open."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
            self.force_exit = self.should_exit
            self.should_exit = True

    return Quiet(config)


def _protocol() -> type[asyncio.Protocol]:
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Bounded(H11Protocol):
        """HTTP whose heads and bodies must come to an end: one that trickles is cut off."""

        _limit: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._begin(_HEAD_SECONDS)

        def connection_lost(self, exc: Exception | None) -> None:
            self._end()
            super().connection_lost(exc)

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._begin(_HEAD_SECONDS)

        def shutdown(self) -> None:
            """End with the process: one that is idle at once, without waiting for the other side's farewell."""
            if self.cycle is None or self.cycle.response_complete:
                self.transport.abort()
            else:
                super().shutdown()

        def _begin(self, seconds: float) -> None:
            self._end()
            self._limit = self.loop.call_later(seconds, self._late)

        def _end(self) -> None:
            if self._limit is not None:
                self._limit.cancel()
                self._limit = None

        def _late(self) -> None:
            """Cut off a request that has not come whole; one that is being answered, or its body read, has its own."""
            cycle: Any = self.cycle
            if cycle is None or cycle.response_complete:
                self.transport.abort()
            else:
                self._limit = self.loop.call_later(BODY_SECONDS, self.transport.abort)

    return Bounded
