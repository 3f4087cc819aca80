"""`desk import catalogue` and `desk import calendar`: whole or not at all, the effect told before."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import reference
from desk.counter.model import RefusedError
from desk.counter.reference_data import merged
from desk.counter.reference_files import BadFileError, CalendarFile, read_calendar, read_catalogue
from desk.daily.calendars import PublishedCalendar, seal_calendar
from desk.daily.sshsig import SigningKey
from desk.rules.calendar import Calendar, DayRule

SHIPPED = files("desk.reference").joinpath("procedures.csv").read_text(encoding="utf-8")
NOW = "2026-03-13T10:00"
BIRTH = "1.004873"


def catalogue(*changes: dict[str, str], codes: tuple[str, ...] = (BIRTH,)) -> bytes:
    """Return a catalogue of some shipped procedures, each with its changes, and of new ones."""
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(SHIPPED))}
    columns = list(next(iter(rows.values())))
    chosen = {code: dict(rows[code]) for code in codes}
    for change in changes:
        code = change["code"]
        chosen[code] = chosen.get(code, {**dict.fromkeys(columns, ""), "name": "Mới", "field": "Khác"}) | change
    page = io.StringIO()
    table = csv.DictWriter(page, columns, extrasaction="ignore")
    table.writeheader()
    table.writerows(chosen.values())
    return page.getvalue().encode()


@pytest.fixture
def install(centre: Any, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that imports bytes into the centre."""
    centre.now = NOW

    def run(kind: str, content: bytes, *words: str) -> Any:
        (tmp_path / "file").write_bytes(content)
        return centre("import", kind, str(tmp_path / "file"), *words)

    return run


def outcome(call: Callable[[], Any]) -> Any:
    """Return what a call returns, or its refusal."""
    try:
        return call()
    except (BadFileError, RefusedError) as error:
        return error


