"""Dossiers that stand at `now` where a lesson needs them: each figure of the morning drill has one behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from random import Random

from db.vocabulary import Act
from desk.rehearsal.hours import Hours, at_night
from desk.rehearsal.stories import Story, Telling
from desk.rules.moment import VN

THREE_DAYS = "1.004873"
"""Certificate of marital status: three working days, kept as the example because everybody knows it."""
LAND_REGISTRATION = "1.013978"

Place = Callable[[Hours, Random, date], datetime]
Way = Callable[[Story], Telling]


def in_work(story: Story) -> Telling:
    """Stop with the department."""
    yield from story.come_in()
    yield from story.forward()


def received(story: Story) -> Telling:
    """Stop at the desk, not forwarded."""
    yield from story.come_in()


def waiting(story: Story) -> Telling:
    """Stop with papers still to come."""
    yield from story.come_in()
    yield from story.supplement()


def obliged(story: Story) -> Telling:
    """Stop with a payment still to come."""
    yield from story.come_in()
    yield from story.forward()
    yield from story.oblige()


def finished(story: Story) -> Telling:
    """Stop with a result that nobody has fetched."""
    yield from story.come_in()
    yield from story.finish(story.hours.later(story.at, 240))


def registered(story: Story) -> Telling:
    """Stop before anybody has looked at it."""
    yield from story.file(Act.REGISTER)


def days_before(days: int) -> Place:
    """Return the place in time late in the afternoon so many counting days before today."""

    def place(hours: Hours, random: Random, today: date) -> datetime:
        return datetime.combine(hours.counting_before(today, days), time(16, random.randint(30, 55)), VN)

    return place


def last_night(hours: Hours, random: Random, today: date) -> datetime:
    """Return an hour of yesterday's evening."""
    del hours
    evening = at_night(random, date.fromordinal(today.toordinal() - 1))
    return evening if evening.hour >= 18 else evening.replace(hour=20)


def lessons() -> Iterator[tuple[str, Place, Way]]:
    """Yield procedure, hour of arrival and way: promises fall three counting days after the arrival."""
    for _each in range(2):
        yield THREE_DAYS, days_before(3), in_work
        yield THREE_DAYS, days_before(2), in_work
        yield THREE_DAYS, days_before(5), in_work
        yield THREE_DAYS, days_before(4), waiting
        yield THREE_DAYS, days_before(21), waiting
        yield THREE_DAYS, days_before(6), finished
        yield THREE_DAYS, days_before(2), received
    yield LAND_REGISTRATION, days_before(14), obliged
    yield THREE_DAYS, last_night, registered
