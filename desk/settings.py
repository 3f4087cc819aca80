"""Where the data lives and what a centre has configured: command line, environment, then the centre's `desk.toml`."""

from __future__ import annotations

import contextlib
import os
import stat
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from desk.words import LANGUAGES, SOURCE

FOLDER_MODE = 0o700
FILE_MODE = 0o600

_KINDS = {"str": str, "int": int, "bool": bool, "tuple[str, ...]": list}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


class SettingsProblem(StrEnum):
    """Why a setting cannot be used."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    NOT_TOML = "not_toml"
    UNKNOWN_KEY = "unknown_key"
    WRONG_TYPE = "wrong_type"
    NOT_A_FOLDER = "not_a_folder"
    NO_HOME = "no_home"
    NO_SUCH_LANGUAGE = "no_such_language"
    KEYFILE_UNREADABLE = "passphrase_unreadable"
    KEYFILE_IN_DATA_FOLDER = "passphrase_in_data_folder"
    KEYFILE_OPEN_TO_OTHERS = "passphrase_open_to_others"
    KEYFILE_NOT_A_FILE = "passphrase_not_a_file"
    KEYFILE_EMPTY = "passphrase_empty"
    KEYFILE_NOT_TEXT = "passphrase_not_text"


class SettingsError(Exception):
    """A setting that cannot be used: the reason, the file it concerns and the key or cause where there is one."""

    def __init__(self, reason: SettingsProblem, path: Path, detail: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.path = path
        self.detail = detail


class Paths(Struct, frozen=True):
    """The places inside one data folder."""

    folder: Path

    @property
    def database(self) -> Path:
        """The record, where the centre uses SQLite."""
        return self.folder / "desk.db"

    @property
    def settings(self) -> Path:
        """The centre's settings."""
        return self.folder / "desk.toml"

    @property
    def outbox(self) -> Path:
        """Sealed daily files."""
        return self.folder / "outbox"

    @property
    def receipts(self) -> Path:
        """Verified receipts of the province."""
        return self.folder / "receipts"

    @property
    def published(self) -> Path:
        """What the province published, and parts of it."""
        return self.folder / "published"

    @property
    def messages(self) -> Path:
        """Signed messages to the province."""
        return self.folder / "messages"

    @property
    def log(self) -> Path:
        """The log of the program: no personal values."""
        return self.folder / "desk.log"


class CentreSettings(Struct, frozen=True):
    """What a centre has configured.

    `database` empty means SQLite in the data folder, `language` is the screen's.
    `ways` are the ways to the province in the order they are tried: folders, `https://` and `sftp://` addresses;
    `folder` is one more, tried last. `certificate` is what HTTPS servers are known by: a PEM file or `SHA256:` and the
    fingerprint. `host_key` is the same for SFTP servers: `SHA256:` and the fingerprint, a public key or a file of it.
    E-mail (`smtps://`, `smtp+starttls://`) comes after all of them; `mail_certificate` is what its server is known by.
    """

    unit: str
    name: str
    agency: str = ""
    desk: int = 1
    practice: bool = False
    folder: str = ""
    database: str = ""
    province_key: str = ""
    theme: str = "auto"
    signs: str = "auto"
    language: str = SOURCE
    ways: tuple[str, ...] = ()
    certificate: str = ""
    host_key: str = ""
    mail_certificate: str = ""


CHOICES: Mapping[str, tuple[str, ...]] = {
    "theme": ("auto", "normal", "contrast", "console", "mono"),
    "signs": ("auto", "full", "plain", "bare"),
}
"""Settings that are one of a few words: the colours of the screen, and which signs its font has."""


def data_folder(option: Path | None, environment: Mapping[str, str]) -> Path:
    """Return the data folder: the command line's, else `DESK_DATA`, else the platform's for this user.

    Raises `SettingsError` as `whole_path` does.
    """
    if option is not None:
        return whole_path(option)
    if named := environment.get("DESK_DATA"):
        return whole_path(Path(named))
    from platformdirs import user_data_path

    return user_data_path("motcua-desk", appauthor=False)


def whole_path(path: Path) -> Path:
    """Return a path from the root on; `~` is the user's own folder, `SettingsError` where there is none to be known."""
    try:
        return path.expanduser().absolute()
    except RuntimeError as error:
        raise SettingsError(SettingsProblem.NO_HOME, path) from error


def make_folder(folder: Path) -> None:
    """Create a folder that only its owner can enter; one that exists already keeps its mode.

    Raises `SettingsError` where something else stands in its place, `OSError` where the disk refuses.
    """
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise SettingsError(SettingsProblem.NOT_A_FOLDER, folder) from error


def write_private(path: Path, content: bytes) -> None:
    """Replace a file in one step, readable by its owner only: a power cut leaves the old one or the new one, whole.

    Raises `OSError` where the disk refuses; then the old file stands and nothing is left beside it.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    draft.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def toml_value(value: str | int | bool | tuple[str, ...]) -> str:
    """Return a value as TOML has it."""
    if isinstance(value, tuple):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = unicodedata.normalize("NFC", value)
    return '"' + "".join(_ESCAPES.get(char, char if _is_plain(char) else f"\\u{ord(char):04X}") for char in text) + '"'


def _is_plain(char: str) -> bool:
    return char >= " " and char != "\x7f"


def settings_text(settings: CentreSettings) -> str:
    """Return the settings as TOML."""
    return "".join(f"{key} = {toml_value(value)}\n" for key, value in asdict(settings).items())


def write_settings(paths: Paths, settings: CentreSettings) -> None:
    """Write the centre's settings into its data folder, creating the folder."""
    make_folder(paths.folder)
    write_private(paths.settings, settings_text(settings).encode())


