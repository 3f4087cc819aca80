"""An officer at the receipt form: types at a person's pace, counts keys, scans cards of made-up people."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from desk.counter.model import DossierView, PersonView
from desk.draft import DraftStore
from desk.tui.draft import session_of
from desk.tui.screens.promise_line import PromiseLine
from desk.tui.screens.receive import ReceiveScreen
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.lines import Line
from tests.counter.desk_fixture import KEY, Desk
from tests.tui.screens.desk_app import ENTER, F2, Running, running

THUY = (
    "033180930129|145678901|Nguyễn Thị Thúy|02021980|Nữ|Thôn Đặng Xá, Xã Cẩm Xá, Thị xã Mỹ Hào, Tỉnh Hưng Yên|12072021"
)
Y = "001088608064||Trần Văn Ỷ|09091988|Nam|Số 7 ngõ 12, Phường Điện Biên, Quận Ba Đình, Thành phố Hà Nội|14022024"
HEALTH = "GD4797931835695|PHẠM VĂN NAM|15/08/1990|1|Số 10 Lê Lợi, Q1, TP HCM|01/01/2024|31/12/2024||25/12/2023"
PIPELESS = "033180930129145678901Nguyễn Thị Thúy02021980NữThôn Đặng Xá, Xã Cẩm Xá, Thị xã Mỹ Hào, Tỉnh Hưng Yên12072021"
NO_MARKS = "033180930129|145678901|Nguy?n Th? Th?y|02021980|N?|Thôn Đ?ng Xá, Xã C?m Xá, Tỉnh Hưng Yên|12072021"


PERSON = 0.3
"""Seconds between two keys of a person."""


@dataclass
class Officer:
    """Keys at a person's pace: scans and input methods' bursts are asked for by name."""

    run: Running
    time: float = 10_000.0
    pressed: int = 0

    async def type(self, *texts: str) -> None:
        """Type text at a person's pace."""
        for text in texts:
            self.pressed += len(text)
            self.time += 60
            await self.run.burst(text, start=self.time, gap=PERSON)
            self.time += PERSON * len(text)
            self._silence()
            await self.run.settle()

    async def press(self, *keys: str) -> None:
        """Press keys that are more than one byte."""
        for key in keys:
            self.pressed += 1
            self.time += 60
            await self.run.burst(key, start=self.time)
            self._silence()
            await self.run.settle()

    async def inject(self, data: str) -> None:
        """Send what an input method sends, as one read."""
        self.time += 60
        await self.run.burst(data, start=self.time, gap=0.001)
        self._silence()
        await self.run.settle()

    async def scan(self, payload: str) -> None:
        self.time += 60
        await self.run.scan(payload, start=self.time)
        self.time += 60
        await self.run.settle()

    def _silence(self) -> None:
        self.run.app.router.schedule.fire()  # type: ignore[attr-defined]

    @property
    def form(self) -> ReceiveScreen:
        return self.run.screen(ReceiveScreen)

    def value(self, id: str) -> str:
        return self.form.query_one(f"#{id}", FormInput).value

    def says(self, id: str) -> str:
        return self.form.query_one(f"#{id}", Line).text

    @property
    def promise(self) -> str:
        return self.form.query_one(PromiseLine).text

    @property
    def at(self) -> str:
        """Id of the field in focus, or of the picker it belongs to."""
        focused = self.run.app.focused
        assert focused is not None
        return focused.id or (focused.parent.id if focused.parent is not None else "") or ""

    def names(self) -> list[str]:
        """Names of all open dossiers."""
        return [row.applicant for row in self.run.desk.counter.worklist()]


@asynccontextmanager
async def receiving(
    folder: Path,
    *,
    size: tuple[int, int] = (80, 24),
    open_form: bool = True,
    before: Callable[[Desk], object] | None = None,
) -> AsyncIterator[Officer]:
    """Run the desk in `folder` with drafts beside the database and the receipt form open."""
    async with running(folder, size=size, before=before) as run:
        object.__setattr__(run.services, "drafts", DraftStore(folder / "draft.json", KEY))
        session = session_of(run.app)
        session.slips = folder / "phieu"
        session.find_spooler = lambda: None
        officer = Officer(run)
        if open_form:
            await officer.press(F2)
            officer.pressed = 0
        yield officer


def dossier(desk: Desk, number: int = 1) -> DossierView:
    found = desk.counter.dossier(number)
    assert found is not None
    return found


def person(desk: Desk, id_number: str = "033180930129") -> PersonView:
    found = desk.counter.person(id_number)
    assert found is not None
    return found


async def pick(officer: Officer, typed: str) -> None:
    """Go to the procedure and take the first find."""
    officer.form.set_focus(officer.form.form.procedure.picker.field)
    await officer.type(typed, ENTER)
