"""Random histories of a centre, and a second, plain way to count them."""

from __future__ import annotations

import random
from collections import Counter as Bag
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import text

from db import dossiers
from db.rows import DossierRow
from db.vocabulary import OPEN_STATES, Act, ApplicantKind, Channel, ReturnWay, State
from desk.counter.correction import Correction
from desk.counter.model import ClosedDay, Done, PersonInput, Refused
from desk.rules.text import fold
from tests.counter.desk_fixture import (
    BIRTH,
    CLERK,
    COPIES,
    HEAD,
    LAND,
    LODGING,
    MARITAL,
    SWITCHED_OFF,
    UNKNOWN_LIMIT,
    Desk,
)

PROCEDURES = (COPIES, COPIES, BIRTH, MARITAL, MARITAL, LAND, LAND, LODGING, UNKNOWN_LIMIT, SWITCHED_OFF)
CASES = ("", "", "phải xác minh", "chỉ đăng ký", "vùng khó khăn", "nhiều loại/nhiều trang/phức tạp")
LIKELY: Mapping[State, tuple[Act, ...]] = MappingProxyType(
    {
        State.REGISTERED: (Act.RECEIVE, Act.RECEIVE, Act.RECEIVE, Act.SUPPLEMENT, Act.DECLINE),
        State.RECEIVED: (
            Act.FORWARD, Act.FORWARD, Act.SUPPLEMENT, Act.OBLIGATION, Act.FINISH, Act.VARIANT, Act.RESCHEDULE,
            Act.REFUSE, Act.CORRECT, Act.VOID,
        ),
        State.PROCESSING: (
            Act.FINISH, Act.HANDED_BACK, Act.SUPPLEMENT, Act.OBLIGATION, Act.RESCHEDULE, Act.VARIANT, Act.WITHDRAW,
            Act.STOP,
        ),
        State.SUPPLEMENT: (Act.SUPPLEMENTED, Act.SUPPLEMENTED, Act.SUPPLEMENTED, Act.STOP, Act.REFUSE),
        State.OBLIGATION: (Act.SETTLED, Act.SETTLED, Act.SETTLED, Act.REFUSE),
        State.FINISHED: (Act.RETURN, Act.SET_CODE, Act.CORRECT),
    }
)  # fmt: skip
"""What an office would do next; anything else is tried as well."""
FIRST_ACTS = (Act.RECEIVE, Act.RECEIVE, Act.RECEIVE, Act.RECEIVE, Act.REGISTER, Act.SUPPLEMENT, Act.DECLINE)
NAMES = ("Nguyễn Đức Thịnh", "Đỗ Đức Mạnh", "Đặng Văn Ỷ", "Lê Thị Hoa")
ENDED = frozenset({State.STOPPED, State.FINISHED, State.RETURNED})

Standing = tuple[str, str, str, str]
"""Phase (absent, open, ended, voided), procedure, channel or `taken_over`, verdict."""

NOBODY: Standing = ("absent", "", "", "")


def standing_of(row: DossierRow) -> Standing:
    """Return what a stored row is to a report."""
    if not row.accepted:
        return NOBODY
    way = "taken_over" if row.taken_over else Channel(row.channel).name.lower()
    if row.state == State.VOIDED:
        return ("voided", row.procedure_code, way, "")
    if row.state in OPEN_STATES:
        return ("open", row.procedure_code, way, "")
    assert row.state in ENDED
    return ("ended", row.procedure_code, way, row.verdict)


def recount(before: Mapping[int, Standing], after: Mapping[int, Standing]) -> Bag[tuple[str, str]]:
    """Count the net change of every dossier, (procedure, counter)."""
    found: Bag[tuple[str, str]] = Bag()
    for number, (phase, procedure, way, verdict) in after.items():
        old_phase, old_procedure, _way, old_verdict = before.get(number, NOBODY)
        gone = verdict if phase == "ended" else "voided"
        match old_phase, phase:
            case "absent", "open":
                found[procedure, way] += 1
            case "absent", "ended":
                found[procedure, way] += 1
                found[procedure, verdict] += 1
            case "open", "ended" | "voided":
                found[procedure, gone] += 1
            case "open", "absent":
                found[old_procedure, "voided"] += 1
            case ("ended", "open") | ("voided", "open"):
                found[procedure, "reopened"] += 1
            case ("ended", "voided") | ("voided", "ended"):
                found[procedure, "reopened"] += 1
                found[procedure, gone] += 1
            case "ended", "ended" if verdict != old_verdict:
                found[procedure, "reopened"] += 1
                found[procedure, verdict] += 1
            case "ended", "absent":
                found[old_procedure, "reopened"] += 1
                found[old_procedure, "voided"] += 1
    return found


