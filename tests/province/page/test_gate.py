"""The addresses of the page as a program asks for them: who is let in, what is refused, what the answers carry."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
import urllib3

from desk.province.users import Users
from tests.province.page.conftest import AT_SIX, NAME, PASSWORD
from tests.sync.servers import Server, running

Ask = Callable[..., urllib3.BaseHTTPResponse]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ADDRESSES = (
    *("/office", "/office/trends", "/office/ranking", "/office/alarms"),
    *("/office/units/00004", "/office/charts/received.svg", "/office/charts/received.svg?unit=00004"),
    *(
        "/office/report.csv",
        "/office/report.xlsx",
        "/office/ranking.csv",
        "/office/ranking.xlsx",
        "/office/dhis2.jsonl",
    ),
)


def asker(server: Server) -> Ask:
    """Return a function that sends one request to a server."""
    pool = urllib3.PoolManager(cert_reqs="CERT_NONE", assert_fingerprint=server.certificate.removeprefix("SHA256:"))
    return lambda method, path, **named: pool.request(
        method, server.address + path, retries=False, redirect=False, **named
    )


@pytest.fixture(scope="module")
def ask(office: Server) -> Ask:
    return asker(office)


def entered(ask: Ask, **headers: str) -> urllib3.BaseHTTPResponse:
    body = urlencode({"name": NAME, "password": PASSWORD})
    return ask("POST", "/login", body=body, headers={**FORM, **headers})


@pytest.fixture(scope="module")
def cookie(ask: Ask) -> str:
    answer = entered(ask)
    assert (answer.status, answer.headers["Location"]) == (303, "/office")
    return answer.headers["Set-Cookie"].partition(";")[0]


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("sent", ["", "__Host-desk=", "__Host-desk=abc", "desk=x"])
def test_without_a_session_every_address_leads_to_the_log_in(ask: Ask, path: str, sent: str) -> None:
    answer = ask("GET", path, headers={"Cookie": sent} if sent else {})
    assert (answer.status, answer.headers["Location"], answer.data) == (303, "/login", b"")


def test_what_every_answer_carries(ask: Ask, cookie: str) -> None:
    for path, headers in (("/office", {"Cookie": cookie}), ("/login", {}), ("/office", {}), ("/page/style.css", {})):
        answer = ask("GET", path, headers=headers)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if path != "/page/style.css":
            assert answer.headers["Cache-Control"] == "no-store"


def test_the_cookie_is_bound_to_this_host(ask: Ask) -> None:
    parts = {part.strip().lower() for part in entered(ask).headers["Set-Cookie"].split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=strict", "secure"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "none"}, 400),
        ({"Origin": "https://elsewhere.example"}, 400),
        ({"Origin": "null"}, 400),
        ({"Content-Type": "text/plain"}, 400),
        ({"Content-Type": "multipart/form-data"}, 400),
    ],
)
def test_only_the_form_of_this_server_logs_in(ask: Ask, headers: dict[str, str], status: int) -> None:
    assert entered(ask, **headers).status == status


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"x" * 5000, b"&".join(b"a=1" for _n in range(20)), b"name=%ff&password=x"]
)
def test_a_body_that_is_no_small_form_is_refused(ask: Ask, body: bytes) -> None:
    assert ask("POST", "/login", body=body, headers=FORM).status == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/office?date=yesterday", 400),
        ("/office?date=0001-01-01", 400),
        ("/office?date=9999-12-31", 400),
        ("/office/ranking?by=name", 400),
        ("/office/trends?from=2026-03-02&to=2026-03-01", 400),
        ("/office/trends?from=2020-03-02&to=2026-03-01", 400),
        ("/office/ranking.csv?by=name", 400),
        ("/office/report.xlsx?from=2026-03-02&to=2026-03-01", 400),
        ("/office/dhis2.jsonl?from=2020-03-02&to=2026-03-01", 400),
        ("/office/report?unit=99999", 404),
        ("/office/report.csv?unit=99999", 404),
        ("/office/ranking.xlsx?unit=%3Cx%3E", 404),
        ("/office/dhis2.jsonl?unit=99999", 404),
        ("/office/report.pdf", 404),
        ("/office/units/99999", 404),
        ("/office/units/1822x", 404),
        ("/office/units/..%2fx", 404),
        ("/office/charts/other.svg", 404),
        ("/office/charts/reports.svg?unit=00004", 404),
        ("/office/charts/received.svg?unit=99999", 404),
        ("/office/charts/received.svg?unit=%3Cx%3E", 404),
        ("/office/", 404),
        ("/page/routes.py", 404),
    ],
)
def test_what_is_not_there_is_a_short_page(ask: Ask, cookie: str, path: str, status: int) -> None:
    answer = ask("GET", path, headers={"Cookie": cookie})
    assert answer.status == status
    assert b"Traceback" not in answer.data
    assert b"%3Cx" not in answer.data


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_the_page_changes_nothing(ask: Ask, cookie: str, method: str) -> None:
    for path in ADDRESSES:
        assert ask(method, path, headers={"Cookie": cookie}).status == 405


def test_a_chart_is_drawn_here_without_script(ask: Ask, cookie: str) -> None:
    for name in ("reports", "timely", "received", "resolved"):
        answer = ask("GET", f"/office/charts/{name}.svg", headers={"Cookie": cookie})
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/svg+xml")
        root = ET.fromstring(answer.data)
        assert not [each for each in root.iter() if str(each.tag).endswith(("script", "image", "foreignObject"))]
        assert b"http" not in answer.data.replace(b"http://www.w3.org/", b"")


def test_a_session_ends_with_its_user_or_its_password(office_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    shutil.copytree(office_folder, folder)
    users = Users(folder)
    with running(folder, program=AT_SIX) as server:
        ask = asker(server)

        def status(token: str) -> int:
            return ask("GET", "/office/alarms", headers={"Cookie": token}).status

        before = entered(ask).headers["Set-Cookie"].partition(";")[0]
        assert status(before) == 200
        users.reset(NAME, PASSWORD)
        assert status(before) == 303
        after = entered(ask).headers["Set-Cookie"].partition(";")[0]
        assert status(after) == 200
        users.remove(NAME)
        assert status(after) == 303
        assert b"desk province user add" in ask("GET", "/login").data
        assert entered(ask).status == 403


@pytest.fixture
def own(office_folder: Path) -> Iterator[Ask]:
    """Return what asks a server whose wrong tries are not those of the other tests."""
    with running(office_folder, program=AT_SIX) as server:
        yield asker(server)


def test_guessing_is_slowed_down_also_with_the_right_password(own: Ask) -> None:
    def guess(password: str) -> Any:
        return own("POST", "/login", body=urlencode({"name": NAME, "password": password}), headers=FORM)

    statuses = [guess(f"mật khẩu thứ {n}").status for n in range(5)]
    assert statuses == [403] * 5
    answer = guess(PASSWORD)
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert "Set-Cookie" not in answer.headers
