"""The words for limits, instants and the steps behind a date."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import pytest

from desk.cli.reasons import card_reason_sentence, card_warning_sentence, clock_sentence, limit_sentence
from desk.explain import instant_text, limit_text, minutes_text, step_text
from desk.rules.calendar import ReasonKind
from desk.rules.clock import ClockError, ClockFault
from desk.rules.deadline import Limit, LimitError, LimitFault, StartWhy
from desk.rules.identity import CardReject, CardWarning
from desk.rules.moment import VN
from desk.rules.trace import Roll, Step, StepKind, Unmoved

NOON = datetime(2026, 4, 10, 12, 5, tzinfo=VN)
REASONS: dict[StepKind, type[StrEnum]] = {
    StepKind.START: StartWhy,
    StepKind.ROLLED: Roll,
    StepKind.UNMOVED: Unmoved,
    StepKind.SKIPPED: ReasonKind,
}
CASES = [(kind, why) for kind in StepKind for why in REASONS.get(kind, [None])]


@pytest.mark.parametrize(("kind", "why"), CASES)
def test_every_kind_of_step_and_reason_has_words_of_its_own(kind: StepKind, why: StrEnum | None) -> None:
    day = date(2026, 4, 10)
    step = Step(kind=kind, at=NOON, to=NOON, day=day, until=day, n=3, minutes=90, limit="1 month", why=why, note="Tết")
    text = step_text(step)
    assert text
    assert "{" not in text
    assert "None" not in text
    assert why is None or why.value not in text


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (Step(kind=StepKind.LIMIT, limit="8 working_hour"), "Thời hạn: 8 giờ làm việc"),
        (Step(kind=StepKind.LIMIT, minutes=450), "Khoảng thời gian đã hẹn: 7 giờ 30 phút làm việc"),
        (Step(kind=StepKind.DAY, day=date(2026, 1, 10), n=2), "thứ Bảy 10/01/2026: ngày thứ 2"),
        (
            Step(kind=StepKind.DAY, day=date(2026, 1, 10), n=2, note="Làm bù", source="CV 1"),
            "thứ Bảy 10/01/2026: ngày thứ 2 (Làm bù, CV 1)",
        ),
        (Step(kind=StepKind.SKIPPED, day=date(2026, 1, 11)), "Chủ nhật 11/01/2026: không tính"),
        (Step(kind=StepKind.SUSPENDED, at=NOON), "Tạm dừng tính từ 12:05 thứ Sáu 10/04/2026, chưa kết thúc"),
    ],
)
def test_steps_read_as_sentences(step: Step, text: str) -> None:
    assert step_text(step) == text


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        ("20 working_day", "20 ngày làm việc"),
        ("10 calendar_day", "10 ngày"),
        ("1 month", "1 tháng"),
        ("same_day@16:00", "trong ngày (nhận sau 16:00 thì trả ngày làm việc tiếp theo)"),
    ],
)
def test_limits_read_as_an_officer_says_them(limit: str, text: str) -> None:
    assert limit_text(Limit.parse(limit)) == text


@pytest.mark.parametrize(("minutes", "text"), [(0, "0 phút"), (45, "45 phút"), (60, "1 giờ"), (61, "1 giờ 1 phút")])
def test_minutes_read_as_hours(minutes: int, text: str) -> None:
    assert minutes_text(minutes) == text


def test_an_instant_is_told_in_the_offices_zone() -> None:
    assert instant_text(datetime.fromisoformat("2026-04-09T18:30:59+00:00")) == "01:30 thứ Sáu 10/04/2026"


def test_every_reason_of_the_rules_has_a_sentence() -> None:
    sentences = [
        *(limit_sentence(LimitError(fault, "x")) for fault in LimitFault),
        *(clock_sentence(ClockError(fault, NOON)) for fault in ClockFault),
        *(card_reason_sentence(reason) for reason in CardReject),
        *(card_warning_sentence(warning) for warning in CardWarning),
    ]
    assert all(sentences)
    assert len(set(sentences)) == len(sentences)
    assert not any("{" in sentence for sentence in sentences)
