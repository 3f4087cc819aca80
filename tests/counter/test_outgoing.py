"""Sealed files on their way: queued until confirmed, and moved only by what the outbox knows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec import Struct
from msgspec.structs import replace

from db import summaries
from db.vocabulary import Delivery
from desk.daily.model import Receipt, Status
from desk.daily.reasons import Refusal
from desk.daily.receipt import VerifiedReceipt, seal_receipt, verify_receipt
from desk.daily.sshsig import PublicKey, SigningKey
from tests.counter.desk_fixture import LAND, UNIT, Desk, open_desk, refused

PROVINCE = SigningKey.from_seed(bytes(range(32)))


class Entry(Struct, frozen=True):
    """How far one file has come."""

    sha256: str
    state: Delivery
    tries: int = 0
    way: str = ""
    reason: str = ""


@dataclass
class Folder:
    """An outbox in memory."""

    files: dict[str, bytes] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    taken: list[tuple[bytes, VerifiedReceipt]] = field(default_factory=list)
    full: bool = False
    noted: list[tuple[str, str]] = field(default_factory=list)

    def put(self, name: str, data: bytes) -> None:
        if self.full:
            raise OSError(28, "no space")
        self.files[name] = data

    def whole(self) -> list[str]:
        return [hashlib.sha256(data).hexdigest() for data in self.files.values()]

    def states(self) -> list[Entry]:
        return self.entries

    def receipts(self) -> list[tuple[bytes, VerifiedReceipt]]:
        return self.taken

    def province_keys(self) -> tuple[PublicKey, ...]:
        return (PROVINCE.public,)

    def note_heard(self, sha256: str, status: str) -> None:
        self.noted.append((sha256, status))

    def next_tries(self) -> dict[str, datetime | None]:
        return dict.fromkeys(self.whole())


@pytest.fixture
def outbox() -> Folder:
    return Folder()


@pytest.fixture
def sender(folder: Path, outbox: Folder) -> Iterator[Desk]:
    """A centre with an outbox, closed on Thursday and Friday."""
    found = open_desk(folder / "desk.db", post=outbox)
    found.receive(LAND)
    found.close()
    yield found
    found.records.close()


def receipt(sha256: str, number: int, status: Status = Status.MERGED, reason: str | None = None) -> Receipt:
    return Receipt(
        receipt_for=sha256,
        unit=UNIT,
        date=None,
        seq=number,
        status=status,
        reason=reason,
        expected_seq=None,
        province_seq=number,
        province_time=datetime(2026, 3, 13, 10, 6, tzinfo=UTC),
        prev_receipt=None,
    )


def signed(found: Receipt) -> tuple[bytes, VerifiedReceipt]:
    data = seal_receipt(found, PROVINCE)
    verified = verify_receipt(data, [PROVINCE.public], unit=UNIT, files=[found.receipt_for])
    assert isinstance(verified, VerifiedReceipt), verified
    return data, verified


def test_a_closed_day_is_queued_byte_for_byte(sender: Desk, outbox: Folder) -> None:
    assert list(outbox.files.values()) == [file.content for file in sender.files()]
    assert [name[:24] for name in outbox.files] == [
        "18229-20260312-000001-" + f.sha256[:2] for f in sender.files()[:1]
    ] + ["18229-20260313-000002-" + f.sha256[:2] for f in sender.files()[1:]]


def test_a_lost_outbox_is_filled_again_with_what_is_not_confirmed(sender: Desk, outbox: Folder) -> None:
    first, second = sender.files()
    outbox.entries = [
        Entry(first.sha256, Delivery.CONFIRMED, 1, "folder"),
        Entry(second.sha256, Delivery.HELD, 2, "usb"),
    ]
    sender.counter.take_in()
    outbox.files.clear()
    sender.counter.queue()
    assert list(outbox.files.values()) == [second.content]


def test_states_come_in_once(sender: Desk, outbox: Folder) -> None:
    first, second = sender.files()
    outbox.entries = [Entry(first.sha256, Delivery.SENT, 4, "folder", "mất mạng"), Entry("0" * 64, Delivery.SENT)]
    sender.clock.set("2026-03-13T17:00")
    sender.counter.take_in()
    with sender.nothing_written():
        sender.clock.set("2026-03-13T18:00")
        sender.counter.take_in()
    newest, oldest = sender.counter.outgoing()
    assert (newest.sha256, newest.state, newest.tries) == (second.sha256, "sealed", 0)
    assert (oldest.state, oldest.tries, oldest.way, oldest.reason) == ("sent", 4, "folder", "mất mạng")
    assert oldest.changed_at.hour == 17
    assert "thử 4 lần" in oldest.sentence
    assert "mất mạng" in oldest.sentence
    assert [each.seq for each in sender.counter.outgoing(1)] == [2]


def test_a_receipt_is_kept_and_told(sender: Desk, outbox: Folder) -> None:
    first, second = sender.files()
    outbox.entries = [
        Entry(first.sha256, Delivery.CONFIRMED, 1, "folder"),
        Entry(second.sha256, Delivery.REFUSED, 1, "folder", Refusal.FORK.value),
    ]
    outbox.taken = [signed(receipt(first.sha256, 1)), signed(receipt(second.sha256, 2, Status.REFUSED, "fork"))]
    sender.counter.take_in()
    with sender.nothing_written():
        sender.counter.take_in()
    newest, oldest = sender.counter.outgoing()
    assert oldest.sentence == "tỉnh xác nhận T6 13/03 17:06"
    assert newest.sentence.startswith("tỉnh TỪ CHỐI: ")
    assert len(newest.sentence) > len("tỉnh TỪ CHỐI: ")
    assert "fork" not in newest.sentence
    with sender.records.reading() as view:
        (kept,) = summaries.receipts_for(view.connection, first.sha256)
    assert (kept.content, kept.status, kept.province_seq) == (outbox.taken[0][0], "merged", 1)
    drill = sender.counter.drill()
    assert (drill.unsent, drill.refused) == (0, 1)


def test_a_receipt_for_another_installation_is_not_kept(sender: Desk, outbox: Folder) -> None:
    outbox.taken = [signed(receipt("0" * 64, 3, Status.HELD, "gap"))]
    with sender.nothing_written():
        sender.counter.take_in()


def test_a_file_that_the_province_merged_in_place_of_ours_shows_a_restored_record(sender: Desk, outbox: Folder) -> None:
    outbox.taken = [signed(receipt("0" * 64, 1))]
    assert sender.counter.take_in()
    assert sender.ask("SELECT count(*) FROM receipt") == 0
    broken = sender.counter.resets.look()
    assert broken is not None
    assert (broken.base_seq, broken.known_seq, broken.sealed) == (0, 1, None)
    refused(sender.counter.close(), "reset_needed")
    with sender.nothing_written():
        assert not sender.counter.take_in()


def test_what_is_confirmed_stays_confirmed(sender: Desk, outbox: Folder) -> None:
    first, _second = sender.files()
    outbox.entries = [Entry(first.sha256, Delivery.CONFIRMED, 1, "folder")]
    outbox.taken = [signed(receipt(first.sha256, 1))]
    sender.counter.take_in()
    outbox.entries = [replace(outbox.entries[0], state=Delivery.SEALED, tries=0)]
    outbox.taken = []
    with sender.nothing_written():
        sender.counter.take_in()
    assert sender.counter.outgoing()[1].state == "confirmed"


def test_a_day_stays_closed_when_the_outbox_is_full(sender: Desk, outbox: Folder) -> None:
    outbox.full = True
    sender.clock.set("2026-03-16T16:00")
    (day,) = sender.close()
    assert len(sender.files()) == 3
    assert "đã niêm phong" in day.unqueued
    assert "đĩa đầy" in day.unqueued
    assert len(outbox.files) == 2
    outbox.full = False
    (again,) = sender.close()
    assert (again.already, again.unqueued) == (True, "")
    assert len(outbox.files) == 3


def test_only_what_the_outbox_lacks_is_written_again(sender: Desk, outbox: Folder) -> None:
    first, second = outbox.files
    kept = outbox.files.pop(first)
    outbox.full = True
    with pytest.raises(OSError, match="no space"):
        sender.counter.queue()
    outbox.full = False
    sender.counter.queue()
    assert outbox.files[first] == kept
    outbox.full = True
    sender.counter.queue()
    assert set(outbox.files) == {first, second}


@pytest.mark.parametrize("state", Delivery)
def test_every_state_has_a_sentence(sender: Desk, outbox: Folder, state: Delivery) -> None:
    outbox.entries = [Entry(file.sha256, state, 1, "folder") for file in sender.files()]
    sender.counter.take_in()
    assert {each.state for each in sender.counter.outgoing()} == {state}
    assert all(len(each.sentence) > 8 and "{" not in each.sentence for each in sender.counter.outgoing())


def test_a_centre_without_an_outbox_keeps_its_files(desk: Desk) -> None:
    desk.close()
    desk.counter.queue()
    desk.counter.take_in()
    assert [each.state for each in desk.counter.outgoing()] == ["sealed", "sealed"]
