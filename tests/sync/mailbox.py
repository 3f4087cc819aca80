"""Mail servers on loopback: a real one that keeps what it is given, and ones that only say something."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import warnings
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from desk.province.certificate import ServerCertificate, server_context

USER, PASSWORD, OFFICE = "xa.huongkhe@x.gov.vn", "bí mật".encode().hex(), "motcua@tinh.gov.vn"


@dataclass
class Rules:
    """What a mail server answers instead of its usual yes, by command; each answer once, or again and again."""

    mail: list[str] = field(default_factory=list)
    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)


class MailServer:
    """A real mail server with log-in, over TLS from the start or by STARTTLS; `kept` are the messages it took."""

    def __init__(self, certificate: ServerCertificate, *, starttls: bool = False, rules: Rules | None = None) -> None:
        self._context = server_context(certificate)
        self._starttls = starttls
        self._rules = rules or Rules()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.kept: list[bytes] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.port = 0

    def __enter__(self) -> MailServer:
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(self, *_error: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def address(self) -> str:
        """The address as a commune writes it."""
        return self.at(self.port)

    def at(self, port: int) -> str:
        """The address by another port, such as that of a line to this server."""
        return address(port, starttls=self._starttls)

    async def _listen(self) -> int:
        self._server = await asyncio.get_running_loop().create_server(
            self._protocol, "127.0.0.1", 0, ssl=None if self._starttls else self._context
        )
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _end(self) -> None:
        self._server.close()
        for task in asyncio.all_tasks():
            if task is not asyncio.current_task():
                task.cancel()

    def _protocol(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that log-in is asked for: it is, under TLS
            return SMTP(
                self,
                hostname="mail.test",
                tls_context=self._context if self._starttls else None,
                require_starttls=self._starttls,
                auth_required=True,
                auth_require_tls=self._starttls,
                authenticator=self._log_in,
                loop=self._loop,
            )

    def _log_in(self, _server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.logins.append((given.login, given.password))
        known = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, sender: str, _options: Any) -> str:  # noqa: N802
        if self._rules.mail:
            return self._rules.mail.pop(0)
        envelope.mail_from = sender
        return "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, to: str, _options: Any) -> str:  # noqa: N802
        if self._rules.rcpt:
            return self._rules.rcpt.pop(0)
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self._rules.data:
            return self._rules.data.pop(0)
        self.kept.append(envelope.content)
        return "250 taken"


class Says:
    """A server that says some bytes to whoever connects, whatever it is asked; `trickle` seconds between them."""

    def __init__(self, said: bytes, certificate: ServerCertificate | None = None, *, trickle: float = 0.0) -> None:
        self._said = said
        self._trickle = trickle
        self._context = None if certificate is None else server_context(certificate)
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.heard = b""

    def __enter__(self) -> Says:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = self._listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError), near:
            stream = near if self._context is None else self._context.wrap_socket(near, server_side=True)
            step = 1 if self._trickle else 65536
            for start in range(0, len(self._said), step):
                stream.sendall(self._said[start : start + step])
                if self._trickle and self._stop.wait(self._trickle):
                    return
            socket.socket.shutdown(stream, socket.SHUT_WR)
            while piece := stream.recv(65536):
                self.heard += piece


def address(port: int, *, starttls: bool = False) -> str:
    """Return the address of the office's mailbox by a server of this machine."""
    return f"{'smtp+starttls' if starttls else 'smtps'}://{USER}@127.0.0.1:{port}/{OFFICE}"
