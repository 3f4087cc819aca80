"""No single letter, digit or deleting key destroys or changes anything, on any screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from desk.tui.keys import LETTER_KEYS, TYPED_KEYS
from tests.counter.desk_fixture import MARITAL, Desk
from tests.tui.screens.desk_app import DELETE, INSERT, running
from tests.tui.screens.everywhere import SCREENS, open_one

SENT = {
    "delete": DELETE,
    "insert": INSERT,
    "space": " ",
    "slash": "/",
    "asterisk": "*",
    "plus": "+",
    "backspace": "\x7f",
}
TRACE = "journal_event"
"""A look at a person's numbers leaves its trace here, and changes nothing else."""


def rows(desk: Desk) -> dict[str, list[Any]]:
    """Return what is kept, every table of it but the journal and what is derived for the search."""
    with desk.records.reading() as view:
        tables = set(view.connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='table'").scalars())
        assert TRACE in tables
        return {
            table: [tuple(row) for row in view.connection.exec_driver_sql(f"SELECT * FROM {table}")]
            for table in tables
            if table != TRACE and not table.startswith("search_")
        }


@pytest.mark.parametrize("kind", SCREENS, ids=lambda kind: kind.__name__)
async def test_one_key_changes_nothing(folder: Path, kind: type[Screen[Any]]) -> None:
    async with running(folder) as run:
        done = run.desk.receive(MARITAL)
        before = rows(run.desk)
        assert before["dossier"]
        screen = await open_one(run, kind, done)
        bound = {key for node in (screen, *screen.query("*")) for key in node._bindings.key_to_bindings}
        keys = sorted(key for key in bound if key in LETTER_KEYS | TYPED_KEYS | set(SENT) and not key.isupper())
        for key in keys:
            await open_one(run, kind, done)
            await run.keys(SENT.get(key, key))
            assert rows(run.desk) == before, (kind, key)
