"""Taking files in: every refusal with its own reason and nothing merged, the chain, the receipts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from db import province_taking, provinces
from db.provinces import KeyRow
from desk.daily.container import NS_DAILY, NS_MESSAGE, NS_PRACTICE, NS_RECEIPT, seal, sha256
from desk.daily.model import Status
from desk.daily.reasons import Refusal
from desk.daily.receipt import verify_receipt
from desk.daily.sshsig import SigningKey
from desk.province import chain, taking
from desk.province.keys import read_key
from desk.province.model import Taken
from desk.province.service import Province
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, Clock, at, made_province, query, rejected, tables

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)


def days(centre: Centre, number: int, first: date = MONDAY) -> list[bytes]:
    return [centre.close(first + n * DAY).data for n in range(number)]


def said(taken: Taken) -> tuple[Status | None, str | None]:
    return (None if taken.receipt is None else taken.receipt.status, taken.reason)


MERGED = (Status.MERGED, None)


def test_files_in_order_are_merged(province: Province, centre: Centre, folder: Path) -> None:
    for data in days(centre, 3):
        assert said(province.take(data)) == MERGED
    found = tables(folder)
    wanted = {
        (UNIT, file.daily.seq, procedure, counter, file.daily.date.isoformat(), value)
        for file in centre.files
        for procedure, line in file.daily.rows.items()
        for counter, value in line.items()
    }
    assert found.figures == wanted
    last = centre.files[-1]
    assert found.units == {(UNIT, MONDAY.isoformat(), 3, last.sha256, last.daily.journal.head)}
    assert {row[-1] for row in found.files} == {file.data for file in centre.files}


BEFORE_A_SIGNATURE: dict[str, tuple[Callable[[bytes, Centre], bytes], Refusal]] = {
    "changed": (lambda good, _c: good.replace(b'"seq":1', b'"seq":2'), Refusal.BAD_SIGNATURE),
    "not ours at all": (lambda _g, _c: b"\x00\xff\n\n", Refusal.DAMAGED),
    "empty": (lambda _g, _c: b"", Refusal.TRUNCATED),
    "unsigned": (lambda good, _c: good[: good.index(b"\n") + 1], Refusal.UNSIGNED),
    "cut in the block": (lambda good, _c: good[:-40], Refusal.TRUNCATED),
    "cut in the line": (lambda good, _c: good[:200], Refusal.TRUNCATED),
    "appended to": (lambda good, _c: good + b"x", Refusal.DAMAGED),
    "signed by a stranger": (
        lambda _g, c: c.forged(c.files[0].daily, {}, key=SigningKey.from_seed(b"s" * 32)).data,
        Refusal.UNKNOWN_KEY,
    ),
    "practice": (lambda _g, c: c.forged(c.files[0].daily, {}, namespace=NS_PRACTICE).data, Refusal.PRACTICE),
    "no message": (lambda _g, c: c.forged(c.files[0].daily, {}, namespace=NS_MESSAGE).data, Refusal.BAD_SCHEMA),
    "a receipt": (lambda _g, c: c.forged(c.files[0].daily, {}, namespace=NS_RECEIPT).data, Refusal.WRONG_NAMESPACE),
    "too large": (lambda _g, c: seal({"x": "y" * 70_000}, c.key, NS_DAILY, limit=99_999), Refusal.TOO_LARGE),
}


@pytest.mark.parametrize("case", BEFORE_A_SIGNATURE)
def test_before_a_good_signature_only_the_hash_stays(
    province: Province, centre: Centre, folder: Path, case: str
) -> None:
    good = centre.close(MONDAY).data
    spoil, reason = BEFORE_A_SIGNATURE[case]
    before = tables(folder)
    taken = province.take(spoil(good, centre))
    assert (taken.receipt, taken.reason) == (None, reason)
    assert tables(folder) == before
    assert rejected(folder) == {taken.sha256: (reason.value, 1)}
    assert said(province.take(good)) == MERGED


def test_the_same_rejection_is_counted_and_the_log_is_bounded(
    province: Province, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.provinces.REJECTIONS", 5)
    for _again in range(3):
        province.take(b"first")
    assert [times for _why, times in rejected(folder).values()] == [3]
    for n in range(9):
        province.take(b"%d" % n)
    assert len(rejected(folder)) == 5


NOT_TO_BE_BELIEVED = {
    "an unknown key": ({"colour": "blue"}, Refusal.BAD_SCHEMA),
    "another schema": ({"schema": "motcua.daily/2"}, Refusal.BAD_SCHEMA),
    "no such date": ({"date": "2026-02-30"}, Refusal.BAD_SCHEMA),
    "another unit": ({"unit": OTHER}, Refusal.WRONG_UNIT),
    "another installation": ({"installation": "SHA256:" + "A" * 43}, Refusal.WRONG_INSTALLATION),
    "practice inside": ({"practice": True}, Refusal.PRACTICE),
}


@pytest.mark.parametrize("case", NOT_TO_BE_BELIEVED)
@pytest.mark.parametrize("late", [False, True])
def test_what_cannot_be_believed_is_refused_with_a_receipt_and_holds_nobody_up(
    province: Province, centre: Centre, folder: Path, case: str, late: bool
) -> None:
    changed, reason = NOT_TO_BE_BELIEVED[case]
    first = centre.close(MONDAY)
    centre.close(MONDAY + DAY)
    bad = centre.replace_last(changed)  # type: ignore[arg-type]
    third = centre.close(MONDAY + 2 * DAY)
    assert said(province.take(first.data)) == MERGED
    merged = tables(folder).figures
    if late:
        assert said(province.take(third.data)) == (Status.HELD, "gap")
    taken = province.take(bad.data)
    assert said(taken) == (Status.REFUSED, reason)
    assert taken.receipt is not None
    assert taken.receipt.unit == UNIT
    if not late:
        assert tables(folder).figures == merged
    assert said(province.take(third.data)) == MERGED
    assert {row[1] for row in tables(folder).figures} == {1, 3}
    hole = province.status().units[0].holes
    assert [(each.first_seq, each.last_seq, each.reason) for each in hole] == [(2, 2, reason.value)]


def test_not_canonical_is_refused(province: Province, centre: Centre, folder: Path) -> None:
    line = centre.close(MONDAY).data.partition(b"\n")[0].replace(b'"seq":1', b'"seq": 1') + b"\n"
    taken = province.take(line + centre.key.sign(line, NS_DAILY))
    assert said(taken) == (Status.REFUSED, Refusal.NOT_CANONICAL)
    assert not tables(folder).figures


def unbalanced(centre: Centre) -> bytes:
    rows = {code: dict(line) for code, line in centre.files[-1].daily.rows.items()}
    line = next(iter(rows.values()))
    line["online"] = line.get("online", 0) + 1
    return centre.replace_last({"rows": rows}).data  # type: ignore[dict-item]


def other_stock(centre: Centre) -> bytes:
    rows = {code: dict(line) for code, line in centre.files[-1].daily.rows.items()}
    code = next(code for code, line in rows.items() if line.get("carried"))
    rows[code]["carried"] += 1
    rows[code]["on_time"] = rows[code].get("on_time", 0) + 1
    totals = dict(centre.files[-1].daily.totals)
    totals["carried"] += 1
    totals["on_time"] = totals.get("on_time", 0) + 1
    return centre.replace_last({"rows": rows, "totals": totals}).data  # type: ignore[dict-item]


IN_ITS_TURN: dict[str, tuple[Callable[[Centre], bytes], Refusal]] = {
    "another file before": (lambda c: c.replace_last({"prev": "ab" * 32}).data, Refusal.WRONG_PREVIOUS),
    "no file before": (lambda c: c.replace_last({"prev": None}).data, Refusal.BAD_SCHEMA),
    "the day after tomorrow": (lambda c: c.replace_last({"date": "2026-03-08"}).data, Refusal.FUTURE_DATE),
    "before go-live": (lambda c: c.replace_last({"date": "2026-03-01"}).data, Refusal.BEFORE_START),
    "not balanced": (unbalanced, Refusal.NOT_BALANCED),
    "not balanced and in the future": (
        lambda c: c.replace_last({"date": "2027-01-01", "totals": {}}).data,
        Refusal.FUTURE_DATE,
    ),
    "another stock": (other_stock, Refusal.WRONG_STOCK),
}


@pytest.mark.parametrize("case", IN_ITS_TURN)
def test_refused_in_its_turn_uses_up_its_place(province: Province, centre: Centre, folder: Path, case: str) -> None:
    spoil, reason = IN_ITS_TURN[case]
    first = centre.close(MONDAY).data
    centre.close(MONDAY + DAY)
    bad = spoil(centre)
    third = centre.close(MONDAY + 2 * DAY).data
    assert said(province.take(first)) == MERGED
    before = tables(folder).figures
    taken = province.take(bad)
    assert said(taken) == (Status.REFUSED, reason)
    assert tables(folder).figures == before
    assert said(province.take(third)) == MERGED
    status = province.status().units[0]
    assert [(hole.first_seq, hole.reason) for hole in status.holes] == [(2, reason.value)]
    assert (status.refused, status.held, status.last_seq) == (1, 0, 3)


def test_tomorrow_is_not_the_future(province: Province, centre: Centre, clock: Clock) -> None:
    assert said(province.take(centre.close(clock.now.date() + DAY).data)) == MERGED


def test_go_live_can_be_set_beforehand(folder: Path, clock: Clock, centre: Centre) -> None:
    province = made_province(folder, clock)
    province.enrol(UNIT, centre.key_line, MONDAY + DAY)
    assert said(province.take(centre.close(MONDAY).data)) == (Status.REFUSED, Refusal.BEFORE_START)
    assert said(province.take(centre.close(MONDAY + DAY).data)) == MERGED
    province.close()


def test_stock_in_the_first_file_is_refused(province: Province, centre: Centre, folder: Path) -> None:
    centre.close(MONDAY)
    rows = {"1.001193": {"carried": 2, "open_in_time": 2}}
    bad = centre.replace_last({"rows": rows, "totals": rows["1.001193"]}).data  # type: ignore[dict-item]
    assert said(province.take(bad)) == (Status.REFUSED, Refusal.WRONG_STOCK)
    assert not tables(folder).figures


def test_a_fork_is_refused_and_raises_the_alarm(province: Province, centre: Centre, folder: Path) -> None:
    twin = Centre(seed=1)
    twin.close(MONDAY, app="9.9")
    first, second = days(centre, 2)
    assert said(province.take(first)) == MERGED
    before = tables(folder)
    taken = province.take(twin.files[0].data)
    assert said(taken) == (Status.REFUSED, Refusal.FORK)
    assert tables(folder).figures == before.figures
    assert tables(folder).units == before.units
    assert province.status().units[0].forks == (twin.files[0].sha256,)
    assert said(province.take(second)) == MERGED


def test_forks_of_a_waiting_file_never_take_its_place(province: Province, centre: Centre, folder: Path) -> None:
    first, second, third = days(centre, 3)
    assert said(province.take(second)) == (Status.HELD, "gap")
    for n in range(6):
        other = centre.forged(centre.files[1].daily, {"app": f"9.{n}"}).data
        assert said(province.take(other)) == (Status.REFUSED, Refusal.FORK)
    assert province.take(first).changed == (centre.files[0].sha256, centre.files[1].sha256)
    assert said(province.take(third)) == MERGED
    merged = {row[1] for row in tables(folder).files if row[4] == "merged"}
    assert merged == {file.sha256 for file in centre.files}


def test_out_of_order_is_held_and_released(province: Province, centre: Centre, folder: Path) -> None:
    first, second, third, fourth = days(centre, 4)
    held = province.take(third)
    assert said(held) == (Status.HELD, Refusal.GAP)
    assert held.receipt is not None
    assert held.receipt.expected_seq == 1
    assert said(province.take(fourth)) == (Status.HELD, Refusal.GAP)
    assert said(province.take(first)) == MERGED
    assert {row[1] for row in tables(folder).figures} == {1}
    released = province.take(second)
    assert released.changed == tuple(file.sha256 for file in centre.files[1:])
    assert {row[1] for row in tables(folder).figures} == {1, 2, 3, 4}
    assert [province.latest(file.sha256)[1].status for file in centre.files] == [Status.MERGED] * 4  # type: ignore[index]


def test_the_same_bytes_get_the_same_receipt(province: Province, centre: Centre, folder: Path, clock: Clock) -> None:
    (data,) = days(centre, 1)
    province.take(data)
    first, before = province.latest(centre.files[0].sha256), tables(folder)
    clock.now += DAY
    again = province.take(data)
    assert again.repeated
    assert not again.changed
    assert province.latest(centre.files[0].sha256) == first
    assert tables(folder) == before


def test_receipts_are_chained_and_verify_at_the_desk(province: Province, centre: Centre, folder: Path) -> None:
    first, second, third = days(centre, 3)
    for data in (first, third, second):
        province.take(data)
    key = read_key(folder).public
    receipts = [row[0] for row in query(folder, "select content from province_receipt order by province_seq")]
    prev = None
    for number, content in enumerate(receipts, start=1):
        found = verify_receipt(content, [key], unit=UNIT, files={file.sha256 for file in centre.files})
        assert found.receipt.province_seq == number  # type: ignore[union-attr]
        assert found.receipt.prev_receipt == prev  # type: ignore[union-attr]
        prev = sha256(content)
    assert len(receipts) == 4


def test_practice_and_live_do_not_mix(tmp_path: Path, clock: Clock) -> None:
    live, practice = Centre(seed=1), Centre(seed=1, practice=True)
    data = live.close(MONDAY).data, practice.close(MONDAY).data
    province = made_province(tmp_path / "p", clock, practice, practice=True)
    assert said(province.take(data[0])) == (None, Refusal.NOT_PRACTICE)
    assert said(province.take(data[1])) == MERGED
    province.close()


def test_a_retired_key_is_not_believed_beyond_its_last_file(province: Province, centre: Centre, folder: Path) -> None:
    first, second = days(centre, 2)
    province.take(first)
    query(folder, "update province_key set last_seq = 1")
    assert said(province.take(second)) == (None, Refusal.RETIRED_KEY)
    assert province.take(first).repeated


def test_a_quota_bounds_what_waits_and_what_comes_in_a_day(
    province: Province, centre: Centre, folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [centre.close(MONDAY).data for _n in range(8)]
    monkeypatch.setattr(chain, "HELD_FILES", 2)
    assert [province.take(data).reason for data in files[2:6]] == ["gap", "gap", "over_quota", "over_quota"]
    assert len(tables(folder).files) == 2
    assert [province.take(data).reason for data in files[:6]] == [None] * 6
    monkeypatch.setattr(taking, "DAY_FILES", 6)
    assert province.take(files[6]).reason == "over_quota"
    clock.now += DAY
    assert said(province.take(files[6])) == MERGED
    monkeypatch.setattr(taking, "DAY_BYTES", 10)
    assert province.take(files[7]).reason == "over_quota"


def test_a_quarter_of_a_year_backwards_is_merged_whole(folder: Path, centre: Centre) -> None:
    days = [MONDAY + n * DAY for n in range(70)]
    files = [centre.close(day).data for day in days]
    province = made_province(folder, Clock(at(days[-1], 18)), centre)
    for data in reversed(files):
        province.take(data)
    (unit,) = province.status(days[-1]).units
    assert (unit.held, unit.refused, unit.last_seq) == (0, 0, len(files))
    province.close()


def test_a_full_quota_does_not_shut_out_the_file_that_frees_the_rest(
    province: Province, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "HELD_FILES", 2)
    for n in range(5):
        centre.close(MONDAY)
        if n == 0:
            centre.replace_last({"colour": "blue"})
    files = [file.data for file in centre.files]
    assert [province.take(files[n]).reason for n in (0, 2, 3, 4)] == ["bad_schema", "gap", "gap", "over_quota"]
    assert [province.take(files[n]).reason for n in (1, 4)] == [None, None]


def test_a_number_beyond_all_reason_waits_and_is_shown_as_one_hole(province: Province, centre: Centre) -> None:
    centre.close(MONDAY, seq=2**53 - 1, prev="ab" * 32)
    assert said(province.take(centre.files[0].data)) == (Status.HELD, Refusal.GAP)
    assert [(hole.first_seq, hole.last_seq) for hole in province.status().units[0].holes] == [(1, 2**53 - 2)]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Return what lets something happen after a file's key was looked up, before its unit is locked."""

    def let(happen: Callable[[], object]) -> None:
        real, still = province_taking.keys_of, [happen]

        def late(connection: Connection, fingerprints: Collection[str]) -> dict[str, KeyRow]:
            found = real(connection, fingerprints)
            if still:
                still.pop()()
            return found

        monkeypatch.setattr(province_taking, "keys_of", late)

    return let


def test_a_key_that_is_retired_while_its_file_is_read_takes_nothing_in(
    province: Province, centre: Centre, folder: Path, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    def retire() -> None:
        with province._records.writing() as work:
            provinces.retire_others(work.connection, UNIT, "", 0, at(MONDAY))
            work.commit()

    meanwhile(retire)
    taken = province.take(centre.close(MONDAY).data)
    assert (taken.receipt, taken.reason) == (None, "retired_key")
    assert query(folder, "select * from province_file") == []


def test_a_key_that_is_enrolled_while_its_file_is_read_is_known(
    province: Province, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    new = Centre(OTHER, seed=2)
    meanwhile(lambda: province.enrol(OTHER, new.key_line))
    assert province.take(new.close(MONDAY).data).reason is None
