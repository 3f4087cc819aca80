"""A centre on disk with a stick, its command, and backups of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CentreAt, Ran, centre, desk, ready_centre

__all__ = ["centre", "desk", "ready_centre"]

SECRET = "mật khẩu của tôi"


@dataclass
class Kept:
    """A centre, a folder for its backups, and what was made there."""

    centre: CentreAt
    usb: Path

    def backup(self, *words: str, now: str | None = None) -> dict[str, Any]:
        """Make a backup and return what the command says of it."""
        ran = self.centre("backup", str(self.usb), "--json", *words, now=now)
        assert ran.status == 0, ran
        found: dict[str, Any] = json.loads(ran.out)
        return found

    def restore(self, file: str, *words: str, now: str | None = None) -> Ran:
        return self.centre("restore", file, "--json", *words, now=now)

    def restored(self, file: str, *words: str, now: str | None = None) -> dict[str, Any]:
        """Restore without asking and return what the command says of it."""
        ran = self.restore(file, "--yes", *words, now=now)
        assert ran.status == 0, ran
        found: dict[str, Any] = json.loads(ran.out)
        return found

    def reason(self, ran: Ran) -> str:
        assert ran.status == 1, ran
        assert ran.err.count("\n") == 1
        return str(json.loads(ran.out)["reason"])

    def codes(self) -> set[str]:
        return {each["code"] for each in json.loads(self.centre("find", "Nguyễn", "--json").out)}


@pytest.fixture
def kept(centre: CentreAt, tmp_path: Path) -> Kept:
    usb = tmp_path / "usb"
    usb.mkdir()
    return Kept(centre, usb)


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what names a passphrase from now on; it costs little to open."""
    from desk import vault

    monkeypatch.setattr(vault, "MEMORY_KIB", 64)
    monkeypatch.setattr(vault, "PASSES", 1)

    def name() -> None:
        file = tmp_path / "secret"
        file.write_text(SECRET, encoding="utf-8")
        file.chmod(0o600)
        monkeypatch.setenv("DESK_PASSPHRASE_FILE", str(file))

    return name
