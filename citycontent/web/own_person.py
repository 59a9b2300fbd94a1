"""The person of the city that one's own account is: shown on the account page, and let go by its holder."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.paths import page as page_path
from citycontent.queries.persons import linked_person
from citycontent.services.persons import unlink_own_account
from citycontent.web.editing import FormPage
from citycontent.web.pages import pages
from samen_core.api import LOGGED_IN, FormSchema, UnitOfWork, _
from samen_core.web.api import BoundForm, crumbs, current_uow, go, page_url, render, render_part, say

ACCOUNT = "/account"
PATH = f"{ACCOUNT}/persoon"


def linked(uow: UnitOfWork) -> str | None:
    """On the account page: which person one is, and the way to end that. Nothing for an account that is nobody."""
    person = linked_person(uow)
    if person is None:
        return None
    # The page of a private person is not shown, not even to who it is about.
    url = "" if person.visibility == "private" else page_url(page_path("person", person.slug))
    return render_part("citycontent/own_person.html", person=person, url=url, unlink_url=page_url(PATH))


@pages.route(PATH, permission=LOGGED_IN, methods=["GET", "POST"])
def unlink_person_of_account() -> ResponseReturnValue:
    """Let go of the person that one's account is, after asking."""
    uow = current_uow()
    person = linked_person(uow)
    if person is None:
        say(_("Uw account is met niemand verbonden."))
        return go(ACCOUNT)
    page = FormPage(
        title=_("Koppeling met {name} losmaken", name=person.name),
        lead=_("Daarna kunt u niet meer namens de organisaties van deze persoon meepraten. Alleen de gemeente kan u weer koppelen."),
        submit=_("Maak de koppeling los"),
        done=_("De koppeling met {name} is losgemaakt.", name=person.name),
        path=PATH,
        back=ACCOUNT,
        trail=((_("Mijn account"), ACCOUNT), (_("Koppeling losmaken"), None)),
    )
    if request.method == "POST":
        unlink_own_account(uow)
        say(page.done)
        return go(ACCOUNT)
    return render(
        "citycontent/delete.html",
        page=page,
        form=BoundForm(FormSchema),
        action=page_url(page.path),
        cancel_url=page_url(page.back),
        breadcrumbs=crumbs(*page.trail),
    )
