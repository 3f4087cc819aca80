"""The folders of an SFTP server: one ingest with sticks, receipts in `out` only, and nothing read outside `in`."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.__main__ import main
from desk.province import inbox, spool
from desk.province.model import Answer
from desk.province.service import Province
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, tables

DAY = timedelta(days=1)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a spool with the folders of two communes."""
    for unit in (UNIT, OTHER):
        for name in ("in", "out"):
            (tmp_path / "spool" / f"mc{unit}" / name).mkdir(parents=True)
    return tmp_path / "spool"


@pytest.fixture
def box(place: Path) -> Path:
    return place / f"mc{UNIT}"


def brought(box: Path, centre: Centre, number: int) -> list[Path]:
    """Close some days and bring their files."""
    made = [centre.close(MONDAY + n * DAY) for n in range(number)]
    for file in made:
        (box / "in" / file.name).write_bytes(file.data)
    return [box / "in" / file.name for file in made]


def snapshot(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def reasons(answers: tuple[Answer, ...]) -> dict[str, str | None]:
    return {Path(answer.file).name: answer.reason for answer in answers}


def test_files_are_answered_in_out_and_taken_away(province: Province, centre: Centre, place: Path, box: Path) -> None:
    brought(box, centre, 3)
    assert [answer.status for answer in province.ingest([place])] == ["merged"] * 3
    wanted = [f"mc{UNIT}/out/{file.sha256}.receipt" for file in centre.files]
    keys = [f"mc{unit}/out/province.pub" for unit in (OTHER, UNIT)]
    assert snapshot(place) == sorted([*wanted, *keys])
    for file in centre.files:
        latest = province.latest(file.sha256)
        assert latest is not None
        assert (box / "out" / f"{file.sha256}.receipt").read_bytes() == latest[0]
    assert province.ingest([place]) == ()


def test_others_can_read_what_is_in_out_whatever_the_process_keeps_to_itself(
    province: Province, centre: Centre, place: Path, box: Path
) -> None:
    brought(box, centre, 1)
    before = os.umask(0o077)
    try:
        province.ingest([place])
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in (box / "out").iterdir()} == {0o644}


@pytest.mark.parametrize("named", ["mc18229", "mc18229/in", "file"])
def test_a_part_of_the_spool_is_answered_in_the_same_place(
    province: Province, centre: Centre, place: Path, box: Path, named: str
) -> None:
    (path,) = brought(box, centre, 1)
    province.ingest([path if named == "file" else place / named])
    assert snapshot(box) == sorted([f"out/{centre.files[0].sha256}.receipt", "out/province.pub"])


def test_the_spool_the_inbox_and_a_stick_are_one_ingest(
    province: Province, centre: Centre, place: Path, box: Path, tmp_path: Path
) -> None:
    province.use_spool(place)
    files = [centre.close(MONDAY + n * DAY) for n in range(3)]
    stick = tmp_path / "stick" / UNIT
    for folder in (stick, province.inbox / UNIT):
        folder.mkdir(parents=True)
    (stick / files[0].name).write_bytes(files[0].data)
    (box / "in" / files[1].name).write_bytes(files[1].data)
    (province.inbox / UNIT / files[2].name).write_bytes(files[2].data)
    assert [answer.status for answer in province.ingest()] == ["held", "held"]
    assert [answer.status for answer in province.ingest([stick.parent])] == ["merged"]
    (box / "in" / files[1].name).write_bytes(files[1].data)
    assert [answer.status for answer in province.ingest()] == ["merged", "merged"]
    for file, folder in ((files[1], box / "out"), (files[2], province.inbox / UNIT)):
        latest = province.latest(file.sha256)
        assert latest is not None
        assert (folder / f"{file.sha256}.receipt").read_bytes() == latest[0]


def test_links_pipes_devices_and_tricky_names_are_not_opened(
    province: Province, centre: Centre, place: Path, box: Path, folder: Path, tmp_path: Path
) -> None:
    file = centre.close(MONDAY)
    outside = tmp_path / "outside.daily"
    outside.write_bytes(file.data)
    incoming = box / "in"
    (incoming / "a.daily").symlink_to(outside)
    os.link(outside, incoming / "b.daily")
    os.mkfifo(incoming / "c.daily")
    (incoming / "d.daily").mkdir()
    for name in ("con.daily", "E.DAILY", "f (1).daily", "..daily", "g\x1b[2J.daily"):
        (incoming / name).write_bytes(file.data)
    (incoming / "z.daily").write_bytes(b"x" * 70_000)
    (incoming / UNIT).mkdir()
    (incoming / UNIT / file.name).write_bytes(file.data)
    (place / f"mc{OTHER}" / "in").rmdir()
    (place / f"mc{OTHER}" / "in").symlink_to(tmp_path, target_is_directory=True)
    (place / "mc00013").symlink_to(tmp_path, target_is_directory=True)
    before = snapshot(box)
    answers = province.ingest([place])
    assert reasons(answers) == {
        "mc00013": "symlink",
        "in": "symlink",
        "a.daily": "symlink",
        "b.daily": "hard_link",
        "c.daily": "not_a_file",
        "d.daily": "not_a_file",
        "con.daily": "bad_name",
        "E.DAILY": "bad_name",
        "f (1).daily": "bad_name",
        "..daily": "bad_name",
        "g\x1b[2J.daily": "bad_name",
        "z.daily": "too_large",
    }
    assert not tables(folder).files
    assert snapshot(box) == sorted([*before, "out/province.pub"])
    assert outside.read_bytes() == file.data


