"""A backup is made: copied while counters are open, examined, durable, under a name that nothing had before."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from db import backup, summaries
from db.backup import Progress
from db.engine import open_engine, sqlite_url
from db.errors import RecordError, RecordFault
from desk import vault
from desk.counter.closing import app_version
from desk.counter.model import Refused
from desk.daily.files import FileRefusedError, read_bounded, sync_folder
from desk.keeping import container, thinning
from desk.keeping.container import BackupError, Facts
from desk.keeping.door import door, turn
from desk.rules import moment
from desk.settings import FILE_MODE, CentreSettings, Paths
from desk.words import _

END = ".backup"

_SMALL = ("desk.toml", "province.pub", "sftp.key", "mail.password", "retype.toml")
"""What a desk needs to go on besides its record, by its name in the data folder."""
_MOST_OF_ONE = 256 * 1024
_NAME = re.compile(r"[0-9]{5}-(?:practice-)?[0-9]{8}-[0-9]{6}(?:-[0-9]+)?\.backup")


class Made(Struct, frozen=True):
    """A backup that lies where it was wanted.

    `key_inside`: a passphrase alone brings it back, else it takes this desk's key file; `same_disk`: it is lost with
    the desk's own disk; `thinned` are the older backups that were taken away for it.
    """

    path: Path
    size: int
    sha256: str
    facts: Facts
    last_at: datetime
    key_inside: bool
    same_disk: bool
    thinned: tuple[str, ...] = ()


def make(
    paths: Paths,
    settings: CentreSettings,
    folder: Path,
    secret: str | None,
    now: datetime,
    *,
    thin: bool = True,
    progress: Progress | None = None,
) -> Made | Refused:
    """Make a backup in a folder, and take away older ones of this desk that need not be kept.

    `secret` opens the desk's key, or protects the copy of a key that has no passphrase. RecordError, VaultError: the
    record or its key; OSError: where the backup goes. Nothing is left behind then.
    """
    if settings.database:
        text = _("Trung tâm này dùng máy chủ PostgreSQL: sao lưu bằng pg_dump của máy chủ, không bằng lệnh này.")
        return Refused("server_database", text, "data")
    where = folder.resolve(strict=True)
    if where.is_relative_to(paths.folder.resolve()):
        return Refused("inside_data_folder", _("Nơi để bản sao phải nằm ngoài thư mục dữ liệu."), "folder")
    if not paths.database.exists():
        raise RecordError(RecordFault.MISSING, str(paths.database))
    with turn(paths):
        kept_as = vault.key_file(paths).read_bytes() if vault.key_file(paths).exists() else b""
        key = vault.open_key(paths, secret)
        wrapped = kept_as if vault.is_wrapped(kept_as) else b"" if secret is None else vault.kept(key, secret)
        _sweep(where, paths)
        part = where / f"{_leftover(paths)}{os.getpid()}.part"
        try:
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE))
            facts, digest, last = _write(part, paths, settings, key, wrapped.decode(), now, progress)
            size = part.stat().st_size
            target = _put(part, where, settings, now)
        except BaseException as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            if isinstance(error, OSError):
                # It names the draft, which nobody asked for.
                raise OSError(error.errno, error.strerror, str(where)) from error
            raise
        thinned = tuple(_thin(where, facts, now)) if thin else ()
    same_disk = where.stat().st_dev == paths.folder.stat().st_dev
    return Made(target, size, digest, facts, last, bool(wrapped), same_disk, thinned)


def _write(
    part: Path,
    paths: Paths,
    settings: CentreSettings,
    key: bytes,
    wrapped: str,
    now: datetime,
    progress: Progress | None,
) -> tuple[Facts, str, datetime]:
    """Write the whole backup into an empty file, make it durable and read it back; the record is opened as it is."""
    with door(paths):
        engine = open_engine(sqlite_url(paths.database), key)
    try:
        copied = backup.copy(engine, part, key, progress)
    finally:
        engine.dispose()
    with backup.reading(part, key) as view:
        if backup.examine(view) != copied:
            raise RecordError(RecordFault.DAMAGED, "copy")
        pair, last = summaries.signing_key(view), moment.minute(backup.last_at(view))
    facts = Facts(
        unit=settings.unit,
        practice=settings.practice,
        made=moment.text(moment.minute(now)),
        app=app_version(),
        schema=copied.schema,
        installation="" if pair is None else pair.fingerprint,
        events=copied.events,
        head=copied.head,
        key=wrapped,
        database=part.stat().st_size,
        beside=0,
    )
    sealed, facts = container.seal_beside(dict(_beside(paths, settings)), facts, key)
    with part.open("r+b") as stream:
        digest = container.finish(stream, sealed, facts)
        stream.flush()
        os.fsync(stream.fileno())
        if hasattr(os, "posix_fadvise"):
            # What is read back must come from the disk, not from what was meant for it.
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    try:
        container.check(part)
    except BackupError as error:
        raise OSError(5, os.strerror(5), str(part.parent)) from error
    return facts, digest, last


def _beside(paths: Paths, settings: CentreSettings) -> Iterator[tuple[str, bytes]]:
    """Yield the small files to be sealed: the settings, keys of lines, what is typed to the province."""
    named = (settings.certificate, settings.host_key, settings.mail_certificate)
    inside = [name for name in named if name and Path(name).name == name and (paths.folder / name).is_file()]
    names = dict.fromkeys((*_SMALL, *inside))
    if paths.messages.is_dir():
        names |= dict.fromkeys(sorted(f"messages/{each.name}" for each in paths.messages.iterdir()))
    total = 0
    for name in names:
        with suppress(FileNotFoundError, FileRefusedError):
            data = read_bounded(paths.folder / name, limit=_MOST_OF_ONE)
            total += len(data)
            if total < container.MOST_BESIDE // 2:
                yield name, data


def _put(part: Path, where: Path, settings: CentreSettings, now: datetime) -> Path:
    """Give a finished backup its name, one that nothing there has."""
    kind = "practice-" if settings.practice else ""
    stem = f"{settings.unit}-{kind}{now.astimezone(moment.VN):%Y%m%d-%H%M%S}"
    number, target = 1, where / f"{stem}{END}"
    while os.path.lexists(target):
        number += 1
        target = where / f"{stem}-{number}{END}"
    part.replace(target)
    sync_folder(where)
    return target


def _thin(where: Path, facts: Facts, now: datetime) -> Iterator[str]:
    """Take away backups of this very desk that need not be kept, and yield their names; others are not touched."""
    made: dict[str, datetime] = {}
    for path in where.glob(f"*{END}"):
        if _NAME.fullmatch(path.name):
            with suppress(BackupError, OSError):
                each = container.read_facts(path)
                if (each.unit, each.practice, each.installation) == (facts.unit, facts.practice, facts.installation):
                    made[path.name] = each.made_at
    for name in thinning.superfluous(made, now):
        with suppress(OSError):
            (where / name).unlink()
            yield name


def _leftover(paths: Paths) -> str:
    return f".backup-{hashlib.sha256(os.fsencode(paths.folder.resolve())).hexdigest()[:8]}-"


def _sweep(where: Path, paths: Paths) -> None:
    """Take away what a run that was killed has left there; it is this desk's turn, so nobody writes it."""
    for path in where.glob(f"{_leftover(paths)}*.part*"):
        path.unlink(missing_ok=True)
