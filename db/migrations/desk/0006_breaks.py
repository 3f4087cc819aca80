"""Sixth step: places where a restored record fell behind its own sealed files, and the resets that go on from there."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "chain_break",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.String(length=20), nullable=False),
        sa.Column("known_seq", sa.Integer(), nullable=False),
        sa.Column("known_sha256", sa.String(), nullable=False),
        sa.Column("known_day", sa.Date(), nullable=True),
        sa.Column("base_seq", sa.Integer(), nullable=False),
        sa.Column("base_sha256", sa.String(), nullable=False),
        sa.Column("base_day", sa.Date(), nullable=True),
        sa.Column("journal_to", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("stock", sa.String(), nullable=False),
        sa.Column("lost", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("made", sa.Date(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_break")),
        sa.UniqueConstraint("sha256", name=op.f("uq_chain_break_sha256")),
    )
