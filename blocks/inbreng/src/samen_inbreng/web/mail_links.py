"""The pages that links in mails lead to: confirming an address, ending mail. Opening one changes nothing; the button does."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from samen_core.api import Text, _
from samen_core.web.api import crumbs, current_uow, page_url, render
from samen_inbreng import paths
from samen_inbreng.services.common import get_activity
from samen_inbreng.services.mails import confirm_address, read_link, stop_mail
from samen_inbreng.web.activity_page import LABEL
from samen_inbreng.web.common import pages


@pages.route(f"{paths.CONFIRM}/<token>", public=True, cache=False)
def confirm_page(token: str) -> ResponseReturnValue:
    """Ask to confirm the address."""
    read_link(current_uow(), "confirm", token)
    text = _("Met één klik bevestigt u dat wij u op dit e-mailadres mogen mailen over uw bijdrage.")
    return _page(_("Bevestig uw e-mailadres"), text, f"{paths.CONFIRM}/{token}", _("Bevestig mijn e-mailadres"))


@pages.route(f"{paths.CONFIRM}/<token>", public=True, cache=False, methods=["POST"])
def confirmed_page(token: str) -> ResponseReturnValue:
    """The address is confirmed."""
    uow = current_uow()
    found = confirm_address(uow, token)
    activity = get_activity(uow, found.activity_id)
    text = _("Uw e-mailadres is bevestigd. U krijgt mail zodra er een antwoord op uw bijdrage is.")
    return _page(_("Bedankt"), text, back=paths.contribution(activity.slug, found.number))


@pages.route(f"{paths.STOP}/<token>", public=True, cache=False)
def stop_page(token: str) -> ResponseReturnValue:
    """Ask to end mail."""
    read_link(current_uow(), "stop", token)
    text = _("U krijgt dan geen mail meer over uw bijdragen aan dit onderwerp. De antwoorden leest u op deze website.")
    return _page(_("Geen mail meer"), text, f"{paths.STOP}/{token}", _("Stuur mij geen mail meer"))


@pages.route(f"{paths.STOP}/<token>", public=True, cache=False, methods=["POST"])
def stopped_page(token: str) -> ResponseReturnValue:
    """Mail has ended."""
    uow = current_uow()
    found = stop_mail(uow, token)
    activity = get_activity(uow, found.activity_id)
    text = _("U krijgt geen mail meer over uw bijdragen aan dit onderwerp.")
    return _page(_("Geen mail meer"), text, back=paths.activity(activity.slug))


def _page(title: Text, text: Text, action: str = "", label: Text | str = "", back: str = paths.HOME) -> ResponseReturnValue:
    return render(
        "inbreng/mail_link.html",
        title=title,
        text=text,
        action=page_url(action) if action else None,
        label=label,
        back_url=page_url(back),
        breadcrumbs=crumbs((LABEL, paths.HOME), (title, None)),
    )
