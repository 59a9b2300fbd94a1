"""The tool list of a project, for who keeps it."""

from __future__ import annotations

import uuid
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_core.api import _
from samen_core.web.api import current_uow
from samen_gereedschap import paths
from samen_gereedschap.models import KINDS
from samen_gereedschap.permissions import PLAN
from samen_gereedschap.schemas import PlanToolsSchema
from samen_gereedschap.services.projects import get_list, list_values, may_plan, plan_tools
from samen_gereedschap.web.common import LABEL, pages

SPEC = FormSpec(PlanToolsSchema)
SECTIONS = (
    Section(_("Lenen voor dit project"), ("open", "note")),
    Section(_("Hoeveel is er nodig?"), KINDS),
)


@pages.route(f"{paths.PROJECTS}/<uuid:id>", permission=PLAN, methods=["GET", "POST"])
def project_tools(id: uuid.UUID) -> ResponseReturnValue:
    """What a project needs, and whether one may borrow for it."""
    uow = current_uow()
    found = get_list(uow, id)
    if not may_plan(uow, found):
        PLAN.require(uow.actor, id)
    project = f"/projecten/{found.slug}"
    page = FormPage(
        title=_("Gereedschap voor {project}", project=found.project),
        lead=_("Buren zien dit op de pagina van het project en kunnen er gereedschap voor lenen."),
        submit=_("Bewaar de lijst"),
        done=_("De gereedschapslijst is bewaard."),
        path=paths.project(id),
        back=project,
        trail=((LABEL, paths.HOME), (found.project, project), (_("Gereedschapslijst"), None)),
    )

    def write(command: Any) -> str:
        plan_tools(uow, id, command)
        return project

    return form_page(uow, page, SPEC, SECTIONS, write, values=list_values(found))
