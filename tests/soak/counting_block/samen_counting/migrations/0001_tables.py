"""The tables of the counter."""

import sqlalchemy as sa
from alembic import op

revision = "counting_0001"
down_revision = None
contract = False


def upgrade() -> None:
    total = op.create_table(
        "counting__total", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("number", sa.Integer(), nullable=False)
    )
    op.create_table("counting__seen", sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("event_id", sa.Uuid(), nullable=False))
    op.bulk_insert(total, [{"id": 1, "number": 0}])


def downgrade() -> None:
    op.drop_table("counting__seen")
    op.drop_table("counting__total")
