"""The office's page as a real server shows it: a province with every kind of trouble, and Debian's Chromium."""

from __future__ import annotations

import copy
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from desk import reference
from desk.province.users import Users
from tests.province.factory import MONDAY, Centre, Clock, at, made_province
from tests.province.restored import Restored
from tests.sync.servers import Server, running

DAY = timedelta(days=1)
LAST = MONDAY + 11 * DAY
NAME, PASSWORD = "van.phong", "ngày mai trời lại sáng"
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AT_SIX = """
import sys
from datetime import datetime
import desk.clock
desk.clock.system_clock = lambda: datetime.fromisoformat("2026-03-13T18:00:00+07:00")
from desk.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
"""The command with a clock that stands at six in the evening of the last day."""

GOOD, SILENT, GAP, BAD, FORK, AHEAD, LATE, NEW, RESTORED = range(9)
BACKUP = 3
"""How many files the backup has that the restored commune goes on from."""


@pytest.fixture(scope="session")
def units() -> list[str]:
    """Return the codes of twelve communes of one province; the first nine each have a story."""
    found = reference.admin_units().values()
    return sorted(unit.code for unit in found if unit.province_name.endswith("Hưng Yên"))[:12]


@pytest.fixture(scope="session")
def office_folder(tmp_path_factory: pytest.TempPathFactory, units: list[str]) -> Path:
    """Return a province's folder with two weeks of files and one user of the page."""
    folder = tmp_path_factory.mktemp("office") / "p"
    clock = Clock(at(MONDAY - DAY))
    centres = [Centre(code, seed=n) for n, code in enumerate(units)]
    province = made_province(folder, clock, *centres)
    for day in (MONDAY + n * DAY for n in range(12) if n % 7 < 5):
        for story, centre in enumerate(centres):
            if (story == SILENT and day > MONDAY + 3 * DAY) or story == NEW:
                continue
            clock.now = at(day + DAY, 11) if story == LATE else at(day)
            changed = {"created": at(day) + timedelta(minutes=50)} if story == AHEAD else {}
            sealed = centre.close(day, **changed)
            if story == RESTORED and len(centre.files) == BACKUP:
                backup = copy.deepcopy(centre)
            if story == BAD and day == MONDAY + 4 * DAY:
                sealed = centre.replace_last({"totals": {}})
            if not (story == GAP and day == MONDAY + 2 * DAY):
                province.take(sealed.data)
    province.take(centres[FORK].forged(centres[FORK].files[0].daily, {"app": "9.9"}).data)
    province.take(Centre(units[GOOD], seed=99).close(MONDAY).data)
    restored = Restored(backup, centres[RESTORED].files[BACKUP:])
    province.take(restored.reset(LAST).data)
    province.accept_reset(province.reset(units[RESTORED]))
    province.close()
    Users(folder).add(NAME, PASSWORD)
    return folder


@pytest.fixture(scope="session")
def office(office_folder: Path) -> Iterator[Server]:
    """Return a running server over that province."""
    with running(office_folder, program=AT_SIX) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium; without it the test is skipped, unless servers are required."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("DESK_REQUIRE_SERVERS"):
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    # Its loop runs as long as it is there: in a wider scope no test of asyncio could follow in the same process.
    with sync_playwright() as player:
        found = player.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield found
        found.close()


@pytest.fixture
def stranger(browser: Browser, office: Server) -> Iterator[Page]:
    """Return a page of somebody who is not logged in; without JavaScript, as the office's page needs none."""
    context = _context(browser, office, script=False)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def logged_in(browser: Browser, office: Server) -> Iterator[BrowserContext]:
    """Return a browser's context in which the user has logged in by the form."""
    context = _context(browser, office, script=True)
    page = context.new_page()
    enter(page)
    assert page.url == f"{office.address}/office"
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(logged_in: BrowserContext) -> Iterator[Page]:
    """Return a page of the user."""
    found = logged_in.new_page()
    yield found
    found.close()


def enter(page: Page, name: str = NAME, password: str = PASSWORD) -> None:
    """Log in by the form."""
    page.goto("/login")
    page.get_by_label("Tên").fill(name)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button").click()


def _context(browser: Browser, office: Server, *, script: bool) -> BrowserContext:
    return browser.new_context(
        base_url=office.address,
        ignore_https_errors=True,
        java_script_enabled=script,
        locale="vi-VN",
        viewport={"width": 1280, "height": 800},
    )
