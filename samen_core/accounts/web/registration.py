"""Asking for an account and confirming the e-mail address."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, request
from flask.typing import ResponseReturnValue

from samen_core.accounts import links
from samen_core.accounts.schemas import ConfirmSchema, Register, RegisterSchema
from samen_core.accounts.services import log_in, registration
from samen_core.accounts.web.common import enter, expired, go_on, limit_mails, next_path, with_next
from samen_core.errors import Invalid
from samen_core.forms import BoundForm, parse
from samen_core.i18n import _, current_language
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_actor, current_uow
from samen_core.web.layout import crumbs, go, page_url, render, render_status, say

pages = BlockBlueprint("registration", __name__)


@pages.route("/registreren", public=True, cache=False)
def form() -> ResponseReturnValue:
    """The registration form."""
    if not current_actor().is_anonymous:
        return go_on(next_path())
    return _page(200, BoundForm(RegisterSchema))


@pages.route("/registreren", public=True, cache=False, methods=["POST"])
def submit() -> ResponseReturnValue:
    """Register; a known address gets another mail, and the visitor the same answer."""
    try:
        data = parse(RegisterSchema, request.form)
        limit_mails(data["email"])
        registration.register(current_uow(), Register(**data, language=current_language(), go_to=next_path()))
    except Invalid as error:
        return _page(400, BoundForm(RegisterSchema, data=request.form, errors=error.errors))
    return go("/registreren/verstuurd")


def _page(status: int, form: BoundForm) -> Response:
    return render_status(
        status,
        "core/account/register.html",
        form=form,
        action=with_next("/registreren"),
        login_url=with_next("/inloggen"),
        breadcrumbs=crumbs((_("Account maken"), None)),
    )


@pages.route("/registreren/verstuurd", public=True, cache=False)
def sent() -> ResponseReturnValue:
    """Look in your mail."""
    return render(
        "core/account/sent.html",
        title=_("Kijk in uw mail"),
        text=_("Wij hebben u een mail gestuurd. Klik op de link daarin om uw account in gebruik te nemen. De link blijft 7 dagen geldig."),
        again=page_url("/registreren"),
        breadcrumbs=crumbs((_("Account maken"), "/registreren"), (_("Mail verstuurd"), None)),
    )


@pages.route("/registreren/bevestigen/<token>", public=True, cache=False)
def confirm_form(token: str) -> ResponseReturnValue:
    """The page behind the link: its button confirms, with a password if one is chosen."""
    try:
        links.read(current_uow(), "confirm", token)
    except links.LinkExpired as error:
        return expired(error, "/registreren", _("Vraag een nieuwe mail"))
    return _confirm_page(200, BoundForm(ConfirmSchema), token)


@pages.route("/registreren/bevestigen/<token>", public=True, cache=False, methods=["POST"])
def confirm(token: str) -> ResponseReturnValue:
    """Confirm the address and log in."""
    uow = current_uow()
    try:
        data = parse(ConfirmSchema, request.form)
        go_to = links.read(uow, "confirm", token).go_to
        account = registration.confirm(uow, token, data["password"])
    except links.LinkExpired as error:
        return expired(error, "/registreren", _("Vraag een nieuwe mail"))
    except Invalid as error:
        return _confirm_page(400, BoundForm(ConfirmSchema, data=request.form, errors=error.errors), token)
    log_in.logged_in(uow, account, "link")
    uow.commit()
    enter(account, "link")
    say(_("Welkom, {name}. Uw account is klaar.", name=account.display_name))
    return go_on(go_to)


def _confirm_page(status: int, form: BoundForm, token: str) -> Response:
    return render_status(
        status,
        "core/account/confirm.html",
        form=form,
        action=page_url("/registreren/bevestigen/" + quote(token, safe="")),
        breadcrumbs=crumbs((_("Account bevestigen"), None)),
    )
