"""Marks of erased people against late rows; yearly counts of referrals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_erased"
down_revision = "0003_figures"


def upgrade() -> None:
    op.create_table(
        "erased",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_erased")),
    )
    op.create_index(op.f("ix_erased_at"), "erased", ["at"], unique=False)
    op.create_table(
        "yearly",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "category", name=op.f("pk_yearly")),
    )


def downgrade() -> None:
    op.drop_table("yearly")
    op.drop_table("erased")
