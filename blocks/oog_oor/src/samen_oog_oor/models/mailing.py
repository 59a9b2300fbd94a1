"""Mails to many at once, a portion each."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code


class Mailing(Base):
    """One mail that goes to the reporters of ``signal_ids``; it goes itself once they have it.

    ``mail`` is the managed text, ``filled`` what is filled in, by language: as it was when it was decided to tell this, whatever happens
    to the case while the mails leave. Where they go is looked up then, so that who wants no more mail gets none.
    """

    __tablename__ = "oog_oor__mailing"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    mail: Mapped[str] = mapped_column(Code)
    filled: Mapped[dict[str, Any]] = mapped_column()
    signal_ids: Mapped[list[str]] = mapped_column()
    at: Mapped[datetime]


__all__ = ["Mailing"]
