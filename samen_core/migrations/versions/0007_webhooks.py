"""Webhooks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "core_0007"
down_revision = "core_0006"
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    op.create_table(
        "core__webhook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column(
            "event_types", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("dead", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_ok_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["core__subject.id"], name=op.f("fk_core__webhook_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core__webhook")),
    )
    with op.batch_alter_table("core__webhook", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core__webhook_subject_id"), ["subject_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("core__webhook", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core__webhook_subject_id"))
    op.drop_table("core__webhook")
