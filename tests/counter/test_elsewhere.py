"""Receipt for an agency elsewhere: the clock starts when the competent agency has the dossier."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import journal
from db.vocabulary import Act, State
from desk.counter import clockwork
from desk.counter.calendar_change import CalendarEffect
from desk.counter.reference_data import import_calendar
from desk.counter.reference_files import CalendarFile
from desk.rules.calendar import DayRule
from tests.counter.desk_fixture import HEAD, LAND, MARITAL, UNKNOWN_LIMIT, Desk, at, open_desk, refused, scratch

AGENCY = "UBND xã Cẩm Bình"


def say(desk: Desk, code: str) -> str:
    return " ".join(" ".join(desk.counter.why(desk.row(code).id)).split())


def slip(desk: Desk, code: str) -> str:
    found = desk.counter.receipt(desk.row(code).id, back=True)
    assert isinstance(found, tuple)
    return " ".join(" ".join(found).split())


def test_the_clock_starts_where_the_receipt_there_is_known(desk: Desk) -> None:
    desk.clock.set("2026-03-13T16:40")
    code = desk.receive(
        MARITAL, competent=AGENCY, competent_at=at("2026-03-13T16:30"), received_at=at("2026-03-13T09:12")
    ).code
    row = desk.row(code)
    assert (row.received_at, row.competent_at) == (at("2026-03-13T09:12"), at("2026-03-13T16:30"))
    assert row.legal_deadline == row.promise == row.first_promise == at("2026-03-18T16:30")
    assert not row.provisional
    view = desk.counter.dossier(code)
    assert view is not None
    assert (view.competent, view.competent_at, view.received_at) == (AGENCY, row.competent_at, row.received_at)
    assert f"nộp T6 13/03 09:12; thời hạn tính từ khi {AGENCY} nhận: T6 13/03/2026 16:30" in say(desk, code)
    assert "Thời gian nhận hồ sơ: 09 giờ 12 phút" in slip(desk, code)
    assert "Thời gian trả kết quả giải quyết hồ sơ: 16 giờ 30 phút, ngày 18 tháng 03" in slip(desk, code)


def test_an_agency_that_has_it_after_closing_starts_on_the_next_working_day(desk: Desk) -> None:
    desk.clock.set("2026-03-13T18:00")
    code = desk.receive(
        MARITAL, competent=AGENCY, competent_at=at("2026-03-13T17:45"), received_at=at("2026-03-13T16:00")
    ).code
    assert desk.row(code).promise == at("2026-03-19T07:30")


def test_until_it_is_known_the_dates_are_provisional_and_never_late_for_the_citizen(desk: Desk) -> None:
    code = desk.receive(MARITAL, competent=AGENCY).code
    row = desk.row(code)
    assert (row.promise, row.provisional, row.competent_at) == (at("2026-03-18T09:12"), True, None)
    view = desk.counter.dossier(code)
    assert view is not None
    assert view.promise_note == f"tạm tính từ lúc nộp; thời hạn tính từ khi {AGENCY} nhận"
    assert view.promise_note in slip(desk, code)
    desk.clock.set("2026-03-16T10:00")
    done = desk.act(code, Act.FORWARD, competent_at=at("2026-03-16T08:30"))
    assert done.promise == done.legal_deadline == at("2026-03-19T08:30")
    row = desk.row(code)
    assert (row.holder, row.first_promise, row.provisional) == (AGENCY, at("2026-03-18T09:12"), False)
    assert (row.rescheduled, State(row.state)) == (False, State.PROCESSING)
    assert "T2 16/03 08:30" in say(desk, code)
    assert "Thời gian trả kết quả giải quyết hồ sơ: 09 giờ 12 phút, ngày 18 tháng 03" in slip(desk, code)
    desk.act(code, Act.OBLIGATION)
    desk.clock.set("2026-03-17T10:00")
    assert desk.act(code, Act.SETTLED).promise == at("2026-03-20T08:30")
    assert desk.disagreeing() == []


def test_undoing_the_news_brings_the_provisional_dates_back(desk: Desk) -> None:
    code = desk.receive(MARITAL, competent=AGENCY).code
    desk.clock.set("2026-03-13T15:00")
    desk.act(code, Act.FORWARD, competent_at=at("2026-03-13T14:00"))
    desk.act(code, Act.UNDO)
    row = desk.row(code)
    assert (row.promise, row.legal_deadline) == (at("2026-03-18T09:12"), at("2026-03-18T09:12"))
    assert (row.provisional, row.competent_at) == (True, None)


def test_a_registered_dossier_is_accepted_for_the_agency(desk: Desk) -> None:
    code = desk.receive(MARITAL, competent=AGENCY, act=Act.REGISTER).code
    desk.clock.set("2026-03-13T10:00")
    desk.act(code, Act.RECEIVE)
    assert (desk.row(code).provisional, desk.row(code).promise) == (True, at("2026-03-18T10:00"))
    desk.act(code, Act.FORWARD, competent_at=at("2026-03-13T10:00"))
    assert not desk.row(code).provisional


def test_a_typed_promise_stands(desk: Desk) -> None:
    code = desk.receive(UNKNOWN_LIMIT, competent=AGENCY, promise=at("2026-03-27T10:00")).code
    assert desk.row(code).provisional
    desk.clock.set("2026-03-16T10:00")
    desk.act(code, Act.FORWARD, competent_at=at("2026-03-16T08:30"))
    assert (desk.row(code).promise, desk.row(code).provisional) == (at("2026-03-27T10:00"), False)


@pytest.mark.parametrize(
    ("given_", "reason"),
    [
        ({"competent_at": at("2026-03-13T09:00")}, "competent_needed"),
        ({"competent": AGENCY, "competent_at": at("2026-03-13T09:00")}, "competent_before_receipt"),
        ({"competent": AGENCY, "competent_at": at("2026-03-13T09:13")}, "competent_in_future"),
        ({"competent": AGENCY, "competent_at": at("2026-03-13T09:12"), "act": Act.REGISTER}, "competent_too_soon"),
    ],
)
def test_no_instant_that_cannot_be(desk: Desk, given_: dict[str, Any], reason: str) -> None:
    with desk.nothing_written():
        refused(desk.try_receive(MARITAL, **given_), reason)


def test_the_news_comes_once_to_a_dossier_that_waits_for_it(desk: Desk) -> None:
    own, theirs = desk.receive(MARITAL).code, desk.receive(MARITAL, competent=AGENCY).code
    held = desk.receive(MARITAL, competent=AGENCY).code
    desk.act(held, Act.OBLIGATION)
    desk.act(held, Act.SETTLED)
    news = {"competent_at": at("2026-03-13T09:12")}
    with desk.nothing_written():
        refused(desk.try_act(own, Act.FORWARD, **news), "not_awaited")
        refused(desk.try_act(held, Act.FORWARD, **news), "clock_carried")
        refused(desk.try_act(theirs, Act.FORWARD, competent_at=at("2026-03-13T09:11")), "competent_before_receipt")
        refused(desk.try_act(theirs, Act.FORWARD, competent_at=at("2026-03-13T09:13")), "competent_in_future")
    desk.act(theirs, Act.FORWARD, **news)
    desk.act(theirs, Act.HANDED_BACK)
    refused(desk.try_act(theirs, Act.FORWARD, **news), "not_awaited")


ACTS: tuple[tuple[Act, dict[str, Any]], ...] = (
    (Act.FORWARD, {"news": 5}),
    (Act.FORWARD, {"news": 600}),
    (Act.HANDED_BACK, {}),
    (Act.SUPPLEMENT, {"reason": "thiếu", "override": "x"}),
    (Act.SUPPLEMENTED, {}),
    (Act.OBLIGATION, {}),
    (Act.SETTLED, {}),
    (Act.VARIANT, {"variant": "phải xác minh", "reason": "x"}),
    (Act.UNDO, {"reason": "nhầm"}),
)


@settings(max_examples=40, deadline=None)
@given(
    story=st.lists(
        st.tuples(st.sampled_from((*ACTS, None)), st.integers(1, 1200), st.integers(0, 20)), min_size=2, max_size=10
    ),
    known=st.booleans(),
)
def test_whatever_happens_the_row_is_what_the_clock_says(story: list[Any], known: bool) -> None:
    folder = scratch()
    desk = open_desk(folder / "desk.db")
    try:
        arrived = {"competent_at": at("2026-03-13T09:12")} if known else {}
        given_: dict[str, Any] = {"competent": AGENCY, **arrived}
        code = desk.receive(LAND if known else MARITAL, **given_).code
        for number, (what, minutes, day) in enumerate(story):
            desk.clock.advance(minutes=minutes)
            if what is None:
                off = DayRule(date(2026, 3, 14) + timedelta(days=day), counts=False, open=False)
                file = CalendarFile(f"2026.{number + 3}", date(2026, 1, 1), date(2026, 12, 31), (off,), "0" * 64)
                preview = import_calendar(desk.context, file, dry_run=True)
                assert import_calendar(desk.context, file, HEAD) == preview
                assert isinstance(preview, CalendarEffect)
            else:
                more = dict(what[1])
                if "news" in more:
                    more = {"competent_at": desk.clock.now - timedelta(minutes=more["news"])}
                desk.try_act(code, what[0], **more)
            row = desk.row(code)
            with desk.records.reading() as view:
                dates = clockwork.dates_of(
                    desk.context.calendar(view), row, journal.of_dossier(view.connection, row.id)
                )
            assert (clockwork.moved(row, dates), dates.current.at) == ({}, row.promise)
            assert row.promise is not None
            assert row.first_promise is not None
            assert row.promise >= row.first_promise or row.variant_changed
            assert desk.counter.why(row.id)
        assert desk.disagreeing() == []
    finally:
        desk.records.close()
        shutil.rmtree(folder)
