"""The mailbox of a demonstration: mail that would have been sent, readable on a page. Absent on a real installation."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from samen_core.errors import NotFound
from samen_core.i18n import _
from samen_core.mail import read_mailbox
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_platform
from samen_core.web.layout import crumbs, render

pages = BlockBlueprint("postbox", __name__)


@pages.route("/demo/postvak", public=True, cache=False)
def index() -> ResponseReturnValue:
    """The newest messages."""
    config = current_platform().config
    if not config.is_demo or config.mail.transport != "file":
        raise NotFound
    return render("core/postbox.html", messages_sent=read_mailbox(config.path(config.mail.folder)), breadcrumbs=crumbs((_("Postvak van de demonstratie"), None)))
