"""Seventh step: communes that were merged, split or renamed after the shipped table."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "unit_change",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("old_code", sa.String(length=5), nullable=False),
        sa.Column("new_code", sa.String(length=5), nullable=False),
        sa.Column("old_name", sa.String(), nullable=False),
        sa.Column("old_province", sa.String(), nullable=False),
        sa.Column("partly", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("valid_from", "old_code", "new_code", name=op.f("pk_unit_change")),
    )
