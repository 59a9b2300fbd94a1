"""An activity may have its page in another block, that asks something about a thing of its own."""

import sqlalchemy as sa
from alembic import op

revision = "inbreng_0003"
down_revision = "inbreng_0002"
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    with op.batch_alter_table("inbreng__activity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("page", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("page_of", sa.String(60), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("inbreng__activity", schema=None) as batch_op:
        batch_op.drop_column("page_of")
        batch_op.drop_column("page")
