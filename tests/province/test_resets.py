"""A restored desk at the province: nothing counts behind its reset before a person agrees; what is lost is named."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from desk.daily.build import Sealed
from desk.daily.container import NS_PRACTICE, NS_RECEIPT
from desk.daily.model import Status
from desk.daily.reset import LostFile, SealedReset
from desk.daily.sshsig import SigningKey
from desk.province.model import ProvinceError, ProvinceFault, ResetView, Taken
from desk.province.service import Province
from desk.rules.tally import stock_of
from tests.province.factory import MONDAY, UNIT, Centre, Clock, at, query, rejected, tables
from tests.province.restored import Restored

pytestmark = pytest.mark.usefixtures("database")

DAYS = [MONDAY + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
LATER = at(DAYS[-1], 18)


class Story:
    """A commune with six files of which the backup has three."""

    def __init__(self, centre: Centre) -> None:
        self.original = centre
        for day in DAYS[:3]:
            centre.close(day)
        backup = copy.deepcopy(centre)
        for day in DAYS[3:6]:
            centre.close(day)
        self.lost = centre.files[3:]
        self.restored = Restored(backup, list(self.lost))

    def named(self) -> tuple[LostFile, ...]:
        return tuple(LostFile(each.daily.seq, each.daily.date, each.sha256) for each in self.lost)


@pytest.fixture
def story(centre: Centre, clock: Clock) -> Story:
    clock.now = LATER
    return Story(centre)


def send(province: Province, *files: Sealed | SealedReset) -> list[Taken]:
    return [province.take(each.data) for each in files]


def said(taken: Sequence[Taken]) -> list[tuple[str, str | None]]:
    return [("-" if each.receipt is None else each.receipt.status.value, each.reason) for each in taken]


def refused_with(fault: ProvinceFault, province: Province) -> None:
    with pytest.raises(ProvinceError) as caught:
        province.reset(UNIT)
    assert caught.value.fault is fault


def last_seq(province: Province) -> int:
    return province.status(DAYS[-1]).units[0].last_seq


def latest(province: Province, file: Sealed | SealedReset) -> tuple[Status, str | None]:
    found = province.latest(file.sha256)
    assert found is not None
    return found[1].status, found[1].reason


def test_a_reset_waits_for_a_person_and_holds_what_is_behind_it(province: Province, story: Story) -> None:
    send(province, *story.original.files)
    reset, behind = story.restored.reset(DAYS[6]), story.restored.close(DAYS[6])
    assert said(send(province, reset, behind)) == [("held", "reset_waiting")] * 2
    unit = province.status(DAYS[-1]).units[0]
    assert (unit.last_seq, unit.held) == (6, 2)
    (seen,) = unit.resets
    assert (seen.seq, seen.decided_at, seen.kept, seen.untold, seen.absent, seen.never) == (
        7, None, story.named(), (), (), ()
    )  # fmt: skip
    assert province.reader().watch(DAYS[-1]).units[0].alarms == 1
    assert said(send(province, reset, behind)) == [("held", "reset_waiting")] * 2


def test_a_reset_whose_key_is_retired_is_decided_on_with_it(province: Province, story: Story) -> None:
    send(province, *story.original.files)
    reset = story.restored.reset(DAYS[6])
    assert said(send(province, reset)) == [("held", "reset_waiting")]
    province.retire(province.look_at_key(UNIT, story.restored.centre.key.public.fingerprint))
    assert latest(province, reset) == (Status.REFUSED, "retired_key")
    refused_with(ProvinceFault.NO_RESET, province)


def test_on_acceptance_the_chain_goes_on_and_the_difference_is_named(province: Province, story: Story) -> None:
    send(province, *story.original.files)
    reset, first, second = (
        story.restored.reset(DAYS[6]), story.restored.close(DAYS[6]), story.restored.close(DAYS[7])
    )  # fmt: skip
    send(province, reset, first, second)
    seen = province.reset(UNIT)
    before = stock_of(story.lost[-1].daily.rows)
    assert {line.procedure: (line.before, line.after) for line in seen.stock} == {
        code: (before.get(code, 0), story.restored.stock.get(code, 0))
        for code in before.keys() | story.restored.stock.keys()
        if before.get(code, 0) != story.restored.stock.get(code, 0)
    }
    flows = ("direct", "online", "post", "taken_over")
    assert seen.received == sum(each.daily.totals.get(name, 0) for each in story.lost for name in flows)
    accepted = province.accept_reset(seen)
    assert (accepted.status, accepted.kept, accepted.stock) == ("accepted", seen.kept, seen.stock)
    assert [latest(province, each) for each in (reset, first, second)] == [(Status.MERGED, None)] * 3
    unit = province.status(DAYS[-1]).units[0]
    assert (unit.last_seq, unit.held, unit.refused, unit.holes) == (9, 0, 0, ())
    assert unit.resets == (accepted,)
    report = province.report(DAYS[0], DAYS[-1])
    assert report.resets == (accepted,)
    assert report.balanced is (not seen.stock)
    assert province.report(DAYS[7], DAYS[-1]).resets == ()
    refused_with(ProvinceFault.NO_RESET, province)
    with pytest.raises(ProvinceError):
        province.accept_reset(seen)


def test_a_day_without_a_file_of_its_own_is_not_reported_by_a_reset(province: Province, story: Story) -> None:
    send(province, *story.original.files, story.restored.reset(DAYS[6]))
    province.accept_reset(province.reset(UNIT))
    assert DAYS[6] in province.status(DAYS[6]).units[0].missing


def test_on_refusal_the_chain_stands_where_it_stood(province: Province, story: Story, folder: Path) -> None:
    send(province, *story.original.files)
    figures = tables(folder).figures
    reset, first, second = (
        story.restored.reset(DAYS[6]), story.restored.close(DAYS[6]), story.restored.close(DAYS[7])
    )  # fmt: skip
    send(province, reset, first, second)
    refused = province.refuse_reset(province.reset(UNIT), "hỏi lại đơn vị")
    assert (refused.status, refused.note) == ("refused", "hỏi lại đơn vị")
    assert [latest(province, each) for each in (reset, first, second)] == [(Status.REFUSED, "reset_refused")] * 3
    assert tables(folder).figures == figures
    third = story.restored.close(DAYS[8])
    assert said(send(province, third)) == [("refused", "reset_refused")]
    unit = province.status(DAYS[-1]).units[0]
    assert (unit.last_seq, unit.held, unit.forks, unit.holes, unit.resets) == (6, 0, (), (), ())
    again = story.restored.reset(DAYS[9])
    send(province, again, story.restored.close(DAYS[9]))
    seen = province.accept_reset(province.reset(UNIT))
    assert (seen.seq, last_seq(province)) == (11, 12)
    assert seen.kept == story.named()


def test_a_reset_stands_among_the_days_whatever_was_decided(province: Province, story: Story) -> None:
    send(province, *story.original.files, story.restored.reset(DAYS[6]))

    def among_the_days() -> list[tuple[date, int, str]]:
        days = province.reader().unit_days(UNIT, DAYS[0], DAYS[-1]).days
        return [(day.day, each.seq, each.status) for day in days for each in day.resets]

    assert among_the_days() == [(DAYS[6], 7, "waiting")]
    province.refuse_reset(province.reset(UNIT), "hỏi lại đơn vị")
    assert among_the_days() == [(DAYS[6], 7, "refused")]
    sunday = DAYS[9] + timedelta(days=2)
    send(province, story.restored.reset(sunday))
    province.accept_reset(province.reset(UNIT))
    assert among_the_days() == [(DAYS[6], 7, "refused")]
    (day, *_others) = province.reader().unit_days(UNIT, DAYS[0], sunday).days
    assert (day.day, day.state, day.flows, [each.status for each in day.resets]) == (
        sunday, "not_expected", None, ["accepted"]
    )  # fmt: skip


def test_what_arrived_before_its_reset_says_what_it_waits_for(province: Province, story: Story) -> None:
    send(province, *story.original.files)
    reset, first, second = (
        story.restored.reset(DAYS[6]), story.restored.close(DAYS[6]), story.restored.close(DAYS[7])
    )  # fmt: skip
    assert said(send(province, second, first)) == [("held", "gap")] * 2
    (taken,) = send(province, reset)
    assert set(taken.changed) == {reset.sha256, first.sha256, second.sha256}
    assert [latest(province, each) for each in (first, second)] == [(Status.HELD, "reset_waiting")] * 2
    province.accept_reset(province.reset(UNIT))
    assert last_seq(province) == 9


def test_a_reset_that_knows_too_little_is_refused_and_told_the_next_number(province: Province, story: Story) -> None:
    send(province, *story.original.files)
    story.restored.known = []
    behind, follower = story.restored.reset(DAYS[6]), story.restored.close(DAYS[6])
    taken = send(province, behind, follower)
    assert said(taken) == [("refused", "reset_behind")] * 2
    assert [each.receipt and each.receipt.expected_seq for each in taken] == [7, 7]
    refused_with(ProvinceFault.NO_RESET, province)
    unit = province.status(DAYS[-1]).units[0]
    assert (unit.forks, unit.holes, unit.last_seq) == ((), (), 6)


def test_two_desks_that_fork_without_a_reset_are_refused_with_an_alarm(
    province: Province, story: Story, folder: Path
) -> None:
    send(province, *story.original.files)
    before = tables(folder).figures
    forks = [story.restored.close(day) for day in DAYS[3:9]]
    assert said(send(province, *forks)) == [("refused", "fork")] * 6
    assert tables(folder).figures == before
    unit = province.status(DAYS[-1]).units[0]
    assert (unit.last_seq, unit.held, len(unit.forks)) == (6, 0, 6)
    assert said(send(province, story.original.close(DAYS[6]))) == [("merged", None)]


def test_a_lost_file_that_comes_after_acceptance_is_not_counted(province: Province, story: Story) -> None:
    send(province, *story.original.files[:5], story.restored.reset(DAYS[6]), story.restored.close(DAYS[6]))
    seen = province.reset(UNIT)
    assert (seen.kept, seen.absent, seen.never) == (story.named()[:2], story.named()[2:], ((6, 6),))
    province.accept_reset(seen)
    assert last_seq(province) == 8
    assert said(send(province, story.original.files[5])) == [("refused", "superseded")]
    unit = province.status(DAYS[-1]).units[0]
    assert ([hole.first_seq for hole in unit.holes], unit.forks) == ([6], ())
    stranger = Restored(copy.deepcopy(story.restored.centre), [])
    assert said(send(province, stranger.close(DAYS[7], seq=8, prev=story.lost[1].sha256))) == [("refused", "fork")]


def test_what_waits_on_the_old_branch_is_given_up_on_acceptance(province: Province, story: Story) -> None:
    send(province, *story.original.files[:4], story.original.files[5], story.restored.reset(DAYS[6]))
    seen = province.accept_reset(province.reset(UNIT))
    assert (seen.last_seq, last_seq(province)) == (4, 7)
    assert latest(province, story.original.files[5]) == (Status.REFUSED, "superseded")


def test_a_newer_reset_stands_in_for_one_that_waits(province: Province, story: Story) -> None:
    send(province, *story.original.files)
    first, behind = story.restored.reset(DAYS[6]), story.restored.close(DAYS[6])
    again = story.restored.reset(DAYS[7])
    send(province, first, behind, again, story.restored.close(DAYS[7]))
    assert province.reset(UNIT).sha256 == again.sha256
    province.accept_reset(province.reset(UNIT))
    assert [latest(province, each)[1] for each in (first, behind, again)] == ["superseded", "superseded", None]
    assert last_seq(province) == 10
    refused_with(ProvinceFault.NO_RESET, province)


def test_a_new_key_goes_on_from_nothing_and_retires_the_old_one(province: Province, story: Story, folder: Path) -> None:
    send(province, *story.original.files)
    key = SigningKey.from_seed(bytes(range(7, 39)))
    province.enrol(UNIT, key.public.line())
    new = Restored(Centre(), list(story.original.files), key=key)
    reset, first = new.reset(DAYS[6]), new.close(DAYS[6])
    send(province, reset, first)
    seen = province.reset(UNIT)
    assert seen.other_keys == (story.original.key.public.fingerprint,)
    assert [each.seq for each in seen.kept] == [1, 2, 3, 4, 5, 6]
    assert (seen.stock_after, seen.base_seq, seen.base_known) == (0, 0, True)
    province.accept_reset(seen)
    assert last_seq(province) == 8
    late = story.original.close(DAYS[7], seq=9)
    assert said(send(province, late)) == [("-", "retired_key")]
    assert rejected(folder)[late.sha256] == ("retired_key", 1)


def test_the_first_file_behind_a_reset_must_carry_what_the_reset_says(province: Province, story: Story) -> None:
    send(province, *story.original.files, story.restored.reset(DAYS[6], stock={"1.004227": 99}))
    send(province, wrong := story.restored.close(DAYS[6]))
    province.accept_reset(province.reset(UNIT))
    assert latest(province, wrong) == (Status.REFUSED, "wrong_stock")


def test_a_base_that_is_not_here_is_pointed_out(province: Province, story: Story) -> None:
    twin = Centre(seed=5)
    twin.key = story.original.key
    for day in DAYS[:3]:
        twin.close(day)
    other = Restored(twin, list(story.lost))
    send(province, *story.original.files, other.reset(DAYS[6]))
    assert not province.reset(UNIT).base_known


@pytest.mark.parametrize(
    ("changed", "namespace", "reason"),
    [
        ({"unit": "00004"}, "", "wrong_unit"),
        ({"installation": "SHA256:" + "A" * 43}, "", "wrong_installation"),
        ({"practice": True}, "", "practice"),
        ({"seq": 6}, "", "bad_schema"),
        ({"prev": "0" * 64}, "", "bad_schema"),
        ({"reason": ""}, "", "bad_schema"),
        ({"extra": 1}, "", "bad_schema"),
        ({}, NS_RECEIPT, "wrong_namespace"),
        ({}, NS_PRACTICE, "practice"),
    ],
)
def test_a_reset_is_checked_like_a_file(
    province: Province, story: Story, changed: dict[str, bool | int | str], namespace: str, reason: str
) -> None:
    send(province, *story.original.files)
    taken = province.take(story.restored.forged(DAYS[6], changed, namespace=namespace))
    assert (taken.reason, last_seq(province)) == (reason, 6)
    refused_with(ProvinceFault.NO_RESET, province)


def test_a_stranger_s_reset_leaves_its_hash_only(province: Province, story: Story, folder: Path) -> None:
    key = SigningKey.from_seed(bytes(range(9, 41)))
    reset = Restored(story.original, [], key=key).reset(DAYS[6])
    assert said(send(province, reset)) == [("-", "unknown_key")]
    assert query(folder, "select count(*) from province_reset") == [(0,)]


def test_an_immense_number_is_looked_at_in_no_time(province: Province, story: Story) -> None:
    send(province, *story.original.files, story.restored.reset(DAYS[6], seq=2**53 - 2))
    seen: ResetView = province.reset(UNIT)
    assert seen.never == ((7, 2**53 - 3),)


def test_no_reset_no_decision(province: Province) -> None:
    refused_with(ProvinceFault.NO_RESET, province)
    with pytest.raises(ProvinceError) as caught:
        province.reset("00004")
    assert caught.value.fault is ProvinceFault.NOT_ENROLLED


def test_the_day_of_the_reset_may_be_that_of_the_last_file(province: Province, story: Story) -> None:
    send(province, *story.original.files, story.restored.reset(DAYS[5]), story.restored.close(DAYS[5]))
    province.accept_reset(province.reset(UNIT))
    assert date.fromisoformat(str(DAYS[5])) not in province.status(DAYS[5]).units[0].missing
