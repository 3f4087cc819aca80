"""Closing the day on a real centre with a real outbox: balance, sealing, sending, the province's answers."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.vocabulary import Act, Delivery
from desk.counter.model import CloseView, OutgoingView, RefusedError
from desk.daily.model import Receipt, Status
from desk.daily.receipt import receipt_name, seal_receipt
from desk.daily.sshsig import SigningKey
from desk.rules import tally
from desk.rules.tally import Count
from desk.sync.model import ItemResult, Run
from desk.tui.screens import closing_lines
from desk.tui.screens.closing import ClosingScreen
from desk.tui.screens.closing_lines import PLAIN_SIGNS, Signs
from desk.tui.screens.home import HomeScreen
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line
from desk.tui.widgets.modals import Ask, TextPage
from desk.tui.widgets.text import width_of
from tests.counter.desk_fixture import BIRTH, LAND, MARITAL, UNIT, at
from tests.tui.screens.desk_app import DOWN, ENTER, ESCAPE, F7, INSERT, Running, running

NOW = at("2026-03-13T17:00")
PROVINCE = SigningKey.from_seed(bytes(range(1, 33)))


def said(run: Running, name: str) -> str:
    return run.app.screen.query_one(f"#{name}", Line).text


def files(run: Running) -> list[tuple[str, ...]]:
    source = run.screen(ClosingScreen).query_one("#files", LineList)._source
    return [row.cells for row in source.window(0, len(source)) if row is not None]


def publish(folder: Path) -> None:
    (folder / "province" / "province.pub").write_text(PROVINCE.public.line("province") + "\n")


def answer(folder: Path, file: OutgoingView, number: int, status: Status, reason: str | None = None) -> None:
    """Write the province's receipt for a file where the desk collects it."""
    receipt = Receipt(
        receipt_for=file.sha256,
        unit=UNIT,
        date=file.day,
        seq=file.seq,
        status=status,
        reason=reason,
        expected_seq=file.seq + 1,
        province_seq=number,
        province_time=at("2026-03-13T17:06"),
        prev_receipt=None,
    )
    place = folder / "province" / UNIT
    place.mkdir(exist_ok=True)
    (place / receipt_name(file.sha256)).write_bytes(seal_receipt(receipt, PROVINCE))


async def test_the_balance_of_the_day(folder: Path) -> None:
    async with running(folder) as run:
        done = run.desk.receive(BIRTH).code
        for procedure in (LAND, MARITAL):
            run.desk.receive(procedure)
        run.desk.act(done, Act.FINISH)
        await run.keys(F7)
        run.screen(ClosingScreen)
        assert "CHỐT NGÀY T6 13/03/2026" in run.top
        assert said(run, "span") == "sự kiện 2-5  tệp số 2"
        assert run.lines[2] == " Chốt trước 1 ngày: T5 12/03"
        assert run.lines[3:6] == [
            " Kỳ trước 0  Trực tuyến 0  Trực tiếp 3  Bưu chính 0  Bàn giao, khác 0     = 3",
            " Trước hạn 0  Đúng hạn 1  Quá hạn 0  Chuyển, hủy, khác 0  Còn 2 + 0       = 3 ✓",
            " Khớp với hôm qua ✓   Khớp từng thủ tục ✓   Khớp danh sách ✓   Đồng hồ ✓",
        ]
        assert files(run) == [("13/03/26", "số 2", "chưa chốt")]
        assert run.desk.counter.outgoing() == ()
        await run.keys(ESCAPE)
        run.screen(HomeScreen)


async def test_the_second_f7_seals_and_sends_and_says_no_more_than_that(folder: Path) -> None:
    async with running(folder) as run:
        run.desk.receive(LAND)
        await run.keys(F7, F7)
        assert run.note == "đã chốt tệp số 1, 2 · đã gửi 2 tệp, chờ tỉnh xác nhận"
        assert said(run, "span") == "sự kiện 2-2  tệp số 2, đã chốt"
        assert [cells[:2] for cells in files(run)] == [("13/03/26", "số 2"), ("12/03/26", "số 1")]
        assert all("chờ tỉnh xác nhận" in cells[2] for cells in files(run))
        assert "tỉnh xác nhận 1" not in run.text
        assert {each.state for each in run.desk.counter.outgoing()} == {Delivery.SENT}
        assert len(list((folder / "province" / UNIT).glob("*.daily"))) == 2
        assert run.key_bar.endswith("2 chờ tỉnh nhận")
        await run.keys(F7)
        assert run.note.startswith("ngày này đã chốt rồi · đã gửi 2 tệp")


