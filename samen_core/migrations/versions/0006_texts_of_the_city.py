"""The texts of the city, and an index for the history of its settings."""

import sqlalchemy as sa
from alembic import op

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    op.create_table(
        "core__text_version",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["core__user.id"], name=op.f("fk_core__text_version_changed_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("key", "language", "version", name=op.f("pk_core__text_version")),
    )
    with op.batch_alter_table("core__text_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core__text_version_changed_by_id"), ["changed_by_id"], unique=False)
    op.create_index(
        "ix_core__change_settings",
        "core__change",
        ["seq"],
        unique=False,
        sqlite_where=sa.text("action = 'core.setting.changed'"),
        postgresql_where=sa.text("action = 'core.setting.changed'"),
    )


def downgrade() -> None:
    op.drop_index("ix_core__change_settings", table_name="core__change")
    with op.batch_alter_table("core__text_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core__text_version_changed_by_id"))
    op.drop_table("core__text_version")
