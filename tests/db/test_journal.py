"""The journal: gapless, append-only, and no single change of it goes unseen."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db import journal
from db.errors import RecordError
from db.instants import from_utc_text, utc_text
from db.journal import GENESIS, Broken, Head
from db.unit import Records

START = datetime(2026, 3, 13, 0, 30, tzinfo=UTC)
LENGTH = 6
FIRST, LAST = (START.replace(year=year, tzinfo=None) for year in (1000, 9998))


@pytest.fixture
def written(records: Records) -> Records:
    """A journal of six events, ten minutes apart."""
    with records.writing() as work:
        for number in range(LENGTH):
            work.record(
                "receive",
                START + timedelta(minutes=10 * number),
                {"n": number, "chữ": "đã nhận"},
                dossier_id=number // 2 + 1,
                officer_id=1,
                client_id=f"c{number}",
            )
        work.commit()
    return records


def unguarded(records: Records, statement: str) -> None:
    with records.writing() as work:
        for name in ("journal_no_update", "journal_no_delete"):
            work.connection.exec_driver_sql(f"DROP TRIGGER {name}")
        work.connection.execute(text(statement))
        work.commit()


def verify(records: Records) -> Broken | None:
    with records.reading() as view:
        return journal.verify(view.connection)


def test_an_empty_journal_begins_at_genesis(records: Records) -> None:
    with records.reading() as view:
        assert journal.head(view.connection) == journal.head_at(view.connection, 0) == Head(0, GENESIS)
        assert journal.last_before(view.connection, START) == 0
    assert verify(records) is None


def test_the_chain_is_what_its_definition_says(written: Records) -> None:
    with written.reading() as view:
        rows = view.connection.exec_driver_sql("SELECT * FROM journal_event ORDER BY seq").all()
        head = journal.head(view.connection)
    before = "0" * 64
    for number, row in enumerate(rows, 1):
        body = [number, row.at, row.kind, row.dossier_id, row.officer_id, row.client_id, row.data, before]
        plain = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        assert (row.seq, row.prev, row.hash) == (number, before, hashlib.sha256(plain.encode()).hexdigest())
        before = row.hash
    assert head == Head(LENGTH, before)
    assert verify(written) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_event SET kind = 'x' WHERE seq = 3",
        "UPDATE journal_event SET hash = hash",
        "DELETE FROM journal_event WHERE seq = 6",
        "DELETE FROM journal_event",
        "INSERT OR REPLACE INTO journal_event SELECT seq, at, 'x', dossier_id, officer_id, client_id, data, prev, hash "
        "FROM journal_event WHERE seq = 3",
    ],
)
def test_the_journal_only_grows(written: Records, statement: str) -> None:
    with pytest.raises(RecordError, match=r"append-only|UNIQUE"), written.writing() as work:
        work.connection.execute(text(statement))
    assert verify(written) is None
    with written.reading() as view:
        assert journal.head(view.connection).seq == LENGTH


@pytest.mark.parametrize("statement", ["UPDATE daily_file SET day = day", "DELETE FROM daily_file"])
def test_a_sealed_file_never_changes(records: Records, statement: str) -> None:
    with records.writing() as work:
        work.connection.exec_driver_sql(
            "INSERT INTO daily_file VALUES (1, '2026-03-13', 0, 1, '', '2026-03-13T10:00:00Z', "
            "'2026-03-13T10:00:00Z', 'a', x'00')"
        )
        work.commit()
    with pytest.raises(RecordError, match="never changes"), records.writing() as work:
        work.connection.execute(text(statement))


TAMPERINGS = (
    "at = '2026-03-13T00:50:01Z'", "at = '2026-3-13T0:50:0Z'", "at = 'nonsense'", "at = ''", "kind = 'finish'",
    "kind = x'00'", "dossier_id = 1", "dossier_id = NULL", "dossier_id = 2.5", "officer_id = 2", "officer_id = NULL",
    "officer_id = 'ai đó'", "client_id = 'c9'", "client_id = NULL", "client_id = ''", "data = '{}'", "data = ''",
    "data = data || ' '", "data = 'no json'", "data = x'ff'", "prev = '" + "0" * 64 + "'", "prev = upper(prev)",
    "prev = ''", "hash = '" + "f" * 64 + "'", "hash = upper(hash)", "hash = ''", "seq = 99", "seq = -3",
)  # fmt: skip


@pytest.mark.parametrize("change", TAMPERINGS)
def test_every_change_of_one_column_is_found(written: Records, change: str) -> None:
    unguarded(written, f"UPDATE journal_event SET {change} WHERE seq = 3")
    broken = verify(written)
    assert broken is not None
    assert broken.seq == {"seq = 99": 4, "seq = -3": -3}.get(change, 3)
    assert broken.why == ("gap" if change.startswith("seq") else "hash")


@pytest.mark.parametrize("seq", range(1, LENGTH))
def test_an_event_taken_out_is_found(written: Records, seq: int) -> None:
    unguarded(written, f"DELETE FROM journal_event WHERE seq = {seq}")
    assert verify(written) == Broken(seq + 1, "gap")


def test_an_event_taken_out_and_closed_up_is_found(written: Records) -> None:
    unguarded(written, "DELETE FROM journal_event WHERE seq = 3")
    with written.writing() as work:
        for seq in (4, 5, 6):
            work.connection.exec_driver_sql(f"UPDATE journal_event SET seq = {seq - 1} WHERE seq = {seq}")
        work.commit()
    assert verify(written) == Broken(3, "hash")


def test_an_end_cut_off_is_seen_by_who_knows_the_head(written: Records) -> None:
    with written.reading() as view:
        head = journal.head(view.connection)
    unguarded(written, "DELETE FROM journal_event WHERE seq = 6")
    assert verify(written) is None
    with written.reading() as view:
        assert journal.head(view.connection) != head


def test_an_event_in_the_middle_put_in_is_found(written: Records) -> None:
    with pytest.raises(RecordError), written.writing() as work:
        work.connection.exec_driver_sql(
            "INSERT INTO journal_event SELECT 3, at, kind, dossier_id, officer_id, 'new', data, prev, hash "
            "FROM journal_event WHERE seq = 3"
        )


def test_a_client_id_appears_once(written: Records) -> None:
    with pytest.raises(RecordError, match="client_id"), written.writing() as work:
        work.record("receive", START, {}, client_id="c3")
    with written.reading() as view:
        found = journal.by_client(view.connection, "c3")
        assert found is not None
        assert (found.seq, found.data) == (4, {"n": 3, "chữ": "đã nhận"})
        assert journal.by_client(view.connection, "c9") is None


def test_numbers_go_on_after_a_rollback(written: Records) -> None:
    for keep in (False, True, False, True):
        with written.writing() as work:
            first = work.record("note", START, {})
            second = work.record("note", START, {})
            assert (second.seq, second.prev) == (first.seq + 1, first.hash)
            if keep:
                work.commit()
    with written.reading() as view:
        assert [event.seq for event in journal.between(view.connection, 0, 99)] == list(range(1, LENGTH + 5))
    assert verify(written) is None


def test_intervals_are_open_at_the_beginning_and_closed_at_the_end(written: Records) -> None:
    with written.reading() as view:
        connection = view.connection
        assert [event.seq for event in journal.between(connection, 2, 4)] == [3, 4]
        assert [event.seq for event in journal.of_dossier(connection, 2)] == [3, 4]
        assert {key: [e.seq for e in found] for key, found in journal.of_dossiers(connection, [1, 3, 9]).items()} == {
            1: [1, 2], 3: [5, 6], 9: [],
        }  # fmt: skip
        assert journal.dossiers(connection) == {1, 2, 3}
        assert journal.head_at(connection, 3).hash == next(journal.between(connection, 2, 3)).hash


@pytest.mark.parametrize(("minutes", "last"), [(-1, 0), (0, 0), (1, 1), (20, 2), (21, 3), (50, 5), (51, 6), (999, 6)])
def test_a_boundary_is_drawn_before_the_first_later_event(written: Records, minutes: int, last: int) -> None:
    with written.reading() as view:
        assert journal.last_before(view.connection, START + timedelta(minutes=minutes)) == last


def test_an_event_with_an_earlier_time_stays_behind_the_boundary(written: Records) -> None:
    with written.writing() as work:
        work.record("late", START, {})
        work.commit()
    with written.reading() as view:
        assert journal.last_before(view.connection, START + timedelta(minutes=20)) == 2
        assert journal.last_before(view.connection, START + timedelta(minutes=999)) == LENGTH + 1


def test_an_instant_needs_a_zone(records: Records) -> None:
    with records.writing() as work, pytest.raises(ValueError, match="zone"):
        work.record("note", datetime(2026, 3, 13), {})  # noqa: DTZ001


@settings(max_examples=80)
@given(when=st.datetimes(FIRST, LAST, timezones=st.just(UTC) | st.timezones()))
def test_instants_are_kept_to_the_second_in_order(when: datetime) -> None:
    kept = utc_text(when)
    assert len(kept) == 20
    assert from_utc_text(kept) == when.astimezone(UTC).replace(microsecond=0)
    assert utc_text(when.astimezone(UTC) + timedelta(seconds=1)) > kept


@settings(max_examples=80)
@given(
    data=st.dictionaries(
        st.text(max_size=6),
        st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.lists(st.text(max_size=3)),
    )
)
def test_event_data_is_canonical(data: dict[str, object]) -> None:
    kept = journal.dump(data)
    assert json.loads(kept) == data
    assert journal.dump(dict(reversed(list(data.items())))) == kept
