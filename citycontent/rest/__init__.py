"""The REST resources of the city database, with the field names of Popolo; mounted under ``/api/v1/citycontent``."""

from __future__ import annotations

from samen_core.rest.api import RestBlueprint


def resources() -> list[RestBlueprint]:
    """Every resource."""
    from citycontent.rest import addresses, areas, events, memberships, organizations, persons, posts, projects, themes

    modules = (organizations, persons, posts, memberships, projects, events, areas, addresses, themes)
    return [module.resource for module in modules]
