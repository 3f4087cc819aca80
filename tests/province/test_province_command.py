"""`desk province`: what scripts and officers see."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from desk.__main__ import main
from tests.province.factory import MONDAY, OTHER, UNIT, Centre

DAY = timedelta(days=1)
NOW = "2026-03-06T18:00"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def province(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command of the province in a folder of the test."""

    def run(*words: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8"))
        capsys.readouterr()
        status = main(["province", *words, "--data", str(tmp_path / "p")])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def centre() -> Centre:
    return Centre(practice=True)


@pytest.fixture
def stick(tmp_path: Path, province: Run, centre: Centre) -> Path:
    """Return a stick for a practice province in which the commune is enrolled."""
    assert province("init", "--practice", "--now", NOW)[0] == 0
    assert province("enrol", UNIT, "--key", "-", "--now", NOW, typed=centre.key_line)[0] == 0
    folder = tmp_path / "stick"
    (folder / UNIT).mkdir(parents=True)
    return folder


def lay(stick: Path, centre: Centre, number: int) -> list[Path]:
    made = [centre.close(MONDAY + n * DAY) for n in range(number)]
    for file in made:
        (stick / UNIT / file.name).write_bytes(file.data)
    return [stick / UNIT / file.name for file in made]


def test_init_prints_the_key_for_the_paper(province: Run, tmp_path: Path) -> None:
    status, out, err = province("init", "--json")
    made = json.loads(out)
    assert (status, err, made["practice"]) == (0, "", False)
    assert made["fingerprint"].startswith("SHA256:")
    assert (tmp_path / "p" / "province.pub").read_text().strip() == made["public_key"]
    status, out, err = province("init", "--json")
    assert (status, json.loads(out)["reason"]) == (1, "already")
    assert len(err.splitlines()) == 1


def test_enrol_prints_the_fingerprint(province: Run, tmp_path: Path, centre: Centre) -> None:
    province("init")
    key = tmp_path / "unit.pub"
    key.write_text(centre.key_line)
    status, out, _err = province("enrol", UNIT, "--key", str(key), "--go-live", "2026-03-02")
    assert status == 0
    assert centre.key.public.fingerprint in out
    other = tmp_path / "other.pub"
    other.write_text(Centre(seed=9).key_line)
    found = json.loads(province("enrol", UNIT, "--key", str(other), "--json")[1])
    assert found["other_keys"] == [centre.key.public.fingerprint]
    assert (found["go_live"], found["name"], found["again"]) == ("2026-03-02", "Xã Đức Thọ", False)


@pytest.mark.parametrize(
    ("words", "typed", "status"),
    [
        (("enrol", "99999", "--key", "-"), "good", 2),
        (("enrol", UNIT, "--key", "-"), "ssh-rsa AAAA", 2),
        (("enrol", UNIT, "--key", "-"), "\udcff", 2),
        (("enrol", UNIT, "--key", "no-such-file"), "", 2),
        (("enrol", OTHER, "--key", "-"), "good", 1),
        (("enrol", UNIT, "--key", "-", "--go-live", "soon"), "good", 2),
        (("ingest", "no-such-folder"), "", 2),
        (("status", "--date", "2026-13-01"), "", 2),
        (("report", "--from", "2026-03-02", "--to", "2026-03-01"), "", 2),
        (("report", "--from", "2026-03-01", "--to", "2026-03-02", "--unit", OTHER), "", 2),
        (("report", "--from", "2026-03-01", "--to", "2026-03-02", "--format", "pdf"), "", 2),
        (("retire", UNIT), "", 2),
        (("publish", "no-such-file"), "", 2),
        (("accept-reset", UNIT), "", 1),
    ],
)
@pytest.mark.usefixtures("stick")
def test_what_cannot_be_done_is_one_line(
    province: Run, centre: Centre, words: tuple[str, ...], typed: str, status: int
) -> None:
    line = centre.key_line if typed == "good" else typed.replace("\udcff", "ÿ")
    found, out, err = province(*words, typed=line)
    assert (found, out, len(err.splitlines())) == (status, "", 1), err


def test_without_init_every_command_says_so(province: Run, tmp_path: Path) -> None:
    for words in (("ingest",), ("status",), ("report", "--from", "2026-03-01", "--to", "2026-03-31")):
        status, _out, err = province(*words)
        assert status == 2
        assert "desk province init" in err
    assert not (tmp_path / "p").exists()


def test_ingest_prints_one_receipt_object_a_file(province: Run, stick: Path, centre: Centre) -> None:
    paths = lay(stick, centre, 3)
    away = paths[0].rename(stick / "away")
    status, out, err = province("ingest", str(stick), "--now", NOW, "--json")
    found = json.loads(out)
    assert (status, err) == (0, "")
    assert [(each["seq"], each["status"], each["reason"], each["expected_seq"]) for each in found] == [
        (2, "held", "gap", 1),
        (3, "held", "gap", 1),
    ]
    away.rename(paths[0])
    status, out, _err = province("ingest", str(stick), "--now", NOW, "--json")
    found = json.loads(out)
    assert [(each["file"], each["unit"], each["status"]) for each in found] == [
        (str(path), UNIT, "merged") for path in paths
    ]
    assert [each["receipt_for"] for each in found] == [file.sha256 for file in centre.files]
    assert {each["province_time"] for each in found} == {"2026-03-06T18:00:00+07:00"}
    (stick / UNIT / "x.daily").write_bytes(b"x")
    status, out, _err = province("ingest", str(stick), "--now", NOW)
    assert status == 1
    assert len(out.splitlines()) == 4


def test_a_name_cannot_steer_the_terminal(province: Run, stick: Path) -> None:
    (stick / UNIT / "\x1b[2Jx\n.daily").write_bytes(b"x")
    _status, out, _err = province("ingest", str(stick), "--now", NOW)
    assert "\x1b" not in out
    assert len(out.splitlines()) == 1


def test_a_receipt_that_could_not_be_written_is_said(province: Run, stick: Path, centre: Centre) -> None:
    lay(stick, centre, 1)
    (stick / UNIT / f"{centre.files[0].sha256}.receipt").mkdir()
    (stick / UNIT / f"{centre.files[0].sha256}.receipt" / "x").touch()
    status, _out, err = province("ingest", str(stick), "--now", NOW)
    assert status == 3
    assert len(err.splitlines()) == 1


def test_status_and_report(province: Run, stick: Path, centre: Centre) -> None:
    lay(stick, centre, 5)
    province("ingest", str(stick), "--now", NOW)
    status, out, _err = province("status", "--date", "2026-03-06", "--json")
    found = json.loads(out)
    assert (status, found["expected"], found["actual"], found["on_time"]) == (0, 5, 5, 1)
    assert found["reporting_rate"] == 1.0
    assert found["units"][0]["day"] == "on_time"
    assert UNIT in province("status", "--date", "2026-03-06")[1]
    status, out, _err = province("report", "--from", "2026-03-02", "--to", "2026-03-06", "--json")
    report = json.loads(out)
    total = report["total"]
    assert status == 0
    assert report["balanced"]
    assert total["received"] == total["resolved"] + total["open"]
    received = sum(
        sum(file.daily.totals.get(name, 0) for name in ("online", "direct", "post")) for file in centre.files
    )
    assert total["online"] + total["direct_or_post"] == received
    table = province("report", "--from", "2026-03-02", "--to", "2026-03-06")[1]
    rows = province("report", "--from", "2026-03-02", "--to", "2026-03-06", "--format", "csv")[1].splitlines()
    assert len(rows) == len(report["rows"]) + 2
    assert rows[-1].split(",")[1] == str(total["received"])
    assert "Chứng thực" in table


def test_holes_and_forks_are_shown(province: Run, stick: Path, centre: Centre) -> None:
    lay(stick, centre, 3)
    (stick / UNIT / centre.files[1].name).unlink()
    bad = centre.forged(centre.files[0].daily, {"app": "9.9"})
    (stick / UNIT / bad.name).write_bytes(bad.data)
    assert province("ingest", str(stick), "--now", NOW)[0] == 1
    out = province("status", "--date", "2026-03-04")[1]
    assert "số 2 (gap)" in out
    assert "BÁO ĐỘNG" in out
    found = json.loads(province("status", "--date", "2026-03-04", "--json")[1])["units"][0]
    assert found["holes"] == [{"from": 2, "to": 2, "reason": "gap", "date": None}]
    assert (found["held"], found["refused"], len(found["forks"])) == (1, 1, 1)


def test_a_report_with_a_hole_is_not_balanced(province: Run, stick: Path, centre: Centre) -> None:
    for n in range(3):
        file = centre.close(MONDAY + n * DAY)
        file = centre.replace_last({"totals": {}}) if n == 1 else file
        (stick / UNIT / file.name).write_bytes(file.data)
    province("ingest", str(stick), "--now", NOW)
    status, out, _err = province("report", "--from", "2026-03-02", "--to", "2026-03-06", "--json")
    assert (status, json.loads(out)["balanced"]) == (1, False)
    assert "CHƯA CÂN" in province("report", "--from", "2026-03-02", "--to", "2026-03-06")[1]


def test_only_practice_sets_the_clock(province: Run) -> None:
    assert province("init", "--now", NOW)[0] == 2
    assert province("init")[0] == 0
    for words in (("status",), ("ingest",)):
        assert province(*words, "--now", NOW)[0] == 2


def test_the_command_shows_what_ends_and_asks(province: Run, stick: Path, centre: Centre) -> None:
    now = ("--now", "2026-03-06T18:00")
    lay(stick, centre, 3)
    province("ingest", str(stick), *now)
    status, out, err = province("retire", UNIT, "--last-day", "2026-03-04", *now)
    assert (status, "04/03/2026" in out, len(err.splitlines())) == (1, True, 1)
    status, out, _err = province("retire", UNIT, "--last-day", "2026-03-04", "--yes", "--json", *now)
    shown = json.loads(out)
    assert (status, shown["retired"], shown["last_day"], shown["dropped"]) == (0, True, "2026-03-04", [])
    found = json.loads(province("status", "--json", *now)[1])
    assert (found["expected"], found["units"][0]["last_day"]) == (3, "2026-03-04")
    assert "thôi báo cáo sau ngày 04/03/2026" in province("status", *now)[1]
    status, out, err = province("retire", UNIT, "--last-day", "2026-03-03", "--yes", "--json", *now)
    assert (status, json.loads(out)["reason"], len(err.splitlines())) == (1, "reported_after", 1)
    assert province("retire", UNIT, "--undo", "--yes", *now)[0] == 0
    (key,) = json.loads(province("retire", UNIT, "--keys", "--json", *now)[1])
    assert (key["last_seq"], key["retired_at"]) == (None, None)
    status, out, _err = province("retire", UNIT, "--key", key["fingerprint"], "--yes", *now)
    assert (status, "sau số 3" in out, "enrol" in out) == (0, True, True)
    (key,) = json.loads(province("retire", UNIT, "--keys", "--json", *now)[1])
    assert key["last_seq"] == 3
    assert date.fromisoformat(key["retired_at"][:10]) == MONDAY + 4 * DAY


@pytest.mark.parametrize(
    "words",
    [(), ("--key", "x", "--last-day", "2026-03-04"), ("--last-seq", "3"), ("--undo", "--keys"), ("--last-day", "x")],
)
@pytest.mark.usefixtures("stick")
def test_one_thing_at_a_time(province: Run, words: tuple[str, ...]) -> None:
    status, out, err = province("retire", UNIT, *words)
    assert (status, out, len(err.splitlines())) == (2, "", 1)
