"""What is taken away from a commune's `out` once it was read, replaced or withdrawn; what never is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from desk.daily.build import Sealed
from desk.daily.calendars import PublishedCalendar
from desk.daily.container import sha256
from desk.daily.messages import MessageKind, UnitMessage, message_name, seal_message
from desk.daily.published import Content, Notice, PublishedCatalogue, published_name
from desk.daily.receipt import receipt_name
from desk.province.service import Province
from desk.rules.calendar import DayRule, OfficeHours, parse_sessions
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, at, made_province

DAY = timedelta(days=1)
DAYS = 24 * 3600.0
HOURS = (OfficeHours(MONDAY, parse_sessions("07:30-11:30 13:30-17:00")),)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """Return a commune's folder in a spool."""
    for unit in (UNIT, OTHER):
        for name in ("in", "out"):
            (tmp_path / "spool" / f"mc{unit}" / name).mkdir(parents=True)
    return tmp_path / "spool" / f"mc{UNIT}"


def days(centre: Centre, number: int) -> list[Sealed]:
    return [centre.close(MONDAY + n * DAY) for n in range(number)]


def bring(province: Province, box: Path, *files: Sealed) -> None:
    for file in files:
        (box / "in" / file.name).write_bytes(file.data)
    province.ingest([box])


def message(province: Province, box: Path, centre: Centre, number: int) -> str:
    """Bring a message and return its SHA-256."""
    words = (centre.unit, "Xã Hương Khê", centre.key.public.fingerprint, False, number, at(MONDAY), "0.1.0")
    made = UnitMessage(*words, MessageKind.QUESTION, "Khi nào có lịch?")
    data = seal_message(made, centre.key)
    (box / "in" / message_name(made, sha256(data))).write_bytes(data)
    province.ingest([box])
    return sha256(data)


def age(box: Path, digest: str, back: float) -> None:
    path = box / "out" / receipt_name(digest)
    then = path.stat().st_mtime - back
    os.utime(path, (then, then))


def there(box: Path, digests: Sequence[str]) -> list[bool]:
    return [(box / "out" / receipt_name(digest)).exists() for digest in digests]


def test_a_receipt_goes_when_a_new_file_comes_a_day_after_it(province: Province, centre: Centre, box: Path) -> None:
    files = days(centre, 4)
    bring(province, box, *files[:3])
    age(box, files[0].sha256, 30 * DAYS)
    age(box, files[1].sha256, 1.01 * DAYS)
    age(box, files[2].sha256, 0.99 * DAYS)
    province.ingest([box])
    assert there(box, [file.sha256 for file in files]) == [True, True, True, False]
    bring(province, box, files[3])
    assert there(box, [file.sha256 for file in files]) == [False, False, True, True]
    assert (box / "out" / "province.pub").exists()


def test_what_another_commune_brings_says_nothing(province: Province, centre: Centre, box: Path) -> None:
    (file,) = days(centre, 1)
    bring(province, box, file)
    age(box, file.sha256, 30 * DAYS)
    other = Centre(OTHER)
    province.enrol(OTHER, other.key_line)
    bring(province, box.parent / f"mc{OTHER}", *days(other, 1))
    assert there(box, [file.sha256]) == [True]


def test_a_file_that_is_brought_again_has_not_read_its_receipt(province: Province, centre: Centre, box: Path) -> None:
    first, second, third = days(centre, 3)
    bring(province, box, first)
    age(box, first.sha256, 30 * DAYS)
    bring(province, box, first, second)
    assert there(box, [first.sha256, second.sha256]) == [True, True]
    bring(province, box, third)
    assert there(box, [first.sha256, second.sha256]) == [True, True]


def test_held_and_refused_stay_until_they_are_merged(province: Province, centre: Centre, box: Path) -> None:
    one, two, three, four, five = days(centre, 5)
    bring(province, box, one, three)
    age(box, one.sha256, 30 * DAYS)
    age(box, three.sha256, 30 * DAYS)
    bring(province, box, four)
    assert there(box, [one.sha256, three.sha256, four.sha256]) == [False, True, True]
    # What is merged now was written anew just now.
    bring(province, box, two)
    assert there(box, [two.sha256, three.sha256, four.sha256]) == [True, True, True]
    age(box, three.sha256, 30 * DAYS)
    bring(province, box, five)
    assert there(box, [two.sha256, three.sha256, five.sha256]) == [True, False, True]


def test_a_refused_file_keeps_its_receipt(province: Province, centre: Centre, box: Path) -> None:
    centre.close(MONDAY)
    bad = centre.replace_last({"totals": {}})
    bring(province, box, bad)
    age(box, bad.sha256, 30 * DAYS)
    bring(province, box, centre.close(MONDAY + DAY))
    assert there(box, [bad.sha256]) == [True]


