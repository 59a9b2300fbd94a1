"""Commands about themes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from citycontent.schemas.common import name_field, prose_field, reference_field, url_field, version_field
from citycontent.schemas.fields import PLAIN_NAME, CommandSchema, Lines, parse_plain_name
from samen_core.api import _


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTheme:
    """Add a theme."""

    name: str
    alternative_names: tuple[str, ...] = ()
    description: str = ""
    parent_id: uuid.UUID | None = None
    exact_match: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateTheme(CreateTheme):
    """Replace what is known of a theme; ``version`` is the one that was read."""

    version: int


class CreateThemeSchema(CommandSchema):
    """A new theme, as a form or as JSON."""

    command: ClassVar[type[Any]] = CreateTheme

    name = name_field(_("Naam"))
    alternative_names = Lines(
        parse_plain_name,
        PLAIN_NAME,
        metadata={
            "label": _("Andere woorden hiervoor"),
            "help": _("Eén per regel. Wie op zo'n woord zoekt, vindt dit thema."),
            "widget": "textarea",
            "rows": 3,
        },
    )
    description = prose_field(_("Beschrijving"), rows=3)
    parent_id = reference_field(_("Onderdeel van"))
    exact_match = url_field(_("Hetzelfde begrip elders"), _("Het webadres van dit begrip in een landelijke lijst."))


class UpdateThemeSchema(CreateThemeSchema):
    """Changes to a theme."""

    command: ClassVar[type[Any]] = UpdateTheme

    version = version_field()
