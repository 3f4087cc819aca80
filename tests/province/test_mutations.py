"""Mutated files and receipts: none is accepted, nothing breaks, nothing grows, nothing is written where it should not.

Some thousands in the usual run; `DESK_MUTATIONS=100000` asks for all of them.
"""

from __future__ import annotations

import os
import random
import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest

from desk.daily.container import LIMIT, NS_DAILY, Unreadable, inflate
from desk.daily.files import is_safe_name
from desk.daily.reasons import Refusal
from desk.province.model import Taken
from desk.province.service import Province
from desk.settings import Paths
from desk.sync.post import Post
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, Clock, at, made_province, query, tables
from tests.province.mutations import KINDS, hostile_line, mutants

NUMBER = int(os.environ.get("DESK_MUTATIONS", "3000"))
DAYS = 6
_BATCH = 500
_GROWTH = 48 * 1024 * 1024
_ODD_NAMES = (
    "con.daily",
    "nul.daily",
    "X.DAILY",
    "-rf.daily",
    "..daily",
    "a b.daily",
    "a\x1b[2J.daily",
    "%2e%2e%2fx.daily",
)


class Place:
    """A province with two communes' first files merged, their other files at hand, and a stick that strangers wrote."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stick, self.outside = folder / "stick", folder / "outside"
        (self.stick / UNIT).mkdir(parents=True)
        self.outside.mkdir()
        self.centres = [Centre(UNIT, seed=3), Centre(OTHER, seed=4)]
        self.province: Province = made_province(folder / "p", Clock(at(MONDAY + timedelta(days=20))), *self.centres)
        for centre in self.centres:
            for n in range(DAYS):
                centre.close(MONDAY + timedelta(days=n))
        self.files = [file.data for centre in self.centres for file in centre.files]
        self.first = [centre.files[0].data for centre in self.centres]
        self.province.take_all(self.first)
        (self.outside / "good.daily").write_bytes(self.files[1])
        (self.outside / "note").write_bytes(b"mine")

    def tree(self) -> dict[str, bytes]:
        """Read everything outside the stick and the province's database."""
        paths = [path for path in self.folder.rglob("*") if path.is_file() and self.stick not in path.parents]
        return {str(path): path.read_bytes() for path in paths if not path.name.startswith("province.db")}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    found = Place(tmp_path)
    yield found
    found.province.close()


