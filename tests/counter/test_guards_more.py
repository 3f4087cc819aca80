"""Guards beyond the state table: a forged chain, numbers below zero, the code of a voided dossier."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from db.vocabulary import Act
from desk.counter.model import Receive, Refused
from tests.counter.desk_fixture import BIRTH, LAND, OFFICIAL, Desk


def test_a_day_with_a_forged_event_is_not_sealed(desk: Desk) -> None:
    desk.receive(BIRTH)
    desk.receive(LAND)
    with desk.records.writing() as work:
        work.connection.execute(text("DROP TRIGGER journal_no_update"))
        work.connection.execute(text("UPDATE journal_event SET officer_id = 9 WHERE seq = 2"))
        work.commit()
    refused = desk.counter.close()
    assert isinstance(refused, Refused)
    assert (refused.reason, "2" in refused.sentence) == ("journal_broken", True)
    assert desk.counter.outgoing() == ()


def test_a_voided_dossier_gives_its_official_code_back(desk: Desk) -> None:
    wrong, right = desk.receive(BIRTH).code, desk.receive(BIRTH).code
    desk.act(wrong, Act.SET_CODE, official_code=OFFICIAL)
    desk.act(wrong, Act.VOID, reason="nhập hai lần")
    desk.act(right, Act.SET_CODE, official_code=OFFICIAL)
    found = desk.counter.dossier(OFFICIAL)
    assert found is not None
    assert found.code == right


BELOW_ZERO: dict[str, Callable[[Receive], Receive]] = {
    "copies": lambda order: replace(order, copies=-1),
    "pages": lambda order: replace(order, pages=-1),
    "fee": lambda order: replace(order, fee=-1),
}


@pytest.mark.parametrize("field", BELOW_ZERO)
def test_nothing_is_counted_below_zero(desk: Desk, field: str) -> None:
    refused = desk.counter.receive(BELOW_ZERO[field](desk.order(BIRTH)))
    assert isinstance(refused, Refused)
    assert refused.reason == "negative"
