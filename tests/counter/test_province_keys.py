"""The province's next key: shown, then believed; both for a while, and never the one before again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.vocabulary import OfficeEvent
from desk.counter.from_province import NewsState
from desk.counter.model import Refused
from desk.counter.province_keys import KeyEffect
from desk.daily.container import NS_CATALOGUE, NS_RECEIPT, SealError, seal, sha256
from desk.daily.published import Notice, Published, PublishedKind, published_name, read_published, seal_published
from desk.daily.reasons import Refusal
from desk.daily.sshsig import SigningKey
from desk.daily.successors import PublishedKey
from desk.daily.verify import Refused as NotBelieved
from desk.settings import Paths
from desk.sync.shelf import Shelf
from desk.sync.trust import FORMER_KEYS, Trust, read_trust
from tests.counter.desk_fixture import UNIT, Clock, at, open_desk
from tests.counter.test_from_province import KEY, Station

NEXT, THIRD, STRANGER = (SigningKey.from_seed(letter * 32) for letter in (b"q", b"r", b"s"))
FROM, UNTIL = date(2026, 4, 1), date(2026, 6, 30)


@pytest.fixture
def station(folder: Path) -> Iterator[Station]:
    found = Station(folder)
    yield found
    found.desk.close()


def successor(new: SigningKey = NEXT, old: SigningKey = KEY, first: date = FROM, until: date = UNTIL) -> PublishedKey:
    return PublishedKey(old.public, new.public, first, until)


def put(station: Station, number: int, content: PublishedKey | Notice, key: SigningKey = KEY) -> str:
    data = seal_published(content, number, "", key)
    name = published_name(number, sha256(data))
    Shelf(station.paths.published).keep(name, data)
    return name


def trust(station: Station) -> Trust:
    found = read_trust(station.paths.folder)
    assert found is not None
    return found


def test_it_is_shown_and_believes_nothing_then_both_are_believed_for_a_while(station: Station) -> None:
    name = put(station, 1, successor())
    province = station.desk.counter.province
    (item,) = province.listed()
    assert (item.kind, item.state) == (PublishedKind.KEY, NewsState.NEW)
    effect = province.effect(name)
    assert effect == KeyEffect(KEY.public.fingerprint, NEXT.public.fingerprint, FROM, UNTIL)
    assert trust(station) == Trust(KEY.public)
    assert OfficeEvent.PROVINCE_KEY_CHANGED not in station.kinds()

    assert province.apply(name, 1) == effect
    found = trust(station)
    assert (found.pin, found.on(UNTIL)) == (NEXT.public, (NEXT.public, KEY.public))
    assert found.on(UNTIL + timedelta(days=1)) == (NEXT.public,)
    assert found.ever == (NEXT.public, KEY.public)
    (event,) = [each for each in station.desk.events() if each.kind == OfficeEvent.PROVINCE_KEY_CHANGED]
    assert (event.officer_id, event.data["before"], event.data["after"]) == (1, effect.before, effect.after)
    # What the old key signed stays what it was.
    assert province.listed()[0].state is NewsState.DONE
    again = province.apply(name, 1)
    assert isinstance(again, Refused)
    assert again.reason == "already"
    assert station.kinds().count(OfficeEvent.PROVINCE_KEY_CHANGED) == 1


def test_only_the_pinned_key_names_the_next(station: Station) -> None:
    province = station.desk.counter.province
    province.apply(put(station, 1, successor()), 1)
    names = {
        put(station, 2, successor(THIRD)): "wrong_chain",
        put(station, 3, successor(KEY, NEXT), NEXT): "key_rollback",
        put(station, 4, successor(STRANGER, KEY)): "wrong_chain",
    }
    for name, reason in names.items():
        for found in (province.effect(name), province.apply(name, 1)):
            assert isinstance(found, Refused)
            assert found.reason == reason
    assert trust(station).pin == NEXT.public
    states = {each.number: each.state for each in province.listed()}
    assert states == {1: NewsState.DONE, 2: NewsState.REFUSED, 3: NewsState.REFUSED, 4: NewsState.REFUSED}
    province.apply(put(station, 5, successor(THIRD, NEXT, date(2026, 9, 1), date(2026, 9, 30)), NEXT), 1)
    assert trust(station).ever == (THIRD.public, KEY.public, NEXT.public)


def test_a_key_that_another_one_names_is_not_believed() -> None:
    data = seal_published(successor(NEXT, STRANGER), 1, "", KEY)
    found = read_published(data, (KEY.public,))
    assert isinstance(found, NotBelieved)
    assert (found.reason, found.signed_by) == (Refusal.WRONG_CHAIN, KEY.public)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"new": KEY.public.line()}, Refusal.BAD_SCHEMA),
        ({"new": "ssh-ed25519 " + "A" * 68}, Refusal.BAD_SCHEMA),
        ({"new": NEXT.public.line() + "\n"}, Refusal.BAD_SCHEMA),
        ({"until": "2026-03-31"}, Refusal.BAD_SCHEMA),
        ({"from": "2026-02-30"}, Refusal.BAD_SCHEMA),
        ({"unit": UNIT}, Refusal.BAD_SCHEMA),
        ({"number": 0}, Refusal.BAD_SCHEMA),
    ],
)
def test_what_is_no_successor_is_not_believed(change: dict[str, str | int], reason: Refusal) -> None:
    payload = {**successor().payload(), "number": 1, **change}
    found = read_published(seal(payload, KEY, NS_CATALOGUE), (KEY.public,))
    assert isinstance(found, NotBelieved)
    assert found.reason is reason


def test_another_purpose_is_not_enough_and_one_unit_is_told_no_other_key() -> None:
    payload = {**successor().payload(), "number": 1}
    found = read_published(seal(payload, KEY, NS_RECEIPT), (KEY.public,))
    assert isinstance(found, NotBelieved)
    assert found.reason is Refusal.WRONG_NAMESPACE
    whole = read_published(seal_published(successor(), 1, UNIT, KEY), (KEY.public,))
    assert isinstance(whole, Published)
    assert whole.unit == ""
    with pytest.raises(SealError):
        seal_published(successor(), 0, "", KEY)


def test_a_disk_that_takes_no_key_is_made_good_at_the_next_opening(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = put(station, 1, successor())

    def full(*_words: object) -> None:
        raise OSError(28, "no space")

    with monkeypatch.context() as broken:
        broken.setattr("desk.sync.trust.write_durable", full)
        with pytest.raises(OSError, match="no space"):
            station.desk.counter.province.apply(name, 1)
    assert trust(station).pin == KEY.public
    station.desk.counter.queue()
    assert trust(station).pin == NEXT.public
    station.desk.counter.queue()
    assert (station.paths.folder / FORMER_KEYS).read_text().count("\n") == 1


def test_another_desk_of_the_centre_follows_what_was_approved(station: Station, tmp_path: Path) -> None:
    from desk.sync.post import Post

    station.desk.counter.province.apply(put(station, 1, successor()), 1)
    other = Paths(tmp_path / "other")
    other.folder.mkdir()
    (other.folder / "province.pub").write_text(KEY.public.line() + "\n")
    clock = Clock(at("2026-03-13T09:12"))
    second = open_desk(station.desk.path, post=Post(other, UNIT, True, "", clock), clock=clock)
    second.counter.queue()
    found = read_trust(other.folder)
    assert found is not None
    assert (found.pin, found.ever[1:]) == (NEXT.public, (KEY.public,))
    second.close()