def resident() -> int:
    """Return how much memory this process holds now, 0 where the system does not say."""
    if sys.platform != "linux":
        return 0
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def batches(stream: Iterator[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    while some := list(islice(stream, _BATCH)):
        yield some


def told(kinds: Counter[str]) -> None:
    print(", ".join(f"{kind} {number}" for kind, number in kinds.most_common()))


def refused(answers: Sequence[Taken]) -> bool:
    return all(each.receipt is None and each.reason in set(Refusal) for each in answers)


def test_no_mutated_file_is_accepted(place: Place) -> None:
    rng, kinds, start = random.Random(1), Counter[str](), 0
    before, tree = tables(place.folder / "p"), place.tree()
    for number, some in enumerate(batches(mutants(rng, place.files, NUMBER // 2))):
        kinds.update(kind for kind, _data in some)
        on_the_stick = some[: _BATCH // 20]
        assert refused(place.province.take_all([data for _kind, data in some[len(on_the_stick) :]]))
        laid = lay(rng, place, [data for _kind, data in on_the_stick])
        answers = place.province.ingest([place.stick])
        assert {each.status.value for each in answers} == {"refused"}
        assert all(each.receipt is None and each.reason for each in answers)
        assert {path.name for path in place.stick.iterdir()} <= {UNIT, OTHER, "province.pub"}
        assert {path.name for path in (place.stick / UNIT).iterdir()} == laid
        assert len(answers) >= len(laid)
        clear(place)
        start = start or resident()
        assert resident() - start < _GROWTH, number
    assert tables(place.folder / "p") == before
    assert place.tree() == tree
    assert {each.reason for each in place.province.take_all(place.files)} == {None}
    assert kinds.keys() == KINDS.keys()
    told(kinds)


def lay(rng: random.Random, place: Place, files: Sequence[bytes]) -> set[str]:
    """Lay files onto the stick, some under names that mean something else, with links and pipes; return the names."""
    unit = place.stick / UNIT
    for n, data in enumerate(files):
        (unit / f"{n}.daily").write_bytes(data)
    (unit / rng.choice(_ODD_NAMES)).write_bytes(place.files[1])
    (unit / "link.daily").symlink_to(place.outside / "good.daily")
    (unit / "nowhere.daily").symlink_to(rng.choice(("/dev/zero", "/dev/stdin", "/proc/self/mem", "../../../gone")))
    (unit / "folder.daily").mkdir()
    os.mkfifo(unit / "pipe.daily")
    (place.stick / OTHER).symlink_to(place.outside, target_is_directory=True)
    return {path.name for path in unit.iterdir()}


def clear(place: Place) -> None:
    for path in (place.stick / UNIT).iterdir():
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    (place.stick / OTHER).unlink()


def test_a_units_own_hostile_lines_are_refused_with_a_receipt(place: Place) -> None:
    rng, centre = random.Random(2), place.centres[0]
    lines = {hostile_line(rng, file.data.partition(b"\n")[0]) for file in centre.files for _n in range(40)}
    known = {file.data.partition(b"\n")[0] for file in centre.files}
    before, tree = tables(place.folder / "p"), place.tree()
    for line in sorted(lines - known):
        (taken,) = place.province.take_all([line + b"\n" + centre.key.sign(line + b"\n", NS_DAILY)])
        assert taken.reason in {"not_canonical", "bad_schema", "wrong_unit", "too_large", "damaged"}
    after = tables(place.folder / "p")
    assert (after.figures, after.units) == (before.figures, before.units)
    assert {row[4] for row in after.files - before.files} == {"refused"}
    assert place.tree() == tree
    assert {each.reason for each in place.province.take_all(place.files)} == {None}


def test_no_mutated_receipt_is_believed(place: Place, tmp_path: Path) -> None:
    centre, rng, kinds, start = place.centres[0], random.Random(3), Counter[str](), 0
    place.province.take_all(place.files)
    receipts = [
        bytes(row[0]) for row in query(place.folder / "p", "select content from province_receipt order by unit")
    ]
    paths, stick = Paths(tmp_path / "desk"), tmp_path / "back"
    own = stick / UNIT
    own.mkdir(parents=True)
    post = Post(paths, UNIT, False, str(stick), Clock(at(MONDAY)))
    for file in centre.files:
        post.put(file.name, file.data)
    (stick / "province.pub").write_bytes((place.folder / "p" / "province.pub").read_bytes())
    post.run()
    sent, tree = {path.name for path in own.iterdir()}, place.tree()
    for some in batches(mutants(rng, receipts, NUMBER - NUMBER // 2)):
        kinds.update(kind for kind, _data in some)
        for n, (_kind, data) in enumerate(some):
            (own / f"{n}.receipt").write_bytes(data)
        (own / "link.receipt").symlink_to(place.folder / "p" / "province.key")
        (own / "con.receipt").write_bytes(receipts[0])
        os.mkfifo(own / "pipe.receipt")
        run = post.run()
        assert {item.state.value for item in run} == {"sent"}
        assert len(run.problems) == len(some) + 3
        assert all(problem.sentence for problem in run.problems)
        assert not post.receipts()
        for path in own.iterdir():
            if path.name not in sent:
                path.unlink()
        start = start or resident()
        assert resident() - start < _GROWTH
    outside = {
        path: data for path, data in place.tree().items() if not path.startswith((str(paths.folder), str(stick)))
    }
    assert outside == {path: data for path, data in tree.items() if path in outside}
    assert {path.name for path in own.iterdir()} == sent
    for n, data in enumerate(receipts):
        (own / f"{n}.receipt").write_bytes(data)
    assert {item.state.value for item in post.run()} == {"confirmed"}
    assert kinds.keys() == KINDS.keys()
    told(kinds)


def test_one_file_never_takes_more_memory_than_a_few_of_its_size(place: Place) -> None:
    rng, good = random.Random(4), place.files
    tracemalloc.start()
    try:
        for kind, data in mutants(rng, good, 600):
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            found = inflate(data)
            assert isinstance(found, Unreadable) or len(found) <= LIMIT, kind
            place.province.take(data)
            assert tracemalloc.get_traced_memory()[1] - before < 64 * LIMIT, kind
    finally:
        tracemalloc.stop()


def test_the_odd_names_are_all_refused() -> None:
    assert not any(map(is_safe_name, _ODD_NAMES))
