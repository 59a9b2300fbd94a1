"""Persons who play a public or known role in the city, and the accounts that are theirs. Every field is personal data."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from citycontent.models.base import NAME_LENGTH, PageEntity
from samen_core.api import SLUG_LENGTH, Base, Code, not_personal, personal, thing

VISIBILITIES = ("public_officer", "known", "private")
"""A public officer holds a public post; a known person speaks for an organisation; a private person is never shown."""

_KEPT = "zolang de persoon een rol in de stad heeft, daarna tot hij of zij om verwijdering vraagt"
_OFFICE = "wie een openbaar ambt heeft of had, blijft bekend"
_OF_ACCOUNT = "id=citycontent__account_person.person_id"
_REACHED = "zolang de persoon een rol in de stad heeft, hooguit een jaar nadat hij of zij is weggehaald"
_MINE: dict[str, Any] = {"people": "known", "of": _OF_ACCOUNT, "keep_when": ("visibility", "public_officer")}
_SHOWN = "tonen wie een rol in de stad heeft"
_ASKED = "contact opnemen met wie een organisatie vertegenwoordigt"
_CONTACT: dict[str, Any] = {**_MINE, "rule": "citycontent.contact"}
_PUBLIC: dict[str, Any] = {**_MINE, "receivers": ("public",)}


class Person(PageEntity, Base):
    """A person as city data, with the names of Popolo. Birth date, gender and home address are left out on purpose: nothing needs them.

    A person has no sector: that follows from the membership under which one acts (citycontent.md §4.4).
    """

    __tablename__ = "citycontent__person"
    __table_args__ = (
        Index("ix_citycontent__person_state_sort_name_id", "state", "sort_name", "id"),
        Index("ix_citycontent__person_state_visibility_sort_name_id", "state", "visibility", "sort_name", "id"),
        thing("Persoon"),
    )

    slug: Mapped[str] = mapped_column(
        String(SLUG_LENGTH),
        unique=True,
        info=personal(_SHOWN, "public_task", _KEPT, label="paginanaam", keep_reason=_OFFICE, identifies=True, **_PUBLIC),
    )
    sort_name: Mapped[str] = mapped_column(
        String(NAME_LENGTH),
        info=personal(_SHOWN, "public_task", _KEPT, label="naam om op te zoeken", keep_reason=_OFFICE, identifies=True, **_PUBLIC),
    )
    name: Mapped[str] = mapped_column(
        String(NAME_LENGTH), info=personal(_SHOWN, "public_task", _KEPT, label="naam", keep_reason=_OFFICE, identifies=True, **_PUBLIC)
    )
    given_name: Mapped[str] = mapped_column(
        String(NAME_LENGTH),
        default="",
        info=personal(_SHOWN, "public_task", _KEPT, label="voornaam", keep_reason=_OFFICE, identifies=True, **_PUBLIC),
    )
    family_name_prefix: Mapped[str] = mapped_column(
        String(40), default="", info=personal(_SHOWN, "public_task", _KEPT, label="tussenvoegsel", keep_reason=_OFFICE, **_PUBLIC)
    )
    family_name: Mapped[str] = mapped_column(
        String(NAME_LENGTH),
        default="",
        info=personal(_SHOWN, "public_task", _KEPT, label="achternaam", keep_reason=_OFFICE, identifies=True, **_PUBLIC),
    )
    honorific_prefix: Mapped[str] = mapped_column(
        String(40), default="", info=personal(_SHOWN, "public_task", _KEPT, label="titel voor de naam", keep_reason=_OFFICE, **_PUBLIC)
    )
    honorific_suffix: Mapped[str] = mapped_column(
        String(40), default="", info=personal(_SHOWN, "public_task", _KEPT, label="titel na de naam", keep_reason=_OFFICE, **_PUBLIC)
    )
    summary: Mapped[str] = mapped_column(
        default="",
        info=personal("in één zin zeggen wie dit is", "public_task", _KEPT, label="samenvatting", keep_reason=_OFFICE, **_PUBLIC),
    )
    biography: Mapped[str] = mapped_column(
        default="",
        info=personal("vertellen wat iemand in de stad doet", "public_task", _KEPT, label="levensloop", keep_reason=_OFFICE, **_PUBLIC),
    )
    email: Mapped[str] = mapped_column(
        String(254),
        default="",
        info=personal(
            _ASKED,
            "public_task",
            _REACHED,
            label="e-mailadres",
            keep_reason=_OFFICE,
            identifies=True,
            **_CONTACT,
        ),
    )
    phone: Mapped[str] = mapped_column(
        String(40),
        default="",
        info=personal(
            _ASKED,
            "public_task",
            _REACHED,
            label="telefoonnummer",
            keep_reason=_OFFICE,
            identifies=True,
            **_CONTACT,
        ),
    )
    homepage: Mapped[str] = mapped_column(
        default="",
        info=personal(_ASKED, "public_task", _REACHED, label="website", keep_reason=_OFFICE, identifies=True, **_CONTACT),
    )
    links: Mapped[list[dict[str, Any]]] = mapped_column(
        default=list,
        info=personal(_ASKED, "public_task", _REACHED, label="links", keep_reason=_OFFICE, **_CONTACT),
    )
    sources: Mapped[list[dict[str, Any]]] = mapped_column(
        default=list,
        info=personal(
            "laten zien waar iets over iemand gepubliceerd is", "public_task", _KEPT, label="bronnen", keep_reason=_OFFICE, **_PUBLIC
        ),
    )
    visibility: Mapped[str] = mapped_column(Code, default="known", info=not_personal("who may see the rest"))


class AccountPerson(Base):
    """The person that an account is. Made only by the choice of who holds the account; gone when the account is erased."""

    __tablename__ = "citycontent__account_person"
    __table_args__ = thing("Koppeling met een persoon")

    # The type stands here because accounts may be loaded later than statements that compare with this column.
    account_id: Mapped[uuid.UUID] = mapped_column(
        Uuid(),
        ForeignKey("core__user.id"),
        primary_key=True,
        info=personal(
            "namens een organisatie kunnen handelen",
            "consent",
            "tot u de koppeling of uw account verwijdert",
            erase="delete_row",
            label="uw account",
        ),
    )
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__person.id"), unique=True)
    linked_at: Mapped[datetime]
