"""What one transaction knows of the units whose files it takes in: asked for all of them at once, written together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time

from msgspec import Struct
from sqlalchemy import Connection

from db import province_taking, provinces
from db.province_taking import NewFigures, Stand
from db.provinces import HELD, FileRow, GivenReceipt, KeyRow, UnitRow
from desk.daily.container import Unreadable, open_container
from desk.daily.model import DailyFile
from desk.daily.reset import read_reset
from desk.daily.sshsig import SigningKey
from desk.rules.moment import VN
from desk.rules.tally import STOCK


class Standing(Struct):
    """Where a unit stands within the transaction.

    `kept` and `size` are of today's files; `waiting` the hashes of what waits for a place beyond the chain's end;
    `stock` what the last file left open by procedure, None after one that was refused.
    """

    unit: UnitRow
    kept: int
    size: int
    waiting: dict[int, str]
    stock: Mapping[str, int] | None


class Books:
    """The units, keys, files and receipts of one transaction; `write` them before it is committed.

    `key` signs the receipts, `now` is the province's clock. What is told of here in advance is asked for once: the
    `units` are locked together, and only then is anything read that depends on them.
    """

    def __init__(
        self,
        connection: Connection,
        key: SigningKey,
        now: datetime,
        *,
        units: Collection[str] = (),
        fingerprints: Collection[str] = (),
        digests: Collection[str] = (),
    ) -> None:
        self._connection = connection
        self.key = key
        self.now = now
        self._digests = digests
        self._standings: dict[str, Standing] = {}
        self._files: dict[tuple[str, str], FileRow] = {}
        self._dailies: dict[str, DailyFile] = {}
        self._figures: list[NewFigures] = []
        self._receipts: list[GivenReceipt] = []
        self._given: dict[str, GivenReceipt] = {}
        self._moved: dict[str, Standing] = {}
        self._read(units)
        self._keys = province_taking.keys_of(connection, fingerprints)

    @property
    def connection(self) -> Connection:
        """The transaction, for what is seldom asked: all that was told here so far is in it."""
        self.write()
        return self._connection

    def key_of(self, fingerprint: str) -> KeyRow | None:
        """Return a key that was told of in advance, as it is on the list now."""
        return self._keys.get(fingerprint)

    def standing(self, unit: str) -> Standing | None:
        """Return where a unit stands; it is locked. None where it is not enrolled."""
        if unit not in self._standings:
            self._read([unit])
        return self._standings.get(unit)

    def given(self, digest: str) -> GivenReceipt | None:
        """Return the newest receipt for a file that was told of in advance."""
        return self._given.get(digest)

    def keep(self, standing: Standing, file: FileRow, daily: DailyFile | None = None) -> None:
        """Keep a new file with its bytes; one that is held waits for its place."""
        self._files[file.unit, file.sha256] = file
        if daily is not None:
            self._dailies[file.sha256] = daily
        if file.status == HELD and file.seq is not None:
            standing.waiting[file.seq] = file.sha256
        standing.kept += 1
        standing.size += len(file.content)

    def settle(self, standing: Standing, file: FileRow) -> None:
        """Write the number, status and reason of a kept file."""
        if (file.unit, file.sha256) in self._files:
            self._files[file.unit, file.sha256] = file
        else:
            provinces.settle_file(self._connection, file)
        if file.status != HELD and file.seq is not None and standing.waiting.get(file.seq) == file.sha256:
            del standing.waiting[file.seq]

    def file_of(self, standing: Standing, digest: str) -> FileRow:
        """Return a kept file of a unit."""
        new = self._files.get((standing.unit.unit, digest))
        return new or provinces.file_of(self._connection, standing.unit.unit, digest)

    def waiting_at(self, standing: Standing, seq: int) -> FileRow | None:
        """Return the file that waits for a place beyond the chain's end."""
        digest = standing.waiting.get(seq)
        return None if digest is None else self.file_of(standing, digest)

    def daily_of(self, file: FileRow) -> DailyFile:
        """Return what a kept daily file says."""
        known = self._dailies.get(file.sha256)
        return known or DailyFile.from_payload(payload_of(file.content))

    def merge(self, daily: DailyFile) -> None:
        """Count the figures of a file."""
        self._figures.append(NewFigures(daily.unit, daily.seq, daily.date, daily.rows))

    def give(self, receipt: GivenReceipt) -> None:
        """Give a receipt."""
        self._receipts.append(receipt)
        self._given[receipt.receipt_for] = receipt

    def move(self, standing: Standing) -> None:
        """Write where a unit stands now."""
        self._moved[standing.unit.unit] = standing

    def write(self) -> None:
        """Write everything that is not in the transaction yet."""
        province_taking.write(
            self._connection,
            self._files.values(),
            self._figures,
            self._receipts,
            [each.unit for each in self._moved.values()],
        )
        self._files, self._figures, self._receipts, self._moved = {}, [], [], {}

    def _read(self, codes: Collection[str]) -> None:
        """Lock units and read where they stand, and the receipts of files only now that nobody else may give one."""
        connection = self.connection
        rows = province_taking.lock_units(connection, codes) if codes else {}
        if self._digests:
            self._given = provinces.latest_receipts(connection, self._digests)
        if not rows:
            return
        midnight = datetime.combine(self.now.astimezone(VN).date(), time(), VN)
        kept = province_taking.kept_since(connection, rows, midnight)
        stands = province_taking.stands(connection, rows, STOCK)
        for code, row in rows.items():
            number, size = kept.get(code, (0, 0))
            stand = stands[code]
            self._standings[code] = Standing(row, number, size, stand.waiting, self._stock(row, stand))

    def _stock(self, row: UnitRow, stand: Stand) -> Mapping[str, int] | None:
        if row.last_seq == 0:
            return {}
        if not stand.merged:
            return None
        if stand.day is None:  # a reset has no figures, and says itself what is open
            return read_reset(provinces.file_of(self._connection, row.unit, stand.sha256).content).stock
        return stand.stock


def payload_of(content: bytes) -> dict[str, object]:
    """Return what signed bytes say that were verified before."""
    parts = open_container(content)
    if isinstance(parts, Unreadable):
        raise ValueError(parts.reason)
    return dict(parts.payload())
