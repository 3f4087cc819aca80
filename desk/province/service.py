"""The services of a province: its key, its units, its inbox, its figures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace
from sqlalchemy import Connection

from db import province_taking, provinces
from db.engine import open_engine, sqlite_url
from db.errors import RecordError
from db.provinces import GivenReceipt
from db.schema import ensure
from db.steps import Side
from db.unit import Records
from desk import reference
from desk.daily.container import sha256
from desk.daily.model import Receipt
from desk.daily.published import Content, Notice, Published
from desk.daily.sshsig import SigningKey
from desk.daily.successors import PublishedKey
from desk.daily.units import PublishedUnits
from desk.province import counting, enrolling, inbox, keys, phone, resetting, retiring, ring, taking, where
from desk.province.certificate import ServerCertificate, own_certificate
from desk.province.communes import known_communes, reporting_name, require_known
from desk.province.inbox import Seen
from desk.province.model import (
    Answer,
    Enrolled,
    Identity,
    MessageView,
    PeriodReport,
    ProvinceError,
    ProvinceFault,
    ProvinceStatus,
    ResetView,
    Taken,
)
from desk.province.phone import Acknowledged
from desk.province.publishing import Publications, message_views
from desk.province.reading import Reader
from desk.province.retiring import Retired, UnitKey
from desk.province.ring import KeyRing
from desk.province.writing import written
from desk.rules.moment import VN
from desk.settings import Paths, make_folder

T = TypeVar("T")

DATABASE, INBOX = "province.db", "inbox"
_PAGE = 30
"""How many receipts are sent at once: some 13 seconds of a line of 9.6 kbit/s."""


def open_province(folder: Path, clock: Callable[[], datetime], *, create: bool = False, url: str = "") -> Province:
    """Open the province of a data folder; with `create` an empty folder will do, `url` names a database server for it.

    ProvinceError: not set up, the folder is a commune's or its province has another database. RecordError for the
    database, SettingsError for the province's settings.
    """
    kept = where.server_of(folder)
    if create:
        if Paths(folder).settings.exists():
            raise ProvinceError(ProvinceFault.DESK_FOLDER, str(folder))
        if url and url != kept and (kept or (folder / DATABASE).exists()):
            raise ProvinceError(ProvinceFault.OTHER_DATABASE, str(folder))
        make_folder(folder)
    elif not (folder / keys.PRIVATE).exists():
        raise ProvinceError(ProvinceFault.NOT_INIT, str(folder))
    server = kept or (url if create else "")
    engine = open_engine(server or sqlite_url(folder / DATABASE))
    try:
        ensure(engine, Side.PROVINCE)
    except RecordError:
        engine.dispose()
        raise
    return Province(Records(engine), clock, folder, server)


class Province:
    """All that a province does; every method opens its own transaction, so several processes may work at once.

    RecordError may come out of every method: nothing was written then.
    """

    def __init__(self, records: Records, clock: Callable[[], datetime], folder: Path, server: str = "") -> None:
        self._records = records
        self._server = server
        self._clock = clock
        self._folder = folder
        self._ring = KeyRing(folder, records, clock)
        self.publications = Publications(folder)
        self._practice: bool | None = None

    @property
    def folder(self) -> Path:
        """The province's data folder."""
        return self._folder

    @property
    def inbox(self) -> Path:
        """The folder that is ingested when no other is named."""
        return self._folder / INBOX

    @property
    def spool(self) -> Path | None:
        """The folder of the SFTP server, if communes come by one; it is ingested with the inbox. SettingsError."""
        return where.spool_of(self._folder)

    def use_spool(self, path: Path, *, keep: bool = True) -> None:
        """Take in what an SFTP server receives in a folder; without `keep` only say whether that can be.

        ProvinceError NO_SPOOL, SPOOL_INSIDE (the data folder).
        """
        if not path.is_dir():
            raise ProvinceError(ProvinceFault.NO_SPOOL, str(path))
        if path.resolve().is_relative_to(self._folder.resolve()):
            raise ProvinceError(ProvinceFault.SPOOL_INSIDE, str(path))
        if keep:
            where.keep_spool(self._folder, path.absolute())

    @property
    def practice(self) -> bool:
        """Whether this province takes practice files, and only those; ProvinceError NOT_INIT."""
        if self._practice is None:
            with self._records.reading() as view:
                found = provinces.setting(view.connection, "practice")
            if found is None:
                raise ProvinceError(ProvinceFault.NOT_INIT, str(self._folder))
            self._practice = found == "1"
        return self._practice

    def init(self, *, practice: bool = False) -> Identity:
        """Make the province's key and publish it; ProvinceError ALREADY or DATABASE_TAKEN if there is one at work."""
        with self._records.reading() as view:
            if provinces.setting(view.connection, "practice") is not None:
                own = (self._folder / keys.PRIVATE).exists()
                raise ProvinceError(ProvinceFault.ALREADY if own else ProvinceFault.DATABASE_TAKEN, str(self._folder))
        # Before the database is this province's: one that is cut short here is begun again.
        if self._server:
            where.keep_server(self._folder, self._server)
        key = keys.make_key(self._folder)

        def write(connection: Connection) -> None:
            if provinces.setting(connection, "practice") is not None:
                raise ProvinceError(ProvinceFault.ALREADY, str(self._folder))
            provinces.put_setting(connection, "practice", "1" if practice else "0")
            provinces.put_setting(connection, "public_key", key.public.line())

        self._write(write)
        self.inbox.mkdir(exist_ok=True)
        for place in (self._folder, self.inbox):
            keys.publish(place, key.public)
        self._write_signers()
        return self.identity()

    def identity(self) -> Identity:
        """Return the province's public key."""
        public = self._signer().public
        return Identity(public.fingerprint, keys.public_line(public), self.practice)

    def enrol(self, unit: str, key_line: str, go_live: date | None = None) -> Enrolled:
        """Put a unit's key on the list; the unit's other keys stay valid until they are retired.

        `go_live` is the first day a report is expected for; without it, that of the first merged file.
        ProvinceError: BAD_KEY, UNKNOWN_UNIT, KEY_ELSEWHERE (another unit's or the province's own), STARTED (another
        go-live than the one at work).
        """
        key = keys.unit_key(key_line)
        name = reporting_name(unit, self.published())
        if name is None:
            raise ProvinceError(ProvinceFault.UNKNOWN_UNIT, unit)
        if key in self._ring.publics():
            raise ProvinceError(ProvinceFault.KEY_ELSEWHERE, keys.PRINCIPAL)
        work = partial(enrolling.enrol, unit=unit, name=name, key=key, go_live=go_live, now=self._clock())
        enrolled = self._write(work)
        self._write_signers()
        return enrolled

    def unit_keys(self, unit: str) -> tuple[UnitKey, ...]:
        """Return a unit's keys, oldest first; ProvinceError NOT_ENROLLED."""
        with self._records.reading() as view:
            return retiring.unit_keys(view.connection, unit)

    def retire(self, seen: Retired) -> Retired:
        """Retire the key or the unit that was shown; ProvinceError where it is overtaken by what came since."""
        work = partial(
            retiring.retire_key if seen.fingerprint else retiring.retire_unit,
            seen=seen,
            key=self._signer(),
            now=self._clock(),
        )
        found = self._write(work, locking=True)
        self._write_signers()
        return found

    def look_at_key(self, unit: str, fingerprint: str, last_seq: int | None = None) -> Retired:
        """Return what ends with a key; ProvinceError NOT_ENROLLED, NO_SUCH_KEY, KEY_AT_WORK."""
        with self._records.reading() as view:
            return retiring.look_at_key(view.connection, unit, fingerprint, last_seq)

    def look_at_unit(self, unit: str, last_day: date | None) -> Retired:
        """Return what ends with a unit's last day; ProvinceError NOT_ENROLLED, BEFORE_GO_LIVE, REPORTED_AFTER."""
        with self._records.reading() as view:
            return retiring.look_at_unit(view.connection, unit, last_day)

    def take(self, data: bytes) -> Taken:
        """Take the bytes of one file in, in one transaction; the same bytes again get the same receipt again."""
        (taken,) = self._take_together([data])
        return taken

    def take_all(self, files: Sequence[bytes]) -> list[Taken]:
        """Take several files in, in one transaction; where that fails each is tried by itself, in order."""
        return self._take_together(files)

    def _take_together(self, files: Sequence[bytes]) -> list[Taken]:
        digests = [sha256(data) for data in files]
        with self._records.reading() as view:
            given = provinces.latest_receipts(view.connection, digests)
            unknown = [data for data, digest in zip(files, digests, strict=True) if digest not in given]
            claimed = [taking.fingerprint_of(data) for data in unknown]
            rows = province_taking.keys_of(view.connection, {each for each in claimed if each is not None})
        key, practice, now = self._signer(), self.practice, self._clock()
        # Before the transaction, which others wait for: the signatures take longest.
        new = [
            taking.opened(data, fingerprint, rows.get(fingerprint or ""), practice=practice)
            for data, fingerprint in zip(unknown, claimed, strict=True)
        ]
        work = partial(taking.take_together, new=new, key=key, now=now, practice=practice)
        try:
            taken = iter(self._write(work, locking=True) if new else ())
        except (RecordError, ValueError):
            if len(new) == 1:
                raise
            taken = iter([self.take(each.data) for each in new])
        return [taking.given_before(given[digest]) if digest in given else next(taken) for digest in digests]

    def latest(self, receipt_for: str) -> tuple[bytes, Receipt] | None:
        """Return the newest receipt for a file, as signed and as read."""
        with self._records.reading() as view:
            given = provinces.latest_receipt(view.connection, receipt_for)
        return None if given is None else (self._ring.fresh(given.content), taking.read_receipt(given.content))

    def receipts(self, unit: str, after: int = 0) -> tuple[bytes, ...]:
        """Return the newest receipts of a unit's files as signed, those numbered above `after`, a page of them."""
        with self._records.reading() as view:
            found = provinces.receipts_after(view.connection, unit, after, _PAGE)
        return tuple(self._ring.fresh(each.content) for each in found)

    def acknowledged(self, unit: str, day: date | None = None, most: int = 5) -> tuple[Acknowledged, ...]:
        """Return what to read out over the phone of a unit's files: those of a day, else the newest few, by number.

        ProvinceError NOT_ENROLLED for a strange unit.
        """
        signer = self._signer()
        with self._records.reading() as view:
            return phone.acknowledged(view.connection, signer, unit, day, most)

    def certificate(self, names: Collection[str] = ()) -> ServerCertificate:
        """Return what the server shows, made if it is not there: for these names of the machine.

        ProvinceError BAD_CERTIFICATE if what is there is none.
        """
        return own_certificate(self._folder, names, self._clock())

    def ingest(self, paths: Sequence[Path] = (), seen: Seen | None = None) -> tuple[Answer, ...]:
        """Take in files and folders (without any the inbox and the spool) and write receipts beside the files.

        `seen` is the memory of one who comes again and again: what was merged before and lies there unchanged is
        neither opened nor answered for.
        OSError where a path is not there or cannot be listed, before anything is taken.
        """
        places = tuple(paths) or tuple(place for place in (self.inbox, self.spool) if place is not None)
        for path in places:
            inbox.reach(path)
        return inbox.Ingest(self.take_all, self._latest, self._publish_into, seen).run(places)

    def publish(self, content: Content, unit: str = "") -> Published:
        """Sign something and publish it, for all units or for one.

        ProvinceError NOT_ENROLLED for a strange unit, NOT_NEWER for a version that no desk would take, OTHER_COMMUNE,
        NOT_PUBLISHABLE; OSError.
        """
        if unit:
            with self._records.reading() as view:
                if provinces.unit(view.connection, unit) is None:
                    raise ProvinceError(ProvinceFault.NOT_ENROLLED, unit)
        if isinstance(content, PublishedUnits):
            require_known(content, known_communes(self.published()))
        found = self.publications.publish(content, unit, self._signer(), self._ring.publics())
        self._publish_into(self.inbox)
        return found

    def change_key(self, first: date | None = None, until: date | None = None) -> Published:
        """Publish the next key, signed by the one in use: it signs from `first`, the old one is taken through `until`.

        ProvinceError KEY_WAITS, BAD_KEY_DAYS, OSError. What was cut short before is gone on with.
        """
        told = [each.content for each in self.published() if isinstance(each.content, PublishedKey)]
        begun = ring.waiting(self._ring.own(), told)
        if begun is not None:
            self._ring.adopt(begun)
        content = self._ring.successor(first, until)
        found = self.publish(content)
        self._ring.adopt(content)
        self._write_signers()
        return found

    def messages(self) -> tuple[MessageView, ...]:
        """Return the units' messages, oldest first, with the number of the publication that answers each."""
        with self._records.reading() as view:
            kept = provinces.messages(view.connection)
            names = {row.unit: row.name for row in provinces.units(view.connection)}
        return message_views(kept, names, self.published())

    def answer(self, start: str, text: str) -> Published:
        """Answer the message whose SHA-256 begins so; ProvinceError NO_SUCH_MESSAGE where none or several do."""
        found = [each for each in self.messages() if start and each.sha256.startswith(start)]
        if len(found) != 1:
            raise ProvinceError(ProvinceFault.NO_SUCH_MESSAGE, start)
        return self.publish(Notice(text, self._clock(), found[0].sha256), found[0].unit)

    def published(self) -> tuple[Published, ...]:
        """Return everything that was published, by number."""
        return self.publications.all(self._ring.publics())

    def reset(self, unit: str) -> ResetView:
        """Return a unit's reset that waits for a decision; ProvinceError NOT_ENROLLED or NO_RESET."""
        with self._records.reading() as view:
            return resetting.look(view.connection, resetting.waiting(view.connection, unit))

    def accept_reset(self, seen: ResetView) -> ResetView:
        """Let a unit's chain go on from the reset that was shown; ProvinceError NO_RESET where it is overtaken."""
        key, now = self._signer(), self._clock()
        work = partial(resetting.accept, unit=seen.unit, sha256=seen.sha256, key=key, now=now)
        return self._write(work, locking=True)

    def refuse_reset(self, seen: ResetView, note: str) -> ResetView:
        """Refuse the reset that was shown, and what is behind it; ProvinceError NO_RESET where it is overtaken."""
        key, now = self._signer(), self._clock()
        work = partial(resetting.refuse, unit=seen.unit, sha256=seen.sha256, note=note, key=key, now=now)
        return self._write(work, locking=True)

    def status(self, day: date | None = None) -> ProvinceStatus:
        """Return who has reported up to a day, today without one."""
        practice = self.practice
        wanted = day or self._clock().astimezone(VN).date()
        with self._records.reading() as view:
            return counting.status(view.connection, wanted, reference.calendar(), practice=practice)

    def report(self, first: date, last: date, units: Collection[str] | None = None) -> PeriodReport:
        """Return II.06a over the merged files of a period, both days included.

        ProvinceError NOT_ENROLLED for a unit that is not on the list.
        """
        return self.reader().report(first, last, units or ())

    def reader(self) -> Reader:
        """Return what the office reads by; ProvinceError NOT_INIT."""
        return Reader(self._records, self._clock, practice=self.practice)

    def close(self) -> None:
        """Give back every connection."""
        self._records.close()

    def _publish_into(self, place: Path, public: bool = False) -> None:
        """Put the key and what is published into a folder, `public` readable for everybody; OSError."""
        key = self._signer().public
        keys.publish(place, key, public=public)
        self.publications.copy_into(place, key, public=public)

    def _latest(self, digests: Collection[str]) -> Mapping[str, GivenReceipt]:
        with self._records.reading() as view:
            found = provinces.latest_receipts(view.connection, digests)
        return {digest: replace(each, content=self._ring.fresh(each.content)) for digest, each in found.items()}

    def _signer(self) -> SigningKey:
        """Return the province's key of today, held against the one its database knows."""
        return self._ring.signer()

    def _write_signers(self) -> None:
        practice = self.practice
        with self._records.reading() as view:
            rows = provinces.keys(view.connection)
        keys.write_signers(self._folder, self._ring.own(), rows, practice=practice)

    def _write(self, work: Callable[[Connection], T], *, locking: bool = False) -> T:
        """Do one transaction, again where another one stood in its way; `locking` if it locks its unit first."""
        return written(self._records, work, locking=locking)
