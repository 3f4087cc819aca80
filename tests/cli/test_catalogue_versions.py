"""Local limits beside the statutory ones, versions with an end, successors; the command and the screen say the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

SHIPPED = files("desk.reference").joinpath("procedures.csv").read_text(encoding="utf-8")
MARITAL, BIRTH = "1.004873", "1.001193"
NOW = "2026-03-13T10:00"


def table(*rows: dict[str, str]) -> bytes:
    """Return a catalogue of shipped procedures with their changes; further columns are those the rows name."""
    shipped = {row["code"]: row for row in csv.DictReader(io.StringIO(SHIPPED))}
    columns = list(dict.fromkeys([*next(iter(shipped.values())), *(name for row in rows for name in row)]))
    page = io.StringIO()
    out = csv.DictWriter(page, columns, restval="")
    out.writeheader()
    out.writerows(shipped[row["code"]] | row for row in rows)
    return page.getvalue().encode()


@pytest.fixture
def install(centre: Any, tmp_path: Path) -> Callable[..., Any]:
    centre.now = NOW

    def run(content: bytes) -> Any:
        (tmp_path / "catalogue.csv").write_bytes(content)
        return centre("import", "catalogue", str(tmp_path / "catalogue.csv"), "--json")

    return run


def changed(ran: Any) -> list[str]:
    assert ran.status == 0, ran.err
    return list(json.loads(ran.out)["changed"])


def due(centre: Any, *words: str) -> Any:
    return json.loads(centre.run("due", *words, "--json", "--data", str(centre.folder)).out)


class TestLocalLimit:
    """The centre promises less than the statute."""

    def test_both_stand_side_by_side_and_the_shorter_one_is_promised(self, install: Any, centre: Any) -> None:
        assert changed(install(table({"code": MARITAL, "local_limit": "2 working_day"}))) == [MARITAL]
        shown = centre.json("show", centre.take(MARITAL))
        assert (shown["limit"], shown["local_limit"]) == ("3 ngày làm việc", "2 ngày làm việc")
        assert shown["promise"] == shown["first_promise"] == "2026-03-17T10:00+07:00"
        assert shown["legal_deadline"] == "2026-03-18T10:00+07:00"
        assert "Trung tâm hẹn: 2 ngày làm việc" in centre("show", shown["code"]).out

    def test_a_case_has_the_statutory_limit_of_its_own(self, install: Any, centre: Any) -> None:
        install(table({"code": MARITAL, "local_limit": "2 working_day"}))
        shown = centre.json("show", centre.take(MARITAL, variant="phải xác minh"))
        assert (shown["local_limit"], shown["promise"]) == (None, shown["legal_deadline"])

    def test_a_file_without_the_column_leaves_it_and_an_empty_cell_takes_it_away(
        self, install: Any, centre: Any
    ) -> None:
        install(table({"code": MARITAL, "local_limit": "2 working_day"}))
        assert changed(install(table({"code": MARITAL}))) == []
        assert changed(install(table({"code": MARITAL, "name": "Tên mới"}))) == [MARITAL]
        assert due(centre, "--procedure", MARITAL, "--received", NOW)["local_limit"] == "2 working_day"
        assert changed(install(table({"code": MARITAL, "name": "Tên mới", "local_limit": ""}))) == [MARITAL]
        assert due(centre, "--procedure", MARITAL, "--received", NOW)["local_limit"] is None

    @pytest.mark.parametrize(
        ("row", "part"),
        [
            ({"code": MARITAL, "local_limit": "4 working_day"}, "dài hơn hạn luật"),
            ({"code": MARITAL, "local_limit": "soon"}, "«soon»"),
            ({"code": "2.002481", "local_limit": "2 working_day"}, "chưa rõ hạn luật"),
            ({"code": MARITAL, "valid_to": "mai"}, "valid_to"),
        ],
    )
    def test_what_cannot_be_promised_is_named(self, install: Any, row: dict[str, str], part: str) -> None:
        ran = install(table(row))
        assert (ran.status, ran.err.count("\n")) == (2, 1)
        assert part in ran.err

    def test_the_command_gives_the_trace_of_the_screen(self, install: Any, centre: Any) -> None:
        install(table({"code": MARITAL, "local_limit": "2 working_day"}))
        code = centre.take(MARITAL)
        events = {"obligation": "2026-03-13T11:00", "settled": "2026-03-16T09:00"}
        for act, at in events.items():
            centre.now = at
            assert centre("act", code, act).status == 0
        shown = centre.json("show", code)
        words = [word for act, at in events.items() for word in ("--event", f"{act}@{at}")]
        found = due(centre, "--procedure", MARITAL, "--received", NOW, *words)
        assert (found["due"], found["legal_deadline"]) == (shown["promise"], shown["legal_deadline"])
        assert [step["kind"] for step in found["trace"]] == [
            "received", "start", "limit", "skipped", "skipped", "day", "day", "suspended", "start", "hours", "hours",
            "hours", "due", "coverage",
        ]  # fmt: skip
        text = centre.run("due", "--procedure", MARITAL, "--received", NOW, *words, "--data", str(centre.folder)).out
        lines, legal = text.splitlines()[1:], "Hạn theo luật: T5 19/03/2026 08:00"
        assert [line for line in lines if line != legal] == [line for line in screen(centre, code)[1:-1] if told(line)]
        assert legal in lines


def told(line: str) -> bool:
    """Say whether a line of the screen belongs to a trace: neither the heading of the second one nor the gap before."""
    return bool(line) and not line.startswith("HẠN THEO LUẬT")


def screen(centre: Any, code: str) -> tuple[str, ...]:
    """Return what the dossier's screen says to «why this date?»."""
    from desk.bootstrap import Desk, open_centre
    from desk.settings import Paths

    desk = open_centre(Paths(centre.folder))
    assert isinstance(desk, Desk)
    try:
        view = desk.counter.dossier(code)
        assert view is not None
        return desk.counter.why(view.id)
    finally:
        desk.close()