def test_a_folder_out_that_leads_elsewhere_is_not_written_through(
    province: Province, centre: Centre, place: Path, box: Path, tmp_path: Path
) -> None:
    brought(box, centre, 1)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (box / "out").rmdir()
    (box / "out").symlink_to(elsewhere, target_is_directory=True)
    assert reasons(province.ingest([place])) == {"out": "symlink"}
    assert list(elsewhere.iterdir()) == []


def test_what_has_no_receipt_stays_until_it_has_one(province: Province, centre: Centre, place: Path, box: Path) -> None:
    stranger = Centre(OTHER, seed=5)
    file = stranger.close(MONDAY)
    there = place / f"mc{OTHER}" / "in" / file.name
    there.write_bytes(file.data)
    (box / "in" / "junk.daily").write_bytes(b"x")
    assert set(reasons(province.ingest([place])).values()) == {"unknown_key", "damaged"}
    assert there.exists()
    province.enrol(OTHER, stranger.key_line)
    province.ingest([place])
    assert not there.exists()
    assert (box / "in" / "junk.daily").exists()
    assert centre.files == []


def test_a_receipt_that_cannot_be_written_keeps_the_file(
    province: Province, centre: Centre, place: Path, box: Path, folder: Path
) -> None:
    (path,) = brought(box, centre, 1)
    in_the_way = box / "out" / f"{centre.files[0].sha256}.receipt"
    (in_the_way / "x").mkdir(parents=True)
    (answer,) = province.ingest([place])
    assert (answer.status, answer.unwritten is None, path.exists()) == ("merged", False, True)
    (in_the_way / "x").rmdir()
    in_the_way.rmdir()
    (answer,) = province.ingest([place])
    assert (answer.repeated, answer.unwritten, path.exists()) == (True, None, False)
    assert len(tables(folder).files) == 1


def test_more_names_than_are_looked_at_are_taken_bit_by_bit(
    province: Province, centre: Centre, place: Path, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "MOST", 2)
    brought(box, centre, 3)
    assert reasons(province.ingest([place]))["in"] == "too_many"
    assert len(list((box / "in").iterdir())) == 1
    province.ingest([place])
    assert list((box / "in").iterdir()) == []
    assert {province.latest(file.sha256) is not None for file in centre.files} == {True}


def test_parts_of_deliveries_are_left_for_a_day(
    province: Province, place: Path, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = box / "in" / ".0123456789abcdef.part"
    part.write_bytes(b"half")
    assert province.ingest([place]) == ()
    assert part.exists()
    later = part.stat().st_ctime + 24 * 3600 + 1
    monkeypatch.setattr(spool, "system_clock", lambda: datetime.fromtimestamp(later, UTC))
    # The time of writing is the sender's to set.
    os.utime(part, (later, later))
    assert province.ingest([place]) == ()
    assert not part.exists()


def test_names_that_are_nearly_those_of_communes_are_left_alone(
    province: Province, centre: Centre, place: Path
) -> None:
    file = centre.close(MONDAY)
    for name in ("mc1822", "mc182290", "MC18229", "mc18229.old", "xmc18229"):
        for part in ("in", "out"):
            (place / name / part).mkdir(parents=True)
        (place / name / "in" / file.name).write_bytes(file.data)
    assert province.ingest([place]) == ()


def test_a_process_that_ends_before_the_receipt_leaves_the_file(
    province: Province, centre: Centre, place: Path, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class CutError(BaseException):
        pass

    def cut(*_arguments: object, **_named: object) -> None:
        raise CutError

    (path,) = brought(box, centre, 1)
    with monkeypatch.context() as broken:
        broken.setattr(inbox, "write_durable", cut)
        with pytest.raises(CutError):
            province.ingest([place])
    assert path.exists()
    assert [answer.repeated for answer in province.ingest([place])] == [True]
    assert not path.exists()


def test_the_spool_is_named_once_and_kept(
    tmp_path: Path, place: Path, box: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "p"
    data = ["--data", str(folder)]
    assert main(["province", "sftp", "--spool", str(place), *data]) == 2
    assert main(["province", "init", "--practice", "--spool", str(tmp_path / "none"), *data]) == 2
    assert "add-unit" in capsys.readouterr().err
    assert main(["province", "init", "--practice", *data]) == 0
    assert main(["province", "sftp", "--spool", str(folder / "inbox"), *data]) == 2
    capsys.readouterr()
    assert main(["province", "sftp", "--json", *data]) == 0
    assert json.loads(capsys.readouterr().out) == {"spool": None, "files": []}
    assert main(["province", "sftp", "--spool", str(place), *data]) == 0
    assert str(place) in capsys.readouterr().out
    centre = Centre(practice=True)
    (tmp_path / "key").write_text(centre.key_line)
    assert main(["province", "enrol", UNIT, "--key", str(tmp_path / "key"), *data]) == 0
    brought(box, centre, 1)
    assert main(["province", "ingest", *data]) == 0
    assert (box / "out" / f"{centre.files[0].sha256}.receipt").exists()
    capsys.readouterr()
    assert main(["province", "serve", "--systemd", *data]) == 0
    assert f"ReadWritePaths={folder} {place}" in capsys.readouterr().out.splitlines()


def test_init_names_the_spool_beside_the_database(tmp_path: Path, place: Path) -> None:
    assert main(["province", "init", "--spool", str(place), "--data", str(tmp_path / "p")]) == 0
    assert (tmp_path / "p" / "province.toml").read_text() == f'spool = "{place}"\n'