async def test_only_a_receipt_confirms_and_a_new_key_is_shown_once(folder: Path) -> None:
    async with running(folder) as run:
        run.desk.receive(LAND)
        await run.keys(F7, F7)
        publish(folder)
        for number, file in enumerate(reversed(run.desk.counter.outgoing()), 1):
            answer(folder, file, number, Status.MERGED)
        await run.keys(F7)
        run.screen(TextPage)
        assert PROVINCE.public.fingerprint in run.text
        assert "Hãy so với vân tay" in run.text
        await run.keys(ESCAPE)
        assert run.note == "ngày này đã chốt rồi · tỉnh xác nhận 2 tệp"
        assert [cells[2] for cells in files(run)] == ["tỉnh xác nhận T6 13/03 17:06"] * 2
        assert "đã gửi đủ" in run.key_bar
        await run.keys(F7)
        assert run.note == "ngày này đã chốt rồi · không còn tệp nào chờ gửi"
        run.screen(ClosingScreen)


async def test_a_refusal_of_the_province_is_said_with_its_reason(folder: Path) -> None:
    async with running(folder) as run:
        run.desk.receive(LAND)
        publish(folder)
        await run.keys(F7, F7, ESCAPE)
        newest, oldest = run.desk.counter.outgoing()
        answer(folder, oldest, 1, Status.REFUSED, "fork")
        answer(folder, newest, 2, Status.HELD, "gap")
        await run.keys(F7)
        assert "tỉnh TỪ CHỐI 1 tệp" in run.note
        assert "tỉnh giữ lại 1 tệp" in run.note
        assert "báo ngay cho tỉnh" in run.note
        assert "TỪ CHỐI" in files(run)[1][2]
        assert "giữ lại" in files(run)[0][2]
        assert "tỉnh TỪ CHỐI 1" in run.key_bar


async def test_a_stick_that_is_not_in_is_said_in_words(folder: Path) -> None:
    async with running(folder) as run:
        run.desk.receive(LAND)
        (folder / "province").rmdir()
        await run.keys(F7, F7)
        assert run.note.startswith("đã chốt tệp số 1, 2 · 2 tệp chưa gửi được · Không thấy thư mục trao đổi")
        assert len(run.desk.counter.outgoing()) == 2
        assert {each.state for each in run.desk.counter.outgoing()} == {Delivery.SEALED}


async def test_a_disk_that_fails_while_sending_loses_nothing_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(folder) as run:
        run.desk.receive(LAND)
        assert run.services is not None

        def full() -> Run:
            raise OSError(28, "No space left on device", str(folder))

        await run.keys(F7)
        with monkeypatch.context() as patch:
            patch.setattr(run.services.post, "run", full)
            await run.keys(F7)
        assert run.note.startswith("đã chốt tệp số 1, 2 · ")
        assert "No space left" in run.note
        await run.keys(F7)
        assert run.note == "ngày này đã chốt rồi · đã gửi 2 tệp, chờ tỉnh xác nhận"


async def test_figures_that_do_not_agree_are_named_and_nothing_is_sealed(folder: Path) -> None:
    async with running(folder) as run:
        code = run.desk.receive(LAND).code
        run.desk.sql("UPDATE dossier SET state = 9 WHERE code = :code", code=code)
        await run.keys(F7)
        assert said(run, "outflows").endswith("= 0 ✗")
        assert said(run, "checks") == ("Khớp với hôm qua ✓   Khớp từng thủ tục ✗   Khớp danh sách ✗   Đồng hồ ✓")
        assert f"hồ sơ {code} sai lệch so với sổ" in run.text
        assert "1.013978: Số vào không bằng số ra" in run.text
        await run.keys(F7)
        assert run.note == "Chưa chốt: số liệu không khớp."
        assert run.desk.counter.outgoing() == ()
        assert not (folder / "province" / UNIT).exists()


async def test_many_faults_stand_on_a_page_of_their_own(folder: Path) -> None:
    async with running(folder) as run:
        codes = [run.desk.receive(LAND).code for _each in range(9)]
        run.desk.sql("UPDATE dossier SET state = 9")
        await run.keys(F7)
        assert len(run.lines) == 24
        assert "F7 Chốt, gửi" in run.lines[23]
        await run.keys(F7)
        run.screen(TextPage)
        assert all(code in run.text for code in codes)


