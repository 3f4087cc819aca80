"""Communes that are new, renamed, merged or split: shown before they are, then found by their old addresses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db import offices
from db.vocabulary import OfficeEvent
from desk.counter.addresses import find_commune
from desk.counter.from_province import NewsState
from desk.counter.model import Refused
from desk.counter.news_words import units_sentence
from desk.counter.reference_files import BadFileError
from desk.counter.unit_changes import CommuneChange, UnitsEffect
from desk.counter.unit_files import read_units
from desk.daily.units import ChangeRow, CommuneRow, PublishedUnits
from desk.settings import Paths
from tests.counter.desk_fixture import UNIT, at
from tests.counter.test_from_province import Station

HA_TINH = ("42", "Tỉnh Hà Tĩnh")
DUC_THO, DUC_DONG = "18229", "18304"
DAY = date(2026, 3, 1)


@pytest.fixture
def station(folder: Path) -> Iterator[Station]:
    found = Station(folder)
    yield found
    found.desk.close()


def xa(code: str, name: str, day: date = DAY, kind: str = "Xã") -> CommuneRow:
    return CommuneRow(code, kind, name, *HA_TINH, day)


def went(old: str, name: str, new: str, *, partly: bool = False) -> ChangeRow:
    return ChangeRow(old, name, HA_TINH[1], new, partly)


def merged(version: str = "2026.9", day: date = DAY) -> PublishedUnits:
    """Two communes become one under the code of the first, another name."""
    return PublishedUnits(
        version,
        (xa(DUC_THO, "Sông La", day, "Phường"),),
        (went(DUC_THO, "Xã Đức Thọ", DUC_THO), went(DUC_DONG, "Xã Đức Đồng", DUC_THO)),
    )


def effect_of(station: Station, content: PublishedUnits) -> Any:
    return station.desk.counter.province.effect(station.publish(content))


def where(station: Station, address: str) -> list[str]:
    return [each.text for each in station.desk.counter.communes.find(address).candidates]


def test_a_merger_is_shown_and_changes_nothing_then_old_addresses_follow(station: Station) -> None:
    name = station.publish(merged())
    counter = station.desk.counter
    effect = counter.province.effect(name)
    assert isinstance(effect, UnitsEffect)
    assert [(line.code, line.change, line.after) for line in effect.lines] == [
        (DUC_THO, CommuneChange.RENAMED, "Phường Sông La, Tỉnh Hà Tĩnh"),
        (DUC_DONG, CommuneChange.MERGED, "Phường Sông La"),
    ]
    assert (effect.own, effect.before, effect.version) == (effect.lines[0], "2026.4", "2026.9")
    assert "ĐƠN VỊ CỦA TA" in units_sentence(effect)
    assert where(station, "Thôn 1, Xã Đức Đồng, Tỉnh Hà Tĩnh") == ["xã Đức Đồng, tỉnh Hà Tĩnh"]
    assert OfficeEvent.UNITS_IMPORTED not in station.kinds()

    assert counter.province.apply(name, 1) == effect
    assert station.states() == [(1, NewsState.DONE)]
    (event,) = [each for each in station.desk.events() if each.kind == OfficeEvent.UNITS_IMPORTED]
    assert (event.officer_id, event.data["version"], event.data["changed"]) == (1, "2026.9", 2)
    new = ["phường Sông La, tỉnh Hà Tĩnh"]
    for old in (
        "Thôn 1, Xã Đức Đồng, Tỉnh Hà Tĩnh",
        "Xã Đức Thọ, Hà Tĩnh",
        # An old card of before July 2025 goes both ways on.
        "Xã Đức Lạng, Huyện Đức Thọ, Tỉnh Hà Tĩnh",
    ):
        assert where(station, old) == new, old
    found = counter.communes.find("Tổ 1, Phường Sông La, Hà Tĩnh")
    assert (found.current, [each.code for each in found.candidates]) == (True, [DUC_THO])
    assert where(station, "Xã Kỳ Xuân, Tỉnh Hà Tĩnh") == ["xã Kỳ Xuân, tỉnh Hà Tĩnh"]
    # Only this centre's record was changed.
    assert find_commune("Xã Đức Thọ, Hà Tĩnh").current


def test_the_centre_has_its_new_name_from_the_day_on(station: Station) -> None:
    day = date(2026, 4, 1)
    station.desk.counter.province.apply(station.publish(merged(day=day)), 1)
    with station.desk.records.reading() as view:
        names = [offices.unit(view.connection, UNIT, on) for on in (date(2026, 3, 31), day, date(2025, 1, 1))]
    assert [each and each.full_name for each in names] == ["Xã Đức Thọ", "Phường Sông La", "Xã Đức Thọ"]
    assert where(station, "Xã Đức Đồng, Hà Tĩnh") == ["xã Đức Đồng, tỉnh Hà Tĩnh"]
    station.desk.clock.now = at("2026-04-01T08:00")
    assert where(station, "Xã Đức Đồng, Hà Tĩnh") == ["phường Sông La, tỉnh Hà Tĩnh"]


def test_a_split_leaves_the_choice_and_a_second_change_follows_the_first(station: Station) -> None:
    province = station.desk.counter.province
    split = PublishedUnits(
        "2026.9",
        (xa("99001", "Đồng Thượng"), xa("99002", "Đồng Hạ")),
        (went(DUC_DONG, "Xã Đức Đồng", "99001", partly=True), went(DUC_DONG, "Xã Đức Đồng", "99002", partly=True)),
    )
    effect = province.apply(station.publish(split), None)
    assert isinstance(effect, UnitsEffect)
    assert [line.change for line in effect.lines] == [CommuneChange.NEW, CommuneChange.NEW, CommuneChange.SPLIT]
    assert where(station, "Xã Đức Đồng, Hà Tĩnh") == ["xã Đồng Thượng, tỉnh Hà Tĩnh", "xã Đồng Hạ, tỉnh Hà Tĩnh"]
    renamed = PublishedUnits("2026.10", (xa("99002", "La Giang", date(2026, 3, 10)),))
    effect = province.apply(station.publish(renamed), None)
    assert isinstance(effect, UnitsEffect)
    assert [line.change for line in effect.lines] == [CommuneChange.RENAMED]
    assert where(station, "Xã Đức Đồng, Hà Tĩnh") == ["xã Đồng Thượng, tỉnh Hà Tĩnh", "xã La Giang, tỉnh Hà Tĩnh"]
    assert where(station, "Xã Đồng Hạ, Hà Tĩnh") == ["xã La Giang, tỉnh Hà Tĩnh"]


def test_a_commune_that_takes_another_in_keeps_its_name(station: Station) -> None:
    content = PublishedUnits("2026.9", (xa(DUC_THO, "Đức Thọ"),), (went(DUC_DONG, "Xã Đức Đồng", DUC_THO),))
    effect = station.desk.counter.province.apply(station.publish(content), None)
    assert isinstance(effect, UnitsEffect)
    assert [line.change for line in effect.lines] == [CommuneChange.WIDER, CommuneChange.MERGED]
    assert where(station, "Xã Đức Đồng, Hà Tĩnh") == ["xã Đức Thọ, tỉnh Hà Tĩnh"]
    assert station.desk.counter.communes.find("Xã Đức Thọ, Hà Tĩnh").current


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (merged("2026.4"), "not_newer"),
        (merged(day=date(2025, 7, 1)), "not_after"),
        (merged(day=date(2025, 1, 1)), "not_after"),
        (PublishedUnits("2026.9", (xa("99001", "A"),), (went("99009", "Xã B", "99001"),)), "unknown_old"),
        (PublishedUnits("2026.9", (xa("99001", "A"),), (went(DUC_DONG, "Xã Khác", "99001"),)), "unknown_old"),
        (PublishedUnits("2026.9", (xa("99001", "A"),), (went(DUC_DONG, "Xã Đức Đồng", "99002"),)), "bad_file"),
        (PublishedUnits("2026.9", (xa("99001", "A"), xa("99001", "B"))), "bad_file"),
        (PublishedUnits("2026.9", (CommuneRow("99001", "Xã", "A", "42", "Tỉnh Nghệ An", DAY),)), "bad_file"),
        (
            PublishedUnits(
                "2026.9",
                (xa("99001", "A"), xa("99002", "B")),
                (went(DUC_DONG, "Xã Đức Đồng", "99001"), went(DUC_DONG, "Xã Đức Đồng", "99002")),
            ),
            "bad_file",
        ),
    ],
)
def test_what_does_not_fit_is_refused_whole(station: Station, content: PublishedUnits, reason: str) -> None:
    name, before = station.publish(content), station.kinds()
    for found in (station.desk.counter.province.effect(name), station.desk.counter.province.apply(name, 1)):
        assert isinstance(found, Refused)
        assert (found.reason, found.sentence.count("\n")) == (reason, 0)
    assert station.kinds() == before
    assert where(station, "Xã Đức Đồng, Hà Tĩnh") == ["xã Đức Đồng, tỉnh Hà Tĩnh"]


def test_hostile_names_stay_text(station: Station) -> None:
    nasty = "[red]\u202eA\u0007[/] {x} %s"
    effect = effect_of(station, PublishedUnits("2026.9", (xa("99001", nasty),)))
    assert isinstance(effect, UnitsEffect)
    assert all(char.isprintable() for char in effect.lines[0].after)
    assert units_sentence(effect)


def test_the_same_file_twice_is_old(station: Station) -> None:
    province = station.desk.counter.province
    province.apply(station.publish(merged()), None)
    again = station.publish(merged())
    assert station.states()[0] == (2, NewsState.OLD)
    found = province.apply(again, None)
    assert isinstance(found, Refused)
    assert found.reason == "not_newer"


HEAD = "code,type,name,full_name,province_code,province_name,search_key,valid_from,note,alt_name"
ROW = "18229,Phường,Sông La,Phường Sông La,42,Tỉnh Hà Tĩnh,phuong song la tinh ha tinh,2026-03-01,,"
WENT = "old_code,old_name,old_district,old_province,new_code,partly,n_new"
BOTH = "18229,Xã Đức Thọ,,Tỉnh Hà Tĩnh,18229,0,1\n18304,Xã Đức Đồng,,Tỉnh Hà Tĩnh,18229,0,1"


def test_the_shipped_columns_are_read() -> None:
    found = read_units(f"# version: 2026.9\n{HEAD}\n{ROW}\n".encode(), f"{WENT}\n{BOTH}\n".encode())
    assert found == merged()


@pytest.mark.parametrize(
    ("units", "changes", "lines"),
    [
        (f"{HEAD}\n{ROW}", "", [0]),
        (f"# version: 2026.9\n{HEAD},x\n{ROW},", "", [2]),
        (f"# version: 2026.9\n{HEAD}\n{ROW}\n{ROW.replace('18229', '1822')}", "", [4]),
        (f"# version: 2026.9\n{HEAD}\n{ROW.replace('2026-03-01', '2026-02-30')}", "", [3]),
        (f"# version: 2026.9\n{HEAD}\n{ROW.replace('Phường Sông La', 'Xã Sông La')}", "", [3]),
        (f"# version: 2026.9\n{HEAD}\n{ROW},too,many", "", [3]),
        (f"# version: 2026.9\n{HEAD}\n{ROW}", f"{WENT}\n18262,Xã Đức Đồng,Huyện X,Tỉnh Hà Tĩnh,18229,0,1", [2]),
        (f"# version: 2026.9\n{HEAD}\n{ROW}", f"{WENT}\n18262,Xã Đức Đồng,,Tỉnh Hà Tĩnh,18229,0,3", [2]),
        (f"# version: 2026.9\n{HEAD}\n{ROW}", f"{WENT}\n18262,Xã Đức Đồng,,Tỉnh Hà Tĩnh,99999,0,1", [0]),
    ],
)
def test_every_bad_line_is_named(units: str, changes: str, lines: list[int]) -> None:
    with pytest.raises(BadFileError) as caught:
        read_units(units.encode(), changes.encode() or None)
    assert [each.line for each in caught.value.lines] == lines
    assert all(each.sentence for each in caught.value.lines)


def test_a_shelf_without_the_kind_keeps_working(station: Station) -> None:
    assert Paths(station.paths.folder).published.is_dir()
    assert where(station, "Xã Đức Thọ, Hà Tĩnh") == ["xã Đức Thọ, tỉnh Hà Tĩnh"]
