"""Where a province keeps its tables: a SQLite file in its folder, or the server that its settings name."""

from __future__ import annotations

from pathlib import Path

from desk.settings import SettingsError, SettingsProblem, toml_value, write_private

SETTINGS = "province.toml"
_KEY = "database"


def server_of(folder: Path) -> str:
    """Return the address of the province's database server, empty for its own file; SettingsError."""
    import tomllib

    path = folder / SETTINGS
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise SettingsError(SettingsProblem.UNREADABLE, path, error.strerror or "") from error
    except ValueError as error:
        raise SettingsError(SettingsProblem.NOT_TOML, path, str(error)) from error
    for key in found:
        if key != _KEY:
            raise SettingsError(SettingsProblem.UNKNOWN_KEY, path, key)
    server = found.get(_KEY, "")
    if not isinstance(server, str):
        raise SettingsError(SettingsProblem.WRONG_TYPE, path, _KEY)
    return server


def keep_server(folder: Path, server: str) -> None:
    """Write the address of the database server, which may hold a password: for the owner's eyes only."""
    write_private(folder / SETTINGS, f"{_KEY} = {toml_value(server)}\n".encode())
