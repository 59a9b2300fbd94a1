"""What everybody may see of the pictures that came with signals."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, JSONType


class ShownPicture(Base):
    """A copy of a picture of a signal that everybody may see with its case: encoded anew, with black ``boxes`` drawn in it.

    ``original_id`` is the file of the signal, which stays as it is for who may see it; ``file_id`` the copy, which the case owns. No
    foreign keys: files go by their own rules. A box is left, top, width and height in percent of the picture.
    """

    __tablename__ = "oog_oor__shown_picture"
    __table_args__ = (Index("uq_oog_oor__shown_picture_case_id_original_id", "case_id", "original_id", unique=True),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__case.id"))
    original_id: Mapped[uuid.UUID]
    file_id: Mapped[uuid.UUID] = mapped_column(index=True)
    boxes: Mapped[list[list[float]]] = mapped_column(JSONType, default=list)
    at: Mapped[datetime]
