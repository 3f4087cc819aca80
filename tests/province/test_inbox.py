"""Folders and sticks: what is read, what is left alone, and the receipts beside the files."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from db.errors import RecordError, RecordFault
from desk.daily.files import read_bounded
from desk.daily.model import Status
from desk.province import inbox, taking
from desk.province.books import Books
from desk.province.model import Answer, Taken
from desk.province.service import Province, open_province
from tests.province.factory import MONDAY, UNIT, Centre, Clock, query, tables

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    (folder / UNIT).mkdir(parents=True)
    return folder


def lay(folder: Path, centre: Centre, number: int) -> list[Path]:
    """Close some days and lay the files into a folder."""
    made = [centre.close(MONDAY + n * DAY) for n in range(number)]
    for file in made:
        (folder / file.name).write_bytes(file.data)
    return [folder / file.name for file in made]


def brief(answers: tuple[Answer, ...]) -> list[tuple[str, str, str | None]]:
    return [(Path(answer.file).name, answer.status.value, answer.reason) for answer in answers]


def test_a_folder_is_ingested_and_answered(province: Province, centre: Centre, stick: Path, folder: Path) -> None:
    paths = lay(stick / UNIT, centre, 3)
    (stick / "holiday.jpg").write_bytes(b"x")
    (stick / "photos").mkdir()
    (stick / "photos" / paths[0].name).write_bytes(b"x")
    answers = province.ingest([stick])
    assert brief(answers) == [(path.name, "merged", None) for path in paths]
    for file in centre.files:
        latest = province.latest(file.sha256)
        assert latest is not None
        assert (stick / UNIT / f"{file.sha256}.receipt").read_bytes() == latest[0]
    assert (stick / "province.pub").read_bytes() == (folder / "province.pub").read_bytes()
    assert sorted(path.name for path in stick.iterdir()) == [UNIT, "holiday.jpg", "photos", "province.pub"]


def test_one_file_or_the_inbox_of_the_province(province: Province, centre: Centre, tmp_path: Path) -> None:
    (path, *_rest) = lay(tmp_path, centre, 1)
    assert brief(province.ingest([path])) == [(path.name, "merged", None)]
    assert (tmp_path / f"{centre.files[0].sha256}.receipt").exists()
    assert (tmp_path / "province.pub").exists()
    assert province.ingest() == ()
    (province.inbox / UNIT).mkdir()
    (province.inbox / UNIT / path.name).write_bytes(path.read_bytes())
    (answer,) = province.ingest()
    assert answer.repeated
    assert (province.inbox / UNIT / f"{centre.files[0].sha256}.receipt").exists()


def test_a_lost_receipt_is_written_again_the_same(province: Province, centre: Centre, stick: Path) -> None:
    lay(stick / UNIT, centre, 1)
    province.ingest([stick])
    receipt = stick / UNIT / f"{centre.files[0].sha256}.receipt"
    before = receipt.read_bytes()
    receipt.unlink()
    assert province.ingest([stick])[0].repeated
    assert receipt.read_bytes() == before
    receipt.write_bytes(before[:-10])
    province.ingest([stick])
    assert receipt.read_bytes() == before


def test_a_cut_between_commit_and_receipt_loses_nothing(
    province: Province, centre: Centre, stick: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(stick / UNIT, centre, 1)

    class CutError(BaseException):
        pass

    def cut(*_arguments: object) -> None:
        raise CutError

    with monkeypatch.context() as broken:
        broken.setattr(inbox, "write_durable", cut)
        with pytest.raises(CutError):
            province.ingest([stick])
    assert {row[1] for row in tables(folder).figures} == {1}
    receipts = query(folder, "select content from province_receipt")
    assert brief(province.ingest([stick]))[0][1:] == ("merged", None)
    assert query(folder, "select content from province_receipt") == receipts
    assert (stick / UNIT / f"{centre.files[0].sha256}.receipt").read_bytes() == receipts[0][0]


def test_files_out_of_order_in_one_pass_are_answered_as_they_stand_at_the_end(
    province: Province, centre: Centre, tmp_path: Path, stick: Path
) -> None:
    first, second, third = lay(stick / UNIT, centre, 3)
    other = tmp_path / "other"
    other.mkdir()
    third = third.rename(other / third.name)
    assert brief(province.ingest([third])) == [(third.name, "held", "gap")]
    answers = province.ingest([third, second, first])
    assert brief(answers) == [(path.name, "merged", None) for path in (third, second, first)]
    latest = province.latest(centre.files[2].sha256)
    assert latest is not None
    assert (other / f"{centre.files[2].sha256}.receipt").read_bytes() == latest[0]
    assert latest[1].status is Status.MERGED


def test_links_pipes_devices_and_tricky_names_are_not_opened(
    province: Province, centre: Centre, stick: Path, tmp_path: Path, folder: Path
) -> None:
    (path, *_rest) = lay(tmp_path, centre, 1)
    unit = stick / UNIT
    (unit / "a.daily").symlink_to(path)
    os.mkfifo(unit / "b.daily")
    (unit / "c.daily").mkdir()
    (unit / "con.daily").write_bytes(path.read_bytes())
    (unit / "E.DAILY").write_bytes(path.read_bytes())
    (unit / "f (1).daily").write_bytes(path.read_bytes())
    (unit / "g\x1b[2J.daily").write_bytes(path.read_bytes())
    (unit / "-rf.daily").write_bytes(path.read_bytes())
    (unit / "z.daily").write_bytes(b"x" * 70_000)
    (stick / "00004").symlink_to(tmp_path, target_is_directory=True)
    answers = province.ingest([stick])
    assert {name: reason for name, _status, reason in brief(answers)} == {
        "00004": "symlink",
        "a.daily": "symlink",
        "b.daily": "not_a_file",
        "c.daily": "not_a_file",
        "con.daily": "bad_name",
        "E.DAILY": "bad_name",
        "f (1).daily": "bad_name",
        "g\x1b[2J.daily": "bad_name",
        "-rf.daily": "bad_name",
        "z.daily": "too_large",
    }
    assert {answer.status for answer in answers} == {Status.REFUSED}
    assert not tables(folder).files
    assert [entry.name for entry in unit.iterdir() if entry.name.endswith(".receipt")] == []


def test_a_receipt_that_cannot_be_written_stops_nothing(
    province: Province, centre: Centre, stick: Path, folder: Path
) -> None:
    lay(stick / UNIT, centre, 2)
    (stick / UNIT / f"{centre.files[0].sha256}.receipt").mkdir()
    (stick / UNIT / f"{centre.files[0].sha256}.receipt" / "in the way").touch()
    answers = province.ingest([stick])
    assert [answer.status for answer in answers] == [Status.MERGED] * 2
    assert [answer.unwritten is None for answer in answers] == [False, True]
    assert {row[1] for row in tables(folder).figures} == {1, 2}


def test_a_published_key_that_is_in_the_way_is_said(province: Province, centre: Centre, stick: Path) -> None:
    lay(stick / UNIT, centre, 1)
    (stick / "province.pub").mkdir()
    (answer,) = province.ingest([stick])
    assert answer.status is Status.MERGED
    assert answer.unwritten is not None


def test_a_foreign_published_key_is_replaced(province: Province, stick: Path, folder: Path) -> None:
    (stick / "province.pub").write_text("ssh-ed25519 AAAA someone\n")
    province.ingest([stick])
    assert (stick / "province.pub").read_bytes() == (folder / "province.pub").read_bytes()


def test_a_path_that_is_not_there_stops_before_anything(
    province: Province, centre: Centre, stick: Path, folder: Path
) -> None:
    lay(stick / UNIT, centre, 1)
    with pytest.raises(FileNotFoundError):
        province.ingest([stick, stick / "gone"])
    assert not tables(folder).files


def test_a_file_the_system_does_not_read_is_said(
    province: Province, centre: Centre, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = lay(stick / UNIT, centre, 2)

    def scratched(path: Path, *, limit: int = 65536) -> bytes:
        if path == first:
            raise OSError(5, "Input/output error")
        return read_bounded(path, limit=limit)

    monkeypatch.setattr(inbox, "read_bounded", scratched)
    assert brief(province.ingest([stick])) == [
        (first.name, "refused", "not_readable"),
        (second.name, "held", "gap"),
    ]


def test_no_unit_folder_inside_a_unit_folder(province: Province, centre: Centre, stick: Path) -> None:
    (stick / UNIT / UNIT).mkdir()
    lay(stick / UNIT / UNIT, centre, 1)
    assert province.ingest([stick]) == ()


def test_the_answer_document_has_the_keys_of_a_receipt(province: Province, centre: Centre, stick: Path) -> None:
    lay(stick / UNIT, centre, 1)
    (stick / UNIT / "x.daily").write_bytes(b"nothing")
    good, bad = (answer.document() for answer in province.ingest([stick]))
    assert good.keys() == bad.keys()
    assert (good["unit"], good["seq"], good["status"], good["reason"]) == (UNIT, 1, "merged", None)
    assert (bad["unit"], bad["seq"], bad["status"], bad["reason"]) == (None, None, "refused", "damaged")
    assert good["receipt_for"] == centre.files[0].sha256


def test_an_opened_province_takes_up_where_it_was(
    province: Province, centre: Centre, folder: Path, clock: Clock
) -> None:
    first, second = (centre.close(MONDAY + n * DAY).data for n in range(2))
    province.take(first)
    province.close()
    again = open_province(folder, clock)
    assert again.take(first).repeated
    assert again.take(second).reason is None
    again.close()


def test_a_receipt_given_meanwhile_by_another_process_is_the_one_that_stays(
    province: Province, centre: Centre, stick: Path
) -> None:
    first, second = lay(stick / UNIT, centre, 2)
    digest = centre.files[1].sha256
    province.ingest([second])
    held = province._latest([digest])
    province.ingest([first])
    merged = province._latest([digest])
    receipt = stick / UNIT / f"{digest}.receipt"
    receipt.unlink()
    seen = [held]
    inbox.Ingest(province.take_all, lambda _some: seen.pop() if seen else merged, lambda *_folder: None).run([second])
    assert held != merged
    assert receipt.read_bytes() == merged[digest].content


def test_a_file_that_fails_in_the_taking_spoils_no_other(
    province: Province, centre: Centre, stick: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = lay(stick / UNIT, centre, 5)
    bad, real = paths[2].read_bytes(), taking.take

    def stumble(books: Books, opened: taking.Opened, **named: Any) -> Taken:
        taken = real(books, opened, **named)
        if opened.data == bad:
            raise RecordError(RecordFault.OTHER)
        return taken

    with monkeypatch.context() as broken:
        broken.setattr(taking, "take", stumble)
        with pytest.raises(RecordError):
            province.ingest([stick])
        assert {row[1] for row in tables(folder).figures} == {1, 2}
    assert [answer.repeated for answer in province.ingest([stick])] == [True, True, False, False, False]
    assert query(folder, "select count(*) from province_receipt") == [(5,)]


def test_more_files_than_are_taken_together(
    province: Province, centre: Centre, stick: Path, folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "BATCH", 3)
    clock.now += 20 * DAY
    paths = lay(stick / UNIT, centre, 10)
    (stick / UNIT / "x.daily").write_bytes(b"x")
    (stick / UNIT / "y.daily").write_bytes(paths[0].read_bytes())
    answers = province.ingest([*reversed(paths), stick])
    assert [answer.status for answer in answers[:10]] == [Status.MERGED] * 10
    assert [answer.repeated for answer in answers] == [False] * 10 + [True] * 10 + [False, True]
    assert query(folder, "select count(*) from province_receipt where status = 'merged'") == [(10,)]
    for file in centre.files:
        latest = province.latest(file.sha256)
        assert latest is not None
        assert (stick / UNIT / f"{file.sha256}.receipt").read_bytes() == latest[0]


def test_who_comes_again_opens_only_what_is_new_or_not_settled(
    province: Province, centre: Centre, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = lay(stick / UNIT, centre, 3)
    held = third.read_bytes()
    second.rename(stick / "second")
    seen: inbox.Seen = {}
    assert brief(province.ingest([stick], seen)) == [(first.name, "merged", None), (third.name, "held", "gap")]
    opened: list[Path] = []

    def opening(path: Path, **more: Any) -> bytes:
        opened.append(path)
        return read_bounded(path, **more)

    monkeypatch.setattr(inbox, "read_bounded", opening)
    assert [answer.repeated for answer in province.ingest([stick], seen)] == [True]
    assert first not in opened
    (stick / "second").rename(second)
    assert brief(province.ingest([stick], seen)) == [(second.name, "merged", None), (third.name, "merged", None)]
    opened.clear()
    assert (province.ingest([stick], seen), opened) == ((), [])
    third.write_bytes(held + b"\n")
    assert [answer.status.value for answer in province.ingest([stick], seen)] == ["refused"]
    assert len(province.ingest([stick])) == 3


def test_what_has_no_receipt_yet_is_looked_at_again(province: Province, centre: Centre, stick: Path) -> None:
    lay(stick / UNIT, centre, 1)
    in_the_way = stick / UNIT / f"{centre.files[0].sha256}.receipt"
    in_the_way.mkdir()
    seen: inbox.Seen = {}
    assert [answer.unwritten is not None for answer in province.ingest([stick], seen)] == [True]
    in_the_way.rmdir()
    assert [answer.unwritten for answer in province.ingest([stick], seen)] == [None]
    assert in_the_way.is_file()
    assert province.ingest([stick], seen) == ()
