"""The answers of the weekly check."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_week"
down_revision = "0004_erased"


def upgrade() -> None:
    op.create_table(
        "week",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation", sa.String(length=128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("energy", sa.Integer(), nullable=True),
        sa.Column("inner_talk", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation"],
            ["person.conversation"],
            name=op.f("fk_week_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_week")),
    )
    op.create_index(op.f("ix_week_conversation_at"), "week", ["conversation", "at"], unique=False)


def downgrade() -> None:
    op.drop_table("week")
