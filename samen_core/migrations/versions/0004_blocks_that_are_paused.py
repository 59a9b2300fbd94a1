"""Which blocks are paused, and which jobs fail."""

import sqlalchemy as sa
from alembic import op

revision = "core_0004"
down_revision = "core_0003"
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    op.create_table(
        "core__block_state",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_core__block_state")),
    )
    with op.batch_alter_table("core__lease", schema=None) as batch_op:
        batch_op.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("last_error", sa.String(length=60), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("core__lease", schema=None) as batch_op:
        batch_op.drop_column("last_error")
        batch_op.drop_column("failures")

    op.drop_table("core__block_state")
