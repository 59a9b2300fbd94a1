"""The pages on which staff lets an idea go on: as a question for the table, or as a project of the city."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy import select

from citycontent.api import Project
from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_core.api import Text, UnitOfWork, _
from samen_core.web.api import current_uow
from samen_doe_mee import paths
from samen_doe_mee.models import Idea
from samen_doe_mee.permissions import HANDLE_IDEAS
from samen_doe_mee.schemas.idea_trail import MakeProjectSchema, PassOnSchema
from samen_doe_mee.services.idea_common import require_handler, visible_idea
from samen_doe_mee.services.idea_trail import make_project, pass_on
from samen_doe_mee.web.common import LABEL, pages
from samen_doe_mee.web.desk_ideas import TITLE as LIST_TITLE

MOST_PROJECTS = 500
_PROJECTS = select(Project.id, Project.name).where(Project.state == "active").order_by(Project.sort_name).limit(MOST_PROJECTS)


@pages.route(paths.desk_idea("<slug>", "doorgeven"), permission=HANDLE_IDEAS, methods=["GET", "POST"])
def desk_idea_pass_on(slug: str) -> ResponseReturnValue:
    """Propose it as a question for the table."""
    uow = current_uow()
    idea = _idea(uow, slug)
    id = idea.id
    page = _form_of(
        idea,
        "doorgeven",
        (_("Naar de tafel"), _("Leg de vraag voor"), _("De vraag is voorgelegd. Wat ermee gebeurt, komt bij het idee te staan.")),
        _("Het idee wordt een vraag waar inwoners en gemeente samen aan werken. De indiener en volgers krijgen bericht van elke stap."),
    )
    sections = (Section(_("De vraag"), ("question", "text")),)
    first = f"Hoe maken wij dit samen mogelijk: {idea.title[:1].lower()}{idea.title[1:]}?"

    def write(command: Any) -> str:
        pass_on(uow, id, command)
        return paths.desk_idea(slug)

    return form_page(uow, page, FormSpec(PassOnSchema), sections, write, values={"version": idea.version, "question": first[:200]})


@pages.route(paths.desk_idea("<slug>", "project"), permission=HANDLE_IDEAS, methods=["GET", "POST"])
def desk_idea_project(slug: str) -> ResponseReturnValue:
    """Make a project of it, or tie it to one."""
    uow = current_uow()
    idea = _idea(uow, slug)
    id = idea.id
    page = _form_of(
        idea,
        "project",
        (_("Een project van de stad"), _("Bewaar"), _("Het idee hoort nu bij een project.")),
        _("De gemeente steunt het idee. Op de pagina van het project staat waar het vandaan kwam, en bij het idee staat het project."),
    )
    sections = (Section(_("Het project"), ("project_id", "name")), Section(_("Wat leest iedereen?"), ("text",)))
    options = {"project_id": [(str(row.id), row.name) for row in uow.session.execute(_PROJECTS)]}

    def write(command: Any) -> str:
        make_project(uow, id, command)
        return paths.desk_idea(slug)

    values = {"version": idea.version, "name": idea.title}
    return form_page(uow, page, FormSpec(MakeProjectSchema), sections, write, options=options, values=values)


def _form_of(idea: Idea, part: str, words: tuple[Text, Text, Text], lead: Text) -> FormPage:
    back = paths.desk_idea(idea.slug)
    title, submit, done = words
    return FormPage(
        title=title,
        submit=submit,
        done=done,
        lead=lead,
        path=paths.desk_idea(idea.slug, part),
        back=back,
        trail=((LABEL, paths.HOME), (LIST_TITLE, paths.DESK_IDEAS), (idea.title, back), (title, None)),
    )


def _idea(uow: UnitOfWork, slug: str) -> Idea:
    idea = visible_idea(uow, slug)
    require_handler(uow, idea)
    return idea
