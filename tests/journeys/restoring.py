"""A commune and its province on disk, a stick between them, and backups that are brought back."""

from __future__ import annotations

import copy
import random
import shutil
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from db.vocabulary import Act, Channel
from desk import vault
from desk.bootstrap import Desk, make_centre, open_centre
from desk.counter.model import Action, ClosedDay, Done, PersonInput, Receive, Refused
from desk.counter.resetting import ResetOrder, SealedBreak
from desk.daily.model import Receipt
from desk.province.service import Province, open_province
from desk.rules import moment
from desk.settings import CentreSettings, Paths

UNIT, HEAD = "18229", 1
PROCEDURES = ("1.004873", "1.013978", "2.000815")


@dataclass
class Town:
    """A practice centre whose exchange folder is a stick, and the province that reads the stick."""

    base: Path
    now: datetime = field(default_factory=lambda: moment.parse("2026-03-13T08:00"))
    name: str = "desk"
    _clients: int = 0

    def __post_init__(self) -> None:
        self.stick.mkdir(parents=True, exist_ok=True)
        self.province = self._province()
        with self.made() as desk:
            self.province.enrol(UNIT, desk.public_key().line())

    @property
    def stick(self) -> Path:
        return self.base / "stick"

    @property
    def paths(self) -> Paths:
        return Paths(self.base / self.name)

    def clock(self) -> datetime:
        return self.now

    def _province(self) -> Province:
        province = open_province(self.base / "tinh", self.clock, create=True)
        province.init(practice=True)
        return province

    def made(self) -> Opened:
        """Set up a new centre in the data folder."""
        settings = CentreSettings(UNIT, "Xã Đức Thọ", practice=True, folder=str(self.stick))
        made = make_centre(self.paths, settings, officer="Lê Thị Hoa", now=self.now)
        assert isinstance(made, Desk), made
        return Opened(self, made)

    def opened(self) -> Opened:
        """Open the centre as the program does."""
        found = open_centre(self.paths, now=self.now)
        assert isinstance(found, Desk), found
        return Opened(self, found)

    def backup(self) -> dict[str, bytes]:
        """Return the record and its key as a backup keeps them."""
        with self.opened() as desk, desk.desk.context.records.writing() as work:
            work.connection.exec_driver_sql("SELECT 1")
        return {path.name: path.read_bytes() for path in (self.paths.database, vault.key_file(self.paths))}

    def restore(self, kept: dict[str, bytes], *, folders: bool) -> None:
        """Put a backup in the place of the record; without `folders` on a new PC, which has nothing else."""
        settings = self.paths.settings.read_bytes()
        if not folders:
            shutil.rmtree(self.paths.folder)
            self.paths.folder.mkdir()
            self.paths.settings.write_bytes(settings)
        for path in self.paths.folder.glob("desk.db*"):
            path.unlink()
        for name, data in kept.items():
            (self.paths.folder / name).write_bytes(data)

    def next_day(self, days: int = 1) -> None:
        self.now = (self.now + timedelta(days=days)).replace(hour=8, minute=0)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def ingest(self) -> list[tuple[int | None, str, str | None]]:
        """Let the province read the stick."""
        answers = self.province.ingest([self.stick])
        receipts: list[Receipt] = [each.receipt for each in answers if each.receipt is not None]
        return [(each.seq, each.status.value, each.reason) for each in receipts]


@dataclass
class Opened:
    """An open centre of a town."""

    town: Town
    desk: Desk

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_error: object) -> None:
        self.desk.close()

    def public_key(self) -> Any:
        return self.desk.public_key()

    def receive(self, number: int = 1, rng: random.Random | None = None) -> list[Done]:
        """Take some dossiers in."""
        return [self._receive((rng or random.Random(number)).choice(PROCEDURES)) for _each in range(number)]

    def _receive(self, procedure: str) -> Done:
        self.town._clients += 1
        order = Receive(
            client_id=f"client-{self.town._clients}",
            procedure=procedure,
            channel=Channel.DIRECT,
            applicant=PersonInput("Nguyễn Văn Thịnh"),
            officer_id=HEAD,
        )
        done = self.desk.counter.receive(order)
        assert isinstance(done, Done), done
        return done

    def finish(self, code: str) -> None:
        self.town._clients += 1
        order = Action(client_id=f"client-{self.town._clients}", code=code, act=Act.FINISH, officer_id=HEAD)
        done = self.desk.counter.act(order)
        assert isinstance(done, Done), done

    def close(self) -> list[tuple[date, int]]:
        """Close today and return the days and numbers of what was sealed."""
        closed = self.desk.counter.close(officer_id=HEAD)
        assert not isinstance(closed, Refused), closed
        found: tuple[ClosedDay, ...] = closed
        return [(each.day, each.seq) for each in found]

    def refused(self) -> str:
        closed = self.desk.counter.close(officer_id=HEAD)
        assert isinstance(closed, Refused), closed
        return closed.reason

    def sync(self) -> dict[int, tuple[str, str]]:
        """Go by the stick, take in what came of it, and return how far each file has come by number."""
        self.desk.post.run()
        self.desk.counter.take_in()
        return {each.seq: (each.state, each.reason) for each in self.desk.counter.outgoing(1000)}

    def reset(self, reason: str = "ổ đĩa hỏng") -> SealedBreak:
        sealed = self.desk.counter.resets.make(ResetOrder(HEAD, reason))
        assert isinstance(sealed, SealedBreak), sealed
        return copy.copy(sealed)
