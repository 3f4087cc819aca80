"""Free texts of a dossier: kept with the event they belong to, of which the journal holds a salted hash each."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping

from db import journal, people, projection
from db.journal import Event
from db.unit import View, Work
from desk.rules.text import clean

CORRECTED = frozenset({"papers", "note"})
"""Texts of the receipt that a correction writes anew; all others stay as they were said."""


class Sealed:
    """The texts of one event with their salts: `hashes` go into the event, `keep` writes the texts beside it."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = {kind: clean(text) for kind, text in texts.items()}
        self._salts = {kind: secrets.token_hex(16) for kind in texts}
        self.hashes = {kind: people.seal(salt, self._texts[kind]) for kind, salt in self._salts.items()}

    def keep(self, work: Work, dossier_id: int, event_seq: int) -> None:
        """Write the texts down."""
        for kind, text in self._texts.items():
            people.add_remark(
                work.connection,
                dossier_id=dossier_id,
                event_seq=event_seq,
                kind=kind,
                text=text,
                salt=self._salts[kind],
            )


def in_force(view: View, dossier_id: int, events: Iterable[Event] | None = None) -> Mapping[str, str]:
    """Return the papers, as stored, and the note of a dossier after every correction that stands."""
    found = [each for each in people.remarks(view.connection, dossier_id) if each.kind in CORRECTED]
    if len({each.kind for each in found}) < len(found):
        known = journal.of_dossier(view.connection, dossier_id) if events is None else events
        standing = {event.seq for event in projection.effective(known)}
        found = [each for each in found if each.event_seq in standing]
    return {each.kind: each.text for each in found}


def papers_of(stored: Mapping[str, str]) -> tuple[str, ...]:
    """Return the papers as they are read."""
    return tuple(str(paper) for paper in json.loads(stored["papers"])) if stored.get("papers") else ()


def papers_text(papers: Iterable[str]) -> str:
    """Return papers as they are stored; empty for none."""
    listed = [clean(paper) for paper in papers]
    return json.dumps(listed, ensure_ascii=False) if listed else ""
