"""The quiet tables: sealed files on their way, the catalogue's versions, officers and the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from msgspec.structs import replace

from db import offices, procedures, summaries
from db.errors import RecordError
from db.procedures import ProcedureRow
from db.rows import DayRow, InstalledVersion, SessionRow
from db.summaries import KeyPair, SealedFile, TakenReceipt
from db.unit import Records
from db.vocabulary import Role

NOON = datetime(2026, 3, 13, 5, 0, tzinfo=UTC)
FRIDAY = date(2026, 3, 13)


def sealed(seq: int, day: date = FRIDAY) -> SealedFile:
    return SealedFile(seq, day, seq * 10 - 10, seq * 10, "h", NOON, NOON, f"sha{seq}", bytes([seq]))


def procedure(code: str = "1.000001", number: int = 1, **more: object) -> ProcedureRow:
    values: dict[str, object] = {
        "code": code, "version": number, "valid_from": date(2025, 7, 1), "valid_to": None, "name": "Khai sinh",
        "name_folded": "khai sinh", "field": "Hộ tịch", "core": True, "enabled": True, "limit_text": "same_day",
        "local_limit": "", "limit_confidence": "sourced", "time_limit_text": "", "variants": "", "mode": "restart",
        "new_limit": "", "supplement_term": 15, "components": ("Tờ khai", "Giấy chứng sinh"), "fee_vnd": None,
        "fee_note": "", "online_level": "", "legal_basis": "", "scope": "", "ministry": "", "confidence": "",
        "successor_code": "", "note": "",
    }  # fmt: skip
    return ProcedureRow(**values | more)  # type: ignore[arg-type]


def test_sealed_files_are_kept_and_queued(records: Records) -> None:
    with records.writing() as work:
        connection = work.connection
        assert summaries.last_file(connection) is None
        for seq in (1, 2, 3):
            summaries.put_file(connection, sealed(seq, FRIDAY + timedelta(days=seq // 3)))
        assert summaries.last_file(connection) == sealed(3, FRIDAY + timedelta(days=1))
        assert [each.seq for each in summaries.files(connection)] == [1, 2, 3]
        assert [each.seq for each in summaries.files(connection, FRIDAY, FRIDAY)] == [1, 2]
        assert [each.seq for each in summaries.files(connection, first=FRIDAY + timedelta(days=1))] == [3]
        before = summaries.file_before(connection, 3)
        assert before is not None
        assert before.content == b"\x02"
        assert summaries.file_before(connection, 1) is None
        assert [(each.seq, each.state, each.tries) for each in summaries.outgoing(connection)] == [
            (3, "sealed", 0), (2, "sealed", 0), (1, "sealed", 0),
        ]  # fmt: skip
        assert [each.seq for each in summaries.outgoing(connection, 1)] == [3]


def test_a_second_file_with_the_same_number_or_bytes_is_impossible(records: Records) -> None:
    with records.writing() as work:
        summaries.put_file(work.connection, sealed(1))
        work.commit()
    for twin in (sealed(1), replace(sealed(2), sha256="sha1")):
        with pytest.raises(RecordError, match="UNIQUE"), records.writing() as work:
            summaries.put_file(work.connection, twin)


def test_a_state_is_news_once(records: Records) -> None:
    with records.writing() as work:
        connection = work.connection
        summaries.put_file(connection, sealed(1))
        (found,) = summaries.outgoing(connection)
        assert not summaries.move(connection, found)
        sent = replace(found, state="sent", tries=2, way="folder", reason="x", changed_at=NOON + timedelta(hours=1))
        assert summaries.move(connection, sent)
        assert not summaries.move(connection, replace(sent, changed_at=NOON + timedelta(hours=2)))
        assert summaries.outgoing(connection) == [sent]
        assert not summaries.move(connection, replace(sent, sha256="other"))


def test_a_receipt_is_kept_once_in_the_provinces_order(records: Records) -> None:
    second = TakenReceipt("r2", "sha1", "merged", "", 9, NOON, b"2")
    first = TakenReceipt("r1", "sha1", "held", "gap", 8, NOON, b"1")
    with records.writing() as work:
        assert [summaries.take_receipt(work.connection, each, NOON) for each in (second, first, second)] == [
            True, True, False,
        ]  # fmt: skip
        assert summaries.receipts_for(work.connection, "sha1") == [first, second]
        assert summaries.receipts_for(work.connection, "sha2") == []


def test_the_key_in_use_is_the_one_not_retired(records: Records) -> None:
    with records.writing() as work:
        assert summaries.signing_key(work.connection) is None
        for name in ("old", "new"):
            summaries.put_key(work.connection, KeyPair(name, f"{name} public", f"{name} private"), NOON)
        work.connection.exec_driver_sql(
            "UPDATE signing_key SET retired_at = '2026-03-13T05:00:00Z' WHERE fingerprint = 'old'"
        )
        assert summaries.signing_key(work.connection) == KeyPair("new", "new public", "new private")


def test_a_procedure_is_known_in_the_version_of_its_day(records: Records) -> None:
    with records.writing() as work:
        connection = work.connection
        procedures.put(connection, [procedure(), procedure("1.000002", enabled=False)])
        procedures.put(connection, [])
        procedures.close(connection, "1.000001", 1, FRIDAY)
        procedures.put(connection, [procedure(number=2, valid_from=FRIDAY + timedelta(days=1), field="Khác")])
        by_day = {day: procedures.current(connection, "1.000001", FRIDAY + timedelta(days=day)) for day in (0, 1)}
        assert [found.version for found in by_day.values() if found] == [1, 2]
        assert procedures.current(connection, "1.000001", date(2025, 6, 30)) is None
        assert procedures.current(connection, "9.999999", FRIDAY) is None
        old = procedures.version(connection, "1.000001", 1)
        assert old is not None
        assert (old.components, old.valid_to) == (("Tờ khai", "Giấy chứng sinh"), FRIDAY)
        assert procedures.version(connection, "1.000001", 3) is None
        assert [each.code for each in procedures.in_force(connection, FRIDAY)] == ["1.000001"]
        assert [each.code for each in procedures.in_force(connection, FRIDAY, enabled=None)] == ["1.000001", "1.000002"]
        assert [each.code for each in procedures.in_force(connection, FRIDAY, enabled=False)] == ["1.000002"]
        procedures.switch(connection, "1.000002", enabled=True)
        assert len(procedures.in_force(connection, FRIDAY)) == 2
        assert [(each.code, each.version) for each in procedures.every(connection)] == [
            ("1.000001", 1), ("1.000001", 2), ("1.000002", 1),
        ]  # fmt: skip
        assert procedures.fields_of(connection) == {"1.000001": "Khác", "1.000002": "Hộ tịch"}


def test_what_is_installed_is_remembered_once_per_kind(records: Records) -> None:
    with records.writing() as work:
        assert procedures.installed(work.connection, "calendar") is None
        for number in ("2026.1", "2026.2"):
            procedures.install(work.connection, InstalledVersion("calendar", number, FRIDAY, None), NOON)
        procedures.install(work.connection, InstalledVersion("catalogue", "7", None, None), NOON)
        assert procedures.installed(work.connection, "calendar") == InstalledVersion("calendar", "2026.2", FRIDAY, None)


def test_officers_are_listed_in_the_order_they_came(records: Records) -> None:
    with records.writing() as work:
        ids = [offices.add_officer(work.connection, "Hoa", Role.HEAD, NOON, "hash"),
               offices.add_officer(work.connection, "An", Role.CLERK, NOON)]  # fmt: skip
        assert [(o.id, o.name, o.role, o.active, o.has_pin) for o in offices.officers(work.connection)] == [
            (ids[0], "Hoa", "head", True, True), (ids[1], "An", "clerk", True, False),
        ]  # fmt: skip


def test_a_calendar_is_replaced_whole(records: Records) -> None:
    rows = [DayRow(FRIDAY, False, True, "mở", "x"), DayRow(date(2026, 1, 1), False, False, "Tết", "y")]
    hours = [SessionRow(FRIDAY, time(13, 30), time(17)), SessionRow(FRIDAY, time(7, 30), time(11, 30))]
    with records.writing() as work:
        for each in (rows, rows[:1], rows):
            offices.replace_calendar(work.connection, each)
        offices.put_sessions(work.connection, hours)
        assert offices.calendar_days(work.connection) == rows[::-1]
        assert offices.sessions(work.connection) == hours[::-1]
        offices.replace_calendar(work.connection, [])
        assert offices.calendar_days(work.connection) == []


def test_units_have_periods_and_successors(records: Records) -> None:
    unit: dict[str, object] = {
        "code": "18229", "valid_from": date(2025, 7, 1), "valid_to": None, "name": "Đức Thọ", "full_name": "Xã Đức Thọ",
        "name_folded": "xa duc tho", "province_code": "42", "province_name": "Hà Tĩnh", "note": "",
    }  # fmt: skip
    change: dict[str, object] = {
        "old_code": "18233", "new_code": "18229", "old_name": "Tùng Ảnh", "old_district": "Đức Thọ",
        "old_province": "Hà Tĩnh", "old_folded": "tung anh|duc tho|ha tinh", "new_name": "Xã Đức Thọ",
        "new_province": "Hà Tĩnh", "partly": False,
    }  # fmt: skip
    with records.writing() as work:
        offices.put_units(
            work.connection, [unit, unit | {"valid_from": date(2030, 1, 1), "full_name": "Phường Đức Thọ"}]
        )
        offices.put_successions(work.connection, [change])
        found = offices.unit(work.connection, "18229")
        assert found is not None
        assert (found.full_name, found.valid_from) == ("Phường Đức Thọ", date(2030, 1, 1))
        assert offices.unit(work.connection, "00000") is None
        assert [each.code for each in offices.successors(work.connection, "tung anh|duc tho|ha tinh")] == ["18229"]
        assert offices.successors(work.connection, "") == []
