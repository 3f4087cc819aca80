"""A record that was changed behind the program's back is not sealed over: the dossiers at fault are named."""

from __future__ import annotations

import pytest

from db.errors import RecordError, RecordFault
from db.vocabulary import Act
from tests.counter.desk_fixture import COPIES, LAND, MARITAL, Desk, refused


@pytest.fixture
def worked(desk: Desk) -> Desk:
    """Dossiers 1 (open), 2 (ended) of a sealed day, and 3 (open), 4 (ended) of the day to close."""
    desk.receive(LAND)
    desk.act(desk.receive(COPIES).code, Act.FINISH)
    desk.close()
    desk.clock.set("2026-03-16T10:00")
    desk.receive(LAND)
    desk.act(desk.receive(COPIES).code, Act.FINISH)
    return desk


def code_of(desk: Desk, number: int) -> str:
    return str(desk.ask("SELECT code FROM dossier WHERE id = :id", id=number))


CORRUPTIONS = (
    ("UPDATE dossier SET state = 10 WHERE id = 1", (1,)),
    ("UPDATE dossier SET state = 0 WHERE id = 3", (3,)),
    ("UPDATE dossier SET state = 4 WHERE id = 2", (2,)),
    ("UPDATE dossier SET state = 2 WHERE id = 4", (4,)),
    ("UPDATE dossier SET accepted = 0 WHERE id = 1", (1,)),
    ("UPDATE dossier SET verdict = 'overdue' WHERE id = 4", (4,)),
    ("UPDATE dossier SET legal_verdict = 'overdue' WHERE id = 4", (4,)),
    ("UPDATE dossier SET procedure_code = '1.004873' WHERE id = 1", (1,)),
    ("UPDATE dossier SET procedure_code = '1.004873', state = 10 WHERE id = 1", (1,)),
    ("UPDATE dossier SET procedure_code = '1.004873' WHERE id = 4", (4,)),
    ("UPDATE dossier SET promise = '2026-03-13T00:00:00Z' WHERE id = 1", (1,)),
    ("UPDATE dossier SET suspended_since = '2026-03-13T00:00:00Z' WHERE id = 3", (3,)),
    ("UPDATE dossier SET channel = 2 WHERE id = 3", (3,)),
    ("UPDATE dossier SET version = 9 WHERE id = 3", (3,)),
    ("UPDATE dossier SET state = 10 WHERE id = 1; UPDATE dossier SET state = 4 WHERE id = 2", (2,)),
    ("UPDATE dossier SET state = 10 WHERE id IN (1, 3)", (3,)),
)


@pytest.mark.parametrize(("statements", "named"), CORRUPTIONS)
def test_a_changed_row_is_named_and_nothing_is_sealed(worked: Desk, statements: str, named: tuple[int, ...]) -> None:
    for statement in statements.split(";"):
        worked.sql(statement)
    codes = [code_of(worked, number) for number in named]
    with worked.nothing_written():
        answer = refused(worked.counter.close(), "not_balanced")
        shown = worked.preview()
    assert not shown.balanced
    for code in codes:
        assert code in answer.sentence
        assert any(code in fault for fault in shown.faults)
    assert "16/03/2026" in answer.sentence


def test_a_row_that_is_gone_is_named(worked: Desk) -> None:
    for number in (1, 3):
        code = code_of(worked, number)
        worked.sql("DELETE FROM remark WHERE dossier_id = :id", id=number)
        worked.sql("DELETE FROM issued_slip WHERE dossier_id = :id", id=number)
        worked.sql("DELETE FROM dossier WHERE id = :id", id=number)
        assert code in refused(worked.counter.close(), "not_balanced").sentence


def test_a_row_without_events_is_named(worked: Desk) -> None:
    columns = worked.ask(
        "SELECT group_concat(name, ', ') FROM pragma_table_info('dossier') WHERE name NOT IN ('id', 'code')"
    )
    worked.sql(f"INSERT INTO dossier (id, code, {columns}) SELECT 99, 'lạ', {columns} FROM dossier WHERE id = 1")
    assert "lạ" in refused(worked.counter.close(), "not_balanced").sentence


def test_a_mended_row_closes_again(worked: Desk) -> None:
    worked.sql("UPDATE dossier SET state = 10 WHERE id = 1")
    refused(worked.counter.close(), "not_balanced")
    worked.sql("UPDATE dossier SET state = 2 WHERE id = 1")
    assert worked.close()[-1].balanced


def test_all_due_days_are_sealed_or_none(worked: Desk) -> None:
    worked.clock.set("2026-03-18T10:00")
    code = worked.receive(MARITAL).code
    worked.sql("UPDATE dossier SET procedure_code = :other WHERE code = :code", other=LAND, code=code)
    with worked.nothing_written():
        assert code in refused(worked.counter.close(), "not_balanced").sentence


def unguarded(desk: Desk, statement: str, **given: object) -> None:
    """Change the journal as someone would who takes its guard away first."""
    desk.sql("DROP TRIGGER IF EXISTS journal_no_update")
    desk.sql(statement, **given)


def test_a_rewritten_event_is_found_and_not_sealed_over(worked: Desk) -> None:
    seq = worked.events()[-1].seq
    unguarded(worked, "UPDATE journal_event SET data = replace(data, 'on_time', 'overdue') WHERE seq = :seq", seq=seq)
    broken = worked.counter.verify_journal()
    assert broken is not None
    assert (broken.seq, broken.why) == (seq, "hash")
    assert code_of(worked, 4) in refused(worked.counter.close(), "not_balanced").sentence


@pytest.mark.parametrize("data", ["{", "", '{"set":{"no_such_column":1}}'])
def test_an_unreadable_event_is_a_damaged_record(worked: Desk, data: str) -> None:
    seq = worked.events()[-1].seq
    unguarded(worked, "UPDATE journal_event SET data = :data WHERE seq = :seq", seq=seq, data=data)
    assert worked.counter.verify_journal() is not None
    with pytest.raises(RecordError) as raised:
        worked.counter.close()
    assert raised.value.fault is RecordFault.DAMAGED
    assert str(seq) in raised.value.detail


def test_a_record_without_its_key_seals_nothing(desk: Desk) -> None:
    desk.sql("DELETE FROM signing_key")
    with desk.nothing_written():
        refused(desk.counter.close(), "no_key")


def test_a_record_that_was_never_opened_closes_nothing(desk: Desk) -> None:
    desk.sql("DROP TRIGGER journal_no_delete")
    desk.sql("DELETE FROM journal_event")
    refused(desk.counter.close(), "no_centre")
