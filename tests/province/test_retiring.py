"""A key or a unit that ends: what it sends after that is refused for its own reason, and nothing is expected of it."""

from __future__ import annotations

import copy
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from desk.daily.container import NS_DAILY
from desk.province.model import DayState, ProvinceError, ProvinceFault, Taken
from desk.province.retiring import Retired
from desk.province.service import Province
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, Clock, at, made_province, rejected

DAYS = [MONDAY + timedelta(days=n) for n in range(5)]
FRIDAY = DAYS[-1]


def said(*taken: Taken) -> list[tuple[str, str | None]]:
    return [("-" if each.receipt is None else each.receipt.status.value, each.reason) for each in taken]


def files(centre: Centre, number: int) -> list[bytes]:
    return [centre.close(day).data for day in DAYS[:number]]


def fault_of(work: object, *words: object) -> ProvinceFault:
    assert callable(work)
    with pytest.raises(ProvinceError) as caught:
        work(*words)
    return caught.value.fault


@pytest.mark.usefixtures("database")
class TestUnits:
    def test_the_last_day_is_taken_and_the_next_is_not(self, province: Province, centre: Centre, clock: Clock) -> None:
        before, last, after, beyond = files(centre, 4)
        province.take(before)
        seen = province.look_at_unit(UNIT, DAYS[1])
        assert province.retire(seen) == seen == Retired(UNIT, "Xã Đức Thọ", last_day=DAYS[1], left=1)
        # The day may come late; what is of a later day has its own reason, and keeps nothing behind it waiting.
        assert said(province.take(last), province.take(after)) == [("merged", None), ("refused", "unit_retired")]
        assert said(province.take(beyond)) == [("refused", "unit_retired")]
        clock.now = at(FRIDAY + timedelta(days=20))
        (watch,) = province.reader().watch().units
        status = watch.status
        assert (status.expected, status.actual, status.missing, status.holes) == (2, 2, (), ())
        assert (status.last_day, status.day, watch.silent_since) == (DAYS[1], DayState.NOT_EXPECTED, None)

    def test_what_waits_beyond_it_is_given_up(self, province: Province, centre: Centre) -> None:
        first, second, third, fourth = files(centre, 4)
        assert said(province.take(second), province.take(fourth)) == [("held", "gap")] * 2
        seen = province.look_at_unit(UNIT, DAYS[1])
        assert seen.dropped == (4,)
        province.retire(seen)
        assert said(province.take(fourth)) == [("refused", "unit_retired")]
        assert said(province.take(first), province.take(second)) == [("merged", None)] * 2
        assert said(province.take(third)) == [("refused", "unit_retired")]
        assert province.status(FRIDAY).units[0].held == 0

    def test_it_is_silent_until_its_last_day_and_counts_in_no_later_period(
        self,
        folder: Path,
        clock: Clock,
        centre: Centre,
    ) -> None:
        other = Centre(OTHER, seed=2)
        clock.now = at(MONDAY)
        province = made_province(folder, clock, centre, other)
        province.take(files(centre, 1)[0])
        province.retire(province.look_at_unit(UNIT, DAYS[1]))
        clock.now = at(FRIDAY, 18)
        watch = {each.status.unit: each for each in province.reader().watch().units}
        assert (watch[UNIT].silent_since, watch[OTHER].silent_since) == (DAYS[1], MONDAY)
        assert (watch[UNIT].status.expected, watch[OTHER].status.expected) == (2, 5)
        assert [each.expected for each in province.reader().trend(MONDAY, FRIDAY)] == [2, 2, 1, 1, 1]
        states = [each.state for each in province.reader().unit_days(UNIT, MONDAY, FRIDAY).days]
        assert states == ["missing", "on_time"]
        assert province.report(DAYS[2], FRIDAY).silent == [OTHER]
        assert province.report(DAYS[1], FRIDAY).silent == [OTHER, UNIT]
        province.close()

    def test_it_ends_neither_before_it_began_nor_before_what_it_reported(
        self,
        province: Province,
        centre: Centre,
    ) -> None:
        for data in files(centre, 3):
            province.take(data)
        assert fault_of(province.look_at_unit, UNIT, DAYS[1]) is ProvinceFault.REPORTED_AFTER
        assert fault_of(province.look_at_unit, UNIT, MONDAY - timedelta(days=1)) is ProvinceFault.BEFORE_GO_LIVE
        assert fault_of(province.look_at_unit, OTHER, FRIDAY) is ProvinceFault.NOT_ENROLLED
        seen = province.look_at_unit(UNIT, DAYS[2])
        province.take(centre.close(DAYS[3]).data)
        assert fault_of(province.retire, seen) is ProvinceFault.REPORTED_AFTER
        assert province.status(FRIDAY).units[0].last_day is None

    def test_it_can_report_again(self, province: Province, centre: Centre) -> None:
        first, second = files(centre, 2)
        province.take(first)
        province.retire(province.look_at_unit(UNIT, MONDAY))
        assert province.status(FRIDAY).expected == 1
        province.retire(province.look_at_unit(UNIT, None))
        assert province.status(FRIDAY).expected == 5
        assert said(province.take(second)) == [("merged", None)]


