"""`desk province serve` as a process: what it answers, what it refuses, the folders it watches, how it ends."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import urllib3

from desk import reference
from desk.__main__ import main
from desk.daily.container import sha256
from desk.daily.files import write_durable
from desk.province import serving
from desk.province.service import Province
from desk.province.web import BODY_SECONDS
from tests.province.factory import MONDAY, Centre, query, rejected
from tests.sync.servers import Server, fresh_province, running

DAY = timedelta(days=1)
Ask = Callable[..., urllib3.BaseHTTPResponse]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serve")


@pytest.fixture(scope="module")
def province(folder: Path) -> Iterator[Province]:
    made = fresh_province(folder / "p")
    yield made
    made.close()


@pytest.fixture(scope="module")
def server(province: Province, folder: Path) -> Iterator[Server]:
    assert province.inbox
    (folder / "stick").mkdir()
    with running(folder / "p", "--watch", str(folder / "stick")) as found:
        yield found


@pytest.fixture(scope="module")
def ask(server: Server) -> Iterator[Ask]:
    """Return a function that sends one request to the server."""
    pool = urllib3.PoolManager(cert_reqs="CERT_NONE", assert_fingerprint=server.certificate.removeprefix("SHA256:"))
    with pool:
        yield lambda method, path, **named: pool.request(
            method, server.address + path, retries=False, redirect=False, **named
        )


CODES = iter(sorted(reference.admin_units())[100:])


@pytest.fixture
def centre(province: Province) -> Centre:
    """Return a commune of its own, enrolled."""
    made = Centre(next(CODES))
    province.enrol(made.unit, made.key_line)
    return made


def put(ask: Ask, unit: str, data: bytes, **named: Any) -> urllib3.BaseHTTPResponse:
    return ask("PUT", f"/v1/files/{unit}/{sha256(data)}", body=data, **named)


def test_the_statuses_of_a_file(ask: Ask, centre: Centre) -> None:
    first, second, third = (centre.close(MONDAY + n * DAY) for n in range(3))
    assert put(ask, centre.unit, third.data).status == 202
    made = put(ask, centre.unit, first.data)
    again = put(ask, centre.unit, first.data)
    assert (made.status, again.status) == (201, 200)
    assert made.data == again.data
    fork = centre.forged(first.daily, {"app": "other"})
    assert put(ask, centre.unit, fork.data).status == 409
    assert put(ask, centre.unit, centre.forged(third.daily, {"seq": 9, "date": "x"}).data).status == 422
    assert put(ask, centre.unit, second.data).status == 201
    assert json.loads(put(ask, centre.unit, third.data).data.splitlines()[0])["status"] == "merged"


def test_receipts_above_a_number_newest_of_each_file(ask: Ask, centre: Centre) -> None:
    files = [centre.close(MONDAY + n * DAY) for n in range(3)]
    for file in reversed(files):
        put(ask, centre.unit, file.data)
    found = ask("GET", f"/v1/receipts/{centre.unit}").data
    lines = [json.loads(line) for line in found.splitlines() if line.startswith(b"{")]
    assert [line["receipt_for"] for line in lines] == [file.sha256 for file in files]
    assert {line["status"] for line in lines} == {"merged"}
    after = lines[1]["province_seq"]
    rest = ask("GET", f"/v1/receipts/{centre.unit}?after={after}").data
    assert json.loads(rest.splitlines()[0])["receipt_for"] == files[2].sha256
    assert ask("GET", "/v1/receipts/00001?after=0").data == b""


def test_what_is_published(ask: Ask, province: Province) -> None:
    assert ask("GET", "/v1/published/province.pub").data.decode().strip() == province.identity().public_key
    for name in ("province.key", "tls.key", "..%2fprovince.key", "%2e%2e/province.key", "province.db"):
        answer = ask("GET", f"/v1/published/{name}")
        assert answer.status == 404
        assert b"PRIVATE" not in answer.data


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/files/18229/" + "a" * 64, 405),
        ("PUT", "/v1/files/18229/" + "A" * 64, 404),
        ("PUT", "/v1/files/../" + "a" * 64, 404),
        ("PUT", "/v1/files/1822%39x/" + "a" * 64, 404),
        ("PUT", "/v1/files/18229/..%2f..%2fprovince.key", 404),
        ("PUT", "/v1/files/18229/nul", 404),
        ("GET", "/v1/receipts/18229?after=-1", 404),
        ("GET", "/v1/receipts/18229?after=1e9", 404),
        ("GET", "/v1/receipts/18229?after=" + "9" * 40, 404),
        ("GET", "/v1/receipts/%00", 404),
        ("DELETE", "/", 405),
        ("GET", "/docs", 404),
        ("GET", "/v1/receipts/18229/", 404),
    ],
)
def test_other_addresses_lead_nowhere(ask: Ask, method: str, path: str, status: int) -> None:
    assert ask(method, path, body=b"x" if method == "PUT" else None).status == status


def test_bodies_are_bounded_and_strangers_leave_a_hash_only(ask: Ask, centre: Centre, server: Server) -> None:
    data = centre.close(MONDAY).data
    deflated = {"Content-Encoding": "deflate"}
    bomb = zlib.compress(bytes(10_000_000), 9)
    assert put(ask, centre.unit, bytes(70_000)).status == 413
    assert ask("PUT", f"/v1/files/{centre.unit}/{'a' * 64}", body=bomb, headers=deflated).status == 413
    assert put(ask, centre.unit, data, headers=deflated).status == 400
    assert put(ask, centre.unit, data, headers={"Content-Encoding": "br"}).status == 415
    assert ask("PUT", f"/v1/files/{centre.unit}/{'a' * 64}", body=data).data == b"motcua: wrong_hash\n"
    assert put(ask, "00001", data).data == b"motcua: wrong_unit\n"
    stranger = Centre("00004", seed=7).close(MONDAY).data
    assert put(ask, "00004", stranger).data == b"motcua: unknown_key\n"
    assert rejected(server.folder)[sha256(stranger)] == ("unknown_key", 1)
    assert sha256(bytes(70_000)) not in rejected(server.folder)
    assert query(server.folder, f"select count(*) from province_file where unit='{centre.unit}'") == [(0,)]
    assert put(ask, centre.unit, zlib.compress(data), headers=deflated).status == 400
    assert (
        ask("PUT", f"/v1/files/{centre.unit}/{sha256(data)}", body=zlib.compress(data), headers=deflated).status == 201
    )


def test_the_page_is_plain_and_asks_for_nothing_outside(ask: Ask, province: Province) -> None:
    answer = ask("GET", "/")
    text = answer.data.decode()
    assert answer.status == 200
    assert province.identity().fingerprint in text
    assert "http" not in text
    assert "<script" not in text
    assert "server" not in answer.headers
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_stick_is_watched_by_the_same_ingest(centre: Centre, server: Server, folder: Path) -> None:
    file = centre.close(MONDAY)
    own = folder / "stick" / centre.unit
    own.mkdir()
    write_durable(own, file.name, file.data)
    receipt = own / f"{file.sha256}.receipt"
    wait_for(server, receipt.exists)
    assert query(server.folder, f"select count(*) from province_receipt where unit='{centre.unit}'") == [(1,)]
    assert (folder / "stick" / "province.pub").exists()


def wait_for(server: Server, done: Callable[[], bool]) -> None:
    """Return when it is done; the server's end would be the end of waiting."""
    for _round in range(300):
        if done():
            return
        try:
            server.process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError("the server ended")
    raise AssertionError("never done")


