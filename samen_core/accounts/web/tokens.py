"""One's own API tokens."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from samen_core.accounts import queries
from samen_core.accounts.schemas import TokenSchema
from samen_core.accounts.services import tokens
from samen_core.accounts.services.accounts import own_account
from samen_core.accounts.web.account import HOME
from samen_core.accounts.web.common import ask_log_in_again
from samen_core.errors import Invalid
from samen_core.forms import BoundForm, parse
from samen_core.i18n import _
from samen_core.permissions import LOGGED_IN
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_uow
from samen_core.web.layout import crumbs, go, page_url, render_status, say

pages = BlockBlueprint("tokens", __name__)


@pages.route("/account/tokens", permission=LOGGED_IN)
def index() -> ResponseReturnValue:
    """The tokens and the form of a new one."""
    return _page(200, _form())


@pages.route("/account/tokens", permission=LOGGED_IN, methods=["POST"])
def create() -> ResponseReturnValue:
    """Make a token and show it, this once."""
    if again := ask_log_in_again("/account/tokens"):
        return again
    uow = current_uow()
    try:
        made = tokens.create_token(uow, parse(TokenSchema, request.form))
    except Invalid as error:
        return _page(400, _form(data=request.form, errors=error.errors))
    return _page(200, _form(), secret=made.secret)


@pages.route("/account/tokens/<uuid:token_id>/intrekken", permission=LOGGED_IN, methods=["POST"])
def revoke(token_id: uuid.UUID) -> ResponseReturnValue:
    """End a token."""
    tokens.revoke_token(current_uow(), token_id)
    say(_("Het token is ingetrokken. Het werkt meteen niet meer."))
    return go("/account/tokens")


def _form(**values: Any) -> BoundForm:
    options = [(item.name, _sentence(str(item.label))) for item in tokens.possible_scopes(current_uow())]
    return BoundForm(TokenSchema, options={"scopes": options}, **values)


def _sentence(label: str) -> str:
    return label[:1].upper() + label[1:]


def _page(status: int, form: BoundForm, secret: str = "") -> Response:
    uow = current_uow()
    return render_status(
        status,
        "core/account/tokens.html",
        form=form,
        secret=secret,
        tokens=queries.own_tokens(uow, own_account(uow).id),
        now=uow.now,
        permissions=uow.platform.permissions,
        action=page_url("/account/tokens"),
        breadcrumbs=crumbs(HOME, (_("API-tokens"), None)),
    )