@pytest.mark.usefixtures("database")
class TestKeys:
    def test_a_successor_goes_on_where_the_key_ends(self, province: Province, centre: Centre, folder: Path) -> None:
        first = centre.close(DAYS[0]).data
        replaced = copy.deepcopy(centre)
        second = centre.close(DAYS[1]).data
        old, new = centre.key, Centre(seed=7).key
        province.take(first)
        assert said(province.take(centre.close(DAYS[2]).data)) == [("held", "gap")]
        seen = province.look_at_key(UNIT, old.public.fingerprint)
        assert (seen.last_seq, seen.dropped, seen.left) == (1, (3,), 0)
        province.retire(seen)
        assert said(province.take(second)) == [("-", "retired_key")]
        assert set(rejected(folder).values()) == {("retired_key", 1)}
        province.enrol(UNIT, new.public.line())
        replaced.key = new
        assert said(*(province.take(replaced.close(day).data) for day in DAYS[1:3])) == [("merged", None)] * 2
        assert province.status(DAYS[2]).units[0].holes == ()
        assert [each.last_seq for each in province.unit_keys(UNIT)] == [1, None]

    def test_files_up_to_its_last_may_still_come(self, province: Province, centre: Centre) -> None:
        first, second, third = files(centre, 3)
        province.take(first)
        province.retire(province.look_at_key(UNIT, centre.key.public.fingerprint, 2))
        assert said(province.take(third), province.take(second)) == [("-", "retired_key"), ("merged", None)]

    def test_what_it_signed_and_was_merged_forbids_an_earlier_end(self, province: Province, centre: Centre) -> None:
        for data in files(centre, 3):
            province.take(data)
        mark = centre.key.public.fingerprint
        assert fault_of(province.look_at_key, UNIT, mark, 2) is ProvinceFault.KEY_AT_WORK
        assert fault_of(province.look_at_key, UNIT, "SHA256:x", None) is ProvinceFault.NO_SUCH_KEY
        assert fault_of(province.look_at_key, OTHER, mark, None) is ProvinceFault.NOT_ENROLLED
        seen = province.look_at_key(UNIT, mark)
        province.take(centre.close(DAYS[3]).data)
        assert fault_of(province.retire, seen) is ProvinceFault.KEY_AT_WORK
        assert province.unit_keys(UNIT)[0].last_seq is None


def test_openssh_believes_a_retired_key_up_to_the_moment_it_was_retired(
    province: Province,
    centre: Centre,
    folder: Path,
    tmp_path: Path,
) -> None:
    province.retire(province.look_at_key(UNIT, centre.key.public.fingerprint))
    line, _newline, block = centre.close(MONDAY).data.partition(b"\n")
    signature = tmp_path / "sig"
    signature.write_bytes(block)

    def believed(when: str) -> bool:
        words = ["ssh-keygen", "-Y", "verify", "-f", str(folder / "allowed_signers"), "-I", UNIT, "-n", NS_DAILY]
        words += ["-s", str(signature), f"-Overify-time={when}"]
        return subprocess.run(words, input=line + b"\n", capture_output=True, check=False).returncode == 0

    assert (believed("20260306120000"), believed("20260308120000")) == (True, False)
