"""The unit of work: everything together or nothing, and a row that is always what its events say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from db import dossiers, journal, numbers, people, projection
from db.errors import RecordError, RecordFault
from db.rows import DossierRow
from db.unit import Records, Work

NOON = datetime(2026, 3, 13, 5, 0, tzinfo=UTC)


def first_row(work: Work, number: int = 1, **more: Any) -> DossierRow:
    person = people.put(work.connection, kind=0, name="Lê Thị Hoa", folded="le thi hoa", name_key=b"hoa")
    changes = {
        "code": f"TN-{number}", "official_code": None, "state": 2, "accepted": True, "procedure_code": "1.004873",
        "procedure_version": 1, "channel": 1, "taken_over": False, "immediate": False, "person_id": person.id,
        "mode": "restart", "registered_at": NOON, **more,
    }  # fmt: skip
    return work.apply("receive", NOON, {"n": 1}, row=None, dossier_id=number, changes=changes)[1]


def written(records: Records) -> tuple[int, ...]:
    with records.reading() as view:
        return tuple(
            view.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
            for table in ("journal_event", "dossier", "person", "counter")
        )


def test_nothing_stays_without_a_commit(records: Records) -> None:
    with records.writing() as work:
        first_row(work)
        numbers.take(work.connection, "code")
        assert not work.committed
    assert written(records) == (0, 0, 0, 0)


def test_an_error_takes_everything_back(records: Records) -> None:
    def fail(work: Work) -> None:
        first_row(work)
        raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"), records.writing() as work:
        fail(work)
    assert written(records) == (0, 0, 0, 0)
    with records.writing() as work:
        first_row(work)
        work.commit()
        assert work.committed
    assert written(records) == (1, 1, 1, 0)


def test_numbers_have_no_gap_after_a_rollback(records: Records) -> None:
    taken = []
    for keep in (True, False, True, False, False, True):
        with records.writing() as work:
            number = numbers.take(work.connection, "code/a")
            slip = numbers.take_slip(work.connection, "01", 2026, 1)
            if keep:
                taken.append((number, slip))
                work.commit()
    assert taken == [(1, 1), (2, 2), (3, 3)]
    with records.writing() as work:
        assert numbers.take(work.connection, "code/b") == 1
        assert numbers.take_slip(work.connection, "01", 2027, 1) == 1
        assert numbers.take_slip(work.connection, "01", 2026, 2) == 1
        assert numbers.take_slip(work.connection, "04", 2026, 1) == 1


def test_a_stale_row_is_a_conflict_and_leaves_nothing(records: Records) -> None:
    with records.writing() as work:
        stale = first_row(work)
        work.apply("forward", NOON, {}, row=stale, dossier_id=1, changes={"state": 4})
        work.commit()
    with pytest.raises(RecordError) as raised, records.writing() as work:
        work.apply("finish", NOON, {}, row=stale, dossier_id=1, changes={"state": 9})
    assert raised.value.fault is RecordFault.CONFLICT
    with records.reading() as view:
        row = dossiers.get(view.connection, 1)
        assert row is not None
        assert (row.state, row.version, row.last_seq) == (4, 2, 2)
        assert journal.head(view.connection).seq == 2


def test_rows_go_through_the_journal_unchanged(records: Records) -> None:
    with records.writing() as work:
        row = first_row(work, promise=NOON, fee=8000, official_code="H31.65-260313-0001", late_entry=True)
        event, row = work.apply(
            "forward", NOON, {"holder": "Tư pháp"}, row=row, dossier_id=1, changes={"holder": "Tư pháp"}
        )
        assert event.data == {"holder": "Tư pháp", "set": {"holder": "Tư pháp"}}
        work.commit()
    with records.reading() as view:
        stored = dossiers.get(view.connection, 1)
        events = journal.of_dossier(view.connection, 1)
        assert stored == row == projection.fold(events)
        assert stored is not None
        assert projection.differences(stored, projection.fold(events)) == ()
        assert projection.differences(stored, projection.fold(events[:1])) == ("holder", "last_seq", "version")
        assert projection.differences(stored, None) == dossiers.COLUMNS
        assert (
            dossiers.by_code(view.connection, "TN-1") == dossiers.by_code(view.connection, "H31.65-260313-0001") == row
        )
        assert dossiers.by_code(view.connection, "tn-1") is None
    assert (row.promise, row.fee, row.version) == (NOON, 8000, 2)


def test_an_undone_event_is_as_if_it_had_not_been(records: Records) -> None:
    with records.writing() as work:
        row = first_row(work)
        event, moved = work.apply("forward", NOON, {}, row=row, dossier_id=1, changes={"state": 4, "holder": "A"})
        undo, back = work.undo(NOON, {}, row=moved, undoes=event.seq, kind="undo")
        work.commit()
    assert (back.state, back.holder, back.version, back.last_seq) == (row.state, "", 3, undo.seq)
    assert undo.data == {"undoes": event.seq}
    with records.reading() as view:
        events = journal.of_dossier(view.connection, 1)
        assert [each.seq for each in projection.effective(events)] == [1]
        assert dossiers.get(view.connection, 1) == back


def test_an_event_sets_only_columns_of_the_row(records: Records) -> None:
    with records.writing() as work:
        row = first_row(work)
        for name in ("version", "last_seq", "no_such"):
            with pytest.raises(KeyError):
                work.apply("x", NOON, {}, row=row, dossier_id=1, changes={name: 1})


def test_no_row_without_events() -> None:
    assert projection.fold([]) is None


def test_one_open_code_per_dossier(records: Records) -> None:
    with records.writing() as work:
        first_row(work, official_code="H31.65-260313-0001")
        work.commit()
    with pytest.raises(RecordError) as raised, records.writing() as work:
        first_row(work, 2, official_code="H31.65-260313-0001")
    assert raised.value.fault is RecordFault.OTHER
    assert written(records)[:2] == (1, 1)


def test_lists_of_dossiers(records: Records) -> None:
    with records.writing() as work:
        for number, promise in ((1, NOON), (2, None), (3, NOON.replace(hour=1))):
            assert dossiers.next_id(work.connection) == number
            first_row(work, number, promise=promise, state=2 if number < 3 else 4)
        work.commit()
    with records.reading() as view:
        connection = view.connection
        assert [row.id for row in dossiers.in_states(connection, [2, 4])] == [3, 1, 2]
        assert [row.id for row in dossiers.in_states(connection, [2], accepted=True)] == [1, 2]
        assert dossiers.in_states(connection, [2], accepted=False) == []
        assert set(dossiers.by_ids(connection, [1, 3, 99, *range(100, 1200)])) == {1, 3}
        assert dossiers.uses(connection) == {"1.004873": 3}
        assert [row.id for row in dossiers.of_people(connection, [1, 3])] == [3, 1]


def test_people_are_kept_as_written_and_erased_whole(records: Records) -> None:
    values: dict[str, Any] = {
        "kind": 0, "name": "Lê Thị Hoa", "folded": "le thi hoa", "name_key": b"k", "id_number": "042180000708",
        "phone": "0912345678", "email": "a@b", "address": "Thôn 1",
    }  # fmt: skip
    with records.writing() as work:
        connection = work.connection
        first = people.put(connection, **values)
        assert people.put(connection, **values) == first
        other = people.put(connection, **values | {"phone": "0900000000"})
        assert (other.id, other.salt != first.salt) == (2, True)
        assert people.put(connection, **values | {"id_number": ""}).id == 3
        assert people.put(connection, **values | {"id_number": ""}).id == 4
        assert [each.id for each in people.by_id_number(connection, "042180000708")] == [2, 1]
        assert set(people.by_ids(connection, [1, 2, 2, 77])) == {1, 2}
        assert people.fingerprint(first) != people.fingerprint(other)
        people.erase(connection, 1, NOON)
        gone = people.get(connection, 1)
        row = connection.execute(text("SELECT * FROM person WHERE id = 1")).one()
        work.commit()
    assert gone is not None
    assert (gone.name, gone.id_number, gone.phone, gone.email, gone.address, gone.salt) == ("",) * 6
    assert "Hoa" not in repr(row)
    assert "2026-03-13T05:00:00Z" in row
    with records.reading() as view:
        assert [each.id for each in people.by_id_number(view.connection, "042180000708")] == [2]
        assert people.get(view.connection, 99) is None


def test_slips_are_kept_in_order_and_reprints_counted(records: Records) -> None:
    with records.writing() as work:
        first_row(work)
        for number in (1, 2):
            numbers.keep_slip(work.connection, numbers.SlipRow("01", 2026, 1, number, number, 0), 1)
        assert [numbers.count_reprint(work.connection, 1, "01") for _each in range(2)] == [1, 2]
        assert numbers.count_reprint(work.connection, 1, "04") == 0
        assert [(each.number, each.reprints) for each in numbers.slips(work.connection, 1)] == [(1, 0), (2, 2)]


def test_a_number_is_given_out_once(records: Records) -> None:
    def twice(work: Work) -> None:
        first_row(work)
        for _each in range(2):
            numbers.keep_slip(work.connection, numbers.SlipRow("01", 2026, 1, 7, 1, 0), 1)

    with pytest.raises(RecordError), records.writing() as work:
        twice(work)
