"""Several runs at once, and a run in a process without the database."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Event

from desk.settings import Paths
from desk.sync.https import HttpsWay
from desk.sync.post import Post
from desk.sync.ways import Fetched, Trouble, WayError
from tests.province.factory import UNIT, Centre, Clock
from tests.sync.link import Impostor
from tests.sync.sticks import PROVINCE, answer, queue, receipt_for


def test_threads_at_once(paths: Paths, stick: Path, clock: Clock, post: Post, centre: Centre) -> None:
    files = queue(post, centre, 5)
    for number, file in enumerate(files[:3], start=1):
        answer(stick, receipt_for(file, province_seq=number))
    posts = [Post(paths, UNIT, False, str(stick), clock) for _n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda each: each.run(), posts))
    assert sum(run.newly_pinned for run in runs) == 1
    assert not any(run.problems for run in runs)
    wanted = ["confirmed"] * 3 + ["sent"] * 2
    assert [state.state.value for state in post.states()] == wanted
    assert [state.tries for state in post.states()] == [0, 0, 0, 1, 1]


class Meeting:
    """A way in which two runs meet, if they are at work at the same time."""

    name = "meeting"

    def __init__(self) -> None:
        self.barrier = Barrier(2)
        self.met = False

    def published(self) -> bytes | None:
        with contextlib.suppress(BrokenBarrierError):
            self.barrier.wait(timeout=0.2)
            self.met = True
        return None

    def offer(self, name: str, data: bytes) -> bool:
        return bool(name and data)

    def fetch(self, skip: Collection[str] = ()) -> Iterator[Fetched]:
        return (Fetched(name, None, "never") for name in skip if not name)


def test_one_run_at_a_time(paths: Paths, clock: Clock) -> None:
    way = Meeting()
    posts = [Post(paths, UNIT, False, "", clock, ways=(way,)) for _n in range(2)]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda each: each.run(), posts)) == [(), ()]
    assert not way.met


class Stalled:
    """A line on which an offer hangs until it is let go."""

    name = where = "stalled"

    def __init__(self) -> None:
        self.hangs = Event()
        self.let_go = Event()

    def published(self) -> bytes | None:
        return None

    def offer(self, name: str, data: bytes) -> bool:
        self.hangs.set()
        assert self.let_go.wait(60), (name, len(data))
        raise WayError(Trouble.LINE_BROKEN, whole=True)

    def fetch(self, skip: Collection[str] = ()) -> Iterator[Fetched]:
        return (Fetched(name, None, "never") for name in skip if not name)

    def lost(self, after: int) -> Iterator[Fetched]:
        return (Fetched(str(number), None, "never") for number in range(after, 0))

    def close(self) -> None:
        pass


def test_a_stick_does_not_wait_for_a_line(paths: Paths, clock: Clock, centre: Centre, stick: Path) -> None:
    line = Stalled()
    post = Post(paths, UNIT, False, "", clock, ways=(line,))
    files = queue(post, centre, 3)
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(post.run)
        assert line.hangs.wait(60)
        run = post.through(str(stick)).run()
        assert [(item.state, item.tries, item.way) for item in run] == [("sent", 1, "folder")] * 3
        assert {path.name for path in (stick / UNIT).glob("*.daily")} == {file.name for file in files}
        answer(stick, receipt_for(files[0]))
        assert [item.state for item in post.through(str(stick)).run()] == ["confirmed", "sent", "sent"]
        line.let_go.set()
        late = hanging.result(60)
    assert [item.state for item in late] == ["confirmed", "sent", "sent"]
    assert [(state.state, state.tries) for state in post.states()] == [("confirmed", 1), ("sent", 1), ("sent", 1)]


def test_what_is_due_does_not_wait_for_another_run(paths: Paths, clock: Clock, centre: Centre) -> None:
    line = Stalled()
    post = Post(paths, UNIT, False, "", clock, ways=(line,))
    queue(post, centre, 1)
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(post.run)
        assert line.hangs.wait(60)
        assert [item.state for item in post.run(due=True)] == ["sealed"]
        line.let_go.set()
        assert [item.reason for item in hanging.result(60)] == ["line_broken"]


class Announced(HttpsWay):
    """A way that says when it asks."""

    asks = Event()

    def offer(self, name: str, data: bytes) -> Fetched:
        self.asks.set()
        return super().offer(name, data)


def test_a_stick_does_not_wait_for_a_server_that_never_answers(
    paths: Paths, clock: Clock, centre: Centre, stick: Path
) -> None:
    with ThreadPoolExecutor(1) as pool, Impostor(b"", silent=True) as server:
        way = Announced(server.address, UNIT, "SHA256:" + "0" * 64)
        post = Post(paths, UNIT, False, "", clock, ways=(way,))
        queue(post, centre, 1)
        (paths.folder / "province.pub").write_text(PROVINCE.public.line("p") + "\n")
        hanging = pool.submit(post.run)
        assert way.asks.wait(60)
        assert [item.state for item in post.through(str(stick)).run()] == ["sent"]
        assert not hanging.done()
        server.__exit__()
        assert [item.state for item in hanging.result(60)] == ["sent"]


WITHOUT_A_DATABASE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from desk.settings import Paths
from desk.sync.post import Post
post = Post(Paths(Path(sys.argv[1])), "18229", False, sys.argv[2], lambda: datetime(2026, 3, 9, tzinfo=UTC))
post.run()
found = {"sqlalchemy", "sqlmodel", "sqlcipher3", "alembic", "textual", "typer"} & sys.modules.keys()
print(len(post.states()), sorted(found))
"""


def test_a_process_of_its_own_delivers_without_the_database(
    post: Post, centre: Centre, paths: Paths, stick: Path
) -> None:
    queue(post, centre, 2)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_A_DATABASE, str(paths.folder), str(stick)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("2 []", "")
    assert [state.state.value for state in post.states()] == ["sent", "sent"]
