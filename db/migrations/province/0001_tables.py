"""First step: the tables of the province."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "province_figure",
        sa.Column("unit", sa.String(length=5), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("counter", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "seq", "procedure", "counter", name=op.f("pk_province_figure")),
    )
    op.create_index(op.f("ix_province_figure_day"), "province_figure", ["day"], unique=False)
    op.create_table(
        "province_file",
        sa.Column("unit", sa.String(length=5), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("received_at", sa.String(length=20), nullable=False),
        sa.Column("created", sa.String(length=20), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "sha256", name=op.f("pk_province_file")),
    )
    op.create_index(op.f("ix_province_file_day"), "province_file", ["day"], unique=False)
    op.create_index(op.f("ix_province_file_unit_province_file_seq"), "province_file", ["unit", "seq"], unique=False)
    op.create_index(
        op.f("ix_province_file_unit_province_file_received_at"),
        "province_file",
        ["unit", "received_at"],
        unique=False,
    )
    op.create_table(
        "province_key",
        sa.Column("unit", sa.String(length=5), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("enrolled_at", sa.String(length=20), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("unit", "fingerprint", name=op.f("pk_province_key")),
    )
    op.create_index(op.f("ix_province_key_fingerprint"), "province_key", ["fingerprint"], unique=False)
    op.create_table(
        "province_receipt",
        sa.Column("unit", sa.String(length=5), nullable=False),
        sa.Column("province_seq", sa.BigInteger(), nullable=False),
        sa.Column("receipt_for", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("issued_at", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "province_seq", name=op.f("pk_province_receipt")),
    )
    op.create_index(op.f("ix_province_receipt_receipt_for"), "province_receipt", ["receipt_for"], unique=False)
    op.create_table(
        "province_rejection",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("first_seen", sa.String(length=20), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_province_rejection")),
    )
    op.create_index(op.f("ix_province_rejection_first_seen"), "province_rejection", ["first_seen"], unique=False)
    op.create_table(
        "province_setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_province_setting")),
    )
    op.create_table(
        "province_unit",
        sa.Column("unit", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("go_live", sa.Date(), nullable=True),
        sa.Column("enrolled_at", sa.String(length=20), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_sha256", sa.String(), nullable=False),
        sa.Column("last_head", sa.String(), nullable=False),
        sa.Column("last_province_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_receipt", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_province_unit")),
    )
