"""One case for each article that a date at the counter rests on; the article stands in the test's first line.

The articles of BLDS 2015, BLLĐ 2019, Luật Hộ tịch 2014, NĐ 23/2015 and NĐ 61/2018 were read in the codified law (Pháp
điển điện tử), TT 03/2025 Đ7 and what it says of NĐ 118/2025 Đ21 as quoted by the publisher of legal texts. A rule for
which no such text was at hand is marked `no text at hand`, with what it rests on instead.

The working days are those of the shipped calendar: 2026-03-09 is a Monday.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from importlib.resources import files

from msgspec.structs import replace

from db.vocabulary import Act, Judgement, LimitUnit, Outcome, Slip, State, SupplementMode
from desk.rules import moment
from desk.rules.calendar import Calendar, parse_rows
from desk.rules.clock import ClockEvent, ClockKind, ThreeDates, run, three_dates
from desk.rules.deadline import Limit, StartWhy, apology_by, apply_variant, due, effective_start, judge
from desk.rules.lifecycle import Denial, Denied, Facts, Flag, Standing, Step, decide
from desk.rules.terms import RescheduleFault, forward_by, request_by, reschedule_fault
from desk.rules.trace import StepKind

ROWS = parse_rows(files("desk").joinpath("reference", "calendar.csv").read_text("utf-8"))
CAL = Calendar(ROWS, (), date(2025, 1, 1), date(2026, 12, 31))
PROCESSING = Standing(State.PROCESSING, accepted=True, undoable=True)


def at(written: str) -> datetime:
    return moment.parse(written)


def dated(limit: str, received: str) -> datetime:
    return due(CAL, Limit.parse(limit), at(received)).at


def event(kind: ClockKind, when: str, to: str | None = None) -> ClockEvent:
    return ClockEvent(kind, at(when), to=None if to is None else at(to))


def asked(opened: str, closed: str) -> tuple[ClockEvent, ClockEvent]:
    return event(ClockKind.SUPPLEMENT, opened), event(ClockKind.SUPPLEMENTED, closed)


def three(limit: str, received: str, *events: ClockEvent, mode: SupplementMode = SupplementMode.RESTART) -> ThreeDates:
    return three_dates(CAL, at(received), Limit.parse(limit), None, events, mode=mode)


def step(standing: Standing, act: Act, facts: Facts) -> Step:
    answer = decide(standing, act, facts)
    assert isinstance(answer, Step), answer
    return answer


def test_civil_code_147_1_hours_run_from_the_minute() -> None:
    """BLDS 2015, Đ147 k1: counted in hours, a period starts at the named moment; office hours: no text at hand."""
    assert dated("2 working_hour", "2026-03-09T08:10") == at("2026-03-09T10:10")
    assert dated("2 working_hour", "2026-03-09T10:40") == at("2026-03-09T14:40")


def test_civil_code_147_2_the_day_of_receipt_is_not_counted() -> None:
    """BLDS 2015, Đ147 k2-3: counted in days, a period starts on the day after the named one."""
    found = due(CAL, Limit.parse("3 working_day"), at("2026-03-09T07:30"))
    assert found.at == at("2026-03-12T07:30")
    counted = [step.day for step in found.trace if step.kind is StepKind.DAY]
    assert counted == [date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 12)]
    assert dated("1 calendar_day", "2026-03-09T07:30") == at("2026-03-10T07:30")


def test_civil_code_148_3_months_end_on_the_same_day_or_the_last_of_the_month() -> None:
    """BLDS 2015, Đ148 k3: the corresponding day of the last month; where it has none, its last day."""
    assert dated("1 month", "2026-03-09T10:00") == at("2026-04-09T10:00")
    assert dated("3 month", "2025-11-28T10:00") == at("2026-03-02T17:00"), "28/02/2026 is a Saturday"
    short = due(CAL, Limit.parse("1 month"), at("2026-03-31T10:00"))
    months = next(step for step in short.trace if step.kind is StepKind.MONTHS)
    assert (months.day, months.why) == (date(2026, 4, 30), "clamped")
    assert short.at == at("2026-05-04T17:00"), "30/4 and 1/5 are holidays, 2-3/5 a weekend"
    assert dated("12 month", "2025-05-05T09:00") == at("2026-05-05T09:00")


def test_civil_code_148_5_a_day_of_rest_at_the_end_gives_the_close_of_the_next_working_day() -> None:
    """BLDS 2015, Đ148 k5: a period that ends on a weekend or a holiday ends at the end of the next working day."""
    assert dated("5 calendar_day", "2026-03-09T10:00") == at("2026-03-16T17:00")
    assert dated("10 calendar_day", "2026-02-06T10:00") == at("2026-02-23T17:00"), "Tết"
    rolled = [step.why for step in due(CAL, Limit.parse("5 calendar_day"), at("2026-03-09T10:00")).trace if step.why]
    assert "not_counting" in rolled
    # Days of rest within the period are counted: only its end is moved.
    assert dated("7 calendar_day", "2026-03-09T10:00") == at("2026-03-16T10:00")


def test_labour_code_111_112_holidays_and_their_days_in_lieu_do_not_count() -> None:
    """BLLĐ 2019, Đ111 k3 and Đ112: a holiday on a weekly day of rest gives the next working day off."""
    assert dated("1 working_day", "2026-04-24T09:00") == at("2026-04-28T09:00")
    assert dated("5 working_day", "2026-02-12T09:00") == at("2026-02-26T09:00")


def test_decree_23_2015_7_certification_is_done_the_same_day_or_the_next_after_15h() -> None:
    """NĐ 23/2015/NĐ-CP, Đ7: the day of receipt, or the next working day where received after 15 h."""
    assert dated("same_day", "2026-03-13T15:00") == at("2026-03-13T17:00")
    assert dated("same_day", "2026-03-13T15:01") == at("2026-03-16T17:00")
    assert dated("same_day", "2026-01-30T15:20") == at("2026-02-02T17:00")


def test_decree_23_2015_21_many_papers_give_two_working_days_more() -> None:
    """NĐ 23/2015/NĐ-CP, Đ21: many originals, pages or copies, or hard to compare: at most two working days longer."""
    longer = apply_variant(Limit.parse("same_day"), "+2 working_day")
    assert due(CAL, longer, at("2026-03-12T16:00")).at == at("2026-03-16T16:00")


def test_civil_status_law_5_what_has_no_term_is_done_the_same_day() -> None:
    """Luật Hộ tịch 2014, Đ5 k3: the same day; received after 15 h and not done at once: the next working day."""
    assert dated("same_day", "2026-03-09T07:45") == at("2026-03-09T17:00")
    assert dated("same_day", "2026-03-09T15:30") == at("2026-03-10T17:00")
    assert dated("same_day", "2025-04-25T15:30") == at("2025-04-26T17:00"), "a Saturday worked for a swap"
    # Where the facts must be verified the term is another one, from the same start.
    verified = apply_variant(Limit.parse("same_day"), "5 working_day")
    assert due(CAL, verified, at("2026-03-09T15:30")).at == at("2026-03-16T15:30")


def test_decree_61_2018_15_papers_are_asked_for_once() -> None:
    """NĐ 61/2018/NĐ-CP, Đ15 k3 and Đ17 k1a, k2a: what is missing is asked for once and completely."""
    facts = Facts(at("2026-03-10T09:00"), reason="thiếu giấy tờ")
    asked_once = step(PROCESSING, Act.SUPPLEMENT, facts)
    assert (asked_once.state, asked_once.slip) == (State.SUPPLEMENT, Slip.SUPPLEMENT)
    again = step(asked_once.standing, Act.SUPPLEMENTED, facts).standing
    refused = decide(again, Act.SUPPLEMENT, facts)
    assert isinstance(refused, Denied)
    assert refused.reason is Denial.SECOND_SUPPLEMENT
    overridden = step(again, Act.SUPPLEMENT, replace(facts, head=True))
    assert Flag.SECOND_SUPPLEMENT in overridden.flags


def test_decree_61_2018_17_4_an_immediate_result_is_recorded_and_on_time() -> None:
    """NĐ 61/2018/NĐ-CP, Đ17 k4: a result given at once is recorded; it cannot be late."""
    facts = Facts(at("2026-03-10T09:00"), immediate=True)
    done = step(step(Standing(), Act.RECEIVE, facts).standing, Act.FINISH, facts)
    assert (done.state, done.outcome) == (State.FINISHED, Outcome.RESULT)
    late, promise = at("2026-03-11T09:00"), at("2026-03-10T09:00")
    assert judge(promise, late, immediate=True) is Judgement.ON_TIME


def test_decree_61_2018_18_2_forwarding_after_15h_is_no_change_of_the_date() -> None:
    """NĐ 61/2018/NĐ-CP, Đ18 k2: papers received after 15 h go on the next morning; the citizen's date stands."""
    for received in ("2026-03-09T14:59", "2026-03-09T15:00", "2026-03-09T15:01", "2026-03-09T16:59"):
        start = effective_start(CAL, at(received))
        assert (start.at, start.why) == (at(received), StartWhy.RECEIPT)
        assert dated("3 working_day", received) == at(received) + timedelta(days=3)
    assert forward_by(CAL, at("2026-03-09T15:00")) == at("2026-03-09T17:00")
    assert forward_by(CAL, at("2026-03-09T15:01")) == at("2026-03-10T07:30")
    forwarded = step(Standing(State.RECEIVED, accepted=True), Act.FORWARD, Facts(at("2026-03-10T07:30")))
    assert (forwarded.state, forwarded.slip) == (State.PROCESSING, Slip.ROUTING)
    assert Act.FORWARD.value not in {kind.value for kind in ClockKind}


