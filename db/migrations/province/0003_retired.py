"""Third step: the last day a unit reports for, and when a key was given up."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply the step."""
    op.add_column("province_unit", sa.Column("last_day", sa.Date(), nullable=True))
    op.add_column("province_key", sa.Column("retired_at", sa.String(length=20), nullable=True))
