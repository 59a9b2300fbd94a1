"""For who proposed an idea: finding it again with a code, changing it, taking it back."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from citycontent.web.api import FormPage, FormSpec, Section, area_choices, atlas, form_page, theme_choices
from samen_core.api import Gone, Invalid, UnitOfWork, _, parse
from samen_core.web.api import BoundForm, crumbs, current_uow, go, limit_visitor, page_url, render_status, say
from samen_doe_mee import paths
from samen_doe_mee.models import Idea
from samen_doe_mee.schemas.ideas import EditIdea, EditIdeaSchema, UseCodeSchema, WithdrawIdea, WithdrawIdeaSchema
from samen_doe_mee.services.idea_common import require_author, visible_idea
from samen_doe_mee.services.ideas import TOO_LATE, can_edit, can_withdraw, claim_idea, edit_idea, idea_by_code, text_values, withdraw_idea
from samen_doe_mee.web.common import LABEL, pages
from samen_doe_mee.web.idea_codes import code_for, keep_code
from samen_doe_mee.web.ideas import CODE
from samen_doe_mee.web.ideas import TITLE as LIST_TITLE

TITLE = _("Uw idee terugvinden")
TRIES, QUARTER = 10, 900
"""Codes that one visitor may try in so many seconds: a code of 60 bits is then never guessed."""
EDIT = FormSpec(EditIdeaSchema)
SECTIONS = (
    Section(_("Wat?"), ("kind", "title", "text", "theme_id", "pictures")),
    Section(_("Waar?"), ("where", "place", "area_id")),
    Section(_("Alleen bij een uitdaging"), ("challenge",), folded=True),
)


@pages.route(CODE, public=True, cache=False)
def idea_code() -> ResponseReturnValue:
    """Where the code is typed."""
    return _code_page(BoundForm(UseCodeSchema))


@pages.route(CODE, public=True, cache=False, methods=["POST"])
def idea_code_send() -> ResponseReturnValue:
    """To the idea behind a code, which this visitor may change from now on; or tie it to the account."""
    limit_visitor("doe_mee.idea_code", TRIES, QUARTER)
    uow = current_uow()
    try:
        code = parse(UseCodeSchema, request.form).code
        idea = claim_idea(uow, code) if request.form.get("naar") == "account" else idea_by_code(uow, code)
    except Invalid as error:
        uow.rollback()
        return _code_page(BoundForm(UseCodeSchema, data=request.form, errors=error.errors), 400)
    if request.form.get("naar") == "account":
        say(_("Dit idee hoort nu bij uw account. De code werkt niet meer."))
    else:
        keep_code(code)
    return go(paths.idea(idea.slug))


@pages.route(paths.idea("<slug>", "bewerken"), public=True, cache=False, methods=["GET", "POST"])
def idea_edit(slug: str) -> ResponseReturnValue:
    """Change what one's idea says."""
    uow = current_uow()
    idea, code = _own(uow, slug)
    if not can_edit(uow, idea):
        raise Gone(TOO_LATE)
    id, path, book = idea.id, paths.idea(slug), atlas(uow)
    page = FormPage(
        title=_("Wijzig uw idee"),
        lead=_("Dat kan tot iemand anders uw idee steunt, of tot de gemeente antwoord geeft."),
        submit=_("Bewaar uw idee"),
        done=_("Uw idee is gewijzigd."),
        path=paths.idea(slug, "bewerken"),
        back=path,
        trail=((LABEL, paths.HOME), (LIST_TITLE, paths.IDEAS), (idea.title, path), (_("Wijzigen"), None)),
    )

    def write(command: EditIdea) -> str:
        return paths.idea(edit_idea(uow, id, command, code=code).slug)

    options = {"area_id": area_choices(book), "theme_id": theme_choices(book)}
    # Under this name a form of citycontent knows that there are files to show.
    values = {**text_values(uow, idea), "picture": True}
    return form_page(uow, page, EDIT, SECTIONS, write, values=values, options=options, owner=id)


@pages.route(paths.idea("<slug>", "intrekken"), public=True, cache=False, methods=["GET", "POST"])
def idea_withdraw(slug: str) -> ResponseReturnValue:
    """Take one's idea back, after asking."""
    uow = current_uow()
    idea, code = _own(uow, slug)
    if not can_withdraw(idea):
        raise Gone(_("Dit idee kan niet meer worden ingetrokken."))
    id, path = idea.id, paths.idea(slug)
    page = FormPage(
        title=_("Trek uw idee in"),
        lead=_(
            "Uw idee verdwijnt van de website en niemand kan het meer steunen. Op de pagina staat dan alleen dat het is ingetrokken. "
            "Wij halen uw naam en e-mailadres weg. Dit kan niet ongedaan worden gemaakt."
        ),
        submit=_("Trek mijn idee in"),
        done=_("Uw idee is ingetrokken."),
        path=paths.idea(slug, "intrekken"),
        back=path,
        trail=((LABEL, paths.HOME), (LIST_TITLE, paths.IDEAS), (idea.title, path), (_("Intrekken"), None)),
    )

    def write(command: WithdrawIdea) -> str:
        withdraw_idea(uow, id, command, code=code)
        return paths.IDEAS

    sections = (Section(_("Uw idee intrekken"), ("reason",)),)
    return form_page(uow, page, FormSpec(WithdrawIdeaSchema), sections, write, values={"version": idea.version})


def _own(uow: UnitOfWork, slug: str) -> tuple[Idea, str]:
    """An idea of this visitor, and the code by which it is theirs. Raises NotFound and NotAllowed."""
    found = uow.session.execute(select(Idea).where(Idea.slug == slug)).scalar_one_or_none()
    code = code_for(uow, found) if found is not None else ""
    idea = visible_idea(uow, slug, code)
    require_author(uow, idea, code)
    return idea, code


def _code_page(form: BoundForm, status: int = 200) -> ResponseReturnValue:
    context: dict[str, Any] = {
        "title": TITLE,
        "form": form,
        "action": page_url(CODE),
        "breadcrumbs": crumbs((LABEL, paths.HOME), (LIST_TITLE, paths.IDEAS), (TITLE, None)),
    }
    return render_status(status, "doe_mee/idea_code.html", **context)