def test_decree_61_2018_19_4_a_request_is_due_within_three_working_days() -> None:
    """NĐ 61/2018/NĐ-CP, Đ19 k4: returned for papers within three working days of receipt; later it is marked."""
    assert request_by(CAL, at("2026-03-12T10:00")) == at("2026-03-17T10:00")
    assert request_by(CAL, at("2026-02-12T17:30")) == at("2026-02-25T07:30"), "Tết"
    facts = Facts(at("2026-03-17T10:00"), supplement_by=at("2026-03-17T10:00"))
    assert step(PROCESSING, Act.SUPPLEMENT, facts).flags == ()
    late = step(PROCESSING, Act.SUPPLEMENT, replace(facts, now=at("2026-03-17T10:01")))
    assert late.flags == (Flag.SUPPLEMENT_LATE,)


def test_decree_61_2018_19_4_the_term_starts_again_when_the_papers_are_complete() -> None:
    """NĐ 61/2018/NĐ-CP, Đ19 k4: the whole term again from the day the full dossier is in."""
    events = asked("2026-03-11T09:00", "2026-03-18T14:20")
    found = three("5 working_day", "2026-03-09T10:00", *events)
    assert found.legal.at == found.current.at == at("2026-03-25T14:20")
    assert found.legal.at == dated("5 working_day", "2026-03-18T14:20")
    assert found.first.at == at("2026-03-16T10:00"), "what was printed stays printed"
    waiting = three("5 working_day", "2026-03-09T10:00", events[0])
    assert waiting.suspended_since == at("2026-03-11T09:00")


