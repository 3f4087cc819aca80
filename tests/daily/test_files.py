"""Files are there whole or not at all, and nothing on a stranger's stick is followed or waited for."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.daily import files
from desk.daily.files import (
    FileFault,
    FileRefusedError,
    is_safe_name,
    read_bounded,
    sweep,
    write_durable,
    write_once,
)


def refused(path: Path, limit: int = 100) -> FileFault:
    with pytest.raises(FileRefusedError) as caught:
        read_bounded(path, limit=limit)
    return caught.value.reason


def test_a_file_is_written_and_replaced_and_leaves_nothing_beside(tmp_path: Path) -> None:
    assert write_durable(tmp_path, "a.daily", b"one").read_bytes() == b"one"
    assert write_durable(tmp_path, "a.daily", b"two").read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["a.daily"]
    assert read_bounded(tmp_path / "a.daily") == b"two"


def test_the_order_is_data_then_name_then_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(handle: int) -> None:
        steps.append("folder" if Path(f"/proc/self/fd/{handle}").resolve() == tmp_path.resolve() else "data")
        real_sync(handle)

    def replace(self: Path, target: Path) -> Path:
        steps.append("name")
        assert self.parent == target.parent
        return real_replace(self, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    write_durable(tmp_path, "a", b"x")
    assert steps == ["data", "name", "folder"]


def test_a_full_disk_leaves_the_old_file_and_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_durable(tmp_path, "a", b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "disk full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="disk full"):
        write_durable(tmp_path, "a", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"old")]


@pytest.mark.parametrize(("held", "good"), [(1, True), (4, True), (5, False)])
def test_a_scanner_that_holds_the_file_is_waited_for_a_little(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int, good: bool
) -> None:
    tries, pauses = [], list[float]()
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        tries.append(target)
        if len(tries) <= held:
            raise PermissionError(errno.EACCES, "in use")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    if good:
        write_durable(tmp_path, "a", b"x", pause=pauses.append)
        assert (tmp_path / "a").read_bytes() == b"x"
    else:
        with pytest.raises(PermissionError):
            write_durable(tmp_path, "a", b"x", pause=pauses.append)
        assert list(tmp_path.iterdir()) == []
    assert len(pauses) == min(held, 4)
    assert sum(pauses) < 0.2


@pytest.mark.parametrize(("code", "good"), [(errno.EINVAL, True), (errno.ENOTSUP, True), (errno.EIO, False)])
def test_a_file_system_without_folder_sync_is_no_error_but_a_failing_disk_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, good: bool
) -> None:
    def sync(_: int) -> None:
        raise OSError(code, "no")

    monkeypatch.setattr(os, "fsync", sync)
    if good:
        files.sync_folder(tmp_path)
    else:
        with pytest.raises(OSError, match="no"):
            files.sync_folder(tmp_path)


def test_a_sealed_file_never_changes(tmp_path: Path) -> None:
    write_once(tmp_path, "a.daily", b"one")
    write_once(tmp_path, "a.daily", b"one")
    for other in (b"two", b"on", b"one more"):
        with pytest.raises(FileRefusedError) as caught:
            write_once(tmp_path, "a.daily", other)
        assert caught.value.reason is FileFault.DIFFERENT
    assert (tmp_path / "a.daily").read_bytes() == b"one"
    with pytest.raises(FileRefusedError) as caught:
        write_once(tmp_path, "../a", b"")
    assert caught.value.reason is FileFault.BAD_NAME


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", ".a", "a.", "../a", "a/b", "a\\b", "c:a", "A", "é", "a b", "a\n", "a\0", "-a", "_a"),
        *("nul", "con", "aux.daily", "com1", "lpt9.receipt", "prn.x.y", "a" * 129, "a*", "%2e%2e", "a\u202e"),
    ],
)
def test_names_that_mean_something_else_somewhere_are_refused(tmp_path: Path, name: str) -> None:
    assert not is_safe_name(name)
    with pytest.raises(FileRefusedError) as caught:
        write_durable(tmp_path, name, b"x")
    assert caught.value.reason is FileFault.BAD_NAME
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a", "9", "18229-20260313-000001-0123abcd.daily", "a..b", "console", "a" * 128])
def test_plain_names_are_taken(name: str) -> None:
    assert is_safe_name(name)


@given(st.text(max_size=20))
def test_a_safe_name_is_one_plain_part_of_a_path(name: str) -> None:
    if is_safe_name(name):
        assert Path(name).name == name
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.-")


def test_reading_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(101))
    assert refused(path) is FileFault.TOO_LARGE
    assert read_bounded(path, limit=101) == bytes(101)
    with pytest.raises(FileNotFoundError):
        read_bounded(tmp_path / "b")


def test_links_folders_pipes_and_devices_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"x")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "link") is FileFault.SYMLINK
    assert refused(tmp_path / "dangling") is FileFault.SYMLINK
    assert refused(tmp_path / "folder") is FileFault.NOT_A_FILE
    assert refused(tmp_path / "pipe") is FileFault.NOT_A_FILE
    assert refused(Path("/dev/zero")) is FileFault.NOT_A_FILE


def test_a_link_put_there_after_the_look_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").write_bytes(b"x")
    (tmp_path / "link").symlink_to("real")
    monkeypatch.setattr(Path, "is_symlink", lambda _: False)
    assert refused(tmp_path / "link") is FileFault.SYMLINK


def test_a_link_is_replaced_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "outside").write_bytes(b"precious")
    (tmp_path / "a").symlink_to("outside")
    write_durable(tmp_path, "a", b"new")
    assert (tmp_path / "outside").read_bytes() == b"precious"
    assert read_bounded(tmp_path / "a") == b"new"


def test_no_handle_is_left_open(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(101))
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        refused(tmp_path / "a")
        refused(tmp_path)
        write_durable(tmp_path, "b", b"x")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_what_a_power_cut_left_is_swept(tmp_path: Path) -> None:
    (tmp_path / ".0123.part").write_bytes(b"half")
    (tmp_path / ".link.part").symlink_to("a")
    (tmp_path / "a").write_bytes(b"x")
    assert sweep(tmp_path) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [".link.part", "a"]
