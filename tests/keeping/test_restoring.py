"""A backup brought back: what it loses is said, the old record stays, and what is not meant for here is refused."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db.steps import HEADS, Side
from desk import bootstrap, first_look, vault
from desk.keeping import container, restoring
from desk.keeping.door import DOOR
from desk.rules import moment
from desk.settings import Paths
from desk.sync.lock import if_free
from tests.keeping.conftest import Kept

ROOT = Path(__file__).parents[2]
BACKED, LATER, TODAY = "2026-03-13T17:30", "2026-03-16T10:00", "2026-03-17T08:00"


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but the locks."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def worked(kept: Kept) -> tuple[Kept, str, dict[str, str]]:
    """A centre that went on after its backup: a dossier more, another finished, a day sealed."""
    kept.centre.now = "2026-03-13T09:00"
    codes = {"old": kept.centre.take(), "done": kept.centre.take(procedure="2.000815")}
    kept.centre("close", now="2026-03-13T17:00")
    file = kept.backup(now=BACKED)["file"]
    kept.centre.now = LATER
    codes["new"] = kept.centre.take()
    assert kept.centre("act", codes["done"], "finish").status == 0
    kept.centre("close", now="2026-03-16T17:00")
    kept.centre.now = TODAY
    return kept, file, codes


def test_the_effect_is_shown_and_nothing_is_written(worked: tuple[Kept, str, dict[str, str]]) -> None:
    kept, file, codes = worked
    before = tree(kept.centre.folder)
    told = json.loads(kept.restore(file, "--dry-run").out)
    assert told["restored"] is False
    assert (told["difference"]["dossiers_gone"], told["difference"]["dossiers_older"]) == (
        [codes["new"]], [codes["done"]],
    )  # fmt: skip
    assert told["difference"]["files"] == [{"seq": 3, "date": "2026-03-16"}]
    assert (told["difference"]["first_at"], told["difference"]["same_key"]) == ("2026-03-16T10:00+07:00", True)
    assert (told["reset"]["goes_on_from"], told["reset"]["known_seq"]) == (2, 3)
    ran = kept.centre("restore", file)
    assert (ran.status, codes["new"] in ran.out, "--yes" in ran.err) == (1, True, True)
    assert "Mất tệp số 3 ngày 16/03/2026" in ran.out
    assert kept.centre("restore", file, typed=b"phuc hoi\n").status == 1  # nobody sits there
    assert tree(kept.centre.folder) == before


def test_the_old_record_is_kept_and_the_restored_one_seals_nothing(worked: tuple[Kept, str, dict[str, str]]) -> None:
    kept, file, codes = worked
    before = (kept.centre.folder / "desk.db").read_bytes()
    told = kept.restored(file)
    aside = Path(told["kept_aside"])
    assert aside.parent == kept.centre.folder
    assert (aside / "desk.db").read_bytes() == before
    assert kept.codes() == {codes["old"], codes["done"]}
    closed = kept.centre("close", "--json")
    assert (closed.status, json.loads(closed.out)["reason"]) == (1, "reset_needed")
    # What was given out since the backup is not given out again.
    assert kept.centre.take(procedure="2.000815").startswith("TN-18229-260317-11001")
    assert kept.centre("reset", "--reason", "ổ hỏng").status == 0
    assert kept.centre("journal", "verify").status == 0
    assert {path.name for path in kept.centre.folder.glob(".*")} == set()
    # The record that was kept aside can be opened where it is put back.
    shutil.copy(aside / "desk.db", kept.centre.folder / "desk.db")
    assert codes["new"] in kept.codes()


def test_the_same_is_not_restored(kept: Kept) -> None:
    file = kept.backup()["file"]
    assert kept.reason(kept.restore(file, "--yes")) == "nothing_to_restore"
    # A record that was lost altogether comes back, and says so to the province.
    (kept.centre.folder / "desk.db").unlink()
    told = kept.restored(file)
    assert (told["record_here"], told["kept_aside"]) == ({"exists": False, "readable": False}, None)
    assert told["reset"]["needed"] is True


@pytest.mark.parametrize("damage", ["page", "noise", "empty"])
def test_a_damaged_record_is_kept_too(worked: tuple[Kept, str, dict[str, str]], damage: str) -> None:
    kept, file, _codes = worked
    database = kept.centre.folder / "desk.db"
    data = database.read_bytes()
    half = len(data) // 2
    bad = {"page": data[:half] + bytes([data[half] ^ 1]) + data[half + 1 :], "noise": b"\xff" * 9000, "empty": b""}
    database.write_bytes(bad[damage])
    told = kept.restored(file)
    assert told["record_here"] == {"exists": True, "readable": False}
    assert (Path(told["kept_aside"]) / "desk.db").read_bytes() == bad[damage]
    # The sealed file in the outbox still says what was lost.
    assert [each["seq"] for each in told["reset"]["lost"]["files"]] == [3]


def altered(file: str, to: Path, **facts: Any) -> str:
    """Write a backup whose facts are others, all its sums right."""
    with to.open("w+b") as stream:
        found, sealed = container.unpack(Path(file), stream)
        values = {name: getattr(found, name) for name in found.__struct_fields__} | facts
        container.finish(stream, sealed, container.Facts(**values))
    return str(to)


def test_what_is_not_for_here_is_refused_and_changes_nothing(kept: Kept, tmp_path: Path) -> None:
    file = kept.backup()["file"]
    data = Path(file).read_bytes()
    kept.centre.take()
    before = tree(kept.centre.folder)
    newer = f"{int(HEADS[Side.DESK]) + 1:04d}"
    wrong = {
        "newer_schema": altered(file, tmp_path / "a", schema=newer),
        "other_unit": altered(file, tmp_path / "b", unit="00004"),
        "other_mode": altered(file, tmp_path / "c", practice=False),
        "damaged": altered(file, tmp_path / "d", made="2026-03-14T08:00+07:00"),
    }
    for reason, path in wrong.items():
        assert kept.reason(kept.restore(path, "--yes")) == reason
    for reason, content in {
        "damaged": data[: len(data) // 2] + b"\0" + data[len(data) // 2 + 1 :],
        "not_a_backup": data[:-1],
    }.items():
        (tmp_path / "e").write_bytes(content)
        assert kept.reason(kept.restore(str(tmp_path / "e"), "--yes")) == reason
    assert kept.reason(kept.restore(str(kept.centre.folder / "desk.db"), "--yes")) == "not_a_backup"
    assert kept.restore(str(tmp_path / "none"), "--yes").status == 2
    assert kept.restore(str(tmp_path), "--yes").status == 2
    assert tree(kept.centre.folder) == before


def test_a_new_machine_takes_the_key_from_where_it_was_kept(kept: Kept, tmp_path: Path) -> None:
    (kept.centre.folder / "sftp.key").write_bytes(b"a key")
    code = kept.centre.take()
    file = kept.backup()["file"]
    new = tmp_path / "new"
    words = ("restore", file, "--yes", "--json", "--data", str(new), "--now", TODAY)
    assert kept.reason(kept.centre.run(*words)) == "no_key"
    assert not new.exists()
    wrong = tmp_path / "wrong.key"
    wrong.write_bytes(vault.kept(b"w" * 32, None))
    assert kept.reason(kept.centre.run(*words, "--key", str(wrong))) == "no_key"
    told = json.loads(kept.centre.run(*words, "--key", str(kept.centre.folder / "desk.key")).out)
    assert (told["restored"], told["kept_aside"]) == (True, None)
    assert sorted(tree(new)) == ["desk.db", "desk.key", "desk.toml", "sftp.key"]
    shown = kept.centre.run("show", code, "--data", str(new), "--now", TODAY)
    assert (shown.status, code in shown.out) == (0, True)
    assert kept.centre.run("reset", "--data", str(new), "--now", TODAY).status == 1


def test_a_new_machine_needs_but_the_passphrase(
    kept: Kept, tmp_path: Path, secret: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret()
    code = kept.centre.take()
    file = kept.backup()["file"]
    new = tmp_path / "new"
    words = ("--data", str(new), "--now", TODAY)
    monkeypatch.delenv("DESK_PASSPHRASE_FILE")
    ran = kept.centre.run("restore", file, "--yes", *words)
    assert (ran.status, "DESK_PASSPHRASE_FILE" in ran.err, new.exists()) == (2, True, False)
    secret()
    assert kept.centre.run("restore", file, "--yes", *words).status == 0
    assert kept.centre.run("show", code, *words).status == 0
    monkeypatch.delenv("DESK_PASSPHRASE_FILE")
    assert kept.centre.run("show", code, *words).status == 2


def test_another_installation_goes_aside_with_its_own_key(kept: Kept, tmp_path: Path) -> None:
    file, key = kept.backup()["file"], kept.centre.folder / "desk.key"
    new = tmp_path / "new"
    words = ("--data", str(new), "--now", TODAY)
    made = kept.centre.run("init", "--unit", "18229", "--name", "Xã Đức Thọ", "--practice", *words)
    assert made.status == 0
    own = tree(new)
    ran = kept.centre.run("restore", file, "--yes", "--key", str(key), *words)
    assert (ran.status, "không cùng gốc" in ran.out, "khóa khác" in ran.out) == (0, True, True)
    aside = next(new.glob(f"{restoring.ASIDE}*"))
    assert {name: (aside / name).read_bytes() for name in ("desk.db", "desk.key")} == {
        name: own[name] for name in ("desk.db", "desk.key")
    }
    assert (new / "desk.key").read_bytes() == key.read_bytes()


HOLDER = """
import sys
from pathlib import Path
from desk.bootstrap import open_centre
from desk.rules import moment
from desk.settings import Paths
desk = open_centre(Paths(Path(sys.argv[1])), now=moment.parse("2026-03-17T08:00"))
print("open", flush=True)
sys.stdin.readline()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there the file itself cannot be moved")
def test_nothing_is_put_under_an_open_desk(worked: tuple[Kept, str, dict[str, str]]) -> None:
    kept, file, codes = worked
    words = [sys.executable, "-c", HOLDER, str(kept.centre.folder)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        ran = kept.restore(file, "--yes")
        assert (ran.status, "đang mở" in ran.err) == (3, True)
        assert json.loads(kept.restore(file, "--dry-run").out)["difference"]["events"] > 0
        holder.stdin.close()
    assert codes["new"] in kept.codes()
    assert kept.restored(file)["restored"] is True


OTHER = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there the file itself cannot be moved")
def test_nobody_gets_hold_of_a_record_that_is_carried_out(
    worked: tuple[Kept, str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who opens a record comes through the door, which is shut while records change places."""
    kept, file, _codes = worked
    where = Paths(kept.centre.folder)
    seen: list[str] = []

    def shut() -> bool:
        with if_free(where.folder / DOOR) as free:
            return not free

    def watched(module: Any, name: str, said: str) -> None:
        real = getattr(module, name)

        def watching(*given: Any) -> Any:
            if shut():
                seen.append(said)
            return real(*given)

        monkeypatch.setattr(module, name, watching)

    move = restoring._move

    def moving(*given: Any) -> None:
        words = [sys.executable, "-c", OTHER, str(where.database)]
        if where.database.exists() and subprocess.run(words, capture_output=True, check=False).returncode == 0:
            seen.append("not alone")
        move(*given)

    monkeypatch.setattr(restoring, "_move", moving)
    watched(restoring, "_move", "moved")
    watched(bootstrap, "_records", "opened")
    watched(first_look, "glance", "glanced")
    assert kept.restored(file)["restored"] is True
    assert first_look.look(where, moment.parse(TODAY)) is not None
    # Moved aside, moved in, opened in its place, looked at; the one beside the record is opened with the door free.
    assert seen == ["moved", "moved", "opened", "glanced"]
