"""The folder of sealed files, or of messages: each with a small state file beside it, which can be made anew.

A file without a readable state file is simply sealed; what the province said of it stands in its receipt.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Collection, Iterator
from datetime import date, datetime
from pathlib import Path

from msgspec import Struct

from db.vocabulary import Delivery
from desk.daily.container import sha256
from desk.daily.files import FileRefusedError, read_bounded, write_durable, write_once
from desk.rules import moment
from desk.settings import SettingsError, make_folder
from desk.sync.ways import Trouble

_NAME = re.compile(r"[0-9]{5}-(?P<day>[0-9]{8})-(?P<seq>[0-9]{6,16})-(?P<start>[0-9a-f]{8})\.(?:daily|message)")
_STATE_END = ".json"
_LONGEST_STATE = 4096


class Entry(Struct, frozen=True):
    """A sealed file and how far it has come; `reason` is a code, `province_seq` that of the newest receipt or 0.

    `heard` is what the province said of it by phone (merged, held, refused), empty for nothing: it moves no state.
    """

    name: str
    seq: int
    day: date
    sha256: str
    state: Delivery
    tries: int
    way: str
    reason: str
    changed_at: datetime
    province_seq: int = 0
    heard: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is to be offered again."""
        return self.state is not Delivery.CONFIRMED


class Outbox:
    """The folder; every write is whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, data: bytes) -> None:
        """Keep a sealed file; again is nothing, and a damaged copy is put right.

        ValueError for a name that is not of these bytes, OSError for the disk.
        """
        found = _NAME.fullmatch(name)
        if found is None or not sha256(data).startswith(found["start"]):
            raise ValueError(f"not the name of this file: {name!r}")
        try:
            make_folder(self.folder)
        except SettingsError as error:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(self.folder)) from error
        try:
            write_once(self.folder, name, data)
        except FileRefusedError:
            # The name holds the start of the hash: what stands there with other bytes is a damaged copy.
            write_durable(self.folder, name, data)

    def read(self, entry: Entry) -> bytes | None:
        """Return the bytes of a file, None if they are no longer what was sealed."""
        try:
            data = read_bounded(self.folder / entry.name)
        except (FileRefusedError, FileNotFoundError):
            return None
        digest = sha256(data)
        return data if digest == entry.sha256 and digest.startswith(_start(entry.name)) else None

    def entries(self, now: datetime) -> list[Entry]:
        """Return every file by number; one without a state counts as sealed `now`."""
        if not self.folder.is_dir():
            return []
        names = sorted(path.name for path in self.folder.iterdir() if _NAME.fullmatch(path.name))
        found = [entry for name in names if (entry := self._entry(name, now)) is not None]
        return sorted(found, key=lambda entry: (entry.seq, entry.name))

    def strange(self, known: Collection[str]) -> Iterator[bytes]:
        """Yield the bytes of the files whose name has none of the known starts of a SHA-256."""
        names = sorted(path.name for path in self.folder.iterdir()) if self.folder.is_dir() else []
        for name in names:
            if _NAME.fullmatch(name) and _start(name) not in known:
                try:
                    yield read_bounded(self.folder / name)
                except (FileRefusedError, FileNotFoundError):
                    continue

    def withdraw(self, starts: Collection[str]) -> None:
        """Take files away with their states, by the start of their SHA-256; OSError for the disk."""
        names = sorted(path.name for path in self.folder.iterdir()) if starts and self.folder.is_dir() else []
        for name in names:
            if _NAME.fullmatch(name) and _start(name) in starts:
                for each in (name, name + _STATE_END):
                    (self.folder / each).unlink(missing_ok=True)

    def again(self, entry: Entry) -> Entry:
        """Return a file as it stands now: another run may have moved it."""
        return self._written(entry.name) or entry

    def write(self, entry: Entry) -> None:
        """Write how far a file has come."""
        document = {
            "seq": entry.seq,
            "day": entry.day.isoformat(),
            "sha256": entry.sha256,
            "state": entry.state.value,
            "tries": entry.tries,
            "way": entry.way,
            "reason": entry.reason,
            "changed_at": entry.changed_at.astimezone(moment.VN).isoformat(timespec="seconds"),
            "province_seq": entry.province_seq,
            "heard": entry.heard,
        }
        write_durable(self.folder, entry.name + _STATE_END, json.dumps(document, indent=1).encode() + b"\n")

    def _entry(self, name: str, now: datetime) -> Entry | None:
        return self._written(name) or self._fresh(name, now)

    def _written(self, name: str) -> Entry | None:
        try:
            state = json.loads(read_bounded(self.folder / (name + _STATE_END), limit=_LONGEST_STATE))
            changed_at = datetime.fromisoformat(state["changed_at"])
            entry = Entry(
                name=name,
                seq=int(state["seq"]),
                day=date.fromisoformat(state["day"]),
                sha256=str(state["sha256"]),
                state=Delivery(state["state"]),
                tries=int(state["tries"]),
                way=str(state["way"]),
                reason=str(state["reason"]),
                changed_at=changed_at,
                province_seq=int(state["province_seq"]),
                heard=str(state.get("heard", "")),
            )
        except (FileNotFoundError, FileRefusedError, ValueError, KeyError, TypeError, RecursionError):
            return None
        return entry if entry.sha256.startswith(_start(name)) and changed_at.tzinfo is not None else None

    def _fresh(self, name: str, now: datetime) -> Entry | None:
        found = _NAME.fullmatch(name)
        if found is None:
            return None
        try:
            day = date.fromisoformat(found["day"])
            digest = sha256(read_bounded(self.folder / name))
        except (FileRefusedError, FileNotFoundError, ValueError):
            return None
        reason = "" if digest.startswith(found["start"]) else Trouble.DAMAGED_HERE.value
        return Entry(name, int(found["seq"]), day, digest, Delivery.SEALED, 0, "", reason, now)


def _start(name: str) -> str:
    return name.rpartition("-")[2].partition(".")[0]
