"""A told record written many times over: each copy with people, codes and numbers of its own, in the same order.

The rules decided the life of each dossier when it was told through the use cases of the counter. Others who come with
the same matter in the same minute fare the same, so their events and rows are those, but for who and which number.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from msgspec.structs import replace

from db import bulk, journal, people
from db.bulk import Batch
from db.dossiers import COLUMNS
from db.instants import utc_text
from db.journal import Event
from db.rows import DossierRow, PersonRow
from db.vocabulary import ApplicantKind
from desk.rehearsal.pattern import Pattern
from desk.rehearsal.people import People
from desk.rules import numbering
from desk.rules.text import fold, name_key

DESKS = 9
"""Copies come in at as many desks as codes can name: one alone has no numbers for so many."""
_PORTAL, _COPIED = ".999-", ".997-"
"""What made-up portals call themselves; official codes of copies are a series of their own."""
_AT = {name: place for place, name in enumerate(COLUMNS)}
_TEXT, _BARE = "\x00", "\x00\x00"
"""Before the name of a place within a text, and of one that is no text; nothing that was typed has a NUL in it."""
_TEXT_PLACE, _BARE_PLACE = re.compile(r"\\u0000(\w+)"), re.compile(r'"\\u0000\\u0000(\w+)"')


class Copying:
    """Writes events as often as their dossiers are there; `counts` says how often that is."""

    def __init__(self, pattern: Pattern, counts: Mapping[int, int], unit: str, made_up: People) -> None:
        self.pattern = pattern
        self.counts = counts
        self.unit = unit
        self.written = 0
        self._made_up = made_up
        made_up.keep_free({person.id_number for person in pattern.people.values()})
        self._dossier = self._person = self._seq = 0
        self._hash = journal.GENESIS
        self._series: dict[str, int] = {}
        self._officials: dict[str, int] = {}
        self._people: dict[int, list[PersonRow]] = {}
        self._same_body: dict[str, list[PersonRow]] = {}
        self._ids: dict[int, int] = {}
        self._first: dict[int, int] = {}
        self._codes: dict[int, list[str]] = {}
        self._receipts: dict[int, list[str]] = {}
        self._portal: dict[str, list[str]] = {}

    def batch(self, events: list[Event], head: journal.Head) -> Batch:
        """Return what a stretch of the told journal becomes behind `head`."""
        self._seq, self._hash = head.seq, head.hash
        batch = Batch()
        last: dict[int, Event] = {}
        for event in events:
            self._copy(batch, event)
            last[event.dossier_id or 0] = event
        new = {event.dossier_id for event in events if self.pattern.rows[event.seq].version == 1}
        for number, event in last.items():
            into = batch.new if number in new else batch.changed
            into.extend(self._rows(self.pattern.rows[event.seq], number))
        batch.new.sort()
        batch.counters = dict(self._series)
        self.written += len(batch.new)
        return batch

    def _copy(self, batch: Batch, event: Event) -> None:
        number = event.dossier_id or 0
        row, count = self.pattern.rows[event.seq], self.counts[number]
        if number not in self._ids:
            self._arrive(batch, number, row)
        numbers = self._forms(event, count)
        if "slip_number" in event.data.get("set", {}):
            self._receipts[number] = numbers
        official = event.data.get("set", {}).get("official_code")
        if official:
            self._portal[official] = self._official_codes(official, count)
        self._first[event.seq] = self._seq + 1
        self._write(batch, event, row, numbers, self._portal[official] if official else [])

    def _write(self, batch: Batch, event: Event, row: DossierRow, numbers: list[str], officials: list[str]) -> None:
        """Append an event's copies to the journal, with the forms they give out and the texts they keep."""
        number = event.dossier_id or 0
        text, at, client = _template(event), utc_text(event.at), event.client_id or ""
        form, texts = self.pattern.forms.get(event.seq), self.pattern.texts.get(event.seq, ())
        undone = self._first.get(event.data.get("undoes", 0), 0)
        told: dict[str, object] = {}
        for copy in range(self.counts[number]):
            person, other = self._both(row, copy)
            seq, own = self._seq + 1, self._ids[number] + copy
            for kind, written in texts:
                salt, said = secrets.token_hex(16), self._said(row, written, person, other)
                told[f"remark_{kind}"] = people.seal(salt, said)
                batch.remarks.append((own, seq, kind, said, salt))
            if form is not None:
                told["slip"] = numbers[copy]
                batch.slips.append((*form, _desk(copy), int(numbers[copy][4:]), own, seq, 0))
            if row.version == 1:
                told["code"], told["seen"] = self._codes[number][copy], people.fingerprint(person)
                told["person"], told["other"] = person.id, 0 if other is None else other.id
                told["same"] = self._same(event, copy)
            if officials:
                told["official"] = officials[copy]
            if undone:
                told["undoes"] = undone + copy
            body = (seq, at, event.kind, own, event.officer_id, _client(client, copy) or None, text % told)
            batch.events.append(bulk.linked(self._hash, body))
            self._seq, self._hash = seq, batch.events[-1][-1]

    def _arrive(self, batch: Batch, number: int, row: DossierRow) -> None:
        """Give a dossier's copies their ids, codes and people."""
        count = self.counts[number]
        self._ids[number] = self._dossier + 1
        self._dossier += count
        known = numbering.parse_provisional(row.code)
        if known is None:
            raise ValueError(row.code)
        self._codes[number] = [self._code(known.date, copy) for copy in range(count)]
        wanted = [each for each in (row.person_id, row.representative_id) if each is not None]
        coming = [each for each in dict.fromkeys(wanted) if each not in self._people]
        for each in coming:
            self._people[each] = []
        for copy in range(count):
            for each in coming:
                self._people[each].append(self._somebody(batch, self.pattern.people[each], copy))

    def _somebody(self, batch: Batch, told: PersonRow, copy: int) -> PersonRow:
        """Return who comes instead of somebody; the first copy is that one."""
        self._person += 1
        found = replace(told, id=self._person, salt=secrets.token_hex(16))
        known = self._same_body.setdefault(told.id_number, []) if told.id_number else []
        if copy and copy < len(known):
            like = known[copy]
            found = replace(found, name=like.name, id_number=like.id_number, phone=like.phone, address=like.address)
        elif copy:
            organisation = told.kind == ApplicantKind.ORGANISATION and not told.id_number
            made = self._made_up.organisation() if organisation else self._made_up.person()
            found = replace(found, name=made.name, id_number=made.id_number, phone=made.phone, address=made.address)
        if told.id_number and copy >= len(known):
            known.append(found)
        batch.people.append(
            (
                found.id, found.kind, found.name, *_keys(found.name), found.id_number, found.phone,
                found.email, found.address, found.salt,
            )
        )  # fmt: skip
        return found

    def _rows(self, row: DossierRow, number: int) -> Iterator[tuple[object, ...]]:
        base, first = bulk.stored(row), self._first[row.last_seq]
        for copy in range(self.counts[number]):
            values = base.copy()
            person, other = self._both(row, copy)
            values[_AT["id"]] = self._ids[number] + copy
            values[_AT["code"]] = self._codes[number][copy]
            values[_AT["person_id"]] = person.id
            values[_AT["representative_id"]] = None if other is None else other.id
            values[_AT["last_seq"]] = first + copy
            if row.official_code:
                values[_AT["official_code"]] = self._portal[row.official_code][copy]
            if row.slip_number:
                values[_AT["slip_number"]] = self._receipts[number][copy]
            yield tuple(values)

    def _both(self, row: DossierRow, copy: int) -> tuple[PersonRow, PersonRow | None]:
        other = row.representative_id
        return self._people[row.person_id][copy], None if other is None else self._people[other][copy]

    def _forms(self, event: Event, count: int) -> list[str]:
        form = self.pattern.forms.get(event.seq)
        if form is None:
            return []
        name, year = form
        return [
            numbering.slip_number(year, _desk(copy), self._next(f"slip/{name}/{year}/{_desk(copy)}"))
            for copy in range(count)
        ]

    def _code(self, day: date, copy: int) -> str:
        number = self._next(f"code/{day.isoformat()}/{_desk(copy)}")
        return numbering.provisional_code(self.unit, day, _desk(copy), number)

    def _official_codes(self, told: str, count: int) -> list[str]:
        if told in self._portal:
            return self._portal[told]
        prefix = told.replace(_PORTAL, _COPIED).rpartition("-")[0]
        found = [told]
        for _copy in range(1, count):
            self._officials[prefix] = self._officials.get(prefix, 0) + 1
            found.append(f"{prefix}-{self._officials[prefix]:04d}")
        return found

    def _next(self, series: str) -> int:
        self._series[series] = self._series.get(series, 0) + 1
        return self._series[series]

    def _same(self, event: Event, copy: int) -> str:
        codes = (self._codes[self.pattern.dossiers[code]][copy] for code in event.data.get("same", ()))
        return json.dumps(list(codes), separators=(",", ":"))

    def _said(self, row: DossierRow, written: str, person: PersonRow, other: PersonRow | None) -> str:
        """Return a text that says who came with the copy's name in it."""
        if written == self.pattern.people[row.person_id].name:
            return person.name
        told = self.pattern.people.get(row.representative_id or 0)
        return other.name if other is not None and told is not None and written == told.name else written


