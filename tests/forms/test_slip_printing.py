"""A slip goes to the printer, or where there is none into a file of its owner's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desk.forms import printing
from desk.forms.printing import Printed, print_lines, spooler

LINES = ("GIẤY TIẾP NHẬN", "  Nguyễn Thị Thúy", "")


def test_a_printer_takes_the_text_and_nothing_is_written(tmp_path: Path) -> None:
    sent: list[tuple[str, str]] = []

    def spool(title: str, text: str) -> None:
        sent.append((title, text))

    assert print_lines(LINES, "TN-1", tmp_path / "phieu", spool) == Printed()
    assert sent == [("TN-1", "GIẤY TIẾP NHẬN\n  Nguyễn Thị Thúy\n\n")]
    assert not (tmp_path / "phieu").exists()


def test_without_a_printer_the_slip_is_a_file_of_its_owner(tmp_path: Path) -> None:
    done = print_lines(LINES, "TN-1", tmp_path / "a" / "phieu", None)
    assert done == Printed(tmp_path / "a" / "phieu" / "TN-1.txt")
    assert done.file is not None
    assert done.file.read_text(encoding="utf-8") == "GIẤY TIẾP NHẬN\n  Nguyễn Thị Thúy\n\n"
    assert done.file.stat().st_mode & 0o777 == 0o600
    assert done.file.parent.stat().st_mode & 0o777 == 0o700


def test_a_printer_that_fails_leaves_the_file_and_its_words(tmp_path: Path) -> None:
    done = print_lines(LINES, "TN-1", tmp_path, lambda _title, _text: "no default destination")
    assert (done.file, done.fault) == (tmp_path / "TN-1.txt", "no default destination")


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("mine", encoding="utf-8")
    (tmp_path / "TN-1.txt").symlink_to(other)
    print_lines(LINES, "TN-1", tmp_path, None)
    assert other.read_text(encoding="utf-8") == "mine"


def test_a_title_stays_inside_the_folder(tmp_path: Path) -> None:
    done = print_lines(LINES, "../../etc/đ x", tmp_path / "phieu", None)
    assert done.file is not None
    assert done.file.parent == tmp_path / "phieu"


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o700)


@pytest.mark.skipif(os.name != "posix", reason="spoolers of Unix")
@pytest.mark.parametrize(("name", "option"), [("lp", "-t"), ("lpr", "-T")])
def test_the_systems_spooler_gets_title_and_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, option: str
) -> None:
    program(tmp_path, name, f'printf "%s\\n" "$@" > {tmp_path}/arguments; /bin/cat > {tmp_path}/text')
    monkeypatch.setenv("PATH", str(tmp_path))
    found = spooler()
    assert found is not None
    assert print_lines(LINES, "TN-1 $(x)", tmp_path / "phieu", found) == Printed()
    assert (tmp_path / "arguments").read_text(encoding="utf-8").splitlines() == [option, "TN-1 $(x)"]
    assert "Nguyễn Thị Thúy" in (tmp_path / "text").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="spoolers of Unix")
@pytest.mark.parametrize(
    ("script", "fault"),
    [("echo 'no printer' >&2; exit 1", "no printer"), ("exit 3", "3"), ("exec /bin/sleep 9", "timeout")],
)
def test_what_the_spooler_answers_is_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, fault: str
) -> None:
    monkeypatch.setattr(printing, "SECONDS", 0.5)
    program(tmp_path, "lp", script)
    monkeypatch.setenv("PATH", str(tmp_path))
    done = print_lines(LINES, "TN-1", tmp_path / "phieu", spooler())
    assert done.fault == fault
    assert done.file is not None


def test_a_system_without_a_spooler_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert spooler() is None
