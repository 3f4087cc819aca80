"""`desk due-today`: the morning drill on paper and for scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MARITAL, COPIES = "1.004873", "2.000815"


def test_nothing_due_is_said_plainly(centre: Any) -> None:
    ran = centre("due-today")
    assert (ran.status, ran.err) == (0, "")
    assert "Hôm nay không có việc đến hạn, không có hồ sơ quá hạn." in ran.out.splitlines()
    found = centre.json("due-today")
    assert (found["nothing_due"], set(found["totals"].values())) == (True, {0})
    assert found["coverage"] == {"until": "2026-12-31", "days": 294, "ends": False}
    assert (found["cutoff"], found["minutes_to_cutoff"]) == ("2026-03-12T15:00+07:00", 420)


def test_each_group_names_its_dossiers(centre: Any) -> None:
    late, soon = centre.take(COPIES, "Đỗ Văn Lộc"), centre.take(MARITAL, "Trần Thị Mai")
    assert centre("act", soon, "forward", "--to", "Tư pháp").status == 0
    centre.now = "2026-03-16T08:00"
    found = centre.json("due-today")
    codes = {name: [row["code"] for row in rows] for name, rows in found["groups"].items()}
    assert codes == {
        "overdue": [late], "today": [], "apology": [soon], "tomorrow": [soon],
        "waiting_long": [], "unforwarded": [late], "uncollected": [],
    }  # fmt: skip
    assert found["totals"] == {name: len(rows) for name, rows in codes.items()} | {
        "waiting": 0, "without_code": 2, "unsent": 0, "refused": 0,
    }  # fmt: skip
    row = found["groups"]["apology"][0]
    assert (row["applicant"], row["holder"], row["overdue"]) == ("Trần Thị Mai", "Tư pháp", False)
    assert (found["next_day"], found["nothing_due"]) == ("2026-03-17", False)
    lines = centre("due-today").out.splitlines()
    assert "QUÁ HẠN: 1" in lines
    assert all(len(line) <= 80 for line in lines)


def test_the_page_goes_into_a_file_whole(centre: Any, tmp_path: Path) -> None:
    centre.take(COPIES)
    page, document = tmp_path / "sáng.txt", tmp_path / "sang.json"
    assert centre("due-today", "--output", str(page)).out == ""
    assert page.read_text(encoding="utf-8") == centre("due-today").out
    assert page.stat().st_mode & 0o077 == 0
    assert centre("due-today", "--json", "--output", str(document)).out == ""
    assert json.loads(document.read_text(encoding="utf-8")) == centre.json("due-today")
    ran = centre("due-today", "--output", str(tmp_path))
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_it_needs_a_centre(desk: Any, tmp_path: Path) -> None:
    ran = desk("due-today", "--data", str(tmp_path / "none"))
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
