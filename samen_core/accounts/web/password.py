"""A forgotten password, and choosing another one."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, request
from flask.typing import ResponseReturnValue

from samen_core.accounts import links
from samen_core.accounts.schemas import ChangePasswordSchema, EmailSchema, FirstPasswordSchema, NewPasswordSchema
from samen_core.accounts.services import log_in, passwords
from samen_core.accounts.services.accounts import own_account
from samen_core.accounts.services.tokens import live_tokens
from samen_core.accounts.sessions import current_session
from samen_core.accounts.web.common import ask_log_in_again, enter, expired, go_on, limit_mails
from samen_core.errors import Invalid
from samen_core.forms import BoundForm, parse
from samen_core.i18n import _
from samen_core.permissions import LOGGED_IN
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_uow
from samen_core.web.layout import crumbs, go, page_url, render, render_status, say

pages = BlockBlueprint("password", __name__)


@pages.route("/wachtwoord-vergeten", public=True, cache=False)
def ask_form() -> ResponseReturnValue:
    """Ask for a link to choose a new password."""
    return _ask_page(200, BoundForm(EmailSchema))


@pages.route("/wachtwoord-vergeten", public=True, cache=False, methods=["POST"])
def ask() -> ResponseReturnValue:
    """Mail the link, if the address is known; the answer does not tell."""
    try:
        email: str = parse(EmailSchema, request.form)["email"]
        limit_mails(email)
        log_in.ask_reset(current_uow(), email)
    except Invalid as error:
        return _ask_page(400, BoundForm(EmailSchema, data=request.form, errors=error.errors))
    return go("/wachtwoord-vergeten/verstuurd")


def _ask_page(status: int, form: BoundForm) -> Response:
    trail = crumbs((_("Inloggen"), "/inloggen"), (_("Wachtwoord vergeten"), None))
    return render_status(status, "core/account/forgot.html", form=form, action=page_url("/wachtwoord-vergeten"), breadcrumbs=trail)


@pages.route("/wachtwoord-vergeten/verstuurd", public=True, cache=False)
def sent() -> ResponseReturnValue:
    """Look in your mail."""
    return render(
        "core/account/sent.html",
        title=_("Kijk in uw mail"),
        text=_(
            "Is er een account met dit e-mailadres? Dan krijgt u een mail. Met de link daarin kiest u binnen 2 uur een nieuw wachtwoord."
        ),
        again=page_url("/wachtwoord-vergeten"),
        breadcrumbs=crumbs((_("Inloggen"), "/inloggen"), (_("Wachtwoord vergeten"), None)),
    )


@pages.route("/wachtwoord-vergeten/<token>", public=True, cache=False)
def reset_form(token: str) -> ResponseReturnValue:
    """The page behind the link."""
    try:
        links.read(current_uow(), "reset", token)
    except links.LinkExpired as error:
        return expired(error, "/wachtwoord-vergeten", _("Vraag een nieuwe link"))
    return _reset_page(200, BoundForm(NewPasswordSchema), token)


@pages.route("/wachtwoord-vergeten/<token>", public=True, cache=False, methods=["POST"])
def reset(token: str) -> ResponseReturnValue:
    """Set the new password, log out everywhere and log in here."""
    uow = current_uow()
    try:
        account = passwords.reset_password(uow, token, parse(NewPasswordSchema, request.form)["password"])
    except links.LinkExpired as error:
        return expired(error, "/wachtwoord-vergeten", _("Vraag een nieuwe link"))
    except Invalid as error:
        return _reset_page(400, BoundForm(NewPasswordSchema, data=request.form, errors=error.errors), token)
    log_in.logged_in(uow, account, "link")
    uow.commit()
    enter(account, "link")
    say(_("Uw nieuwe wachtwoord is opgeslagen. U bent ingelogd."))
    return go_on()


def _reset_page(status: int, form: BoundForm, token: str) -> Response:
    trail = crumbs((_("Nieuw wachtwoord"), None))
    return render_status(
        status, "core/account/reset.html", form=form, action=page_url("/wachtwoord-vergeten/" + quote(token, safe="")), breadcrumbs=trail
    )


@pages.route("/account/wachtwoord", permission=LOGGED_IN, methods=["GET", "POST"])
def change() -> ResponseReturnValue:
    """Choose another password; who has none yet must have logged in just now."""
    uow = current_uow()
    account = own_account(uow)
    has_one = account.password is not None
    kind = ChangePasswordSchema if has_one else FirstPasswordSchema
    # Who has no tokens is not asked about them.
    schema = kind() if live_tokens(uow, account.id) else kind(exclude=("revoke_tokens",))
    if not has_one and (again := ask_log_in_again("/account/wachtwoord")):
        return again
    if request.method == "GET":
        return _change_page(200, BoundForm(schema), has_one)
    try:
        account = passwords.change_password(uow, parse(schema, request.form), keep_session=current_session().hash)
    except Invalid as error:
        return _change_page(400, BoundForm(schema, data=request.form, errors=error.errors), has_one)
    uow.commit()
    enter(account, "password", keep=current_session().is_kept)
    say(_("Uw wachtwoord is gewijzigd. Op andere apparaten bent u uitgelogd."))
    return go("/account")


def _change_page(status: int, form: BoundForm, has_one: bool) -> Response:
    return render_status(
        status,
        "core/account/password.html",
        form=form,
        has_one=has_one,
        action=page_url("/account/wachtwoord"),
        breadcrumbs=crumbs((_("Mijn account"), "/account"), (_("Wachtwoord"), None)),
    )
