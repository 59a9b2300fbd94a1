"""The table of uploaded files."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.db.base import Base, Code, JSONType
from samen_core.privacy import not_personal, personal, thing

_STAYS = "hoort bij een stuk van de stad; wat u bij uw eigen inbreng stuurde, gaat helemaal weg"
_WITH_SUBJECT = "zolang het onderwerp bestaat waar het bestand bij hoort"


class File(Base):
    """An uploaded file. ``kind`` is picture or download; ``state`` active, deleted (content still there) or gone (content removed).

    ``size`` and ``sha256`` are of the content as it is stored (a picture is encoded anew); ``widths`` are the pixel widths of the smaller
    copies of a picture, besides its own ``width``.
    """

    __tablename__ = "core__file"
    __table_args__ = (Index("ix_core__file_state_changed_at", "state", "changed_at"), thing("Bestand"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"), index=True)
    name: Mapped[str] = mapped_column(
        String(120),
        info=personal(
            "het bestand terugvinden; een bestandsnaam kan een naam bevatten",
            "public_task",
            _WITH_SUBJECT,
            label="bestandsnaam",
            people="participant",
            receivers=("public",),
            of="uploaded_by_id",
            erase="keep",
            keep_reason=_STAYS,
        ),
    )
    kind: Mapped[str] = mapped_column(Code, info=not_personal("picture or download"))
    media_type: Mapped[str] = mapped_column(String(100), info=not_personal("a type of file"))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), info=not_personal("a checksum of the content"))
    width: Mapped[int | None]
    height: Mapped[int | None]
    widths: Mapped[list[int]] = mapped_column(JSONType, default=list, info=not_personal("sizes in pixels"))
    alt: Mapped[str] = mapped_column(
        String(300),
        default="",
        info=personal(
            "de foto beschrijven voor wie hem niet ziet",
            "legal_obligation",
            _WITH_SUBJECT,
            label="beschrijving van de foto",
            people="participant",
            receivers=("public",),
            of="uploaded_by_id",
            erase="keep",
            keep_reason=_STAYS,
        ),
    )
    uploaded_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "weten van wie een bestand komt",
            "public_task",
            "tot het account wordt verwijderd",
            label="wie het bestand stuurde",
            people="participant",
        ),
    )
    public: Mapped[bool]
    state: Mapped[str] = mapped_column(Code, default="active", info=not_personal("active, deleted or gone"))
    at: Mapped[datetime]
    changed_at: Mapped[datetime]
