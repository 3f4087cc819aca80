"""A backup is brought back: unpacked and examined beside the record, declared as restored, then put in its place.

Until the last renaming the record stands as it was. Afterwards it lies aside under a name, whole, with its own key
where that was another. The restored one knows from its first moment that it was restored: it seals nothing before
the head of the centre has signed a reset.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from sqlalchemy.exc import DBAPIError

from db import backup, journal
from db.engine import open_engine, sqlite_url
from db.errors import RecordError, RecordFault
from db.steps import HEADS, Side
from db.vocabulary import OfficeEvent
from desk import vault
from desk.counter.model import Refused
from desk.daily.files import is_safe_name, sync_folder
from desk.keeping import container
from desk.keeping.comparing import Difference, compare
from desk.keeping.container import BackupError, BackupFault, Facts
from desk.keeping.door import door, turn
from desk.rules import moment
from desk.settings import FILE_MODE, FOLDER_MODE, CentreSettings, Paths, SettingsError, make_folder, read_settings
from desk.vault import VaultError, VaultFault
from desk.words import _

_STAGE = ".restoring-"
ASIDE = "before-restore-"


class Here(Struct, frozen=True):
    """The record that is in the place: whether it is there and can be read, and what the backup lacks of it."""

    exists: bool
    difference: Difference | None = None


class Staged(Struct, frozen=True):
    """A backup unpacked beside the record, whole and examined; `paths` are its own places, `place` those it is for."""

    place: Paths
    paths: Paths
    facts: Facts
    last_at: datetime
    settings: CentreSettings
    key: bytes
    same_key_file: bool
    here: Here

    @property
    def changes_nothing(self) -> bool:
        """Whether the record that is there has just what the backup has."""
        found = self.here.difference
        return found is not None and not found.events and found.common == self.facts.events


@contextmanager
def at_work(paths: Paths) -> Iterator[None]:
    """Take the turn in a data folder, which is made where there is none, and leave no traces of a stage."""
    new = not paths.folder.exists()
    make_folder(paths.folder)
    try:
        with turn(paths):
            _sweep(paths)
            try:
                yield
            finally:
                _sweep(paths)
    finally:
        if new and {path.name for path in paths.folder.iterdir()} <= {"backup.lock", "door.lock"}:
            shutil.rmtree(paths.folder, ignore_errors=True)


def stage(paths: Paths, file: Path, secret: str | None, key_file: Path | None = None) -> Staged | Refused:
    """Unpack a backup and examine it; the record is only looked at.

    `key_file` is a copy of the key of the desk that made it. OSError, VaultError, RecordError: it cannot be done.
    """
    try:
        facts = container.read_facts(file)
        settings = _settings(paths)
        if refused := _foreign(facts, settings):
            return refused
        inner = Paths(paths.folder / f"{_STAGE}{secrets.token_hex(4)}")
        inner.folder.mkdir(mode=FOLDER_MODE)
        with os.fdopen(os.open(inner.database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as target:
            facts, sealed = container.unpack(file, target)
        opened = _opened(inner, facts, _keys(paths, facts, key_file), secret)
        if isinstance(opened, Refused):
            return opened
        key, kept_as = opened
        _write_beside(inner, container.open_beside(sealed, facts, key))
        with backup.reading(inner.database, key) as view:
            found = backup.examine(view)
            if (found.schema, found.events, found.head) != (facts.schema, facts.events, facts.head):
                return _refused(BackupFault.DAMAGED)
            first = next(iter(journal.between(view, 0, 1)))
            last_at = moment.minute(backup.last_at(view))
        try:
            settings = settings or read_settings(inner)
        except SettingsError:
            return _refused(BackupFault.DAMAGED)
        began = (first.data.get("unit"), first.data.get("practice")) if first.kind == OfficeEvent.CENTRE_OPENED else ()
        if began != (settings.unit, settings.practice):
            return _refused(BackupFault.DAMAGED)
    except BackupError as error:
        return _refused(error.fault)
    except RecordError as error:
        if error.fault not in {RecordFault.DAMAGED, RecordFault.WRONG_KEY}:
            raise
        return _refused(BackupFault.DAMAGED)
    here = _here(paths, secret, inner, key)
    mine = vault.key_file(paths)
    same = mine.exists() and mine.read_bytes() == kept_as
    if not same:
        _write(vault.key_file(inner), kept_as)
    return Staged(paths, inner, facts, last_at, settings, key, same, here)


def is_open(paths: Paths) -> bool:
    """Say whether somebody has the record open."""
    try:
        with door(paths), backup.alone(paths.database):
            return False
    except RecordError:
        return True


def put_in_place(staged: Staged, now: datetime) -> Path | None:
    """Put a staged record in the place of the one that is there, and return where that lies now.

    RecordError BUSY: it is open somewhere; OSError: the disk refuses. The old record stands then as it was.
    """
    place, stage_ = staged.place, staged.paths
    for end in backup.files_of(stage_.database)[1:]:
        if end.exists() and end.stat().st_size:
            raise RecordError(RecordFault.OTHER, "not folded in")
        end.unlink(missing_ok=True)
    _sync_files(stage_.folder)
    old = [path for path in backup.files_of(place.database) if path.exists()]
    if not staged.same_key_file and vault.key_file(place).exists():
        old.append(vault.key_file(place))
    with door(place), backup.alone(place.database):
        aside = _aside(place, now) if old else None
        moved: list[tuple[Path, Path]] = []
        try:
            if aside is not None:
                _move(((path, aside / path.name) for path in old), moved)
                sync_folder(aside)
                sync_folder(place.folder)
            _move(_new(stage_.folder, place.folder), moved)
            sync_folder(place.folder)
            # From here on it is the record.
            stage_.database.replace(place.database)
        except OSError:
            _move_back(moved, aside)
            raise
        sync_folder(place.folder)
    return aside


def _new(stage_: Path, place: Path) -> Iterator[tuple[Path, Path]]:
    """Yield what the place lacks of a stage, the database left out; what is there is newer and stays."""
    for path in sorted(stage_.rglob("*")):
        target = place / path.relative_to(stage_)
        if path.is_file() and path.name != "desk.db" and not os.path.lexists(target):
            target.parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
            yield path, target


def _move(ways: Iterable[tuple[Path, Path]], moved: list[tuple[Path, Path]]) -> None:
    for source, target in ways:
        source.replace(target)
        moved.append((source, target))


def _move_back(moved: list[tuple[Path, Path]], aside: Path | None) -> None:
    for source, target in reversed(moved):
        with suppress(OSError):
            target.replace(source)
    if aside is not None:
        with suppress(OSError):
            aside.rmdir()


def _aside(place: Paths, now: datetime) -> Path:
    stem = f"{ASIDE}{now.astimezone(moment.VN):%Y%m%d-%H%M%S}"
    number, folder = 1, place.folder / stem
    while os.path.lexists(folder):
        number += 1
        folder = place.folder / f"{stem}-{number}"
    folder.mkdir(mode=FOLDER_MODE)
    return folder


def _settings(paths: Paths) -> CentreSettings | None:
    """Return the settings of the place; None where there are none yet."""
    return read_settings(paths) if paths.settings.exists() else None


def _foreign(facts: Facts, settings: CentreSettings | None) -> Refused | None:
    """Say why a backup is not for this desk, as far as its facts tell."""
    if settings is not None and settings.database:
        text = _("Trung tâm này dùng máy chủ PostgreSQL: phục hồi trên máy chủ, không bằng lệnh này.")
        return Refused("server_database", text, "data")
    if settings is not None and facts.unit != settings.unit:
        text = _("Bản sao của đơn vị {given}, thư mục này là của đơn vị {kept}: không phục hồi.")
        return Refused("other_unit", text.format(given=facts.unit, kept=settings.unit), "file")
    if settings is not None and facts.practice != settings.practice:
        was = _("Bản sao của một trung tâm thực hành, ở đây là sổ thật: không phục hồi.")
        live = _("Bản sao của sổ thật, ở đây là một trung tâm thực hành: không phục hồi.")
        return Refused("other_mode", was if facts.practice else live, "file")
    if facts.schema > HEADS[Side.DESK]:
        text = _("Bản sao do phiên bản phần mềm mới hơn tạo ra: hãy cập nhật phần mềm rồi phục hồi.")
        return Refused("newer_schema", text, "file")
    return None


def _refused(fault: BackupFault) -> Refused:
    sentences = {
        BackupFault.NOT_A_BACKUP: _("Tệp này không phải bản sao lưu của phần mềm, hoặc đã bị cắt mất phần cuối."),
        BackupFault.NEWER_FORMAT: _(
            "Bản sao do phiên bản phần mềm mới hơn tạo ra: hãy cập nhật phần mềm rồi phục hồi."
        ),
        BackupFault.DAMAGED: _("Bản sao bị hỏng hoặc bị sửa: không phục hồi. Hãy dùng một bản sao khác."),
    }
    return Refused(fault.value, sentences[fault], "file")


def _keys(paths: Paths, facts: Facts, key_file: Path | None) -> list[bytes]:
    """Return the contents of the key files that may open a backup, the likeliest first."""
    found = [] if key_file is None else [key_file.read_bytes()]
    if vault.key_file(paths).exists():
        found.append(vault.key_file(paths).read_bytes())
    if facts.key:
        found.append(facts.key.encode())
    return list(dict.fromkeys(found))


def _opened(inner: Paths, facts: Facts, keys: list[bytes], secret: str | None) -> tuple[bytes, bytes] | Refused:
    """Return the key that opens a copy, with the content of its file; VaultError where a passphrase is wanted."""
    faults = []
    for kept_as in keys:
        try:
            key = vault.key_in(kept_as, secret)
        except VaultError as error:
            faults.append(error.fault)
            continue
        try:
            with backup.reading(inner.database, key) as view:
                backup.standing(view)
        except RecordError:
            continue
        return key, kept_as
    for fault in (VaultFault.LOCKED, VaultFault.NOT_OPENED):
        if fault in faults:
            raise VaultError(fault)
    if facts.key:
        return _refused(BackupFault.DAMAGED)
    text = _("Bản sao này không tự mang khóa: cần tệp desk.key của máy đã làm ra nó (--key).")
    return Refused("no_key", text, "key")


def _here(paths: Paths, secret: str | None, inner: Paths, key: bytes) -> Here:
    """Hold the record that is there, if it can be read, against the backup."""
    if not paths.database.exists():
        return Here(exists=False)
    try:
        if not paths.database.stat().st_size:
            return Here(exists=True)
        engine = open_engine(sqlite_url(paths.database), vault.open_key(paths, secret))
        try:
            with engine.connect() as record, backup.reading(inner.database, key) as view:
                backup.examine(record)
                return Here(exists=True, difference=compare(record, view))
        finally:
            engine.dispose()
    except (VaultError, RecordError, DBAPIError, OSError):
        return Here(exists=True)


def _write_beside(inner: Paths, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        folder, _slash, last = name.rpartition("/")
        if folder in {"", "messages"} and is_safe_name(last) and last != "desk.db":
            (inner.folder / folder).mkdir(mode=FOLDER_MODE, exist_ok=True)
            _write(inner.folder / name, data)


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as stream:
        stream.write(data)


def _sync_files(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_dir():
            sync_folder(path)
            continue
        handle = os.open(path, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sweep(paths: Paths) -> None:
    for folder in paths.folder.glob(f"{_STAGE}*"):
        shutil.rmtree(folder, ignore_errors=True)