def test_decree_61_2018_19_8_a_refusal_comes_within_the_term() -> None:
    """NĐ 61/2018/NĐ-CP, Đ19 k8: not eligible is told within the term; later it is marked late."""
    facts = Facts(at("2026-03-16T10:00"), reason="không đủ điều kiện", promise=at("2026-03-16T10:00"))
    refused = step(PROCESSING, Act.REFUSE, facts)
    assert (refused.state, refused.outcome, refused.flags) == (State.FINISHED, Outcome.REFUSED, ())
    assert step(PROCESSING, Act.REFUSE, replace(facts, now=at("2026-03-16T10:01"))).flags == (Flag.REFUSAL_LATE,)


def test_decree_61_2018_19_9_an_apology_goes_out_one_day_before() -> None:
    """NĐ 61/2018/NĐ-CP, Đ19 k9: at latest one day before the date; later it is given all the same and marked."""
    promise = at("2026-03-16T10:00")
    by = apology_by(CAL, promise, Limit.parse("5 working_day"))
    assert by == at("2026-03-13T17:00")
    facts = Facts(
        at("2026-03-13T17:00"),
        reason="chờ ý kiến cơ quan thuế",
        promise=promise,
        apology_by=by,
        new_promise=at("2026-03-20T10:00"),
        unit=LimitUnit.WORKING_DAY,
    )
    in_time = step(PROCESSING, Act.RESCHEDULE, facts)
    assert (in_time.flags, in_time.slip, in_time.state) == ((), Slip.APOLOGY, State.PROCESSING)
    late = step(PROCESSING, Act.RESCHEDULE, replace(facts, now=at("2026-03-16T09:00")))
    assert late.flags == (Flag.APOLOGY_LATE,)
    passed = decide(PROCESSING, Act.RESCHEDULE, replace(facts, now=at("2026-03-16T10:01")))
    assert isinstance(passed, Denied)
    assert passed.reason is Denial.PROMISE_PASSED


