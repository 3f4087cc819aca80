"""Second step: resets of restored desks, and what was decided on them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "province_reset",
        sa.Column("unit", sa.String(length=5), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("received_at", sa.String(length=20), nullable=False),
        sa.Column("decided_at", sa.String(length=20), nullable=True),
        sa.Column("before_seq", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "sha256", name=op.f("pk_province_reset")),
    )
    op.create_index(op.f("ix_province_reset_day"), "province_reset", ["day"], unique=False)
