"""The order of the official form: the centre's own `retype.toml` in the data folder, else the one shipped."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

from desk.rules.retyping import OrderError, Step, parse_order
from desk.settings import SettingsError, SettingsProblem

FILE = "retype.toml"


def order_of(folder: Path | None) -> tuple[Step, ...]:
    """Return the order in force; SettingsError names what is wrong in the centre's own file."""
    own = None if folder is None else folder / FILE
    if own is not None and own.exists():
        return _read(own)
    shipped = (files("desk") / "reference" / FILE).read_text(encoding="utf-8")
    return parse_order(tomllib.loads(shipped))


def _read(path: Path) -> tuple[Step, ...]:
    try:
        return parse_order(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise SettingsError(SettingsProblem.UNREADABLE, path, error.strerror or "") from error
    except OrderError as error:
        raise SettingsError(SettingsProblem.UNKNOWN_KEY, path, str(error)) from error
    except ValueError as error:
        raise SettingsError(SettingsProblem.NOT_TOML, path, str(error)) from error