class TestCatalogue:
    """New versions of procedures."""

    def test_the_shipped_catalogue_changes_nothing(self, install: Any) -> None:
        effect = json.loads(install("catalogue", SHIPPED.encode(), "--json").out)
        assert (effect["added"], effect["changed"], effect["unchanged"]) == ([], [], len(reference.procedures()))
        assert effect["version"] == effect["before"] == reference.CATALOGUE_VERSION

    def test_a_changed_procedure_gets_a_new_version_and_dossiers_keep_theirs(self, install: Any, centre: Any) -> None:
        old = centre.take(BIRTH, client_id="a")
        change = {"code": BIRTH, "limit_value": "9", "name": "Tên mới"}
        centre.now = "2026-03-16T10:00"
        effect = json.loads(install("catalogue", catalogue(change, {"code": "9.000001", "core": "1"}), "--json").out)
        assert (effect["added"], effect["changed"], effect["applied"]) == (["9.000001"], [BIRTH], True)
        assert effect["version"] == f"{reference.CATALOGUE_VERSION}.1"
        new = centre.take(BIRTH, client_id="b")
        shown = {code: centre.json("show", code) for code in (old, new)}
        assert (shown[old]["limit"], shown[new]["limit"]) == ("3 ngày làm việc", "9 ngày làm việc")
        assert (shown[old]["procedure_name"] == "Tên mới", shown[new]["procedure_name"]) == (False, "Tên mới")
        assert centre.take("9.000001", client_id="c", promise="2026-03-20T10:00")
        for day, limit in (("2026-03-13", "3 working_day"), ("2026-03-16", "9 working_day")):
            answer = centre.run(
                *("due", "--procedure", BIRTH, "--received", f"{day}T09:00", "--json", "--data", str(centre.folder))
            )
            assert json.loads(answer.out)["limit"] == limit
        again = json.loads(install("catalogue", catalogue(change), "--json").out)
        assert (again["changed"], again["version"]) == ([], effect["version"])
        back = json.loads(install("catalogue", catalogue(), "--json").out)
        assert (back["changed"], back["version"]) == ([BIRTH], f"{reference.CATALOGUE_VERSION}.2")
        assert centre.json("journal", "verify") == {"holds": True}

    def test_a_dry_run_writes_nothing(self, install: Any, centre: Any) -> None:
        content = catalogue({"code": BIRTH, "limit_value": "9"})
        first = install("catalogue", content, "--dry-run")
        assert (first.status, "chưa ghi gì" in first.out) == (0, True)
        assert json.loads(install("catalogue", content, "--dry-run", "--json").out)["changed"] == [BIRTH]
        assert centre.json("show", centre.take(BIRTH))["limit"] == "3 ngày làm việc"

    @pytest.mark.parametrize(
        ("words", "head", "status"),
        [
            (("--version", "2026.9"), "", 1),
            (("--version", reference.CATALOGUE_VERSION), "", 1),
            ((), "# version: 2026.9\n", 1),
            (("--version", "2026.11"), "# version: 2026.12\n", 2),
            (("--version", "mới"), "", 2),
            (("--version", "2026.11"), "", 0),
            ((), "# version: 2026.11\n", 0),
        ],
    )
    def test_only_a_newer_version_is_taken(self, install: Any, words: tuple[str, ...], head: str, status: int) -> None:
        ran = install("catalogue", head.encode() + catalogue({"code": BIRTH, "limit_value": "9"}), *words)
        assert ran.status == status
        assert status == 0 or ran.err.count("\n") == 1

    def test_every_bad_line_is_named_and_nothing_is_taken(self, install: Any, centre: Any) -> None:
        bad = (
            {"code": "abc"},
            {"code": "9.000001", "limit_value": "x", "limit_unit": "working_day"},
            {"code": "9.000002", "limit_value": "5", "limit_unit": "fortnight"},
            {"code": "9.000003", "limit_value": "5"},
            {"code": "9.000004", "limit_variants": "gấp"},
            {"code": "9.000005", "fee_vnd": "10.000"},
            {"code": "9.000006", "core": "yes"},
            {"code": "9.000007", "name": " "},
            {"code": "9.000008", "cutoff_hour": "25"},
            {"code": "9.000009", "limit_value": "5", "limit_unit": "month", "limit_variants": "gấp=+2 working_day"},
        )
        ran = install("catalogue", catalogue({"code": BIRTH, "limit_value": "9"}, *bad), "--json")
        answer = json.loads(ran.out)
        assert (ran.status, answer["reason"]) == (2, "bad_file")
        assert [line["line"] for line in answer["lines"]] == list(range(3, 13))
        assert all(line["error"] for line in answer["lines"])
        assert ran.err.count("\n") == len(bad)
        assert centre.json("show", centre.take(BIRTH))["limit"] == "3 ngày làm việc"

    @pytest.mark.parametrize(
        ("content", "part"),
        [
            (b"", "thiếu cột"),
            (b"\xff\xfe", "UTF-8"),
            (b"\x00\x01" * 100, "cột"),
            (SHIPPED.split("\n", 1)[0].encode(), "không có thủ tục nào"),
            (catalogue().replace(b"code,", b"code,colour,", 1), "«colour»"),
            (catalogue().replace(b"code,name,", b"code,code,", 1), "thiếu cột: name"),
            (catalogue() + b"1.1,x\n", "có 2 ô"),
            (catalogue() + b'"open', "CSV"),
            (catalogue() + catalogue().split(b"\r\n")[1] + b"\r\n", "dòng trước"),
            (catalogue({"code": BIRTH, "note": "x" * 25_000}), "dài quá"),
            (catalogue({"code": BIRTH, "note": "x" * 150_000}), "CSV"),
        ],
    )
    def test_a_file_that_is_no_catalogue(self, install: Any, content: bytes, part: str) -> None:
        ran = install("catalogue", content)
        assert (ran.status, ran.out) == (2, "")
        assert part in ran.err

    @given(
        st.binary(max_size=300) | st.text(max_size=200).map(lambda text: catalogue() + text.encode("utf-8", "replace"))
    )
    def test_any_bytes_are_a_catalogue_or_named_lines(self, content: bytes) -> None:
        found = outcome(lambda: read_catalogue(content))
        if isinstance(found, BadFileError):
            assert found.lines
            assert all(bad.sentence for bad in found.lines)
        else:
            assert found.procedures


