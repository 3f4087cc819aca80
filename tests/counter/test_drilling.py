"""The morning drill: which dossier stands in which group at which minute, and the page that is printed."""

from __future__ import annotations

from datetime import date

import pytest

from db.vocabulary import Act
from desk.counter import drilling
from desk.counter.drill_figures import next_cutoff
from desk.counter.model import Drill, Morning
from desk.forms.receipt import width
from desk.rules.calendar import Calendar, DayRule
from tests.counter.desk_fixture import COPIES, LAND, LODGING, MARITAL, UNKNOWN_LIMIT, Desk, at

LONG = "Nguyễn Phúc Bảo Hoàng Thị Thùy Dương Công Tằng Tôn Nữ Kim Ngân"


@pytest.mark.parametrize(
    ("received", "now", "owed"),
    [
        ("2026-03-12T15:00", "2026-03-12T16:59", False),
        ("2026-03-12T15:00", "2026-03-12T17:00", True),
        ("2026-03-12T15:00", "2026-03-13T07:00", True),
        ("2026-03-12T15:01", "2026-03-13T07:29", False),
        ("2026-03-12T15:01", "2026-03-13T07:30", True),
        ("2026-03-13T15:01", "2026-03-14T09:00", False),
        ("2026-03-13T15:01", "2026-03-16T07:30", True),
        ("2026-03-14T09:00", "2026-03-16T07:30", True),
    ],
)
def test_papers_not_forwarded_by_the_three_oclock_rule(desk: Desk, received: str, now: str, owed: bool) -> None:
    desk.clock.set(received)
    kept, sent = desk.receive(LAND), desk.receive(LAND)
    desk.act(sent.code, Act.FORWARD, holder="Địa chính")
    desk.clock.set(now)
    assert desk.counter.drill().unforwarded == ((kept.dossier_id,) if owed else ())


def test_tomorrow_is_the_next_working_day(desk: Desk) -> None:
    friday = desk.receive(UNKNOWN_LIMIT, promise=at("2026-03-13T16:00"))
    sunday = desk.receive(UNKNOWN_LIMIT, promise=at("2026-03-15T10:00"))
    monday = desk.receive(UNKNOWN_LIMIT, promise=at("2026-03-16T10:00"))
    tuesday = desk.receive(UNKNOWN_LIMIT, promise=at("2026-03-17T10:00"))
    drill = desk.counter.drill()
    assert (drill.today, drill.next_day) == ((friday.dossier_id,), date(2026, 3, 16))
    assert drill.tomorrow == (sunday.dossier_id, monday.dossier_id)
    assert drill.apology == (sunday.dossier_id, monday.dossier_id)
    desk.clock.set("2026-03-16T10:01")
    drill = desk.counter.drill()
    assert drill.overdue == (friday.dossier_id, sunday.dossier_id, monday.dossier_id)
    assert (drill.today, drill.tomorrow) == ((), (tuesday.dossier_id,))


def test_an_apology_is_owed_once_and_not_for_hours(desk: Desk) -> None:
    desk.receive(LODGING)
    desk.receive(COPIES)
    again = desk.receive(MARITAL)
    desk.act(again.code, Act.RESCHEDULE, to=at("2026-03-19T10:00"), reason="chờ xác minh")
    once = desk.receive(MARITAL)
    desk.clock.set("2026-03-17T08:00")
    assert desk.counter.drill().apology == (once.dossier_id,)
    desk.clock.set("2026-03-18T08:00")
    drill = desk.counter.drill()
    assert (drill.apology, drill.tomorrow, drill.today) == ((), (again.dossier_id,), (once.dossier_id,))


def test_who_waits_longer_than_the_term_is_named(desk: Desk) -> None:
    waiting, paying = desk.receive(LAND), desk.receive(LAND)
    desk.act(waiting.code, Act.SUPPLEMENT, reason="thiếu")
    desk.act(paying.code, Act.OBLIGATION)
    by = desk.row(waiting.code).supplement_by
    assert by == at("2026-04-03T17:00")
    desk.clock.set("2026-04-03T17:00")
    assert desk.counter.drill().waiting_long == ()
    desk.clock.set("2026-04-03T17:01")
    drill = desk.counter.drill()
    assert set(drill.waiting) == {waiting.dossier_id, paying.dossier_id}
    assert drill.waiting_long == (waiting.dossier_id,)
    assert drill.overdue == ()


@pytest.mark.parametrize(
    ("now", "days", "ends"),
    [
        ("2026-11-01T09:00", 60, True),
        ("2026-10-31T09:00", 61, False),
        ("2026-12-31T09:00", 0, True),
        ("2027-01-04T09:00", -4, True),
    ],
)
def test_the_end_of_the_calendar_is_told_sixty_days_before(desk: Desk, now: str, days: int, ends: bool) -> None:
    desk.clock.set(now)
    drill = desk.counter.drill()
    assert (drill.covered_until, drill.coverage_days, drill.coverage_ends) == (date(2026, 12, 31), days, ends)
    said = drilling.coverage_sentence(drill)
    assert "31/12/2026" in said
    assert ("cần nạp lịch mới" in said) is ends
    assert drilling.coverage_sentence(Drill()) == ""