FLOWS = frozenset(
    {"online", "direct", "post", "taken_over", "reopened", "early", "on_time", "overdue", "voided", "handed_over"}
    | {"moved_in", "moved_out"}
)


def counted(rows: Mapping[str, Mapping[str, int]]) -> Bag[tuple[str, str]]:
    """Return the flows of a file in the same shape."""
    return Bag({(code, name): n for code, line in rows.items() for name, n in line.items() if name in FLOWS and n})


@dataclass
class History:
    """A centre driven by dice; `steps` tells what was tried, for the message of a failure."""

    desk: Desk
    rng: random.Random
    codes: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    states: dict[str, State] = field(default_factory=dict)
    standings: dict[int, dict[int, Standing]] = field(default_factory=dict)
    promises: dict[str, Any] = field(default_factory=dict)
    head: int = 1

    def run(self, length: int) -> None:
        self._look()
        for _step in range(length):
            self._advance()
            dice = self.rng.random()
            if not self.codes or dice < 0.2:
                self._arrive()
            elif dice < 0.9:
                self._do()
            else:
                self.close()

    def _advance(self) -> None:
        minutes = self.rng.choices((0, 1, 5, 11, 60, 240, 480, 1440, 7200), (8, 4, 4, 6, 6, 6, 4, 4, 1))[0]
        self.desk.clock.advance(minutes=minutes * self.rng.random())

    def _arrive(self) -> None:
        rng, desk = self.rng, self.desk
        soon = desk.clock.now + timedelta(hours=rng.randrange(-5, 200))
        procedure, case = rng.choice(PROCEDURES), rng.choice(CASES)
        common: dict[str, Any] = {
            "variant": case,
            "channel": rng.choice(list(Channel)),
            "official_code": f"H31.65-260313-{rng.randrange(6):04d}" if rng.random() < 0.1 else "",
            "promise": soon if procedure == UNKNOWN_LIMIT or rng.random() < 0.05 else None,
        }
        if rng.random() < 0.15:
            earlier = f"{desk.clock.now - timedelta(days=rng.randrange(1, 60)):%Y-%m-%dT%H:%M}"
            self._tell(desk.try_take_over(earlier, procedure, **common), f"take_over {procedure} {earlier}")
            return
        act = rng.choice(FIRST_ACTS)
        back = timedelta(days=rng.randrange(4)) if rng.random() < 0.2 else None
        order = desk.order(
            procedure,
            rng.choice(NAMES),
            act=act,
            reason=rng.choice(("", "thiếu giấy")),
            id_number=f"04218000{rng.randrange(4):04d}",
            kind=rng.choice(list(ApplicantKind)),
            received_at=None if back is None else desk.clock.now - back,
            **common,
        )
        answer = desk.counter.receive(order)
        self._tell(answer, f"{act} {procedure} {case}")
        if isinstance(answer, Done) and rng.random() < 0.1:
            assert desk.counter.receive(order) == answer
            self._unchanged()

    def _do(self) -> None:
        rng, desk = self.rng, self.desk
        code = rng.choice(self.codes[-6:])
        likely = LIKELY.get(self.states[code], (Act.UNDO,))
        act = rng.choices((rng.choice(likely), Act.UNDO, rng.choice(tuple(Act))), (5, 2, 2))[0]
        action = desk.action(
            code,
            act,
            officer_id=rng.choice((HEAD, HEAD, CLERK, None)),
            reason=rng.choice(("", "có lý do", "có lý do", "có lý do")),
            to=desk.clock.now + timedelta(minutes=30 * rng.randrange(400)) if rng.random() < 0.8 else None,
            holder=rng.choice(("", "Địa chính", "Tư pháp")),
            official_code=f"H31.65-260313-{rng.randrange(6):04d}",
            variant=rng.choice(CASES),
            override=rng.choice(("", "có căn cứ")),
            collector=rng.choice(("", "Chính chủ")),
            way=rng.choice(list(ReturnWay)),
            correction=self._corrected() if act is Act.CORRECT else None,
        )
        answer = desk.counter.act(action)
        self._tell(answer, f"{act} {code[-6:]}")
        if isinstance(answer, Done) and rng.random() < 0.1:
            assert desk.counter.act(action) == answer
            self._unchanged()

    def _corrected(self) -> Correction:
        rng = self.rng
        person = PersonInput(rng.choice(NAMES), rng.choice(list(ApplicantKind)), f"04218000{rng.randrange(4):04d}")
        return Correction(person, components=rng.choice(((), ("Tờ khai",))), note=rng.choice(("", "gấp")))

    def close(self) -> None:
        day = None
        if self.rng.random() < 0.3:
            day = self.desk.clock.now.date() - timedelta(days=self.rng.randrange(6))
        shown = self.desk.counter.close_preview(day)
        answer = self.desk.counter.close(day, HEAD)
        self.steps.append(f"{self.desk.clock.now:%m-%d %H:%M} close {day}: {type(answer).__name__}")
        if isinstance(answer, Refused):
            assert answer.reason == "nothing_to_close", answer
            assert isinstance(shown, Refused)
            self._unchanged()
            return
        assert not isinstance(shown, Refused)
        assert shown.balanced
        last = answer[-1]
        assert (shown.day, shown.seq, shown.totals) == (last.day, last.seq, last.totals)
        self._sealed(answer)

    def _sealed(self, days: Sequence[ClosedDay]) -> None:
        new = [each for each in days if not each.already]
        assert len(new) in {0, len(days)}
        if not new:
            self._unchanged()
            return
        kinds = [event.kind for event in self.desk.events()[self.head :]]
        assert kinds == ["day_closed"] * len(new)
        for seq in range(self.head + 1, self.head + len(new) + 1):
            self.standings[seq] = self.standings[self.head]
        self.head += len(new)

    def _tell(self, answer: Done | Refused, what: str) -> None:
        told = "done" if isinstance(answer, Done) else answer.reason
        self.steps.append(f"{self.desk.clock.now:%m-%d %H:%M} {what}: {told}")
        if isinstance(answer, Refused):
            assert answer.sentence
            self._unchanged()
            return
        assert answer.seq == self.head + 1
        self.states[answer.code] = answer.state
        if answer.code not in self.codes:
            self.codes.append(answer.code)
        self._look(answer)

    def _unchanged(self) -> None:
        assert self.desk.ask("SELECT max(seq) FROM journal_event") == self.head

    def _look(self, answer: Done | None = None) -> None:
        """Note where every dossier stands, and hold the changed one against what must always be so."""
        head = self.desk.ask("SELECT max(seq) FROM journal_event")
        found = dict(self.standings.get(self.head, {}))
        if answer is not None:
            assert head == self.head + 1
            row = self.desk.row(answer.code)
            self._sane(row, answer)
            found[row.id] = standing_of(row)
        self.head = head
        self.standings[head] = found

    def _sane(self, row: DossierRow, answer: Done) -> None:
        assert (row.state, row.promise) == (answer.state, answer.promise)
        assert row.last_seq == answer.seq
        is_open, ended = row.accepted and row.state in OPEN_STATES, row.accepted and row.state in ENDED
        assert bool(row.verdict) == ended
        assert (row.received_at is not None) == (row.promise is not None) == row.accepted
        if is_open:
            waiting = row.state in {State.SUPPLEMENT, State.OBLIGATION}
            assert (row.suspended_since is not None) == waiting
            assert (row.ended_at, row.outcome) == (None, "")
        if row.accepted:
            assert self.promises.setdefault(row.code, row.first_promise) == row.first_promise
        else:
            self.promises.pop(row.code, None)
        assert (row.state == State.RETURNED) <= (row.returned_at is not None)

    def check(self) -> None:
        """Hold everything against everything at the end of the history."""
        desk = self.desk
        assert desk.disagreeing() == []
        assert desk.counter.verify_journal() is None
        for code in self.codes:
            view = desk.counter.dossier(code)
            assert view is not None
            assert all(len(line) <= 80 for line in desk.counter.why(view.id))
            assert isinstance(desk.counter.receipt(view.id), Refused) == (view.received_at is None)
            assert view.id in {row.id for row in desk.counter.find(fold(view.applicant))}
        with desk.records.reading() as found:
            slips = found.connection.execute(
                text("SELECT form, year, count(*), max(number) FROM issued_slip GROUP BY 1, 2")
            )
            for _form, _year, number, last in slips:
                assert number == last
            used = found.connection.execute(text("SELECT sum(last) FROM counter WHERE series LIKE 'code/%'")).scalar()
            rows = dossiers.by_ids(found.connection, range(1, 1000))
        assert (used or 0) == len(rows) == len(self.codes)
