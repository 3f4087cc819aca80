"""A commune loses its record and gets a backup back: no fork, nothing lost in silence, the same on both sides."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.rules.numbering import parse_provisional
from tests.journeys.restoring import UNIT, Town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def worked(town: Town, days: int) -> dict[str, bytes]:
    """Work for some days; return the backup made on the morning of the last but one."""
    kept: dict[str, bytes] = {}
    for each in range(days):
        with town.opened() as desk:
            codes = [done.code for done in desk.receive(3)]
            if each == days - 2:
                town.later(hours=1)
        if each == days - 2:
            kept = town.backup()
        with town.opened() as desk:
            town.later(hours=3)
            desk.receive(2)
            desk.finish(codes[0])
            town.later(hours=4)
            desk.close()
            desk.sync()
        town.ingest()
        with town.opened() as desk:
            desk.sync()
        town.next_day(3 if town.now.weekday() == 4 else 1)
    return kept


def test_a_backup_on_the_same_machine(town: Town) -> None:
    kept = worked(town, 4)
    town.restore(kept, folders=True)
    with town.opened() as desk:
        broken = desk.desk.counter.resets.look()
        assert broken is not None
        assert (broken.base_seq, broken.known_seq, [each.seq for each in broken.lost.files]) == (2, 4, [3, 4])
        assert "còn đến tệp số 2" in broken.sentence
        assert desk.refused() == "reset_needed"
        # Five were given out on the day of the backup, of which the backup knows three.
        code = parse_provisional(desk.receive()[0].code)
        assert code is not None
        assert code.number == 1001
        sealed = desk.reset()
        assert (sealed.seq, sealed.lost) == (5, broken.lost)
        town.later(hours=8)
        assert [seq for _day, seq in desk.close()] == [6]
        desk.sync()
    assert town.ingest()[-2:] == [(5, "held", "reset_waiting"), (6, "held", "reset_waiting")]
    with town.opened() as desk:
        states = desk.sync()
        assert (states[5], states[6]) == (("held", "reset_waiting"), ("held", "reset_waiting"))
        assert "chờ tỉnh chấp nhận nối lại" in desk.desk.counter.outgoing()[0].sentence
    seen = town.province.accept_reset(town.province.reset(UNIT))
    assert [(each.seq, each.day, each.sha256) for each in seen.kept] == [
        (each.seq, each.day, each.sha256) for each in sealed.lost.files
    ]
    assert (seen.untold, seen.absent, seen.never, seen.base_known) == ((), (), (), True)
    assert (seen.received, seen.ended) == (10, 2)
    town.ingest()
    with town.opened() as desk:
        assert {seq: state for seq, (state, _why) in desk.sync().items() if seq > 4} == {5: "confirmed", 6: "confirmed"}
        assert desk.desk.counter.resets.look() is None
    # What was done before the backup on its day was counted with the lost file, and is not counted again.
    report = town.province.report(seen.kept[-1].day, town.now.date())
    last = town.province.report(town.now.date(), town.now.date()).report.total
    assert last.columns[2] == 1
    assert report.resets == (seen,)
    town.next_day()
    with town.opened() as desk:
        desk.receive(2)
        town.later(hours=8)
        assert [seq for _day, seq in desk.close()] == [7]
        desk.sync()
    assert town.ingest()[-1] == (7, "merged", None)


def test_a_backup_on_a_new_machine_learns_from_the_stick(town: Town) -> None:
    kept = worked(town, 4)
    town.restore(kept, folders=False)
    with town.opened() as desk:
        assert desk.desk.counter.resets.look() is None  # nothing here says so yet
        desk.sync()
        broken = desk.desk.counter.resets.look()
        assert broken is not None
        assert (broken.base_seq, broken.known_seq, [each.seq for each in broken.lost.files]) == (2, 4, [3, 4])
        sealed = desk.reset()
        desk.receive(2)
        town.later(hours=8)
        assert [seq for _day, seq in desk.close()] == [6]
        desk.sync()
    town.ingest()
    seen = town.province.accept_reset(town.province.reset(UNIT))
    assert [(each.seq, each.sha256) for each in seen.kept] == [(each.seq, each.sha256) for each in sealed.lost.files]
    town.ingest()
    with town.opened() as desk:
        assert desk.sync()[6] == ("confirmed", "")
    assert town.province.report(town.now.date(), town.now.date()).report.total.columns[2] == 2


def test_a_file_sealed_before_anybody_knew_is_refused_and_sealed_again_behind_the_reset(town: Town) -> None:
    kept = worked(town, 4)
    town.restore(kept, folders=False)
    for path in (town.stick / UNIT).iterdir():
        path.unlink()
    with town.opened() as desk:
        desk.receive(2)
        town.later(hours=8)
        assert [seq for _day, seq in desk.close()] == [3, 4, 5]
        desk.sync()
    assert [each[1:] for each in town.ingest()] == [("refused", "fork")] * 3
    assert town.province.status(town.now.date()).units[0].last_seq == 4
    town.next_day()
    with town.opened() as desk:
        desk.sync()
        broken = desk.desk.counter.resets.look()
        assert broken is not None
        assert (broken.base_seq, broken.known_seq, broken.lost.files) == (2, 4, ())
        assert desk.refused() == "reset_needed"
        assert desk.reset().seq == 6
        assert [seq for _day, seq in desk.close()] == [7, 8, 9, 10]
        states = desk.sync()
        assert sorted(states) == [1, 2, 6, 7, 8, 9, 10]
        assert not [path for path in town.paths.outbox.iterdir() if "-000003-" in path.name]
    town.ingest()
    seen = town.province.accept_reset(town.province.reset(UNIT))
    assert ([each.seq for each in seen.kept], [each.seq for each in seen.untold], seen.never) == (
        [3, 4], [3, 4], ((5, 5),)
    )  # fmt: skip
    town.ingest()
    with town.opened() as desk:
        assert {state for state, _why in desk.sync().values()} == {"confirmed"}


def test_a_reset_that_came_too_early_is_made_again(town: Town) -> None:
    kept = worked(town, 4)
    town.restore(kept, folders=False)
    for path in (town.stick / UNIT).iterdir():
        path.unlink()
    with town.opened() as desk:
        broken = desk.desk.counter.resets.declare(1)
        assert not hasattr(broken, "reason"), broken
        assert desk.reset().seq == 3
        desk.receive(1)
        town.later(hours=8)
        assert [seq for _day, seq in desk.close()] == [4, 5, 6]
        desk.sync()
    assert {each[1:] for each in town.ingest()} == {("refused", "reset_behind")}
    with town.opened() as desk:
        desk.sync()
        assert desk.refused() == "reset_needed"
        assert desk.reset().seq == 7
        assert [seq for _day, seq in desk.close()] == [8, 9, 10]
        desk.sync()
    town.ingest()
    town.province.accept_reset(town.province.reset(UNIT))
    town.ingest()
    with town.opened() as desk:
        assert {state for state, _why in desk.sync().values()} == {"confirmed"}


def test_a_new_machine_without_the_key(town: Town) -> None:
    worked(town, 3)
    old = town.province.status(town.now.date()).units[0].last_seq
    town.name = "new"
    with town.made() as desk:
        town.province.enrol(UNIT, desk.public_key().line())
        desk.sync()
        broken = desk.desk.counter.resets.look()
        assert broken is not None
        assert (broken.base_seq, broken.known_seq, [each.seq for each in broken.lost.files]) == (0, 3, [1, 2, 3])
        assert desk.refused() == "reset_needed"
        assert desk.reset("máy mới, mất khóa").seq == 4
        desk.receive(1)
        town.later(hours=8)
        assert [seq for _day, seq in desk.close()] == [5]
        desk.sync()
    town.ingest()
    seen = town.province.reset(UNIT)
    assert (seen.last_seq, len(seen.other_keys), seen.stock_after) == (old, 1, 0)
    town.province.accept_reset(seen)
    town.ingest()
    with town.opened() as desk:
        assert desk.sync() == {4: ("confirmed", ""), 5: ("confirmed", "")}


def test_a_lost_outbox_folder_needs_no_reset(town: Town) -> None:
    worked(town, 3)
    for path in town.paths.outbox.iterdir():
        path.unlink()
    with town.opened() as desk:
        desk.sync()
        assert desk.desk.counter.resets.look() is None
        desk.receive(1)
        town.later(hours=8)
        desk.close()
        desk.sync()
    assert town.ingest()[-1][1:] == ("merged", None)


def test_a_refused_reset_is_made_again(town: Town) -> None:
    kept = worked(town, 4)
    town.restore(kept, folders=True)
    with town.opened() as desk:
        desk.reset()
        town.later(hours=8)
        desk.close()
        desk.sync()
    town.ingest()
    town.province.refuse_reset(town.province.reset(UNIT), "hỏi lại")
    town.ingest()
    with town.opened() as desk:
        desk.sync()
        assert desk.refused() == "reset_needed"
        assert desk.reset("hỏi rồi").seq == 7
        assert [seq for _day, seq in desk.close()] == [8]
        desk.sync()
    town.ingest()
    seen = town.province.accept_reset(town.province.reset(UNIT))
    assert [each.seq for each in seen.kept] == [3, 4]
    town.ingest()
    with town.opened() as desk:
        assert {state for state, _why in desk.sync().values()} == {"confirmed"}
