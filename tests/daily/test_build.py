"""From figures to a sealed file: nothing unbalanced is sealed, the chain holds, the wire budget holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from statistics import mean

import pytest

from desk.daily.build import NotBalancedError, Sealed, daily_name, seal_daily
from desk.daily.container import SealError, deflate, inflate, sha256
from desk.daily.files import is_safe_name
from desk.daily.model import DailyFile, JournalSpan, PayloadError
from desk.daily.sshsig import SigningKey
from desk.daily.verify import KnownKey, Verified, verify_daily
from desk.rules.tally import ImbalanceKind, Tally, of_rows

Make = Callable[..., DailyFile]
Office = Callable[[int, int, int], Iterator[tuple[Tally, dict[str, int]]]]


def test_what_does_not_balance_is_not_built(make: Make) -> None:
    with pytest.raises(NotBalancedError) as caught:
        make(by=of_rows({"1.001193": {"direct": 2, "on_time": 1}}), carried={})
    assert [item.kind for item in caught.value.imbalances] == [ImbalanceKind.IDENTITY] * 2


def test_the_stock_of_the_file_before_is_asked_for(make: Make) -> None:
    with pytest.raises(NotBalancedError) as caught:
        make(carried={})
    assert [item.kind for item in caught.value.imbalances] == [ImbalanceKind.CARRIED]


def test_a_day_without_anything_is_an_explicit_zero(make: Make, key: SigningKey) -> None:
    file = seal_daily(make(by=Tally({}, {}), carried={}), key)
    assert b'"rows":{}' in file.data
    found = verify_daily(file.data, {key.public.fingerprint: KnownKey("18229", key.public)})
    assert isinstance(found, Verified)


def test_the_same_content_is_the_same_file(make: Make, key: SigningKey) -> None:
    first, second = seal_daily(make(), key), seal_daily(make(), key)
    assert first == second
    assert first.sha256 == sha256(first.data)


def test_names_are_safe_and_tell_unit_day_and_number(make: Make, key: SigningKey) -> None:
    file = seal_daily(make(), key)
    assert file.name == f"18229-20260313-000001-{file.sha256[:8]}.daily"
    assert is_safe_name(file.name)
    assert is_safe_name(daily_name(make(seq=2**53 - 1, prev="ab" * 32), "f" * 64))


@pytest.mark.parametrize(
    "changed",
    [
        {"installation": "SHA256:" + "a" * 43},
        {"unit": "H31.65"},
        {"unit_name": "Xã\x00"},
        {"seq": 0},
        {"prev": ""},
        {"app": ""},
        {"journal": JournalSpan(0, 5, "no hash")},
        {"by": of_rows({"../../x": {"direct": 1, "on_time": 1}}), "carried": {}},
        {"by": of_rows({f"{n:032d}": {"direct": 1, "on_time": 1} for n in range(1500)}), "carried": {}},
    ],
)
def test_what_no_province_would_take_is_not_sealed(make: Make, key: SigningKey, changed: dict[str, object]) -> None:
    daily = make(**changed)
    with pytest.raises(SealError):
        seal_daily(daily, key)


@pytest.mark.parametrize("changed", [{"journal": JournalSpan(6, 5, "ab" * 32)}, {"seq": 2}])
def test_what_contradicts_itself_is_not_sealed(make: Make, key: SigningKey, changed: dict[str, object]) -> None:
    with pytest.raises(PayloadError):
        seal_daily(make(**changed), key)


def run(office: Office, make: Make, key: SigningKey, a_day: int) -> list[Sealed]:
    files: list[Sealed] = []
    for place, (figures, carried) in enumerate(office(a_day, 30, 7), start=1):
        prev = files[-1].sha256 if files else None
        span = JournalSpan((place - 1) * a_day * 4, place * a_day * 4, sha256(b"%d" % place))
        day = date(2026, 3, 1).replace(day=place)
        daily = make(by=figures, carried=carried, seq=place, prev=prev, journal=span, date=day)
        files.append(seal_daily(daily, key))
    return files


@pytest.mark.parametrize(("a_day", "typical", "most"), [(34, 1100, 1200), (400, 2000, 2048)])
def test_a_day_fits_the_wire_budget(
    office: Office, make: Make, key: SigningKey, a_day: int, typical: int, most: int
) -> None:
    files = run(office, make, key, a_day)
    known = {key.public.fingerprint: KnownKey("18229", key.public)}
    for file in files:
        assert isinstance(verify_daily(file.data, known), Verified)
        assert inflate(deflate(file.data)) == file.data
    sizes = [len(deflate(file.data)) for file in files[12:]]
    assert mean(sizes) <= typical
    assert max(sizes) <= most
