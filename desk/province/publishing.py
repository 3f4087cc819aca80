"""What the province publishes: signed, numbered and kept in a folder; copied from there to wherever units fetch.

The folder is laid out as an exchange folder is: what is for all at its top, what is for one unit in the unit's own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from db.provinces import FileRow
from desk.daily.calendars import PublishedCalendar
from desk.daily.container import SealError
from desk.daily.files import FileRefusedError, read_bounded, write_durable
from desk.daily.messages import read_message
from desk.daily.published import (
    PUBLISHED_LIMIT,
    Content,
    Notice,
    Published,
    PublishedCatalogue,
    is_whole,
    name_parts,
    read_published,
    seal_published,
    version_order,
)
from desk.daily.sshsig import PublicKey, SigningKey
from desk.daily.successors import PublishedKey
from desk.daily.verify import Refused
from desk.province import spool
from desk.province.model import MessageView, ProvinceError, ProvinceFault
from desk.settings import make_folder
from desk.sync.lock import exclusive

FOLDER = "published"
_UNIT = re.compile(r"[0-9]{5}")
_LIST = 500
"""How many names one answer lists: thirty-two kilobytes."""


class Publications:
    """The folder of what was published; nothing in it ever changes or goes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._versions: dict[str, Published | None] = {}

    def publish(self, content: Content, unit: str, key: SigningKey, own: Collection[PublicKey]) -> Published:
        """Sign and keep something under the next number; `own` are all keys of the province.

        ProvinceError NOT_NEWER, NOT_PUBLISHABLE, OSError.
        """
        make_folder(self._folder)
        with exclusive(self._folder / ".lock"):
            self._require_newer(content, own)
            number = max((number for number, _name, _unit in self._names()), default=0) + 1
            try:
                data = seal_published(content, number, unit, key)
            except SealError as error:
                raise ProvinceError(ProvinceFault.NOT_PUBLISHABLE, str(error)) from error
            found = read_published(data, (key.public,))
            if isinstance(found, Refused):
                raise ProvinceError(ProvinceFault.NOT_PUBLISHABLE, found.reason.value)
            place = self._folder / unit if unit else self._folder
            make_folder(place)
            write_durable(place, found.name, data)
            return found

    def all(self, own: Collection[PublicKey]) -> tuple[Published, ...]:
        """Return everything that was published under the province's keys, by number."""
        read = (self._read(name, unit) for _number, name, unit in self._names())
        found = (read_published(data, own) for data in read if data is not None)
        return tuple(each for each in found if isinstance(each, Published))

    def names(self, unit: str, after: int = 0) -> tuple[str, ...]:
        """Return the names of what is for a unit, numbered above `after`, by number, a page of them."""
        return tuple([name for number, name, _to in self._names(unit) if number > after][:_LIST])

    def content(self, digest: str) -> bytes | None:
        """Return a published file by its SHA-256."""
        for _number, name, unit in self._names():
            if name.endswith(f"-{digest}.published"):
                return self._read(name, unit)
        return None

    def copy_into(self, place: Path, key: PublicKey, *, public: bool = False) -> None:
        """Put what is published into an exchange folder, or into one unit's own, where it is not there; OSError.

        From a unit's `out` in a spool, which a line has to list, what was replaced or withdrawn is taken away.
        `public` as for `write_durable`.
        """
        box = place.name == spool.OUT and spool.is_box(place.parent.name)
        name = place.parent.name.removeprefix("mc") if box else place.name
        own = name if _UNIT.fullmatch(name) else ""
        # Looked at first: what another process publishes meanwhile is not taken for withdrawn.
        there = _listed(place) if box else []
        names = self._names(own or None)
        replaced = self._replaced(names, key) if box else frozenset()
        for _number, name, unit in names:
            folder = place / unit if unit and not own else place
            if name in replaced or _is_there(folder / name, self._path(name, unit)):
                continue
            data = self._read(name, unit)
            if data is not None and not folder.is_symlink():
                folder.mkdir(exist_ok=True)
                write_durable(folder, name, data, public=public)
        # Without the folder nothing is known, and nothing goes.
        if self._folder.is_dir():
            for name in set(there) - {name for _number, name, _unit in names if name not in replaced}:
                if name_parts(name) is not None:
                    (place / name).unlink(missing_ok=True)

    def _require_newer(self, content: Content, own: Collection[PublicKey]) -> None:
        if isinstance(content, Notice | PublishedKey):
            return
        for each in self.all(own):
            same = type(each.content) is type(content)
            if same and version_order(content.version) <= version_order(each.version):
                raise ProvinceError(ProvinceFault.NOT_NEWER, each.version)

    def _replaced(self, names: Iterable[tuple[int, str, str]], key: PublicKey) -> frozenset[str]:
        """Return the names of the files, of those for one unit, that say nothing a newer one of them does not say."""
        found = {name: self._version(name, unit, key) for _number, name, unit in names}
        versions = [each for each in found.values() if each is not None]
        return frozenset(
            name for name, old in found.items() if old is not None and any(_replaces(new, old) for new in versions)
        )

    def _version(self, name: str, unit: str, key: PublicKey) -> Published | None:
        """Return a calendar or a catalogue; what was read once never changes."""
        if name not in self._versions and (data := self._read(name, unit)) is not None:
            found = read_published(data, (key,))
            versioned = isinstance(found, Published) and bool(found.version)
            self._versions[name] = found if isinstance(found, Published) and versioned else None
        return self._versions.get(name)

    def _names(self, unit: str | None = None) -> list[tuple[int, str, str]]:
        """Return number, name and unit of the files, by number; of a unit and for all with `unit`."""
        return sorted(self._walk(unit))

    def _walk(self, unit: str | None) -> Iterator[tuple[int, str, str]]:
        for place, to in _places(self._folder, unit):
            for name in _listed(place):
                if (parts := name_parts(name)) is not None:
                    yield parts[0], name, to

    def _path(self, name: str, unit: str) -> Path:
        return self._folder / unit / name if unit else self._folder / name

    def _read(self, name: str, unit: str) -> bytes | None:
        try:
            data = read_bounded(self._path(name, unit), limit=PUBLISHED_LIMIT)
        except (FileNotFoundError, FileRefusedError):
            return None
        return data if is_whole(name, data) else None


