"""The trace of a date in words: every step has some, no line is too wide, no day is torn from its number."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from random import Random

import pytest

from desk import reference
from desk.counter import explain
from desk.forms.receipt import width
from desk.rules import moment
from desk.rules.calendar import ReasonKind
from desk.rules.clock import ClockEvent, ClockKind, three_dates
from desk.rules.deadline import Due, Limit, StartWhy, due
from desk.rules.trace import Roll, Step, StepKind, Unmoved
from tests.rules.brute import instant
from tests.rules.proof_world import WORLDS, Lives, clock_events, limit_of, mode_of

NOON = moment.parse("2026-04-10T12:05")
DAY = date(2026, 4, 10)
REASONS: Mapping[StepKind, type[StrEnum]] = {
    StepKind.START: StartWhy,
    StepKind.ROLLED: Roll,
    StepKind.UNMOVED: Unmoved,
    StepKind.SKIPPED: ReasonKind,
    StepKind.SUSPENDED: ClockKind,
}
HELD = (ClockKind.SUPPLEMENT, ClockKind.OBLIGATION)
NOT_HELD = frozenset(ClockKind) - set(HELD)
CASES = [(kind, why) for kind in StepKind for why in (None, *REASONS.get(kind, ())) if why not in NOT_HELD]


def said(*steps: Step) -> list[str]:
    return list(explain.lines(Due(NOON, steps)))


def of(limit: str, received: str) -> list[str]:
    return list(explain.lines(due(reference.calendar(), Limit.parse(limit), moment.parse(received))))


@pytest.mark.parametrize(("kind", "why"), CASES)
def test_every_kind_of_step_and_reason_has_words_of_its_own(kind: StepKind, why: StrEnum | None) -> None:
    step = Step(kind=kind, at=NOON, to=NOON, day=DAY, until=DAY, n=3, minutes=90, limit="1 month", why=why, note="Tết")
    text = " ".join(said(step))
    assert text.strip()
    assert "{" not in text
    assert "None" not in text
    assert why is None or why.value not in text


def test_no_two_reasons_read_the_same() -> None:
    for kind, reasons in REASONS.items():
        known = [why for why in reasons if why not in NOT_HELD]
        texts = {" ".join(said(Step(kind=kind, at=NOON, day=DAY, note="Tết", why=why))) for why in known}
        assert len(texts) == len(known), kind


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (Step(kind=StepKind.LIMIT, limit="8 working_hour"), "                 thời hạn: 8 giờ làm việc"),
        (Step(kind=StepKind.LIMIT, minutes=450), "                 thời hạn: 7 giờ 30 phút làm việc"),
        (Step(kind=StepKind.DAY, day=date(2026, 1, 10), n=2), "T7 10/01 2"),
        (Step(kind=StepKind.DAY, day=date(2026, 1, 10), n=2, note="Bù", source="CV 1"), "T7 10/01 2 (Bù; CV 1)"),
        (Step(kind=StepKind.DAY, day=date(2026, 1, 10), n=2, note="Bù"), "T7 10/01 2 (Bù)"),
        (Step(kind=StepKind.HOURS, day=date(2026, 1, 9), n=450), "T6 09/01 450'"),
        (Step(kind=StepKind.SKIPPED, day=date(2026, 1, 11)), "CN 11/01         không tính"),
        (Step(kind=StepKind.SUSPENDED, at=NOON, why=HELD[0]), "T6 10/04 12:05   chờ bổ sung, chưa xong"),
        (Step(kind=StepKind.SUSPENDED, at=NOON, why=HELD[1]), "T6 10/04 12:05   chờ nghĩa vụ tài chính, chưa xong"),
        (
            Step(kind=StepKind.MONTHS, day=date(2026, 2, 28), n=1, why="clamped"),
            "T7 28/02         ngày cuối tháng, vì 1 tháng sau không có ngày này",
        ),
    ],
)
def test_steps_read_as_an_officer_says_them(step: Step, line: str) -> None:
    assert said(step) == [line]


def test_the_live_receipt() -> None:
    assert of("20 working_day", "2026-03-13T10:56") == [
        "T6 13/03 10:56   tiếp nhận",
        "T6 13/03 10:56   bắt đầu tính: trong giờ làm việc, từ chính lúc này",
        "                 thời hạn: 20 ngày làm việc",
        "T7 14, CN 15/03  nghỉ hằng tuần",
        "T2 16/03 1 · T3 17/03 2 · T4 18/03 3 · T5 19/03 4 · T6 20/03 5",
        "T7 21, CN 22/03  nghỉ hằng tuần",
        "T2 23/03 6 · T3 24/03 7 · T4 25/03 8 · T5 26/03 9 · T6 27/03 10",
        "T7 28, CN 29/03  nghỉ hằng tuần",
        "T2 30/03 11 · T3 31/03 12 · T4 01/04 13 · T5 02/04 14 · T6 03/04 15",
        "T7 04, CN 05/04  nghỉ hằng tuần",
        "T2 06/04 16 · T3 07/04 17 · T4 08/04 18 · T5 09/04 19 · T6 10/04 20",
        "T6 10/04 10:56   ĐẾN HẠN",
        "                 lịch từ 01/01/2025 đến 31/12/2026",
    ]


def test_a_holiday_is_named_with_its_source() -> None:
    lines = of("2 working_day", "2025-12-31T09:00")
    assert "T5 01/01         Tết Dương lịch, BLLĐ 2019 Đ112" in lines


def test_a_week_of_minutes_stands_on_one_line() -> None:
    assert "T2 16/03 450' · T3 17/03 450' · T4 18/03 450' · T5 19/03 450' · T6 20/03 356'" in of(
        "40 working_hour", "2026-03-13T10:56"
    )


def test_a_date_beyond_the_calendar_says_so() -> None:
    assert of("5 working_day", "2026-12-30T09:00")[-1].endswith("lịch từ 01/01/2025 đến 31/12/2026: NGÀY NÀY TẠM TÍNH")


def test_the_open_interval_says_what_is_waited_for() -> None:
    for kind, words in ((ClockKind.SUPPLEMENT, "chờ bổ sung"), (ClockKind.OBLIGATION, "chờ nghĩa vụ tài chính")):
        events = (ClockEvent(kind, moment.parse("2026-03-16T08:00")),)
        received = moment.parse("2026-03-13T10:56")
        found = three_dates(reference.calendar(), received, Limit.parse("3 working_day"), None, events)
        for date_ in (found.legal, found.current):
            assert f"T2 16/03 08:00   {words}, chưa xong" in explain.lines(date_)


@pytest.mark.parametrize("world", range(len(WORLDS)))
def test_no_line_of_any_life_is_wide_or_tears_a_day_from_its_number(world: int) -> None:
    cal, brute = WORLDS[world]
    source = Lives(Random(f"words {world}"), brute)
    for _ in range(300):
        life = source.life()
        local = None if life.local is None else limit_of(life.local)
        three = three_dates(
            cal, instant(life.received), limit_of(life.term), local, clock_events(life.events),
            mode=mode_of(life), new_limit=limit_of(life.new),
        )  # fmt: skip
        for found in (three.legal, three.first, three.current):
            lines = explain.lines(found)
            days = [step for step in found.trace if step.kind in {StepKind.DAY, StepKind.HOURS} and step.day]
            text = "\n".join(lines)
            assert all(width(line) <= 80 and line == line.rstrip() for line in lines)
            assert "\N{NO-BREAK SPACE}" not in text
            for step in days:
                assert step.day is not None
                assert f"{step.day:%d/%m} {step.n}" in text


def test_the_words_need_neither_the_record_nor_a_screen() -> None:
    program = "import desk.counter.explain, sys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not {name.split(".")[0] for name in loaded} & {"sqlalchemy", "sqlmodel", "textual", "typer", "rich"}
    assert not {name for name in loaded if name.startswith("db.")} - {"db.vocabulary"}
