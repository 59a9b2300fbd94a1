"""The manager's pages of accounts and their roles."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from flask.typing import ResponseReturnValue

from samen_core.accounts.schemas import GrantRole, GrantSchema, ReasonSchema
from samen_core.accounts.services import accounts, grants
from samen_core.accounts.web.searching import SEALED, asked_words, search_again, to_results
from samen_core.errors import Invalid
from samen_core.forms import BoundForm, parse
from samen_core.i18n import Text, _
from samen_core.pagination import PageRequest
from samen_core.permissions import MANAGE, ROLES
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_uow
from samen_core.web.layout import crumbs, go, page_url, render, render_status, say

pages = BlockBlueprint("manage_accounts", __name__)
HOME = (_("Beheer"), "/beheer")
USERS = (_("Gebruikers en rollen"), "/beheer/gebruikers")


@pages.route("/beheer/gebruikers", permission=MANAGE, methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """Accounts, newest first, to search by name, address and role."""
    if request.method == "POST":
        return to_results(USERS[1], "rol")
    words, role = asked_words(), request.args.get("rol", "")
    if words is None:
        return search_again(USERS[1])
    role = role if role in ROLES else ""
    page = accounts.list_accounts(current_uow(), PageRequest(cursor=request.args.get("cursor", "")), words=words, role=role)
    return render(
        "core/account/manage_list.html",
        page=page,
        words=words,
        role=role,
        roles=ROLES,
        action=page_url(USERS[1]),
        next_url=_page_url(page.next, role),
        previous_url=_page_url(page.previous, role),
        breadcrumbs=crumbs(HOME, (USERS[0], None)),
    )


def _page_url(cursor: str | None, role: str) -> str | None:
    values = {SEALED: request.args.get(SEALED), "rol": role, "cursor": cursor}
    return f"{page_url(USERS[1])}?{urlencode({name: value for name, value in values.items() if value})}" if cursor else None


@pages.route("/beheer/gebruikers/<uuid:account_id>", permission=MANAGE)
def user(account_id: uuid.UUID) -> ResponseReturnValue:
    """One account with its roles."""
    return _user_page(200, account_id, BoundForm(GrantSchema))


@pages.route("/beheer/gebruikers/<uuid:account_id>/rollen", permission=MANAGE, methods=["POST"])
def grant(account_id: uuid.UUID) -> ResponseReturnValue:
    """Give a role."""
    uow = current_uow()
    try:
        data = parse(GrantSchema, request.form)
        scope = grants.find_scope(uow, data.pop("scope"))
        grants.grant_role(uow, GrantRole(account_id=account_id, scope=scope, **data))
    except Invalid as error:
        uow.rollback()
        return _user_page(400, account_id, BoundForm(GrantSchema, data=request.form, errors=error.errors))
    say(_("De rol is gegeven."))
    return go(f"/beheer/gebruikers/{account_id}")


@pages.route("/beheer/gebruikers/<uuid:account_id>/rollen/<uuid:grant_id>/intrekken", permission=MANAGE, methods=["GET", "POST"])
def revoke(account_id: uuid.UUID, grant_id: uuid.UUID) -> ResponseReturnValue:
    """Take a role back, with the reason."""
    uow = current_uow()
    row = grants.get_grant(uow, account_id, grant_id)
    texts = {
        "title": _("Rol intrekken"),
        "text": _(
            "{name} is dan geen {role} meer. Dit gaat meteen in.",
            name=accounts.get_account(uow, account_id).display_name,
            role=ROLES[row.role],
        ),
        "button": _("Trek de rol in"),
    }
    return _with_reason(account_id, texts, lambda reason: grants.revoke_grant(uow, grant_id, reason), _("De rol is ingetrokken."))


@pages.route("/beheer/gebruikers/<uuid:account_id>/blokkeren", permission=MANAGE, methods=["GET", "POST"])
def block(account_id: uuid.UUID) -> ResponseReturnValue:
    """Block an account, with the reason."""
    uow = current_uow()
    name = accounts.get_account(uow, account_id).display_name
    texts = {
        "title": _("Account blokkeren"),
        "text": _("{name} wordt overal uitgelogd en kan niet meer inloggen, tot u de blokkade opheft.", name=name),
        "button": _("Blokkeer het account"),
    }
    return _with_reason(
        account_id, texts, lambda reason: accounts.set_active(uow, account_id, False, reason), _("Het account is geblokkeerd.")
    )


@pages.route("/beheer/gebruikers/<uuid:account_id>/deblokkeren", permission=MANAGE, methods=["GET", "POST"])
def unblock(account_id: uuid.UUID) -> ResponseReturnValue:
    """Let a blocked account in again, with the reason."""
    uow = current_uow()
    name = accounts.get_account(uow, account_id).display_name
    texts = {"title": _("Blokkade opheffen"), "text": _("{name} kan dan weer inloggen.", name=name), "button": _("Hef de blokkade op")}
    return _with_reason(
        account_id, texts, lambda reason: accounts.set_active(uow, account_id, True, reason), _("De blokkade is opgeheven.")
    )


def _with_reason(account_id: uuid.UUID, texts: dict[str, Text], act: Any, done: Text) -> ResponseReturnValue:
    """Ask for a reason and do it: the page on GET, the act on POST."""
    path = f"/beheer/gebruikers/{account_id}"
    trail = crumbs(HOME, USERS, (texts["title"], None))
    if request.method == "POST":
        try:
            act(parse(ReasonSchema, request.form)["reason"])
        except Invalid as error:
            current_uow().rollback()
            form = BoundForm(ReasonSchema, data=request.form, errors=error.errors)
            return render_status(
                400,
                "core/account/reason.html",
                form=form,
                action=request.script_root + request.path,
                cancel_url=page_url(path),
                breadcrumbs=trail,
                **texts,
            )
        say(done)
        return go(path)
    return render(
        "core/account/reason.html",
        form=BoundForm(ReasonSchema),
        action=request.script_root + request.path,
        cancel_url=page_url(path),
        breadcrumbs=trail,
        **texts,
    )


def _user_page(status: int, account_id: uuid.UUID, form: BoundForm) -> Response:
    uow = current_uow()
    account = accounts.get_account(uow, account_id)
    return render_status(
        status,
        "core/account/manage_user.html",
        user=account,
        grants=grants.grants_of_account(uow, account_id),
        roles=ROLES,
        form=form,
        action=page_url(f"/beheer/gebruikers/{account_id}/rollen"),
        here=page_url(f"/beheer/gebruikers/{account_id}"),
        breadcrumbs=crumbs(HOME, USERS, (account.display_name, None)),
    )