def test_decree_61_2018_19_9_a_date_is_changed_once() -> None:
    """NĐ 61/2018/NĐ-CP, Đ19 k9: given another date at most once; the law's date and the first promise stay."""
    moved = three(
        "5 working_day", "2026-03-09T10:00", event(ClockKind.RESCHEDULE, "2026-03-13T09:00", "2026-03-20T10:00")
    )
    assert moved.current.at == at("2026-03-20T10:00")
    assert moved.legal.at == moved.first.at == at("2026-03-16T10:00")
    again = decide(replace(PROCESSING, rescheduled=True), Act.RESCHEDULE, Facts(at("2026-03-13T09:00"), reason="lý do"))
    assert isinstance(again, Denied)
    assert again.reason is Denial.SECOND_RESCHEDULE
    now, promise = at("2026-03-13T09:00"), at("2026-03-16T10:00")
    assert reschedule_fault(CAL, promise, at("2026-03-21T10:00"), now=now) is RescheduleFault.NOT_COUNTING
    # A reschedule does not hide lateness: the work is also held against the law's date.
    assert judge(moved.current.at, at("2026-03-19T09:00")) is Judgement.EARLY
    assert judge(moved.legal.at, at("2026-03-19T09:00")) is Judgement.OVERDUE


def test_what_the_citizen_owes_is_not_counted() -> None:
    """Đồng Tháp, QĐ 138/2025/QĐ-UBND, Đ5 k3: land has a second date, counted from the proof of payment.

    NĐ 61/2018 does not say it; of fields other than land: no text at hand.
    """
    owed = (event(ClockKind.OBLIGATION, "2026-03-10T10:00"), event(ClockKind.SETTLED, "2026-03-12T10:00"))
    assert run(CAL, at("2026-03-09T10:00"), Limit.parse("5 working_day"), owed).at == at("2026-03-18T10:00")


def test_decree_61_2018_20_work_ends_with_the_result_not_with_its_collection() -> None:
    """NĐ 61/2018/NĐ-CP, Đ20 k3: the citizen collects from the date on.

    That a late collection is no lateness: no text at hand but the formula of the index of QĐ 766/QĐ-TTg, which judges
    the end of the processing.
    """
    facts = Facts(at("2026-03-16T10:00"))
    done = step(PROCESSING, Act.FINISH, facts)
    assert judge(at("2026-03-16T10:00"), at("2026-03-16T10:00")) is Judgement.ON_TIME
    returned = step(done.standing, Act.RETURN, replace(facts, now=at("2026-04-16T10:00")))
    assert (returned.state, returned.outcome) == (State.RETURNED, Outcome.RESULT)
    early = decide(PROCESSING, Act.RETURN, facts)
    assert isinstance(early, Denied)
    assert early.reason is Denial.NO_RESULT


def test_decree_118_2025_21_a_dossier_is_stopped_only_before_its_result() -> None:
    """NĐ 118/2025/NĐ-CP, Đ21 k1, TT 03/2025/TT-VPCP, Đ7: stopped on request where no result exists yet.

    Of a withdrawal no text at hand speaks apart; it is held to the same.
    """
    facts = Facts(at("2026-03-10T09:00"), reason="theo đơn đề nghị")
    for act, outcome in ((Act.STOP, Outcome.STOPPED), (Act.WITHDRAW, Outcome.WITHDRAWN)):
        stopped = step(PROCESSING, act, facts)
        assert (stopped.state, stopped.outcome, stopped.slip) == (State.STOPPED, outcome, Slip.STOP)
        for ended in (Outcome.RESULT, Outcome.REFUSED):
            finished = replace(PROCESSING, state=State.FINISHED, outcome=ended)
            denied = decide(finished, act, facts)
            assert isinstance(denied, Denied)
            assert denied.reason is Denial.RESULT_EXISTS


def test_receipt_outside_office_hours_counts_from_the_next_working_morning() -> None:
    """NĐ 118/2025/NĐ-CP, Đ17 k3 (as NĐ 309/2026 has it): the term runs from complete receipt.

    At night and on days of rest: no text at hand but NĐ 297/2025, of its own procedure, from the next working morning.
    """
    assert effective_start(CAL, at("2026-03-13T17:01")).at == at("2026-03-16T07:30")
    assert dated("1 working_day", "2026-03-14T09:00") == at("2026-03-17T07:30")
    assert effective_start(CAL, at("2026-03-13T12:00")).at == at("2026-03-13T12:00")


def test_the_live_receipt_of_hue() -> None:
    """A receipt in use: received 10:56 on 13/03/2026, twenty working days, promised for 10:56 on 10/04/2026."""
    found = three("20 working_day", "2026-03-13T10:56")
    assert found.legal.at == found.first.at == found.current.at == at("2026-04-10T10:56")
    assert not found.legal.provisional
    days = [step.n for step in found.legal.trace if step.kind is StepKind.DAY]
    assert days == list(range(1, 21))
