"""The outbox screen on a real centre with a real outbox, at 80x24: what waits, and every way to get it there."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from db import summaries
from db.vocabulary import Delivery, OfficeEvent
from desk.daily.model import Status
from desk.daily.sshsig import PublicKey
from desk.province.service import Province
from desk.sync.ways import FolderWay
from desk.tui.screens.act_dialogs import Question
from desk.tui.screens.closing import ClosingScreen
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.outbox import OutboxScreen
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line
from desk.tui.widgets.modals import TextLines, TextPage
from tests.counter.desk_fixture import LAND, UNIT, Desk
from tests.province.factory import made_province
from tests.sync.test_patience import Line as Wire
from tests.tui.screens.desk_app import DOWN, ENTER, ESCAPE, F1, F7, F9, INSERT, Running, running
from tests.tui.screens.test_closing import answer, publish


def closed(desk: Desk) -> None:
    """Two days that are sealed and not sent."""
    desk.receive(LAND)
    desk.counter.close()


@asynccontextmanager
async def outbox(folder: Path) -> AsyncIterator[Running]:
    """Be on the outbox screen with two files waiting."""
    async with running(folder, before=closed) as run:
        await run.keys(F9, "hop gui", ENTER)
        run.screen(OutboxScreen)
        yield run


@contextmanager
def province_of(run: Running, folder: Path) -> Iterator[Province]:
    """Set up the province that knows this centre's key; the centre knows the province's."""
    made = made_province(folder / "tinh", run.clock, practice=True)
    with run.desk.records.reading() as view:
        key = summaries.signing_key(view.connection)
    assert key is not None
    made.enrol(UNIT, PublicKey.parse(key.public_key).line())
    shutil.copy(made.folder / "province.pub", folder / "province.pub")
    try:
        yield made
    finally:
        made.close()


def rows(run: Running) -> list[tuple[str, ...]]:
    source = run.screen(OutboxScreen).query_one("#files", LineList)._source
    return [row.cells for row in source.window(0, len(source)) if row is not None]


def facts(run: Running) -> str:
    return run.app.screen.query_one("#facts", Line).text


def story(run: Running) -> tuple[str, ...]:
    return run.app.screen.query_one("#story", TextLines)._given


async def test_it_is_a_place_of_f9_and_one_key_from_the_close(folder: Path) -> None:
    async with outbox(folder) as run:
        await run.keys(ESCAPE)
        run.screen(HomeScreen)
        await run.keys(F7)
        assert "1 Hộp gửi" in run.key_bar
        await run.keys("1")
        run.screen(OutboxScreen)
        await run.keys(ESCAPE)
        run.screen(ClosingScreen)


async def test_what_waits_and_since_when(folder: Path) -> None:
    async with outbox(folder) as run:
        assert facts(run) == "2 tệp chờ tỉnh xác nhận · lâu nhất từ T5 12/03"
        assert rows(run) == [
            ("T6 13/03", "2", "13/03 09:12", "", "", "đã chốt, chưa gửi"),
            ("T5 12/03", "1", "13/03 09:12", "", "", "đã chốt, chưa gửi"),
        ]
        assert story(run)[0] == "Tệp số 2 ngày 13/03/2026, chốt T6 13/03 09:12."
        await run.keys(DOWN)
        assert story(run)[0] == "Tệp số 1 ngày 12/03/2026, chốt T6 13/03 09:12."


async def test_send_now_and_what_the_province_answers(folder: Path) -> None:
    async with outbox(folder) as run:
        await run.keys("1")
        assert run.note == "đã gửi 2 tệp, chờ tỉnh xác nhận"
        assert [cells[3:] for cells in rows(run)] == [("1", "USB", "chờ tỉnh xác nhận")] * 2
        publish(folder)
        newest, oldest = run.desk.counter.outgoing()
        answer(folder, oldest, 1, Status.MERGED)
        answer(folder, newest, 2, Status.HELD, "gap")
        await run.keys("1", ESCAPE)
        run.screen(OutboxScreen)
        assert facts(run) == "1 tệp chờ tỉnh xác nhận · lâu nhất từ T6 13/03 · tỉnh giữ lại 1"
        assert [cells[5] for cells in rows(run)] == ["tỉnh giữ lại, chờ tệp trước", "tỉnh xác nhận T6 13/03 17:06"]
        assert story(run)[2].endswith("còn thiếu tệp trước nó, gửi tệp trước là được nhận.")
        answer(folder, newest, 3, Status.REFUSED, "fork")
        await run.keys("1")
        assert rows(run)[0][5].startswith("tỉnh TỪ CHỐI: ")
        assert facts(run).endswith("tỉnh TỪ CHỐI 1")
        answer(folder, newest, 4, Status.MERGED)
        await run.keys("1")
        assert facts(run) == "Tỉnh đã xác nhận mọi tệp."
        assert run.key_bar.endswith("đã gửi đủ")


async def test_why_not_yet_and_when_next(folder: Path) -> None:
    async with outbox(folder) as run:
        assert run.services is not None
        wire = Wire()
        run.services.post._ways = (wire,)
        await run.keys("1")
        assert "Đường truyền đứt giữa chừng" in run.note
        assert rows(run)[1][5].startswith("chưa gửi được · lần tới 09:12")
        assert any("Đường truyền đứt giữa chừng" in line for line in story(run))
        for _again in range(9):
            await run.keys("1")
        assert rows(run)[1][3] == "10"
        # What is sent now begins the pauses anew, however often it has failed.
        assert rows(run)[1][5].startswith("chưa gửi được · lần tới 09:12")
        run.services.post._ways = ()
        await run.keys("1")
        assert story(run)[-1].startswith("Không tự gửi: chưa chọn nơi gửi")


async def test_it_follows_what_is_sent_without_a_key(folder: Path) -> None:
    async with outbox(folder) as run:
        run.app.sending.look()
        await run.settle()
        assert [cells[5] for cells in rows(run)] == ["chờ tỉnh xác nhận"] * 2
        run.clock.set("2026-03-17T08:00")
        await run.tick()
        assert story(run)[0].endswith("đã chờ 4 ngày.")


async def test_two_keys_put_every_unconfirmed_file_onto_a_stick(folder: Path) -> None:
    stick = folder / "KINGSTON"
    stick.mkdir()
    async with outbox(folder) as run:
        run.app.sending.sticks = lambda: ("/media/old", str(stick))
        await run.keys(INSERT, ENTER)
        assert run.note == "đã gửi 2 tệp, chờ tỉnh xác nhận"
        assert len(list((stick / UNIT).glob("*.daily"))) == 2
        # A typed folder takes the place of the one suggested, and is offered the next time.
        other = folder / "other"
        other.mkdir()
        run.app.sending.sticks = tuple
        await run.keys(INSERT)
        assert str(stick) in run.text
        await run.keys("\x15", str(other) + " ", ENTER)
        assert len(list((other / UNIT).glob("*.daily"))) == 2


async def test_receipts_are_taken_from_a_stick_and_nothing_is_written_on_it(folder: Path) -> None:
    async with outbox(folder) as run:
        stick = folder / "stick"
        stick.mkdir()
        run.app.sending.sticks = lambda: (str(stick),)
        await run.keys("3", ENTER)
        assert run.note == "không có giấy báo nhận nào mới"
        assert list(stick.iterdir()) == []
        with province_of(run, folder) as province:
            for file in run.desk.files():
                FolderWay(stick, UNIT).offer(f"x{file.seq}.daily", file.content)
            province.ingest([stick])
        before = sorted(path.name for path in stick.rglob("*"))
        await run.keys("3", ENTER)
        assert run.note == "tỉnh xác nhận 2 tệp"
        assert sorted(path.name for path in stick.rglob("*")) == before
        assert [cells[5] for cells in rows(run)] == ["tỉnh xác nhận T6 13/03 09:12"] * 2
        stick.rename(folder / "out")
        await run.keys("3", ENTER)
        assert run.note.startswith("không có giấy báo nhận nào mới · Không thấy thư mục trao đổi")


async def test_a_code_over_the_phone_is_a_note_beside_the_state(folder: Path) -> None:
    async with outbox(folder) as run:
        with province_of(run, folder) as province:
            for file in run.desk.files():
                province.take(file.content)
            first, _second = province.acknowledged(UNIT)
        await run.keys("2")
        run.screen(Question)
        await run.keys(first.code[:6])
        assert "đã gõ 5 trên 12 số" in run.text
        await run.keys(first.code[6:])
        assert "đủ ba nhóm" in run.text
        await run.keys(ENTER)
        assert run.note.startswith("Tỉnh báo qua điện thoại: đã nhận tệp số 1 ngày 12/03/2026.")
        assert rows(run)[1][5] == "đã chốt, chưa gửi · nghe ĐT: đã nhận"
        assert facts(run).endswith("· nghe điện thoại 1")
        assert "Nghe qua điện thoại 13/03 09:12 (Lê Thị Hoa): tỉnh đã nhận." in run.text
        assert {each.state for each in run.desk.counter.outgoing()} == {Delivery.SEALED}
        assert [each.kind for each in run.desk.events()].count(OfficeEvent.RECEIPT_HEARD) == 1
        await run.keys(ESCAPE, F7)
        run.screen(ClosingScreen)
        assert "nghe ĐT: đã nhận" in run.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1234 5", "Nhóm 1 sai: nhờ tỉnh đọc lại nhóm 1."),
        ("12a", "Mã chỉ có chữ số: 12 số, ba nhóm bốn số."),
        ("123 1234 1234", "Nhóm 1 không đủ bốn số"),
        ("1234 1234 12", "Nhóm 1, 2 sai"),
    ],
)
async def test_a_slip_is_told_while_it_is_typed_and_not_taken(folder: Path, typed: str, said: str) -> None:
    async with outbox(folder) as run:
        await run.keys("2", typed)
        assert said in run.text
        await run.keys(ENTER)
        run.screen(Question)
        assert said in run.text
        await run.keys(ESCAPE)
        assert run.note == ""


async def test_a_code_typed_as_fast_as_a_scan_is_no_card(folder: Path) -> None:
    async with outbox(folder) as run:
        with province_of(run, folder) as province:
            province.take(run.desk.files()[0].content)
            (first,) = province.acknowledged(UNIT)
        await run.keys("2")
        await run.scan(first.code.replace(" ", ""))
        assert run.note.startswith("Tỉnh báo qua điện thoại: đã nhận tệp số 1")


async def test_a_right_code_without_the_provinces_key_is_not_believed(folder: Path) -> None:
    async with outbox(folder) as run:
        with province_of(run, folder) as province:
            province.take(run.desk.files()[0].content)
            (first,) = province.acknowledged(UNIT)
        (folder / "province.pub").unlink()
        await run.keys("2", first.code, ENTER)
        assert run.note.startswith("Chưa có khóa của tỉnh nên chưa kiểm được mã")


async def test_enter_shows_the_file_with_its_hash_to_be_read_out(folder: Path) -> None:
    async with outbox(folder) as run:
        await run.keys(ENTER)
        run.screen(TextPage)
        assert run.lines[0].strip() == "TỆP SỐ 2 · T6 13/03/2026"
        sha256 = run.desk.counter.outgoing()[0].sha256
        assert sha256[:32] in run.text
        assert sha256[32:] in run.text
        assert "Nhận trực tiếp" in run.text


async def test_f1_tells_its_keys(folder: Path) -> None:
    async with outbox(folder) as run:
        await run.keys(F1)
        assert "Gửi ngay mọi tệp chưa được xác nhận" in run.text
        assert "Nhận giấy báo nhận từ một thư mục" in run.text


async def test_an_empty_outbox_says_so(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(F9, "hop gui", ENTER)
        assert facts(run) == "Chưa chốt ngày nào."
        await run.keys(ENTER)
        run.screen(OutboxScreen)
