"""Made-up communes whose daily files are counted by the real tally and sealed by the real code."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import psycopg
import sqlcipher3.dbapi2 as sqlite
from msgspec import Struct

from db.vocabulary import Channel, Judgement
from desk.daily.build import Sealed, build, daily_name, seal_daily
from desk.daily.container import NS_DAILY, NS_PRACTICE, Json, seal, sha256
from desk.daily.model import DailyFile, JournalSpan
from desk.daily.sshsig import SigningKey
from desk.province.service import Province, open_province
from desk.province.where import server_of
from desk.rules.moment import VN
from desk.rules.tally import ABSENT, Change, Open, Phase, Standing, Tally, stock_of, tally

UNIT, OTHER = "18229", "00004"
MONDAY = date(2026, 3, 2)
PROCEDURES = ("2.000815", "1.001193", "1.004227", "1.000656")


def at(day: date, hour: int = 17, minute: int = 5) -> datetime:
    """Return an instant of a day in Viet Nam."""
    return datetime.combine(day, time(hour, minute), VN)


class Centre:
    """One commune with its key and its chain of files."""

    def __init__(self, unit: str = UNIT, *, seed: int = 1, practice: bool = False) -> None:
        self.unit = unit
        self.practice = practice
        self.key = SigningKey.from_seed(random.Random(f"{unit}{seed}").randbytes(32))
        self.files: list[Sealed] = []
        self._rng = random.Random(seed)
        self._open: dict[str, Standing] = {}
        self._names = 0
        self._events = 0

    @property
    def key_line(self) -> str:
        """The public key as a `.pub` file has it."""
        return self.key.public.line("quầy 1") + "\n"

    def close(self, day: date, **changed: Any) -> Sealed:
        """Work for a day, close it, and keep the file as the last of the chain; `changed` header fields go in."""
        carried = stock_of(self.files[-1].daily.rows) if self.files else {}
        figures = self._work(carried)
        before, self._events = self._events, self._events + 7
        header: dict[str, Any] = {
            "unit": self.unit,
            "unit_name": "Xã Hương Khê",
            "installation": self.key.public.fingerprint,
            "practice": self.practice,
            "date": day,
            "seq": len(self.files) + 1,
            "prev": self.files[-1].sha256 if self.files else None,
            "journal": JournalSpan(before, self._events, sha256(str(self._events).encode())),
            "as_of": at(day),
            "created": at(day),
            "app": "0.1.0",
            "catalogue": "2026-03",
            "calendar": "2026",
            **changed,
        }
        sealed = seal_daily(build(figures, carried, **header), self.key)
        self.files.append(sealed)
        return sealed

    def reseed(self, seed: int) -> None:
        """Live another life from now on."""
        self._rng = random.Random(seed)

    def replace_last(
        self, changed: Mapping[str, Json], *, key: SigningKey | None = None, namespace: str = ""
    ) -> Sealed:
        """Put another signed payload in the place of the last file, whatever it says; the next file follows it."""
        self.files[-1] = self.forged(self.files[-1].daily, changed, key=key, namespace=namespace)
        return self.files[-1]

    def forged(
        self, daily: DailyFile, changed: Mapping[str, Json], *, key: SigningKey | None = None, namespace: str = ""
    ) -> Sealed:
        """Sign a changed payload of a file."""
        usual = NS_PRACTICE if self.practice else NS_DAILY
        data = seal({**daily.payload(), **changed}, key or self.key, namespace or usual)
        return Sealed(daily, data, sha256(data), daily_name(daily, sha256(data)))

    def _work(self, carried: Mapping[str, int]) -> Tally:
        changes = []
        for name, standing in list(self._open.items()):
            if self._rng.random() < 0.5:
                del self._open[name]
                verdict = self._rng.choice(list(Judgement))
                changes.append(Change(name, standing, Standing(Phase.ENDED, standing.procedure, verdict=verdict)))
        for _each in range(self._rng.randrange(1, 6)):
            self._names += 1
            standing = Standing(Phase.OPEN, self._rng.choice(PROCEDURES), self._rng.choice(list(Channel)))
            self._open[f"d{self._names}"] = standing
            changes.append(Change(f"d{self._names}", ABSENT, standing))
        stock = [Open(name, standing.procedure, self._rng.random() < 0.9) for name, standing in self._open.items()]
        return tally(carried, changes, stock)


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def sqlite_file() -> str:
    """Return the address of a new province's database where none is named: its own file."""
    return ""


new_database: Callable[[], str] = sqlite_file
"""Gives the address of a database for a new province; the fixture `database` changes it."""


def made_province(
    folder: Path,
    clock: Callable[[], datetime],
    *centres: Centre,
    practice: bool = False,
    database: Callable[[], str] | None = None,
) -> Province:
    """Set up a province and enrol some communes; on a new database of the module's, where none is named."""
    province = open_province(folder, clock, create=True, url=(database or new_database)())
    province.init(practice=practice)
    for centre in centres:
        province.enrol(centre.unit, centre.key_line)
    return province


class Tables(Struct, frozen=True):
    """What a province holds, apart from its receipts and its clock."""

    figures: frozenset[tuple[object, ...]]
    files: frozenset[tuple[object, ...]]
    units: frozenset[tuple[object, ...]]


def query(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    """Read a province's database from outside; never by another SQLite library, which would break its locks.

    What a server gives is as SQLite has it: days as text, in the order of the statement.
    """
    if address := server_of(folder):
        with psycopg.connect(address) as server:
            found_rows = server.execute(statement.encode())
            return [] if found_rows.description is None else [tuple(map(_plain, row)) for row in found_rows]
    connection = sqlite.connect(str(folder / "province.db"))
    try:
        found: list[tuple[Any, ...]] = connection.execute(statement).fetchall()
        connection.commit()
    finally:
        connection.close()
    return found


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def tables(folder: Path) -> Tables:
    """Read a province's tables from outside."""
    return Tables(
        frozenset(query(folder, "select unit, seq, procedure, counter, day, value from province_figure")),
        frozenset(query(folder, "select unit, sha256, seq, day, status, reason, content from province_file")),
        frozenset(query(folder, "select unit, go_live, last_seq, last_sha256, last_head from province_unit")),
    )


def rejected(folder: Path) -> dict[str, tuple[str, int]]:
    """Read what was set aside: reason and times by hash."""
    rows = query(folder, "select sha256, reason, times from province_rejection")
    return {sha: (reason, times) for sha, reason, times in rows}
