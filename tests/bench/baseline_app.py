"""The baseline of the search: a field, a table refilled at every key, LIKE over the same record."""

from __future__ import annotations

import sys
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Input

from db.engine import open_engine, sqlite_url
from desk import vault
from desk.rules.text import fold
from desk.settings import Paths

QUERY = """
    SELECT d.promise, d.code, p.name, c.name, d.state FROM dossier d JOIN person p ON p.id = d.person_id
    JOIN procedure c ON c.code = d.procedure_code AND c.version = d.procedure_version
    WHERE p.name_folded LIKE ? OR p.id_number LIKE ? OR p.phone LIKE ? OR d.code LIKE ? OR d.official_code LIKE ?
    ORDER BY d.id DESC LIMIT 100
"""


class Baseline(App[None]):
    """What one would write first."""

    def __init__(self, paths: Paths) -> None:
        super().__init__()
        self.engine = open_engine(sqlite_url(paths.database), vault.open_key(paths, None))

    def compose(self) -> ComposeResult:
        """A field over a table."""
        yield Input(placeholder="ready")
        yield DataTable()

    def on_mount(self) -> None:
        """Name the columns."""
        self.query_one(DataTable).add_columns("Hẹn trả", "Số hồ sơ", "Người nộp", "Thủ tục", "Còn")

    def on_input_changed(self, message: Input.Changed) -> None:
        """Refill the table."""
        table = self.query_one(DataTable)
        table.clear()
        with self.engine.connect() as connection:
            rows = connection.exec_driver_sql(QUERY, (f"%{fold(message.value)}%",) * 5).all()
        table.add_rows([[str(value) for value in row] for row in rows])


if __name__ == "__main__":
    Baseline(Paths(Path(sys.argv[1]))).run()
