"""A province changes its key while communes send: receipts of both count in time, and nobody is left behind."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from desk.daily.container import Unreadable, open_container
from desk.daily.sshsig import PublicKey
from desk.province.model import ProvinceError, ProvinceFault
from desk.province.service import Province, open_province
from desk.settings import Paths
from desk.sync.post import Post
from desk.sync.trust import read_trust, succeed
from tests.province.factory import MONDAY, UNIT, Centre, Clock, at, made_province

FIRST, UNTIL = MONDAY + timedelta(days=14), MONDAY + timedelta(days=28)


@pytest.fixture
def clock() -> Clock:
    return Clock(at(MONDAY, 18))


class Both:
    """A province and a commune that meet over a stick."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.clock, self.centre = clock, Centre()
        self.folder = folder / "province"
        self.province = made_province(self.folder, clock, self.centre)
        self.paths = Paths(folder / "desk")
        self.paths.folder.mkdir()
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.post = Post(self.paths, UNIT, False, str(self.stick), clock)

    def close(self, day: date) -> None:
        self.clock.now = at(day, 18)
        file = self.centre.close(day)
        self.post.put(file.name, file.data)

    def meet(self) -> list[str]:
        """Carry the stick to the province and back; return what is wrong."""
        self.post.run()
        self.province.ingest([self.stick])
        return [problem.reason for problem in self.post.run().problems]

    def states(self) -> list[str]:
        return [each.state.value for each in self.post.states()]

    def approve(self) -> None:
        """Believe the newest key that lies here, as the counter does."""
        content = self.province.published()[-1].content
        assert succeed(self.paths.folder, content.old.fingerprint, content.new, content.until)  # type: ignore[union-attr]


@pytest.fixture
def both(tmp_path: Path, clock: Clock) -> Both:
    return Both(tmp_path, clock)


def signer(data: bytes) -> PublicKey:
    parts = open_container(data)
    assert not isinstance(parts, Unreadable)
    return parts.signature.key


def test_both_keys_count_until_the_old_one_is_over(both: Both) -> None:
    both.close(MONDAY)
    assert both.meet() == []
    old = both.province.identity().fingerprint
    published = both.province.change_key(FIRST, UNTIL)
    assert both.province.identity().fingerprint == old
    both.close(MONDAY + timedelta(days=1))
    assert (both.meet(), both.states()) == ([], ["confirmed"] * 2)
    assert [each.kind.value for each in both.post.descend().new] == ["key"]
    # Approved before the province changes over: what the old key signs is still taken.
    both.approve()
    both.close(MONDAY + timedelta(days=2))
    assert (both.meet(), both.states()) == ([], ["confirmed"] * 3)
    both.clock.now = at(FIRST, 8)
    new = both.province.identity()
    assert new.fingerprint == published.content.new.fingerprint != old  # type: ignore[union-attr]
    both.close(FIRST)
    assert (both.meet(), both.states()) == ([], ["confirmed"] * 4)
    assert (both.stick / "province.pub").read_text().strip() == new.public_key
    trust = read_trust(both.paths.folder)
    assert trust is not None
    assert {signer(data).fingerprint for data, _found in both.post.receipts()} == {old, new.fingerprint}


def test_who_has_not_approved_is_told_why_and_loses_nothing(both: Both) -> None:
    both.close(MONDAY)
    both.meet()
    both.province.change_key(FIRST, UNTIL)
    both.clock.now = at(FIRST, 8)
    both.close(FIRST)
    assert "unknown_key" in both.meet()
    assert both.states() == ["confirmed", "sent"]
    both.post.descend()
    assert set(both.meet()) == {"key_waits", "unknown_key"}
    both.approve()
    assert (both.meet(), both.states()) == ([], ["confirmed"] * 2)


def test_after_the_last_day_the_old_key_is_not_taken_and_the_old_receipt_comes_signed_anew(both: Both) -> None:
    both.close(MONDAY)
    both.post.run()
    both.province.ingest([both.stick])
    name = next(path for path in both.stick.rglob("*.receipt"))
    before = name.read_bytes()
    both.province.change_key(FIRST, UNTIL)
    (both.paths.folder / "province.pub").write_text(both.province.identity().public_key + "\n")
    both.post.descend()
    both.approve()
    both.clock.now = at(UNTIL + timedelta(days=1), 8)
    run = both.post.run()
    assert {problem.reason for problem in run.problems} == {"key_changed", "unknown_key"}
    assert both.states() == ["sent"]
    both.province.ingest([both.stick])
    after = name.read_bytes()
    assert signer(after) != signer(before)
    assert after.partition(b"\n")[0] == before.partition(b"\n")[0]
    assert (both.meet(), both.states()) == ([], ["confirmed"])


def test_the_next_key_waits_for_its_day_and_days_have_an_order(both: Both, clock: Clock) -> None:
    for first, until in ((MONDAY, None), (FIRST, MONDAY + timedelta(days=1))):
        with pytest.raises(ProvinceError) as caught:
            both.province.change_key(first, until)
        assert caught.value.fault is ProvinceFault.BAD_KEY_DAYS
    both.province.change_key()
    with pytest.raises(ProvinceError) as caught:
        both.province.change_key()
    assert caught.value.fault is ProvinceFault.KEY_WAITS
    clock.now = at(MONDAY + timedelta(days=20))
    both.province.change_key()
    assert [each.kind.value for each in both.province.published()] == ["key", "key"]
    with pytest.raises(ProvinceError) as caught:
        both.province.enrol("00004", both.province.identity().public_key)
    assert caught.value.fault is ProvinceFault.KEY_ELSEWHERE


def test_a_change_that_was_cut_short_is_gone_on_with(both: Both, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_words: object) -> None:
        raise OSError("cut")

    with monkeypatch.context() as broken:
        broken.setattr("desk.province.ring.KeyRing.adopt", cut)
        with pytest.raises(OSError, match="cut"):
            both.province.change_key(FIRST, UNTIL)
    with pytest.raises(ProvinceError) as caught:
        both.province.change_key(FIRST, UNTIL)
    assert caught.value.fault is ProvinceFault.KEY_WAITS
    both.province.close()
    clock.now = at(FIRST)
    again = open_province(both.folder, clock)
    (published,) = again.published()
    assert again.identity().fingerprint == published.content.new.fingerprint  # type: ignore[union-attr]
    again.close()


def test_a_lost_private_key_is_an_error_with_a_name(both: Both, clock: Clock) -> None:
    both.province.change_key(FIRST, UNTIL)
    (path,) = both.folder.glob("province-*.key")
    path.unlink()
    clock.now = at(FIRST)
    with pytest.raises(ProvinceError) as caught:
        Province.identity(both.province)
    assert (caught.value.fault, caught.value.detail) == (ProvinceFault.KEY_MISSING, str(path))
