"""`desk report ii06a`: one set of figures in four forms."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from desk.cli.report import COLUMNS

PERIOD = ("report", "ii06a", "--from", "2026-03-12", "--to", "2026-03-17")


@pytest.fixture
def worked(centre: Any) -> Any:
    """Return a centre with four closed days: one certified at once, one land dossier open, one birth overdue."""
    centre.now = "2026-03-12T09:00"
    done = centre.take("2.000815", client_id="a")
    centre.take("1.013978", client_id="b", channel="online")
    centre.take("1.004873", client_id="c", channel="post")
    assert centre("act", done, "finish").status == 0
    centre.now = "2026-03-17T17:30"
    assert centre("close").status == 0
    return centre


def test_the_report_balances_by_field_and_in_total(worked: Any) -> None:
    report = worked.json(*PERIOD)
    assert [row["field"] for row in report["rows"]] == ["Chứng thực", "Đất đai", "Hộ tịch"]
    for row in (*report["rows"], report["total"]):
        assert row["received"] == row["online"] + row["direct_or_post"] + row["from_before"]
        assert row["received"] == row["resolved"] + row["open"]
    for name in COLUMNS:
        assert report["total"][name] == sum(row[name] for row in report["rows"])
    total = report["total"]
    assert (total["received"], total["online"], total["on_time"], total["open_overdue"]) == (3, 1, 1, 1)
    assert (report["unit"], report["files"], report["balanced"]) == ("18229", 4, True)
    later = worked.json("report", "ii06a", "--from", "2026-03-16", "--to", "2026-03-17")["total"]
    assert (later["received"], later["from_before"], later["resolved"]) == (2, 2, 0)


def figures(report: Any) -> list[list[str]]:
    return [[str(row[name]) for name in COLUMNS] for row in (*report["rows"], report["total"])]


def test_every_form_has_the_same_figures(worked: Any, tmp_path: Path) -> None:
    wanted = figures(worked.json(*PERIOD))
    printed = worked(*PERIOD, "--format", "csv")
    assert (printed.status, printed.err) == (0, "")
    rows = list(csv.reader(io.StringIO(printed.out.removeprefix("\ufeff"))))
    assert [row[2:] for row in rows[1:]] == wanted
    assert rows[0][:3] == ["STT", "Lĩnh vực", "(3) Tiếp nhận: tổng"]
    assert rows[-1][1] == "Tổng cộng"
    table = worked(*PERIOD).out.splitlines()
    assert table[0].startswith("Biểu II.06a/VPCP/KSTT · 18229 Xã Đức Thọ · từ 12/03/2026")
    assert [line.split()[-11:] for line in table[2:6]] == wanted
    for name in ("r.csv", "r.json", "r.xlsx", "r.txt"):
        ran = worked(*PERIOD, "--output", str(tmp_path / name))
        assert (ran.status, ran.out, ran.err) == (0, "", "")
    assert (tmp_path / "r.csv").read_text(encoding="utf-8-sig") == printed.out.removeprefix("\ufeff").replace("\r", "")
    assert figures(json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))) == wanted
    assert (tmp_path / "r.txt").read_text(encoding="utf-8").splitlines() == table
    *cells, beside = sheet(tmp_path / "r.xlsx")
    assert [row[-11:] for row in cells[-4:]] == wanted
    assert beside == [table[-1]] == ["Ngoài biểu: quá hạn theo luật 0, kể cả hồ sơ đã hẹn lại."]
    assert sorted(path.name for path in tmp_path.glob("*r.*")) == ["r.csv", "r.json", "r.txt", "r.xlsx"]


def test_a_reschedule_hides_no_lateness(centre: Any) -> None:
    centre.now = "2026-03-12T09:00"
    late = centre.take("1.004873", client_id="c")
    centre.now = "2026-03-16T09:00"
    assert centre("act", late, "reschedule", "--to", "2026-03-20T09:00", "--reason", "chờ xác minh").status == 0
    centre.now = "2026-03-19T09:00"
    assert centre("act", late, "finish").status == 0
    assert centre("close").status == 0
    total = centre.json("report", "ii06a", "--from", "2026-03-12", "--to", "2026-03-19")["total"]
    assert (total["early"], total["overdue"], total["overdue_by_law"]) == (1, 0, 1)


def sheet(path: Path) -> list[list[str]]:
    """Return the cells of a workbook's only sheet, read as the XML it is."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as book:
        shared = ["".join(item.itertext()) for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        rows = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{space}row")
        return [
            [
                shared[int(cell.findtext(f"{space}v") or 0)]
                if cell.get("t") == "s"
                else cell.findtext(f"{space}v") or ""
                for cell in row
            ]
            for row in rows
        ]


def test_the_workbook_has_the_columns_of_the_form(worked: Any, tmp_path: Path) -> None:
    assert worked(*PERIOD, "--format", "xlsx", "--output", str(tmp_path / "x")).status == 0
    rows = sheet(tmp_path / "x")
    assert rows[2] == [f"({number})" for number in range(1, 14)]
    assert rows[1][:3] == ["STT", "Lĩnh vực", "Tiếp nhận: tổng"]


@pytest.mark.parametrize(
    ("words", "status", "part"),
    [
        (("--from", "2026-03-12", "--to", "2026-03-11"), 2, "trước"),
        (("--from", "12/03/2026", "--to", "2026-03-11"), 2, "«12/03/2026»"),
        (("--from", "2026-03-12"), 2, "--to"),
        (("--from", "2026-03-12", "--to", "2026-03-17", "--format", "pdf"), 2, "«pdf»"),
        (("--from", "2026-03-12", "--to", "2026-03-17", "--format", "xlsx"), 2, "--output"),
        (("--from", "2026-03-12", "--to", "2026-03-17", "--output", "."), 2, "thư mục"),
        (("--from", "2026-03-12", "--to", "2026-03-17", "--output", "no/such/r.csv"), 3, "no/such"),
        (("--from", "2026-04-12", "--to", "2026-04-17"), 1, "desk close"),
    ],
)
def test_a_report_that_cannot_be_made_is_one_line(worked: Any, words: tuple[str, ...], status: int, part: str) -> None:
    ran = worked("report", "ii06a", *words)
    assert (ran.status, ran.out) == (status, "")
    assert ran.err.count("\n") == 1
    assert part in ran.err


def test_figures_that_do_not_balance_are_not_handed_out(worked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from desk.counter.service import Counter
    from desk.rules.report import Line, Report

    broken = Report((("Đất đai", Line(online=1)),), Line(online=1), ("Đất đai",))
    monkeypatch.setattr(Counter, "report", lambda *_given: broken)
    for words in ((), ("--format", "csv")):
        ran = worked(*PERIOD, *words)
        assert (ran.status, ran.out, "Đất đai" in ran.err) == (1, "", True)
    ran = worked(*PERIOD, "--json")
    assert (ran.status, json.loads(ran.out)["reason"]) == (1, "not_balanced")


def test_a_field_is_never_a_formula(worked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from desk.counter.service import Counter
    from desk.rules.report import Line, Report

    evil = '=HYPERLINK("http://x")'
    line = Line(online=1, open_in_time=1)
    monkeypatch.setattr(Counter, "report", lambda *_given: Report(((evil, line),), line, ()))
    assert f'"\'{evil.replace(chr(34), chr(34) * 2)}"' in worked(*PERIOD, "--format", "csv").out
    assert worked(*PERIOD, "--output", str(tmp_path / "r.xlsx")).status == 0
    assert evil in sheet(tmp_path / "r.xlsx")[3]
