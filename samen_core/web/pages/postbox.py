"""The mailbox of a demonstration: mail that would have been sent, readable on a page. Absent on a real installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask.typing import ResponseReturnValue

from samen_core.errors import NotFound
from samen_core.i18n import _
from samen_core.mail import read_mailbox
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_platform
from samen_core.web.layout import crumbs, render

pages = BlockBlueprint("postbox", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a mail; one that is a link can be followed."""

    text: str

    @property
    def url(self) -> str:
        """The address, when the line is nothing but a link to this website."""
        base = current_platform().config.web.base_url
        return self.text if self.text.startswith(base) and " " not in self.text else ""


@dataclass(frozen=True, slots=True)
class MailView:
    """A mail as the page shows it."""

    to: str
    subject: str
    at: datetime
    lines: list[Line]


def _lines(text: str) -> list[Line]:
    return [Line(line.strip()) for line in text.splitlines() if line.strip()]


@pages.route("/demo/postvak", public=True, cache=False)
def index() -> ResponseReturnValue:
    """The newest messages."""
    config = current_platform().config
    if not config.is_demo or config.mail.transport != "file":
        raise NotFound
    found = read_mailbox(config.path(config.mail.folder))
    mails = [
        MailView(mail.to, mail.subject, mail.at, [Line(text) for line in mail.text.splitlines() if (text := line.strip())])
        for mail in found
    ]
    return render("core/postbox.html", mails=mails, breadcrumbs=crumbs((_("Postvak van de demonstratie"), None)))
