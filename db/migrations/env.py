"""Alembic's entry: runs inside the transaction that `db.migrations.run` opened."""

from alembic import context

from db.schema import Side
from db.tables import DeskTable, ProvinceTable

METADATA = {Side.DESK: DeskTable.metadata, Side.PROVINCE: ProvinceTable.metadata}

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA[context.config.attributes["side"]],
    render_as_batch=True,
)
context.run_migrations()
