"""The tables of contributions and answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "inbreng_0001"
down_revision = None
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    op.create_table(
        "inbreng__activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("access", sa.String(length=60), nullable=False),
        sa.Column("form", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("asks_text", sa.Boolean(), nullable=False),
        sa.Column("allows_replies", sa.Boolean(), nullable=False),
        sa.Column("allows_support", sa.Boolean(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["core__subject.id"], name=op.f("fk_inbreng__activity_area_id")),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_inbreng__activity_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["core__subject.id"], name=op.f("fk_inbreng__activity_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbreng__activity")),
        sa.UniqueConstraint("slug", name=op.f("uq_inbreng__activity_slug")),
    )
    with op.batch_alter_table("inbreng__activity", schema=None) as batch_op:
        batch_op.create_index("ix_inbreng__activity_closes_at_id", ["closes_at", "id"], unique=False)
        batch_op.create_index("ix_inbreng__activity_subject_id_opens_at", ["subject_id", "opens_at"], unique=False)

    op.create_table(
        "inbreng__theme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("contributions", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["core__subject.id"], name=op.f("fk_inbreng__theme_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbreng__theme")),
    )
    with op.batch_alter_table("inbreng__theme", schema=None) as batch_op:
        batch_op.create_index("ix_inbreng__theme_subject_id_position", ["subject_id", "position"], unique=False)

    op.create_table(
        "inbreng__answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("theme_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_organization_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["core__user.id"], name=op.f("fk_inbreng__answer_account_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["by_organization_id"], ["core__subject.id"], name=op.f("fk_inbreng__answer_by_organization_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["core__subject.id"], name=op.f("fk_inbreng__answer_subject_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["inbreng__theme.id"], name=op.f("fk_inbreng__answer_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbreng__answer")),
    )
    with op.batch_alter_table("inbreng__answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbreng__answer_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_inbreng__answer_subject_id_send_at", ["subject_id", "send_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbreng__answer_theme_id"), ["theme_id"], unique=False)
        batch_op.create_index("ix_inbreng__answer_told_at_send_at", ["told_at", "send_at"], unique=False)

    op.create_table(
        "inbreng__answer_count",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["inbreng__activity.id"], name=op.f("fk_inbreng__answer_count_activity_id")),
        sa.PrimaryKeyConstraint("activity_id", "question", "value", name=op.f("pk_inbreng__answer_count")),
    )
    op.create_table(
        "inbreng__contribution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("root_id", sa.Uuid(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("place", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("wants_mail", sa.Boolean(), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("on_behalf_of_id", sa.Uuid(), nullable=True),
        sa.Column("sector", sa.String(length=60), nullable=False),
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_ref", sa.String(length=120), nullable=True),
        sa.Column("receipt_hash", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supports", sa.Integer(), nullable=False),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["core__user.id"], name=op.f("fk_inbreng__contribution_account_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["activity_id"], ["inbreng__activity.id"], name=op.f("fk_inbreng__contribution_activity_id")),
        sa.ForeignKeyConstraint(["area_id"], ["core__subject.id"], name=op.f("fk_inbreng__contribution_area_id")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["core__user.id"], name=op.f("fk_inbreng__contribution_entered_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_inbreng__contribution_id")),
        sa.ForeignKeyConstraint(["on_behalf_of_id"], ["core__subject.id"], name=op.f("fk_inbreng__contribution_on_behalf_of_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["inbreng__contribution.id"], name=op.f("fk_inbreng__contribution_parent_id")),
        sa.ForeignKeyConstraint(["root_id"], ["inbreng__contribution.id"], name=op.f("fk_inbreng__contribution_root_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["core__subject.id"], name=op.f("fk_inbreng__contribution_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbreng__contribution")),
        sa.UniqueConstraint("external_ref", name=op.f("uq_inbreng__contribution_external_ref")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_inbreng__contribution_receipt_hash")),
    )
    with op.batch_alter_table("inbreng__contribution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbreng__contribution_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "ix_inbreng__contribution_activity_id_at",
            ["activity_id", "at", "id"],
            unique=False,
            sqlite_where=sa.text("parent_id IS NULL"),
            postgresql_where=sa.text("parent_id IS NULL"),
        )
        batch_op.create_index(
            "ix_inbreng__contribution_activity_id_supports",
            ["activity_id", "supports", "id"],
            unique=False,
            sqlite_where=sa.text("parent_id IS NULL"),
            postgresql_where=sa.text("parent_id IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_inbreng__contribution_entered_by_id"), ["entered_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbreng__contribution_on_behalf_of_id"), ["on_behalf_of_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbreng__contribution_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_inbreng__contribution_root_id_at", ["root_id", "at", "id"], unique=False)
        batch_op.create_index(
            "ix_inbreng__contribution_subject_id_at",
            ["subject_id", "at", "id"],
            unique=False,
            sqlite_where=sa.text("parent_id IS NULL"),
            postgresql_where=sa.text("parent_id IS NULL"),
        )
        batch_op.create_index(
            "ix_inbreng__contribution_waiting",
            ["subject_id", "at", "id"],
            unique=False,
            sqlite_where=sa.text("answered = 0 AND parent_id IS NULL"),
            postgresql_where=sa.text("answered = false AND parent_id IS NULL"),
        )
        batch_op.create_index("uq_inbreng__contribution_activity_id_number", ["activity_id", "number"], unique=True)

    op.create_table(
        "inbreng__respondent",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["inbreng__activity.id"], name=op.f("fk_inbreng__respondent_activity_id")),
        sa.PrimaryKeyConstraint("activity_id", "key", name=op.f("pk_inbreng__respondent")),
    )
    op.create_table(
        "inbreng__response",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("answers", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("sector", sa.String(length=60), nullable=False),
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["inbreng__activity.id"], name=op.f("fk_inbreng__response_activity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbreng__response")),
    )
    with op.batch_alter_table("inbreng__response", schema=None) as batch_op:
        batch_op.create_index("ix_inbreng__response_activity_id_id", ["activity_id", "id"], unique=False)

    op.create_table(
        "inbreng__tally",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("dimension", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["inbreng__activity.id"], name=op.f("fk_inbreng__tally_activity_id")),
        sa.PrimaryKeyConstraint("activity_id", "dimension", "value", name=op.f("pk_inbreng__tally")),
    )
    op.create_table(
        "inbreng__answer_target",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["inbreng__answer.id"], name=op.f("fk_inbreng__answer_target_answer_id")),
        sa.ForeignKeyConstraint(["contribution_id"], ["inbreng__contribution.id"], name=op.f("fk_inbreng__answer_target_contribution_id")),
        sa.PrimaryKeyConstraint("contribution_id", "answer_id", name=op.f("pk_inbreng__answer_target")),
    )
    with op.batch_alter_table("inbreng__answer_target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbreng__answer_target_answer_id"), ["answer_id"], unique=False)

    op.create_table(
        "inbreng__contribution_theme",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("theme_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["inbreng__contribution.id"], name=op.f("fk_inbreng__contribution_theme_contribution_id")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["inbreng__theme.id"], name=op.f("fk_inbreng__contribution_theme_theme_id")),
        sa.PrimaryKeyConstraint("contribution_id", "theme_id", name=op.f("pk_inbreng__contribution_theme")),
    )
    with op.batch_alter_table("inbreng__contribution_theme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbreng__contribution_theme_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "inbreng__support",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["core__user.id"], name=op.f("fk_inbreng__support_account_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["contribution_id"], ["inbreng__contribution.id"], name=op.f("fk_inbreng__support_contribution_id")),
        sa.PrimaryKeyConstraint("contribution_id", "account_id", name=op.f("pk_inbreng__support")),
    )
    with op.batch_alter_table("inbreng__support", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbreng__support_account_id"), ["account_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("inbreng__support", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbreng__support_account_id"))

    op.drop_table("inbreng__support")
    with op.batch_alter_table("inbreng__contribution_theme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbreng__contribution_theme_theme_id"))

    op.drop_table("inbreng__contribution_theme")
    with op.batch_alter_table("inbreng__answer_target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbreng__answer_target_answer_id"))

    op.drop_table("inbreng__answer_target")
    op.drop_table("inbreng__tally")
    with op.batch_alter_table("inbreng__response", schema=None) as batch_op:
        batch_op.drop_index("ix_inbreng__response_activity_id_id")

    op.drop_table("inbreng__response")
    op.drop_table("inbreng__respondent")
    with op.batch_alter_table("inbreng__contribution", schema=None) as batch_op:
        batch_op.drop_index("uq_inbreng__contribution_activity_id_number")
        batch_op.drop_index(
            "ix_inbreng__contribution_waiting",
            sqlite_where=sa.text("answered = 0 AND parent_id IS NULL"),
            postgresql_where=sa.text("answered = false AND parent_id IS NULL"),
        )
        batch_op.drop_index(
            "ix_inbreng__contribution_subject_id_at",
            sqlite_where=sa.text("parent_id IS NULL"),
            postgresql_where=sa.text("parent_id IS NULL"),
        )
        batch_op.drop_index("ix_inbreng__contribution_root_id_at")
        batch_op.drop_index(batch_op.f("ix_inbreng__contribution_parent_id"))
        batch_op.drop_index(batch_op.f("ix_inbreng__contribution_on_behalf_of_id"))
        batch_op.drop_index(batch_op.f("ix_inbreng__contribution_entered_by_id"))
        batch_op.drop_index(
            "ix_inbreng__contribution_activity_id_supports",
            sqlite_where=sa.text("parent_id IS NULL"),
            postgresql_where=sa.text("parent_id IS NULL"),
        )
        batch_op.drop_index(
            "ix_inbreng__contribution_activity_id_at",
            sqlite_where=sa.text("parent_id IS NULL"),
            postgresql_where=sa.text("parent_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_inbreng__contribution_account_id"))

    op.drop_table("inbreng__contribution")
    op.drop_table("inbreng__answer_count")
    with op.batch_alter_table("inbreng__answer", schema=None) as batch_op:
        batch_op.drop_index("ix_inbreng__answer_told_at_send_at")
        batch_op.drop_index(batch_op.f("ix_inbreng__answer_theme_id"))
        batch_op.drop_index("ix_inbreng__answer_subject_id_send_at")
        batch_op.drop_index(batch_op.f("ix_inbreng__answer_account_id"))

    op.drop_table("inbreng__answer")
    with op.batch_alter_table("inbreng__theme", schema=None) as batch_op:
        batch_op.drop_index("ix_inbreng__theme_subject_id_position")

    op.drop_table("inbreng__theme")
    with op.batch_alter_table("inbreng__activity", schema=None) as batch_op:
        batch_op.drop_index("ix_inbreng__activity_subject_id_opens_at")
        batch_op.drop_index("ix_inbreng__activity_closes_at_id")

    op.drop_table("inbreng__activity")
