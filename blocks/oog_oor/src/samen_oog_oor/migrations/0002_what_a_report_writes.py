"""A report writes in fewer indexes, and looks in one for what changed of the categories."""

import sqlalchemy as sa
from alembic import op

revision = "oog_oor_0002"
down_revision = "oog_oor_0001"
branch_labels = None
depends_on = None
contract = False

MOSTLY_NOBODY = (("oog_oor__case", "assignee_id"), ("oog_oor__signal", "account_id"), ("oog_oor__route", "from_organization_id"))
STAMP = ("ix_oog_oor__category_changed_at_version", "oog_oor__category", ["changed_at", "version"])
FIRST = ("ix_oog_oor__signal_first_case_id", "oog_oor__signal", ["first_case_id"])


def upgrade() -> None:
    for table, column in MOSTLY_NOBODY:
        name, known = f"ix_{table}_{column}", sa.text(f"{column} IS NOT NULL")
        op.drop_index(name, table_name=table)
        op.create_index(name, table, [column], sqlite_where=known, postgresql_where=known)
    op.drop_index(FIRST[0], table_name=FIRST[1])
    op.create_index(*STAMP)


def downgrade() -> None:
    op.drop_index(STAMP[0], table_name=STAMP[1])
    op.create_index(*FIRST)
    for table, column in MOSTLY_NOBODY:
        name = f"ix_{table}_{column}"
        op.drop_index(name, table_name=table)
        op.create_index(name, table, [column])
