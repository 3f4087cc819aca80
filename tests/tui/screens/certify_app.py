"""An officer at the fast lane, with slips that go to a folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from desk.tui.draft import session_of
from desk.tui.screens.certify import CertifyScreen
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.lines import Line
from tests.counter.desk_fixture import Desk
from tests.tui.screens.desk_app import (
    ENTER,
    F3,
    running,
)
from tests.tui.screens.receive_app import Officer

CTRL_P, CTRL_S, CTRL_T = "\x10", "\x13", "\x14"
SIGNATURE = "2.000884"


class Clerk(Officer):
    """An officer at the fast lane."""

    @property
    def lane(self) -> CertifyScreen:
        return self.run.screen(CertifyScreen)

    def value(self, id: str) -> str:
        return self.lane.query_one(f"#{id}", FormInput).value

    def says(self, id: str) -> str:
        return self.lane.query_one(f"#{id}", Line).text

    @property
    def values(self) -> list[str]:
        return [self.value(id) for id in ("name", "id_number", "paper", "pages", "copies")]

    def rows(self) -> list[tuple[str, int, int, int, int | None]]:
        """Procedure, state, pages, copies and fee of every dossier."""
        with self.run.desk.records.reading() as view:
            found = view.connection.exec_driver_sql(
                "SELECT procedure_code, state, pages, copies, fee FROM dossier ORDER BY id"
            )
            return [tuple(row) for row in found]


@asynccontextmanager
async def certifying(
    folder: Path, *, size: tuple[int, int] = (80, 24), before: Callable[[Desk], object] | None = None
) -> AsyncIterator[Clerk]:
    """Run the desk in `folder` with the fast lane open."""
    async with running(folder, size=size, before=before) as run:
        session = session_of(run.app)
        session.slips = folder / "phieu"
        session.find_spooler = lambda: None
        clerk = Clerk(run)
        await clerk.press(F3)
        clerk.pressed = 0
        yield clerk


async def copy(clerk: Clerk, paper: str = "hoc ba", copies: str = "3") -> None:
    """Certify copies for whoever is typed in, from the kind of work on."""
    await clerk.type("1", paper, ENTER, ENTER, copies, ENTER)
