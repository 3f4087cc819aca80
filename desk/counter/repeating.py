"""The same request again: the answer it got the first time."""

from __future__ import annotations

from db import journal, projection
from db.journal import Event
from db.unit import View
from db.vocabulary import Act
from desk.counter import acting, receiving
from desk.counter.model import Done, RefusedError
from desk.words import _


def first_answer(view: View, known: Event, act: Act, code: str | None) -> Done:
    """Return the answer of an event as it was given: the dossier as that event left it.

    `code` is any code of the dossier, None where the request was to make it; RefusedError if the event was for
    something else.
    """
    events = journal.of_dossier(view.connection, known.dossier_id or 0)
    row = projection.fold(each for each in events if each.seq <= known.seq or each.data.get("after") == known.seq)
    made = bool(events) and events[0].seq == known.seq
    names = {event.data.get("set", {}).get(name) for event in events for name in ("code", "official_code")}
    same = known.kind == act and (made if code is None else not made and acting.known_code(code) in names)
    if row is None or not same:
        raise RefusedError("client_id_taken", _("Mã yêu cầu này đã dùng cho việc khác."), "client_id")
    return receiving.answer(known, row)
