"""Figures: weekly counts without identity."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_figures"
down_revision = "0002_diary"


def upgrade() -> None:
    op.create_table(
        "published",
        sa.Column("week", sa.String(length=10), nullable=False),
        sa.Column("figure", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "figure", "value", name=op.f("pk_published")),
    )
    op.create_table(
        "tally",
        sa.Column("week", sa.String(length=10), nullable=False),
        sa.Column("figure", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "figure", "value", name=op.f("pk_tally")),
    )


def downgrade() -> None:
    op.drop_table("tally")
    op.drop_table("published")
