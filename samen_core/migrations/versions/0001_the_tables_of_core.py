"""The tables of core."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "core_0001"
down_revision = None
branch_labels = None
depends_on = None
contract = False


def upgrade() -> None:
    op.create_table(
        "core__change",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=12), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("on_behalf_of", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("before", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=60), nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_core__change")),
        sa.UniqueConstraint("id", name=op.f("uq_core__change_id")),
    )
    with op.batch_alter_table("core__change", schema=None) as batch_op:
        batch_op.create_index("ix_core__change_actor_id_seq", ["actor_id", "seq"], unique=False)
        batch_op.create_index("ix_core__change_subject_id_seq", ["subject_id", "seq"], unique=False)

    op.create_table(
        "core__lease",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_core__lease")),
    )
    op.create_table(
        "core__log_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core__log_head")),
    )
    op.create_table(
        "core__login_failure",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_core__login_failure")),
    )
    with op.batch_alter_table("core__login_failure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core__login_failure_last_at"), ["last_at"], unique=False)

    op.create_table(
        "core__mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("reply_to", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("unsubscribe_url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core__mail")),
    )
    with op.batch_alter_table("core__mail", schema=None) as batch_op:
        batch_op.create_index("ix_core__mail_state_at", ["state", "at"], unique=False)

    op.create_table(
        "core__migration",
        sa.Column("revision", sa.String(length=60), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("contract", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_core__migration")),
    )
    with op.batch_alter_table("core__migration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core__migration_owner"), ["owner"], unique=False)

    op.create_table(
        "core__outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core__outbox")),
    )
    with op.batch_alter_table("core__outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core__outbox_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_core__outbox_type"), ["type"], unique=False)

    op.create_table(
        "core__personal_field",
        sa.Column("table_name", sa.String(length=80), nullable=False),
        sa.Column("column_name", sa.String(length=80), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=60), nullable=False),
        sa.Column("retention", sa.Text(), nullable=False),
        sa.Column("export", sa.Boolean(), nullable=False),
        sa.Column("erase", sa.String(length=60), nullable=False),
        sa.Column("keep_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "column_name", name=op.f("pk_core__personal_field")),
    )
    with op.batch_alter_table("core__personal_field", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core__personal_field_owner"), ["owner"], unique=False)

    op.create_table(
        "core__rate_window",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", "window_start", name=op.f("pk_core__rate_window")),
    )
    with op.batch_alter_table("core__rate_window", schema=None) as batch_op:
        batch_op.create_index("ix_core__rate_window_expires_at", ["expires_at"], unique=False)

    op.create_table(
        "core__setting",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_core__setting")),
    )
    op.create_table(
        "core__subject",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("area_ref", sa.Uuid(), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["area_ref"], ["core__subject.id"], name=op.f("fk_core__subject_area_ref")),
        sa.ForeignKeyConstraint(["successor_id"], ["core__subject.id"], name=op.f("fk_core__subject_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core__subject")),
    )
    with op.batch_alter_table("core__subject", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core__subject_area_ref"), ["area_ref"], unique=False)
        batch_op.create_index("ix_core__subject_type_state", ["type", "state"], unique=False)

    op.create_table(
        "core__user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("pending_email", sa.String(length=254), nullable=True),
        sa.Column("pending_email_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("display_name", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column(
            "mf_recovery_codes", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core__user")),
        sa.UniqueConstraint("email", name=op.f("uq_core__user_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_core__user_fs_uniquifier")),
    )
    with op.batch_alter_table("core__user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core__user_created_at"), ["created_at"], unique=False)

    op.create_table(
        "core__api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("scopes", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["core__user.id"], name=op.f("fk_core__api_token_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core__api_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_core__api_token_hash")),
    )
    with op.batch_alter_table("core__api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core__api_token_user_id"), ["user_id"], unique=False)

    op.create_table(
        "core__file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("widths", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["core__subject.id"], name=op.f("fk_core__file_owner_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["core__user.id"], name=op.f("fk_core__file_uploaded_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core__file")),
    )
    with op.batch_alter_table("core__file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core__file_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_core__file_state_changed_at", ["state", "changed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_core__file_uploaded_by_id"), ["uploaded_by_id"], unique=False)

    op.create_table(
        "core__grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=True),
        sa.Column("granted_by_id", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["granted_by_id"], ["core__user.id"], name=op.f("fk_core__grant_granted_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["scope_id"], ["core__subject.id"], name=op.f("fk_core__grant_scope_id")),
        sa.ForeignKeyConstraint(["user_id"], ["core__user.id"], name=op.f("fk_core__grant_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core__grant")),
    )
    with op.batch_alter_table("core__grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core__grant_granted_by_id"), ["granted_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_core__grant_scope_id"), ["scope_id"], unique=False)
        batch_op.create_index(
            "uq_core__grant_user_id_role_city",
            ["user_id", "role"],
            unique=True,
            sqlite_where=sa.text("scope_id IS NULL"),
            postgresql_where=sa.text("scope_id IS NULL"),
        )
        batch_op.create_index("uq_core__grant_user_id_role_scope_id", ["user_id", "role", "scope_id"], unique=True)

    op.create_table(
        "core__outbox_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("handler", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_holder", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["core__outbox.id"], name=op.f("fk_core__outbox_delivery_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core__outbox_delivery")),
        sa.UniqueConstraint("event_id", "handler", name=op.f("uq_core__outbox_delivery_event_id_handler")),
    )
    with op.batch_alter_table("core__outbox_delivery", schema=None) as batch_op:
        batch_op.create_index("ix_core__outbox_delivery_state_next_at", ["state", "next_at"], unique=False)

    op.create_table(
        "core__search_document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["core__subject.id"], name=op.f("fk_core__search_document_subject_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core__search_document")),
        sa.UniqueConstraint("subject_id", name=op.f("uq_core__search_document_subject_id")),
    )
    op.create_table(
        "core__session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("on_behalf_of_id", sa.Uuid(), nullable=True),
        sa.Column("data", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.Column("renew", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"], ["core__subject.id"], name=op.f("fk_core__session_on_behalf_of_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["core__user.id"], name=op.f("fk_core__session_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core__session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_core__session_public_id")),
    )
    with op.batch_alter_table("core__session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core__session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_core__session_on_behalf_of_id"), ["on_behalf_of_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_core__session_user_id"), ["user_id"], unique=False)

    op.execute(f"INSERT INTO core__log_head (id, seq, hash) VALUES (1, 0, '{'0' * 64}')")
    if op.get_bind().dialect.name == "sqlite":
        _search_on_sqlite()
    else:
        _search_on_postgresql()


def _search_on_sqlite() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE core__search_fts USING fts5(title, keywords, body, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
    )


def _search_on_postgresql() -> None:
    op.execute(
        "CREATE TABLE core__search_fts ("
        "document_id BIGINT CONSTRAINT pk_core__search_fts PRIMARY KEY "
        "CONSTRAINT fk_core__search_fts_document_id REFERENCES core__search_document (id) ON DELETE CASCADE, "
        "words TSVECTOR NOT NULL)"
    )
    op.execute("CREATE INDEX ix_core__search_fts_words ON core__search_fts USING gin (words)")


def downgrade() -> None:
    op.execute("DROP TABLE core__search_fts")
    with op.batch_alter_table("core__session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core__session_user_id"))
        batch_op.drop_index(batch_op.f("ix_core__session_on_behalf_of_id"))
        batch_op.drop_index(batch_op.f("ix_core__session_expires_at"))

    op.drop_table("core__session")
    op.drop_table("core__search_document")
    with op.batch_alter_table("core__outbox_delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_core__outbox_delivery_state_next_at")

    op.drop_table("core__outbox_delivery")
    with op.batch_alter_table("core__grant", schema=None) as batch_op:
        batch_op.drop_index("uq_core__grant_user_id_role_scope_id")
        batch_op.drop_index(
            "uq_core__grant_user_id_role_city", sqlite_where=sa.text("scope_id IS NULL"), postgresql_where=sa.text("scope_id IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_core__grant_scope_id"))
        batch_op.drop_index(batch_op.f("ix_core__grant_granted_by_id"))

    op.drop_table("core__grant")
    with op.batch_alter_table("core__file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core__file_uploaded_by_id"))
        batch_op.drop_index("ix_core__file_state_changed_at")
        batch_op.drop_index(batch_op.f("ix_core__file_owner_id"))

    op.drop_table("core__file")
    with op.batch_alter_table("core__api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core__api_token_user_id"))

    op.drop_table("core__api_token")
    with op.batch_alter_table("core__user", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core__user_created_at"))

    op.drop_table("core__user")
    with op.batch_alter_table("core__subject", schema=None) as batch_op:
        batch_op.drop_index("ix_core__subject_type_state")
        batch_op.drop_index(batch_op.f("ix_core__subject_area_ref"))

    op.drop_table("core__subject")
    op.drop_table("core__setting")
    with op.batch_alter_table("core__rate_window", schema=None) as batch_op:
        batch_op.drop_index("ix_core__rate_window_expires_at")

    op.drop_table("core__rate_window")
    with op.batch_alter_table("core__personal_field", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core__personal_field_owner"))

    op.drop_table("core__personal_field")
    with op.batch_alter_table("core__outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core__outbox_type"))
        batch_op.drop_index(batch_op.f("ix_core__outbox_at"))

    op.drop_table("core__outbox")
    with op.batch_alter_table("core__migration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core__migration_owner"))

    op.drop_table("core__migration")
    with op.batch_alter_table("core__mail", schema=None) as batch_op:
        batch_op.drop_index("ix_core__mail_state_at")

    op.drop_table("core__mail")
    with op.batch_alter_table("core__login_failure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core__login_failure_last_at"))

    op.drop_table("core__login_failure")
    op.drop_table("core__log_head")
    op.drop_table("core__lease")
    with op.batch_alter_table("core__change", schema=None) as batch_op:
        batch_op.drop_index("ix_core__change_subject_id_seq")
        batch_op.drop_index("ix_core__change_actor_id_seq")

    op.drop_table("core__change")
