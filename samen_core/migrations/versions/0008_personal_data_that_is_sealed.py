"""Personal data that is sealed."""

import sqlalchemy as sa
from alembic import op

revision = "core_0008"
down_revision = "core_0007"
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    op.add_column("core__personal_field", sa.Column("sealed", sa.String(length=80), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("core__personal_field", schema=None) as batch_op:
        batch_op.drop_column("sealed")
