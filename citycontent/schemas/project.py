"""Commands about projects."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import validate

from citycontent.models.types import PartialDate
from citycontent.schemas.common import (
    SHORT,
    PeriodSchema,
    choice_field,
    date_field,
    identifiers_field,
    line_field,
    links_field,
    name_field,
    picture_field,
    prose_field,
    reference_field,
    references_field,
    sources_field,
    url_field,
    version_field,
)
from samen_core.api import FileValue, Text, WholeNumber, _

PROJECT_STATUS_LABELS: dict[str, Text] = {
    "idea": _("Idee"),
    "preparation": _("Voorbereiding"),
    "execution": _("Uitvoering"),
    "completed": _("Afgerond"),
    "stopped": _("Gestopt"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateProject:
    """Add a project. ``budget`` is in whole euros."""

    name: str
    status: str
    summary: str = ""
    description: str = ""
    picture: FileValue | None = None
    start_date: PartialDate | None = None
    end_date: PartialDate | None = None
    budget: int | None = None
    lead_organization_id: uuid.UUID | None = None
    partner_organization_ids: tuple[uuid.UUID, ...] = ()
    area_ids: tuple[uuid.UUID, ...] = ()
    theme_ids: tuple[uuid.UUID, ...] = ()
    homepage: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    links: tuple[dict[str, str], ...] = ()
    sources: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateProject(CreateProject):
    """Replace what is known of a project; ``version`` is the one that was read."""

    version: int


class CreateProjectSchema(PeriodSchema):
    """A new project, as a form or as JSON."""

    command: ClassVar[type[Any]] = CreateProject

    name = name_field(_("Naam"))
    status = choice_field(PROJECT_STATUS_LABELS, _("Hoe ver is het?"), widget="radios")
    summary = line_field(_("In één zin"), longest=SHORT)
    description = prose_field(_("Beschrijving"))
    picture = picture_field(_("Een foto of een tekening van het plan."))
    start_date = date_field(_("Begindatum"))
    end_date = date_field(_("Einddatum"))
    budget = WholeNumber(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, 10**12),
        metadata={"label": _("Budget"), "help": _("In hele euro's.")},
    )
    lead_organization_id = reference_field(_("Wie trekt het?"))
    partner_organization_ids = references_field(_("Wie doen er mee?"))
    area_ids = references_field(_("Gebieden"))
    theme_ids = references_field(_("Thema's"))
    homepage = url_field(_("Website"))
    identifiers = identifiers_field()
    links = links_field()
    sources = sources_field()


class UpdateProjectSchema(CreateProjectSchema):
    """Changes to a project."""

    command: ClassVar[type[Any]] = UpdateProject

    version = version_field()
