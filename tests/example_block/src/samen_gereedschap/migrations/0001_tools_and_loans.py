"""The tables of tools, loans and the tool lists of projects."""

import sqlalchemy as sa
from alembic import op

revision = "gereedschap_0001"
down_revision = None
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    _tools()
    _projects()
    _loans()


def _tools() -> None:
    op.create_table(
        "gereedschap__tool",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("pickup", sa.Text(), nullable=False),
        sa.Column("deposit", sa.Integer(), nullable=False),
        sa.Column("max_days", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_gereedschap__tool_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["citycontent__organization.id"], name=op.f("fk_gereedschap__tool_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gereedschap__tool")),
        sa.UniqueConstraint("slug", name=op.f("uq_gereedschap__tool_slug")),
    )
    op.create_index("ix_gereedschap__tool_organization_id_state", "gereedschap__tool", ["organization_id", "state"])
    op.create_index("ix_gereedschap__tool_state_sort_name_id", "gereedschap__tool", ["state", "sort_name", "id"])


def _projects() -> None:
    op.create_table(
        "gereedschap__project",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["citycontent__project.id"], name=op.f("fk_gereedschap__project_project_id")),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_gereedschap__project")),
    )
    op.create_table(
        "gereedschap__need",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["gereedschap__project.project_id"], name=op.f("fk_gereedschap__need_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "kind", name=op.f("pk_gereedschap__need")),
    )


def _loans() -> None:
    op.create_table(
        "gereedschap__loan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tool_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["core__user.id"], name=op.f("fk_gereedschap__loan_account_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["project_id"], ["gereedschap__project.project_id"], name=op.f("fk_gereedschap__loan_project_id")),
        sa.ForeignKeyConstraint(["tool_id"], ["gereedschap__tool.id"], name=op.f("fk_gereedschap__loan_tool_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gereedschap__loan")),
    )
    op.create_index("ix_gereedschap__loan_account_id_requested_at_id", "gereedschap__loan", ["account_id", "requested_at", "id"])
    op.create_index("ix_gereedschap__loan_project_id", "gereedschap__loan", ["project_id"])
    op.create_index("ix_gereedschap__loan_state_first_day_id", "gereedschap__loan", ["state", "first_day", "id"])
    op.create_index("ix_gereedschap__loan_tool_id_state", "gereedschap__loan", ["tool_id", "state"])
    op.create_table(
        "gereedschap__loan_day",
        sa.Column("tool_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("loan_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["loan_id"], ["gereedschap__loan.id"], name=op.f("fk_gereedschap__loan_day_loan_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tool_id"], ["gereedschap__tool.id"], name=op.f("fk_gereedschap__loan_day_tool_id")),
        sa.PrimaryKeyConstraint("tool_id", "day", name=op.f("pk_gereedschap__loan_day")),
    )
    op.create_index(op.f("ix_gereedschap__loan_day_loan_id"), "gereedschap__loan_day", ["loan_id"])


def downgrade() -> None:
    for table in ("loan_day", "loan", "need", "project", "tool"):
        op.drop_table(f"gereedschap__{table}")