def message_views(
    kept: Iterable[FileRow], names: Mapping[str, str], published: Iterable[Published]
) -> tuple[MessageView, ...]:
    """Return messages as they are looked at, each with the number of the publication that answers it."""
    answered = {each.content.about: each.number for each in published if isinstance(each.content, Notice)}
    return tuple(
        MessageView(
            row.unit, names[row.unit], row.sha256, row.received_at, read_message(row.content), answered.get(row.sha256)
        )
        for row in kept
    )


def _replaces(new: Published, old: Published) -> bool:
    """Say whether a version leaves nothing to take from an older one of its kind, by a desk that both are for."""
    if new.kind is not old.kind or version_order(new.version) <= version_order(old.version):
        return False
    after, before = new.content, old.content
    if isinstance(after, PublishedCalendar) and isinstance(before, PublishedCalendar):
        spans = after.first <= before.first and before.last <= after.last
        return spans and bool(after.hours or not before.hours)
    if isinstance(after, PublishedCatalogue) and isinstance(before, PublishedCatalogue):
        return set(before.columns) <= set(after.columns) and _codes(before) <= _codes(after)
    return False


def _codes(catalogue: PublishedCatalogue) -> set[str]:
    at = catalogue.columns.index("code") if "code" in catalogue.columns else 0
    return {row[at] for row in catalogue.rows}


def _places(folder: Path, unit: str | None) -> Iterator[tuple[Path, str]]:
    yield folder, ""
    if unit is not None:
        yield folder / unit, unit
        return
    for name in _listed(folder):
        if _UNIT.fullmatch(name):
            yield folder / name, name


def _listed(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _is_there(path: Path, as_kept: Path) -> bool:
    """Say whether a file lies there with the size of the one kept: whoever reads it looks at its hash."""
    try:
        return path.lstat().st_size == as_kept.lstat().st_size and not path.is_symlink()
    except OSError:
        return False
