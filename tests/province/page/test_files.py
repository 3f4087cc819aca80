"""What is taken away from the page: the same as the command writes, by its name and form, for whoever is logged in."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Page

from desk.__main__ import main
from tests.province.page.conftest import BAD, GOOD, SILENT, enter
from tests.province.page.test_gate import Ask, asker, entered
from tests.sync.servers import Server

DAYS = "from=2026-03-02&to=2026-03-13"
SPAN = ("--from", "2026-03-02", "--to", "2026-03-13")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Written = Callable[..., bytes]


@pytest.fixture(scope="module")
def ask(office: Server) -> Ask:
    return asker(office)


@pytest.fixture(scope="module")
def headers(ask: Ask) -> dict[str, str]:
    return {"Cookie": entered(ask).headers["Set-Cookie"].partition(";")[0]}


@pytest.fixture
def written(office_folder: Path, tmp_path: Path) -> Written:
    """Return a function that gives what `desk province report` writes, whatever it thinks of it."""

    def report(*words: str) -> bytes:
        path = tmp_path / "written"
        main(["province", "report", *words, *SPAN, "--output", str(path), "--data", str(office_folder)])
        return path.read_bytes()

    return report


def rows(workbook: bytes) -> list[tuple[object, ...]]:
    page = openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0]
    assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    return list(page.iter_rows(values_only=True))


@pytest.mark.parametrize(
    ("address", "words", "name"),
    [
        ("report.csv?", (), "ii06a_2026-03-02_2026-03-13_chua-can.csv"),
        ("report.csv?unit={0}&", ("--unit", "{0}"), "ii06a_2026-03-02_2026-03-13_{0}.csv"),
        ("ranking.csv?", ("ranking",), "xep-hang-dung-han_2026-03-02_2026-03-13.csv"),
        (
            "ranking.csv?by=online&unit={1}&unit={0}&",
            ("ranking", "--by", "online", "--unit", "{0}", "--unit", "{1}"),
            "xep-hang-truc-tuyen_2026-03-02_2026-03-13_2-don-vi.csv",
        ),
    ],
)
def test_the_csv_is_that_of_the_command(
    ask: Ask,
    headers: dict[str, str],
    written: Written,
    units: list[str],
    address: str,
    words: tuple[str, ...],
    name: str,
) -> None:
    answer = ask("GET", f"/office/{address.format(*units)}{DAYS}", headers=headers)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name.format(*units)}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert answer.data == written(*(word.format(*units) for word in words), "--format", "csv")


@pytest.mark.parametrize(("kind", "words"), [("report", ()), ("ranking", ("ranking",))])
def test_the_workbook_is_that_of_the_command(
    ask: Ask, headers: dict[str, str], written: Written, kind: str, words: tuple[str, ...]
) -> None:
    answer = ask("GET", f"/office/{kind}.xlsx?{DAYS}", headers=headers)
    assert answer.headers["Content-Type"] == WORKBOOK
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    found = rows(answer.data)
    assert found == rows(written(*words, "--format", "xlsx"))
    assert "từ 02/03/2026 đến 13/03/2026" in str(found[0][0])


def test_dhis2_gets_the_sets_of_the_units_and_days_shown(
    ask: Ask, headers: dict[str, str], written: Written, units: list[str]
) -> None:
    answer = ask("GET", f"/office/dhis2.jsonl?{DAYS}", headers=headers)
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dhis2_2026-03-02_2026-03-13.jsonl"'
    assert answer.data == written("--format", "dhis2")
    some = ask("GET", f"/office/dhis2.jsonl?{DAYS}&unit={units[SILENT]}", headers=headers)
    sets = [json.loads(line) for line in some.data.splitlines()]
    assert [each["period"] for each in sets] == ["20260302", "20260303", "20260304", "20260305"]
    assert {each["orgUnit"] for each in sets} == {units[SILENT]}


def test_the_page_of_some_units_says_which_and_gives_away_theirs(stranger: Page, units: list[str]) -> None:
    enter(stranger)
    stranger.goto(f"/office/report?{DAYS}")
    stranger.get_by_role("listbox").select_option([units[GOOD], units[BAD]])
    stranger.get_by_role("button", name="Xem").click()
    assert f"({units[GOOD]})" in stranger.get_by_text("Chỉ gồm:").inner_text()
    assert f"{units[BAD]}: số liệu của tệp số 5 không được tính" in stranger.locator("main").inner_text()
    for link in ("Bảng tính XLSX", "Bảng CSV", "Số liệu DHIS2 (dataValueSets)"):
        where = stranger.get_by_role("link", name=link).get_attribute("href") or ""
        assert f"{DAYS}&unit={units[GOOD]}&unit={units[BAD]}" in where
    stranger.get_by_role("link", name="Xem cả tỉnh").click()
    assert stranger.get_by_text("Chỉ gồm:").count() == 0


@pytest.mark.parametrize("kind", ["report", "ranking"])
def test_enter_on_a_link_gives_the_file_without_script(stranger: Page, kind: str) -> None:
    enter(stranger)
    stranger.goto(f"/office/{kind}?{DAYS}")
    for link, ending in (
        ("Bảng tính XLSX", ".xlsx"),
        ("Bảng CSV", ".csv"),
        ("Số liệu DHIS2 (dataValueSets)", ".jsonl"),
    ):
        stranger.get_by_role("link", name=link).focus()
        with stranger.expect_download() as coming:
            stranger.keyboard.press("Enter")
        found = coming.value
        assert found.suggested_filename.endswith(ending)
        assert found.path().stat().st_size > 100
        assert f"/office/{kind}" in stranger.url
