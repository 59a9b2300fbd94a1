"""A picture of an organisation, a project or an event."""

import sqlalchemy as sa
from alembic import op

revision = "citycontent_0002"
down_revision = "citycontent_0001"
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    with op.batch_alter_table("citycontent__event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("picture_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_citycontent__event_picture_id"), "core__file", ["picture_id"], ["id"])

    with op.batch_alter_table("citycontent__organization", schema=None) as batch_op:
        batch_op.add_column(sa.Column("picture_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_citycontent__organization_picture_id"), "core__file", ["picture_id"], ["id"])

    with op.batch_alter_table("citycontent__project", schema=None) as batch_op:
        batch_op.add_column(sa.Column("picture_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_citycontent__project_picture_id"), "core__file", ["picture_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("citycontent__project", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_citycontent__project_picture_id"), type_="foreignkey")
        batch_op.drop_column("picture_id")

    with op.batch_alter_table("citycontent__organization", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_citycontent__organization_picture_id"), type_="foreignkey")
        batch_op.drop_column("picture_id")

    with op.batch_alter_table("citycontent__event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_citycontent__event_picture_id"), type_="foreignkey")
        batch_op.drop_column("picture_id")
