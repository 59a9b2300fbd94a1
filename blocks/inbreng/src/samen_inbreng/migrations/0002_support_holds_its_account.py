"""Support holds its account until erasing deletes the row: nobody else's deletion removes rows of this block."""

from alembic import op

revision = "inbreng_0002"
down_revision = "inbreng_0001"
branch_labels = None
depends_on = None
contract = False

TABLE, KEY = "inbreng__support", "fk_inbreng__support_account_id"


def upgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_constraint(KEY, type_="foreignkey")
        batch_op.create_foreign_key(KEY, "core__user", ["account_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_constraint(KEY, type_="foreignkey")
        batch_op.create_foreign_key(KEY, "core__user", ["account_id"], ["id"], ondelete="CASCADE")
