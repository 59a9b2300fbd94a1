"""Support holds its account until erasing deletes the row: nobody else's deletion removes rows of this block."""

from alembic import op

revision = "samenspreker_0002"
down_revision = "samenspreker_0001"
branch_labels = None
depends_on = None
contract = False

TABLE, KEY = "samenspreker__question_support", "fk_samenspreker__question_support_account_id"


def upgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_constraint(KEY, type_="foreignkey")
        batch_op.create_foreign_key(KEY, "core__user", ["account_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_constraint(KEY, type_="foreignkey")
        batch_op.create_foreign_key(KEY, "core__user", ["account_id"], ["id"], ondelete="CASCADE")
