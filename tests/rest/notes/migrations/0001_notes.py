"""The table of notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from samen_core.db.base import UTCDateTime

revision = "notes_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "notes__note",
        sa.Column("id", sa.Uuid(), sa.ForeignKey("core__subject.id", name="fk_notes__note_id"), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("notes__note")
