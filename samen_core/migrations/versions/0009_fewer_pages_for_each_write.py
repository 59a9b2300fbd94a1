"""Indexes that every write paid for: of the type of an event, which nothing asks for at once, and of who acted where nobody is known."""

import sqlalchemy as sa
from alembic import op

revision = "core_0009"
down_revision = "core_0008"
branch_labels = None
depends_on = None
contract = False

ACTOR = "ix_core__change_actor_id_seq"


def upgrade() -> None:
    known = sa.text("actor_id IS NOT NULL")
    op.drop_index("ix_core__outbox_type", table_name="core__outbox")
    op.drop_index(ACTOR, table_name="core__change")
    op.create_index(ACTOR, "core__change", ["actor_id", "seq"], sqlite_where=known, postgresql_where=known)


def downgrade() -> None:
    op.drop_index(ACTOR, table_name="core__change")
    op.create_index(ACTOR, "core__change", ["actor_id", "seq"])
    op.create_index("ix_core__outbox_type", "core__outbox", ["type"])
