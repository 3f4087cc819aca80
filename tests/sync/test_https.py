"""HTTPS to a real server process: what a delivery costs, and what happens where it is cut."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from desk.__main__ import main
from desk.province.service import Province
from desk.settings import CentreSettings, write_settings
from desk.sync.https import HttpsWay
from desk.sync.ways import Fetched, Trouble, WayError
from tests.province.factory import MONDAY, Centre, query
from tests.sync.link import Impostor, Line, Proxy
from tests.sync.servers import KILLED_AFTER_STORING, Commune, Server, fresh_province, running, units

Made = Callable[..., Commune]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("https")


@pytest.fixture(scope="module")
def province(folder: Path) -> Iterator[Province]:
    made = fresh_province(folder / "p")
    yield made
    made.close()


@pytest.fixture(scope="module")
def server(province: Province, folder: Path) -> Iterator[Server]:
    assert province.inbox
    with running(folder / "p") as found:
        yield found


@pytest.fixture(scope="module")
def made(province: Province, folder: Path) -> Made:
    """Return a function that makes a commune of its own."""
    codes = units()
    return lambda files=1: Commune(folder, next(codes), province, files=files)


def merged_and_receipts(server: Server, unit: str) -> tuple[int, int]:
    files = query(server.folder, f"select count(*) from province_file where unit='{unit}' and status='merged'")
    receipts = query(server.folder, f"select count(*) from province_receipt where unit='{unit}'")
    return files[0][0], receipts[0][0]


def test_a_delivery_is_one_request_within_the_budget(server: Server, made: Made) -> None:
    commune = made()
    with Proxy(server.address) as line:
        run = commune.post(commune.https(server, line.address)).run()
    assert [(item.state, item.reason, item.tries, item.way) for item in run] == [("confirmed", "", 1, "https")]
    assert not run.problems
    assert line.counted.connections == 1
    assert line.counted.round_trips <= 4
    assert 0 < line.counted.wire <= 5000


def test_the_file_goes_deflated(server: Server, made: Made) -> None:
    commune = made()
    files = (server.folder / "tls.pem", server.folder / "tls.key")
    with Impostor(b"HTTP/1.1 500 no\r\nContent-Length: 0\r\n\r\n", files) as false:
        commune.post(commune.https(server, false.address)).run()
    head, _gap, body = false.heard[0].partition(b"\r\n\r\n")
    assert b"Content-Encoding: deflate" in head
    assert b"User-Agent" not in head
    assert not body or zlib.decompressobj().decompress(body)


def test_the_key_is_met_once_and_then_no_longer_asked_for(server: Server, made: Made) -> None:
    commune = made(files=2)
    (commune.paths.folder / "province.pub").unlink()
    way = commune.https(server)
    run = commune.post(way).run()
    assert run.newly_pinned
    assert commune.states() == ["confirmed", "confirmed"]
    asked = spy(way)
    assert commune.post(way).run() == ()
    assert asked == []


def spy(way: HttpsWay) -> list[str]:
    """Return the list in which the requests of a way will be noted."""
    asked: list[str] = []
    ask = way._ask

    def noted(method: str, path: str, *arguments: bytes, limit: int = 65536) -> tuple[int, bytes]:
        asked.append(f"{method} {path.split('/')[2]}")
        return ask(method, path, *arguments, limit=limit)

    way._ask = noted  # type: ignore[method-assign, assignment]
    return asked


class Lossy(HttpsWay):
    """A way whose answers are lost after the server gave them."""

    def offer(self, name: str, data: bytes) -> Fetched:
        super().offer(name, data)
        raise WayError(Trouble.LINE_BROKEN)


def test_lost_receipts_are_asked_for_together(server: Server, made: Made) -> None:
    commune = made(files=3)
    first = commune.post(Lossy(server.address, commune.centre.unit, server.certificate)).run()
    assert [(item.state, item.reason, item.tries) for item in first] == [("sealed", "line_broken", 1)] * 3
    way = commune.https(server)
    asked = spy(way)
    run = commune.post(way).run()
    assert [item.state for item in run] == ["confirmed"] * 3
    assert asked == ["GET receipts"]
    assert not run.problems


def test_one_lost_receipt_comes_with_the_file_again(server: Server, made: Made) -> None:
    commune = made()
    commune.post(Lossy(server.address, commune.centre.unit, server.certificate)).run()
    way = commune.https(server)
    asked = spy(way)
    assert [item.state for item in commune.post(way).run()] == ["confirmed"]
    assert asked == ["PUT files"]
    assert merged_and_receipts(server, commune.centre.unit) == (1, 1)


@pytest.mark.parametrize(
    ("up", "down"),
    [(0, None), (1, None), (300, None), (517, None), (700, None), (1250, None), (None, 0), (None, 90), (None, 900)],
)
def test_a_cut_anywhere_leaves_one_merge_and_one_receipt(
    server: Server, made: Made, up: int | None, down: int | None
) -> None:
    commune = made()
    with Proxy(server.address, Line(cut_up=up, cut_down=down)) as line:
        run = commune.post(commune.https(server, line.address)).run()
    assert [item.state for item in run] == ["sealed"]
    assert run[0].reason in {Trouble.LINE_BROKEN, Trouble.NO_LINE, Trouble.NOT_PROVINCE}
    assert [item.state for item in commune.post(commune.https(server)).run()] == ["confirmed"]
    assert merged_and_receipts(server, commune.centre.unit) == (1, 1)


def test_killed_between_storing_and_answering(tmp_path: Path) -> None:
    province = fresh_province(tmp_path / "p")
    commune = Commune(tmp_path, "18229", province)
    province.close()
    with running(tmp_path / "p", program=KILLED_AFTER_STORING) as doomed:
        run = commune.post(commune.https(doomed)).run()
        assert [(item.state, item.tries) for item in run] == [("sealed", 1)]
        assert doomed.process.wait() == -9
    with running(tmp_path / "p") as server:
        assert merged_and_receipts(server, "18229") == (1, 1)
        assert [item.state for item in commune.post(commune.https(server)).run()] == ["confirmed"]
        assert merged_and_receipts(server, "18229") == (1, 1)


def test_a_line_that_is_not_there(server: Server, made: Made) -> None:
    commune = made()
    with Proxy(server.address) as gone:
        pass
    run = commune.post(commune.https(server, gone.address)).run()
    assert [(item.state, item.reason) for item in run] == [("sealed", "no_line")]


def test_a_slow_and_lossy_line_confirms(server: Server, made: Made) -> None:
    commune = made(files=2)
    waits: list[float] = []
    with Proxy(server.address, Line(rate=1200, delay=0.3, loss=0.3, pause=waits.append)) as line:
        run = commune.post(commune.https(server, line.address)).run()
    assert [item.state for item in run] == ["confirmed", "confirmed"]
    assert max(waits) >= 1.2


def test_a_key_that_the_province_does_not_know(server: Server, made: Made) -> None:
    commune = made()
    stranger = Centre(commune.centre.unit, seed=9).close(MONDAY)
    for name in commune.paths.outbox.iterdir():
        name.unlink()
    commune.post().put(stranger.name, stranger.data)
    run = commune.post(commune.https(server)).run()
    assert [(item.state, item.reason) for item in run] == [("sealed", "unknown_there")]
    assert merged_and_receipts(server, commune.centre.unit) == (0, 0)


def test_desk_sync_goes_the_ways_of_the_settings(
    server: Server, made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commune = made(files=2)
    usual = CentreSettings(commune.centre.unit, "x", ways=(server.address,), certificate=server.certificate)
    write_settings(commune.paths, replace(usual, ways=("https://127.0.0.1:1", str(tmp_path / "no-stick"))))
    words = ["sync", "--json", "--data", str(commune.paths.folder)]
    assert main([*words, "--due"]) == 3
    printed = capsys.readouterr()
    assert [(item["state"], item["reason"]) for item in json.loads(printed.out)] == [("sealed", "unreachable")] * 2
    assert len(printed.err.splitlines()) == 2
    write_settings(commune.paths, replace(usual, ways=("http://127.0.0.1:1", server.address)))
    assert main(words) == 2
    assert "ways" in capsys.readouterr().err
    assert commune.states() == ["confirmed", "confirmed"]
    write_settings(commune.paths, usual)
    assert main(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(item["state"], item["way"]) for item in found] == [("confirmed", "https")] * 2
