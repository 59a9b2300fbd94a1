"""The hooks."""

from __future__ import annotations

from samen_core.api import Permission, SubjectType, _, hookimpl
from samen_core.rest.resource import RestBlueprint
from tests.rest.notes.rest import rest
from tests.rest.notes.services import WRITE


@hookimpl
def samen_resources() -> list[RestBlueprint]:
    return [rest]


@hookimpl
def samen_permissions() -> list[Permission]:
    return [WRITE]


@hookimpl
def samen_subject_types() -> list[SubjectType]:
    return [SubjectType("note", _("Notitie"), _("Notities"), permission="notes.write")]
