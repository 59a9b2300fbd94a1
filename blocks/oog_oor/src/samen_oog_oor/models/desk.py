"""What staff keep for themselves: views of the list of cases."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, not_personal, personal, thing
from samen_oog_oor.models.base import TITLE_LENGTH


class SavedView(Base):
    """A choice of filters that an account comes back to, as the query of its address; ``shared`` shows it to colleagues too."""

    __tablename__ = "oog_oor__saved_view"
    __table_args__ = (thing("Bewaarde weergave"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core__user.id"),
        index=True,
        info=personal(
            "snel terug naar het eigen werk",
            "public_task",
            "tot u hem weghaalt of het account weg is",
            label="wie de weergave bewaarde",
            people="staff",
            erase="delete_row",
        ),
    )
    name: Mapped[str] = mapped_column(String(TITLE_LENGTH), info=not_personal("what staff call a choice of filters"))
    query: Mapped[str] = mapped_column(String(1_000), info=not_personal("filters of a list, as in an address"))
    shared: Mapped[bool] = mapped_column(default=False)
