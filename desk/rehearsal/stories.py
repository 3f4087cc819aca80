"""The way of one made-up dossier through the office, told act by act.

A story is a generator: it yields what somebody does and when, and is sent what came of it, so that a promise given by
the desk decides what happens next.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from msgspec import Struct

from db.vocabulary import Act, ApplicantKind, Channel, LimitUnit, PayMethod, ReturnWay
from desk.counter.model import Action, Done, PersonInput, Receive, TakeOver
from desk.reference import Procedure
from desk.rehearsal import words
from desk.rehearsal.hours import Hours
from desk.rehearsal.mix import CERTIFICATION, DEPARTMENTS, LAND, OTHER_DEPARTMENTS, Fate, can_have
from desk.rehearsal.people import MadeUpPerson
from desk.rehearsal.till import is_recent
from desk.rules.terms import applicant_term

_LONG_COPY = 25
"""Pages from which copies are a matter of days, not hours."""
_CODED = {Channel.DIRECT: 0.45, Channel.ONLINE: 0.97, Channel.POST: 0.3}
"""Share of dossiers that come with an official code."""


class Planned(Struct, frozen=True):
    """What somebody will do, and when."""

    at: datetime
    order: Receive | TakeOver | Action


Telling = Generator[Planned, Done, None]
Step = Generator[Planned, Done, Done]


@dataclass
class Office:
    """Where the stories take place: the hours, who works there, which official codes the portal has given out."""

    hours: Hours
    head: int
    clerks: tuple[int, ...]
    agency: str
    now: datetime
    takes_fees: bool = True
    codes: dict[date, int] = field(default_factory=dict)

    def official_code(self, day: date) -> str:
        """Return the next code of a portal; no real commune has the number 999."""
        self.codes[day] = self.codes.get(day, 0) + 1
        return f"{self.agency}.999-{day:%y%m%d}-{self.codes[day]:04d}"


class Case(Struct, frozen=True):
    """A dossier before it is filed."""

    random: Random
    procedure: Procedure
    channel: Channel
    fate: Fate
    arrival: datetime
    person: MadeUpPerson
    helper: MadeUpPerson | None = None

    @property
    def at_once(self) -> bool:
        """Say whether the result is usually given while the citizen waits."""
        return self.procedure.field == CERTIFICATION and self.procedure.limit_unit is LimitUnit.SAME_DAY


class Story:
    """One dossier's way; the methods are its chapters, in the order in which they can come."""

    def __init__(self, office: Office, case: Case) -> None:
        self.office = office
        self.hours = office.hours
        self.case = case
        self.random = case.random
        self.at = case.arrival
        self.code = ""
        self.promise = case.arrival
        self.holder = ""
        self.is_long = False
        self.has_code = False

    def tell(self) -> Telling:
        """Tell the dossier's way from filing to the day somebody fetches the result."""
        accepted = yield from self.come_in()
        if accepted and self.case.at_once and not self.is_long:
            yield from self.at_once()
        elif accepted:
            yield from self.routed()

    def taken_over(self, received: datetime, old_code: str) -> Telling:
        """Tell the way of a dossier that was open when the centre began."""
        order = TakeOver(
            self._client(), self.case.procedure.code, self.case.channel, self.case.person.given(), received,
            old_code=old_code, officer_id=self.office.head,
        )  # fmt: skip
        yield from self._hear(Planned(self.at, order))
        yield from self.routed()

    def come_in(self) -> Generator[Planned, Done, bool]:
        """File the dossier; True once it is accepted."""
        case, fate = self.case, self.case.fate
        if case.channel is Channel.ONLINE and (self._is_out_of_hours() or self.random.random() < 0.85):
            yield from self.file(Act.REGISTER)
            if fate is Fate.DECLINED:
                yield from self._do(self._soon(), Act.DECLINE, reason=self._one(words.DECLINED))
                return False
            if fate is not Fate.EARLY_SUPPLEMENT:
                yield from self._accept(Act.RECEIVE, self._soon())
                return True
            yield from self._do(self._soon(), Act.SUPPLEMENT, reason=self._one(words.MISSING))
        elif fate is Fate.DECLINED:
            yield from self.file(Act.DECLINE, reason=self._one(words.DECLINED))
            return False
        elif fate is Fate.EARLY_SUPPLEMENT:
            yield from self.file(Act.SUPPLEMENT, reason=self._one(words.MISSING))
        else:
            yield from self.file(Act.RECEIVE, **self._acceptance())
            return True
        if self.random.random() < 0.15:
            return False
        yield from self._accept(Act.SUPPLEMENTED, self._days(1, 6))
        return True

    def at_once(self) -> Telling:
        """Certify while the citizen waits; what came late in the day may wait until the next."""
        fate = self.case.fate
        overnight = self.promise.date() > self.at.date() and self.random.random() < 0.5
        done_at = self._days(1, 1) if overnight else self.hours.later(self.at, self.random.randint(4, 35))
        if fate is Fate.VOIDED:
            yield from self._do(done_at, Act.VOID, reason=self._one(words.VOIDED))
        elif fate is Fate.WITHDRAWN:
            yield from self._do(done_at, Act.WITHDRAW, reason=self._one(words.WITHDRAWN))
        else:
            yield from self.finish(done_at)
            yield from self.give_back()

    def routed(self) -> Telling:
        """Send the dossier to those who work on it, through whatever is in its way, and give the result."""
        fate, wait = self.case.fate, self.random.random
        if not self.has_code and wait() < 0.6:
            yield from self.official_code()
        if fate is Fate.VOIDED:
            yield from self._do(self._soon(), Act.VOID, reason=self._one(words.VOIDED))
            return
        if wait() < (0.5 if self.case.procedure.limit_unit is LimitUnit.SAME_DAY else 0.92):
            yield from self.forward()
        standing = yield from self._obstacles()
        if not standing:
            return
        if self.holder and wait() < 0.6:
            yield from self._do(self._share(0.5, 0.8), Act.HANDED_BACK)
        yield from self.finish(self._share(0.3, 0.99))
        yield from self.give_back()

    def official_code(self) -> Step:
        """Write down the code that the portal has given."""
        at = self.hours.later(self.at, self.random.randint(5, 40))
        return (yield from self._do(at, Act.SET_CODE, official_code=self.office.official_code(self.at.date())))

    def forward(self) -> Step:
        """Send the dossier to the department of its field, or to the next one."""
        places = DEPARTMENTS.get(self.case.procedure.field, OTHER_DEPARTMENTS)
        self.holder = places[1] if self.holder == places[0] else places[0]
        return (yield from self._do(self._share(0.04, 0.12), Act.FORWARD, holder=self.holder))

    def supplement(self, *, override: str = "") -> Step:
        """Ask for what is missing; a second time only the head may."""
        officer = self.office.head if override else None
        at = self._share(0.1, 0.4)
        reason = self._one(words.MISSING)
        return (yield from self._do(at, Act.SUPPLEMENT, officer=officer, reason=reason, override=override))

    def oblige(self) -> Step:
        """Wait for the citizen to pay what the tax office says."""
        return (yield from self._do(self._share(0.4, 0.6), Act.OBLIGATION))

    def finish(self, at: datetime) -> Telling:
        """Sign the result, late where that is the dossier's fate."""
        if self.case.fate is Fate.LATE:
            at = self.hours.days_on(self.random, max(at, self.promise), self.random.randint(1, 4))
        yield from self._do(at, Act.FINISH)
        if self.case.fate is Fate.UNDONE:
            yield from self._do(self.at + timedelta(minutes=self.random.randint(1, 6)), Act.UNDO)
            yield from self._do(self.hours.later(self.at, self.random.randint(15, 60)), Act.FINISH)

    def give_back(self) -> Telling:
        """Hand the result over, unless nobody comes for it."""
        if self.case.fate is Fate.UNCOLLECTED:
            return
        yield from self._return()
        if self.case.fate is Fate.CORRECTED:
            at = self._days(1, 2)
            yield from self._do(at, Act.UNDO, officer=self.office.head, reason=self._one(words.CORRECTED))
            yield from self._return()

    def _obstacles(self) -> Generator[Planned, Done, bool]:
        """Tell what a dossier meets on its way; False where it ends there."""
        fate = self.case.fate
        if fate is Fate.HOPS:
            yield from self.forward()
        if fate in {Fate.SUPPLEMENT, Fate.SECOND_SUPPLEMENT, Fate.STOPPED}:
            yield from self.supplement()
            if fate is Fate.STOPPED:
                term = applicant_term(self.hours.calendar, self.at)
                yield from self._do(self._after(term), Act.STOP, reason=self._one(words.STOPPED))
                return False
            yield from self._do(self._days(1, 9), Act.SUPPLEMENTED)
        if fate is Fate.SECOND_SUPPLEMENT:
            yield from self.supplement(override=self._one(words.OVERRIDE))
            yield from self._do(self._days(1, 5), Act.SUPPLEMENTED)
        if self.case.procedure.field == LAND and self.random.random() < 0.7:
            yield from self.oblige()
            yield from self._do(self._days(1, 9), Act.SETTLED)
        if fate is Fate.WITHDRAWN:
            yield from self._do(self._share(0.2, 0.6), Act.WITHDRAW, reason=self._one(words.WITHDRAWN))
            return False
        if fate is Fate.REFUSED:
            yield from self._do(self._share(0.5, 0.9), Act.REFUSE, reason=self._one(words.REFUSED))
            yield from self.give_back()
            return False
        yield from self._other_dates()
        return True

    def _other_dates(self) -> Telling:
        """Change the limit's case or the promise, as long as the promise has not passed."""
        at, procedure, fate = self._share(0.3, 0.95), self.case.procedure, self.case.fate
        if at > self.promise or not can_have(procedure, fate):
            return
        if fate is Fate.VARIANT:
            case = procedure.variants.rsplit("|", 1)[-1].rpartition("=")[0]
            yield from self._do(at, Act.VARIANT, variant=case, reason=self._one(words.VARIANT))
        elif fate is Fate.RESCHEDULED:
            new = self.hours.days_on(self.random, self.promise, self.random.randint(2, 7))
            yield from self._do(at, Act.RESCHEDULE, to=new, reason=self._one(words.APOLOGY))

    def _return(self) -> Step:
        case, chance = self.case, self.random.random()
        if case.channel is Channel.ONLINE and chance < 0.6:
            at = self.hours.later(self.at, self.random.randint(0, 15))
            return (yield from self._do(at, Act.RETURN, way=ReturnWay.ELECTRONIC))
        if case.channel is Channel.POST or (not case.at_once and chance > 0.95):
            way, number = ReturnWay.POST, "EX000000000VN"
            return (yield from self._do(self._days(0, 1), Act.RETURN, way=way, postal_number=number))
        if case.at_once and chance < 0.94:
            at = self.hours.later(self.at, self.random.randint(1, 10))
        else:
            at = self._days(0, 5)
        collector = case.person.name if self.random.random() < 0.9 or case.helper is None else case.helper.name
        return (yield from self._do(at, Act.RETURN, collector=collector))

    def file(self, act: Act, **more: Any) -> Step:
        """File the dossier at its hour; what was written on paper in an outage is typed in later the same day."""
        case, random = self.case, self.random
        received, at = None, self.at
        if act is Act.RECEIVE and case.channel is Channel.DIRECT and random.random() < 0.01:
            later = self.hours.later(at, random.randint(30, 90))
            if later <= self.office.now and later.date() == at.date():
                received, at = at, later
                more["late_entry_reason"] = self._one(words.OUTAGE)
        is_copy = case.at_once
        pages = min(60, 1 + int(random.expovariate(1 / 3))) if is_copy else 0
        self.is_long = act is Act.RECEIVE and pages > _LONG_COPY and bool(case.procedure.variants)
        self.has_code = random.random() < _CODED[case.channel]
        order = Receive(
            client_id=self._client(),
            procedure=case.procedure.code,
            channel=case.channel,
            applicant=self._applicant(),
            act=act,
            officer_id=None if act is Act.REGISTER else self._officer(),
            representative=None if case.helper is None else case.helper.given(),
            components=case.procedure.components,
            copies=random.choice((1, 1, 2, 2, 3, 3, 5, 10)) if is_copy else 0,
            pages=pages,
            variant=case.procedure.variants.partition("=")[0] if self.is_long else "",
            return_way=ReturnWay.ELECTRONIC if case.channel is Channel.ONLINE else ReturnWay.COUNTER,
            received_at=received,
            official_code=self.office.official_code(at.date()) if self.has_code else "",
            pay=self._paid(at),
            **more,
        )
        return (yield from self._hear(Planned(at, order)))

    def _paid(self, at: datetime) -> PayMethod | None:
        """Return how a certification of the last days is paid at the counter; one that will not stand is not."""
        stands = self.case.fate not in {Fate.VOIDED, Fate.WITHDRAWN}
        recent = self.office.takes_fees and is_recent(at.date(), self.office.now.date())
        if not (self.case.at_once and stands and recent):
            return None
        return PayMethod.TRANSFER if at.minute % 5 == 0 else PayMethod.CASH

    def _accept(self, act: Act, at: datetime) -> Step:
        typed = self._acceptance(at).get("promise")
        return (yield from self._do(at, act, to=typed))

    def _acceptance(self, at: datetime | None = None) -> dict[str, datetime]:
        """Return the promise that an officer types where the catalogue knows no limit."""
        if self.case.procedure.limit is not None:
            return {}
        return {"promise": self.hours.days_on(self.random, at or self.at, self.random.choice((5, 7, 10)))}

    def _do(self, at: datetime, act: Act, *, officer: int | None = None, **more: Any) -> Step:
        action = Action(self._client(), self.code, act, officer or self._officer(), **more)
        return (yield from self._hear(Planned(max(at, self.at), action)))

    def _hear(self, planned: Planned) -> Step:
        done = yield planned
        self.at, self.code = planned.at, done.code
        self.promise = done.promise or self.promise
        return done

    def _applicant(self) -> PersonInput:
        business = "hộ kinh doanh" in self.case.procedure.name
        return self.case.person.given(ApplicantKind.HOUSEHOLD if business else None)

    def _client(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def _officer(self) -> int:
        return self.random.choice((*self.office.clerks, *self.office.clerks, self.office.head))

    def _one(self, choices: tuple[str, ...]) -> str:
        return self.random.choice(choices)

    def _is_out_of_hours(self) -> bool:
        return self.hours.opening_after(self.at) != self.at

    def _soon(self) -> datetime:
        return self.hours.later(self.at, self.random.randint(5, 180))

    def _days(self, least: int, most: int) -> datetime:
        return self.hours.days_on(self.random, self.at, self.random.randint(least, most))

    def _after(self, term: datetime) -> datetime:
        return self.hours.days_on(self.random, term, self.random.randint(1, 2))

    def _share(self, least: float, most: float) -> datetime:
        return self.hours.between(self.at, self.promise, self.random.uniform(least, most))
