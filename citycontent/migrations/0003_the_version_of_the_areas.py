"""The version of the areas is looked up in indexes, not by reading every area."""

from alembic import op

revision = "citycontent_0003"
down_revision = "citycontent_0002"
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    op.create_index("ix_citycontent__area_updated_at", "citycontent__area", ["updated_at"])
    op.create_index("ix_citycontent__area_state_updated_at", "citycontent__area", ["state", "updated_at"])


def downgrade() -> None:
    op.drop_index("ix_citycontent__area_state_updated_at", table_name="citycontent__area")
    op.drop_index("ix_citycontent__area_updated_at", table_name="citycontent__area")
