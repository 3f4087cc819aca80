"""Every refusal of the contract has a file that meets it, a reason of its own, and a sentence of its own."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from desk.daily.container import NS_DAILY, NS_PRACTICE, NS_RECEIPT, seal
from desk.daily.reasons import Refusal
from desk.daily.receipt import receipt_name
from desk.daily.sshsig import SigningKey
from desk.province import taking
from desk.province.sentences import reason_sentence
from desk.province.service import Province
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, Clock, made_province, query, tables
from tests.province.restored import Restored

DAY = timedelta(days=1)
ELSEWHERE = {
    Refusal.UNKNOWN_FILE: "a receipt for another file: tests/sync/test_receipts.py",
    Refusal.WRONG_CHAIN: "a key that another one names: tests/counter/test_province_keys.py",
    Refusal.NOT_NEWER: "a published file that is not newer than the one in use: tests/sync/test_published.py",
}
"""Refusals that no daily file can meet."""


@dataclass
class Case:
    """What a maker of a refused file has at hand: the second file of the unit is the one to spoil.

    `restored` is the unit brought back to where it had the first alone, knowing of the second.
    """

    province: Province
    centre: Centre
    restored: Restored
    good: bytes
    folder: Path
    patch: pytest.MonkeyPatch

    def says(self, **changed: object) -> bytes:
        """Return the second file saying something else, signed by the unit."""
        return self.centre.replace_last(changed).data  # type: ignore[arg-type]

    def signed(self, key: SigningKey | None = None, namespace: str = "") -> bytes:
        """Return the second file signed otherwise."""
        return self.centre.forged(self.centre.files[-1].daily, {}, key=key, namespace=namespace).data

    def stock(self) -> bytes:
        """Return the second file with one more dossier carried than the first left."""
        daily = self.centre.files[-1].daily
        rows = {code: dict(line) for code, line in daily.rows.items()}
        code = next(code for code, line in rows.items() if line.get("carried"))
        totals = dict(daily.totals)
        for line in (rows[code], totals):
            line["carried"] += 1
            line["on_time"] = line.get("on_time", 0) + 1
        return self.says(rows=rows, totals=totals)

    def spaced(self) -> bytes:
        """Return the second file spelled otherwise, signed as it is spelled."""
        line = self.good.partition(b"\n")[0].replace(b'"seq":2', b'"seq": 2') + b"\n"
        return line + self.centre.key.sign(line, NS_DAILY)

    def retired(self) -> bytes:
        """Return the second file after the unit's key was retired with the first."""
        query(self.folder, "update province_key set last_seq = 1")
        return self.good

    def gone(self) -> bytes:
        """Return the second file after the unit was retired with the day of the first."""
        self.province.retire(self.province.look_at_unit(UNIT, MONDAY))
        return self.good

    def quota(self) -> bytes:
        """Return the second file where no more files fit into the day."""
        self.patch.setattr(taking, "DAY_FILES", 1)
        return self.good

    def gap(self) -> bytes:
        """Return the third file without the second."""
        return self.centre.close(MONDAY + 2 * DAY).data

    def behind(self) -> bytes:
        """Return a reset that does not know of the second file, which is here."""
        self.province.take(self.good)
        self.restored.known = []
        return self.restored.reset(MONDAY + DAY).data

    def declined(self) -> bytes:
        """Return the file behind a reset that was refused."""
        self.province.take(self.restored.reset(MONDAY + DAY).data)
        self.province.refuse_reset(self.province.reset(UNIT), "x")
        return self.restored.close(MONDAY + DAY).data

    def overtaken(self) -> bytes:
        """Return the second file after a reset without it was accepted."""
        self.province.take(self.restored.reset(MONDAY + DAY).data)
        self.province.accept_reset(self.province.reset(UNIT))
        return self.good


