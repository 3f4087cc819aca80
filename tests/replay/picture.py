"""The province's report page over the replayed files, as a picture: the real server, and Debian's Chromium."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from desk.province.users import Users
from tests.province.page.conftest import ARGUMENTS, NAME, PASSWORD, enter
from tests.replay.press import FIRST, LAST
from tests.sync.servers import running

NEXT_MORNING = """
import sys
from datetime import datetime
import desk.clock
desk.clock.system_clock = lambda: datetime.fromisoformat("2025-08-14T11:00:00+07:00")
from desk.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
ADDRESS = f"/office/report?from={FIRST}&to={LAST}"
_PATIENCE = 600_000
"""Milliseconds: a busy machine may take its time."""


def draw(province: Path, target: Path) -> None:
    """Write what the page shows as PNG; FileNotFoundError without Chromium."""
    path = shutil.which("chromium")
    if path is None:
        raise FileNotFoundError("chromium")
    Users(province).add(NAME, PASSWORD)
    with running(province, program=NEXT_MORNING) as server, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=list(ARGUMENTS), timeout=_PATIENCE)
        context = browser.new_context(
            base_url=server.address, ignore_https_errors=True, locale="vi-VN", viewport={"width": 1180, "height": 860}
        )
        context.set_default_timeout(_PATIENCE)
        page = context.new_page()
        enter(page)
        page.goto(ADDRESS, wait_until="networkidle")
        page.screenshot(path=str(target))
        browser.close()
