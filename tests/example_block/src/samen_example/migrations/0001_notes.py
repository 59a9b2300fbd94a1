"""The tables of thank-you notes."""

import sqlalchemy as sa
from alembic import op

revision = "example_0001"
down_revision = None
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    op.create_table(
        "example__thanks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("hidden_because", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["core__user.id"], name=op.f("fk_example__thanks_account_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_example__thanks_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["core__subject.id"], name=op.f("fk_example__thanks_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_example__thanks")),
    )
    op.create_index(op.f("ix_example__thanks_account_id"), "example__thanks", ["account_id"])
    op.create_index("ix_example__thanks_at_id", "example__thanks", ["at", "id"])
    op.create_index("ix_example__thanks_organization_id_at", "example__thanks", ["organization_id", "at"])
    op.create_table(
        "example__tally",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["core__subject.id"], name=op.f("fk_example__tally_organization_id")),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_example__tally")),
    )


def downgrade() -> None:
    op.drop_table("example__tally")
    op.drop_table("example__thanks")
