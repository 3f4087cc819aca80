"""Where data lives, the centre's settings file and the passphrase file."""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.settings import (
    CentreSettings,
    Paths,
    SettingsError,
    SettingsProblem,
    change_setting,
    data_folder,
    make_folder,
    passphrase,
    read_settings,
    settings_text,
    write_private,
    write_settings,
)

HUE = CentreSettings(
    "19930", "Trung tâm Phục vụ hành chính công phường Mỹ Thượng", "H57.30", 2, True, "/mnt/usb", "", "ssh"
)
words = st.text(st.characters(codec="utf-8"))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_command_line_comes_before_the_environment(tmp_path: Path) -> None:
    named = {"DESK_DATA": str(tmp_path / "b")}
    assert data_folder(tmp_path / "a", named) == tmp_path / "a"
    assert data_folder(None, named) == tmp_path / "b"


def test_the_platform_has_the_last_word(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_folder(None, {}).name == "motcua-desk"
    assert data_folder(None, {"DESK_DATA": ""}) == data_folder(None, {})


def test_a_relative_folder_is_fixed_at_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert data_folder(Path("data"), {}) == tmp_path / "data"


def test_places_inside_the_folder(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    places = (paths.database, paths.settings, paths.outbox, paths.receipts, paths.log)
    assert [place.name for place in places] == ["desk.db", "desk.toml", "outbox", "receipts", "desk.log"]
    assert {place.parent for place in places} == {tmp_path}


@given(unit=words.filter(bool), name=words.filter(bool), folder=words, desk=st.integers(), practice=st.booleans())
def test_any_text_survives_the_file(unit: str, name: str, folder: str, desk: int, practice: bool) -> None:
    import unicodedata

    written = tomllib.loads(settings_text(CentreSettings(unit, name, "", desk, practice, folder)))
    expected = {"unit": unit, "name": name, "folder": folder}
    assert {key: written[key] for key in expected} == {
        key: unicodedata.normalize("NFC", value) for key, value in expected.items()
    }
    assert (written["desk"], written["practice"]) == (desk, practice)


def test_settings_come_back_as_they_were_written(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "new" / "data")
    write_settings(paths, HUE)
    assert read_settings(paths) == HUE
    write_settings(paths, CentreSettings("18229", "Đức Thọ"))
    assert read_settings(paths) == CentreSettings("18229", "Đức Thọ")
    assert [entry.name for entry in paths.folder.iterdir()] == ["desk.toml"]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_only_the_owner_can_look(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "data")
    before = os.umask(0)
    try:
        write_settings(paths, HUE)
    finally:
        os.umask(before)
    assert (mode(paths.folder), mode(paths.settings)) == (0o700, 0o600)


@pytest.mark.parametrize(
    ("text", "reason", "detail"),
    [
        ("unit = ", SettingsProblem.NOT_TOML, None),
        ('unit = "1"\nname = "a"\ncolour = "red"\n', SettingsProblem.UNKNOWN_KEY, "colour"),
        ('unit = 19930\nname = "a"\n', SettingsProblem.WRONG_TYPE, "unit"),
        ('unit = "1"\nname = "a"\ndesk = true\n', SettingsProblem.WRONG_TYPE, "desk"),
        ('unit = "1"\n', SettingsProblem.WRONG_TYPE, "name"),
        ('unit = ""\nname = "a"\n', SettingsProblem.WRONG_TYPE, "unit"),
        ('unit = "1"\nname = "a"\ntheme = "pink"\n', SettingsProblem.WRONG_TYPE, "theme"),
        ('unit = "1"\nname = "a"\nsigns = ""\n', SettingsProblem.WRONG_TYPE, "signs"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    tmp_path: Path, text: str, reason: SettingsProblem, detail: str | None
) -> None:
    (tmp_path / "desk.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_settings(Paths(tmp_path))
    assert caught.value.reason is reason
    assert caught.value.path == tmp_path / "desk.toml"
    assert detail is None or caught.value.detail == detail


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('# ours\nunit = "1" # a\nname = "a"', '# ours\nunit = "1" # a\nname = "a"\ntheme = "mono"\n'),
        ('unit = "1"\ntheme = "auto" # old\nname = "a"\n', 'unit = "1"\ntheme = "mono"\nname = "a"\n'),
    ],
)
def test_one_setting_changes_and_the_rest_stays(tmp_path: Path, before: str, after: str) -> None:
    paths = Paths(tmp_path)
    paths.settings.write_text(before, encoding="utf-8")
    change_setting(paths, "theme", "mono")
    assert paths.settings.read_text(encoding="utf-8") == after
    assert read_settings(paths) == CentreSettings("1", "a", theme="mono")


def test_a_line_like_a_setting_inside_a_text_is_not_one(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    paths.settings.write_text('unit = "1"\nname = """a\ntheme = 1\n"""\n', encoding="utf-8")
    change_setting(paths, "theme", "mono")
    assert read_settings(paths) == CentreSettings("1", "a\ntheme = 1\n", theme="mono")


def test_bytes_that_are_not_text_are_not_settings(tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_bytes(b'unit = "\xff"')
    with pytest.raises(SettingsError) as caught:
        read_settings(Paths(tmp_path))
    assert caught.value.reason is SettingsProblem.NOT_TOML


def test_no_settings_is_a_reason_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(Paths(tmp_path / "nowhere"))
    assert caught.value.reason is SettingsProblem.MISSING


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(SettingsError) as caught:
        make_folder(tmp_path / "data")
    assert caught.value.reason is SettingsProblem.NOT_A_FOLDER


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "desk.toml"
    write_private(path, b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_private(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_bytes("mật khẩu \n".encode())
    path.chmod(0o600)
    return path


def ask(path: Path, folder: Path) -> str | None:
    return passphrase({"DESK_PASSPHRASE_FILE": str(path)}, Paths(folder))


def refusal(path: Path, folder: Path) -> SettingsProblem:
    with pytest.raises(SettingsError) as caught:
        ask(path, folder)
    return caught.value.reason


def test_the_passphrase_is_read_without_its_line_end(secret: Path, tmp_path: Path) -> None:
    assert ask(secret, tmp_path / "data") == "mật khẩu "
    assert passphrase({}, Paths(tmp_path)) is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"abc\r\n", "abc"), (b"abc", "abc"), (b"abc\n\n", "abc\n"), (b"\xef\xbb\xbfabc\n", "abc"), (b"e\xcc\x81", "é")],
)
def test_line_ends_and_forms_of_the_passphrase(secret: Path, content: bytes, expected: str, tmp_path: Path) -> None:
    secret.write_bytes(content)
    assert ask(secret, tmp_path / "data") == expected


def test_a_passphrase_in_the_data_folder_is_refused(secret: Path, tmp_path: Path) -> None:
    assert refusal(secret, tmp_path) is SettingsProblem.KEYFILE_IN_DATA_FOLDER
    data = tmp_path / "data"
    (data / "deep").mkdir(parents=True)
    assert refusal(data / "deep" / ".." / "secret", data) is SettingsProblem.KEYFILE_IN_DATA_FOLDER


@pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")
def test_links_do_not_hide_where_the_passphrase_lies(secret: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "link").symlink_to(secret)
    assert refusal(data / "link", data) is SettingsProblem.KEYFILE_IN_DATA_FOLDER
    inside = data / "inside"
    inside.write_text("x")
    inside.chmod(0o600)
    (tmp_path / "outside").symlink_to(inside)
    assert refusal(tmp_path / "outside", data) is SettingsProblem.KEYFILE_IN_DATA_FOLDER
    (tmp_path / "alias").symlink_to(data)
    assert refusal(inside, tmp_path / "alias") is SettingsProblem.KEYFILE_IN_DATA_FOLDER


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
@pytest.mark.parametrize("wide", [0o640, 0o604, 0o620, 0o601])
def test_a_passphrase_open_to_others_is_refused(secret: Path, wide: int, tmp_path: Path) -> None:
    secret.chmod(wide)
    assert refusal(secret, tmp_path / "data") is SettingsProblem.KEYFILE_OPEN_TO_OTHERS


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", SettingsProblem.KEYFILE_EMPTY),
        (b"\n", SettingsProblem.KEYFILE_EMPTY),
        (b"\xff", SettingsProblem.KEYFILE_NOT_TEXT),
    ],
)
def test_a_passphrase_without_text_is_refused(
    secret: Path, content: bytes, reason: SettingsProblem, tmp_path: Path
) -> None:
    secret.write_bytes(content)
    assert refusal(secret, tmp_path / "data") is reason


@pytest.mark.skipif(os.name != "posix", reason="named pipes are POSIX")
def test_only_a_plain_file_holds_a_passphrase(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert refusal(tmp_path / "pipe", tmp_path / "data") is SettingsProblem.KEYFILE_NOT_A_FILE
    (tmp_path / "folder").mkdir(mode=0o700)
    assert refusal(tmp_path / "folder", tmp_path / "data") is SettingsProblem.KEYFILE_NOT_A_FILE
    assert refusal(tmp_path / "absent", tmp_path / "data") is SettingsProblem.KEYFILE_UNREADABLE
