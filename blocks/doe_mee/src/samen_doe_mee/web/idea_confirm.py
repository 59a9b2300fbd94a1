"""The link in the mail with which somebody without account proves an address; opening it changes nothing, a button does."""

from __future__ import annotations

import uuid

from flask.typing import ResponseReturnValue

from samen_core.api import _
from samen_core.web.api import crumbs, current_uow, go, page_url, render, say
from samen_doe_mee import paths
from samen_doe_mee.services.idea_receipts import confirm_path, to_confirm
from samen_doe_mee.services.ideas import confirm_idea
from samen_doe_mee.web.common import LABEL, pages

_PATH = confirm_path("<uuid:id>", "<token>")


@pages.route(_PATH, public=True, cache=False)
def idea_confirm(id: uuid.UUID, token: str) -> ResponseReturnValue:
    """Ask: is this your address?"""
    idea = to_confirm(current_uow(), id, token)
    if idea.email_confirmed_at is not None:
        say(_("U had dit al bevestigd."), "info")
        return go(paths.idea(idea.slug))
    waits = idea.state == "unconfirmed"
    return render(
        "doe_mee/idea_confirm.html",
        title=_("Bevestig uw idee") if waits else _("Bevestig uw e-mailadres"),
        idea=idea,
        waits=waits,
        action=page_url(confirm_path(id, token)),
        breadcrumbs=crumbs((LABEL, paths.HOME), (_("Ideeën"), paths.IDEAS), (_("Bevestigen"), None)),
    )


@pages.route(_PATH, public=True, cache=False, methods=["POST"])
def idea_confirmed(id: uuid.UUID, token: str) -> ResponseReturnValue:
    """The address is theirs; an idea that waited for it is there for everybody now."""
    idea = confirm_idea(current_uow(), id, token)
    say(_("Dank u. Uw idee staat op de website, en u krijgt bericht als er iets mee gebeurt."))
    return go(paths.idea(idea.slug))
