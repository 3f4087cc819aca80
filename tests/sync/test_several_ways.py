"""More than one way to the province, and what each failure of one does."""

from __future__ import annotations

import errno
from collections.abc import Collection, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desk.daily.files import FileFault
from desk.daily.reasons import Refusal
from desk.province.service import Province
from desk.settings import Paths
from desk.sync.post import Post
from desk.sync.sentences import reason_sentence
from desk.sync.ways import Fetched, FolderWay, Trouble, WayError
from tests.province.factory import MONDAY, UNIT, Centre, Clock


class Line:
    """A made-up way whose offers and fetches fail as told."""

    name = "line"

    def __init__(self, *, fails: WayError | None = None, on: str = "") -> None:
        self.fails = fails
        self.on = on
        self.brought: list[str] = []

    def published(self) -> bytes | None:
        self._fail("published")
        return None

    def offer(self, name: str, data: bytes) -> bool:
        assert data
        self._fail("offer")
        self.brought.append(name)
        return True

    def fetch(self, skip: Collection[str] = ()) -> Iterator[Fetched]:
        self._fail("fetch")
        return (Fetched(name, None, "never") for name in skip if not name)

    def _fail(self, step: str) -> None:
        if self.fails is not None and step == self.on:
            raise self.fails


def made(paths: Paths, clock: Clock, centre: Centre, *ways: Line | FolderWay) -> Post:
    post = Post(paths, UNIT, False, "", clock, ways=ways)
    for n in range(2):
        file = centre.close(MONDAY + timedelta(days=n))
        post.put(file.name, file.data)
    return post


def test_a_mixture_of_ways_leaves_each_file_confirmed_once(
    paths: Paths, clock: Clock, centre: Centre, stick: Path, tmp_path: Path, province: Province
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    post = made(paths, clock, centre, FolderWay(stick, UNIT), FolderWay(share, UNIT))
    post.run()
    province.ingest([share])
    province.ingest([stick])
    run = post.run()
    assert [item.state for item in run] == ["confirmed", "confirmed"]
    assert not run.problems


@pytest.mark.parametrize("step", ["published", "offer", "fetch"])
@pytest.mark.parametrize("whole", [True, False])
def test_a_way_that_fails_does_not_stop_the_next(
    paths: Paths, clock: Clock, centre: Centre, stick: Path, step: str, whole: bool
) -> None:
    line = Line(fails=WayError(Trouble.UNREACHABLE, whole=whole), on=step)
    post = made(paths, clock, centre, line, FolderWay(stick, UNIT))
    run = post.run()
    assert [(item.state, item.reason, item.way) for item in run] == [("sent", "", "folder")] * 2
    assert "unreachable" in {problem.reason for problem in run.problems}
    if not whole and step != "offer":
        assert len(line.brought) == 2


def test_a_way_that_fails_after_another_brought_the_file_leaves_no_reason(
    paths: Paths, clock: Clock, centre: Centre, stick: Path
) -> None:
    line = Line(fails=WayError(Trouble.UNREACHABLE, whole=True), on="offer")
    post = made(paths, clock, centre, FolderWay(stick, UNIT), line)
    assert [(item.state, item.reason) for item in post.run()] == [("sent", "")] * 2


@pytest.mark.parametrize(
    ("number", "trouble"),
    [
        (errno.ENOSPC, Trouble.DISK_FULL),
        (errno.EDQUOT, Trouble.DISK_FULL),
        (errno.EROFS, Trouble.NOT_WRITABLE),
        (errno.EACCES, Trouble.NOT_WRITABLE),
        (errno.EIO, Trouble.UNREACHABLE),
        (errno.ENODEV, Trouble.UNREACHABLE),
    ],
)
def test_what_the_system_refuses_is_named(
    paths: Paths,
    clock: Clock,
    centre: Centre,
    stick: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    trouble: Trouble,
) -> None:
    post = made(paths, clock, centre, FolderWay(stick, UNIT))

    def refuse(*_arguments: object) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr("desk.sync.ways.write_durable", refuse)
    run = post.run()
    assert [(item.state, item.reason) for item in run] == [("sealed", trouble.value)] * 2
    assert post.states()[0].reason == reason_sentence(trouble)


def test_every_reason_has_a_sentence_of_its_own() -> None:
    codes: list[str] = [*Trouble, *Refusal, *FileFault]
    sentences = {reason_sentence(code) for code in codes}
    assert "" not in sentences
    assert not sentences & set(codes)
    assert (reason_sentence(""), reason_sentence("một câu")) == ("", "một câu")
