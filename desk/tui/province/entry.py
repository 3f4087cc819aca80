"""Where the office's screens start: terminal first, then the App over an open province."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.province.reading import Reader


def open_office(reader: Reader) -> int:
    """Run the office's screens until the officer leaves; return the exit status."""
    import locale
    import os

    from desk.tui.keys import prepare_terminal
    from desk.tui.looks import look_of

    prepare_terminal()
    from desk.tui.ending import Ending
    from desk.tui.province.app import OfficeApp

    codeset = locale.nl_langinfo(locale.CODESET) if hasattr(locale, "nl_langinfo") else ""
    app = OfficeApp(reader, look_of("auto", "auto", os.environ, codeset=codeset))
    ending = Ending(app)
    ending.run()
    ending.die()
    return app.return_code or 0
