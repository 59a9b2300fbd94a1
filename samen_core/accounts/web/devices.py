"""Where one is logged in, and logging out there."""

from __future__ import annotations

import uuid

from flask.typing import ResponseReturnValue

from samen_core.accounts import queries
from samen_core.accounts.services import sessions
from samen_core.accounts.services.accounts import own_account
from samen_core.accounts.sessions import current_session
from samen_core.accounts.web.account import HOME
from samen_core.i18n import _, n_
from samen_core.permissions import LOGGED_IN
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_uow
from samen_core.web.layout import crumbs, go, render, say

pages = BlockBlueprint("devices", __name__)


@pages.route("/account/sessies", permission=LOGGED_IN)
def index() -> ResponseReturnValue:
    """Every place where one is logged in, this one first."""
    uow = current_uow()
    here = current_session().hash
    rows = queries.own_sessions(uow, own_account(uow).id)
    own = sorted(rows, key=lambda row: row.id != here)
    return render("core/account/sessions.html", sessions=own, here=here, breadcrumbs=crumbs(HOME, (_("Waar u bent ingelogd"), None)))


@pages.route("/account/sessies/<uuid:public_id>/uitloggen", permission=LOGGED_IN, methods=["POST"])
def end(public_id: uuid.UUID) -> ResponseReturnValue:
    """Log out on one device."""
    sessions.end_session(current_uow(), public_id)
    say(_("U bent daar uitgelogd."))
    return go("/account/sessies")


@pages.route("/account/sessies/overal-uitloggen", permission=LOGGED_IN, methods=["POST"])
def end_others() -> ResponseReturnValue:
    """Log out everywhere but here."""
    ended = sessions.end_others(current_uow(), current_session().hash)
    say(n_("U bent op {n} ander apparaat uitgelogd.", "U bent op {n} andere apparaten uitgelogd.", ended))
    return go("/account/sessies")
