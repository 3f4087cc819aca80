"""SFTP to the province: a file is written aside, made durable, renamed into `in`; its receipt appears in `out`.

One attempt is one connection, given up after five minutes without a step done. A cut anywhere leaves at most a part
under a hidden name, which the province sweeps away; what was brought once is not brought again.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterator, Sequence
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from desk.daily.container import LIMIT
from desk.daily.files import FileFault, is_safe_name
from desk.daily.published import PUBLISHED_LIMIT, name_parts
from desk.daily.receipt import receipt_name
from desk.sync.sftp_keys import host_pins, read_client_key
from desk.sync.ways import PUBLISHED_KEY, RECEIPT_END, Fetched, Trouble, WayError

if TYPE_CHECKING:
    from asyncssh import SFTPClient, SSHClientConnection

T = TypeVar("T")

ATTEMPT_SECONDS = 300.0
"""Longest time to connect, and for one file: at 30 % loss and 9.6 kbit/s a whole delivery took up to 91 s."""
LOOKS = (2.0, 4.0, 8.0, 15.0, 20.0, 20.0)
"""Pauses before each look for a receipt: the province's own look is every minute, and a new connection costs 10 kB."""

_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_ALIVE_SECONDS, _ALIVE_TIMES = 30, 4
_LONGEST_KEY = 2000
_LONGEST_FOLDER = 20_000
_FAREWELL = 1.0
_WHOLE = 0
"""Block size by which a read or a write is one request, sent at once and in its turn."""
# One of each kind keeps the first two packets small: on a modem they cost more than the file.
_ALGORITHMS: dict[str, Sequence[str]] = {
    "server_host_key_algs": ("ssh-ed25519",),
    "signature_algs": ("ssh-ed25519",),
    "kex_algs": ("curve25519-sha256", "curve25519-sha256@libssh.org"),
    "encryption_algs": ("aes128-gcm@openssh.com", "chacha20-poly1305@openssh.com"),
    "mac_algs": ("hmac-sha2-256-etm@openssh.com",),
    "compression_algs": ("zlib@openssh.com", "none"),
}


