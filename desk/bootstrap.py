"""The one place where settings, key, engine, record, clock, counter and transports are put together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from msgspec import Struct

from db import summaries
from db.engine import open_engine, sqlite_url
from db.errors import RecordError, RecordFault
from db.schema import ensure
from db.steps import Side
from db.unit import Records
from desk import reference, vault
from desk.beside import Beside
from desk.clock import system_clock
from desk.counter import starting
from desk.counter.context import Clock, Context
from desk.counter.model import Centre, Refused
from desk.counter.service import Counter
from desk.daily.sshsig import PublicKey
from desk.draft import DraftStore
from desk.keeping.door import door
from desk.mornings import Mornings
from desk.settings import CentreSettings, Paths, make_folder, read_settings, write_settings
from desk.sync.configured import ways_of
from desk.sync.post import Post
from desk.words import _

FIRST_OFFICER = "Cán bộ 1"
"""The name in the record of a first officer who gave none."""


def fixed_clock(now: datetime) -> Clock:
    """Return a clock that stands still, for practice."""
    return lambda: now


class Desk(Struct, frozen=True):
    """An open centre."""

    paths: Paths
    settings: CentreSettings
    context: Context
    counter: Counter
    post: Post
    drafts: DraftStore | None
    mornings: Mornings
    beside: Beside
    close: Callable[[], None]

    def public_key(self) -> PublicKey:
        """Return the key that the centre's daily files are verified with."""
        with self.context.records.reading() as view:
            found = summaries.signing_key(view.connection)
        if found is None:
            raise RecordError(RecordFault.DAMAGED, "signing_key")
        return PublicKey.parse(found.public_key)


def make_centre(
    paths: Paths,
    settings: CentreSettings,
    *,
    officer: str = "",
    passphrase: str | None = None,
    now: datetime | None = None,
) -> Desk | Refused:
    """Set up a centre in an empty data folder and open it; refused if there is one already, or what is left of one.

    What fails leaves nothing behind, so that it can be done again.
    """
    if paths.settings.exists():
        return Refused("exists", _("Thư mục này đã có một trung tâm."), "data")
    if vault.key_file(paths).exists() or paths.database.exists():
        sentence = _("Thư mục này còn khóa hoặc cơ sở dữ liệu của một trung tâm: phục hồi nó hoặc chọn thư mục khác.")
        return Refused("exists", sentence, "data")
    unit = reference.admin_units().get(settings.unit)
    if unit is None:
        return Refused("unknown_unit", _("Không có đơn vị cấp xã mã {code}.").format(code=settings.unit), "unit")
    if not 1 <= settings.desk <= 9:
        return Refused("bad_desk", _("Số quầy từ 1 đến 9."), "desk")
    if now is not None and not settings.practice:
        return Refused("now_in_live_centre", _("Chỉ trung tâm thực hành mới đặt được giờ (--now)."), "now")
    make_folder(paths.folder)
    try:
        return _make(paths, settings, officer or FIRST_OFFICER, passphrase, now)
    except BaseException:
        _clear(paths)
        raise


def _make(paths: Paths, settings: CentreSettings, officer: str, passphrase: str | None, now: datetime | None) -> Desk:
    key = None if settings.database else vault.make_key(paths, passphrase)
    context = _context(settings, _records(paths, settings, key), now)
    try:
        with context.records.writing() as work:
            starting.fill(work, context.centre, officer, context.now())
            work.commit()
        write_settings(paths, settings)
    except BaseException:
        context.records.close()
        raise
    return _desk(paths, settings, context, key)


def _clear(paths: Paths) -> None:
    """Take away the files of a centre that could not be made."""
    database = paths.database
    for path in (paths.settings, vault.key_file(paths), database, *database.parent.glob(f"{database.name}-*")):
        path.unlink(missing_ok=True)


def open_centre(paths: Paths, *, passphrase: str | None = None, now: datetime | None = None) -> Desk | Refused:
    """Open the centre of a data folder; SettingsError, VaultError and RecordError say why it cannot be."""
    settings = read_settings(paths)
    if now is not None and not settings.practice:
        return Refused("now_in_live_centre", _("Chỉ trung tâm thực hành mới đặt được giờ (--now)."), "now")
    if not settings.database and not paths.database.exists():
        raise RecordError(RecordFault.MISSING, str(paths.database))
    if not settings.database and _is_emptied(paths):
        raise RecordError(RecordFault.DAMAGED, str(paths.database))
    key = None if settings.database else vault.open_key(paths, passphrase)
    with door(paths):
        records = _records(paths, settings, key)
    context = _context(settings, records, now)
    with context.records.reading() as view:
        other = starting.other_centre(view, context.centre)
    if other is not None:
        context.records.close()
        return other
    desk = _desk(paths, settings, context, key)
    desk.counter.take_in()
    with suppress(OSError):  # what the outbox folder lacks waits for the next opening; the counter does not
        desk.counter.queue()
    return desk


def open_beside(paths: Paths, settings: CentreSettings, staged: Paths, key: bytes, now: datetime | None) -> Desk:
    """Open a record that is not in its place yet, with the outbox of the data folder it is for."""
    return _desk(paths, settings, _context(settings, _records(staged, settings, key), now), key)


def _is_emptied(paths: Paths) -> bool:
    """Say whether the database was cut to nothing: opened as it is, it would pass for a centre without dossiers."""
    wal = paths.database.with_name(f"{paths.database.name}-wal")
    return paths.database.stat().st_size == 0 and not (wal.exists() and wal.stat().st_size)


def post_of(paths: Paths, settings: CentreSettings, clock: Clock = system_clock) -> Post:
    """Return the way of sealed files, which needs no database and no passphrase."""
    ways = ways_of(paths, settings)
    return Post(paths, settings.unit, settings.practice, settings.folder, clock, ways)


def _records(paths: Paths, settings: CentreSettings, key: bytes | None) -> Records:
    engine = open_engine(settings.database or sqlite_url(paths.database), key)
    ensure(engine, Side.DESK)
    return Records(engine)


def _context(settings: CentreSettings, records: Records, now: datetime | None) -> Context:
    centre = Centre(settings.unit, settings.name, settings.desk, settings.agency, settings.practice)
    return Context(centre, records, system_clock if now is None else fixed_clock(now))


def _desk(paths: Paths, settings: CentreSettings, context: Context, key: bytes | None) -> Desk:
    post = post_of(paths, settings, context.clock)
    drafts = None if key is None else DraftStore(paths.folder / "draft.json", key)
    mornings = Mornings(paths.folder / f"morning-{settings.desk}")
    beside = Beside(paths.folder, settings.desk)
    close = context.records.close
    return Desk(paths, settings, context, Counter(context, post), post, drafts, mornings, beside, close)
