"""The record that is copied: its events and what hangs on them, and how many copies there are of each dossier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from db import bulk, journal, people, projection
from db.journal import Event
from db.rows import DossierRow, PersonRow
from db.unit import View
from db.vocabulary import OPEN_STATES, State
from desk.rules import moment

MOST_OVER_NIGHT = 10
_IN_HAND = OPEN_STATES | {State.REGISTERED, State.FINISHED}


class Pattern(Struct, frozen=True):
    """A record as it was told: events in order, rows as each event left them, forms and texts by event."""

    events: tuple[Event, ...]
    rows: Mapping[int, DossierRow]
    """By number of the event that led to them."""
    last: Mapping[int, DossierRow]
    """By dossier: as it stands at the end."""
    people: Mapping[int, PersonRow]
    forms: Mapping[int, tuple[str, int]]
    """Form and year of the numbered form an event gave out."""
    texts: Mapping[int, tuple[tuple[str, str], ...]]
    """Kind and text of an event's remarks."""
    dossiers: Mapping[str, int]
    """By provisional code."""


def read(view: View) -> Pattern:
    """Read a whole record of a few thousand dossiers."""
    connection = view.connection
    events = tuple(journal.between(connection, 0, journal.head(connection).seq))
    histories: dict[int, list[Event]] = defaultdict(list)
    rows, last = {}, {}
    for event in events:
        if event.dossier_id is None:
            continue
        histories[event.dossier_id].append(event)
        row = projection.fold(histories[event.dossier_id])
        if row is not None:
            rows[event.seq] = last[event.dossier_id] = row
    ids = {row.person_id for row in last.values()} | {row.representative_id or 0 for row in last.values()}
    known = {row.code: number for number, row in last.items()}
    people_there = people.by_ids(connection, ids)
    return Pattern(events, rows, last, people_there, bulk.forms(connection), bulk.texts(connection), known)


def copies(pattern: Pattern, dossiers: int) -> dict[int, int]:
    """Return how many of each dossier there are so that all are so many.

    People have all their dossiers as often as each other. What is still in hand, was taken over or happened on the last
    day is there once, and what was open over night at most `MOST_OVER_NIGHT` times: however much a centre has done, on
    an evening it has no more in hand than a busy one. ValueError: nothing can be copied so often.
    """
    households: dict[str, list[int]] = defaultdict(list)
    for number, row in pattern.last.items():
        households[_household(pattern, row)].append(number)
    days: dict[int, set[date]] = defaultdict(set)
    for event in pattern.events:
        if event.dossier_id is not None:
            days[event.dossier_id].add(moment.minute(event.at).date())
    today = max(max(each) for each in days.values())
    most = {}
    for number, row in pattern.last.items():
        stays = today in days[number] or row.taken_over or row.state in _IN_HAND
        most[number] = 1 if stays else MOST_OVER_NIGHT if len(days[number]) > 1 else dossiers
    return _shared_out(sorted(households.values(), key=len, reverse=True), most, dossiers)


def _shared_out(households: list[list[int]], most: Mapping[int, int], dossiers: int) -> dict[int, int]:
    """Return numbers of copies, none above its `most`, that come to so many dossiers, as even as can be."""
    found = dict.fromkeys(most, 1)
    missing, growing = dossiers - len(found), households
    while missing > 0:
        growing = [each for each in growing if found[each[0]] < min(most[number] for number in each)]
        every = max(1, missing // max(1, sum(map(len, growing))))
        before = missing
        for each in growing:
            more = min(every, missing // len(each), min(most[number] for number in each) - found[each[0]])
            found |= dict.fromkeys(each, found[each[0]] + more)
            missing -= more * len(each)
        if missing == before:
            break
    if missing:
        raise ValueError("dossiers")
    return found


def _household(pattern: Pattern, row: DossierRow) -> str:
    return pattern.people[row.person_id].id_number or f"#{row.person_id}"