class SftpWay:
    """The unit's folders on a server of the province; `host_key` is what that server is known by.

    `base` is the data folder, which holds the desk's key.
    """

    name = "sftp"

    def __init__(self, address: str, unit: str, host_key: str = "", *, base: Path | None = None) -> None:
        self.where = address
        self._unit = unit
        self._host_key = host_key
        self._base = base or Path()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connection: SSHClientConnection | None = None
        self._sftp: SFTPClient | None = None
        self._root = ""
        self._reached = False
        self.seconds = ATTEMPT_SECONDS
        self.looks: Sequence[float] = LOOKS

    def published(self) -> bytes | None:
        """Return the key the province publishes among the receipts, None before its first look at the folder."""
        return self._do(lambda sftp: _read(sftp, self._out(PUBLISHED_KEY), _LONGEST_KEY))

    def offer(self, name: str, data: bytes) -> bool:
        """Bring a file, unless it lies there already."""

        async def bring(sftp: SFTPClient) -> bool:
            folder = f"{self._root}/in"
            if await _size(sftp, f"{folder}/{name}") == len(data):
                return False
            await _write(sftp, folder, name, data)
            return True

        return self._do(bring)

    def answers(self, digests: Collection[str], *, wait: bool) -> Iterator[Fetched]:
        """Yield the receipts of files that were brought; with `wait` those that come within a minute or so.

        The province answers what it finds together: until one has come only the first is looked for, but for the last
        look. WayError if the line fails.
        """
        left = [receipt_name(digest) for digest in digests]
        pauses = self.looks if wait else (0.0,)
        came = not wait
        for number, pause in enumerate(pauses, start=1):
            if not left:
                return
            self._do(partial(_rest, pause))
            found = self._receipts(left if came or number == len(pauses) else left[:1])
            if found and not came:
                found += self._receipts(left[1:])
            came = came or bool(found)
            there = {each.name for each in found}
            left = [name for name in left if name not in there]
            yield from found

    def fetch(self, skip: Collection[str] = ()) -> Iterator[Fetched]:
        """Yield every receipt of the unit but those named in `skip`."""
        for name in self._do(self._names):
            if name in skip or not name.endswith(RECEIPT_END):
                continue
            if is_safe_name(name):
                yield from self._receipts([name])
            else:
                yield Fetched(name, None, FileFault.BAD_NAME)

    def lost(self, after: int) -> Iterator[Fetched]:  # noqa: ARG002 - receipts have no numbers here
        """Yield nothing: `answers` finds a file's receipt by its name."""
        return iter(())

    def listed(self, after: int) -> Sequence[str]:
        """Return the names of published files among the receipts, those numbered above `after`, by number."""
        numbered = [(parts[0], name) for name in self._do(self._names) if (parts := name_parts(name))]
        return [name for number, name in sorted(numbered) if number > after]

    def take(self, name: str, folder: Path) -> bytes:
        """Return a published file, going on where an attempt before broke off."""
        digest = (name_parts(name) or (0, ""))[1]
        return self._do(lambda sftp: _take(sftp, self._out(name), digest, folder, self.seconds), by_itself=True)

    def close(self) -> None:
        """Give the connection back."""
        self._drop()

    def _out(self, name: str) -> str:
        return f"{self._root}/out/{name}"

    def _receipts(self, names: Sequence[str]) -> list[Fetched]:
        found = self._do(lambda sftp: _together(*(_read(sftp, self._out(name), LIMIT) for name in names)))
        return [Fetched(name, data) for name, data in zip(names, found, strict=True) if data is not None]

    async def _names(self, sftp: SFTPClient) -> list[str]:
        names = []
        seen = 0
        async for each in sftp.scandir(f"{self._root}/out"):
            seen += 1
            if seen > _LONGEST_FOLDER:
                raise WayError(Trouble.ANSWER_TOO_LARGE, whole=True)
            names.append(each.filename if isinstance(each.filename, str) else each.filename.decode("utf-8", "replace"))
        return sorted(names)

    def _do(self, work: Callable[[SFTPClient], Awaitable[T]], *, by_itself: bool = False) -> T:
        """Do one step over the connection, made if there is none; WayError for whatever it comes to.

        `by_itself` is of a step that looks at its time itself.
        """
        if find_spec("asyncssh") is None:
            raise WayError(Trouble.NO_SFTP, whole=True)
        import asyncssh

        try:
            if self._sftp is None:
                self._run(self._connect(*self._target()))
            return self._run(self._step(work, None if by_itself else self.seconds))
        except (asyncssh.Error, OSError, ValueError, EOFError) as error:
            reached = self._reached
            self._drop()
            raise WayError(_trouble(error, reached=reached), whole=True) from error
        except WayError as error:
            if error.whole:
                self._drop()
            raise

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            # What a broken line leaves behind is told by the step that met it, never on the screen.
            self._loop.set_exception_handler(lambda _loop, _context: None)
            logging.getLogger("asyncssh").setLevel(logging.CRITICAL)
        return self._loop.run_until_complete(work)

    async def _step(self, work: Callable[[SFTPClient], Awaitable[T]], seconds: float | None) -> T:
        if self._sftp is None:
            raise ConnectionError
        async with asyncio.timeout(seconds):
            return await work(self._sftp)

    def _target(self) -> tuple[str, int, str, bytes, frozenset[str]]:
        """Return where to go, as whom, with which key, and whom to believe; WayError for what cannot be used."""
        host, port, user, self._root = _parts(self.where, f"mc{self._unit}")
        pins = host_pins(self._host_key, self._base)
        try:
            key = read_client_key(self._base).to_openssh()
        except FileNotFoundError as error:
            raise WayError(Trouble.NO_SFTP_KEY, whole=True) from error
        return host, port, user, key, pins

    async def _connect(self, host: str, port: int, user: str, key: bytes, pins: frozenset[str]) -> None:
        import asyncssh

        way = self
        way._reached = False

        class Known(asyncssh.SSHClient):
            """A client that believes the pinned keys and no other."""

            def connection_made(self, conn: SSHClientConnection) -> None:  # noqa: ARG002
                way._reached = True

            def validate_host_public_key(self, _host: str, _addr: str, _port: int, key: asyncssh.SSHKey) -> bool:
                return key.get_fingerprint() in pins

        async with asyncio.timeout(self.seconds):
            self._connection = await asyncssh.connect(
                host,
                port,
                username=user,
                client_factory=Known,
                client_keys=[asyncssh.import_private_key(key)],
                # Nothing of this machine's own SSH: neither its files nor an agent's keys.
                known_hosts=([], [], []),
                config=None,
                agent_path=None,
                preferred_auth=("publickey",),
                gss_host=None,
                connect_timeout=self.seconds,
                login_timeout=self.seconds,
                keepalive_interval=_ALIVE_SECONDS,
                keepalive_count_max=_ALIVE_TIMES,
                **_ALGORITHMS,
            )
            self._sftp = await self._connection.start_sftp_client()

    def _drop(self) -> None:
        """Let the connection go without a word: a farewell would wait for the line."""
        loop, connection = self._loop, self._connection
        self._loop = self._connection = self._sftp = None
        if loop is None or loop.is_closed():
            return

        async def end() -> None:
            if connection is not None:
                connection.abort()
            own = asyncio.current_task()
            others = [task for task in asyncio.all_tasks() if task is not own]
            for task in others:
                task.cancel()
            await asyncio.wait([asyncio.ensure_future(asyncio.sleep(0)), *others], timeout=_FAREWELL)

        with suppress(Exception):
            loop.run_until_complete(end())
            loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def _parts(address: str, usual: str) -> tuple[str, int, str, str]:
    """Take an address apart into host, port, user and folder; WayError if it is none."""
    try:
        parts = urlsplit(address)
        host, port, user = parts.hostname, parts.port or 22, parts.username or usual
    except ValueError as error:
        raise WayError(Trouble.BAD_ADDRESS, whole=True) from error
    odd = parts.password is not None or parts.query or parts.fragment or not _USER.fullmatch(user)
    if parts.scheme.lower() != "sftp" or not host or odd or ".." in parts.path.split("/"):
        raise WayError(Trouble.BAD_ADDRESS, whole=True)
    return host, port, user, parts.path.rstrip("/")


