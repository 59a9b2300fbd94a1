"""What moderators hid, and showed again."""

import sqlalchemy as sa
from alembic import op

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    op.create_table(
        "core__hiding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_by_id", sa.Uuid(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown_by_id", sa.Uuid(), nullable=True),
        sa.Column("shown_because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["hidden_by_id"], ["core__user.id"], name=op.f("fk_core__hiding_hidden_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["shown_by_id"], ["core__user.id"], name=op.f("fk_core__hiding_shown_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["subject_id"], ["core__subject.id"], name=op.f("fk_core__hiding_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core__hiding")),
    )
    with op.batch_alter_table("core__hiding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core__hiding_hidden_by_id"), ["hidden_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_core__hiding_shown_by_id"), ["shown_by_id"], unique=False)
        batch_op.create_index("ix_core__hiding_subject_id_at", ["subject_id", "at"], unique=False)
        batch_op.create_index(
            "uq_core__hiding_subject_id_open",
            ["subject_id"],
            unique=True,
            sqlite_where=sa.text("shown_at IS NULL"),
            postgresql_where=sa.text("shown_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("core__hiding", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_core__hiding_subject_id_open", sqlite_where=sa.text("shown_at IS NULL"), postgresql_where=sa.text("shown_at IS NULL")
        )
        batch_op.drop_index("ix_core__hiding_subject_id_at")
        batch_op.drop_index(batch_op.f("ix_core__hiding_shown_by_id"))
        batch_op.drop_index(batch_op.f("ix_core__hiding_hidden_by_id"))

    op.drop_table("core__hiding")
