"""What a server of the province is known by, and TLS that keeps to the time of an attempt.

A certificate that is pinned itself is compared byte for byte, so that neither a dead clock at the commune nor another
name of the server keeps a file back; below a CA the name and the dates count as everywhere.
"""

from __future__ import annotations

import math
import re
import socket
import ssl
import time
from pathlib import Path
from typing import Any

from msgspec import Struct

from desk.daily.files import FileRefusedError, read_bounded

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


class PinError(ValueError):
    """A setting from which no certificate can be had."""


class Pin(Struct, frozen=True):
    """The fingerprint of the one certificate that is believed, or the CAs; neither is the system's trust."""

    fingerprint: str = ""
    authorities: str = ""

    @classmethod
    def of(cls, text: str) -> Pin:
        """Read `SHA256:` and a fingerprint in hexadecimal, colons and spaces at will; PinError if it is none."""
        if not text:
            return cls()
        found = re.sub(r"[\s:]", "", text[len("SHA256:") :]).lower()
        if not _FINGERPRINT.fullmatch(found):
            raise PinError(text)
        return cls(found)


def read_pinned(pem: bytes) -> Pin:
    """Read a PEM file: the server's own certificate, or one or more CAs; PinError if it is neither."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    try:
        found = x509.load_pem_x509_certificates(pem)
        if len(found) > 1 or _is_authority(found[0]):
            return Pin(authorities=pem.decode("ascii"))
    except (ValueError, x509.DuplicateExtension) as error:
        raise PinError(str(error)) from error
    return Pin(found[0].fingerprint(hashes.SHA256()).hex())


def pin_of(setting: str, base: Path) -> Pin:
    """Return what a setting names, `SHA256:` and a fingerprint or a PEM file; PinError if it cannot be used."""
    given = setting.strip()
    if not given or given.upper().startswith("SHA256:"):
        return Pin.of(given)
    try:
        return read_pinned(read_bounded(base / Path(given).expanduser()))
    except (FileRefusedError, OSError, RuntimeError) as error:
        raise PinError(given) from error


def _is_authority(certificate: Any) -> bool:
    from cryptography import x509

    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return False


class OverfullError(OSError):
    """More came in than the other side can have to say."""


class HurriedSocket(ssl.SSLSocket):
    """A TLS connection whose every read and write together end at its context's deadline.

    A time-out alone starts anew with every byte, so one that trickles would never end.
    """

    def recv_into(self, *arguments: Any, **named: Any) -> int:
        """Read as ever, within what time and what bytes are left."""
        self._hurry()
        return _counted(getattr(self.context, "left", math.inf), super().recv_into(*arguments, **named), self.context)

    def send(self, *arguments: Any, **named: Any) -> int:
        """Write as ever, within what time is left."""
        self._hurry()
        return super().send(*arguments, **named)

    def _hurry(self) -> None:
        _hurry(self, getattr(self.context, "deadline", math.inf))


class PlainSocket(socket.socket):
    """A connection in the clear under the bounds of the context that it will be wrapped with."""

    context: HurriedContext

    def recv_into(self, *arguments: Any, **named: Any) -> int:
        """Read as ever, within what time and what bytes are left."""
        _hurry(self, self.context.deadline)
        return _counted(self.context.left, super().recv_into(*arguments, **named), self.context)

    def sendall(self, *arguments: Any, **named: Any) -> None:
        """Write as ever, within what time is left."""
        _hurry(self, self.context.deadline)
        super().sendall(*arguments, **named)


class HurriedContext(ssl.SSLContext):
    """A context with a deadline on the monotonic clock, and with how many bytes may still come in."""

    deadline: float = math.inf
    left: float = math.inf


def _hurry(connection: socket.socket, deadline: float) -> None:
    if deadline < math.inf:
        seconds = deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        connection.settimeout(seconds)


def _counted(left: float, number: int, context: Any) -> int:
    if number > left:
        raise OverfullError
    if left < math.inf:
        context.left = left - number
    return number


def client_context(pin: Pin) -> HurriedContext:
    """Return a client's TLS settings; where a fingerprint is pinned the caller compares it before a byte is sent."""
    context = HurriedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.sslsocket_class = HurriedSocket
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if pin.fingerprint:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif pin.authorities:
        context.load_verify_locations(cadata=pin.authorities)
    else:
        context.load_default_certs()
    return context
