"""Whom to ring and when again, by table."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.vocabulary import CallOutcome, CallReason, State
from desk.reference import calendar
from desk.rules import calling, moment
from desk.rules.calling import Call, Case, Turn

NOW = moment.parse("2026-03-13T09:12")
FRIDAY_LATE = moment.parse("2026-03-13T16:10")


def at(written: str) -> datetime:
    return moment.parse(written)


def case(state: State, **more: object) -> Case:
    return Case(**{"state": state, "accepted": True, "at_counter": True, "promise": at("2026-03-16T09:00"), **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "reason", "occasion"),
    [
        (case(State.FINISHED, ended_at=at("2026-03-12T15:00")), CallReason.READY, "2026-03-12T15:00"),
        (case(State.FINISHED, ended_at=at("2026-03-12T15:00"), at_counter=False), None, ""),
        (case(State.SUPPLEMENT, supplements=1), CallReason.SUPPLEMENT, "1"),
        (case(State.SUPPLEMENT, accepted=False, promise=None), CallReason.SUPPLEMENT, "0"),
        (case(State.PROCESSING), None, ""),
        (case(State.PROCESSING, rescheduled=True), CallReason.APOLOGY, "2026-03-16T09:00"),
        (case(State.PROCESSING, promise=at("2026-03-13T09:11")), CallReason.LATE, "2026-03-13T09:11"),
        (case(State.PROCESSING, promise=at("2026-03-13T09:11"), rescheduled=True), CallReason.LATE, "2026-03-13T09:11"),
        (case(State.PROCESSING, promise=NOW), None, ""),
        (
            case(State.OBLIGATION, promise=at("2026-03-13T09:11"), suspended_since=at("2026-03-10T09:00")),
            None,
            "",
        ),
        (case(State.RECEIVED, promise=None), None, ""),
        (case(State.REGISTERED, accepted=False), None, ""),
        (case(State.RETURNED), None, ""),
        (case(State.VOIDED), None, ""),
        (case(State.STOPPED), None, ""),
    ],
)
def test_why_somebody_is_rung(found: Case, reason: CallReason | None, occasion: str) -> None:
    wanted = calling.wanted(found, NOW)
    assert (None if wanted is None else wanted.reason) == reason
    assert ("" if wanted is None else wanted.occasion) == occasion


def missed(*written: str) -> list[Call]:
    return [Call(at(each), CallOutcome.NO_ANSWER) for each in written]


@pytest.mark.parametrize(
    ("calls", "now", "turn", "due"),
    [
        ([], "2026-03-13T09:12", Turn.NOW, None),
        (missed("2026-03-13T08:00"), "2026-03-13T09:12", Turn.LATER, "2026-03-13T10:00"),
        (missed("2026-03-13T08:00"), "2026-03-13T10:00", Turn.NOW, "2026-03-13T10:00"),
        # After the last session, and after three tries: the next working day.
        (missed("2026-03-13T16:30"), "2026-03-13T16:40", Turn.LATER, "2026-03-16T07:30"),
        (
            missed("2026-03-13T08:00", "2026-03-13T10:00", "2026-03-13T12:00"),
            "2026-03-13T14:30",
            Turn.LATER,
            "2026-03-16T07:30",
        ),
        (missed("2026-03-12T08:00", "2026-03-12T10:00", "2026-03-13T08:00"), "2026-03-13T11:00", Turn.NOW, None),
        ([Call(at("2026-03-13T08:00"), CallOutcome.REACHED)], "2026-03-20T08:00", Turn.DONE, None),
        (
            [*missed("2026-03-12T08:00"), Call(at("2026-03-13T08:00"), CallOutcome.CAME)],
            "2026-03-20T08:00",
            Turn.DONE,
            None,
        ),
        ([Call(at("2026-03-13T08:00"), CallOutcome.WRONG_NUMBER)], "2026-03-20T08:00", Turn.NUMBER, None),
        (
            [Call(at("2026-03-13T08:00"), CallOutcome.LATER, at("2026-03-14T19:00"))],
            "2026-03-14T18:59",
            Turn.LATER,
            "2026-03-14T19:00",
        ),
        (
            [Call(at("2026-03-13T08:00"), CallOutcome.LATER, at("2026-03-14T19:00"))],
            "2026-03-14T19:00",
            Turn.NOW,
            "2026-03-14T19:00",
        ),
    ],
)
def test_when_the_next_try_is_due(calls: list[Call], now: str, turn: Turn, due: str | None) -> None:
    found = calling.following(calendar(), calls, at(now))
    assert (found.turn, found.tries) == (turn, len(calls))
    if due is not None:
        assert found.at == at(due)


@given(st.integers(0, 60 * 24 * 60), st.integers(1, 5))
def test_nobody_is_rung_again_at_once_nor_out_of_hours(minutes: int, tries: int) -> None:
    cal = calendar()
    made = at("2026-03-02T07:30") + timedelta(minutes=minutes)
    calls = [Call(made, CallOutcome.NO_ANSWER)] * tries
    again = calling.again(cal, calls)
    assert again > made
    assert cal.counts(again.date()) or again.date() == made.date()
    assert again <= cal.closing(again.date())
    if tries >= calling.MOST_A_DAY:
        assert again.date() > made.date()
