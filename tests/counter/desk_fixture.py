"""An open centre for tests: a settable clock, a record copied from a template, and short ways to its use cases."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from sqlalchemy import text

from db import dossiers, journal, offices, projection, summaries
from db.engine import open_engine, sqlite_url
from db.journal import Event
from db.rows import DossierRow
from db.schema import ensure
from db.steps import Side
from db.summaries import SealedFile
from db.unit import Records
from db.vocabulary import Act, Channel, Role
from desk.counter import starting
from desk.counter.context import Context
from desk.counter.correction import Correction, Kept
from desk.counter.model import Action, Centre, ClosedDay, CloseView, Done, PersonInput, Receive, Refused, TakeOver
from desk.counter.outgoing import Outbox
from desk.counter.service import Counter
from desk.rules import moment

KEY = b"k" * 32
UNIT, NAME = "18229", "Xã Đức Thọ"
HEAD, CLERK = 1, 2
"""Officers of the template: the head of the centre and a clerk."""

OPENED = "2026-03-12T07:30"

COPIES = "2.000815"
"""Certified copies: same day, with a case that adds two working days."""
BIRTH = "1.001193"
"""Registration of birth: same day."""
MARITAL = "1.004873"
"""Certificate of marital status: 3 working days; `phải xác minh` 23 calendar days."""
LAND = "1.013978"
"""First land certificate: 20 working days, with two cases."""
LODGING = "2.001159"
"""Notice of lodging: 1 working hour."""
UNKNOWN_LIMIT = "2.000286"
"""A procedure whose limit nobody has sourced."""
SWITCHED_OFF = "3.000439"
"""In the catalogue, but not switched on at a commune."""

PERSON_FIELDS = ("name", "kind", "id_number", "phone", "email", "address")

OFFICIAL = "H31.65-260313-0001"
OTHER_OFFICIAL = "H31.65-260313-0002"

WRITTEN = (
    "dossier", "journal_event", "person", "remark", "counter", "issued_slip", "fee_receipt", "cash_close",
    "cash_opening", "call_made", "daily_file", "outbox", "receipt",
    "search_words_docsize", "search_parts_docsize", "officer",
)  # fmt: skip


def at(written: str) -> datetime:
    """Return an instant in Viet Nam from `2026-03-13T09:12`."""
    return moment.parse(written)


@dataclass
class Clock:
    """A clock that stands where it is put."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def set(self, written: str) -> None:
        self.now = at(written)

    def advance(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@dataclass
class Desk:
    """An open centre under test."""

    path: Path
    records: Records
    context: Context
    counter: Counter
    clock: Clock
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def client(self) -> str:
        """Return a client id that was not used before."""
        return f"client-{next(self._numbers):06d}"

    def order(self, procedure: str = MARITAL, name: str = "Nguyễn Đức Thịnh", **more: Any) -> Receive:
        """Return an order to receive, with the person's fields and the order's own by name."""
        person = {key: more.pop(key) for key in PERSON_FIELDS if key in more}
        values = {"client_id": self.client(), "channel": Channel.DIRECT, "officer_id": HEAD, **more}
        return Receive(procedure=procedure, applicant=PersonInput(name, **person), **values)

    def try_receive(self, procedure: str = MARITAL, name: str = "Nguyễn Đức Thịnh", **more: Any) -> Done | Refused:
        return self.counter.receive(self.order(procedure, name, **more))

    def receive(self, procedure: str = MARITAL, name: str = "Nguyễn Đức Thịnh", **more: Any) -> Done:
        return done(self.try_receive(procedure, name, **more))

    def try_take_over(self, received_at: str, procedure: str = MARITAL, **more: Any) -> Done | Refused:
        values = {"client_id": self.client(), "channel": Channel.DIRECT, "officer_id": HEAD, **more}
        person = PersonInput("Trần Thị Cũ", id_number="042170001234")
        return self.counter.take_over(
            TakeOver(procedure=procedure, applicant=person, received_at=at(received_at), **values)
        )

    def take_over(self, received_at: str, procedure: str = MARITAL, **more: Any) -> Done:
        return done(self.try_take_over(received_at, procedure, **more))

    def action(self, code: str, act: Act, **more: Any) -> Action:
        return Action(**{"client_id": self.client(), "code": code, "act": act, "officer_id": HEAD, **more})

    def try_act(self, code: str, act: Act, **more: Any) -> Done | Refused:
        return self.counter.act(self.action(code, act, **more))

    def act(self, code: str, act: Act, **more: Any) -> Done:
        return done(self.try_act(code, act, **more))

    def correction(self, code: str, **changes: Any) -> Correction:
        """Return a dossier as it is kept now, with other values for fields of its applicant or of its own by name."""
        found = self.counter.to_correct(self.row(code).id, HEAD)
        assert isinstance(found, Kept), found
        theirs = {key: changes.pop(key) for key in PERSON_FIELDS if key in changes}
        return dataclasses.replace(found.now, applicant=replace(found.now.applicant, **theirs), **changes)

    def try_correct(self, code: str, reason: str = "gõ nhầm", **changes: Any) -> Done | Refused:
        order = self.correction(code, **changes)
        return self.try_act(code, Act.CORRECT, reason=reason, correction=order)

    def correct(self, code: str, reason: str = "gõ nhầm", **changes: Any) -> Done:
        return done(self.try_correct(code, reason, **changes))

    def preview(self, day: date | None = None) -> CloseView:
        found = self.counter.close_preview(day)
        assert isinstance(found, CloseView), found
        return found

    def close(self, day: date | None = None) -> tuple[ClosedDay, ...]:
        found = self.counter.close(day, HEAD)
        assert isinstance(found, tuple), found
        return found

    def files(self) -> list[SealedFile]:
        with self.records.reading() as view:
            return summaries.files(view.connection)

    def row(self, code: str) -> DossierRow:
        with self.records.reading() as view:
            found = dossiers.by_code(view.connection, code)
        assert found is not None
        return found

    def events(self) -> list[Event]:
        with self.records.reading() as view:
            return list(journal.between(view.connection, 0, journal.head(view.connection).seq))

    def events_of(self, code: str) -> list[Event]:
        number = self.row(code).id
        with self.records.reading() as view:
            return journal.of_dossier(view.connection, number)

    def sql(self, statement: str, **given: Any) -> None:
        """Change the record behind the program's back."""
        with self.records.writing() as work:
            work.connection.execute(text(statement), given)
            work.commit()

    def ask(self, question: str, **given: Any) -> Any:
        with self.records.reading() as view:
            return view.connection.execute(text(question), given).scalar()

    def contents(self) -> str:
        """Return a hash of everything that a use case can write."""
        found = hashlib.sha256()
        with self.records.reading() as view:
            for table in WRITTEN:
                for row in view.connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1"):
                    found.update(repr((table, *row)).encode())
        return found.hexdigest()

    @contextmanager
    def nothing_written(self) -> Iterator[None]:
        """Fail if anything is written inside."""
        before = self.contents()
        yield
        assert self.contents() == before

    def disagreeing(self) -> list[str]:
        """Return the codes of the dossiers whose row is not what the journal says."""
        with self.records.reading() as view:
            number = int(view.connection.execute(text("SELECT coalesce(max(id), 0) FROM dossier")).scalar_one())
            ids = range(1, number + 1)
            rows, histories = dossiers.by_ids(view.connection, ids), journal.of_dossiers(view.connection, ids)
        return [rows[each].code for each in ids if projection.differences(rows[each], projection.fold(histories[each]))]


def done(answer: Done | Refused) -> Done:
    """Return an answer that must be a success."""
    assert isinstance(answer, Done), answer
    return answer


def refused(answer: object, reason: str) -> Refused:
    """Return an answer that must be a refusal for this reason, with a whole sentence."""
    assert isinstance(answer, Refused), answer
    assert answer.reason == reason, answer
    assert len(answer.sentence) > 8
    assert "{" not in answer.sentence
    return answer


def scratch() -> Path:
    """Return a new folder in memory where there is one: a commit is durable by contract, and slow on a disk."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="desk-", dir=memory if memory.is_dir() else None))


def open_record(path: Path) -> Records:
    """Open a record with the tests' key."""
    return Records(open_engine(sqlite_url(path), KEY))


def make_record(path: Path, *, practice: bool, now: datetime, unit: str = UNIT) -> None:
    """Make the record of a new centre."""
    engine = open_engine(sqlite_url(path), KEY)
    ensure(engine, Side.DESK)
    records = Records(engine)
    with records.writing() as work:
        starting.fill(work, Centre(unit, NAME, practice=practice), "Lê Thị Hoa", now)
        offices.add_officer(work.connection, "Phạm Văn Tư", Role.CLERK, now)
        work.commit()
    records.close()


@functools.cache
def template(*, practice: bool, opened: str, unit: str = UNIT) -> bytes:
    """Return the bytes of the record of a centre opened at that instant, made once; each has a key of its own."""
    folder = scratch()
    path = folder / "template.db"
    make_record(path, practice=practice, now=at(opened), unit=unit)
    found = path.read_bytes()
    path.unlink()
    folder.rmdir()
    return found


def open_desk(
    path: Path,
    *,
    practice: bool = True,
    now: str = "2026-03-13T09:12",
    opened: str = OPENED,
    unit: str = UNIT,
    desk: int = 1,
    post: Outbox | None = None,
    clock: Clock | None = None,
) -> Desk:
    """Open the centre at `path`, made from the template if it is not there yet."""
    if not path.exists():
        path.write_bytes(template(practice=practice, opened=opened, unit=unit))
    records = open_record(path)
    clock = clock or Clock(at(now))
    context = Context(Centre(unit, NAME, desk=desk, practice=practice), records, clock)
    return Desk(path, records, context, Counter(context, post), clock)
