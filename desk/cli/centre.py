"""The centre a command works on: found by its data folder, opened with its passphrase, closed again."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

from desk.cli.output import print_json
from desk.cli.status import CommandError, Status, complain
from desk.cli.values import instant_or_none
from desk.settings import Paths, data_folder
from desk.words import _

if TYPE_CHECKING:
    from datetime import datetime

    from desk.bootstrap import Desk
    from desk.counter.model import Refused

Answer = TypeVar("Answer")


def paths_of(data: Path | None) -> Paths:
    """Return the places of the data folder a command was given, or would take without one."""
    return Paths(data_folder(data, os.environ))


@contextmanager
def opened(data: Path | None, now: str | None = None, *, as_json: bool = False) -> Iterator[Desk]:
    """Open the centre of a data folder for the length of one command."""
    desk = accepted(open_at(paths_of(data), instant_or_none(now)), as_json=as_json)
    try:
        yield desk
    finally:
        desk.close()


def open_at(paths: Paths, now: datetime | None) -> Desk | Refused:
    """Open the centre in a folder; somebody who sits at a terminal is asked for the passphrase it needs."""
    from desk.bootstrap import open_centre

    def use(secret: str | None) -> Desk | Refused:
        with drivers(), told_of_upgrades():
            return open_centre(paths, passphrase=secret, now=now)

    return unlocked(paths, use)


def unlocked(paths: Paths, use: Callable[[str | None], Answer]) -> Answer:
    """Do what may need the passphrase; somebody who sits at a terminal is asked for it then."""
    from desk.settings import passphrase
    from desk.vault import VaultError, VaultFault

    try:
        return use(passphrase(os.environ, paths))
    except VaultError as error:
        if error.fault is not VaultFault.LOCKED or not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
    return use(_asked_passphrase())


def _asked_passphrase() -> str:
    import getpass

    try:
        return getpass.getpass(_("Mật khẩu của trung tâm: "))
    except EOFError as error:
        raise CommandError(Status.USAGE, _("chưa có mật khẩu")) from error


@contextmanager
def drivers() -> Iterator[None]:
    """Turn a database driver that is not installed into a sentence."""
    try:
        yield
    except ModuleNotFoundError as error:
        text = _("cơ sở dữ liệu này cần thư viện «{name}», hãy cài thêm").format(name=error.name)
        raise CommandError(Status.ENVIRONMENT, text) from error


@contextmanager
def told_of_upgrades() -> Iterator[None]:
    """Tell somebody at a terminal what is done to a record that an older version wrote; it may take minutes."""
    from db.upgrading import Upgrading, heard_by
    from desk.upgrade_words import upgrade_sentence

    def tell(upgrading: Upgrading) -> None:
        if sys.stderr.isatty():
            complain(upgrade_sentence(upgrading))

    with heard_by(tell):
        yield


def accepted(answer: Answer | Refused, *, as_json: bool = False) -> Answer:
    """Return the answer of a use case; a refusal ends the command with its sentence, and its reason in JSON."""
    from desk.counter.model import Refused

    if isinstance(answer, Refused):
        refuse(answer.reason, answer.sentence, as_json=as_json)
    return answer


def refuse(reason: str, sentence: str, *, as_json: bool) -> NoReturn:
    """End the command with `no`: the reason in JSON on standard output, the sentence on standard error."""
    if as_json:
        print_json({"error": sentence, "reason": reason})
    raise CommandError(Status.NO, sentence)


def officer_id(desk: Desk, wanted: str | None) -> int | None:
    """Return the id of the active officer of that id or name, the first active one where none is named."""
    from desk.rules.text import fold

    active = [officer for officer in desk.counter.officers() if officer.active]
    if wanted is None:
        return active[0].id if active else None
    found = [officer for officer in active if wanted in {str(officer.id), officer.name}]
    found = found or [officer for officer in active if fold(officer.name) == fold(wanted)]
    if len(found) != 1:
        known = ", ".join(f"{officer.id} {officer.name}" for officer in active)
        text = _("không có đúng một cán bộ «{wanted}»; các cán bộ: {known}").format(wanted=wanted, known=known)
        raise CommandError(Status.USAGE, text)
    return found[0].id
