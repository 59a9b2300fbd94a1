"""The tables of accounts.

Convention for privacy: in every table of the platform a column named ``user_id`` or ``account_id`` that refers to ``core__user`` says
whose row it is; export and erasure follow it. Other references to an account (``granted_by_id``) only say who did something.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.db.base import Base, Code, JSONType
from samen_core.privacy import Expiry, not_personal, personal, thing

_ACCOUNT = "zolang het account bestaat"
_RANDOM = not_personal("a random value that says nothing about the person")


class User(Base):
    """An account. An erased one keeps only its id, so that what others built on it still has a (nameless) author."""

    __tablename__ = "core__user"
    __table_args__ = thing("Account")

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(
        String(254),
        unique=True,
        info=personal(
            "inloggen en berichten sturen", "public_task", _ACCOUNT, label="e-mailadres", receivers=("staff", "mail"), identifies=True
        ),
    )
    pending_email: Mapped[str | None] = mapped_column(
        String(254),
        info=personal(
            "een nieuw e-mailadres dat nog bevestigd moet worden",
            "public_task",
            "tot de bevestiging, hooguit een dag",
            label="nieuw e-mailadres",
            receivers=("mail",),
            identifies=True,
            expires=Expiry(1, "pending_email_at"),
        ),
    )
    pending_email_at: Mapped[datetime | None] = mapped_column(info=not_personal("when the new address was asked"))
    password: Mapped[str | None] = mapped_column(
        String(255),
        info=personal(
            "inloggen met een wachtwoord (alleen een argon2-afdruk)",
            "public_task",
            _ACCOUNT,
            export=False,
            label="afdruk van het wachtwoord",
            receivers=("nobody",),
        ),
    )
    display_name: Mapped[str] = mapped_column(
        String(100),
        default="",
        info=personal(
            "laten zien wie iets schreef; de naam is vrij te kiezen",
            "public_task",
            _ACCOUNT,
            label="naam",
            receivers=("public",),
            identifies=True,
        ),
    )
    language: Mapped[str] = mapped_column(
        String(8),
        default="nl",
        info=personal(
            "mail in de gekozen taal",
            "public_task",
            _ACCOUNT,
            erase="keep",
            keep_reason="zegt op zichzelf niets over wie het was",
            label="taal",
        ),
    )
    active: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(Code, default="active", info=not_personal("active or erased"))
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, info=_RANDOM)
    confirmed_at: Mapped[datetime | None] = mapped_column(
        info=personal("weten dat het e-mailadres van deze persoon is", "public_task", _ACCOUNT, label="bevestigd op")
    )
    created_at: Mapped[datetime] = mapped_column(
        index=True,
        info=personal(
            "niet bevestigde accounts na 30 dagen verwijderen",
            "public_task",
            _ACCOUNT,
            erase="keep",
            keep_reason="zegt op zichzelf niets over wie het was",
            label="aangemaakt op",
        ),
    )
    last_login_at: Mapped[datetime | None] = mapped_column(
        info=personal("misbruik herkennen", "public_task", _ACCOUNT, label="laatst ingelogd op")
    )
    # What Flask-Security keeps of a second factor: there from the first migration, so that switching it on needs no contract migration.
    tf_primary_method: Mapped[str | None] = mapped_column(
        String(64),
        info=personal(
            "welke tweede stap bij het inloggen is gekozen",
            "public_task",
            _ACCOUNT,
            label="tweede stap bij het inloggen",
            receivers=("nobody",),
        ),
    )
    tf_totp_secret: Mapped[str | None] = mapped_column(
        String(255),
        info=personal(
            "de tweede stap bij het inloggen controleren",
            "public_task",
            _ACCOUNT,
            export=False,
            label="geheim van de tweede stap",
            receivers=("nobody",),
        ),
    )
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(
        JSONType,
        info=personal(
            "inloggen als de tweede stap kwijt is", "public_task", _ACCOUNT, export=False, label="herstelcodes", receivers=("nobody",)
        ),
    )


class RoleGrant(Base):
    """A role of an account on one subject, or on the whole city where ``scope_id`` is empty."""

    __tablename__ = "core__grant"
    __table_args__ = (
        Index("uq_core__grant_user_id_role_scope_id", "user_id", "role", "scope_id", unique=True),
        # NULLs are distinct in a unique index, so the grants on the whole city need one of their own.
        Index(
            "uq_core__grant_user_id_role_city",
            "user_id",
            "role",
            unique=True,
            sqlite_where=text("scope_id IS NULL"),
            postgresql_where=text("scope_id IS NULL"),
        ),
        thing("Rol"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__user.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(
        Code,
        info=personal(
            "weten wie wat mag",
            "public_task",
            "tot de rol wordt ingetrokken of het account wordt verwijderd",
            erase="delete_row",
            label="rol",
            people="staff",
        ),
    )
    scope_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"), index=True)
    granted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__user.id", ondelete="SET NULL"), index=True)
    granted_at: Mapped[datetime]


class UserSession(Base):
    """A log-in on one device. The key is a keyed hash of the random token that only the browser has."""

    __tablename__ = "core__session"
    __table_args__ = thing("Apparaat waarop u bent ingelogd")

    id: Mapped[str] = mapped_column(String(64), primary_key=True, info=not_personal("a hash of a random token"))
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__user.id", ondelete="CASCADE"), index=True)
    on_behalf_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id", ondelete="SET NULL"), index=True)
    data: Mapped[dict[str, object]] = mapped_column(
        JSONType,
        info=personal(
            "ingelogd blijven",
            "public_task",
            "tot uitloggen, hooguit 30 dagen",
            export=False,
            erase="delete_row",
            label="wat nodig is om ingelogd te blijven",
            receivers=("nobody",),
            rule="core.sessions",
        ),
    )
    device: Mapped[str] = mapped_column(
        String(80),
        default="",
        info=personal(
            "uw eigen apparaten herkennen in de lijst van plekken waar u bent ingelogd",
            "public_task",
            "tot uitloggen, hooguit 30 dagen",
            erase="delete_row",
            label="apparaat",
            receivers=("nobody",),
            rule="core.sessions",
        ),
    )
    keep: Mapped[bool] = mapped_column(default=False)
    """Whether the owner asked to stay logged in on this device."""
    renew: Mapped[bool] = mapped_column(default=False)
    """Whether the token is to be replaced at the next request, because the rights of the account changed."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    idle_until: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class LoginFailure(Base):
    """How often logging in failed for one e-mail address or from one network address, known only by a keyed hash."""

    __tablename__ = "core__login_failure"
    __table_args__ = thing("Mislukte poging om in te loggen")

    key: Mapped[str] = mapped_column(
        String(64),
        primary_key=True,
        info=personal(
            "raden van wachtwoorden afremmen (versleutelde afdruk)",
            "public_task",
            "een dag na de laatste mislukte poging",
            export=False,
            erase="keep",
            keep_reason="verloopt binnen een dag",
            label="versleutelde afdruk van een e-mailadres of netwerkadres",
            receivers=("nobody",),
            expires=Expiry(1, "last_at", "delete_row"),
        ),
    )
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Base):
    """An API token: its hash, the first characters to recognise it by, and the permissions it is limited to."""

    __tablename__ = "core__api_token"
    __table_args__ = thing("API-token")

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(
        String(100),
        info=personal(
            "het token herkennen",
            "public_task",
            "tot een jaar na verlopen of intrekken",
            erase="delete_row",
            label="naam van het token",
            receivers=("nobody",),
            rule="core.tokens",
        ),
    )
    hash: Mapped[str] = mapped_column(String(64), unique=True, info=not_personal("a hash of a random token"))
    prefix: Mapped[str] = mapped_column(String(16), info=_RANDOM)
    scopes: Mapped[list[str]] = mapped_column(JSONType, info=not_personal("names of permissions"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
