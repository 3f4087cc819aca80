"""Official e-mail to the province, where nothing else works: the sealed file as an attachment, one message per file.

A mail server's yes means that the message is on its way and nothing more: the receipt comes by any other way. The
password goes over TLS alone, to a server whose certificate was believed, and stands in no setting.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Collection, Iterator, Mapping
from email import policy
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from desk.daily.container import sha256
from desk.daily.files import FileRefusedError, read_bounded
from desk.sync.patience import PAUSES
from desk.sync.tls import HurriedContext, OverfullError, Pin, PinError, PlainSocket, client_context, pin_of
from desk.sync.ways import Fetched, Trouble, WayError

ATTEMPT_SECONDS = 120.0
"""Longest one message may take with the connection it needs: at 9.6 kbit/s some 14 seconds, by twelve round trips."""
PASSWORD_FILE = "mail.password"  # noqa: S105 - where the password is kept, not a password
"""File of the password in the data folder, for its owner's eyes only."""
PASSWORD_VARIABLE = "DESK_MAIL_PASSWORD"  # noqa: S105
SUBJECT = "motcua.daily/1"
_TEXT = """\
Tệp ngày của bộ phận một cửa, đã ký số; trong tệp chỉ có số đếm.
Hãy lưu nguyên cả thư (.eml) vào thư mục nhận của tỉnh.
"""

