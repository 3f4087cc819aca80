"""A whole job through the real screens: three citizens, the law's dates, the day closed, the province's signed word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from db import summaries
from db.vocabulary import Act, State
from desk.counter import closing
from desk.counter.model import DossierView
from desk.daily.model import Status
from desk.province.service import Province, open_province
from desk.rules import tally
from desk.tui.screens import dossier_lines
from desk.tui.screens.closing import ClosingScreen
from desk.tui.screens.dossier import DossierScreen
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.saved import SavedScreen
from desk.tui.widgets.line_list import LineList
from tests.counter.desk_fixture import COPIES, LAND, MARITAL, NAME, UNIT, at
from tests.tui.screens.desk_app import ENTER, ESCAPE, F2, F5, F7, Running
from tests.tui.screens.receive_app import THUY, Officer, Y, receiving

MARCH = (date(2026, 3, 12), date(2026, 3, 18))


def view(run: Running, number: int) -> DossierView:
    found = run.desk.counter.dossier(number)
    assert found is not None
    return found


async def receive(officer: Officer, scan: str, procedure: str, promise: str) -> None:
    """Scan a card, take a procedure, save; the promise stands on the screen before and on the slip after."""
    await officer.scan(scan)
    officer.form.set_focus(officer.form.form.procedure.picker.field)
    await officer.type(procedure, ENTER)
    assert promise in officer.promise
    await officer.press(F2)
    assert isinstance(officer.run.app.screen, SavedScreen)
    assert "đã lưu TN-0313-" in officer.run.note
    assert promise in officer.run.text


async def act(officer: Officer, code: str, wanted: Act, *answers: str) -> None:
    """Scan the code of a slip and do one act by its digit."""
    await officer.scan(code)
    screen = officer.run.screen(DossierScreen)
    assert screen.view is not None
    for entry in dossier_lines.entries(screen.view):
        if wanted in entry.acts:
            inner = [] if len(entry.acts) == 1 else [str(entry.acts.index(wanted) + 1)]
            await officer.run.keys(str(entry.digit), *inner, *answers)
            return
    raise AssertionError(wanted)


def files(run: Running) -> list[str]:
    source = run.screen(ClosingScreen).query_one("#files", LineList)._source
    return [" ".join(row.cells) for row in source.window(0, len(source)) if row is not None]


def province_of(folder: Path, officer: Officer) -> Province:
    """Set up a practice province beside the desk and enrol the commune's key."""
    province = open_province(folder / "tinh", officer.run.clock, create=True)
    province.init(practice=True)
    with officer.run.desk.records.reading() as look:
        key = summaries.signing_key(look.connection)
    assert key is not None
    province.enrol(UNIT, key.public_key)
    return province


async def test_from_the_first_scan_to_the_signed_word_of_the_province(tmp_path: Path) -> None:
    async with receiving(tmp_path) as officer:
        run = officer.run
        run.clock.set("2026-03-13T10:56")
        await run.tick()
        await receive(officer, THUY, COPIES, "T6 13/03/2026 17:00")
        await officer.press(F2)
        await receive(officer, Y, MARITAL, "T4 18/03/2026 10:56")
        await officer.press(F2)
        await receive(officer, THUY, LAND, "T6 10/04/2026 10:56")
        copy, certificate, land = (view(run, number).code for number in (1, 2, 3))
        assert [view(run, number).procedure_code for number in (1, 2, 3)] == [COPIES, MARITAL, LAND]

        await officer.press(F5)
        run.screen(HomeScreen)
        assert "Hôm nay 1" in run.text
        run.clock.set("2026-03-13T11:05")
        await act(officer, copy, Act.FINISH, ENTER)
        assert view(run, 1).state is State.FINISHED
        await act(officer, copy, Act.RETURN, ENTER, ENTER, ENTER)
        assert view(run, 1).state is State.RETURNED
        run.clock.set("2026-03-13T14:00")
        await act(officer, land, Act.FORWARD, "Phòng Kinh tế" + ENTER)
        assert (view(run, 3).state, view(run, 3).holder) == (State.PROCESSING, "Phòng Kinh tế")

        run.clock.set("2026-03-13T17:05")
        await officer.press(F7)
        run.screen(ClosingScreen)
        for figure in ("Trực tiếp 3", "Đúng hạn 1", "Quá hạn 0", "Còn 2 + 0", "= 3 ✓", "Khớp danh sách ✓"):
            assert figure in run.text
        await officer.press(F7)
        assert any("số 2" in line and "chờ tỉnh xác nhận" in line for line in files(run))
        await officer.press(F5)

        run.clock.set("2026-03-16T09:00")
        await act(officer, land, Act.OBLIGATION, "thuế" + ENTER)
        run.clock.set("2026-03-17T10:00")
        await act(officer, certificate, Act.FINISH, ENTER)
        run.clock.set("2026-03-18T09:00")
        await act(officer, land, Act.SETTLED, ENTER)
        carried = view(run, 3)
        assert carried.first_promise == at("2026-04-10T10:56")
        assert carried.promise == carried.legal_deadline == at("2026-04-14T10:56")
        await officer.press(F5)

        run.clock.set("2026-03-18T17:05")
        province = province_of(tmp_path, officer)
        await officer.press(F7)
        run.screen(ClosingScreen)
        assert "Kỳ trước 1" in run.text
        await officer.press(F7)
        assert all("chờ tỉnh xác nhận" in line for line in files(run))

        answers = province.ingest([tmp_path / "province"])
        assert {each.status for each in answers} == {Status.MERGED}
        await officer.press(F7)
        assert province.identity().fingerprint[:20] in run.text  # to be held against the paper, once
        await run.keys(ESCAPE)
        assert all("tỉnh xác nhận T4 18/03" in line for line in files(run) if "chưa chốt" not in line)
        assert run.key_bar.endswith("đã gửi đủ")

        with run.desk.records.reading() as look:
            sealed = [closing.daily_of(file) for file in summaries.files(look.connection)]
        whole = tally.combine([daily.rows for daily in sealed])
        assert tally.totals_of(whole) == {
            "direct": 3, "early": 1, "on_time": 1, "open_in_time": 1, "immediate": 1, "uncollected": 1,
        }  # fmt: skip
        own, theirs = run.desk.counter.report(*MARCH), province.report(*MARCH).report
        assert own.total == theirs.total
        assert own.rows == theirs.rows
        assert (own.total.received, own.total.resolved, own.total.open) == (3, 2, 1)
        assert {daily.unit_name for daily in sealed} == {NAME}
        province.close()
