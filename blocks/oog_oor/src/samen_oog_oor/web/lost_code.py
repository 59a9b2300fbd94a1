"""For who lost the code of a signal: the links are mailed again."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from samen_core.api import Invalid, _, parse
from samen_core.web.api import BoundForm, crumbs, current_platform, current_uow, go, limit_visitor, page_url, render_status, say
from samen_oog_oor import paths
from samen_oog_oor.schemas.own_signals import LostCodeSchema
from samen_oog_oor.services.lost_codes import limit_asking, mail_links
from samen_oog_oor.settings import CONTACT_DAYS, number
from samen_oog_oor.web.common import LABEL, pages

TITLE = _("Code kwijt?")
TRIES, HOUR = 5, 3600


@pages.route(paths.LOST, public=True)
def lost_code() -> ResponseReturnValue:
    """Where the address is typed."""
    return _page(BoundForm(LostCodeSchema))


@pages.route(paths.LOST, public=True, methods=["POST"])
def lost_code_mail() -> ResponseReturnValue:
    """Mail the links; what is said is the same when there are none."""
    limit_visitor("oog_oor.lost", TRIES, HOUR)
    try:
        command = parse(LostCodeSchema, request.form)
    except Invalid as error:
        return _page(BoundForm(LostCodeSchema, data=request.form, errors=error.errors), 400)
    limit_asking(current_platform(), command)
    mail_links(current_uow(), command)
    say(_("Zijn er meldingen met dit adres? Dan krijgt u binnen een paar minuten een mail met de links."))
    return go(paths.RECEIPT)


def _page(form: BoundForm, status: int = 200) -> ResponseReturnValue:
    return render_status(
        status,
        "oog_oor/receipt_lost.html",
        title=TITLE,
        form=form,
        action=page_url(paths.LOST),
        cancel_url=page_url(paths.RECEIPT),
        days=number(current_uow(), CONTACT_DAYS),
        breadcrumbs=crumbs((LABEL, paths.HOME), (_("Mijn melding"), paths.RECEIPT), (TITLE, None)),
    )
