"""Words for officers: every reason, flag, fault, state and act has a whole sentence or name."""

from __future__ import annotations

from datetime import date

import pytest

from db.errors import RecordError, RecordFault
from db.vocabulary import Act, Channel, Judgement, ReturnWay, State
from desk.counter import say
from desk.counter.sentences import clock_sentence, denial_sentence, fault_sentence, flag_sentence
from desk.reference import calendar
from desk.rules.clock import ClockError, ClockFault
from desk.rules.limits import Limit
from desk.rules.standing import Denial, Denied, Flag
from tests.counter.desk_fixture import at


def test_every_reason_has_a_sentence_of_its_own() -> None:
    told = [denial_sentence(Denied(reason, Act.STOP, State.PROCESSING, at("2026-03-13T09:12"))) for reason in Denial]
    told += [flag_sentence(flag) for flag in Flag]
    told += [fault_sentence(RecordError(fault, "chi tiết")) for fault in RecordFault]
    assert len(set(told)) == len(told)
    for sentence in told:
        assert len(sentence) > 10
        assert "{" not in sentence
        assert "None" not in sentence
    for reason in Denial:
        assert "{" not in denial_sentence(Denied(reason, Act.STOP, None))


@pytest.mark.parametrize("fault", ClockFault)
def test_every_contradiction_of_the_clock_has_a_sentence(fault: ClockFault) -> None:
    sentence = clock_sentence(ClockError(fault, at("2026-03-13T09:12")))
    assert "T6 13/03/2026 09:12" in sentence


def test_everything_that_is_shown_has_a_name() -> None:
    names = [say.state_name(each) for each in State]
    names += [say.act_name(each) for each in Act]
    names += [say.channel_name(each) for each in Channel]
    names += [say.way_name(each) for each in ReturnWay]
    names += [say.judgement_name(each) for each in Judgement]
    assert len(set(names)) == len(names)
    assert all(names)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("3 working_day", "3 ngày làm việc"),
        ("10 calendar_day", "10 ngày"),
        ("1 month", "1 tháng"),
        ("8 working_hour", "8 giờ làm việc"),
        ("same_day", "trong ngày, sau 15h hôm sau"),
        ("same_day@16:30", "trong ngày, sau 16:30 hôm sau"),
        ("", "chưa rõ thời hạn"),
    ],
)
def test_a_limit_in_words(limit: str, words: str) -> None:
    assert say.limit_name(Limit.parse(limit) if limit else None) == words


def test_a_doubtful_limit_says_so() -> None:
    assert say.doubt("sourced") == ""
    assert say.doubt("") != say.doubt("memory-high") != ""


@pytest.mark.parametrize(
    ("now", "promise", "waiting", "words"),
    [
        ("2026-03-13T09:12", "2026-03-13T09:12", False, "0 phút"),
        ("2026-03-13T09:12", "2026-03-13T10:11", False, "59 phút"),
        ("2026-03-13T09:12", "2026-03-13T10:12", False, "1 giờ"),
        ("2026-03-13T09:12", "2026-03-16T09:11", False, "7 giờ"),
        ("2026-03-13T09:12", "2026-03-16T09:12", False, "1 ngày"),
        ("2026-03-13T09:12", "2026-03-20T09:11", False, "4 ngày"),
        ("2026-03-13T09:13", "2026-03-13T09:12", False, "QUÁ 1 phút"),
        ("2026-03-16T09:12", "2026-03-13T09:12", False, "QUÁ 1 ngày"),
        ("2026-03-13T18:00", "2026-03-16T07:30", False, "0 phút"),
        ("2026-03-14T10:00", "2026-03-17T07:30", False, "1 ngày"),
        ("2026-03-16T09:12", "2026-03-13T09:12", True, "chờ"),
        ("2026-03-16T09:12", None, False, "—"),
    ],
)
def test_what_is_left_is_said_in_office_time(now: str, promise: str | None, waiting: bool, words: str) -> None:
    target = None if promise is None else at(promise)
    assert say.remaining(calendar(), at(now), target, waiting=waiting) == words


def test_dates_as_officers_write_them() -> None:
    assert say.day(date(2026, 3, 15)) == "CN 15/03/2026"
    assert say.moment(at("2026-03-13T17:00")) == "T6 13/03/2026 17:00"
    assert say.short_moment(at("2026-03-13T17:00")) == "T6 13/03 17:00"
    assert say.moment(None) == say.short_moment(None) == "—"
    assert [say.weekday(date(2026, 3, 9 + n)) for n in range(7)] == ["T2", "T3", "T4", "T5", "T6", "T7", "CN"]
