"""Pauses after failures: short, then longer, for ever, and never in another's way."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desk.settings import Paths
from desk.sync.courier import ATTEMPTS, deliver
from desk.sync.patience import NAME, PAUSES, Patience
from desk.sync.post import Post
from desk.sync.ways import Fetched, FolderWay, Trouble, WayError
from tests.province.factory import MONDAY, UNIT, Centre, Clock, at
from tests.sync.sticks import queue

NOW = at(MONDAY)


def least(low: float, _high: float) -> float:
    return low


def middle(low: float, high: float) -> float:
    return (low + high) / 2


class Line:
    """A made-up line that fails as told."""

    name = "https"

    def __init__(self, where: str = "https://x", *, fails: int = 1000, only: str = "") -> None:
        self.where = where
        self.fails = fails
        self.only = only
        self.offered: list[str] = []

    def published(self) -> bytes | None:
        return None

    def offer(self, name: str, data: bytes) -> bool:
        assert data
        self.offered.append(name)
        if self.only and name != self.only:
            return True
        self.fails -= 1
        if self.fails >= 0:
            raise WayError(Trouble.NOT_TAKEN if self.only else Trouble.LINE_BROKEN, whole=not self.only)
        return True

    def fetch(self, skip: Collection[str] = ()) -> Iterator[Fetched]:
        return (Fetched(name, None, "never") for name in skip if not name)

    def lost(self, after: int) -> Iterator[Fetched]:
        return (Fetched(str(number), None, "never") for number in range(after, 0))

    def close(self) -> None:
        pass


def test_pauses_grow_to_two_hours_and_stay(tmp_path: Path) -> None:
    patience = Patience(tmp_path, NOW, middle)
    found = []
    for _n in range(10):
        patience.failed("x")
        found.append(patience._rests["x"][1] - NOW)
    assert found == [*PAUSES, PAUSES[-1], PAUSES[-1]]


def test_chance_spreads_them_from_half_to_half_as_much_again_but_never_beyond_two_hours(tmp_path: Path) -> None:
    for chance, factor in ((least, 0.5), (lambda _low, high: high, 1.5)):
        patience = Patience(tmp_path, NOW, chance)
        patience.failed("x")
        assert patience._rests["x"][1] - NOW == factor * PAUSES[0]
    for _n in range(20):
        patience.failed("x")
    assert patience._rests["x"][1] - NOW == timedelta(hours=2)
    usual = Patience(tmp_path, NOW)
    usual.failed("x")
    assert timedelta(seconds=5) <= usual._rests["x"][1] - NOW <= timedelta(seconds=15)


def test_kept_for_other_processes_and_forgotten_after_success(tmp_path: Path) -> None:
    one = Patience(tmp_path, NOW, middle)
    one.failed("https://x")
    one.failed("https://x", "ab")
    one.save()
    other = Patience(tmp_path, NOW + timedelta(seconds=9))
    assert other.rests("https://x")
    assert other.rests("https://x", "ab")
    assert not other.rests("https://x", "cd")
    assert not Patience(tmp_path, NOW + timedelta(seconds=10)).rests("https://x")
    other.worked("https://x")
    other.save()
    assert not Patience(tmp_path, NOW).rests("https://x")
    assert Patience(tmp_path, NOW).rests("https://x", "ab")


def test_what_went_is_spared_for_as_long_as_was_said(tmp_path: Path) -> None:
    patience = Patience(tmp_path, NOW)
    patience.spare("mail", "ab", PAUSES[-1])
    patience.save()
    assert Patience(tmp_path, NOW + PAUSES[-1] - timedelta(seconds=1)).rests("mail", "ab")
    assert not Patience(tmp_path, NOW + PAUSES[-1]).rests("mail", "ab")


def test_pauses_long_over_are_forgotten_however_many_files_went(tmp_path: Path) -> None:
    for n in range(400):
        patience = Patience(tmp_path, NOW + timedelta(hours=4 * n))
        patience.failed("https://x", f"{n:064x}")
        patience.save()
    assert len((tmp_path / NAME).read_text()) < 2000
    assert patience.rests("https://x", f"{399:064x}")


@pytest.mark.parametrize("text", ["", "[]", '{"x": 1}', '{"x": [1, "soon"]}', "[" * 5000, '{"x": ["a", "b"]}', "null"])
def test_a_file_that_cannot_be_read_is_no_pause(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    assert not Patience(tmp_path, NOW).rests("x")


def test_a_clock_set_back_does_not_make_a_pause_of_years(tmp_path: Path) -> None:
    patience = Patience(tmp_path, NOW + timedelta(days=3650), middle)
    patience.failed("x")
    patience.save()
    assert not Patience(tmp_path, NOW).rests("x")


def test_a_way_that_failed_rests_in_due_runs_and_its_files_keep_their_reason(
    paths: Paths, clock: Clock, centre: Centre, stick: Path
) -> None:
    line = Line()
    post = Post(paths, UNIT, False, "", clock, ways=(line,))
    queue(post, centre, 2)
    post.run(due=True)
    run = post.run(due=True)
    assert len(line.offered) == 1
    assert [(item.state, item.reason) for item in run] == [("sealed", "line_broken")] * 2
    Post(paths, UNIT, False, "", clock, ways=(line, FolderWay(stick, UNIT))).run(due=True)
    assert len(list((stick / UNIT).iterdir())) == 2
    clock.now += timedelta(seconds=16)
    post.run(due=True)
    assert len(line.offered) == 2
    post.run()
    assert len(line.offered) == 3


def test_one_file_that_rests_does_not_hold_the_next(paths: Paths, clock: Clock, centre: Centre) -> None:
    post = Post(paths, UNIT, False, "", clock)
    first, second = queue(post, centre, 2)
    line = Line(only=first.name)
    post = Post(paths, UNIT, False, "", clock, ways=(line,))
    run = post.run(due=True)
    assert [(item.state, item.reason, item.tries) for item in run] == [("sealed", "not_taken", 1), ("sent", "", 1)]
    line.offered.clear()
    assert post.run(due=True)
    assert line.offered == []
    clock.now += timedelta(seconds=16)
    post.run(due=True)
    assert line.offered == [first.name, second.name]


def test_another_server_does_not_rest_with_the_first(paths: Paths, clock: Clock, centre: Centre) -> None:
    bad, good = Line("https://one"), Line("https://two", fails=0)
    post = Post(paths, UNIT, False, "", clock, ways=(bad, good))
    queue(post, centre, 2)
    for _n in range(3):
        run = post.run(due=True)
    assert [(item.state, item.reason) for item in run] == [("sent", ""), ("sent", "")]
    assert len(bad.offered) == 1


def test_three_short_attempts_some_seconds_apart(paths: Paths, clock: Clock, centre: Centre) -> None:
    pauses: list[float] = []
    line = Line()
    post = Post(paths, UNIT, False, "", clock, ways=(line,))
    queue(post, centre, 1)
    run = deliver(post, pause=pauses.append)
    assert [(item.reason, item.tries) for item in run] == [("line_broken", ATTEMPTS)]
    assert len(pauses) == ATTEMPTS - 1
    assert all(5 <= pause <= 15 for pause in pauses)
    line.fails = 1
    assert [(item.state, item.tries) for item in deliver(post, pause=pauses.append)] == [("sent", ATTEMPTS + 2)]
    assert len(pauses) == ATTEMPTS


def failures(paths: Paths) -> dict[str, int]:
    """Return how often in a row each way, or file on it, has failed."""
    return {key: times for key, (times, _until) in Patience(paths.outbox, NOW)._rests.items()}


def weary(post: Post, clock: Clock, times: int = 7) -> None:
    """Let a line fail by itself for so long that it rests for hours."""
    for _each in range(times):
        post.run(due=True)
        clock.now += timedelta(hours=3)


def test_what_is_sent_now_goes_at_once_and_pauses_begin_anew(paths: Paths, clock: Clock, centre: Centre) -> None:
    line = Line()
    post = Post(paths, UNIT, False, "", clock, ways=(line,))
    (file,) = queue(post, centre, 1)
    weary(post, clock)
    post.run(due=True)
    assert failures(paths) == {line.where: 8}
    offered = len(line.offered)
    assert [item.reason for item in post.run()] == ["line_broken"]
    assert (len(line.offered), failures(paths)) == (offered + 1, {line.where: 1})
    at_once = post.next_tries()[file.sha256]
    assert at_once is not None
    assert at_once - clock.now <= 1.5 * PAUSES[0]
    clock.now += timedelta(seconds=16)
    post.run(due=True)
    assert (len(line.offered), failures(paths)) == (offered + 2, {line.where: 2})


def test_a_file_that_was_turned_down_begins_anew_too(paths: Paths, clock: Clock, centre: Centre) -> None:
    post = Post(paths, UNIT, False, "", clock)
    first, second = queue(post, centre, 2)
    line = Line(only=first.name)
    post = Post(paths, UNIT, False, "", clock, ways=(line,))
    weary(post, clock)
    assert failures(paths) == {f"{line.where} {each.sha256}": 7 for each in (first, second)}
    post.run()
    assert failures(paths) == {f"{line.where} {each.sha256}": 1 for each in (first, second)}


def test_what_the_province_said_by_phone_goes_on_resting(paths: Paths, clock: Clock, centre: Centre) -> None:
    line = Line()
    post = Post(paths, UNIT, False, "", clock, ways=(line,))
    first, second = queue(post, centre, 2)
    post.note_heard(second.sha256, "merged")
    post.run()
    assert failures(paths) == {line.where: 1, f"{line.where} {second.sha256}": len(PAUSES)}
    assert line.offered == [first.name]


def test_the_attempts_of_one_sending_add_up(paths: Paths, clock: Clock, centre: Centre) -> None:
    line = Line()
    post = Post(paths, UNIT, False, "", clock, ways=(line,))
    queue(post, centre, 1)
    weary(post, clock)
    deliver(post, pause=lambda _seconds: None)
    assert failures(paths) == {line.where: ATTEMPTS}
    post.run_messages()
    assert failures(paths) == {line.where: ATTEMPTS}


def test_what_another_attempt_cannot_help_is_not_tried_again(paths: Paths, clock: Clock, centre: Centre) -> None:
    post = Post(paths, UNIT, False, "/no/such/stick", clock)
    queue(post, centre, 1)

    def never(_seconds: float) -> None:
        raise AssertionError

    assert [item.reason for item in deliver(post, pause=never)] == ["unreachable"]
