"""`desk init`, `desk demo` and `desk` alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from desk.bootstrap import open_centre
from desk.cli.status import CommandError
from desk.counter.model import Refused
from desk.rules import moment
from desk.settings import Paths, read_settings
from tests.cli.conftest import in_a_terminal

Desk = Callable[..., Any]
UNIT = ("--unit", "18229", "--name", "Xã Đức Thọ")


def test_a_centre_is_set_up_and_says_what_a_province_needs(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "a" / "b"
    more = ("--agency", "H27.10", "--folder", "stick", "--officer", "Lê Thị Hoa", "--desk", "3", "--json")
    ran = desk("init", *UNIT, *more, "--data", str(folder))
    assert (ran.status, ran.err) == (0, "")
    made = json.loads(ran.out)
    assert (made["unit"], made["name"], made["practice"], made["data"]) == ("18229", "Xã Đức Thọ", False, str(folder))
    assert made["fingerprint"].startswith("SHA256:")
    settings = read_settings(Paths(folder))
    assert (settings.agency, settings.desk, settings.practice) == ("H27.10", 3, False)
    assert settings.folder == str(tmp_path / "stick")
    assert list((tmp_path / "stick").iterdir()) == []
    shown = json.loads(desk("key", "show", "--json", "--data", str(folder)).out)
    assert shown["fingerprint"] == made["fingerprint"]


def test_the_exchange_folder_is_made_once_and_only_where_its_place_is_there(desk: Desk, tmp_path: Path) -> None:
    data, stick = tmp_path / "data", tmp_path / "stick"
    ran = desk("init", *UNIT, "--practice", "--folder", str(stick), "--data", str(data))
    assert (ran.status, ran.err, stick.is_dir()) == (0, "", True)
    stick.rmdir()
    assert desk("sync", "--data", str(data)).status in {0, 3}
    assert not stick.exists()
    absent = tmp_path / "usb" / "desk"
    ran = desk("init", *UNIT, "--practice", "--folder", str(absent), "--data", str(tmp_path / "other"))
    assert (ran.status, ran.err.count("\n"), absent.parent.exists()) == (0, 1, False)
    assert str(absent) in ran.err
    (tmp_path / "file").write_text("x")
    ran = desk("init", *UNIT, "--practice", "--folder", str(tmp_path / "file"), "--data", str(tmp_path / "third"))
    assert (ran.status, ran.err.count("\n")) == (0, 1)


def test_the_same_in_words(desk: Desk, data_folder: Path) -> None:
    ran = desk("init", *UNIT, "--practice")
    lines = ran.out.splitlines()
    assert lines[0] == "Đơn vị: 18229 Xã Đức Thọ (thực hành)"
    assert lines[1].startswith("Vân tay khóa: SHA256:")
    assert lines[2] == f"Thư mục dữ liệu: {data_folder}"


@pytest.mark.parametrize(
    ("words", "status", "part"),
    [
        (("--unit", "1822", "--name", "x"), 2, "năm chữ số"),
        (("--unit", "١٨٢٢٩", "--name", "x"), 2, "năm chữ số"),
        (("--unit", "99999", "--name", "x"), 1, "99999"),
        ((*UNIT, "--desk", "10"), 1, "từ 1 đến 9"),
        ((*UNIT, "--desk", "một"), 2, "--desk"),
        (("--unit", "18229", "--name", " \u200b "), 2, "tên trống"),
        (("--unit", "18229", "--name", "x" * 201), 2, "200"),
        (("--unit", "18229"), 2, "thiếu --name"),
        ((*UNIT, "--now", "2026-03-12T08:00"), 1, "thực hành"),
        ((*UNIT, "--practice", "--now", "hôm qua"), 2, "«hôm qua»"),
        ((*UNIT, "--database", "sqlite:///plain.db"), 2, "postgresql://"),
    ],
)
def test_what_cannot_be_set_up_leaves_nothing(
    desk: Desk, data_folder: Path, words: tuple[str, ...], status: int, part: str
) -> None:
    ran = desk("init", *words)
    assert (ran.status, ran.out) == (status, "")
    assert ran.err.count("\n") == 1
    assert part in ran.err
    assert not data_folder.exists()


def test_a_second_centre_in_a_folder_is_refused(centre: Any, desk: Desk) -> None:
    ran = desk("init", *UNIT, "--practice", "--json", "--data", str(centre.folder))
    assert ran.status == 1
    assert json.loads(ran.out)["reason"] == "exists"


@pytest.mark.parametrize("left", ["desk.key", "desk.db"])
def test_what_is_left_of_a_centre_is_never_written_over(desk: Desk, data_folder: Path, left: str) -> None:
    data_folder.mkdir()
    (data_folder / left).write_bytes(b"precious")
    assert desk("init", *UNIT).status == 1
    assert (data_folder / left).read_bytes() == b"precious"
    assert [path.name for path in data_folder.iterdir()] == [left]


def test_a_set_up_that_fails_can_be_done_again(desk: Desk, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from desk import bootstrap

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "write_settings", full)
        assert desk("init", *UNIT).status == 3
    assert list(data_folder.iterdir()) == []
    assert desk("init", *UNIT).status == 0


class TestPassphrase:
    """A centre behind a passphrase."""

    def secret(self, folder: Path, text: str) -> str:
        path = folder / "secret"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return str(path)

    def test_it_opens_with_the_passphrase_only(
        self, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DESK_PASSPHRASE_FILE", self.secret(tmp_path, "đúng mật khẩu"))
        assert desk("init", *UNIT).status == 0
        assert desk("key", "show").status == 0
        monkeypatch.setenv("DESK_PASSPHRASE_FILE", self.secret(tmp_path, "sai"))
        wrong = desk("key", "show")
        assert (wrong.status, wrong.out, wrong.err) == (2, "", "desk: mật khẩu không đúng\n")
        monkeypatch.delenv("DESK_PASSPHRASE_FILE")
        locked = desk("find", "x")
        assert locked.status == 2
        assert "DESK_PASSPHRASE_FILE" in locked.err

    def test_somebody_at_a_terminal_is_asked(self, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        import getpass

        from desk.cli import centre as opening

        class Terminal:
            @staticmethod
            def isatty() -> bool:
                return True

        def nothing(_prompt: str) -> str:
            raise EOFError

        monkeypatch.setenv("DESK_PASSPHRASE_FILE", self.secret(tmp_path, "mở ra"))
        assert desk("init", *UNIT).status == 0
        monkeypatch.delenv("DESK_PASSPHRASE_FILE")
        paths = opening.paths_of(None)
        with monkeypatch.context() as patch:
            for stream in ("stdin", "stderr"):
                patch.setattr(sys, stream, Terminal())
            patch.setattr(getpass, "getpass", lambda _prompt: "mở ra")
            opened = opening.open_at(paths, None)
            assert not isinstance(opened, Refused)
            opened.close()
            patch.setattr(getpass, "getpass", nothing)
            with pytest.raises(CommandError):
                opening.open_at(paths, None)

    def test_delivering_needs_none(self, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DESK_PASSPHRASE_FILE", self.secret(tmp_path, "x"))
        (tmp_path / "stick").mkdir()
        assert desk("init", *UNIT, "--folder", str(tmp_path / "stick")).status == 0
        monkeypatch.delenv("DESK_PASSPHRASE_FILE")
        assert desk("sync", "--json").out == "[]\n"


@pytest.mark.parametrize(
    ("name", "content", "status", "part"),
    [
        ("desk.key", b"{", 3, "desk.key"),
        ("desk.key", None, 3, "desk.key"),
        ("desk.db", None, 3, "cơ sở dữ liệu"),
        ("desk.db", b"\x00\xff" * 4096, 3, "cơ sở dữ liệu"),
        ("desk.toml", b"\xff", 2, "TOML"),
        ("desk.toml", b"unit = 1\n", 2, "unit"),
        ("desk.toml", None, 2, "desk init"),
    ],
)
def test_a_damaged_centre_is_one_line(centre: Any, name: str, content: bytes | None, status: int, part: str) -> None:
    path = centre.folder / name
    path.unlink() if content is None else path.write_bytes(content)
    for words in (("find", "x"), ("journal", "verify"), ("show", "x", "--json")):
        ran = centre(*words)
        assert (ran.status, ran.out) == (status, "")
        assert ran.err.count("\n") == 1
        assert part in ran.err


def test_a_live_centre_takes_no_other_clock(desk: Desk) -> None:
    assert desk("init", *UNIT).status == 0
    ran = desk("find", "x", "--now", "2026-03-12T08:00", "--json")
    assert (ran.status, json.loads(ran.out)["reason"]) == (1, "now_in_live_centre")


class TestDemo:
    """A practice centre with made-up dossiers."""

    WORDS = ("demo", "--no-open", "--dossiers", "20", "--seed", "3", "--now", "2026-03-20T10:00")

    def test_it_is_made_once_and_opened_again(self, desk: Desk, data_folder: Path) -> None:
        made = desk(*self.WORDS, "--json")
        assert made.status == 0
        facts = json.loads(made.out)
        assert (facts["data"], facts["made"], facts["dossiers"]) == (str(data_folder), True, 20)
        assert facts["events"] > facts["dossiers"]
        assert made.err.splitlines()[-1] == "20/20"
        again = desk(*self.WORDS, "--json")
        assert (again.status, json.loads(again.out)) == (0, {"data": str(data_folder), "made": False})
        assert json.loads(desk("journal", "verify", "--json").out) == {"holds": True}

    def test_other_peoples_folders_are_left_alone(self, desk: Desk, centre: Any, tmp_path: Path) -> None:
        empty = desk(*self.WORDS, "--data", str(centre.folder))
        assert (empty.status, "chưa có hồ sơ" in empty.err) == (1, True)
        (tmp_path / "live").mkdir()
        assert desk("init", *UNIT, "--data", str(tmp_path / "live")).status == 0
        live = desk(*self.WORDS, "--data", str(tmp_path / "live"))
        assert (live.status, "trung tâm thật" in live.err) == (1, True)
        foreign = desk(*self.WORDS, "--data", str(tmp_path))
        assert (foreign.status, foreign.out) == (1, "")

    def test_a_time_before_all_work_is_wrong_usage(self, desk: Desk, data_folder: Path) -> None:
        ran = desk("demo", "--no-open", "--now", "2024-01-02T08:00")
        assert (ran.status, ran.err.count("\n")) == (2, 1)
        assert not data_folder.exists()

    def test_one_that_is_stopped_leaves_nothing(
        self, desk: Desk, data_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from desk.rehearsal import demo

        def stopped(*_given: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(demo, "write_settings", stopped)
        assert desk(*self.WORDS).status == 130
        assert not data_folder.exists()

    def test_it_has_a_folder_of_its_own(self, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        import platformdirs

        monkeypatch.delenv("DESK_DATA")
        monkeypatch.setattr(platformdirs, "user_data_path", lambda *_given, **_more: tmp_path / "motcua-desk")
        assert json.loads(desk(*self.WORDS, "--json").out)["data"] == str(tmp_path / "motcua-desk" / "demo")


class TestCounter:
    """`desk` alone."""

    def test_it_needs_a_terminal(self, desk: Desk) -> None:
        for words in ((), ("--now", "2026-03-12T08:00"), ("--data", "x")):
            ran = desk(*words)
            assert (ran.status, ran.out) == (2, "")
            assert "desk --help" in ran.err

    def test_it_loads_nothing_of_the_commands(self) -> None:
        program = "import sys; from desk.__main__ import main; main([]); print('typer' in sys.modules)"
        done = subprocess.run(
            [sys.executable, "-c", program], stdin=subprocess.DEVNULL, capture_output=True, check=True
        )
        assert done.stdout == b"False\n"

    def test_it_opens_the_counter_on_the_folder(
        self, desk: Desk, data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from desk.cli import app, opening
        from desk.rules import moment

        opened: list[tuple[Path, datetime | None]] = []

        def on(paths: Paths, now: datetime | None) -> int:
            opened.append((paths.folder, now))
            return 7

        monkeypatch.setattr(opening, "open_on", on)
        monkeypatch.setattr(app, "open_on", on)
        assert desk().status == 7
        assert desk("--data", str(tmp_path), "--now", "2026-03-12T08:00").status == 7
        assert opened == [(data_folder, None), (tmp_path, moment.parse("2026-03-12T08:00"))]

    @pytest.mark.parametrize("option", [("--data", "x"), ("--now", "2026-03-12T08:00")])
    def test_options_before_a_command_are_not_silently_dropped(self, desk: Desk, option: tuple[str, str]) -> None:
        ran = desk(*option, "find", "x")
        assert (ran.status, "desk find" in ran.err) == (2, True)


def test_who_waits_at_a_terminal_for_an_upgrade_is_told(centre: Any) -> None:
    desk = open_centre(Paths(centre.folder), now=moment.parse(centre.now))
    assert not isinstance(desk, Refused)
    older = ("DROP TABLE unit_change", "UPDATE alembic_version SET version_num = '0006'")
    for again in (False, True):
        with desk.context.records.writing() as work:
            for statement in older:
                work.connection.exec_driver_sql(statement)
            work.commit()
        if again:
            ran = centre("journal", "verify")
            assert (ran.status, ran.err) == (0, "")
        else:
            status, sent = in_a_terminal("journal", "verify", "--data", str(centre.folder), "--now", centre.now)
            assert status == 0, sent
            assert [f"Nâng cấp {n}/3" in sent for n in (1, 2, 3)] == [True] * 3
    desk.close()