class TestEnd:
    """A version whose validity ends names its successor; dossiers keep theirs."""

    ENDED = ({"code": MARITAL, "valid_to": "2026-03-15", "successor_code": BIRTH},)

    def test_nothing_more_is_received_and_the_successor_is_named(self, install: Any, centre: Any) -> None:
        kept = centre.take(MARITAL)
        assert changed(install(table(*self.ENDED))) == [MARITAL]
        last_day = centre.take(MARITAL, client_id="last")
        centre.now = "2026-03-16T08:00"
        order = {"procedure": MARITAL, "channel": "direct", "applicant": {"name": "Đỗ Văn Lộc"}}
        (refused,) = centre.receive(order)
        assert "hết hiệu lực từ sau ngày 15/03/2026" in refused["error"]
        assert f"Nay là thủ tục {BIRTH} " in refused["error"]
        (late,) = centre.receive(order | {"received_at": "2026-03-13T16:00", "client_id": "late"})
        assert late["promise"] == "2026-03-18T16:00+07:00"
        for code in (kept, last_day):
            assert centre.json("show", code)["limit"] == "3 ngày làm việc"
            assert centre("act", code, "variant", "--variant", "phải xác minh", "--reason", "x").status == 0
            assert centre.json("show", code)["limit"] == "23 ngày (phải xác minh)"

    def test_an_end_in_the_past_holds_from_that_day(self, install: Any, centre: Any) -> None:
        assert changed(install(table({"code": MARITAL, "valid_to": "2026-03-10"}))) == [MARITAL]
        order = {"procedure": MARITAL, "channel": "direct", "applicant": {"name": "Đỗ Văn Lộc"}}
        (now,) = centre.receive(order)
        assert "hết hiệu lực từ sau ngày 10/03/2026" in now["error"]
        assert "Nay là" not in now["error"]
        (after,) = centre.receive(order | {"received_at": "2026-03-11T08:00"})
        assert "error" in after
        (before,) = centre.receive(order | {"received_at": "2026-03-10T08:00"})
        assert before["promise"] == "2026-03-13T08:00+07:00"

    def test_a_dossier_keeps_the_version_it_was_received_under(self, install: Any, centre: Any) -> None:
        old = centre.take(MARITAL)
        install(table({"code": MARITAL, "limit_value": "9", "limit_variants": "khác=1 working_day", "name": "Tên mới"}))
        new = centre.take(MARITAL, client_id="new")
        shown = {code: centre.json("show", code) for code in (old, new)}
        assert (shown[old]["limit"], shown[new]["limit"]) == ("3 ngày làm việc", "9 ngày làm việc")
        assert (shown[old]["procedure_name"] == "Tên mới", shown[new]["procedure_name"]) == (False, "Tên mới")

    def test_the_procedure_is_in_force_again_once_the_file_says_no_end(self, install: Any, centre: Any) -> None:
        install(table(*self.ENDED))
        assert changed(install(table(*self.ENDED))) == []
        assert changed(install(table({"code": MARITAL}))) == [MARITAL]
        centre.now = "2026-03-20T08:00"
        assert "promise" in centre.receive(
            {"procedure": MARITAL, "channel": "direct", "applicant": {"name": "Đỗ Văn Lộc"}}
        )[0]  # fmt: skip
