"""The office's App on a real province with every kind of trouble: a settable clock, keys as a terminal sends them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast

from desk import reference
from desk.province.service import Province
from desk.tui.app import DeskApp
from desk.tui.looks import Look
from desk.tui.province.app import OfficeApp
from tests.province.factory import MONDAY, Centre, Clock, at, made_province
from tests.tui.screens.desk_app import HandSchedule, Running

DAY = timedelta(days=1)
FRIDAY = MONDAY + 11 * DAY
EVENING = at(FRIDAY, 18)

GOOD, SILENT, GAP, BAD, FORK, AHEAD, LATE, NEW = range(8)


def units() -> list[str]:
    """Return the codes of twelve communes of one province; the first eight each have a story."""
    found = reference.admin_units().values()
    return sorted(unit.code for unit in found if unit.province_name.endswith("Hưng Yên"))[:12]


def two_weeks(folder: Path, clock: Clock) -> Province:
    """Return a province with two weeks of files."""
    clock.now = at(MONDAY - DAY)
    codes = units()
    centres = [Centre(code, seed=n, practice=True) for n, code in enumerate(codes)]
    province = made_province(folder, clock, *centres, practice=True)
    for day in (MONDAY + n * DAY for n in range(12) if n % 7 < 5):
        for story, centre in enumerate(centres):
            if (story == SILENT and day > MONDAY + 3 * DAY) or story == NEW:
                continue
            clock.now = at(day + DAY, 11) if story == LATE else at(day)
            changed = {"created": at(day) + timedelta(minutes=50)} if story == AHEAD else {}
            sealed = centre.close(day, **changed)
            if story == BAD and day == MONDAY + 4 * DAY:
                sealed = centre.replace_last({"totals": {}})
            if not (story == GAP and day == MONDAY + 2 * DAY):
                province.take(sealed.data)
    clock.now = at(FRIDAY, 17, 30)
    province.take(centres[FORK].forged(centres[FORK].files[0].daily, {"app": "9.9"}).data)
    province.take(Centre(codes[GOOD], seed=99, practice=True).close(MONDAY).data)
    clock.now = EVENING
    return province


@dataclass
class Office(Running):
    """The office's App as it runs, the province and the clock under it."""

    province: Province | None = None
    at: Clock | None = None

    @property
    def office(self) -> OfficeApp:
        return cast("OfficeApp", self.app)

    async def minute(self) -> None:
        """Let a minute pass and the App notice it."""
        assert self.at is not None
        self.at.now += timedelta(minutes=1)
        self.office._tick()
        await self.settle()


@asynccontextmanager
async def office(
    province: Province,
    clock: Clock,
    *,
    size: tuple[int, int] = (80, 24),
    look: Look = Look(),  # noqa: B008 - frozen
) -> AsyncIterator[Office]:
    """Run the office's App over a province."""
    app = OfficeApp(province.reader(), look)
    app.router.schedule = HandSchedule()
    async with app.run_test(size=size) as pilot:
        run = Office(cast("DeskApp", app), pilot, None, province, clock)
        await run.settle()
        yield run
