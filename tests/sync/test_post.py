"""Delivery by a folder: only a verified receipt moves a file beyond `sent`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from db.vocabulary import Delivery
from desk.daily.reasons import Refusal
from desk.daily.receipt import receipt_name
from desk.province.service import Province
from desk.settings import Paths
from desk.sync.model import NotOursError
from desk.sync.post import Post
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, Clock
from tests.sync.sticks import answer, queue, receipt_for, snapshot, states


def test_there_and_back(post: Post, centre: Centre, province: Province, stick: Path, paths: Paths) -> None:
    files = queue(post, centre, 3)
    assert states(post.run()) == [(n, "sent", "") for n in (1, 2, 3)]
    assert {path.name for path in (stick / UNIT).iterdir()} == {file.name for file in files}
    assert states(post.run()) == [(n, "sent", "") for n in (1, 2, 3)]
    province.ingest([stick])
    run = post.run()
    assert states(run) == [(n, "confirmed", "") for n in (1, 2, 3)]
    assert (run.pinned, run.newly_pinned) == (province.identity().fingerprint, True)
    assert not run.problems
    assert post.run() == ()
    assert [(item.tries, item.way) for item in run] == [(1, "folder")] * 3
    assert [state.state for state in post.states()] == [Delivery.CONFIRMED] * 3
    kept = post.receipts()
    assert {found.receipt.receipt_for for _data, found in kept} == {file.sha256 for file in files}
    assert {data for data, _found in kept} == {
        (stick / UNIT / receipt_name(file.sha256)).read_bytes() for file in files
    }
    assert (paths.folder / "province.pub").read_text().split()[:2] == province.identity().public_key.split()[:2]


def test_a_held_file_is_confirmed_later_and_never_goes_back(
    post: Post, centre: Centre, province: Province, stick: Path
) -> None:
    first, second = queue(post, centre, 2)
    post.run()
    path = stick / UNIT / first.name
    path.unlink()
    province.ingest([stick])
    held = (stick / UNIT / receipt_name(second.sha256)).read_bytes()
    assert states(post.run()) == [(1, "sent", ""), (2, "held", "gap")]
    assert path.exists()
    province.ingest([stick])
    assert states(post.run()) == [(1, "confirmed", ""), (2, "confirmed", "")]
    (stick / UNIT / receipt_name(second.sha256)).write_bytes(held)
    (stick / UNIT / "again.receipt").write_bytes(held)
    assert post.run() == ()
    assert [state.state for state in post.states()] == [Delivery.CONFIRMED] * 2


def test_a_refused_file_says_why(post: Post, centre: Centre, province: Province, stick: Path) -> None:
    centre.close(MONDAY)
    bad = centre.replace_last({"totals": {}})
    post.put(bad.name, bad.data)
    post.run()
    province.ingest([stick])
    run = post.run()
    assert states(run) == [(1, "refused", "not_balanced")]
    assert run[0].sentence
    assert post.states()[0].reason == Refusal.NOT_BALANCED
    assert states(post.run()) == [(1, "refused", "not_balanced")]


def test_a_stick_that_is_not_in(post: Post, centre: Centre, stick: Path, paths: Paths) -> None:
    queue(post, centre, 2)
    stick.rename(stick.with_name("away"))
    run = post.run()
    assert states(run) == [(1, "sealed", "unreachable"), (2, "sealed", "unreachable")]
    assert [item.tries for item in run] == [0, 0]
    assert not stick.exists()
    before = snapshot(paths.folder)
    assert states(post.run()) == states(run)
    assert snapshot(paths.folder) == before
    assert post.states()[0].reason == run[0].sentence
    stick.with_name("away").rename(stick)
    assert states(post.run()) == [(1, "sent", ""), (2, "sent", "")]


def test_no_way_at_all(paths: Paths, centre: Centre, clock: Clock) -> None:
    post = Post(paths, unit=UNIT, practice=False, folder="", clock=clock)
    queue(post, centre, 1)
    assert states(post.run()) == [(1, "sealed", "no_way")]


def test_a_dry_run_writes_nothing(post: Post, centre: Centre, stick: Path, paths: Paths) -> None:
    one, _two = queue(post, centre, 2)
    assert states(post.run(dry_run=True)) == [(1, "sealed", ""), (2, "sealed", "")]
    assert list(stick.iterdir()) == []
    post.run()
    answer(stick, receipt_for(one))
    before = snapshot(paths.folder), snapshot(stick)
    run = post.run(dry_run=True)
    assert states(run) == [(1, "confirmed", ""), (2, "sent", "")]
    assert run.newly_pinned
    assert (snapshot(paths.folder), snapshot(stick)) == before


def test_a_new_stick_gets_everything_unconfirmed(post: Post, centre: Centre, stick: Path) -> None:
    one, two, three = queue(post, centre, 3)
    post.run()
    answer(stick, receipt_for(two))
    post.run()
    for path in (stick / UNIT).iterdir():
        path.unlink()
    run = post.run()
    assert {path.name for path in (stick / UNIT).iterdir()} == {one.name, three.name}
    assert [item.tries for item in run] == [2, 2]


def test_what_is_there_is_not_copied_again_and_what_is_damaged_is(post: Post, centre: Centre, stick: Path) -> None:
    one, two = queue(post, centre, 2)
    post.run()
    before = (stick / UNIT / one.name).stat()
    (stick / UNIT / two.name).write_bytes(two.data[:100])
    post.run()
    after = (stick / UNIT / one.name).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert (stick / UNIT / two.name).read_bytes() == two.data


def test_one_file_that_cannot_go_does_not_stop_the_others(post: Post, centre: Centre, stick: Path) -> None:
    one, two = queue(post, centre, 2)
    (stick / UNIT / one.name).mkdir(parents=True)
    (stick / UNIT / one.name / "in the way").touch()
    run = post.run()
    assert states(run) == [(1, "sealed", "not_writable"), (2, "sent", "")]
    assert (stick / UNIT / two.name).read_bytes() == two.data


def test_a_planted_link_is_not_followed(post: Post, centre: Centre, stick: Path, tmp_path: Path) -> None:
    (file,) = queue(post, centre, 1)
    target = tmp_path / "target"
    target.mkdir()
    (stick / UNIT).symlink_to(target, target_is_directory=True)
    assert states(post.run()) == [(1, "sealed", "not_readable")]
    assert list(target.iterdir()) == []
    (stick / UNIT).unlink()
    (stick / UNIT).mkdir()
    (target / "victim").write_text("mine")
    (stick / UNIT / file.name).symlink_to(target / "victim")
    assert states(post.run()) == [(1, "sent", "")]
    assert (target / "victim").read_text() == "mine"
    assert (stick / UNIT / file.name).read_bytes() == file.data


def test_a_lost_or_broken_state_file_is_made_anew(post: Post, centre: Centre, stick: Path, paths: Paths) -> None:
    one, two, three = queue(post, centre, 3)
    post.run()
    answer(stick, receipt_for(one))
    post.run()
    (paths.outbox / f"{one.name}.json").unlink()
    (paths.outbox / f"{two.name}.json").write_text("{broken")
    state = json.loads((paths.outbox / f"{three.name}.json").read_text())
    (paths.outbox / f"{three.name}.json").write_text(json.dumps({**state, "state": "eaten"}))
    for path in (stick / UNIT).glob("*.receipt"):
        path.unlink()
    assert [state.state.value for state in post.states()] == ["sealed"] * 3
    assert states(post.run()) == [(1, "confirmed", ""), (2, "sent", ""), (3, "sent", "")]


def test_a_receipt_kept_before_the_power_went_is_believed(
    post: Post, centre: Centre, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = queue(post, centre, 1)
    post.run()
    answer(stick, receipt_for(file))
    with monkeypatch.context() as cut:
        cut.setattr("desk.sync.outbox.Outbox.write", lambda *_a: (_ for _ in ()).throw(OSError("power")))
        with pytest.raises(OSError, match="power"):
            post.run()
    stick.rename(stick.with_name("away"))
    assert states(post.run()) == [(1, "confirmed", "")]


def test_put_is_idempotent_and_repairs(post: Post, centre: Centre, paths: Paths, stick: Path) -> None:
    (file,) = queue(post, centre, 1)
    post.run()
    post.put(file.name, file.data)
    assert [state.state.value for state in post.states()] == ["sent"]
    (paths.outbox / file.name).write_bytes(file.data[:50])
    (stick / UNIT / file.name).unlink()
    run = post.run()
    assert states(run) == [(1, "sent", "damaged_here")]
    assert not (stick / UNIT / file.name).exists()
    (paths.outbox / f"{file.name}.json").unlink()
    assert states(post.run()) == [(1, "sealed", "damaged_here")]
    post.put(file.name, file.data)
    assert states(post.run()) == [(1, "sent", "")]
    assert (stick / UNIT / file.name).read_bytes() == file.data


def test_only_our_own_files_are_queued(post: Post, centre: Centre, paths: Paths) -> None:
    file = centre.close(MONDAY)
    foreign, practice = Centre(OTHER).close(MONDAY), Centre(practice=True).close(MONDAY)
    for wrong in (foreign, practice):
        with pytest.raises(NotOursError):
            post.put(wrong.name, wrong.data)
    with pytest.raises(NotOursError):
        post.put(file.name, b"nothing")
    for name in ("../x.daily", "x.daily", foreign.name, file.name.replace(file.sha256[:8], "00000000")):
        with pytest.raises(ValueError, match="not the name"):
            post.put(name, file.data)
    assert not paths.outbox.exists()
    assert post.states() == ()
