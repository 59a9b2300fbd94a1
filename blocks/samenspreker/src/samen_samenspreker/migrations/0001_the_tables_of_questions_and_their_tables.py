"""The tables of questions and their tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "samenspreker_0001"
down_revision = None
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    op.create_table(
        "samenspreker__gate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("needs_document", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenspreker__gate")),
    )
    with op.batch_alter_table("samenspreker__gate", schema=None) as batch_op:
        batch_op.create_index("ix_samenspreker__gate_step_position", ["step", "position"], unique=False)

    op.create_table(
        "samenspreker__question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("why_now", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("theme_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("sectors", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("step_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("follows_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wants_mail", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("receipt_hash", sa.String(length=64), nullable=True),
        sa.Column("on_behalf_of_id", sa.Uuid(), nullable=True),
        sa.Column("sector", sa.String(length=60), nullable=False),
        sa.Column("council_informed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supports", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["core__user.id"], name=op.f("fk_samenspreker__question_account_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["area_id"], ["citycontent__area.id"], name=op.f("fk_samenspreker__question_area_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["core__user.id"], name=op.f("fk_samenspreker__question_decided_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["follows_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__question_follows_id")),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_samenspreker__question_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__question_merged_into_id")),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"], ["citycontent__organization.id"], name=op.f("fk_samenspreker__question_on_behalf_of_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["citycontent__project.id"], name=op.f("fk_samenspreker__question_project_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["citycontent__theme.id"], name=op.f("fk_samenspreker__question_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenspreker__question")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_samenspreker__question_receipt_hash")),
        sa.UniqueConstraint("slug", name=op.f("uq_samenspreker__question_slug")),
    )
    with op.batch_alter_table("samenspreker__question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_samenspreker__question_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_samenspreker__question_area_id_at", ["area_id", "at"], unique=False)
        batch_op.create_index("ix_samenspreker__question_at_id", ["at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenspreker__question_decided_by_id"), ["decided_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenspreker__question_follows_id"), ["follows_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenspreker__question_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenspreker__question_on_behalf_of_id"), ["on_behalf_of_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenspreker__question_project_id"), ["project_id"], unique=False)
        batch_op.create_index("ix_samenspreker__question_state_step_at", ["state", "step", "at"], unique=False)
        batch_op.create_index("ix_samenspreker__question_theme_id_at", ["theme_id", "at"], unique=False)

    op.create_table(
        "samenspreker__criterion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__criterion_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenspreker__criterion")),
    )
    with op.batch_alter_table("samenspreker__criterion", schema=None) as batch_op:
        batch_op.create_index("ix_samenspreker__criterion_question_id_position", ["question_id", "position"], unique=False)

    op.create_table(
        "samenspreker__evaluation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("goals", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("lessons", sa.Text(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__evaluation_question_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["inbreng__activity.id"], name=op.f("fk_samenspreker__evaluation_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenspreker__evaluation")),
    )
    with op.batch_alter_table("samenspreker__evaluation", schema=None) as batch_op:
        batch_op.create_index("uq_samenspreker__evaluation_question_id_cycle", ["question_id", "cycle"], unique=True)

    op.create_table(
        "samenspreker__final_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("deviations", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("parts", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("file_of", sa.String(length=60), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["core__file.id"], name=op.f("fk_samenspreker__final_report_file_id")),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_samenspreker__final_report_id")),
        sa.ForeignKeyConstraint(["question_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__final_report_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenspreker__final_report")),
    )
    with op.batch_alter_table("samenspreker__final_report", schema=None) as batch_op:
        batch_op.create_index("uq_samenspreker__final_report_question_id_number", ["question_id", "number"], unique=True)

    op.create_table(
        "samenspreker__gate_tick",
        sa.Column("gate_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["core__user.id"], name=op.f("fk_samenspreker__gate_tick_account_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["file_id"], ["core__file.id"], name=op.f("fk_samenspreker__gate_tick_file_id")),
        sa.ForeignKeyConstraint(["gate_id"], ["samenspreker__gate.id"], name=op.f("fk_samenspreker__gate_tick_gate_id")),
        sa.ForeignKeyConstraint(["question_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__gate_tick_question_id")),
        sa.PrimaryKeyConstraint("gate_id", "question_id", "cycle", name=op.f("pk_samenspreker__gate_tick")),
    )
    with op.batch_alter_table("samenspreker__gate_tick", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_samenspreker__gate_tick_account_id"), ["account_id"], unique=False)

    op.create_table(
        "samenspreker__move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("from_step", sa.String(length=60), nullable=False),
        sa.Column("to_step", sa.String(length=60), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["core__user.id"], name=op.f("fk_samenspreker__move_account_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["question_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__move_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenspreker__move")),
    )
    with op.batch_alter_table("samenspreker__move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_samenspreker__move_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_samenspreker__move_question_id_id", ["question_id", "id"], unique=False)

    op.create_table(
        "samenspreker__option",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("current", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_samenspreker__option_id")),
        sa.ForeignKeyConstraint(["question_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__option_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenspreker__option")),
    )
    with op.batch_alter_table("samenspreker__option", schema=None) as batch_op:
        batch_op.create_index("ix_samenspreker__option_question_id_position", ["question_id", "position"], unique=False)

    op.create_table(
        "samenspreker__proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("not_about", sa.Text(), nullable=False),
        sa.Column("leeway", sa.Text(), nullable=False),
        sa.Column("goals", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("scale", sa.String(length=60), nullable=False),
        sa.Column("scale_note", sa.Text(), nullable=False),
        sa.Column(
            "participants", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False
        ),
        sa.Column("level", sa.String(length=60), nullable=False),
        sa.Column("level_reason", sa.Text(), nullable=False),
        sa.Column("approach", sa.Text(), nullable=False),
        sa.Column("methods_online", sa.Text(), nullable=False),
        sa.Column("methods_offline", sa.Text(), nullable=False),
        sa.Column("planning", sa.Text(), nullable=False),
        sa.Column("communication", sa.Text(), nullable=False),
        sa.Column("costs", sa.Text(), nullable=False),
        sa.Column("memo_file_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["memo_file_id"], ["core__file.id"], name=op.f("fk_samenspreker__proposal_memo_file_id")),
        sa.ForeignKeyConstraint(["question_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__proposal_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenspreker__proposal")),
    )
    with op.batch_alter_table("samenspreker__proposal", schema=None) as batch_op:
        batch_op.create_index("uq_samenspreker__proposal_question_id_number", ["question_id", "number"], unique=True)

    op.create_table(
        "samenspreker__question_support",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("came_from_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["core__user.id"], name=op.f("fk_samenspreker__question_support_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["came_from_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__question_support_came_from_id")
        ),
        sa.ForeignKeyConstraint(["question_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__question_support_question_id")),
        sa.PrimaryKeyConstraint("question_id", "account_id", name=op.f("pk_samenspreker__question_support")),
    )
    with op.batch_alter_table("samenspreker__question_support", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_samenspreker__question_support_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenspreker__question_support_came_from_id"), ["came_from_id"], unique=False)

    op.create_table(
        "samenspreker__report_draft",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deviations", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__report_draft_question_id")),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_samenspreker__report_draft")),
    )
    op.create_table(
        "samenspreker__round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.Column("disagreed", sa.Text(), nullable=False),
        sa.Column("minority", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_samenspreker__round_id")),
        sa.ForeignKeyConstraint(["question_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__round_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenspreker__round")),
    )
    with op.batch_alter_table("samenspreker__round", schema=None) as batch_op:
        batch_op.create_index("uq_samenspreker__round_question_id_number", ["question_id", "number"], unique=True)

    op.create_table(
        "samenspreker__seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("sector", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("responsibility", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("holder_name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("alternate_id", sa.Uuid(), nullable=True),
        sa.Column("alternate_name", sa.String(length=120), nullable=False),
        sa.Column("alternate_email", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("alternate_token_hash", sa.String(length=64), nullable=True),
        sa.Column("wants_mail", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alternate_offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["core__user.id"], name=op.f("fk_samenspreker__seat_account_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["alternate_id"], ["core__user.id"], name=op.f("fk_samenspreker__seat_alternate_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["organization_id"], ["citycontent__organization.id"], name=op.f("fk_samenspreker__seat_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["citycontent__person.id"], name=op.f("fk_samenspreker__seat_person_id")),
        sa.ForeignKeyConstraint(["question_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__seat_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenspreker__seat")),
        sa.UniqueConstraint("alternate_token_hash", name=op.f("uq_samenspreker__seat_alternate_token_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_samenspreker__seat_token_hash")),
    )
    with op.batch_alter_table("samenspreker__seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_samenspreker__seat_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenspreker__seat_alternate_id"), ["alternate_id"], unique=False)
        batch_op.create_index("ix_samenspreker__seat_organization_id_state", ["organization_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenspreker__seat_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_samenspreker__seat_question_id_state", ["question_id", "state"], unique=False)

    op.create_table(
        "samenspreker__decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.String(length=160), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("option_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("deviates", sa.Boolean(), nullable=False),
        sa.Column("deviation", sa.Text(), nullable=False),
        sa.Column("reaction", sa.Text(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_samenspreker__decision_id")),
        sa.ForeignKeyConstraint(["option_id"], ["samenspreker__option.id"], name=op.f("fk_samenspreker__decision_option_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["citycontent__organization.id"], name=op.f("fk_samenspreker__decision_organization_id")
        ),
        sa.ForeignKeyConstraint(["question_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__decision_question_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["samenspreker__decision.id"], name=op.f("fk_samenspreker__decision_supersedes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenspreker__decision")),
    )
    with op.batch_alter_table("samenspreker__decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_samenspreker__decision_option_id"), ["option_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenspreker__decision_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index("ix_samenspreker__decision_question_id_state", ["question_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenspreker__decision_supersedes_id"), ["supersedes_id"], unique=False)

    op.create_table(
        "samenspreker__judgement",
        sa.Column("option_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["criterion_id"], ["samenspreker__criterion.id"], name=op.f("fk_samenspreker__judgement_criterion_id")),
        sa.ForeignKeyConstraint(["option_id"], ["samenspreker__option.id"], name=op.f("fk_samenspreker__judgement_option_id")),
        sa.PrimaryKeyConstraint("option_id", "criterion_id", name=op.f("pk_samenspreker__judgement")),
    )
    op.create_table(
        "samenspreker__meeting",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("visitors", sa.Integer(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_sequence", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["citycontent__event.id"], name=op.f("fk_samenspreker__meeting_event_id")),
        sa.ForeignKeyConstraint(["question_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__meeting_question_id")),
        sa.ForeignKeyConstraint(["round_id"], ["samenspreker__round.id"], name=op.f("fk_samenspreker__meeting_round_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_samenspreker__meeting")),
    )
    with op.batch_alter_table("samenspreker__meeting", schema=None) as batch_op:
        batch_op.create_index("ix_samenspreker__meeting_question_id_event_id", ["question_id", "event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenspreker__meeting_round_id"), ["round_id"], unique=False)

    op.create_table(
        "samenspreker__option_support",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("option_id", sa.Uuid(), nullable=False),
        sa.Column("option_version", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("voter_id", sa.Uuid(), nullable=True),
        sa.Column("given_by_id", sa.Uuid(), nullable=True),
        sa.Column("sector", sa.String(length=60), nullable=False),
        sa.Column("position", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["core__user.id"], name=op.f("fk_samenspreker__option_support_given_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["option_id"], ["samenspreker__option.id"], name=op.f("fk_samenspreker__option_support_option_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["samenspreker__seat.id"], name=op.f("fk_samenspreker__option_support_seat_id")),
        sa.ForeignKeyConstraint(
            ["voter_id"], ["core__user.id"], name=op.f("fk_samenspreker__option_support_voter_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenspreker__option_support")),
    )
    with op.batch_alter_table("samenspreker__option_support", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_samenspreker__option_support_given_by_id"), ["given_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenspreker__option_support_seat_id"), ["seat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenspreker__option_support_voter_id"), ["voter_id"], unique=False)
        batch_op.create_index("uq_samenspreker__option_support_option_id_seat_id", ["option_id", "seat_id"], unique=True)
        batch_op.create_index("uq_samenspreker__option_support_option_id_voter", ["option_id", "voter_id"], unique=True)

    op.create_table(
        "samenspreker__option_version",
        sa.Column("option_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("costs", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["option_id"], ["samenspreker__option.id"], name=op.f("fk_samenspreker__option_version_option_id")),
        sa.PrimaryKeyConstraint("option_id", "number", name=op.f("pk_samenspreker__option_version")),
    )
    op.create_table(
        "samenspreker__report_row",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reply_to", sa.Integer(), nullable=True),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("also", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["inbreng__contribution.id"], name=op.f("fk_samenspreker__report_row_contribution_id")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["samenspreker__final_report.id"], name=op.f("fk_samenspreker__report_row_report_id")),
        sa.PrimaryKeyConstraint("report_id", "position", name=op.f("pk_samenspreker__report_row")),
    )
    with op.batch_alter_table("samenspreker__report_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_samenspreker__report_row_contribution_id"), ["contribution_id"], unique=False)

    op.create_table(
        "samenspreker__round_activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.String(length=60), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["inbreng__activity.id"], name=op.f("fk_samenspreker__round_activity_activity_id")),
        sa.ForeignKeyConstraint(["round_id"], ["samenspreker__round.id"], name=op.f("fk_samenspreker__round_activity_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenspreker__round_activity")),
    )
    with op.batch_alter_table("samenspreker__round_activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_samenspreker__round_activity_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index("ix_samenspreker__round_activity_round_id_position", ["round_id", "position"], unique=False)

    op.create_table(
        "samenspreker__action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["samenspreker__decision.id"], name=op.f("fk_samenspreker__action_decision_id")),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_samenspreker__action_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["citycontent__organization.id"], name=op.f("fk_samenspreker__action_organization_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["samenspreker__action.id"], name=op.f("fk_samenspreker__action_parent_id")),
        sa.ForeignKeyConstraint(["question_id"], ["samenspreker__question.id"], name=op.f("fk_samenspreker__action_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenspreker__action")),
    )
    with op.batch_alter_table("samenspreker__action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_samenspreker__action_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenspreker__action_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenspreker__action_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_samenspreker__action_question_id_position", ["question_id", "position"], unique=False)

    op.create_table(
        "samenspreker__attendance",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("presence", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["samenspreker__meeting.event_id"], name=op.f("fk_samenspreker__attendance_event_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["samenspreker__seat.id"], name=op.f("fk_samenspreker__attendance_seat_id")),
        sa.PrimaryKeyConstraint("event_id", "seat_id", name=op.f("pk_samenspreker__attendance")),
    )
    with op.batch_alter_table("samenspreker__attendance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_samenspreker__attendance_seat_id"), ["seat_id"], unique=False)

    op.create_table(
        "samenspreker__weighing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("option_id", sa.Uuid(), nullable=True),
        sa.Column("theme_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["samenspreker__decision.id"], name=op.f("fk_samenspreker__weighing_decision_id")),
        sa.ForeignKeyConstraint(["option_id"], ["samenspreker__option.id"], name=op.f("fk_samenspreker__weighing_option_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["inbreng__theme.id"], name=op.f("fk_samenspreker__weighing_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenspreker__weighing")),
    )
    with op.batch_alter_table("samenspreker__weighing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_samenspreker__weighing_option_id"), ["option_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenspreker__weighing_theme_id"), ["theme_id"], unique=False)
        batch_op.create_index("uq_samenspreker__weighing_decision_id_option_id", ["decision_id", "option_id"], unique=True)
        batch_op.create_index("uq_samenspreker__weighing_decision_id_theme_id", ["decision_id", "theme_id"], unique=True)

    op.create_table(
        "samenspreker__action_update",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("due_before", sa.Date(), nullable=True),
        sa.Column("due_after", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["samenspreker__action.id"], name=op.f("fk_samenspreker__action_update_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenspreker__action_update")),
    )
    with op.batch_alter_table("samenspreker__action_update", schema=None) as batch_op:
        batch_op.create_index("ix_samenspreker__action_update_action_id_id", ["action_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("samenspreker__action_update", schema=None) as batch_op:
        batch_op.drop_index("ix_samenspreker__action_update_action_id_id")

    op.drop_table("samenspreker__action_update")
    with op.batch_alter_table("samenspreker__weighing", schema=None) as batch_op:
        batch_op.drop_index("uq_samenspreker__weighing_decision_id_theme_id")
        batch_op.drop_index("uq_samenspreker__weighing_decision_id_option_id")
        batch_op.drop_index(batch_op.f("ix_samenspreker__weighing_theme_id"))
        batch_op.drop_index(batch_op.f("ix_samenspreker__weighing_option_id"))

    op.drop_table("samenspreker__weighing")
    with op.batch_alter_table("samenspreker__attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_samenspreker__attendance_seat_id"))

    op.drop_table("samenspreker__attendance")
    with op.batch_alter_table("samenspreker__action", schema=None) as batch_op:
        batch_op.drop_index("ix_samenspreker__action_question_id_position")
        batch_op.drop_index(batch_op.f("ix_samenspreker__action_parent_id"))
        batch_op.drop_index(batch_op.f("ix_samenspreker__action_organization_id"))
        batch_op.drop_index(batch_op.f("ix_samenspreker__action_decision_id"))

    op.drop_table("samenspreker__action")
    with op.batch_alter_table("samenspreker__round_activity", schema=None) as batch_op:
        batch_op.drop_index("ix_samenspreker__round_activity_round_id_position")
        batch_op.drop_index(batch_op.f("ix_samenspreker__round_activity_activity_id"))

    op.drop_table("samenspreker__round_activity")
    with op.batch_alter_table("samenspreker__report_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_samenspreker__report_row_contribution_id"))

    op.drop_table("samenspreker__report_row")
    op.drop_table("samenspreker__option_version")
    with op.batch_alter_table("samenspreker__option_support", schema=None) as batch_op:
        batch_op.drop_index("uq_samenspreker__option_support_option_id_voter")
        batch_op.drop_index("uq_samenspreker__option_support_option_id_seat_id")
        batch_op.drop_index(batch_op.f("ix_samenspreker__option_support_voter_id"))
        batch_op.drop_index(batch_op.f("ix_samenspreker__option_support_seat_id"))
        batch_op.drop_index(batch_op.f("ix_samenspreker__option_support_given_by_id"))

    op.drop_table("samenspreker__option_support")
    with op.batch_alter_table("samenspreker__meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_samenspreker__meeting_round_id"))
        batch_op.drop_index("ix_samenspreker__meeting_question_id_event_id")

    op.drop_table("samenspreker__meeting")
    op.drop_table("samenspreker__judgement")
    with op.batch_alter_table("samenspreker__decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_samenspreker__decision_supersedes_id"))
        batch_op.drop_index("ix_samenspreker__decision_question_id_state")
        batch_op.drop_index(batch_op.f("ix_samenspreker__decision_organization_id"))
        batch_op.drop_index(batch_op.f("ix_samenspreker__decision_option_id"))

    op.drop_table("samenspreker__decision")
    with op.batch_alter_table("samenspreker__seat", schema=None) as batch_op:
        batch_op.drop_index("ix_samenspreker__seat_question_id_state")
        batch_op.drop_index(batch_op.f("ix_samenspreker__seat_person_id"))
        batch_op.drop_index("ix_samenspreker__seat_organization_id_state")
        batch_op.drop_index(batch_op.f("ix_samenspreker__seat_alternate_id"))
        batch_op.drop_index(batch_op.f("ix_samenspreker__seat_account_id"))

    op.drop_table("samenspreker__seat")
    with op.batch_alter_table("samenspreker__round", schema=None) as batch_op:
        batch_op.drop_index("uq_samenspreker__round_question_id_number")

    op.drop_table("samenspreker__round")
    op.drop_table("samenspreker__report_draft")
    with op.batch_alter_table("samenspreker__question_support", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_samenspreker__question_support_came_from_id"))
        batch_op.drop_index(batch_op.f("ix_samenspreker__question_support_account_id"))

    op.drop_table("samenspreker__question_support")
    with op.batch_alter_table("samenspreker__proposal", schema=None) as batch_op:
        batch_op.drop_index("uq_samenspreker__proposal_question_id_number")

    op.drop_table("samenspreker__proposal")
    with op.batch_alter_table("samenspreker__option", schema=None) as batch_op:
        batch_op.drop_index("ix_samenspreker__option_question_id_position")

    op.drop_table("samenspreker__option")
    with op.batch_alter_table("samenspreker__move", schema=None) as batch_op:
        batch_op.drop_index("ix_samenspreker__move_question_id_id")
        batch_op.drop_index(batch_op.f("ix_samenspreker__move_account_id"))

    op.drop_table("samenspreker__move")
    with op.batch_alter_table("samenspreker__gate_tick", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_samenspreker__gate_tick_account_id"))

    op.drop_table("samenspreker__gate_tick")
    with op.batch_alter_table("samenspreker__final_report", schema=None) as batch_op:
        batch_op.drop_index("uq_samenspreker__final_report_question_id_number")

    op.drop_table("samenspreker__final_report")
    with op.batch_alter_table("samenspreker__evaluation", schema=None) as batch_op:
        batch_op.drop_index("uq_samenspreker__evaluation_question_id_cycle")

    op.drop_table("samenspreker__evaluation")
    with op.batch_alter_table("samenspreker__criterion", schema=None) as batch_op:
        batch_op.drop_index("ix_samenspreker__criterion_question_id_position")

    op.drop_table("samenspreker__criterion")
    with op.batch_alter_table("samenspreker__question", schema=None) as batch_op:
        batch_op.drop_index("ix_samenspreker__question_theme_id_at")
        batch_op.drop_index("ix_samenspreker__question_state_step_at")
        batch_op.drop_index(batch_op.f("ix_samenspreker__question_project_id"))
        batch_op.drop_index(batch_op.f("ix_samenspreker__question_on_behalf_of_id"))
        batch_op.drop_index(batch_op.f("ix_samenspreker__question_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_samenspreker__question_follows_id"))
        batch_op.drop_index(batch_op.f("ix_samenspreker__question_decided_by_id"))
        batch_op.drop_index("ix_samenspreker__question_at_id")
        batch_op.drop_index("ix_samenspreker__question_area_id_at")
        batch_op.drop_index(batch_op.f("ix_samenspreker__question_account_id"))

    op.drop_table("samenspreker__question")
    with op.batch_alter_table("samenspreker__gate", schema=None) as batch_op:
        batch_op.drop_index("ix_samenspreker__gate_step_position")

    op.drop_table("samenspreker__gate")