async def test_a_clock_that_ran_back_is_marked(folder: Path) -> None:
    async with running(folder) as run:
        run.desk.receive(LAND)
        await run.keys(F7, F7, ESCAPE)
        run.clock.set("2026-03-12T09:00")
        await run.keys(F7)
        assert "Đồng hồ ✗" in run.text


async def test_a_clock_in_doubt_is_confirmed_by_the_typed_day(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def doubt(*_arguments: object) -> None:
        raise RefusedError("clock_leapt", "Xem đồng hồ máy.")

    monkeypatch.setattr("desk.counter.closing._require_likely_clock", doubt)
    async with running(folder) as run:
        run.desk.receive(LAND)
        await run.keys(F7, F7)
        run.screen(Ask)
        assert "Xem đồng hồ máy. Chốt đến ngày nào?" in run.text
        await run.keys(ESCAPE)
        assert (run.note, run.desk.files()) == ("Xem đồng hồ máy.", [])
        await run.keys(F7, "không biết", ENTER)
        assert (run.note, run.desk.files()) == ("Xem đồng hồ máy.", [])
        await run.keys(F7, "13/3/2026 ", ENTER)
        assert run.note.startswith("đã chốt tệp số 1, 2")


async def test_a_full_outbox_is_said_beside_what_was_sealed(folder: Path) -> None:
    async with running(folder) as run:
        run.desk.receive(LAND)
        (folder / "outbox").write_text("in the way")
        await run.keys(F7, F7)
        assert run.note.startswith("đã chốt tệp số 1, 2 · Ngày đã chốt, đã niêm phong; ")
        (folder / "outbox").unlink()
        await run.keys(F7)
        assert run.note == "ngày này đã chốt rồi · đã gửi 2 tệp, chờ tỉnh xác nhận"


async def test_other_open_days_are_named(folder: Path) -> None:
    async with running(folder, now="2026-03-18T09:00") as run:
        run.desk.receive(LAND)
        await run.keys(F7)
        assert "Chốt trước 4 ngày: T5 12/03, T6 13/03, T2 16/03, T3 17/03" in run.text
        await run.keys(F7)
        assert run.note.startswith("đã chốt tệp số 1, 2, 3, 4, 5")


async def test_a_file_shows_its_figures(folder: Path) -> None:
    async with running(folder) as run:
        run.desk.receive(LAND)
        await run.keys(F7, ENTER)
        run.screen(TextPage)
        assert run.lines[0].strip() == "TỆP SỐ 2 · T6 13/03/2026"
        assert "Nhận trực tiếp" in run.text
        assert "1.013978 Đăng ký đất đai" in run.text
        await run.keys(ESCAPE, F7, ENTER)
        assert run.lines[0].strip() == "TỆP SỐ 2 · T6 13/03/2026"
        await run.keys(ESCAPE, DOWN, ENTER)
        assert run.lines[0].strip() == "TỆP SỐ 1 · T5 12/03/2026"
        assert "(không có gì)" in run.text


async def test_each_file_of_a_day_opens_by_itself(folder: Path) -> None:
    async with running(folder) as run:
        run.desk.receive(LAND)
        await run.keys(F7, F7, ESCAPE)
        run.desk.receive(MARITAL)
        await run.keys(F7, F7)
        assert [cells[1] for cells in files(run)] == ["số 3", "số 2", "số 1"]
        for place, seq, procedure in ((0, 3, "1.004873"), (1, 2, "1.013978")):
            run.screen(ClosingScreen).query_one("#files", LineList).move_to(place)
            await run.keys(ENTER)
            assert run.lines[0].strip() == f"TỆP SỐ {seq} · T6 13/03/2026"
            assert (procedure in run.text, run.text.count("Nhận trực tiếp")) == (True, 2)
            await run.keys(ESCAPE)


async def test_an_export_goes_into_the_typed_folder(folder: Path) -> None:
    async with running(folder) as run:
        run.desk.receive(LAND)
        (folder / "province").rmdir()
        await run.keys(F7, F7)
        assert "Không thấy thư mục" in run.note
        usb = folder / "usb"
        await run.keys(INSERT, str(usb) + " ", ENTER)
        assert run.note.startswith("2 tệp chưa gửi được · Không thấy thư mục trao đổi")
        usb.mkdir()
        await run.keys(INSERT)
        run.screen(Ask)
        assert str(usb) in run.text
        await run.keys(ENTER)
        assert run.note == "đã gửi 2 tệp, chờ tỉnh xác nhận"
        assert len(list((usb / UNIT).glob("*.daily"))) == 2
        await run.keys(INSERT, ESCAPE)
        assert run.note == "đã gửi 2 tệp, chờ tỉnh xác nhận"


async def test_a_console_without_the_signs_has_words(folder: Path) -> None:
    async with running(folder) as run:
        run.app.add_class("-console")
        run.desk.receive(LAND)
        await run.keys(F7)
        assert "✓" not in run.text
        assert "Đồng hồ ok" in run.text


figures = st.dictionaries(st.sampled_from([count.value for count in Count]), st.integers(0, 9_999), max_size=16)


def view_of(totals: Mapping[str, int], faults: tuple[str, ...] = (), *, balanced: bool = True) -> CloseView:
    day = date(2026, 3, 13)
    return CloseView(day, (day,), 183, 10_231, 10_402, totals, {}, balanced, faults)


@given(figures)
@example(dict.fromkeys((count.value for count in Count), 9_999))
def test_the_balance_fits_eighty_columns_and_never_hides_a_difference(totals: dict[str, int]) -> None:
    came = sum(totals.get(count, 0) for count in tally.INFLOWS)
    went = sum(totals.get(count, 0) for count in (*tally.OUTFLOWS, *tally.STOCK))
    for signs in (Signs(), PLAIN_SIGNS):
        for left, right in closing_lines.balance_lines(view_of(totals), 78, signs):
            words = ["".join(text for text, _style in side) for side in (left, right)]
            assert width_of(words[0]) + 1 + width_of(words[1]) <= 78
        assert (signs.right in words[1]) == (came == went)
        assert (signs.wrong in words[1]) == (came != went)


def test_the_drawing_of_the_design() -> None:
    totals = {
        "carried": 61, "online": 30, "direct": 12, "post": 1,
        "early": 18, "on_time": 21, "overdue": 1, "open_in_time": 63, "open_overdue": 1,
    }  # fmt: skip
    lines = closing_lines.balance_lines(view_of(totals), 78, Signs())
    text = ["".join(part for part, _style in left) + "|" + right[0][0] for left, right in lines]
    assert text == [
        "Kỳ trước 61  Trực tuyến 30  Trực tiếp 12  Bưu chính 1 Bàn giao, khác 0|= 104  ",
        "Trước hạn 18  Đúng hạn 21  Quá hạn 1  Chuyển, hủy, khác 0  Còn 63 + 1|= 104 ✓",
    ]
    left, right = closing_lines.span_line(view_of(totals))
    assert (left[0][0], right[0][0]) == ("sự kiện 10.231-10.402", "tệp số 183")


def test_each_fault_marks_its_check() -> None:
    carried = "1.001193: Số kỳ trước chuyển sang không bằng số còn lại của tệp trước. (3 ≠ 2)"
    identity = "tổng: Số vào không bằng số ra cộng số đang giải quyết. (3 ≠ 2)"
    dossier = "hồ sơ TN-18229-260313-10001J sai lệch so với sổ"
    for faults in itertools.chain.from_iterable(
        itertools.combinations((carried, identity, dossier), n) for n in range(4)
    ):
        view = view_of({}, faults, balanced=not faults)
        marks = [text[-1] for text, _style in closing_lines.checks_line(view, (), NOW, 78, Signs())]
        assert marks == ["✗" if fault in faults else "✓" for fault in (carried, identity, dossier)] + ["✓"]
    unnamed = closing_lines.checks_line(view_of({}, balanced=False), (), NOW, 78, Signs())
    assert unnamed[1][0].endswith("✗")


@given(st.lists(st.sampled_from(Delivery), max_size=6))
def test_confirmed_is_said_of_nothing_but_the_confirmed(states: list[Delivery]) -> None:
    day = date(2026, 3, 13)
    items = [
        ItemResult(number, day + timedelta(days=number), "0" * 64, state, "", 1, "folder")
        for number, state in enumerate(states)
    ]
    words, style = closing_lines.run_words(Run(items))
    confirmed = states.count(Delivery.CONFIRMED)
    assert (f"tỉnh xác nhận {confirmed} tệp" in words) == bool(confirmed)
    assert words.count("xác nhận") == bool(confirmed) + (Delivery.SENT in states)
    assert (style == "good") == (set(states) <= {Delivery.CONFIRMED})
