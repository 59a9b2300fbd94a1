"""What the block adds to the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samen_core.api import Actor, Event, NavigationItem, Permission, Setting, SubjectType, _, hookimpl
from samen_samenspreker.events import EVENTS
from samen_samenspreker.paths import HOME
from samen_samenspreker.permissions import PERMISSIONS, SEE_UNPUBLISHED
from samen_samenspreker.settings import SETTINGS

if TYPE_CHECKING:
    from flask import Blueprint

    from samen_core.rest.api import RestBlueprint


@hookimpl
def samen_blueprints() -> list[Blueprint]:
    """The pages."""
    from samen_samenspreker.web import pages

    return [pages]


@hookimpl
def samen_resources() -> list[RestBlueprint]:
    """The REST resources."""
    from samen_samenspreker.rest import rest

    return [rest]


@hookimpl
def samen_permissions() -> tuple[Permission, ...]:
    """The permissions."""
    return PERMISSIONS


@hookimpl
def samen_settings() -> tuple[Setting, ...]:
    """How the city calls its steps and levels."""
    return SETTINGS


@hookimpl
def samen_subject_types() -> list[SubjectType]:
    """What can be cited."""
    api = "/api/v1/samenspreker"
    see = SEE_UNPUBLISHED.name
    return [
        SubjectType("question", _("Vraag"), _("Vragen"), "circle-question-mark", permission=see, api_path=f"{api}/questions/{{id}}"),
        SubjectType("round", _("Ronde"), _("Rondes"), "refresh-cw", permission=see, api_path=f"{api}/rounds/{{id}}"),
        SubjectType("option", _("Oplossing"), _("Oplossingen"), "lightbulb", permission=see, api_path=f"{api}/options/{{id}}"),
        SubjectType("decision", _("Besluit"), _("Besluiten"), "gavel", permission=see, api_path=f"{api}/decisions/{{id}}"),
        SubjectType("action", _("Actie"), _("Acties"), "list-checks", permission=see, api_path=f"{api}/actions/{{id}}"),
        SubjectType("final_report", _("Eindverslag"), _("Eindverslagen"), "scroll-text", permission=see, api_path=f"{api}/reports/{{id}}"),
    ]


@hookimpl
def samen_event_types() -> list[type[Event]]:
    """The events."""
    return list(EVENTS)


@hookimpl
def samen_navigation(actor: Actor) -> list[NavigationItem]:  # noqa: ARG001 - everybody sees it
    """The overview of questions."""
    return [NavigationItem(LABEL, HOME, "users-round", 50)]


LABEL = _("Samenspreker")
