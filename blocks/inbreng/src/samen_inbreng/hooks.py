"""What the block adds to the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samen_core.api import Event, Permission, SubjectType, _, hookimpl
from samen_inbreng.events import EVENTS
from samen_inbreng.permissions import ANSWER, MODERATE, PERMISSIONS

if TYPE_CHECKING:
    from flask import Blueprint

    from samen_core.rest.api import RestBlueprint


@hookimpl
def samen_blueprints() -> list[Blueprint]:
    """The pages."""
    from samen_inbreng.web import pages

    return [pages]


@hookimpl
def samen_resources() -> list[RestBlueprint]:
    """The REST resources."""
    from samen_inbreng.rest import rest

    return [rest]


@hookimpl
def samen_permissions() -> tuple[Permission, ...]:
    """The permissions."""
    return PERMISSIONS


@hookimpl
def samen_subject_types() -> list[SubjectType]:
    """What can be cited."""
    api = "/api/v1/inbreng"
    return [
        SubjectType(
            "activity", _("Activiteit"), _("Activiteiten"), "messages-square", permission=ANSWER.name, api_path=f"{api}/activities/{{id}}"
        ),
        SubjectType(
            "contribution",
            _("Bijdrage"),
            _("Bijdragen"),
            "message-circle",
            permission=MODERATE.name,
            api_path=f"{api}/contributions/{{id}}",
        ),
    ]


@hookimpl
def samen_event_types() -> list[type[Event]]:
    """The events."""
    return list(EVENTS)
