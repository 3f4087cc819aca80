"""The dossier screen on a real centre: facts, dates, masks, scans; the acts are in `test_dossier_acts`."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from msgspec.structs import replace

from db.errors import RecordError, RecordFault
from db.vocabulary import Act, Channel, OfficeEvent, State
from desk.counter import say
from desk.counter.model import Action, Done, Refused
from desk.rules.lifecycle import Standing, allowed
from desk.tui.commands import help_lines
from desk.tui.draft import session_of
from desk.tui.screens import dossier_lines
from desk.tui.screens.dossier import DossierScreen
from desk.tui.screens.dossier_commands import digit_of
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.receive import ReceiveScreen
from desk.tui.screens.reprinting import ReprintPage
from desk.tui.widgets.lines import Line
from desk.tui.widgets.modals import TextPage
from tests.counter.desk_fixture import BIRTH, HEAD, LAND, MARITAL, OFFICIAL, Desk, open_desk
from tests.tui.screens.desk_app import ENTER, ESCAPE, F7, F9, HandSchedule, Running, running

HOSTILE = (
    "[red]x[/]",
    "[@click=app.quit]Nguyễn[/]",
    "[bold",
    "a\u202eb\u2066c\u200bd",
    "\x1b[31mđỏ\x1b[0m",
    "𠮷野家" * 30,
    "x" * 300,
    "Nguye\u0302\u0303n",
)


async def opened(run: Running, wanted: str | int) -> DossierScreen:
    run.app.open_dossier(wanted)
    await run.settle()
    return run.screen(DossierScreen)


async def silence(run: Running) -> None:
    """Let the time pass after which a typed digit acts."""
    schedule = run.app.router.schedule
    assert isinstance(schedule, HandSchedule)
    schedule.fire()
    await run.settle()


def said(run: Running, name: str) -> str:
    return run.app.screen.query_one(f"#{name}", Line).text


def land(desk: Desk, **more: str) -> Done:
    given = {"id_number": "042180000708", "phone": "0912345678", "address": "Thôn Hải Thanh", **more}
    return desk.receive(LAND, "Nguyễn Đức Thịnh", **given)


async def test_the_facts_the_dates_and_what_may_be_done(folder: Path) -> None:
    async with running(folder) as run:
        code = land(run.desk).code
        run.clock.set("2026-03-13T10:00")
        run.desk.act(code, Act.FORWARD, holder="Địa chính")
        run.desk.act(code, Act.SET_CODE, official_code=OFFICIAL)
        run.clock.set("2026-03-16T10:00")
        run.desk.act(code, Act.OBLIGATION, reason="thuế")
        run.clock.set("2026-03-17T10:00")
        run.desk.act(code, Act.SETTLED)
        await opened(run, code)
        assert said(run, "code") == f"{code}   mã chính thức: {OFFICIAL}  ĐANG XỬ LÝ"
        assert said(run, "procedure").startswith("1.013978 Đăng ký đất đai")
        assert said(run, "procedure").endswith("20 ngày làm việc · trực tiếp")
        assert run.lines[2].endswith("20 ngày làm việc · trực tiếp")
        assert said(run, "person").startswith("Nguyễn Đức Thịnh · 042•••••0708 · 09•••678 (X xem đủ")
        assert said(run, "legal") == "Hạn theo luật   T2 13/04/2026 09:12        còn 18 ngày làm việc"
        assert said(run, "first") == "Hẹn lần đầu     T6 10/04/2026 09:12        in trên phiếu, không bao giờ đổi"
        assert said(run, "promise") == "Hẹn hiện nay    T2 13/04/2026 09:12        theo luật, chưa hẹn lại"
        assert "đang ở: Địa chính" in run.lines[7]
        history = [line for line in run.lines if "/03/26" in line]
        assert [line[18:37].strip() for line in history] == [
            "Tiếp nhận", "Chuyển", "Mã chính thức", "Nghĩa vụ tài chính", "Đã nộp"
        ]  # fmt: skip
        assert history[-1].startswith(" ▸")
        assert "không tính thời gian · thuế" in history[3]
        assert run.lines[20:22] == [
            " 1 Chuyển  2 Yêu cầu bổ sung  3 Xong  4 Xin lỗi, hẹn lại (chậm nhất T6 10/04)",
            " 5 Dừng / rút  6 Sửa  7 In lại  8 Nghĩa vụ tài chính  9 Nhận về",
        ]
        await run.keys(ESCAPE)
        run.screen(HomeScreen)


async def test_an_event_opens_in_full(folder: Path) -> None:
    async with running(folder) as run:
        code = land(run.desk).code
        run.desk.act(code, Act.FORWARD, holder="Phòng " + "rất dài " * 20)
        await opened(run, code)
        await run.keys(ENTER)
        run.screen(TextPage)
        assert run.lines[0].strip() == "CHUYỂN"
        assert " ".join(run.text.split()).count("rất dài") == 20
        await run.keys(ESCAPE)
        run.screen(DossierScreen)


async def test_numbers_are_masked_until_asked_for_and_the_asking_is_kept(folder: Path) -> None:
    async with running(folder) as run:
        code, other = land(run.desk).code, run.desk.receive(BIRTH, "Trần Ỷ", id_number="042200159367").code
        await opened(run, code)
        assert "042180000708" not in run.text
        await run.keys("x")
        assert "042180000708 · 0912345678" in run.text
        assert "ghi vết" in run.note
        seen = [event for event in run.desk.events() if event.kind == OfficeEvent.PERSON_SEEN]
        assert [(event.officer_id, event.data["dossier"]) for event in seen] == [(HEAD, run.desk.row(code).id)]
        await run.keys("X")
        assert len([e for e in run.desk.events() if e.kind == OfficeEvent.PERSON_SEEN]) == 1
        await run.keys(ESCAPE)
        assert "042180000708" not in run.text
        await run.keys("x")
        await opened(run, other)
        assert "042180000708" not in run.text
        assert "Trần Ỷ · 042•••••9367" in run.text
        await opened(run, code)
        assert "042180000708" not in run.text


async def test_why_this_date(folder: Path) -> None:
    async with running(folder) as run:
        await opened(run, land(run.desk).code)
        await run.keys("v")
        run.screen(TextPage)
        assert run.lines[0].strip() == "VÌ SAO T6 10/04/2026 09:12?"
        assert "20 ngày làm việc" in run.text
        await run.keys(ESCAPE, "V")
        run.screen(TextPage)


async def test_why_there_is_no_date_yet(folder: Path) -> None:
    async with running(folder) as run:
        code = run.desk.receive(MARITAL, act=Act.REGISTER, channel=Channel.ONLINE).code
        await opened(run, code)
        assert said(run, "promise").endswith("chưa có ngày hẹn")
        assert "chưa có mã chính thức  MỚI ĐĂNG KÝ" in said(run, "code")
        await run.keys("v")
        assert "chưa có ngày hẹn" in run.lines[1]


async def test_what_is_late_and_what_waits_is_said_in_words(folder: Path) -> None:
    async with running(folder) as run:
        late, waits = run.desk.receive(BIRTH, "Lê Muộn").code, run.desk.receive(MARITAL, "Lê Chờ").code
        run.clock.set("2026-03-13T11:00")
        run.desk.act(waits, Act.OBLIGATION, reason="phí")
        run.clock.set("2026-03-16T10:00")
        await opened(run, late)
        assert "QUÁ" in said(run, "legal")
        await opened(run, waits)
        assert "đồng hồ dừng từ T6 13/03 11:00" in said(run, "legal") + said(run, "promise")
        run.desk.act(late, Act.FINISH)
        await opened(run, late)
        assert "quá hạn" in said(run, "legal")
        assert "đã xong quá hạn" in said(run, "promise")


async def test_a_date_beyond_the_calendar_is_marked(folder: Path) -> None:
    async with running(folder, now="2026-12-21T09:00") as run:
        await opened(run, run.desk.receive(LAND).code)
        assert "TẠM TÍNH" in said(run, "promise")


async def test_help_explains_every_act(folder: Path) -> None:
    async with running(folder) as run:
        await opened(run, land(run.desk).code)
        assert set(DossierScreen.COMMANDS_HERE) <= set(run.app.commands_here())
        lines = help_lines(DossierScreen.COMMANDS_HERE)
        for act in set(Act) - {Act.REGISTER, Act.TAKE_OVER}:
            assert any(line.startswith(f"  {digit_of(act):<14} {say.act_name(act)}: ") for line in lines)
        assert all(len(line) <= 78 for line in lines)


async def test_an_unknown_code_is_said_and_the_dossier_before_it_stays(folder: Path) -> None:
    async with running(folder) as run:
        code = land(run.desk).code
        await opened(run, "TN-18229-260313-19999X")
        assert run.note == "Không có hồ sơ TN-18229-260313-19999X."
        await opened(run, code)
        assert run.note == ""
        await opened(run, OFFICIAL)
        assert run.note == f"Không có hồ sơ {OFFICIAL}."
        assert said(run, "code").startswith(code)


async def test_a_scanned_slip_shows_its_dossier_and_no_digit_acts(folder: Path) -> None:
    async with running(folder) as run:
        first, second = land(run.desk).code, run.desk.receive(BIRTH, "Trần Ỷ").code
        run.desk.act(second, Act.SET_CODE, official_code=OFFICIAL)
        await opened(run, first)
        with run.desk.nothing_written():
            await run.scan(second)
            assert said(run, "code").startswith(second)
            await run.scan(first, start=2000.0)
            assert said(run, "code").startswith(first)
            await run.scan(OFFICIAL, start=3000.0)
            assert said(run, "code").startswith(second)
            assert len(run.app.screen_stack) == 3


async def test_a_burst_without_its_end_runs_no_act(folder: Path) -> None:
    async with running(folder) as run:
        code = run.desk.receive(BIRTH, "Trần Ỷ").code
        await opened(run, code)
        with run.desk.nothing_written():
            await run.burst("3333331111" * 3, start=1000.0)
            run.screen(DossierScreen)
            # The silence after it: a burst known to be a machine's may pause once.
            await silence(run)
            await silence(run)
        run.screen(DossierScreen)
        assert "đứt" in run.note
        assert run.desk.row(code).state == State.RECEIVED


async def test_a_digit_waits_for_the_silence(folder: Path) -> None:
    async with running(folder) as run:
        await opened(run, land(run.desk).code)
        await run.burst("3", start=1000.0)
        run.screen(DossierScreen)
        await silence(run)
        assert "Xong: Nguyễn Đức Thịnh" in run.text


async def test_a_card_on_the_dossier_begins_a_receipt(folder: Path) -> None:
    async with running(folder) as run:
        await opened(run, land(run.desk).code)
        await run.scan("042180000708||Nguyễn Đức Thịnh|01011980|Nam|Thôn Hải Thanh, Kỳ Lợi|02022022")
        run.screen(ReceiveScreen)


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_text_is_text(folder: Path, name: str) -> None:
    async with running(folder) as run:
        code = run.desk.receive(MARITAL, name, address=name, phone="0912345678").code
        run.desk.act(code, Act.FORWARD, holder=name)
        await opened(run, code)
        assert len(run.lines) == 24
        kept = run.desk.counter.dossier(code)
        assert kept is not None
        assert said(run, "person").startswith(kept.applicant[:15])
        await run.keys("x", ENTER, ESCAPE, ESCAPE, "v", ESCAPE)
        run.screen(DossierScreen)
        await run.keys("1", "x" + name.replace("\x1b", ""), ENTER)
        assert run.desk.row(code).holder.startswith("x" + kept.applicant[:15])
        assert len(run.lines) == 24


async def test_a_reprint_is_counted_and_shown_where_there_is_no_printer(folder: Path) -> None:
    async with running(folder) as run:
        code = land(run.desk).code
        await opened(run, code)
        session_of(run.app).find_spooler = lambda: None
        session_of(run.app).slips = folder / "phieu"
        await run.keys("7", ENTER)
        assert "(bản in lại lần 1)" in run.text
        await run.keys(ESCAPE)
        assert run.note == f"không có máy in; phiếu ở phieu/{code}.txt"
        assert "lần 1" in (folder / "phieu" / f"{code}.txt").read_text(encoding="utf-8")
        printed: list[str] = []
        session_of(run.app).find_spooler = lambda: lambda title, text: printed.append(title + text)
        await run.keys("7", ENTER)
        assert run.note == "đã gửi máy in bản in lại"
        assert "(bản in lại lần 2)" in printed[0]
        (folder / "phieu" / "x").mkdir()
        session_of(run.app).slips = folder / "desk.db" / "no"
        session_of(run.app).find_spooler = lambda: None
        await run.keys("7", ENTER)
        await run.keys(ESCAPE)
        assert run.note.startswith("chưa in được")


async def test_a_receipt_is_looked_at_before_it_is_printed_again(folder: Path) -> None:
    async with running(folder) as run:
        code = land(run.desk).code
        await opened(run, code)
        session_of(run.app).find_spooler = lambda: None
        session_of(run.app).slips = folder / "phieu"
        with run.desk.nothing_written():
            await run.keys("7")
            run.screen(ReprintPage)
            assert "bản in lại" not in run.text
            assert "Enter In lại, được đếm" in run.text
            await run.keys("7", ESCAPE)
        run.screen(DossierScreen)
        assert not (folder / "phieu").exists()


async def test_a_receipt_that_is_only_shown_is_not_counted(folder: Path) -> None:
    async with running(folder) as run:
        code = land(run.desk).code
        await opened(run, code)
        assert session_of(run.app).slips is None
        with run.desk.nothing_written():
            await run.keys("7", ENTER)
            assert "bản in lại" not in run.text
            await run.keys(ESCAPE)
            assert run.note == "không có máy in: giấy hẹn chỉ hiện trên màn hình"


async def test_a_conflict_is_said_and_the_dossier_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(folder) as run:
        code = land(run.desk).code
        await opened(run, code)

        original = run.desk.counter.act

        def conflict(action: Action) -> Done | Refused:
            original(run.desk.action(action.code, Act.FORWARD, holder="Máy khác"))
            raise RecordError(RecordFault.CONFLICT)

        monkeypatch.setattr(run.desk.counter, "act", conflict)
        await run.keys("3", ENTER)
        monkeypatch.setattr(run.desk.counter, "act", original)
        assert run.note == "Hồ sơ vừa được máy khác sửa: xem lại rồi làm lại."
        assert "đang ở: Máy khác" in run.text
        assert run.desk.row(code).state == State.PROCESSING
        await run.keys("3", ENTER)
        assert run.desk.row(code).state == State.FINISHED


async def test_every_act_has_a_name_in_the_palette_and_says_why_not(folder: Path) -> None:
    async with running(folder) as run:
        code = land(run.desk).code
        await opened(run, code)
        await run.keys(F9, "tra ket qua")
        assert "Trả kết quả: đưa kết quả cho dân" in run.text
        await run.keys(ENTER)
        assert run.note == "Hồ sơ được tiếp nhận: không thể trả kết quả."
        await run.keys(F9, "hoan tac", ENTER)
        assert "không thể hoàn tác" in run.note
        await run.keys(F9, "xong", ENTER, ENTER)
        assert run.desk.row(code).state == State.FINISHED


def test_no_state_needs_more_than_nine_digits(folder: Path) -> None:
    desk = open_desk(folder / "desk.db")
    view = desk.counter.dossier(desk.receive(LAND).code)
    desk.records.close()
    assert view is not None
    for state, accepted, away, undoable in product(State, (False, True), (False, True), (False, True)):
        acts = allowed(Standing(state=state, accepted=accepted, with_department=away, undoable=undoable))
        menu = dossier_lines.entries(replace(view, acts=acts))
        digits = [entry.digit for entry in menu]
        assert digits == sorted(set(digits))
        assert set(digits) <= set(range(1, 10))
        assert sorted(act for entry in menu for act in entry.acts) == sorted(acts)


async def test_a_digit_never_comes_to_mean_something_else(folder: Path) -> None:
    async with running(folder) as run:
        code = land(run.desk).code
        await opened(run, code)
        menu = "1 Chuyển  2 Yêu cầu bổ sung  3 Xong  4 Xin lỗi, hẹn lại"
        rest = "5 Dừng / rút  6 Sửa  7 In lại  8 Nghĩa vụ tài chính"
        assert menu in run.text
        assert rest in run.text
        await run.keys("4", ENTER, ENTER)
        assert run.desk.row(code).rescheduled
        assert said(run, "promise").endswith("còn 21 ngày làm việc · đã hẹn lại một lần")
        assert said(run, "promise") in run.text
        assert "3 Xong  5 Dừng / rút  6 Sửa  7 In lại" in run.text
        before = len(run.desk.counter.dossier(code).events)  # type: ignore[union-attr]
        await run.keys("4")
        run.screen(DossierScreen)
        assert len(run.desk.counter.dossier(code).events) == before  # type: ignore[union-attr]


async def test_f7_from_a_dossier_closes_the_day_and_comes_back(folder: Path) -> None:
    async with running(folder) as run:
        code = land(run.desk).code
        await opened(run, code)
        await run.keys(F7, ESCAPE)
        run.screen(DossierScreen)
        assert said(run, "code").startswith(code)
