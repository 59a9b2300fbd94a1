"""Commands about posts and memberships."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields

from citycontent.models.types import PartialDate
from citycontent.schemas.common import PeriodSchema, date_field, line_field, name_field, reference_field, sources_field, version_field
from samen_core.api import _


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatePost:
    """Add a post to an organisation."""

    organization_id: uuid.UUID
    label: str
    role: str = ""
    portfolio: str = ""
    area_id: uuid.UUID | None = None
    start_date: PartialDate | None = None
    end_date: PartialDate | None = None
    sources: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePost(CreatePost):
    """Replace what is known of a post; it stays with its organisation."""

    version: int


class CreatePostSchema(PeriodSchema):
    """A new post, as a form or as JSON."""

    command: ClassVar[type[Any]] = CreatePost

    organization_id = reference_field(_("Organisatie"), required=True)
    label = name_field(_("Naam van de functie"), _("Bijvoorbeeld: wethouder wonen."))
    role = line_field(_("Rol"), _("Bijvoorbeeld: wethouder."))
    portfolio = line_field(_("Gaat over"), longest=500)
    start_date = date_field(_("Begindatum"))
    end_date = date_field(_("Einddatum"))
    area_id = reference_field(_("Gebied"))
    sources = sources_field()


class UpdatePostSchema(CreatePostSchema):
    """Changes to a post."""

    command: ClassVar[type[Any]] = UpdatePost

    version = version_field()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateMembership:
    """Put a person in an organisation, perhaps in a post of it."""

    person_id: uuid.UUID
    organization_id: uuid.UUID
    post_id: uuid.UUID | None = None
    on_behalf_of_id: uuid.UUID | None = None
    area_id: uuid.UUID | None = None
    label: str = ""
    role: str = ""
    start_date: PartialDate | None = None
    end_date: PartialDate | None = None
    can_represent: bool = True
    sources: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateMembership(CreateMembership):
    """Replace what is known of a membership; it stays with its person and organisation."""

    version: int


class CreateMembershipSchema(PeriodSchema):
    """A new membership, as a form or as JSON."""

    command: ClassVar[type[Any]] = CreateMembership

    person_id = reference_field(_("Persoon"), required=True)
    organization_id = reference_field(_("Organisatie"), required=True)
    post_id = reference_field(_("Functie"))
    label = line_field(_("Omschrijving"), _("Bijvoorbeeld: voorzitter van de wijkraad."))
    role = line_field(_("Rol"), _("Bijvoorbeeld: voorzitter."))
    start_date = date_field(_("Begindatum"))
    end_date = date_field(_("Einddatum"))
    on_behalf_of_id = reference_field(_("Namens"), _("Als de persoon hier namens een andere organisatie zit."))
    area_id = reference_field(_("Gebied"))
    can_represent = fields.Boolean(load_default=True, metadata={"label": _("Mag namens de organisatie meepraten"), "widget": "checkbox"})
    sources = sources_field()


class UpdateMembershipSchema(CreateMembershipSchema):
    """Changes to a membership."""

    command: ClassVar[type[Any]] = UpdateMembership

    version = version_field()
