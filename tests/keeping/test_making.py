"""A backup of a centre at work: consistent, private, durable, never over another, and nothing half left behind."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from db import backup
from db.errors import RecordError, RecordFault
from desk import vault
from desk.keeping import container, making
from desk.keeping.making import make
from desk.rules import moment
from desk.settings import Paths, read_settings
from tests.counter.desk_fixture import KEY, LAND, open_desk
from tests.keeping.conftest import SECRET, Kept

ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(sys.platform == "win32", reason="modes and limits of POSIX")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_is_named_by_unit_and_time_and_writes_over_nothing(kept: Kept) -> None:
    first, second = (kept.backup(now="2026-03-13T17:10") for _each in range(2))
    assert names(kept.usb) == ["18229-practice-20260313-171000-2.backup", "18229-practice-20260313-171000.backup"]
    assert first["file"] != second["file"]
    assert (first["made_at"], first["events"], first["thinned"]) == ("2026-03-13T17:10+07:00", 1, [])


@posix
def test_it_is_for_its_owner_only_and_holds_no_plain_key(kept: Kept) -> None:
    (kept.centre.folder / "mail.password").write_text("hunter-two", encoding="utf-8")
    made = kept.backup()
    data = Path(made["file"]).read_bytes()
    assert stat.S_IMODE(Path(made["file"]).stat().st_mode) == 0o600
    key = vault.open_key(Paths(kept.centre.folder), None)
    assert made["key_inside"] is False
    for secret in (key, key.hex().encode(), b"hunter-two", "Đức Thọ".encode()):
        assert secret not in data
    said = kept.centre("backup", str(kept.usb), now="2026-03-13T18:00")
    assert (said.status, "desk.key" in said.err) == (0, True)


def test_a_passphrase_lets_the_key_go_along(kept: Kept, secret: Callable[[], None]) -> None:
    secret()
    made = kept.backup()
    assert made["key_inside"] is True
    facts = container.read_facts(Path(made["file"]))
    assert vault.key_in(facts.key.encode(), SECRET) == vault.open_key(Paths(kept.centre.folder), None)


def test_older_ones_of_this_desk_alone_go(kept: Kept, tmp_path: Path) -> None:
    other = tmp_path / "other"
    ran = kept.centre.run(
        "init", "--unit", "18229", "--name", "Xã Khác", "--practice", "--data", str(other), "--now", "2026-01-05T08:00"
    )
    assert ran.status == 0
    assert kept.centre.run("backup", str(kept.usb), "--data", str(other), "--now", "2026-03-01T17:00").status == 0
    (kept.usb / "18229-practice-20260302-170000.backup").write_bytes(b"no backup")
    (kept.usb / "notes.backup").write_bytes(b"mine")
    strangers = set(names(kept.usb))
    for hour in (9, 12, 15):
        kept.backup("--keep-all", now=f"2026-03-12T{hour:02d}:00")
    made = kept.backup(now="2026-03-13T17:00")
    assert made["thinned"] == ["18229-practice-20260312-090000.backup", "18229-practice-20260312-120000.backup"]
    assert set(names(kept.usb)) - strangers == {
        "18229-practice-20260312-150000.backup", "18229-practice-20260313-170000.backup",
    }  # fmt: skip


def test_what_is_no_place_for_it(kept: Kept) -> None:
    inside = kept.centre("backup", str(kept.centre.folder / "outbox"), "--json")
    assert inside.status == 3  # there is no such folder yet
    (kept.centre.folder / "outbox").mkdir(exist_ok=True)
    assert kept.reason(kept.centre("backup", str(kept.centre.folder / "outbox"), "--json")) == "inside_data_folder"
    gone = kept.centre("backup", str(kept.usb / "away"))
    assert (gone.status, gone.err.count("\n")) == (3, 1)
    assert not (kept.usb / "away").exists()
    settings = kept.centre.folder / "desk.toml"
    text = settings.read_text(encoding="utf-8").replace('database = ""', 'database = "postgresql://x/y"')
    settings.write_text(text, encoding="utf-8")
    assert kept.reason(kept.centre("backup", str(kept.usb), "--json")) == "server_database"
    assert names(kept.usb) == []


def test_a_damaged_record_gives_no_backup(kept: Kept) -> None:
    database = kept.centre.folder / "desk.db"
    data = bytearray(database.read_bytes())
    data[len(data) // 2] ^= 1
    database.write_bytes(data)
    ran = kept.centre("backup", str(kept.usb))
    assert (ran.status, "hỏng" in ran.err) == (3, True)
    assert names(kept.usb) == []
    database.write_bytes(b"")
    assert kept.centre("backup", str(kept.usb)).status == 3
    database.unlink()
    assert kept.centre("backup", str(kept.usb)).status == 3
    assert not database.exists()


def test_two_desks_go_on_writing_meanwhile(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two desks save while pages are copied one by one: the backup is one moment of the record, and a whole one."""
    paths = Paths(kept.centre.folder)
    vault.key_file(paths).write_bytes(vault.kept(KEY, None))
    paths.database.unlink()
    desks = [open_desk(paths.database, desk=number) for number in (1, 2)]
    # Small steps, so that many saves fall into the middle of the copy.
    monkeypatch.setattr(backup, "PAGES", 16)
    saved, ended = [0, 0], threading.Event()

    def work(number: int) -> None:
        while not ended.is_set():
            desks[number].receive(LAND, name=f"Người {number}-{saved[number]}", client_id=f"{number}-{saved[number]}")
            saved[number] += 1

    steps: list[int] = []
    threads = [threading.Thread(target=work, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    try:
        made = make(
            paths, read_settings(paths), kept.usb, None, moment.parse("2026-03-13T10:00"),
            progress=lambda done, _of: steps.append(done),
        )  # fmt: skip
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert isinstance(made, making.Made)
    assert len(steps) > 10
    (kept.usb / "copy.db").write_bytes(made.path.read_bytes()[: made.facts.database])
    with backup.reading(kept.usb / "copy.db", KEY) as view:
        assert backup.examine(view).events == made.facts.events
        counts = [
            view.exec_driver_sql(f"SELECT count(*) FROM {what}").scalar_one()
            for what in ("dossier", "person", "journal_event WHERE kind = 'receive'", "search_words_docsize")
        ]
    assert len(set(counts)) == 1
    now = desks[0].ask("SELECT count(*) FROM dossier")
    assert now == sum(saved) > counts[0]
    for each in desks:
        each.records.close()


def test_only_one_at_a_time(kept: Kept) -> None:
    from desk.keeping.door import turn

    with turn(Paths(kept.centre.folder)):
        ran = kept.centre("backup", str(kept.usb))
        assert (ran.status, names(kept.usb)) == (3, [])
        assert kept.centre("restore", str(kept.centre.folder / "desk.toml"), "--yes").status == 3
    kept.backup()


LIMITED = """
import resource, sys
from desk.__main__ import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(main(sys.argv[2:]))
"""


@posix
def test_a_file_that_may_not_grow_leaves_nothing_behind(kept: Kept) -> None:
    kept.backup(now="2026-03-12T09:00")
    there = names(kept.usb)
    size = (kept.usb / there[0]).stat().st_size
    # In the middle of the database, and in what follows it.
    for limit in (size // 2, size - 40):
        words = ("backup", str(kept.usb), "--data", str(kept.centre.folder), "--now", "2026-03-13T17:00")
        done = subprocess.run(
            [sys.executable, "-c", LIMITED, str(limit), *words],
            capture_output=True, text=True, cwd=ROOT, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr.count("\n")) == (3, 1), done
        assert done.stderr.startswith(f"desk: {kept.usb}: ")
        assert names(kept.usb) == there


@posix
def test_a_full_stick_is_told_and_left_as_it_was(kept: Kept) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may mount")
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(kept.usb)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("may not mount here")
    try:
        ran = kept.centre("backup", str(kept.usb))
        assert (ran.status, ran.err.count("\n")) == (3, 1)
        assert ran.err.startswith(f"desk: {kept.usb}: đĩa đã đầy")
        assert names(kept.usb) == []
    finally:
        subprocess.run(["umount", "-l", str(kept.usb)], check=True)


def test_what_cannot_be_read_back_is_no_backup(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def lying(_path: Path) -> container.Facts:
        raise container.BackupError(container.BackupFault.DAMAGED)

    monkeypatch.setattr(container, "check", lying)
    assert kept.centre("backup", str(kept.usb)).status == 3
    assert names(kept.usb) == []


def test_a_copy_that_differs_from_what_was_copied_is_none(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "examine", lambda _view: backup.Standing("0006", 99, "0" * 64))
    with pytest.raises(RecordError) as raised:
        make(
            Paths(kept.centre.folder), read_settings(Paths(kept.centre.folder)), kept.usb, None,
            moment.parse("2026-03-13T10:00"),
        )  # fmt: skip
    assert raised.value.fault is RecordFault.DAMAGED
    assert names(kept.usb) == []