@lru_cache(100_000)
def _keys(name: str) -> tuple[str, bytes]:
    return fold(name), name_key(name)


def _desk(copy: int) -> int:
    return 1 + copy % DESKS


def _client(told: str, copy: int) -> str:
    return f"{told[:-6]}{copy:06x}" if copy else told


def _template(event: Event) -> str:
    """Return an event's data as it is stored, with a place for each value that another copy has otherwise."""
    data = dict(event.data)
    places = {"seen": f"{_TEXT}seen", "slip": f"{_TEXT}slip", "same": f"{_BARE}same", "undoes": f"{_BARE}undoes"}
    data |= {name: place for name, place in places.items() if name in data}
    if "remarks" in data:
        data["remarks"] = {kind: f"{_TEXT}remark_{kind}" for kind in data["remarks"]}
    if "set" in data:
        columns = {
            "code": f"{_TEXT}code", "person_id": f"{_BARE}person", "slip_number": f"{_TEXT}slip",
            "representative_id": f"{_BARE}other", "official_code": f"{_TEXT}official",
        }  # fmt: skip
        changed = dict(data["set"])
        changed |= {name: place for name, place in columns.items() if changed.get(name)}
        data["set"] = changed
    text = _BARE_PLACE.sub(r"%(\1)s", journal.dump(data).replace("%", "%%"))
    return _TEXT_PLACE.sub(r"%(\1)s", text)
