"""One's own account: overview, name and language, e-mail address, on whose behalf one acts."""

from __future__ import annotations

import uuid

from flask import Response, request
from flask.typing import ResponseReturnValue

from samen_core.accounts import links
from samen_core.accounts.schemas import NewEmailSchema, ProfileSchema
from samen_core.accounts.services import registration, sessions
from samen_core.accounts.services.accounts import change_profile, own_account
from samen_core.accounts.services.grants import grants_of_account
from samen_core.accounts.sessions import current_session
from samen_core.accounts.web.common import ask_log_in_again, expired, go_on, limit_mails, next_path
from samen_core.capacities import capacities
from samen_core.errors import Invalid
from samen_core.forms import BoundForm, parse
from samen_core.i18n import _
from samen_core.permissions import LOGGED_IN, ROLES
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_uow
from samen_core.web.layout import ACTS_FOR_TITLE, crumbs, go, page_url, render, render_status, say

pages = BlockBlueprint("account", __name__)
HOME = (_("Mijn account"), "/account")


@pages.route("/account", permission=LOGGED_IN)
def overview() -> ResponseReturnValue:
    """Who one is here, for whom one speaks, and the way to everything else."""
    uow = current_uow()
    account = own_account(uow)
    roles = [
        (ROLES[row.role], (row.scope_title or _("(geen naam)")) if row.scope_id else "", page_url(row.scope_url) if row.scope_url else "")
        for row in grants_of_account(uow, account.id)
    ]
    return render(
        "core/account/overview.html",
        user=account,
        roles=roles,
        capacities=capacities(uow),
        acts_for=uow.actor.on_behalf_of,
        breadcrumbs=crumbs((HOME[0], None)),
    )


@pages.route("/account/profiel", permission=LOGGED_IN, methods=["GET", "POST"])
def profile() -> ResponseReturnValue:
    """One's name and the language of mails."""
    uow = current_uow()
    if request.method == "GET":
        return _profile_page(200, BoundForm(ProfileSchema, data=own_account(uow)))
    try:
        change_profile(uow, parse(ProfileSchema, request.form))
    except Invalid as error:
        return _profile_page(400, BoundForm(ProfileSchema, data=request.form, errors=error.errors))
    say(_("Uw gegevens zijn opgeslagen."))
    return go("/account")


def _profile_page(status: int, form: BoundForm) -> Response:
    trail = crumbs(HOME, (_("Naam en taal"), None))
    return render_status(status, "core/account/profile.html", form=form, action=page_url("/account/profiel"), breadcrumbs=trail)


@pages.route("/account/email", permission=LOGGED_IN, methods=["GET", "POST"])
def email() -> ResponseReturnValue:
    """Ask for another e-mail address."""
    if again := ask_log_in_again("/account/email"):
        return again
    uow = current_uow()
    if request.method == "GET":
        return _email_page(200, BoundForm(NewEmailSchema))
    try:
        new: str = parse(NewEmailSchema, request.form)["email"]
        # Looking how fresh the log-in is may have begun a transaction, and the limit is counted in one of its own.
        uow.rollback()
        limit_mails(new, uow.actor.account_id)
        registration.ask_email_change(uow, new)
    except Invalid as error:
        uow.rollback()
        return _email_page(400, BoundForm(NewEmailSchema, data=request.form, errors=error.errors))
    say(_("Wij hebben een mail gestuurd naar uw nieuwe adres. Klik op de link daarin. Tot die tijd blijft uw oude adres gelden."))
    return go("/account")


def _email_page(status: int, form: BoundForm) -> Response:
    return render_status(
        status,
        "core/account/email.html",
        form=form,
        address=own_account(current_uow()).email,
        action=page_url("/account/email"),
        breadcrumbs=crumbs(HOME, (_("E-mailadres"), None)),
    )


@pages.route("/account/email/<token>", public=True, cache=False)
def email_form(token: str) -> ResponseReturnValue:
    """The page behind the link to the new address."""
    try:
        links.read(current_uow(), "email", token)
    except links.LinkExpired as error:
        return expired(error, "/account/email", _("Vraag het opnieuw aan"))
    return render(
        "core/account/confirm_email.html", action=page_url("/account/email/" + token), breadcrumbs=crumbs((_("E-mailadres"), None))
    )


@pages.route("/account/email/<token>", public=True, cache=False, methods=["POST"])
def confirm_email(token: str) -> ResponseReturnValue:
    """Take the new address into use."""
    try:
        registration.change_email(current_uow(), token)
    except links.LinkExpired as error:
        return expired(error, "/account/email", _("Vraag het opnieuw aan"))
    return go("/account/email/gewijzigd")


@pages.route("/account/email/gewijzigd", public=True, cache=False)
def email_changed() -> ResponseReturnValue:
    """Your address is changed."""
    return render("core/account/email_changed.html", breadcrumbs=crumbs((_("E-mailadres"), None)))


@pages.route("/account/namens", permission=LOGGED_IN, methods=["POST"])
def act_for() -> ResponseReturnValue:
    """Go on on behalf of an organisation, or of oneself (no ``subject``)."""
    uow = current_uow()
    given = request.form.get("subject", "")
    try:
        subject_id = uuid.UUID(given) if given else None
    except ValueError:
        raise Invalid(_("Kies een organisatie uit de lijst.")) from None
    sessions.act_for(uow, subject_id)
    session = current_session()
    session.act_for(subject_id)
    titles = {item.subject_id: item.title for item in capacities(uow)}
    if subject_id is None:
        session.pop(ACTS_FOR_TITLE, None)
        say(_("U handelt nu voor uzelf."))
    else:
        session[ACTS_FOR_TITLE] = titles[subject_id]
        say(_("U handelt nu namens {organization}.", organization=titles[subject_id]))
    return go_on(next_path())