def test_it_ends_cleanly_though_a_desk_holds_a_connection(tmp_path: Path) -> None:
    fresh_province(tmp_path / "p").close()
    with running(tmp_path / "p") as server:
        pool = urllib3.PoolManager(cert_reqs="CERT_NONE", assert_fingerprint=server.certificate.removeprefix("SHA256:"))
        with pool:
            assert pool.request("GET", server.address + "/").status == 200
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait() == 0


def test_a_head_or_a_body_that_trickles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_HEAD_SECONDS", 7.0)
    bounded: Any = serving._protocol()
    timers: list[tuple[float, Callable[[], None]]] = []
    aborted: list[bool] = []
    one = bounded.__new__(bounded)

    def later(seconds: float, work: Callable[[], None]) -> SimpleNamespace:
        timers.append((seconds, work))
        return SimpleNamespace(cancel=lambda: None)

    one.loop = SimpleNamespace(call_later=later)
    one.transport = SimpleNamespace(abort=lambda: aborted.append(True))
    one.cycle = None
    one._begin(serving._HEAD_SECONDS)
    timers[0][1]()
    assert (timers[0][0], aborted) == (7.0, [True])
    one.cycle = SimpleNamespace(response_complete=False)
    one._late()
    assert (timers[1][0], aborted) == (BODY_SECONDS, [True])
    timers[1][1]()
    assert aborted == [True, True]


def test_what_cannot_be_served_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fresh_province(tmp_path / "p").close()
    usual = ["province", "serve", "--data", str(tmp_path / "p")]
    (tmp_path / "bad.pem").write_text("x")
    bad = str(tmp_path / "bad.pem")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for words, status in [
            (["--bind", f"127.0.0.1:{port}"], 3),
            (["--bind", "8443"], 2),
            (["--bind", "x:99999"], 2),
            (["--certificate", bad], 2),
            (["--certificate", bad, "--key", bad], 2),
        ]:
            capsys.readouterr()
            assert main([*usual, *words]) == status
            printed = capsys.readouterr()
            assert (printed.out, len(printed.err.splitlines())) == ("", 1)


def test_the_systemd_unit_runs_this_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "p 1"
    words = ["--bind", "0.0.0.0:443", "--watch", str(tmp_path / "stick"), "--systemd", "--data", str(folder)]
    assert main(["province", "serve", *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    start = next(line for line in lines if line.startswith("ExecStart="))
    assert f"province serve --data '{folder}' --bind 0.0.0.0:443" in start
    assert f"ReadWritePaths='{folder}' {tmp_path / 'stick'}" in lines
    assert not folder.exists()