def test_what_the_database_would_not_give_again_stays(
    province: Province, centre: Centre, box: Path, tmp_path: Path
) -> None:
    first, second, third = days(centre, 3)
    bring(province, box, first, second)
    # The province was set up again, or its database is one of yesterday's.
    anew = made_province(tmp_path / "anew", province._clock, centre)
    strange = box / "out" / receipt_name("ab" * 32)
    strange.write_bytes(b"x")
    os.utime(strange, (0, 0))
    for file in (first, second):
        age(box, file.sha256, 30 * DAYS)
    bring(anew, box, third)
    anew.close()
    assert there(box, [first.sha256, second.sha256, "ab" * 32]) == [True, True, True]


def test_a_message_says_what_was_read_of_messages_and_a_file_what_of_files(
    province: Province, centre: Centre, box: Path
) -> None:
    first, second = days(centre, 2)
    bring(province, box, first)
    asked = message(province, box, centre, 1)
    for digest in (first.sha256, asked):
        age(box, digest, 30 * DAYS)
    bring(province, box, second)
    assert there(box, [first.sha256, asked]) == [False, True]
    age(box, second.sha256, 30 * DAYS)
    message(province, box, centre, 2)
    assert there(box, [second.sha256, asked]) == [True, False]


def test_a_time_that_the_commune_sets_proves_nothing(province: Province, centre: Centre, box: Path) -> None:
    first, second = days(centre, 2)
    bring(province, box, first)
    path = box / "in" / second.name
    path.write_bytes(second.data)
    ahead = path.stat().st_mtime + 30 * DAYS
    os.utime(path, (ahead, ahead))
    province.ingest([box])
    assert there(box, [first.sha256, second.sha256]) == [True, True]


def calendar(version: str, first: date, last: date, hours: tuple[OfficeHours, ...] = ()) -> PublishedCalendar:
    rows = (DayRule(first, False, False, "Nghỉ", "tỉnh"),)
    return PublishedCalendar(version, first, last, rows, hours)


def catalogue(version: str, *codes: str, columns: tuple[str, ...] = ("code", "name")) -> PublishedCatalogue:
    return PublishedCatalogue(version, columns, tuple((code, *columns[1:]) for code in codes))


YEAR = date(2026, 1, 1), date(2026, 12, 31)
NEXT = date(2027, 1, 1), date(2027, 12, 31)


@pytest.mark.parametrize(
    ("old", "new", "replaced"),
    [
        (calendar("2026.1", *YEAR), calendar("2026.2", *YEAR), True),
        (calendar("2026.1", *YEAR), calendar("2027.1", *NEXT), False),
        (calendar("2026.1", *YEAR), calendar("2027.1", YEAR[0], NEXT[1]), True),
        (calendar("2026.1", *YEAR, HOURS), calendar("2026.2", *YEAR), False),
        (calendar("2026.1", *YEAR, HOURS), calendar("2026.2", *YEAR, HOURS), True),
        (catalogue("1", "a", "b"), catalogue("2", "b", "a", "c"), True),
        (catalogue("1", "a", "b"), catalogue("2", "b"), False),
        (catalogue("1", "a", columns=("code", "name", "valid_to")), catalogue("2", "a"), False),
        (catalogue("1", "a"), calendar("2", *YEAR), False),
        (Notice("Một.", at(MONDAY)), Notice("Hai.", at(MONDAY)), False),
    ],
)
def test_a_version_goes_only_where_a_newer_one_says_all_that_it_says(
    province: Province, box: Path, old: Content, new: Content, replaced: bool
) -> None:
    first = province.publish(old)
    province.ingest([box])
    assert names(box) == [first.name]
    second = province.publish(new)
    province.ingest([box])
    assert names(box) == ([second.name] if replaced else [first.name, second.name])
    # A stick and the network still bring all of it.
    assert province.publications.names(UNIT) == (first.name, second.name)
    assert {path.name for path in province.inbox.glob("*.published")} == {first.name, second.name}


def test_another_units_version_replaces_nothing_here(province: Province, box: Path) -> None:
    province.enrol(OTHER, Centre(OTHER).key_line)
    general = province.publish(catalogue("1", "a"))
    other = province.publish(catalogue("2", "a"), OTHER)
    province.ingest([box.parent])
    assert names(box) == [general.name]
    assert names(box.parent / f"mc{OTHER}") == [other.name]


def test_what_was_withdrawn_goes_and_what_is_no_ones_business_stays(
    province: Province, folder: Path, box: Path
) -> None:
    kept, gone = (province.publish(Notice(text, at(MONDAY))) for text in ("Một.", "Hai."))
    province.ingest([box])
    (folder / "published" / gone.name).unlink()
    (box / "out" / "notes.txt").write_text("mine")
    (box / "out" / published_name(9, "ab" * 32)).write_bytes(b"x")
    province.ingest([box])
    assert names(box) == [kept.name]
    assert (box / "out" / "notes.txt").exists()


def test_without_the_folder_of_what_was_published_nothing_goes(province: Province, folder: Path, box: Path) -> None:
    found = province.publish(Notice("Một.", at(MONDAY)))
    province.ingest([box])
    (folder / "published").rename(folder / "away")
    province.ingest([box])
    assert names(box) == [found.name]


def names(box: Path) -> list[str]:
    return sorted(path.name for path in (box / "out").glob("*.published"))
