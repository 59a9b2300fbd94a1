"""The page on which a manager ties an account to a person, or ends that."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.models import Person
from citycontent.paths import page as page_path
from citycontent.permissions import EDIT_PERSON
from citycontent.queries.persons import has_account
from citycontent.schemas import LinkAccount, LinkAccountSchema, UnlinkPerson, UnlinkPersonSchema
from citycontent.services.persons import link_account, unlink_person
from citycontent.web.editing import FormPage, Section, form_page
from citycontent.web.forms import FormSpec, send, show
from citycontent.web.pages import pages, to_edit
from citycontent.web.persons import LABEL, PATH
from samen_core.api import UnitOfWork, _
from samen_core.web.api import crumbs, current_uow, go, page_url, render_status, say

LINK = FormSpec(LinkAccountSchema)
UNLINK = FormSpec(UnlinkPersonSchema)
SECTIONS = (Section(_("Welk account?"), ("email",)),)


@pages.route(f"{PATH}/<slug>/account", permission=EDIT_PERSON, methods=["GET", "POST"])
def person_account(slug: str) -> ResponseReturnValue:
    """Tie an account to a person, so that its holder may speak for the person's organisations; or end that."""
    uow = current_uow()
    person = to_edit(uow, Person, "person", slug)
    EDIT_PERSON.require(uow.actor, person.id)
    path = page_path("person", slug)
    linked = has_account(uow, person.id)
    page = FormPage(
        title=_("Account van {name}", name=person.name),
        lead=_("Wie het account heeft, mag daarna niet meer namens de organisaties van deze persoon meepraten.") if linked else "",
        submit=_("Maak de koppeling los") if linked else _("Koppel het account"),
        done=_("De koppeling is losgemaakt.") if linked else _("Het account is gekoppeld."),
        path=f"{path}/account",
        back=path,
        trail=((LABEL, PATH), (person.name, path), (_("Account"), None)),
    )
    return _unlink(uow, page, person, path) if linked else _link(uow, page, person, path)


def _link(uow: UnitOfWork, page: FormPage, person: Person, path: str) -> ResponseReturnValue:
    def write(command: LinkAccount) -> str:
        link_account(uow, person.id, command)
        return path

    return form_page(uow, page, LINK, SECTIONS, write, values={})


def _unlink(uow: UnitOfWork, page: FormPage, person: Person, path: str) -> ResponseReturnValue:
    def write(command: UnlinkPerson) -> str:
        unlink_person(uow, person.id, command)
        return path

    answer = show(uow, UNLINK, {}) if request.method == "GET" else send(uow, UNLINK, write)
    if isinstance(answer, str):
        say(page.done)
        return go(answer)
    return render_status(
        answer.status,
        "citycontent/delete.html",
        page=page,
        form=answer.form,
        action=page_url(page.path),
        cancel_url=page_url(page.back),
        breadcrumbs=crumbs(*page.trail),
    )