_CONNECT_SECONDS = 45.0
_FAREWELL_SECONDS = 5.0
_MOST_HEARD = 256 * 1024
_PORTS = {"smtps": 465, "smtp+starttls": 587}
_USER = re.compile(r"[\x21-\x7e]{1,128}")
_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_.{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_PASSWORD = re.compile(r"[\x20-\x7e]{1,256}")


class MailAddress(Struct, frozen=True):
    """An address `smtps://user@host:port/to@office` taken apart; `smtp+starttls` asks for TLS within the connection."""

    scheme: str
    user: str
    host: str
    port: int
    to: str

    @classmethod
    def parse(cls, text: str) -> MailAddress:
        """Read an address; WayError if it is none, or holds a password, which belongs nowhere in the settings."""
        try:
            parts = urlsplit(text)
            scheme, host, port, secret = parts.scheme, parts.hostname or "", parts.port, parts.password
        except ValueError as error:
            raise WayError(Trouble.BAD_ADDRESS, whole=True) from error
        user, to = unquote(parts.username or ""), unquote(parts.path.removeprefix("/"))
        found = cls(scheme, user, host, port or _PORTS.get(scheme, 0), to)
        boxes = _MAILBOX.fullmatch(found.sender) and _MAILBOX.fullmatch(to)
        if scheme not in _PORTS or secret is not None or parts.query or parts.fragment or not boxes:
            raise WayError(Trouble.BAD_ADDRESS, whole=True)
        if not _USER.fullmatch(user):
            raise WayError(Trouble.BAD_ADDRESS, whole=True)
        return found

    @property
    def sender(self) -> str:
        """The mailbox the messages come from."""
        return self.user if "@" in self.user else f"{self.user}@{self.host}"


class MailWay:
    """A mailbox of the office, by a mail server; `certificate` is as in the settings, empty for the system's trust."""

    name = "mail"
    spare = PAUSES[-1]
    seconds = ATTEMPT_SECONDS

    def __init__(
        self,
        address: str,
        unit: str,
        certificate: str = "",
        *,
        base: Path | None = None,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        # What may hold a password by mistake is shown and kept nowhere.
        self.where = f"{self.name}:{hashlib.sha256(address.encode()).hexdigest()[:16]}"
        self._address = address
        self._unit = unit
        self._certificate = certificate
        self._base = base or Path()
        self._environment = environment
        self._session: smtplib.SMTP | None = None
        self._context: HurriedContext | None = None

    def published(self) -> bytes | None:
        """Return None: nothing comes back by mail."""
        return None

    def fetch(self, skip: Collection[str] = ()) -> Iterator[Fetched]:  # noqa: ARG002 - nothing comes back by mail
        """Yield nothing."""
        return iter(())

    def lost(self, after: int) -> Iterator[Fetched]:  # noqa: ARG002
        """Yield nothing."""
        return iter(())

    def offer(self, name: str, data: bytes) -> bool:
        """Send a file in a message of its own; True once the mail server has taken the message over."""
        address = MailAddress.parse(self._address)
        message = message_of(address, self._unit, name, data)
        try:
            session = self._connected(address)
            session.sendmail(address.sender, [address.to], message.as_bytes())
        except WayError:
            self._drop()
            raise
        except (OSError, ValueError) as error:
            self._drop()
            trouble = _trouble(error)
            only_this = trouble is Trouble.MAIL_REFUSED and isinstance(error, smtplib.SMTPDataError)
            raise WayError(trouble, whole=not only_this) from error
        return True

    def close(self) -> None:
        """Take leave of the mail server and give the connection back."""
        if self._session is not None and self._context is not None:
            self._context.deadline = min(self._context.deadline, time.monotonic() + _FAREWELL_SECONDS)
            with contextlib.suppress(OSError, ValueError):
                self._session.quit()
        self._drop()

    def _connected(self, address: MailAddress) -> smtplib.SMTP:
        """Return a session that is logged in, with a fresh measure of time and bytes."""
        if self._session is None or self._context is None:
            password = self._password()
            pin = self._pin()
            self._context = _bounded(client_context(pin), self.seconds)
            self._session = smtplib.SMTP(local_hostname="[127.0.0.1]")
            _greet(self._session, address, self._context, pin)
            self._session.login(address.user, password)
        _bounded(self._context, self.seconds)
        return self._session

    def _pin(self) -> Pin:
        try:
            return pin_of(self._certificate, self._base)
        except PinError as error:
            raise WayError(Trouble.MAIL_CERTIFICATE, whole=True) from error

    def _password(self) -> str:
        """Return the password, from the environment or from its file; WayError if neither gives one."""
        found = self._environment.get(PASSWORD_VARIABLE) or self._kept_password()
        if not _PASSWORD.fullmatch(found):
            raise WayError(Trouble.MAIL_PASSWORD, whole=True)
        return found

    def _kept_password(self) -> str:
        path = self._base / PASSWORD_FILE
        try:
            if os.name == "posix" and path.lstat().st_mode & 0o077 and not path.is_symlink():
                raise WayError(Trouble.MAIL_PASSWORD_OPEN, whole=True)
            return read_bounded(path, limit=1024).decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
        except (OSError, FileRefusedError, UnicodeDecodeError) as error:
            raise WayError(Trouble.MAIL_PASSWORD, whole=True) from error

    def _drop(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session = self._context = None


def message_of(address: MailAddress, unit: str, name: str, data: bytes) -> EmailMessage:
    """Return the message of a sealed file: the same file has the same Message-ID for ever."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = address.sender
    message["To"] = address.to
    message["Subject"] = SUBJECT
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{unit}.{sha256(data)}@motcua.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_TEXT)
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message


def _bounded(context: HurriedContext, seconds: float) -> HurriedContext:
    context.deadline, context.left = time.monotonic() + seconds, _MOST_HEARD
    return context


def _greet(session: smtplib.SMTP, address: MailAddress, context: HurriedContext, pin: Pin) -> None:
    """Connect and come under TLS, before anything is said that others must not hear."""
    seconds = min(_CONNECT_SECONDS, max(0.001, context.deadline - time.monotonic()))
    try:
        plain = socket.create_connection((address.host, address.port), seconds)
    except (OSError, UnicodeError) as error:
        raise WayError(Trouble.MAIL_NO_LINE, whole=True) from error
    bounded = PlainSocket(plain.family, plain.type, plain.proto, plain.detach())
    bounded.context = context
    bounded.settimeout(max(0.001, context.deadline - time.monotonic()))
    session.sock = bounded
    if address.scheme == "smtps":
        _secure(session, address, context, pin)
    code, said = session.getreply()
    if code != 220:
        raise smtplib.SMTPConnectError(code, said)
    if address.scheme != "smtps":
        session.ehlo_or_helo_if_needed()
        if not session.has_extn("starttls") or session.docmd("STARTTLS")[0] != 220:
            raise WayError(Trouble.MAIL_NO_TLS, whole=True)
        _secure(session, address, context, pin)


def _secure(session: smtplib.SMTP, address: MailAddress, context: HurriedContext, pin: Pin) -> None:
    """Bring a session under TLS; what was said in the clear before is forgotten."""
    plain = session.sock
    assert plain is not None  # noqa: S101 - given by the caller
    secure = context.wrap_socket(plain, server_hostname=address.host)
    session.sock, session.file = secure, None
    session.helo_resp = session.ehlo_resp = None
    session.esmtp_features, session.does_esmtp = {}, False
    found = secure.getpeercert(binary_form=True) or b""
    if pin.fingerprint and hashlib.sha256(found).hexdigest() != pin.fingerprint:
        raise WayError(Trouble.MAIL_UNTRUSTED, whole=True)


def _trouble(error: BaseException) -> Trouble:
    """Return what an error means for the officer."""
    causes = list(_causes(error))
    for kind, trouble in (
        (OverfullError, Trouble.MAIL_STRANGE),
        (TimeoutError, Trouble.TOO_SLOW),
        (ssl.SSLCertVerificationError, Trouble.MAIL_UNTRUSTED),
        (smtplib.SMTPNotSupportedError, Trouble.MAIL_LOGIN),
        ((smtplib.SMTPServerDisconnected, ssl.SSLEOFError, ConnectionError), Trouble.LINE_BROKEN),
    ):
        if any(isinstance(cause, kind) for cause in causes):
            return trouble
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        return Trouble.MAIL_LATER if all(map(_is_later, codes)) else Trouble.MAIL_RECIPIENT
    if isinstance(error, smtplib.SMTPResponseException):
        return _of_answer(error)
    if isinstance(error, (ssl.SSLError, smtplib.SMTPException, ValueError)):
        return Trouble.MAIL_STRANGE
    return Trouble.LINE_BROKEN


def _of_answer(error: smtplib.SMTPResponseException) -> Trouble:
    if _is_later(error.smtp_code):
        return Trouble.MAIL_LATER
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Trouble.MAIL_LOGIN
    # A line that is too long is reported by the library as an answer of 500.
    if not 501 <= error.smtp_code < 600:
        return Trouble.MAIL_STRANGE
    return Trouble.MAIL_SENDER if isinstance(error, smtplib.SMTPSenderRefused) else Trouble.MAIL_REFUSED


def _is_later(code: int) -> bool:
    return 400 <= code < 500


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those it came from."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__
