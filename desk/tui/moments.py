"""Dates with a time as an officer types them in a hurry."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from desk.rules.moment import VN, minute
from desk.rules.text import fold

_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_YEARS_AHEAD = 8
"""A day and month without a year: 29 February is at most eight years away."""

_NOISE = re.compile(r"\b(?:ngay|hom|luc|vao|thu)\b")
_HOUR_WORD = re.compile(r"(?<=[0-9])\s*(?:gio|g|h)\s*(?=[0-9]|\s|$)")
_MINUTE_WORD = re.compile(r"(?<=[0-9])\s*(?:phut|ph|p)\b")
_JOINED = re.compile(r"(?<=[0-9])\s*([/:.-])\s*(?=[0-9])")

_WEEKDAYS = {
    name: place
    for names in ("t2 t3 t4 t5 t6 t7 cn", "mo tu we th fr sa su")
    for place, name in enumerate(names.split())
}
_RELATIVE = {"nay": 0, "mai": 1, "kia": 2, "mot": 2, "today": 0, "tomorrow": 1}

_CLOCK = re.compile(r"([0-9]{1,2})[:h]([0-9]{2})?|([0-9]{1,2})([0-9]{2})")
_BARE_HOUR = re.compile(r"[0-9]{1,2}")
_WRITTEN_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})(?:[/.-]([0-9]{4}|[0-9]{2}))?")
_DIGIT_DAY = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4}|[0-9]{2})?")


def parse_moment(text: str, now: datetime) -> datetime | None:
    """Read a typed date and time: `16/3 9:30`, `16/03/2026 09h30`, `160326 0930`, `mai 9:30`, `17:00` (today).

    A date without a year is the next such date, today included. The weekday may stand before its date and must be
    right. Accents do not matter. None for anything else, a time without its date being today's and never the reverse.
    """
    today = minute(now).date()
    words = _words(text)
    weekday = _WEEKDAYS.get(words[0]) if words else None
    if weekday is not None:
        words = words[1:]
    found = _read(words, today)
    return None if found is None or (weekday is not None and found.weekday() != weekday) else found


def parse_past(typed: str, now: datetime) -> datetime | None:
    """Read when something has happened: a date without a year is the last such date, not the next."""
    found = parse_moment(typed, now)
    if found is None or found.date() <= now.date() or re.search("[a-z]{3}", fold(typed)):
        return found
    day = min(now.day, 28) if now.month == 2 else now.day
    earlier = parse_moment(typed, now.replace(year=now.year - 1, day=day))
    return earlier if earlier is not None and earlier <= now else found


def _words(text: str) -> list[str]:
    plain = _NOISE.sub(" ", fold(text).replace(",", " "))
    plain = _MINUTE_WORD.sub(" ", _HOUR_WORD.sub("h", plain))
    # An hour may have met the date behind it: `9h 16/3` is two words, `9h 30` is one.
    plain = re.sub(r"h(?=[0-9]+[/.-])", "h ", plain)
    return _JOINED.sub(r"\1", plain).split()


def _read(words: list[str], today: date) -> datetime | None:
    if len(words) == 1:
        return _joined(today, _time(words[0]))
    if len(words) != 2:
        return None
    first, second = words
    return _joined(_day(first, today), _time(second, bare=True)) or _joined(_day(second, today), _time(first))


def _joined(day: date | None, clock: time | None) -> datetime | None:
    return None if day is None or clock is None else datetime.combine(day, clock, VN)


def _time(word: str, *, bare: bool = False) -> time | None:
    found = _CLOCK.fullmatch(word)
    if found is not None:
        hours, minutes, digits_hours, digits_minutes = found.groups()
        hour, past = int(hours or digits_hours), int(minutes or digits_minutes or 0)
    elif bare and _BARE_HOUR.fullmatch(word):
        hour, past = int(word), 0
    else:
        return None
    return time(hour, past) if hour < 24 and past < 60 else None


def _day(word: str, today: date) -> date | None:
    if word in _RELATIVE:
        return today + timedelta(days=_RELATIVE[word])
    found = _WRITTEN_DAY.fullmatch(word) or _DIGIT_DAY.fullmatch(word)
    if found is None:
        return None
    day, month, year = found.groups()
    if year is not None:
        return _date(int(year) if len(year) == 4 else 2000 + int(year), int(month), int(day))
    years = range(today.year, today.year + _YEARS_AHEAD + 1)
    dates = (_date(each, int(month), int(day)) for each in years)
    return next((each for each in dates if each is not None and each >= today), None)


def _date(year: int, month: int, day: int) -> date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
