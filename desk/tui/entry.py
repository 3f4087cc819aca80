"""Where the counter starts: terminal first, then the App; the centre opens behind the first paint."""

from __future__ import annotations

import gc
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from desk.settings import CentreSettings, Paths
from desk.tui.first_sign import codeset, name_shown
from desk.words import language

if TYPE_CHECKING:
    from desk.bootstrap import Desk
    from desk.tui.looks import Looks
    from desk.tui.services import NewCentre, Opened, StockTaker


@dataclass
class Opening:
    """Opens or makes the centre of one data folder, and closes what it opened."""

    paths: Paths
    now: datetime | None = None
    passphrase: str | None = None
    stock: StockTaker | None = None
    _desk: Desk | None = field(default=None, repr=False)

    def open(self) -> Opened:
        """Open the centre; NoCentre where there are no settings, Locked where the key wants its passphrase."""
        from desk.tui.services import NoCentre

        if not self.paths.settings.exists():
            return NoCentre(self.make, self.stock)
        return self.unlock(self.passphrase)

    def unlock(self, passphrase: str | None) -> Opened:
        """Open the centre with a passphrase, or without one."""
        from desk.bootstrap import open_centre
        from desk.tui.services import Locked
        from desk.vault import VaultError, VaultFault

        try:
            return self._keep(open_centre(self.paths, passphrase=passphrase, now=self.now))
        except VaultError as error:
            if error.fault not in {VaultFault.LOCKED, VaultFault.NOT_OPENED}:
                raise
            return Locked(self.unlock, wrong=error.fault is VaultFault.NOT_OPENED)

    def make(self, new: NewCentre) -> Opened:
        """Set up a centre and open it."""
        from desk.bootstrap import make_centre

        settings = CentreSettings(
            new.unit, new.name, desk=new.desk, practice=new.practice, folder=new.folder, language=language()
        )
        now = self.now if new.practice else None
        return self._keep(make_centre(self.paths, settings, officer=new.officer, passphrase=self.passphrase, now=now))

    def _keep(self, opened: Desk | Opened) -> Opened:
        from desk.bootstrap import Desk

        if isinstance(opened, Desk):
            self._desk = opened
        return opened

    def close(self) -> None:
        """Close the record, if it was opened."""
        if self._desk is not None:
            self._desk.close()


def looks_of(paths: Paths) -> Looks:
    """Return how this desk is to look; what is wrong with its settings is said when the centre opens."""
    import os

    from desk.settings import SettingsError, change_setting, read_settings
    from desk.tui.looks import Looks

    try:
        settings = read_settings(paths)
        theme, signs = settings.theme, settings.signs
    except SettingsError:
        theme = signs = "auto"
    return Looks(theme, signs, dict(os.environ), codeset(), lambda key, value: change_setting(paths, key, value))


def open_counter(
    paths: Paths,
    *,
    now: datetime | None = None,
    passphrase: str | None = None,
    stock: StockTaker | None = None,
) -> int:
    """Run the counter on the centre of `paths` until the officer leaves; return the exit status.

    Where there is no centre yet, the short set-up comes first. `now` is for a practice centre, `stock` takes over
    a file of dossiers already open. Failures of opening are said on the screen.
    """
    from desk.tui.keys import prepare_terminal

    prepare_terminal()
    opening = Opening(paths, now, passphrase, stock)
    # All that is made while loading stays; looking through it again and again is a tenth of a start.
    gc.disable()
    with name_shown():
        from desk.first_look import first_desk
        from desk.tui.app import DeskApp
        from desk.tui.ending import Ending

        # A passphrase takes a while on purpose: there the usual way says what it waits for.
        first = first_desk(paths, now, opening.open) if passphrase is None else None
        app = DeskApp(opening.open, looks_of(paths), first)
        ending = Ending(app)
        try:
            ending.run()
        finally:
            opening.close()
    ending.die()
    return app.return_code or 0
