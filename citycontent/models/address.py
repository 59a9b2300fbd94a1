"""Addresses: of organisations and events, and the address book that tells in which buurt a postcode and house number lie."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from citycontent.models.base import NAME_LENGTH, Entity
from samen_core.api import Base


class Address(Entity, Base):
    """A place with a street address where something public is: an office, a community centre. Never where a person lives.

    The postcode may be absent (some objects have none by design); ``bag_num`` is the BAG number of the address.
    """

    __tablename__ = "citycontent__address"
    __table_args__ = (
        Index("ix_citycontent__address_postcode_house_number", "postcode", "house_number"),
        Index("ix_citycontent__address_area_id", "area_id"),
    )

    street: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    house_number: Mapped[int | None]
    house_letter: Mapped[str] = mapped_column(String(1), default="")
    house_number_addition: Mapped[str] = mapped_column(String(4), default="")
    postcode: Mapped[str | None] = mapped_column(String(6))
    locality: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    bag_num: Mapped[str | None] = mapped_column(String(16), unique=True)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    area_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__area.id"))


class AddressBookEntry(Base):
    """In which buurt a postcode and house number lie, loaded from the yearly CBS file or from BAG. Says nothing about who lives there."""

    __tablename__ = "citycontent__address_book"

    postcode: Mapped[str] = mapped_column(String(6), primary_key=True)
    house_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    area_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__area.id"), index=True)
    lat: Mapped[float | None]
    lon: Mapped[float | None]


class PostcodeArea(Base):
    """The buurt of the reference point of a four-digit postcode: a likely answer only, since a postcode may span several buurten."""

    __tablename__ = "citycontent__postcode_area"

    postcode4: Mapped[str] = mapped_column(String(4), primary_key=True)
    locality: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    area_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__area.id"), index=True)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
