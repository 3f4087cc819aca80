"""Messages of the units at the province, on both databases: kept once, listed oldest first, answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.daily.container import sha256
from desk.daily.messages import MessageKind, UnitMessage, seal_message
from desk.province.model import ProvinceError
from desk.province.service import Province
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, Clock, at

pytestmark = pytest.mark.usefixtures("database")


def sealed(centre: Centre, number: int, text: str = "Khi nào có lịch 2027?") -> bytes:
    words = (centre.unit, "Xã Hương Khê", centre.key.public.fingerprint, False, number, at(MONDAY), "0.1.0")
    return seal_message(UnitMessage(*words, MessageKind.QUESTION, text), centre.key)


def test_messages_are_listed_oldest_first_among_files_and_answered(
    province: Province, centre: Centre, clock: Clock
) -> None:
    other = Centre(OTHER, seed=2)
    province.enrol(OTHER, other.key_line)
    sent = []
    for number, who in enumerate((other, centre, other), start=1):
        clock.now += timedelta(minutes=5)
        sent.append(sealed(who, number, f"Câu hỏi {number} – «ế»"))
        assert province.take(who.close(MONDAY + timedelta(days=number)).data).receipt is not None
        (taken,) = province.take_all([sent[-1]])
        assert (taken.reason, taken.repeated, taken.receipt is not None) == (None, False, True)
    found = province.messages()
    assert [(each.unit, each.message.number, each.sha256) for each in found] == [
        (OTHER, 1, sha256(sent[0])),
        (UNIT, 2, sha256(sent[1])),
        (OTHER, 3, sha256(sent[2])),
    ]
    assert [each.message.text for each in found] == [f"Câu hỏi {number} – «ế»" for number in (1, 2, 3)]
    assert found[0].received_at < found[1].received_at < found[2].received_at == clock.now
    assert [each.answer for each in found] == [None] * 3
    answered = province.answer(sha256(sent[1])[:8], "Tháng 12.")
    assert (answered.unit, [each.answer for each in province.messages()]) == (UNIT, [None, answered.number, None])
    with pytest.raises(ProvinceError, match="no_such_message"):
        province.answer("zz", "Không.")


def test_the_same_message_again_is_kept_once_and_is_no_report(province: Province, centre: Centre) -> None:
    data = sealed(centre, 1)
    before = province.status()
    first, again = province.take(data), province.take(data)
    (third,) = province.take_all([data])
    assert [each.repeated for each in (first, again, third)] == [False, True, True]
    assert first.receipt == again.receipt == third.receipt
    assert len(province.messages()) == 1
    assert province.status() == before
    assert len(province.receipts(UNIT)) == 1


def test_a_message_of_a_strange_key_is_none(province: Province) -> None:
    taken = province.take(sealed(Centre(OTHER, seed=9), 1))
    assert (taken.receipt, taken.reason) == (None, "unknown_key")
    assert province.messages() == ()
