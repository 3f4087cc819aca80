"""The language of the screen changes words on the screen only: never the record, the daily file or the slip."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.vocabulary import Act, Channel
from desk.counter.lane import Paper, TakeBack, Visit
from desk.counter.model import PersonInput
from desk.words import SOURCE, use_language
from tests.counter.desk_fixture import COPIES, HEAD, LAND, MARITAL, Desk, open_desk


def a_day(desk: Desk) -> None:
    """Acts whose events have words of ours where the officer gave none."""
    desk.clock.set("2026-03-12T08:00")
    forwarded = desk.receive(MARITAL, "Đỗ Đức Mạnh")
    desk.act(forwarded.code, Act.FORWARD)
    waits = desk.receive(LAND, "Nguyễn Đức Thịnh", channel=Channel.POST)
    desk.act(waits.code, Act.SUPPLEMENT, reason="thiếu giấy")
    done = desk.receive(MARITAL, "Trần Thị Bình", channel=Channel.ONLINE)
    desk.act(done.code, Act.FINISH)
    desk.act(done.code, Act.RETURN)
    person = PersonInput("Lý A")
    given = desk.counter.give(Visit("visit", person, (Paper(COPIES, "học bạ", 2, 3),), HEAD))
    assert isinstance(given, tuple)
    desk.counter.take_back(TakeBack("back", tuple(each.code for each in given), HEAD))
    desk.clock.set("2026-03-12T17:30")
    desk.close()


@pytest.fixture
def both(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Desk, Desk]]:
    """The same day worked in Vietnamese and in English, on copies of one record and with the same salts."""
    desks = []
    for language in (SOURCE, "en"):
        numbers = itertools.count(1)
        monkeypatch.setattr("secrets.token_hex", lambda size, numbers=numbers: f"{next(numbers):0{2 * size}x}")
        use_language(language)
        (folder / language).mkdir()
        desk = open_desk(folder / language / "desk.db")
        a_day(desk)
        desks.append(desk)
    yield desks[0], desks[1]
    for desk in desks:
        desk.records.close()


def test_the_same_acts_write_the_same_events(both: tuple[Desk, Desk]) -> None:
    ours, theirs = both
    assert [(event.kind, event.data, event.hash) for event in ours.events()] == [
        (event.kind, event.data, event.hash) for event in theirs.events()
    ]
    assert len(ours.events()) > 10


def test_the_daily_files_are_the_same_bytes(both: tuple[Desk, Desk]) -> None:
    ours, theirs = both
    assert [file.content for file in ours.files()] == [file.content for file in theirs.files()] != []


def test_the_record_is_the_same(both: tuple[Desk, Desk]) -> None:
    ours, theirs = both
    assert ours.contents() == theirs.contents()


def test_the_slip_of_the_citizen_is_vietnamese(both: tuple[Desk, Desk]) -> None:
    use_language(SOURCE)
    ours = both[0].counter.receipt(2, back=True)
    use_language("en")
    assert both[1].counter.receipt(2, back=True) == ours
    assert isinstance(ours, tuple)
    assert any("20 ngày làm việc" in line for line in ours)
    assert any("DUE" in line for line in both[1].counter.why(2))