@pytest.mark.parametrize(
    ("now", "cutoff", "minutes"),
    [
        ("2026-03-13T07:00", "15:00", 480),
        ("2026-03-13T15:00", "15:00", 0),
        ("2026-03-13T15:01", "16:00", 59),
        ("2026-03-13T16:01", "", None),
        ("2026-03-14T09:00", "", None),
    ],
)
def test_minutes_until_the_next_cutoff(desk: Desk, now: str, cutoff: str, minutes: int | None) -> None:
    desk.sql("UPDATE procedure SET limit_text = 'same_day@16:00' WHERE code = :code", code=LODGING)
    desk.clock.set(now)
    drill = desk.counter.drill()
    assert ("" if drill.cutoff is None else f"{drill.cutoff:%H:%M}", drill.minutes_to_cutoff) == (cutoff, minutes)


def test_without_same_day_limits_papers_are_still_forwarded_by_three() -> None:
    cal = Calendar((DayRule(date(2026, 3, 14), counts=True, open=True),), (), date(2026, 1, 1), date(2026, 12, 31))
    limits = {"", "3 working_day"}
    assert next_cutoff(cal, at("2026-03-14T09:00"), limits) == at("2026-03-14T15:00")
    assert next_cutoff(cal, at("2026-03-14T15:01"), limits) is None
    assert next_cutoff(cal, at("2026-03-14T15:01"), {"same_day@16:30"}) == at("2026-03-14T16:30")


def printed(desk: Desk) -> list[str]:
    lines = list(drilling.lines(desk.counter.centre, desk.counter.morning()))
    assert all(width(line) <= 80 and line == line.rstrip() for line in lines)
    return lines


def test_nothing_due_is_said_plainly(desk: Desk) -> None:
    desk.receive(LAND)
    assert desk.counter.drill().nothing_due
    lines = printed(desk)
    assert "Hôm nay không có việc đến hạn, không có hồ sơ quá hạn." in lines
    assert "QUÁ HẠN: 0" in lines
    desk.receive(COPIES)
    assert not desk.counter.drill().nothing_due
    assert not any("không có việc" in line for line in printed(desk))


def test_the_page_names_every_dossier_behind_its_figures(desk: Desk) -> None:
    late = desk.receive(COPIES, LONG, id_number="042180000708", phone="0912345678")
    desk.receive(MARITAL, "Trần Thị Mai")
    done = desk.receive(COPIES, "Đỗ Văn Lộc")
    desk.act(late.code, Act.FORWARD, holder="Phòng Văn hóa – Xã hội và các vấn đề khác của xã")
    desk.act(done.code, Act.FINISH)
    desk.clock.set("2026-03-17T08:00")
    lines = printed(desk)
    text = "\n".join(lines)
    assert lines[0].strip() == "*** THỰC HÀNH - KHÔNG CÓ GIÁ TRỊ ***"
    assert lines[1] == "VIỆC TRONG NGÀY · Xã Đức Thọ · T3 17/03/2026 08:00"
    place = lines.index("QUÁ HẠN: 1")
    assert lines[place + 1].startswith(f"  {late.code}  Nguyễn Phúc Bảo")
    assert lines[place + 1].endswith("T6 13/03 17:00 QUÁ 1 ngày")
    assert "· ở Phòng Văn hóa" in lines[place + 2]
    assert "XIN LỖI VÀ HẸN LẠI CHẬM NHẤT HÔM NAY: 1" in lines
    assert "ĐẾN HẠN NGÀY LÀM VIỆC TỚI, T4 18/03: 1" in lines
    assert "CÓ KẾT QUẢ, CHƯA TRẢ: 1" in lines
    assert text.count("Trần Thị Mai") == 3
    assert "Giờ chốt kế tiếp trong ngày: 15:00 (còn 420 phút)." in lines
    assert "042180000708" not in text
    assert "0912345678" not in text


def test_the_figures_and_the_lines_are_one_snapshot(desk: Desk) -> None:
    desk.receive(COPIES)
    desk.receive(MARITAL)
    found = desk.counter.morning()
    assert isinstance(found, Morning)
    assert found.drill == desk.counter.drill()
    for name in drilling.LISTED:
        ids = getattr(found.drill, name)
        assert [row.id for row in found.listed(ids)] == list(ids)


def test_a_provisional_date_says_so_on_the_page(desk: Desk) -> None:
    desk.clock.set("2026-12-30T09:00")
    desk.receive(MARITAL)
    desk.clock.set("2027-01-04T08:00")
    assert any("T2 04/01 09:00 (tạm tính)" in line for line in printed(desk))
    assert any(line.startswith("LỊCH LÀM VIỆC ĐÃ HẾT TỪ 31/12/2026") for line in printed(desk))