def change_setting(paths: Paths, key: str, value: str) -> None:
    """Give one of the `CHOICES` another value; what the office has written beside it, comments too, stays.

    Raises `SettingsError` as `read_settings` does, `OSError` where the disk refuses.
    """
    import tomllib

    before = read_settings(paths)
    wanted = replace(before, theme=value) if key == "theme" else replace(before, signs=value)
    line = f"{key} = {toml_value(value)}\n"
    lines = paths.settings.read_text(encoding="utf-8").splitlines(keepends=True)
    place = next((index for index, old in enumerate(lines) if old.partition("=")[0].strip() == key), len(lines))
    if place == len(lines) and lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    text = "".join([*lines[:place], line, *lines[place + 1 :]])
    # A line like it inside a text of several lines is not the setting.
    try:
        understood = _centre(tomllib.loads(text)) == wanted
    except (ValueError, TypeError):
        understood = False
    write_private(paths.settings, (text if understood else settings_text(wanted)).encode())


def read_settings(paths: Paths) -> CentreSettings:
    """Return the centre's settings; raises `SettingsError` where there are none or they cannot be used."""
    import tomllib

    path = paths.settings
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SettingsError(SettingsProblem.MISSING, path) from error
    except OSError as error:
        raise SettingsError(SettingsProblem.UNREADABLE, path, error.strerror or "") from error
    except ValueError as error:
        raise SettingsError(SettingsProblem.NOT_TOML, path, str(error)) from error
    kinds = {name: _KINDS[kind] for name, kind in CentreSettings.__annotations__.items()}
    for key, value in found.items():
        if key not in kinds:
            raise SettingsError(SettingsProblem.UNKNOWN_KEY, path, key)
        if type(value) is not kinds[key] or (type(value) is list and not all(type(each) is str for each in value)):
            raise SettingsError(SettingsProblem.WRONG_TYPE, path, key)
    for key in ("unit", "name"):
        if not found.get(key):
            raise SettingsError(SettingsProblem.WRONG_TYPE, path, key)
    for key, words in CHOICES.items():
        if found.get(key, words[0]) not in words:
            raise SettingsError(SettingsProblem.WRONG_TYPE, path, key)
    if found.get("language", SOURCE) not in LANGUAGES:
        raise SettingsError(SettingsProblem.NO_SUCH_LANGUAGE, path, str(found["language"]))
    return _centre(found)


def _centre(found: Mapping[str, Any]) -> CentreSettings:
    values: dict[str, Any] = {key: tuple(each) if isinstance(each, list) else each for key, each in found.items()}
    return CentreSettings(**values)


def screen_language(environment: Mapping[str, str], paths: Paths) -> str:
    """Return the language of the screen: `DESK_LANGUAGE`, else the centre's, else Vietnamese.

    Raises `SettingsError` where `DESK_LANGUAGE` names none; settings that cannot be used are their reader's to report.
    """
    if named := environment.get("DESK_LANGUAGE"):
        if named not in LANGUAGES:
            raise SettingsError(SettingsProblem.NO_SUCH_LANGUAGE, Path("DESK_LANGUAGE"), named)
        return named
    try:
        return read_settings(paths).language
    except SettingsError:
        return SOURCE


def passphrase(environment: Mapping[str, str], paths: Paths) -> str | None:
    """Return the passphrase of the file named in `DESK_PASSPHRASE_FILE`, without its last line end; None if unnamed.

    Raises `SettingsError` where that file lies in the data folder (a stolen folder would open itself), where others
    can read it, or where it holds no text.
    """
    named = environment.get("DESK_PASSPHRASE_FILE")
    if not named:
        return None
    path = Path(named)
    # Followed first: a link in the data folder is as good as the file, and so is a link out of another place into it.
    if any(place.is_relative_to(paths.folder.resolve()) for place in (path.resolve(), path.parent.resolve())):
        raise SettingsError(SettingsProblem.KEYFILE_IN_DATA_FOLDER, path)
    try:
        # Not blocking: a pipe put in the file's place must be refused, not waited for.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise SettingsError(SettingsProblem.KEYFILE_UNREADABLE, path, error.strerror or "") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise SettingsError(SettingsProblem.KEYFILE_NOT_A_FILE, path)
        if os.name == "posix" and status.st_mode & 0o077:
            raise SettingsError(SettingsProblem.KEYFILE_OPEN_TO_OTHERS, path)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read()
    finally:
        os.close(descriptor)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(SettingsProblem.KEYFILE_NOT_TEXT, path) from error
    secret = unicodedata.normalize("NFC", text.removesuffix("\n").removesuffix("\r"))
    if not secret:
        raise SettingsError(SettingsProblem.KEYFILE_EMPTY, path)
    return secret
