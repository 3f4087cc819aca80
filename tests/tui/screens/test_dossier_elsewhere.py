"""A dossier whose competent agency is elsewhere, on the dossier screen."""

from __future__ import annotations

from pathlib import Path

from db.vocabulary import Act
from tests.counter.desk_fixture import MARITAL, at
from tests.tui.screens.desk_app import ENTER, running
from tests.tui.screens.test_dossier_acts import do, opened


async def test_a_forwarding_may_say_since_when_the_agency_elsewhere_has_it(folder: Path) -> None:
    async with running(folder) as run:
        code = run.desk.receive(MARITAL, competent="UBND xã Cẩm Bình").code
        run.clock.set("2026-03-16T10:00")
        await opened(run, code)
        await do(run, Act.FORWARD, "UBND xã Cẩm Bình", ENTER)
        assert "đã nhận lúc nào?" in run.text
        await run.keys(ENTER)
        assert run.desk.row(code).competent_at is None
        run.clock.set("2026-03-16T10:30")
        await do(run, Act.FORWARD, ENTER, "16/3 9:00", ENTER)
        row = run.desk.row(code)
        assert (row.competent_at, row.promise) == (at("2026-03-16T09:00"), at("2026-03-19T09:00"))
        run.clock.set("2026-03-16T11:00")
        await do(run, Act.FORWARD, ENTER)
        assert "đã nhận lúc nào?" not in run.text
