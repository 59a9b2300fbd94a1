"""The tables of the city."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "citycontent_0001"
down_revision = None
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    op.create_table(
        "citycontent__counter",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "key", name=op.f("pk_citycontent__counter")),
    )
    op.create_table(
        "citycontent__slug",
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("type", "slug", name=op.f("pk_citycontent__slug")),
    )
    with op.batch_alter_table("citycontent__slug", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citycontent__slug_entity_id"), ["entity_id"], unique=False)

    op.create_table(
        "citycontent__area",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("classification", sa.String(length=60), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("geometry", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("hectares", sa.Double(), nullable=True),
        sa.Column("valid_from", sa.String(length=10), nullable=True),
        sa.Column("valid_until", sa.String(length=10), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("sources", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_citycontent__area_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["core__subject.id"], name=op.f("fk_citycontent__area_merged_into_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["citycontent__area.id"], name=op.f("fk_citycontent__area_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citycontent__area")),
        sa.UniqueConstraint("code", "year", name=op.f("uq_citycontent__area_code_year")),
        sa.UniqueConstraint("slug", name=op.f("uq_citycontent__area_slug")),
    )
    with op.batch_alter_table("citycontent__area", schema=None) as batch_op:
        batch_op.create_index("ix_citycontent__area_parent_id", ["parent_id"], unique=False)
        batch_op.create_index("ix_citycontent__area_state_sort_name_id", ["state", "sort_name", "id"], unique=False)

    op.create_table(
        "citycontent__identifier",
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("scheme", sa.String(length=60), nullable=False),
        sa.Column("identifier", sa.String(length=255), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["core__subject.id"], name=op.f("fk_citycontent__identifier_subject_id")),
        sa.PrimaryKeyConstraint("type", "scheme", "identifier", name=op.f("pk_citycontent__identifier")),
    )
    with op.batch_alter_table("citycontent__identifier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citycontent__identifier_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "citycontent__person",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("given_name", sa.String(length=200), nullable=False),
        sa.Column("family_name_prefix", sa.String(length=40), nullable=False),
        sa.Column("family_name", sa.String(length=200), nullable=False),
        sa.Column("honorific_prefix", sa.String(length=40), nullable=False),
        sa.Column("honorific_suffix", sa.String(length=40), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("biography", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("homepage", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("visibility", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("sources", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_citycontent__person_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["core__subject.id"], name=op.f("fk_citycontent__person_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citycontent__person")),
        sa.UniqueConstraint("slug", name=op.f("uq_citycontent__person_slug")),
    )
    with op.batch_alter_table("citycontent__person", schema=None) as batch_op:
        batch_op.create_index("ix_citycontent__person_state_sort_name_id", ["state", "sort_name", "id"], unique=False)
        batch_op.create_index(
            "ix_citycontent__person_state_visibility_sort_name_id", ["state", "visibility", "sort_name", "id"], unique=False
        )

    op.create_table(
        "citycontent__relation",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("predicate", sa.String(length=60), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["object_id"], ["core__subject.id"], name=op.f("fk_citycontent__relation_object_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["core__subject.id"], name=op.f("fk_citycontent__relation_subject_id")),
        sa.PrimaryKeyConstraint("subject_id", "predicate", "object_id", name=op.f("pk_citycontent__relation")),
    )
    with op.batch_alter_table("citycontent__relation", schema=None) as batch_op:
        batch_op.create_index("ix_citycontent__relation_object_id_predicate", ["object_id", "predicate"], unique=False)

    op.create_table(
        "citycontent__theme",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "alternative_names", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False
        ),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("exact_match", sa.Text(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("sources", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_citycontent__theme_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["core__subject.id"], name=op.f("fk_citycontent__theme_merged_into_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["citycontent__theme.id"], name=op.f("fk_citycontent__theme_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citycontent__theme")),
        sa.UniqueConstraint("slug", name=op.f("uq_citycontent__theme_slug")),
    )
    with op.batch_alter_table("citycontent__theme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citycontent__theme_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_citycontent__theme_state_sort_name_id", ["state", "sort_name", "id"], unique=False)

    op.create_table(
        "citycontent__account_person",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["core__user.id"], name=op.f("fk_citycontent__account_person_account_id")),
        sa.ForeignKeyConstraint(["person_id"], ["citycontent__person.id"], name=op.f("fk_citycontent__account_person_person_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_citycontent__account_person")),
        sa.UniqueConstraint("person_id", name=op.f("uq_citycontent__account_person_person_id")),
    )
    op.create_table(
        "citycontent__address",
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("house_number", sa.Integer(), nullable=True),
        sa.Column("house_letter", sa.String(length=1), nullable=False),
        sa.Column("house_number_addition", sa.String(length=4), nullable=False),
        sa.Column("postcode", sa.String(length=6), nullable=True),
        sa.Column("locality", sa.String(length=200), nullable=False),
        sa.Column("bag_num", sa.String(length=16), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("sources", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["citycontent__area.id"], name=op.f("fk_citycontent__address_area_id")),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_citycontent__address_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["core__subject.id"], name=op.f("fk_citycontent__address_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citycontent__address")),
        sa.UniqueConstraint("bag_num", name=op.f("uq_citycontent__address_bag_num")),
    )
    with op.batch_alter_table("citycontent__address", schema=None) as batch_op:
        batch_op.create_index("ix_citycontent__address_area_id", ["area_id"], unique=False)
        batch_op.create_index("ix_citycontent__address_postcode_house_number", ["postcode", "house_number"], unique=False)

    op.create_table(
        "citycontent__address_book",
        sa.Column("postcode", sa.String(length=6), nullable=False),
        sa.Column("house_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["citycontent__area.id"], name=op.f("fk_citycontent__address_book_area_id")),
        sa.PrimaryKeyConstraint("postcode", "house_number", name=op.f("pk_citycontent__address_book")),
    )
    with op.batch_alter_table("citycontent__address_book", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citycontent__address_book_area_id"), ["area_id"], unique=False)

    op.create_table(
        "citycontent__postcode_area",
        sa.Column("postcode4", sa.String(length=4), nullable=False),
        sa.Column("locality", sa.String(length=200), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["citycontent__area.id"], name=op.f("fk_citycontent__postcode_area_area_id")),
        sa.PrimaryKeyConstraint("postcode4", name=op.f("pk_citycontent__postcode_area")),
    )
    with op.batch_alter_table("citycontent__postcode_area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citycontent__postcode_area_area_id"), ["area_id"], unique=False)

    op.create_table(
        "citycontent__theme_link",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("theme_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["core__subject.id"], name=op.f("fk_citycontent__theme_link_subject_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["citycontent__theme.id"], name=op.f("fk_citycontent__theme_link_theme_id")),
        sa.PrimaryKeyConstraint("subject_id", "theme_id", name=op.f("pk_citycontent__theme_link")),
    )
    with op.batch_alter_table("citycontent__theme_link", schema=None) as batch_op:
        batch_op.create_index("ix_citycontent__theme_link_theme_id_subject_id", ["theme_id", "subject_id"], unique=False)

    op.create_table(
        "citycontent__organization",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "other_names", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False
        ),
        sa.Column("sector", sa.String(length=60), nullable=False),
        sa.Column("classification", sa.String(length=200), nullable=False),
        sa.Column("legal_form", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("address_id", sa.Uuid(), nullable=True),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("founding_date", sa.String(length=10), nullable=True),
        sa.Column("dissolution_date", sa.String(length=10), nullable=True),
        sa.Column("homepage", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("links", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("sources", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["citycontent__address.id"], name=op.f("fk_citycontent__organization_address_id")),
        sa.ForeignKeyConstraint(["area_id"], ["citycontent__area.id"], name=op.f("fk_citycontent__organization_area_id")),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_citycontent__organization_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["core__subject.id"], name=op.f("fk_citycontent__organization_merged_into_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["citycontent__organization.id"], name=op.f("fk_citycontent__organization_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citycontent__organization")),
        sa.UniqueConstraint("slug", name=op.f("uq_citycontent__organization_slug")),
    )
    with op.batch_alter_table("citycontent__organization", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citycontent__organization_address_id"), ["address_id"], unique=False)
        batch_op.create_index("ix_citycontent__organization_area_id_state", ["area_id", "state"], unique=False)
        batch_op.create_index("ix_citycontent__organization_parent_id", ["parent_id"], unique=False)
        batch_op.create_index(
            "ix_citycontent__organization_state_sector_sort_name_id", ["state", "sector", "sort_name", "id"], unique=False
        )
        batch_op.create_index("ix_citycontent__organization_state_sort_name_id", ["state", "sort_name", "id"], unique=False)

    op.create_table(
        "citycontent__post",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("portfolio", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("start_date", sa.String(length=10), nullable=True),
        sa.Column("end_date", sa.String(length=10), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("sources", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["citycontent__area.id"], name=op.f("fk_citycontent__post_area_id")),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_citycontent__post_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["core__subject.id"], name=op.f("fk_citycontent__post_merged_into_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["citycontent__organization.id"], name=op.f("fk_citycontent__post_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citycontent__post")),
    )
    with op.batch_alter_table("citycontent__post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citycontent__post_area_id"), ["area_id"], unique=False)
        batch_op.create_index("ix_citycontent__post_organization_id_state", ["organization_id", "state"], unique=False)

    op.create_table(
        "citycontent__project",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=60), nullable=False),
        sa.Column("start_date", sa.String(length=10), nullable=True),
        sa.Column("end_date", sa.String(length=10), nullable=True),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("lead_organization_id", sa.Uuid(), nullable=True),
        sa.Column("homepage", sa.Text(), nullable=False),
        sa.Column("geometry", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=True),
        sa.Column("links", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("sources", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_citycontent__project_id")),
        sa.ForeignKeyConstraint(
            ["lead_organization_id"], ["citycontent__organization.id"], name=op.f("fk_citycontent__project_lead_organization_id")
        ),
        sa.ForeignKeyConstraint(["merged_into_id"], ["core__subject.id"], name=op.f("fk_citycontent__project_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citycontent__project")),
        sa.UniqueConstraint("slug", name=op.f("uq_citycontent__project_slug")),
    )
    with op.batch_alter_table("citycontent__project", schema=None) as batch_op:
        batch_op.create_index("ix_citycontent__project_lead_organization_id", ["lead_organization_id"], unique=False)
        batch_op.create_index("ix_citycontent__project_state_sort_name_id", ["state", "sort_name", "id"], unique=False)
        batch_op.create_index("ix_citycontent__project_state_status_sort_name_id", ["state", "status", "sort_name", "id"], unique=False)

    op.create_table(
        "citycontent__event",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("classification", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=60), nullable=False),
        sa.Column("start_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("previous_start_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("address_id", sa.Uuid(), nullable=True),
        sa.Column("location", sa.String(length=200), nullable=False),
        sa.Column("online_url", sa.Text(), nullable=False),
        sa.Column("registration_url", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("accessibility", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("ical_uid", sa.String(length=255), nullable=False),
        sa.Column("links", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("sources", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["citycontent__address.id"], name=op.f("fk_citycontent__event_address_id")),
        sa.ForeignKeyConstraint(["area_id"], ["citycontent__area.id"], name=op.f("fk_citycontent__event_area_id")),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_citycontent__event_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["core__subject.id"], name=op.f("fk_citycontent__event_merged_into_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["citycontent__organization.id"], name=op.f("fk_citycontent__event_organization_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["citycontent__event.id"], name=op.f("fk_citycontent__event_parent_id")),
        sa.ForeignKeyConstraint(["project_id"], ["citycontent__project.id"], name=op.f("fk_citycontent__event_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citycontent__event")),
        sa.UniqueConstraint("ical_uid", name=op.f("uq_citycontent__event_ical_uid")),
        sa.UniqueConstraint("slug", name=op.f("uq_citycontent__event_slug")),
    )
    with op.batch_alter_table("citycontent__event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citycontent__event_address_id"), ["address_id"], unique=False)
        batch_op.create_index("ix_citycontent__event_area_id_start_date", ["area_id", "start_date"], unique=False)
        batch_op.create_index("ix_citycontent__event_organization_id_start_date", ["organization_id", "start_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_citycontent__event_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_citycontent__event_project_id_start_date", ["project_id", "start_date"], unique=False)
        batch_op.create_index("ix_citycontent__event_state_start_date_id", ["state", "start_date", "id"], unique=False)

    op.create_table(
        "citycontent__membership",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("on_behalf_of_id", sa.Uuid(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("start_date", sa.String(length=10), nullable=True),
        sa.Column("end_date", sa.String(length=10), nullable=True),
        sa.Column("can_represent", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("sources", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["citycontent__area.id"], name=op.f("fk_citycontent__membership_area_id")),
        sa.ForeignKeyConstraint(["id"], ["core__subject.id"], name=op.f("fk_citycontent__membership_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["core__subject.id"], name=op.f("fk_citycontent__membership_merged_into_id")),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"], ["citycontent__organization.id"], name=op.f("fk_citycontent__membership_on_behalf_of_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["citycontent__organization.id"], name=op.f("fk_citycontent__membership_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["citycontent__person.id"], name=op.f("fk_citycontent__membership_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["citycontent__post.id"], name=op.f("fk_citycontent__membership_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citycontent__membership")),
    )
    with op.batch_alter_table("citycontent__membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citycontent__membership_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_citycontent__membership_on_behalf_of_id"), ["on_behalf_of_id"], unique=False)
        batch_op.create_index("ix_citycontent__membership_organization_id_state", ["organization_id", "state"], unique=False)
        batch_op.create_index("ix_citycontent__membership_person_id_state", ["person_id", "state"], unique=False)
        batch_op.create_index("ix_citycontent__membership_post_id", ["post_id"], unique=False)

    op.create_table(
        "citycontent__project_area",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["citycontent__area.id"], name=op.f("fk_citycontent__project_area_area_id")),
        sa.ForeignKeyConstraint(["project_id"], ["citycontent__project.id"], name=op.f("fk_citycontent__project_area_project_id")),
        sa.PrimaryKeyConstraint("project_id", "area_id", name=op.f("pk_citycontent__project_area")),
    )
    with op.batch_alter_table("citycontent__project_area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citycontent__project_area_area_id"), ["area_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("citycontent__project_area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_citycontent__project_area_area_id"))

    op.drop_table("citycontent__project_area")
    with op.batch_alter_table("citycontent__membership", schema=None) as batch_op:
        batch_op.drop_index("ix_citycontent__membership_post_id")
        batch_op.drop_index("ix_citycontent__membership_person_id_state")
        batch_op.drop_index("ix_citycontent__membership_organization_id_state")
        batch_op.drop_index(batch_op.f("ix_citycontent__membership_on_behalf_of_id"))
        batch_op.drop_index(batch_op.f("ix_citycontent__membership_area_id"))

    op.drop_table("citycontent__membership")
    with op.batch_alter_table("citycontent__event", schema=None) as batch_op:
        batch_op.drop_index("ix_citycontent__event_state_start_date_id")
        batch_op.drop_index("ix_citycontent__event_project_id_start_date")
        batch_op.drop_index(batch_op.f("ix_citycontent__event_parent_id"))
        batch_op.drop_index("ix_citycontent__event_organization_id_start_date")
        batch_op.drop_index("ix_citycontent__event_area_id_start_date")
        batch_op.drop_index(batch_op.f("ix_citycontent__event_address_id"))

    op.drop_table("citycontent__event")
    with op.batch_alter_table("citycontent__project", schema=None) as batch_op:
        batch_op.drop_index("ix_citycontent__project_state_status_sort_name_id")
        batch_op.drop_index("ix_citycontent__project_state_sort_name_id")
        batch_op.drop_index("ix_citycontent__project_lead_organization_id")

    op.drop_table("citycontent__project")
    with op.batch_alter_table("citycontent__post", schema=None) as batch_op:
        batch_op.drop_index("ix_citycontent__post_organization_id_state")
        batch_op.drop_index(batch_op.f("ix_citycontent__post_area_id"))

    op.drop_table("citycontent__post")
    with op.batch_alter_table("citycontent__organization", schema=None) as batch_op:
        batch_op.drop_index("ix_citycontent__organization_state_sort_name_id")
        batch_op.drop_index("ix_citycontent__organization_state_sector_sort_name_id")
        batch_op.drop_index("ix_citycontent__organization_parent_id")
        batch_op.drop_index("ix_citycontent__organization_area_id_state")
        batch_op.drop_index(batch_op.f("ix_citycontent__organization_address_id"))

    op.drop_table("citycontent__organization")
    with op.batch_alter_table("citycontent__theme_link", schema=None) as batch_op:
        batch_op.drop_index("ix_citycontent__theme_link_theme_id_subject_id")

    op.drop_table("citycontent__theme_link")
    with op.batch_alter_table("citycontent__postcode_area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_citycontent__postcode_area_area_id"))

    op.drop_table("citycontent__postcode_area")
    with op.batch_alter_table("citycontent__address_book", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_citycontent__address_book_area_id"))

    op.drop_table("citycontent__address_book")
    with op.batch_alter_table("citycontent__address", schema=None) as batch_op:
        batch_op.drop_index("ix_citycontent__address_postcode_house_number")
        batch_op.drop_index("ix_citycontent__address_area_id")

    op.drop_table("citycontent__address")
    op.drop_table("citycontent__account_person")
    with op.batch_alter_table("citycontent__theme", schema=None) as batch_op:
        batch_op.drop_index("ix_citycontent__theme_state_sort_name_id")
        batch_op.drop_index(batch_op.f("ix_citycontent__theme_parent_id"))

    op.drop_table("citycontent__theme")
    with op.batch_alter_table("citycontent__relation", schema=None) as batch_op:
        batch_op.drop_index("ix_citycontent__relation_object_id_predicate")

    op.drop_table("citycontent__relation")
    with op.batch_alter_table("citycontent__person", schema=None) as batch_op:
        batch_op.drop_index("ix_citycontent__person_state_visibility_sort_name_id")
        batch_op.drop_index("ix_citycontent__person_state_sort_name_id")

    op.drop_table("citycontent__person")
    with op.batch_alter_table("citycontent__identifier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_citycontent__identifier_subject_id"))

    op.drop_table("citycontent__identifier")
    with op.batch_alter_table("citycontent__area", schema=None) as batch_op:
        batch_op.drop_index("ix_citycontent__area_state_sort_name_id")
        batch_op.drop_index("ix_citycontent__area_parent_id")

    op.drop_table("citycontent__area")
    with op.batch_alter_table("citycontent__slug", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_citycontent__slug_entity_id"))

    op.drop_table("citycontent__slug")
    op.drop_table("citycontent__counter")
