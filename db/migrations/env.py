"""Alembic's entry: runs inside the transaction that `db.migrations.run` opened."""

from alembic import context

from db.migrations.run import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA[context.config.attributes["side"]],
    render_as_batch=True,
)
context.run_migrations()
