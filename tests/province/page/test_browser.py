"""Every page in a real Chromium: no complaint of the console or of axe, all by the keyboard, fit for paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_core_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, Request

from tests.province.page.conftest import AHEAD, BAD, FORK, GAP, GOOD, NEW, RESTORED, SILENT, enter
from tests.sync.servers import Server

PAGES = (
    "/office",
    "/office?date=2026-03-06",
    "/office?date=2026-03-08",
    "/office/trends",
    "/office/trends?from=2025-01-01&to=2025-02-01",
    "/office/report",
    "/office/report?from=2025-01-01&to=2025-02-01",
    "/office/ranking",
    "/office/report?unit={0}&unit={1}",
    "/office/ranking?from=2026-03-02&to=2026-03-06&by=online",
    "/office/ranking?unit={3}",
    "/office/alarms",
    "/office/units/{0}",
    "/office/units/{2}",
    "/office/units/{7}",
    "/office/units/{8}",
)


def filled(address: str, units: list[str]) -> str:
    return address.format(*units)


@contextmanager
def heard(page: Page, office: Server) -> Iterator[list[str]]:
    """Yield what the console says and which requests go elsewhere or fail."""
    found: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith(office.address):
            found.append(f"elsewhere: {request.url}")

    page.on("console", lambda message: found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("requestfailed", lambda request: found.append(f"failed: {request.url}"))
    page.on("request", asked)
    yield found


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_quiet_and_accessible(page: Page, office: Server, units: list[str], address: str) -> None:
    with heard(page, office) as said:
        answer = page.goto(filled(address, units), wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200
        assert said == []
        assert page.locator("img").evaluate_all("all => all.every(img => img.naturalWidth > 0)")
    found = Axe().run(page)
    assert len(found["passes"]) > 10
    assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found["violations"]] == []
    assert page.locator("html").get_attribute("lang") == "vi"
    assert page.locator("script").count() == 0
    assert page.locator("[style]").count() == 0


FOCUSABLE = "a[href], button, input, select, [tabindex='0']"


@pytest.mark.parametrize(
    "address", ["/office", "/office/report", "/office/ranking", "/office/trends", "/office/alarms", "/office/units/{2}"]
)
def test_tab_reaches_everything_in_the_order_of_the_page(page: Page, units: list[str], address: str) -> None:
    page.goto(filled(address, units))
    wanted = page.locator(FOCUSABLE).evaluate_all(
        "all => all.map((each, n) => { each.dataset.place = String(n); return String(n) })"
    )
    reached: list[str] = []
    for _press in range(len(wanted) * 6):
        page.keyboard.press("Tab")
        place = page.evaluate("document.activeElement.dataset.place ?? ''")
        if not reached or reached[-1] != place:
            reached.append(place)
        if place == wanted[-1]:
            break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", f"the focus on {place} is not to be seen"
    assert reached == wanted


def test_enter_on_a_tile_opens_the_commune(page: Page, units: list[str], office: Server) -> None:
    page.goto("/office")
    page.locator(f"a[href='/office/units/{units[GAP]}']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{office.address}/office/units/{units[GAP]}")
    assert "chưa nhận được tệp số 3" in page.locator("main").inner_text()


def test_the_skip_link_leads_to_the_content(page: Page) -> None:
    page.goto("/office")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize(
    "address", ["/office", "/office/trends", "/office/report", "/office/ranking", "/office/units/{0}"]
)
def test_a_page_prints(page: Page, units: list[str], address: str) -> None:
    page.goto(filled(address, units), wait_until="networkidle")
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    number = len(re.findall(rb"/Type\s*/Page\b(?!s)", paper))
    assert 1 <= number <= 4
    page.emulate_media(media="print")
    assert not page.locator("form").first.is_visible()
    assert not page.locator("nav").is_visible()
    assert page.locator("h1").is_visible()


def test_the_grid_says_each_state_in_words(page: Page, units: list[str]) -> None:
    page.goto("/office?date=2026-03-12")
    said = {code: page.locator(f".tile[href='/office/units/{code}']").inner_text() for code in units}
    assert "đúng giờ" in said[units[GOOD]]
    assert "CHƯA CÓ" in said[units[SILENT]]
    assert "chờ tệp trước" in said[units[GAP]]
    assert "1 cảnh báo" in said[units[BAD]]
    assert "1 cảnh báo" in said[units[FORK]]
    assert "1 cảnh báo" in said[units[AHEAD]]
    legend = page.locator(".legend").inner_text()
    assert "CHƯA CÓ: 2" in legend
    page.goto("/office?date=2026-03-13")
    today = page.locator(f".tile[href='/office/units/{units[SILENT]}']").inner_text()
    assert "chưa đến hạn" in today
    assert "thiếu từ 06/03" in today


def test_the_alarms_are_named_by_kind(page: Page) -> None:
    page.goto("/office/alarms")
    text = page.locator("main").inner_text()
    sections = re.split(r"\n(?=Số liệu không cân|Tệp mâu thuẫn|Thiếu tệp|Tệp bị từ chối vì|Đồng hồ sai|Tệp lạ)", text)
    assert len(sections) == 7
    balance, chain, missing, others, clocks, strange = sections[1:]
    assert "không cân" in balance.partition("\n")[2]
    assert "BÁO ĐỘNG" in chain
    assert "chưa nhận được tệp số 3" in missing
    assert "Không có." in others
    assert "50 phút" in clocks
    assert "chưa được đăng ký" in strange


def test_a_commune_without_a_file_is_shown(page: Page, units: list[str]) -> None:
    page.goto(f"/office/units/{units[NEW]}?from=2026-03-02&to=2026-03-13")
    assert "chưa có số liệu" in page.locator("main").inner_text()
    assert page.locator("tbody tr").count() == 10


def test_a_reset_stands_among_the_days_of_its_commune_and_says_what_was_lost(page: Page, units: list[str]) -> None:
    page.goto(f"/office/units/{units[RESTORED]}")
    row = page.locator("tbody tr").first.inner_text()
    assert "13/03/2026" in row
    assert "số 11: nối lại sau phục hồi, đã chấp nhận" in row
    text = page.locator("main").inner_text()
    assert "nối lại từ số 11 sau phục hồi: mất 7 tệp (05/03/2026-13/03/2026)" in text
    assert "số 4 ngày 05/03/2026" in text
    assert "Sổ của đơn vị chỉ còn đến" in text


def test_forms_work_without_script_and_a_log_out_is_one(stranger: Page, office: Server) -> None:
    enter(stranger)
    stranger.get_by_role("link", name="Xếp hạng").click()
    stranger.get_by_role("combobox").select_option("online")
    stranger.get_by_role("button", name="Xem").click()
    assert "by=online" in stranger.url
    (cookie,) = stranger.context.cookies()
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"], cookie["path"]) == (True, True, "Strict", "/")
    assert cookie["expires"] == -1
    stranger.get_by_role("button", name="Ra khỏi trang").click()
    assert stranger.url == f"{office.address}/login"
    assert stranger.context.cookies() == []
    stranger.context.add_cookies(
        [{"name": "__Host-desk", "value": cookie["value"], "url": office.address, "secure": True}]
    )
    stranger.goto("/office")
    assert stranger.url == f"{office.address}/login"


def test_a_wrong_password_lets_nobody_in(stranger: Page, office: Server) -> None:
    for name, password in (("van.phong", "sai mật khẩu rồi"), ("nobody", "sai mật khẩu rồi")):
        enter(stranger, name, password)
        assert stranger.get_by_role("alert").inner_text() == "Tên hoặc mật khẩu không đúng."
        stranger.goto("/office")
        assert stranger.url == f"{office.address}/login"


def test_the_log_in_is_accessible(page: Page) -> None:
    page.goto("/login")
    assert Axe().run(page)["violations"] == []
