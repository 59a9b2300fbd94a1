"""An activity may stand in no list: it only goes with the page of another block."""

import sqlalchemy as sa
from alembic import op

revision = "inbreng_0004"
down_revision = "inbreng_0003"
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    with op.batch_alter_table("inbreng__activity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("listed", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("inbreng__activity", schema=None) as batch_op:
        batch_op.drop_column("listed")
