"""Whatever the order, the repeats and the number of processes: the same tables."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from db.errors import RecordError, RecordFault
from desk.daily.container import NS_PRACTICE
from desk.daily.model import Status
from desk.province.model import Taken
from desk.province.service import Province, open_province
from tests.province.factory import (
    MONDAY,
    OTHER,
    UNIT,
    Centre,
    Clock,
    Tables,
    at,
    made_province,
    query,
    sqlite_file,
    tables,
)

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)
CLOCK = Clock(at(MONDAY + 20 * DAY))


def history() -> tuple[list[Centre], list[bytes]]:
    """Return two communes and their files: good ones, some refused in their turn, one not to be believed."""
    centres = [Centre(UNIT, seed=3), Centre(OTHER, seed=4)]
    for number, day in enumerate(MONDAY + n * DAY for n in range(7)):
        for centre in centres:
            centre.close(day)
        if number == 1:
            centres[0].replace_last({"totals": {}})
        if number == 2:
            centres[0].replace_last({"colour": "blue"})
        if number == 4:
            centres[1].replace_last({"date": "2027-01-01"})
    return centres, [file.data for centre in centres for file in centre.files]


def outcome(centres: Sequence[Centre], files: Sequence[bytes], database: Callable[[], str] | None = None) -> Tables:
    with TemporaryDirectory() as name:
        province = made_province(Path(name), CLOCK, *centres, database=database)
        for data in files:
            province.take(data)
        province.close()
        return tables(Path(name))


CENTRES, FILES = history()


@pytest.fixture(scope="module")
def in_order() -> Tables:
    """Return what a file of SQLite holds, whatever the database under test is: both must hold the same."""
    return outcome(CENTRES, FILES, sqlite_file)


def test_the_order_of_the_chain_gives_the_expected_tables(in_order: Tables) -> None:
    statuses = {(row[0], row[2]): (row[4], row[5]) for row in in_order.files}
    assert statuses[UNIT, 2] == ("refused", "not_balanced")
    assert statuses[UNIT, 3] == ("refused", "bad_schema")
    assert statuses[OTHER, 5] == ("refused", "future_date")
    assert sum(status == "merged" for status, _reason in statuses.values()) == 11
    assert {(row[0], row[2]) for row in in_order.units} == {(UNIT, 7), (OTHER, 7)}


@settings(max_examples=12)
@given(st.data())
def test_any_order_with_repeats_gives_the_same_tables(in_order: Tables, data: st.DataObject) -> None:
    order = data.draw(st.permutations(FILES))
    extra = data.draw(st.lists(st.tuples(st.integers(0, len(FILES)), st.sampled_from(FILES)), max_size=8))
    mixed = list(order)
    for place, again in extra:
        mixed.insert(place, again)
    noise = CENTRES[0].forged(CENTRES[0].files[0].daily, {}, namespace=NS_PRACTICE).data
    mixed.insert(data.draw(st.integers(0, len(mixed))), noise)
    assert outcome(CENTRES, mixed) == in_order


def answered(taken: Taken) -> tuple[object, ...]:
    """Return an answer without what depends on the key of the province that gives it.

    What comes again gets the receipt that it had before all; an ingest looks for the newest at its end.
    """
    if taken.repeated:
        return taken.sha256, True
    receipt = None if taken.receipt is None else replace(taken.receipt, prev_receipt=None)
    return taken.sha256, False, receipt, taken.reason, taken.changed


@settings(max_examples=6)
@given(st.data())
def test_files_taken_together_are_answered_as_one_by_one(data: st.DataObject) -> None:
    forks = [CENTRES[0].forged(CENTRES[0].files[n].daily, {"app": "0.2.0"}).data for n in (0, 5)]
    strange = CENTRES[1].forged(CENTRES[1].files[0].daily, {}, namespace=NS_PRACTICE).data
    mixed = data.draw(st.permutations([*FILES, *forks, strange]))
    mixed += data.draw(st.lists(st.sampled_from(mixed), max_size=6))
    size = data.draw(st.integers(2, len(mixed)))
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        alone, together = made_province(Path(one), CLOCK, *CENTRES), made_province(Path(other), CLOCK, *CENTRES)
        found = [each for n in range(0, len(mixed), size) for each in together.take_all(mixed[n : n + size])]
        assert [answered(each) for each in found] == [answered(alone.take(each)) for each in mixed]
        for province in (alone, together):
            province.close()
        assert tables(Path(one)) == tables(Path(other))
        chain = query(Path(other), "select unit, province_seq, status from province_receipt order by 1, 2")
        assert chain == query(Path(one), "select unit, province_seq, status from province_receipt order by 1, 2")


def test_threads_at_once_merge_each_file_once(tmp_path: Path, in_order: Tables) -> None:
    made_province(tmp_path, CLOCK, *CENTRES).close()
    orders = [random.Random(seed).sample(FILES, len(FILES)) for seed in range(4)]

    def work(order: list[bytes]) -> None:
        province = open_province(tmp_path, CLOCK)
        for data in order:
            province.take(data)
        province.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, orders))
    assert tables(tmp_path) == in_order
    chain = query(tmp_path, "select unit, province_seq from province_receipt order by unit, province_seq")
    for unit in (UNIT, OTHER):
        numbers = [number for code, number in chain if code == unit]
        assert numbers == list(range(1, len(numbers) + 1))


INGEST = """
import sys
from datetime import datetime
from pathlib import Path
from desk.province.service import open_province
now = datetime.fromisoformat(sys.argv[3])
province = open_province(Path(sys.argv[1]), lambda: now)
answers = province.ingest([Path(sys.argv[2])])
province.close()
print(sum(answer.repeated for answer in answers), len(answers))
"""


def test_processes_at_once_merge_each_file_once_and_leave_its_receipt(tmp_path: Path, in_order: Tables) -> None:
    folder, stick = tmp_path / "province", tmp_path / "stick"
    made_province(folder, CLOCK, *CENTRES).close()
    for centre in CENTRES:
        (stick / centre.unit).mkdir(parents=True)
        for file in centre.files:
            (stick / centre.unit / file.name).write_bytes(file.data)
    arguments = [sys.executable, "-c", INGEST, str(folder), str(stick), CLOCK.now.isoformat()]
    running = [subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in "ab"]
    ended = [(process.communicate(), process.returncode) for process in running]
    assert [code for _out, code in ended] == [0, 0], ended
    assert sum(int(out.split()[0]) for (out, _err), _code in ended) == len(FILES)
    assert tables(folder) == in_order
    province = open_province(folder, CLOCK)
    for centre in CENTRES:
        for file in centre.files:
            latest = province.latest(file.sha256)
            assert latest is not None
            assert (stick / centre.unit / f"{file.sha256}.receipt").read_bytes() == latest[0]
    province.close()


def test_nothing_stays_of_a_transaction_that_fails(
    province: Province, centre: Centre, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = centre.close(MONDAY).data
    before = tables(folder)

    def power_cut(*_arguments: object) -> None:
        raise OSError("power")

    with monkeypatch.context() as broken:
        broken.setattr("db.unit.Work.commit", power_cut)
        with pytest.raises(OSError, match="power"):
            province.take(data)
    assert tables(folder) == before
    assert query(folder, "select * from province_receipt") == []
    taken = province.take(data)
    assert taken.receipt is not None
    assert (taken.receipt.status, taken.receipt.province_seq) == (Status.MERGED, 1)


class SerialisationError(Exception):
    sqlstate = "40001"


def test_a_transaction_in_anothers_way_is_tried_again(
    province: Province, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desk.province import taking

    tries, real = [], taking.take

    def stumble(*arguments: object, **named: object) -> object:
        tries.append(1)
        if len(tries) < 3:
            cause = RecordError(RecordFault.OTHER)
            cause.orig = SerialisationError()  # type: ignore[attr-defined]
            raise RecordError(RecordFault.OTHER) from cause
        return real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(taking, "take", stumble)
    taken = province.take(centre.close(MONDAY).data)
    assert taken.reason is None
    assert len(tries) == 3


def test_another_fault_is_not_tried_again(province: Province, centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    from desk.province import taking

    tries = []

    def fail(*_arguments: object, **_named: object) -> None:
        tries.append(1)
        raise RecordError(RecordFault.DISK_FULL)

    monkeypatch.setattr(taking, "take", fail)
    with pytest.raises(RecordError):
        province.take(centre.close(MONDAY).data)
    assert len(tries) == 1