async def _together(*works: Awaitable[Any]) -> list[Any]:
    """Ask several things in one round trip, in this order; the first that failed is raised once all have an end."""
    found = await asyncio.gather(*works, return_exceptions=True)
    for each in found:
        if isinstance(each, BaseException):
            raise each
    return list(found)


async def _rest(seconds: float, _sftp: SFTPClient) -> None:
    """Wait, with the connection kept alive."""
    await asyncio.sleep(seconds)


async def _read(sftp: SFTPClient, path: str, limit: int) -> bytes | None:
    """Return a small file, None if there is none."""
    import asyncssh

    try:
        file = await sftp.open(path, "rb", block_size=_WHOLE)
    except asyncssh.SFTPNoSuchFile:
        return None
    data: bytes = await file.read(limit + 1, 0)
    await file.close()
    if len(data) > limit:
        raise WayError(Trouble.ANSWER_TOO_LARGE)
    return data


async def _take(sftp: SFTPClient, path: str, digest: str, folder: Path, seconds: float) -> bytes:
    """Return a large file, in parts kept in a folder; WayError for one that cannot be read, whatever is behind it."""
    import asyncssh

    from desk.sync.ranged import read_on

    try:
        async with asyncio.timeout(seconds):
            found, file = await _together(sftp.lstat(path), sftp.open(path, "rb", block_size=_WHOLE))
        if found.size is None or found.size > PUBLISHED_LIMIT:
            raise WayError(Trouble.ANSWER_TOO_LARGE)
        data = await read_on(file, found.size, digest, folder, seconds)
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPPermissionDenied, asyncssh.SFTPFailure) as error:
        raise WayError(Trouble.DAMAGED_THERE) from error
    # What has come whole is not given up for a line that breaks now: the next step meets it.
    with suppress(asyncssh.Error, OSError):
        async with asyncio.timeout(seconds):
            await file.close()
    return data


async def _size(sftp: SFTPClient, path: str) -> int | None:
    import asyncssh

    try:
        return (await sftp.lstat(path)).size
    except asyncssh.SFTPNoSuchFile:
        return None


async def _write(sftp: SFTPClient, folder: str, name: str, data: bytes) -> None:
    """Write a file so that it is there whole, on the server's disk, or not at all."""
    import asyncssh

    part = f"{folder}/.{secrets.token_hex(8)}.part"
    try:
        file = await sftp.open(part, "xb", block_size=_WHOLE)
    except asyncssh.SFTPNoSuchFile as error:
        raise WayError(Trouble.NO_FOLDER_THERE, whole=True) from error
    try:
        # The server does these in turn, so all three cost one round trip; the rename waits for their success.
        await _together(file.write(data, 0), file.fsync(), file.close())
    except asyncssh.SFTPFailure as error:
        with suppress(asyncssh.SFTPError):
            await sftp.remove(part)
        raise WayError(Trouble.FULL_THERE, whole=True) from error
    try:
        await sftp.posix_rename(part, f"{folder}/{name}")
    except asyncssh.SFTPFailure as error:
        with suppress(asyncssh.SFTPError):
            await sftp.remove(part)
        raise WayError(Trouble.NOT_TAKEN) from error


def _trouble(error: BaseException, *, reached: bool) -> Trouble:
    """Return what an error of the line or the server means for the officer."""
    import asyncssh

    if not reached and isinstance(error, OSError):
        return Trouble.NO_LINE
    if isinstance(error, asyncssh.ChannelOpenError) and error.code != asyncssh.OPEN_CONNECT_FAILED:
        return Trouble.NOT_PROVINCE
    kinds: list[tuple[Any, Trouble]] = [
        (TimeoutError, Trouble.TOO_SLOW),
        (asyncssh.HostKeyNotVerifiable, Trouble.OTHER_HOST_KEY),
        (asyncssh.PermissionDenied, Trouble.LOGIN_REFUSED),
        (asyncssh.ServiceNotAvailable, Trouble.BUSY),
        ((asyncssh.KeyExchangeFailed, asyncssh.ProtocolError), Trouble.NOT_PROVINCE),
        ((asyncssh.ProtocolNotSupported, asyncssh.CompressionError, asyncssh.MACError), Trouble.NOT_PROVINCE),
        ((asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection), Trouble.LINE_BROKEN),
        ((asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPQuotaExceeded), Trouble.FULL_THERE),
        ((asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath), Trouble.NO_FOLDER_THERE),
        (asyncssh.SFTPBadMessage, Trouble.NOT_PROVINCE),
        (asyncssh.SFTPError, Trouble.NOT_TAKEN),
        ((asyncssh.Error, OSError, EOFError), Trouble.LINE_BROKEN),
    ]
    return next((trouble for kind, trouble in kinds if isinstance(error, kind)), Trouble.NOT_PROVINCE)
