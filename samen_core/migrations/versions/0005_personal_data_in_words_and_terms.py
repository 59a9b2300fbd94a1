"""What a declaration of personal data says more: in words, whose it is, who gets it, and when it goes; and the proof that it went."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None
contract = False


def _json() -> sa.types.TypeEngine:  # type: ignore[type-arg]
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    for column in (
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("thing", sa.Text(), server_default="", nullable=False),
        sa.Column("people", sa.String(length=60), server_default="account", nullable=False),
        sa.Column("receivers", _json(), server_default='["staff"]', nullable=False),
        sa.Column("of", sa.String(length=200), server_default="", nullable=False),
        sa.Column("address", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("identifies", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("keep_when", _json(), nullable=True),
        sa.Column("expires", _json(), nullable=True),
        sa.Column("rule", sa.String(length=80), server_default="", nullable=False),
    ):
        op.add_column("core__personal_field", column)
    op.create_table(
        "core__retention_run",
        sa.Column("rule", sa.String(length=160), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("rule", "day", name=op.f("pk_core__retention_run")),
    )
    with op.batch_alter_table("core__retention_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core__retention_run_day"), ["day"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("core__retention_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core__retention_run_day"))
    op.drop_table("core__retention_run")
    with op.batch_alter_table("core__personal_field", schema=None) as batch_op:
        for name in ("rule", "expires", "keep_when", "identifies", "address", "of", "receivers", "people", "thing", "label"):
            batch_op.drop_column(name)
