"""Projects over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import fields, validate

from citycontent.models import Project
from citycontent.models.project import PROJECT_STATUSES
from citycontent.permissions import EDIT_PROJECT
from citycontent.queries import lookups
from citycontent.queries import projects as queries
from citycontent.queries.lookups import Links
from citycontent.rest.answers import ProjectItemSchema, ProjectSchema
from citycontent.rest.common import Json, ListWriter, Writes, add_writes, addresses, area_ids, existing, identifiers, links_given, pick
from citycontent.rest.pictures import add_picture, entity_picture, row_picture
from citycontent.schemas import CreateProject, CreateProjectSchema, UpdateProjectSchema
from citycontent.services.projects import FIELDS, create_project, delete_project, set_project_picture, update_project
from samen_core.rest.api import PageArgumentsSchema, RestBlueprint, current_uow, reply

TYPE = "project"
resource = RestBlueprint("projects", __name__, "Projects in the city.")
_LIST = ListWriter(
    TYPE,
    (
        Project.id,
        Project.version,
        Project.name,
        Project.summary,
        Project.status,
        Project.start_date,
        Project.end_date,
        Project.lead_organization_id,
        Project.updated_at,
    ),
    Project.slug,
    Project.sort_name,
)
_FACTS = ("id", "version", *FIELDS, "created_at", "updated_at")


class ProjectArgumentsSchema(PageArgumentsSchema):
    """Which projects."""

    status = fields.String(load_default=None, validate=validate.OneOf(PROJECT_STATUSES))
    area_id = fields.UUID(data_key="areaId", load_default=None, metadata={"description": "An area with everything in it."})
    theme_id = fields.UUID(data_key="themeId", load_default=None)
    organization_id = fields.UUID(data_key="organizationId", load_default=None, metadata={"description": "That leads it or takes part."})
    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words in the name or text."})


@resource.route("/projects", public=True)
@resource.arguments(ProjectArgumentsSchema, location="query")
@resource.listing(ProjectItemSchema)
def list_projects(arguments: dict[str, Any]) -> Response:
    """Projects by name."""
    uow = current_uow()
    chosen = queries.ProjectFilter(
        status=arguments["status"],
        area_ids=area_ids(uow, arguments["area_id"]),
        theme_id=arguments["theme_id"],
        organization_id=arguments["organization_id"],
        text=arguments["q"],
    )
    page = queries.list_projects(uow, chosen, arguments["page"], with_count=False, columns=_LIST.columns)
    return _LIST.reply(page, arguments["page"])


@resource.route("/projects/<uuid:id>", public=True)
@resource.response(200, ProjectSchema)
def get_project(id: uuid.UUID) -> Response:
    """One project."""
    uow = current_uow()
    row = existing(queries.project_by_id(uow, id))
    return reply(_represent(row, lookups.links(uow, TYPE, id), row_picture(row)), version=row.version)


def _represent(source: Any, links: Links, picture: Json | None) -> Json:
    return {
        **pick(source, _FACTS),
        **addresses(TYPE, source),
        "picture": picture,
        "partner_organization_ids": links.partner_organization_ids,
        "area_ids": links.area_ids,
        "theme_ids": links.theme_ids,
        "identifiers": identifiers(links),
    }


def _written(project: Project, command: CreateProject) -> Json:
    return _represent(project, links_given(command), entity_picture(current_uow(), project))


add_writes(
    resource,
    Writes(
        noun="a project",
        path="/projects",
        permission=EDIT_PROJECT,
        answer=ProjectSchema,
        create=(CreateProjectSchema, create_project),
        update=(UpdateProjectSchema, update_project),
        delete=delete_project,
        represent=_written,
    ),
)
add_picture(resource, "a project", "/projects", EDIT_PROJECT, set_project_picture)