Make = Callable[[Case], bytes]
BEFORE: dict[Refusal, Make] = {
    Refusal.TOO_LARGE: lambda c: seal({"x": "y" * 70_000}, c.centre.key, NS_DAILY, limit=99_999),
    Refusal.TRUNCATED: lambda c: c.good[:-40],
    Refusal.DAMAGED: lambda c: c.good + b"x",
    Refusal.UNSIGNED: lambda c: c.good[: c.good.index(b"\n") + 1],
    Refusal.UNKNOWN_KEY: lambda c: c.signed(SigningKey.from_seed(b"s" * 32)),
    Refusal.BAD_SIGNATURE: lambda c: c.good.replace(b'"seq":2', b'"seq":3'),
    Refusal.WRONG_NAMESPACE: lambda c: c.signed(namespace=NS_RECEIPT),
    Refusal.PRACTICE: lambda c: c.signed(namespace=NS_PRACTICE),
    Refusal.RETIRED_KEY: Case.retired,
    Refusal.OVER_QUOTA: Case.quota,
}
"""What leaves a hash behind and nothing more."""
AFTER: dict[Refusal, Make] = {
    Refusal.NOT_CANONICAL: Case.spaced,
    Refusal.BAD_SCHEMA: lambda c: c.says(colour="blue"),
    Refusal.WRONG_UNIT: lambda c: c.says(unit=OTHER),
    Refusal.WRONG_INSTALLATION: lambda c: c.says(installation="SHA256:" + "A" * 43),
    Refusal.FORK: lambda c: c.centre.forged(c.centre.files[0].daily, {"app": "9.9"}).data,
    Refusal.GAP: Case.gap,
    Refusal.WRONG_PREVIOUS: lambda c: c.says(prev="ab" * 32),
    Refusal.FUTURE_DATE: lambda c: c.says(date="2027-01-01"),
    Refusal.UNIT_RETIRED: Case.gone,
    Refusal.BEFORE_START: lambda c: c.says(date="2026-03-01"),
    Refusal.NOT_BALANCED: lambda c: c.says(totals={}),
    Refusal.WRONG_STOCK: Case.stock,
    Refusal.RESET_WAITING: lambda c: c.restored.reset(MONDAY + DAY).data,
    Refusal.RESET_BEHIND: Case.behind,
    Refusal.RESET_REFUSED: Case.declined,
    Refusal.SUPERSEDED: Case.overtaken,
}
"""What is answered by a receipt with the reason."""
HELD = frozenset({Refusal.GAP, Refusal.RESET_WAITING})


@pytest.fixture
def case(province: Province, centre: Centre, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    province.take(centre.close(MONDAY).data)
    backup = copy.deepcopy(centre)
    good = centre.close(MONDAY + DAY)
    return Case(province, centre, Restored(backup, [good]), good.data, folder, monkeypatch)


@pytest.mark.parametrize("reason", [*BEFORE, *AFTER])
def test_each_refusal_by_its_own_reason(
    province: Province, case: Case, folder: Path, tmp_path: Path, reason: Refusal
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    data = (BEFORE.get(reason) or AFTER[reason])(case)
    (stick / "x.daily").write_bytes(data)
    merged = tables(folder).figures
    (answer,) = province.ingest([stick])
    assert (answer.reason, answer.status.value) == (reason, "held" if reason in HELD else "refused")
    receipts = [path.name for path in stick.iterdir() if path.suffix == ".receipt"]
    if reason in BEFORE:
        assert (answer.receipt, receipts) == (None, [])
    else:
        assert answer.receipt is not None
        assert (answer.receipt.unit, answer.receipt.reason) == (UNIT, reason)
        assert receipts == [receipt_name(answer.sha256 or "")]
    assert tables(folder).figures == merged


def test_a_live_file_in_a_practice_province(tmp_path: Path, clock: Clock, centre: Centre) -> None:
    province = made_province(tmp_path / "p", clock, centre, practice=True)
    taken = province.take(centre.close(MONDAY).data)
    assert (taken.receipt, taken.reason) == (None, Refusal.NOT_PRACTICE)
    assert not tables(tmp_path / "p").files
    province.close()


def test_no_refusal_is_left_out() -> None:
    shown = {*BEFORE, *AFTER, Refusal.NOT_PRACTICE}
    assert shown | ELSEWHERE.keys() == set(Refusal)
    assert not shown & ELSEWHERE.keys()
    assert len({reason_sentence(reason) for reason in Refusal}) == len(Refusal)
