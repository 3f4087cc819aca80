"""What every use case stands on: the centre, the record, the clock, the calendar in force."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from db import offices, procedures
from db.procedures import ProcedureRow
from db.unit import Records, View
from desk.counter.calendar_rows import calendar_of
from desk.counter.model import Centre, RefusedError
from desk.counter.pins import Tries
from desk.rules import moment
from desk.rules.calendar import Calendar
from desk.rules.text import clean
from desk.words import _

Clock = Callable[[], datetime]
"""Returns the present instant, aware."""

Ticks = Callable[[], float]
"""Returns seconds that only ever grow, whatever is done to the machine's clock."""


@dataclass
class Context:
    """One open centre; the calendar is read once per installed version."""

    centre: Centre
    records: Records
    clock: Clock
    ticks: Ticks = time.monotonic
    tries: Tries = field(default_factory=Tries, repr=False)
    _calendar: Calendar | None = field(default=None, repr=False)

    def now(self) -> datetime:
        """Return the present minute in Viet Nam."""
        return moment.minute(self.clock())

    def calendar(self, view: View) -> Calendar:
        """Return the calendar in force."""
        installed = view.remember("calendar", lambda: procedures.installed(view.connection, "calendar"))
        version = installed.version if installed else ""
        if self._calendar is None or self._calendar.version != version:
            self._calendar = read_calendar(view)
        return self._calendar

    def procedure(self, view: View, code: str, on: date) -> ProcedureRow:
        """Return the procedure in force and switched on; refused if unknown or switched off."""
        code = clean(code)
        found = view.remember(("procedure", code, on), lambda: procedures.current(view.connection, code, on))
        if found is None:
            raise _not_in_force(view, code, on)
        if not found.enabled:
            sentence = _("Thủ tục {code} đang tắt ở trung tâm này; bật lại trong danh mục rồi tiếp nhận.")
            raise RefusedError("procedure_off", sentence.format(code=code), "procedure")
        return found


def _not_in_force(view: View, code: str, on: date) -> RefusedError:
    """Return why nothing is received under a code on a date, and under which code it is instead."""
    last = procedures.newest(view.connection, code)
    if last is None:
        sentence = _("Không có thủ tục {code} trong danh mục.")
        return RefusedError("unknown_procedure", sentence.format(code=code), "procedure")
    if last.valid_to is None or on < last.valid_from <= last.valid_to:
        sentence = _("Thủ tục {code} chưa có hiệu lực vào ngày {day}.")
        return RefusedError("procedure_not_yet", sentence.format(code=code, day=f"{on:%d/%m/%Y}"), "procedure")
    sentence = _("Thủ tục {code} đã hết hiệu lực từ sau ngày {day}.").format(code=code, day=f"{last.valid_to:%d/%m/%Y}")
    if last.successor_code:
        after = procedures.current(view.connection, last.successor_code, on)
        name = "" if after is None else f" {after.name}"
        sentence += " " + _("Nay là thủ tục {code}{name}.").format(code=last.successor_code, name=name)
    return RefusedError("procedure_ended", sentence, "procedure")


def read_calendar(view: View) -> Calendar:
    """Build the rules' calendar from the record."""
    connection = view.connection
    installed = procedures.installed(connection, "calendar")
    return calendar_of(offices.calendar_days(connection), offices.sessions(connection), installed)
