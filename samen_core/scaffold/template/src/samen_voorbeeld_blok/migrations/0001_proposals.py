"""The table of proposals."""

import sqlalchemy as sa
from alembic import op

revision = "voorbeeld_blok_0001"
down_revision = None
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    op.create_table(
        "voorbeeld_blok__proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["core__user.id"],
            name=op.f("fk_voorbeeld_blok__proposal_account_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_voorbeeld_blok__proposal_id")),
        sa.ForeignKeyConstraint(["project_id"], ["core__subject.id"], name=op.f("fk_voorbeeld_blok__proposal_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voorbeeld_blok__proposal")),
    )
    op.create_index(op.f("ix_voorbeeld_blok__proposal_account_id"), "voorbeeld_blok__proposal", ["account_id"])
    op.create_index("ix_voorbeeld_blok__proposal_at_id", "voorbeeld_blok__proposal", ["at", "id"])
    op.create_index("ix_voorbeeld_blok__proposal_project_id_at", "voorbeeld_blok__proposal", ["project_id", "at"])


def downgrade() -> None:
    op.drop_table("voorbeeld_blok__proposal")
