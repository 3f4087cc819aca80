"""`desk province report` and `status` over several units: kinds, formats, files, refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from desk.__main__ import main
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, Clock, at, made_province

DAY = timedelta(days=1)
SPAN = ("--from", "2026-03-02", "--to", "2026-03-06")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command over a practice province of three communes, one of them silent."""
    clock = Clock(at(MONDAY - DAY))
    centres = [Centre(code, seed=n, practice=True) for n, code in enumerate((UNIT, OTHER, "00008"))]
    province = made_province(folder, clock, *centres, practice=True)
    for n in range(5):
        clock.now = at(MONDAY + n * DAY, 17, 10)
        for centre in centres[:2]:
            province.take(centre.close(MONDAY + n * DAY).data)
    province.close()

    def command(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(["province", *words, "--data", str(folder)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return command


def test_status_says_who_is_silent_and_since_when(run: Run) -> None:
    words = ("status", "--date", "2026-03-06", "--now", "2026-03-09T10:00")
    status, out, _err = run(*words, "--json")
    found = json.loads(out)
    by_unit = {each["unit"]: each for each in found["units"]}
    assert (status, found["from"], found["expected"], found["actual"], found["on_time"]) == (0, None, 15, 10, 10)
    assert (by_unit["00008"]["silent_since"], by_unit["00008"]["awaited"]) == ("2026-03-02", False)
    assert by_unit[UNIT]["silent_since"] is None
    assert by_unit[UNIT]["clock_ahead_seconds"] == -300
    table = run(*words)[1]
    assert "02/03/2026" in next(line for line in table.splitlines() if line.startswith("00008"))
    assert "66,7 %" in table.splitlines()[-1]
    part = json.loads(run(*words, "--from", "2026-03-05", "--json")[1])
    assert (part["from"], part["expected"], part["actual"]) == ("2026-03-05", 6, 4)
    assert run("status", "--from", "2026-03-07", "--date", "2026-03-06")[0] == 2


def test_a_report_of_some_units_is_the_sum_of_their_own(run: Run) -> None:
    def received(*words: str) -> int:
        return int(json.loads(run("report", *SPAN, "--json", *words)[1])["total"]["received"])

    assert received("--unit", UNIT) + received("--unit", OTHER) == received("--unit", UNIT, "--unit", OTHER)
    assert received() == received("--unit", UNIT, "--unit", OTHER, "--unit", UNIT)


def test_the_ranking_in_every_shape(run: Run, tmp_path: Path) -> None:
    status, out, _err = run("report", "ranking", *SPAN, "--json")
    found = json.loads(out)
    assert (status, found["by"], found["silent"]) == (0, "on_time", ["00008"])
    assert sorted(each["unit"] for each in found["units"]) == [OTHER, UNIT]
    assert [each["rank"] for each in found["units"]] == [1, 2]
    assert found["units"][0]["on_time_rate"] >= found["units"][1]["on_time_rate"]
    online = json.loads(run("report", "ranking", *SPAN, "--by", "online", "--json")[1])["units"]
    assert online[0]["online_share"] >= online[1]["online_share"]
    assert "%" in run("report", "ranking", *SPAN)[1]
    path = tmp_path / "ranking.xlsx"
    assert run("report", "ranking", *SPAN, "--output", str(path))[0] == 0
    page = openpyxl.load_workbook(path).worksheets[0]
    assert [page.cell(row, 2).value for row in (4, 5)] == [each["unit"] for each in found["units"]]
    assert page.cell(4, 9).value == pytest.approx(found["units"][0]["on_time_rate"], abs=1e-4)
    rows = run("report", "ranking", *SPAN, "--format", "csv")[1].splitlines()
    assert len(rows) == 4


def test_the_units_with_a_result_under_a_procedure(run: Run) -> None:
    status, out, _err = run("report", "results", *SPAN, "--procedure", "1.001193", "--json")
    found = json.loads(out)
    assert (status, found["units"], found["procedures"]) == (0, 3, ["1.001193"])
    assert [each["unit"] for each in found["issued"]] + found["none"] != []
    assert "00008" in found["none"]
    nothing = json.loads(run("report", "results", *SPAN, "--procedure", "9.999999", "--json")[1])
    assert (nothing["issued"], len(nothing["none"])) == ([], 3)
    assert "0 trên 3 đơn vị" in run("report", "results", *SPAN, "--procedure", "9.999999")[1]


def test_the_official_report_as_a_workbook_holds_the_same_numbers(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "ii06a.xlsx"
    assert run("report", *SPAN, "--output", str(path))[0] == 0
    total = json.loads(run("report", *SPAN, "--json")[1])["total"]
    page = openpyxl.load_workbook(path).worksheets[0]
    last = next(row for row in page.iter_rows(min_row=4, values_only=True) if row[0] == "Tổng cộng")
    assert last[1:4] == (total["received"], total["online"], total["direct_or_post"])


def test_dhis2_is_one_set_a_line(run: Run, tmp_path: Path) -> None:
    status, out, err = run("report", *SPAN, "--format", "dhis2")
    sets = [json.loads(line) for line in out.splitlines()]
    assert (status, err) == (0, "")
    assert sorted({each["orgUnit"] for each in sets}) == [OTHER, UNIT]
    assert len(sets) == 10
    one = [json.loads(line) for line in run("report", *SPAN, "--unit", UNIT, "--format", "dhis2")[1].splitlines()]
    assert one == [each for each in sets if each["orgUnit"] == UNIT]
    mapping = tmp_path / "map.csv"
    mapping.write_text("kind,code,uid\norgUnit,18229,A0000000001\n", encoding="utf-8")
    status, out, err = run("report", *SPAN, "--format", "dhis2", "--map", str(mapping))
    assert (status, out, len(err.splitlines())) == (1, "", 1)
    mapping.write_bytes(b"\xff")
    assert run("report", *SPAN, "--format", "dhis2", "--map", str(mapping))[0] == 2


@pytest.mark.parametrize(
    "words",
    [
        ("report", "everything", *SPAN),
        ("report", "ranking", *SPAN, "--by", "name"),
        ("report", "results", *SPAN),
        ("report", *SPAN, "--procedure", "1.001193"),
        ("report", *SPAN, "--format", "xlsx"),
        ("report", *SPAN, "--format", "csv", "--json"),
        ("report", *SPAN, "--map", "x.csv"),
        ("report", *SPAN, "--format", "dhis2", "--map", "no-such-file"),
        ("report", "ranking", *SPAN, "--unit", "99999"),
        ("report", "results", *SPAN, "--unit", "99999", "--procedure", "1"),
        ("report", *SPAN, "--unit", "99999", "--format", "dhis2"),
    ],
)
def test_what_makes_no_sense_is_one_line(run: Run, words: tuple[str, ...]) -> None:
    status, out, err = run(*words)
    assert (status, out, len(err.splitlines())) == (2, "", 1), err


def test_what_no_column_says_is_named_beside_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    centre = Centre()
    line = {"direct": 9, "on_time": 5, "open_in_time": 4}
    line |= {"refused": 2, "stopped": 1, "withdrawn": 1, "waiting_supplement": 2, "waiting_obligation": 1}
    centre.close(MONDAY)
    sealed = centre.replace_last({"rows": {"1.001193": dict(line)}, "totals": dict(line)})
    province = made_province(folder, Clock(at(MONDAY)), centre)
    assert province.take(sealed.data).reason is None
    report = province.report(MONDAY, MONDAY)
    assert (report.with_result, report.in_work) == (1, 1)
    province.close()
    assert main(["province", "report", *SPAN, "--data", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "1 có kết quả, 2 từ chối, 1 dừng, 1 rút." in out
    assert "1 đang làm, 2 chờ bổ sung, 1 chờ nghĩa vụ tài chính." in out
    assert main(["province", "report", *SPAN, "--json", "--data", str(folder)]) == 0
    assert json.loads(capsys.readouterr().out)["beside"] == {name: line[name] for name in list(line)[3:]}
