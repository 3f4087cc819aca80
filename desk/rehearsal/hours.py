"""When things happen in an office: its days and hours, and the chance in them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from desk.rules.calendar import Calendar
from desk.rules.deadline import advance, office_minutes
from desk.rules.moment import VN

_WEEKDAYS = (130, 105, 95, 95, 100, 60, 60)
"""How busy the days of a week are, Monday first."""
_PEAK = 0.33
"""Where in a session most people come: its first third."""


class StandingClock:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """Return where it stands."""
        return self.at


class Hours:
    """The office hours of a calendar."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar

    def open_days(self, first: date, last: date) -> list[date]:
        """Return the days the centre is open, both ends included."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in days if self.calendar.open(day)]

    def arrival(self, random: Random, day: date) -> datetime:
        """Return a minute at which somebody comes in on an open day."""
        sessions = self.calendar.sessions(day)
        lengths = [_minutes(each.end) - _minutes(each.start) for each in sessions]
        session, length = random.choices(list(zip(sessions, lengths, strict=True)), lengths)[0]
        minute = int(random.triangular(0, length, length * _PEAK))
        return datetime.combine(day, session.start, VN) + timedelta(minutes=min(minute, length - 1))

    def opening_after(self, at: datetime) -> datetime:
        """Return `at` itself in office hours, else the next minute at which the office opens."""
        day = at.date()
        if self.calendar.counts(day):
            for session in self.calendar.sessions(day):
                if at.time() <= session.end:
                    return max(at, datetime.combine(day, session.start, VN))
        return self.calendar.opening(self.calendar.next_counting(day))

    def later(self, at: datetime, minutes: int) -> datetime:
        """Return the instant so many office minutes on."""
        return advance(self.calendar, self.opening_after(at), minutes)

    def between(self, at: datetime, end: datetime, share: float) -> datetime:
        """Return the office instant at a share of the way to `end`; the next one there is if `end` has passed."""
        start = self.opening_after(at)
        return advance(self.calendar, start, int(office_minutes(self.calendar, start, end) * share))

    def days_on(self, random: Random, at: datetime, days: int) -> datetime:
        """Return some minute of the working day so many counting days after `at`, not before `at`."""
        if days == 0:
            return self.later(at, random.randint(5, 90))
        return self.arrival(random, self.calendar.nth_counting(at.date(), days))

    def counting_before(self, day: date, days: int) -> date:
        """Return the date so many counting days earlier."""
        for _each in range(days):
            day = self.calendar.previous_counting(day)
        return day


def source_of_chance(*named: object) -> Random:
    """Return a source of chance of its own for what is named; the same names give the same course."""
    return Random("/".join(map(str, named)))  # noqa: S311 - for practice, and it must repeat itself


def busy(days: list[date]) -> list[int]:
    """Return the running total of how many dossiers each day draws, for a choice by weight."""
    return list(accumulate(_WEEKDAYS[day.weekday()] for day in days))


def at_night(random: Random, day: date) -> datetime:
    """Return a minute at which somebody files from home: in the evening mostly, or early in the morning."""
    start, end = (time(18, 0), time(23, 30)) if random.random() < 0.8 else (time(5, 30), time(6, 59))
    minute = random.randint(_minutes(start), _minutes(end))
    return datetime.combine(day, time(minute // 60, minute % 60), VN)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