HEAD = "date,counts,open,note,source\n"
STORM = "2026-03-23,0,0,Nghỉ bão,QĐ 1\n"
WITH_STORM = f"# version: 2026.3\n{reference.calendar_text()}{STORM}".encode()


class TestCalendar:
    """Another calendar moves legal deadlines of open dossiers, and nothing else."""

    @pytest.fixture
    def worked(self, centre: Any) -> dict[str, str]:
        """Return dossiers in every state a clock can be in."""
        centre.now = "2026-03-12T10:00"
        names = ("plain", "rescheduled", "waiting", "settled", "supplemented", "finished")
        codes = {name: centre.take(client_id=name, name=name) for name in names}
        codes["birth"] = centre.take(BIRTH, client_id="birth")
        acts = (
            ("rescheduled", "reschedule", "--to", "2026-04-20T10:00", "--reason", "x"),
            ("waiting", "obligation"),
            ("settled", "obligation"),
            ("supplemented", "supplement", "--reason", "x"),
            ("finished", "finish"),
        )
        for name, *words in acts:
            assert centre("act", codes[name], *words).status == 0
        centre.now = "2026-03-13T10:00"
        assert centre("act", codes["settled"], "settled").status == 0
        assert centre("act", codes["supplemented"], "supplemented").status == 0
        return codes

    def test_only_legal_deadlines_of_open_dossiers_move(
        self, install: Any, centre: Any, worked: dict[str, str]
    ) -> None:
        before = {name: centre.json("show", code) for name, code in worked.items()}
        dry = json.loads(install("calendar", WITH_STORM, "--dry-run", "--json").out)
        assert {name: centre.json("show", code) for name, code in worked.items()} == before
        effect = json.loads(install("calendar", WITH_STORM, "--json").out)
        assert (dry | {"applied": True}) == effect
        assert (effect["days"], effect["open_dossiers"], effect["earlier"]) == (["2026-03-23"], 6, 0)
        moved = {each["code"] for each in effect["moved"]}
        assert moved == {worked[name] for name in ("plain", "rescheduled", "waiting", "settled", "supplemented")}
        assert effect["later"] == 5
        for name, code in worked.items():
            after = centre.json("show", code)
            for key in ("promise", "first_promise", "state", "suspended_since"):
                assert after[key] == before[name][key]
            assert (after["legal_deadline"] > before[name]["legal_deadline"]) is (code in moved)
            assert len(after["events"]) == len(before[name]["events"]) + (code in moved)
        assert centre.json("journal", "verify") == {"holds": True}
        assert centre("close").status == 0

    def test_the_same_days_under_a_newer_version_move_nothing(self, install: Any, worked: dict[str, str]) -> None:
        assert worked
        assert install("calendar", WITH_STORM).status == 0
        same = WITH_STORM.replace(b"2026.3", b"2026.4")
        effect = json.loads(install("calendar", same, "--json").out)
        assert (effect["moved"], effect["days"], effect["version"]) == ([], [], "2026.4")

    def test_the_effect_is_told_in_words_before_it_happens(self, install: Any, worked: dict[str, str]) -> None:
        assert worked
        lines = install("calendar", WITH_STORM).out.splitlines()
        assert lines[0] == "Lịch 2026.2 → 2026.3, có hiệu lực từ 01/01/2025 đến 31/12/2026"
        assert "23/03/2026" in lines[1]
        assert lines[2] == "6 hồ sơ đang mở: hạn luật của 5 muộn hơn, của 0 sớm hơn; không ngày hẹn nào đổi."
        assert lines[3] == f"  {worked['plain']}  T5 09/04/2026 10:00 → T6 10/04/2026 10:00"
        assert lines[-1] == "Đã áp dụng."

    def test_the_year_to_come_settles_what_was_provisional(self, install: Any, centre: Any) -> None:
        centre.now = "2026-12-21T10:00"
        code = centre.take()
        assert centre.json("show", code)["provisional"] is True
        year = "# version: 2027.1\n# first: 2027-01-01\n# last: 2027-12-31\n" + HEAD + "2027-01-01,0,0,Tết,BLLĐ\n"
        effect = json.loads(install("calendar", year.encode(), "--json").out)
        assert (effect["first"], effect["last"], effect["days"]) == ("2025-01-01", "2027-12-31", ["2027-01-01"])
        assert (effect["later"], effect["moved"][0]["provisional"]) == (1, False)
        shown = centre.json("show", code)
        assert (shown["provisional"], shown["promise"] < shown["legal_deadline"]) == (False, True)

    def test_the_centres_own_calendar_answers_due(self, install: Any, centre: Any) -> None:
        words = ("due", "--limit", "1 working_day", "--received", "2026-03-20T10:00", "--json")
        assert install("calendar", WITH_STORM).status == 0
        own = json.loads(centre.run(*words, "--data", str(centre.folder)).out)["due"]
        shipped = json.loads(centre.run(*words).out)["due"]
        assert (own, shipped) == ("2026-03-24T10:00+07:00", "2026-03-23T10:00+07:00")

    @pytest.mark.parametrize(
        ("content", "words", "status", "part"),
        [
            (HEAD + STORM, (), 2, "--version"),
            (HEAD + STORM, ("--version", "2026.2"), 1, "2026.2"),
            (HEAD + STORM, ("--version", "2025.9"), 1, "không mới hơn"),
            (HEAD, ("--version", "2027.1"), 2, "không có ngày nào"),
            ("date,counts\n", ("--version", "2027.1"), 2, "date,counts,open,note,source"),
            (HEAD + STORM + "2026-13-01,0,0,,\n", ("--version", "2027.1"), 2, "dòng 3"),
            (f"# x\n# version: 2027.1\n{HEAD}{STORM}{STORM}", (), 2, "dòng 5"),
            (HEAD + "2026-03-23,maybe,0,,\n", ("--version", "2027.1"), 2, "0 hoặc 1"),
            (f"# first: 2027-01-01\n{HEAD}{STORM}", ("--version", "2027.1"), 2, "2026-03-23"),
            (f"# first: mai\n{HEAD}{STORM}", ("--version", "2027.1"), 2, "«# first: mai»"),
            (f"# last: 2026-01-01\n{HEAD}{STORM}", ("--version", "2027.1"), 2, "nằm ngoài"),
            (HEAD + "2029-03-23,0,0,,\n", ("--version", "2027.1"), 1, "không nối tiếp"),
            (HEAD + "x" * 150_000, ("--version", "2027.1"), 2, ""),
            ("\u0000\u0001", ("--version", "2027.1"), 2, "cột"),
        ],
    )
    def test_a_calendar_that_is_not_taken(
        self, install: Any, content: str, words: tuple[str, ...], status: int, part: str
    ) -> None:
        ran = install("calendar", content.encode(), *words)
        assert (ran.status, ran.out, ran.err.count("\n")) == (status, "", 1)
        assert part in ran.err

    def test_a_calendar_of_the_province_is_taken_under_the_pinned_key(self, install: Any, centre: Any) -> None:
        key, stranger = SigningKey.generate(), SigningKey.generate()
        rows = (DayRule(date(2027, 1, 1), counts=False, open=False, note="Tết", source="BLLĐ"),)
        published = PublishedCalendar("2027.1", date(2027, 1, 1), date(2027, 12, 31), rows)
        signed = seal_calendar(published, key)
        unpinned = install("calendar", signed)
        assert (unpinned.status, unpinned.err.count("\n"), "khóa của tỉnh" in unpinned.err) == (2, 1, True)
        (centre.folder / "province.pub").write_text(key.public.line("motcua-province"), encoding="utf-8")
        foreign = install("calendar", seal_calendar(published, stranger), "--json")
        assert (foreign.status, json.loads(foreign.out)["reason"]) == (2, "bad_file")
        assert install("calendar", signed.replace(b"BLL", b"bll")).status == 2
        assert install("calendar", signed, "--version", "2027.2").status == 2
        effect = json.loads(install("calendar", signed, "--json").out)
        assert (effect["version"], effect["last"], effect["days"]) == ("2027.1", "2027-12-31", ["2027-01-01"])
        again = install("calendar", signed)
        assert (again.status, "không mới hơn" in again.err) == (1, True)
        (centre.folder / "province.pub").write_text("x", encoding="utf-8")
        assert install("calendar", signed).status == 2

    def test_office_hours_come_with_the_calendar(self, install: Any, centre: Any) -> None:
        assert centre.take("2.001159")
        hours = b"# hours: 2026-04-01 07:00-11:00 13:00-16:30\n"
        effect = json.loads(install("calendar", hours + WITH_STORM, "--json").out)
        assert effect["hours"] == ["2026-04-01"]
        words = ("due", "--limit", "same_day", "--received", "2026-04-01T08:00", "--json", "--data", str(centre.folder))
        assert json.loads(centre.run(*words).out)["due"] == "2026-04-01T16:30+07:00"
        same = hours.replace(b"16:30", b"17:00") + WITH_STORM.replace(b"2026.3", b"2026.4")
        assert "Giờ làm việc đổi từ: 01/04/2026" in install("calendar", same).out

    def test_a_calendar_without_working_days_is_refused(self, install: Any, worked: dict[str, str]) -> None:
        assert worked
        day, rows = date(2026, 1, 1), []
        while day.year < 2028:
            rows.append(f"{day},0,0,,\n")
            day += timedelta(days=1)
        ran = install("calendar", (HEAD + "".join(rows)).encode(), "--version", "2027.1", "--json")
        assert (ran.status, json.loads(ran.out)["reason"]) == (1, "calendar_gap")

    @given(
        first=st.integers(-400, 400),
        length=st.integers(0, 800),
        flags=st.dictionaries(st.integers(0, 800), st.booleans(), max_size=10),
    )
    def test_a_merged_calendar_is_the_new_one_in_its_span_and_the_old_one_outside(
        self, first: int, length: int, flags: dict[int, bool]
    ) -> None:
        old = reference.calendar()
        start = old.first + timedelta(days=first)
        end = start + timedelta(days=length)
        rows = tuple(DayRule(start + timedelta(days=n), on, on) for n, on in flags.items() if n <= length)
        file = CalendarFile("2027.1", start, end, rows, "")
        new = outcome(lambda: merged(old, file))
        if not isinstance(new, Calendar):
            assert isinstance(new, RefusedError)
            assert new.refused.reason == "calendar_not_adjacent"
            assert end < old.first - timedelta(days=1) or start > old.last + timedelta(days=1)
            return
        assert (new.first, new.last) == (min(old.first, start), max(old.last, end))
        given_rows = {row.date: row for row in rows}
        for offset in range(-450, 1300, 7):
            day = old.first + timedelta(days=offset)
            if start <= day <= end:
                expected = given_rows[day].counts if day in given_rows else day.weekday() < 5
                assert new.counts(day) is expected
            else:
                assert new.counts(day) is old.counts(day)

    @given(
        st.binary(max_size=200)
        | st.text(max_size=100).map(lambda text: (HEAD + STORM + text).encode("utf-8", "replace"))
    )
    def test_any_bytes_are_a_calendar_or_named_lines(self, content: bytes) -> None:
        found = outcome(lambda: read_calendar(content, "2027.1"))
        if isinstance(found, BadFileError):
            assert all(bad.sentence for bad in found.lines)
        else:
            assert all(found.first <= row.date <= found.last for row in found.rows)
