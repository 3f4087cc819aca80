"""Where a province keeps its tables, and where communes bring their files over SFTP: the province's settings."""

from __future__ import annotations

from pathlib import Path

from desk.settings import SettingsError, SettingsProblem, toml_value, write_private

SETTINGS = "province.toml"
_DATABASE, _SPOOL = "database", "spool"


def server_of(folder: Path) -> str:
    """Return the address of the province's database server, empty for its own file; SettingsError."""
    return _settings(folder).get(_DATABASE, "")


def spool_of(folder: Path) -> Path | None:
    """Return the folder of the SFTP server, None without one; SettingsError."""
    found = _settings(folder).get(_SPOOL, "")
    return Path(found) if found else None


def keep_server(folder: Path, server: str) -> None:
    """Write the address of the database server, which may hold a password: for the owner's eyes only."""
    _keep(folder, _DATABASE, server)


def keep_spool(folder: Path, spool: Path) -> None:
    """Write the folder of the SFTP server."""
    _keep(folder, _SPOOL, str(spool))


def _settings(folder: Path) -> dict[str, str]:
    import tomllib

    path = folder / SETTINGS
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise SettingsError(SettingsProblem.UNREADABLE, path, error.strerror or "") from error
    except ValueError as error:
        raise SettingsError(SettingsProblem.NOT_TOML, path, str(error)) from error
    for key, value in found.items():
        if key not in (_DATABASE, _SPOOL):
            raise SettingsError(SettingsProblem.UNKNOWN_KEY, path, key)
        if not isinstance(value, str):
            raise SettingsError(SettingsProblem.WRONG_TYPE, path, key)
    return found


def _keep(folder: Path, key: str, value: str) -> None:
    settings = {**_settings(folder), key: value}
    write_private(
        folder / SETTINGS, "".join(f"{name} = {toml_value(each)}\n" for name, each in settings.items()).encode()
    )
