"""Third step: fee receipts, closings of the cash, calls to citizens; when a slip was given."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply the step; a column that may be empty is added without rebuilding its table."""
    op.add_column("issued_slip", sa.Column("given_at", sa.String(length=20), nullable=True))
    op.create_index(op.f("ix_issued_slip_event_seq"), "issued_slip", ["event_seq"], unique=False)
    op.create_table(
        "fee_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("desk", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("voided_seq", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.String(length=20), nullable=True),
        sa.Column("voided_by", sa.Integer(), nullable=True),
        sa.Column("voided_desk", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_fee_receipt_dossier_id_dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_receipt")),
        sa.UniqueConstraint("year", "desk", "number", name=op.f("uq_fee_receipt_year_desk_number")),
    )
    for column in ("dossier_id", "event_seq", "voided_seq"):
        op.create_index(op.f(f"ix_fee_receipt_{column}"), "fee_receipt", [column], unique=False)
    op.create_table(
        "cash_close",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("desk", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_close")),
        sa.UniqueConstraint("year", "desk", "number", name=op.f("uq_cash_close_year_desk_number")),
    )
    op.create_table(
        "call_made",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("again_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_call_made_dossier_id_dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_made")),
    )
    op.create_index(op.f("ix_call_made_dossier_id"), "call_made", ["dossier_id"], unique=False)
