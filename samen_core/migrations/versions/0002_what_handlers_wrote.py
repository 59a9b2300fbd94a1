"""How often handlers wrote, beside the head of the log: pages that show a counter are made anew."""

import sqlalchemy as sa
from alembic import op

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    op.add_column("core__log_head", sa.Column("handled", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("core__log_head") as batch_op:
        batch_op.drop_column("handled")
