"""Who may do what with the city's data. A grant on an organisation also holds for its memberships, posts, projects and events."""

from __future__ import annotations

from samen_core.api import Permission, _

_MANAGER = frozenset({"manager"})
_FACILITATOR = frozenset({"manager", "facilitator"})

EDIT_ORGANIZATION = Permission("citycontent.edit_organization", _("organisaties bewerken"), roles=_MANAGER)
EDIT_PERSON = Permission("citycontent.edit_person", _("personen bewerken"), roles=_MANAGER)
EDIT_PROJECT = Permission("citycontent.edit_project", _("projecten bewerken"), roles=_FACILITATOR)
EDIT_EVENT = Permission("citycontent.edit_event", _("de agenda bewerken"), roles=_FACILITATOR)
EDIT_THEME = Permission("citycontent.edit_theme", _("thema's bewerken"), roles=_MANAGER)
EDIT_AREA = Permission("citycontent.edit_area", _("gebieden en adressen inlezen"), roles=_MANAGER)
SEE_PRIVATE_PERSON = Permission("citycontent.see_private_person", _("personen zien die niet openbaar zijn"), roles=_MANAGER)

PERMISSIONS = (EDIT_ORGANIZATION, EDIT_PERSON, EDIT_PROJECT, EDIT_EVENT, EDIT_THEME, EDIT_AREA, SEE_PRIVATE_PERSON)
