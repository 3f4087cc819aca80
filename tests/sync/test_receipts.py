"""Receipts and the province's key: what is believed, and what is set aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from desk.daily.model import Status
from desk.daily.receipt import receipt_name
from desk.daily.sshsig import SigningKey
from desk.settings import Paths
from desk.sync.post import Post
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, Clock, at
from tests.sync.sticks import PROVINCE, answer, queue, receipt_for, states


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ("stranger", "unknown_key"),
        ("changed", "bad_signature"),
        ("cut", "truncated"),
        ("other unit", "wrong_unit"),
        ("other file", "unknown_file"),
        ("link", "symlink"),
        ("folder", "not_a_file"),
        ("large", "too_large"),
    ],
)
def test_what_does_not_verify_moves_nothing(
    post: Post, centre: Centre, stick: Path, paths: Paths, spoil: str, reason: str
) -> None:
    one, two = queue(post, centre, 2)
    post.run()
    usual = receipt_for(one)
    receipt = {
        "other unit": replace(usual, unit=OTHER),
        "other file": replace(usual, receipt_for="ab" * 32),
    }.get(spoil, usual)
    key = SigningKey.from_seed(b"s" * 32) if spoil == "stranger" else PROVINCE
    data = answer(stick, receipt, key, "x.receipt")
    path = stick / UNIT / "x.receipt"
    if spoil == "changed":
        path.write_bytes(data.replace(b'"seq":1', b'"seq":2'))
    elif spoil == "cut":
        path.write_bytes(data[:-30])
    elif spoil == "large":
        path.write_bytes(data + b"x" * 70_000)
    elif spoil in {"link", "folder"}:
        path.rename(stick / "elsewhere")
        path.mkdir() if spoil == "folder" else path.symlink_to(stick / "elsewhere")
    answer(stick, receipt_for(two, province_seq=2))
    run = post.run()
    assert states(run) == [(1, "sent", ""), (2, "confirmed", "")]
    assert [(problem.what, problem.reason) for problem in run.problems] == [("x.receipt", reason)]
    assert run.problems[0].sentence
    assert [path.name for path in paths.receipts.iterdir()] == [receipt_name(two.sha256)]


def test_a_good_upload_is_no_success(post: Post, centre: Centre, stick: Path) -> None:
    queue(post, centre, 1)
    (stick / UNIT).mkdir()
    (stick / UNIT / "ok.receipt").write_text("200 OK")
    assert states(post.run()) == [(1, "sent", "")]


@given(st.permutations([(1, Status.HELD), (2, Status.HELD), (3, Status.REFUSED), (4, Status.MERGED)]), st.data())
def test_the_greater_number_wins_whatever_comes_first(
    tmp_path_factory: pytest.TempPathFactory, order: list[tuple[int, Status]], data: st.DataObject
) -> None:
    base = tmp_path_factory.mktemp("post")
    stick = base / "stick"
    stick.mkdir()
    post = Post(Paths(base / "desk"), UNIT, False, str(stick), Clock(at(MONDAY)))
    (file,) = queue(post, Centre(), 1)
    newest = 0
    for number, status in order:
        if data.draw(st.booleans()):
            continue
        reason = {Status.HELD: "gap", Status.REFUSED: "wrong_stock"}.get(status)
        answer(stick, receipt_for(file, province_seq=number, status=status, reason=reason))
        post.run()
        newest = max(newest, number)
    wanted = {0: "sealed", 1: "held", 2: "held", 3: "refused", 4: "confirmed"}[newest]
    assert [state.state.value for state in post.states()] == [wanted]
    assert [found.receipt.province_seq for _bytes, found in post.receipts()] == ([newest] if newest else [])


def test_confirmed_never_goes_back_even_by_a_greater_number(post: Post, centre: Centre, stick: Path) -> None:
    one, _two = queue(post, centre, 2)
    answer(stick, receipt_for(one))
    post.run()
    late = receipt_for(one, province_seq=9, status=Status.REFUSED, reason="fork")
    answer(stick, late, name="late.receipt")
    run = post.run()
    assert not run.problems
    assert [state.state.value for state in post.states()] == ["confirmed", "sent"]
    assert post.receipts()[0][1].receipt.status is Status.MERGED


def test_two_receipts_with_one_number_are_set_aside(post: Post, centre: Centre, stick: Path) -> None:
    (file,) = queue(post, centre, 1)
    answer(stick, receipt_for(file, status=Status.HELD, reason="gap"))
    post.run()
    answer(stick, receipt_for(file))
    run = post.run()
    assert states(run) == [(1, "held", "gap")]
    assert [problem.reason for problem in run.problems] == ["receipts_differ"]


def test_the_key_is_pinned_once_and_never_replaced(post: Post, centre: Centre, stick: Path, paths: Paths) -> None:
    (file,) = queue(post, centre, 1)
    run = post.run()
    assert (run.pinned, run.newly_pinned) == ("", False)
    answer(stick, receipt_for(file, status=Status.HELD, reason="gap"))
    run = post.run()
    assert (run.pinned, run.newly_pinned) == (PROVINCE.public.fingerprint, True)
    pinned = (paths.folder / "province.pub").read_bytes()
    stranger = SigningKey.from_seed(b"s" * 32)
    (stick / "province.pub").write_text(stranger.public.line() + "\n")
    answer(stick, receipt_for(file, province_seq=2), stranger)
    run = post.run()
    assert (run.pinned, run.newly_pinned) == (PROVINCE.public.fingerprint, False)
    assert {problem.reason for problem in run.problems} == {"key_changed", "unknown_key"}
    assert states(run) == [(1, "held", "gap")]
    assert (paths.folder / "province.pub").read_bytes() == pinned


def test_without_a_key_receipts_wait(post: Post, centre: Centre, stick: Path) -> None:
    (file,) = queue(post, centre, 1)
    answer(stick, receipt_for(file))
    (stick / "province.pub").unlink()
    run = post.run()
    assert states(run) == [(1, "sent", "")]
    assert [problem.reason for problem in run.problems] == ["no_key"]
    assert post.receipts() == ()


def test_a_broken_pin_trusts_nobody(post: Post, centre: Centre, stick: Path, paths: Paths) -> None:
    (file,) = queue(post, centre, 1)
    answer(stick, receipt_for(file))
    (paths.folder / "province.pub").write_text("ssh-ed25519 broken")
    run = post.run()
    assert states(run) == [(1, "sent", "")]
    assert {problem.reason for problem in run.problems} == {"key_unreadable", "no_key"}
    assert (paths.folder / "province.pub").read_text() == "ssh-ed25519 broken"
    assert post.receipts() == ()


def test_a_key_in_the_units_own_folder_will_do(post: Post, centre: Centre, stick: Path) -> None:
    (file,) = queue(post, centre, 1)
    answer(stick, receipt_for(file))
    (stick / "province.pub").rename(stick / UNIT / "province.pub")
    assert states(post.run()) == [(1, "confirmed", "")]
