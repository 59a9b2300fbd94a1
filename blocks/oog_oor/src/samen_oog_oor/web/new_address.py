"""Another e-mail address at one's signal: asked at its page, kept once the link in the mail was followed."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from samen_core.api import Invalid, _, parse
from samen_core.web.api import BoundForm, crumbs, current_platform, current_uow, go, limit_visitor, page_url, render, render_status, say
from samen_oog_oor import paths
from samen_oog_oor.schemas.own_signals import LostCode, NewAddressSchema
from samen_oog_oor.services import new_address
from samen_oog_oor.services.lost_codes import limit_asking
from samen_oog_oor.services.own_signals import own_signal
from samen_oog_oor.web.common import LABEL, pages
from samen_oog_oor.web.receipt import TITLE

PART = _("E-mailadres bij uw melding")
TRIES, HOUR = 5, 3600
ADDRESS = f"{paths.RECEIPT}/<key>/mailadres"


@pages.route(ADDRESS, public=True, cache=False)
def new_address_page(key: str) -> ResponseReturnValue:
    """Where the address is typed."""
    signal, case = own_signal(current_uow(), key)
    if not new_address.can_change(signal, case):
        say(_("Uw melding is afgesloten. Er komt geen bericht meer over."))
        return go(paths.receipt(key))
    return _page(key, BoundForm(NewAddressSchema))


@pages.route(ADDRESS, public=True, methods=["POST"])
def new_address_ask(key: str) -> ResponseReturnValue:
    """Mail the link."""
    limit_visitor("oog_oor.address", TRIES, HOUR)
    try:
        command = parse(NewAddressSchema, request.form)
        limit_asking(current_platform(), LostCode(email=command.email))
        signal, _case = own_signal(current_uow(), key)
        new_address.ask_new_address(current_uow(), signal.id, command)
    except Invalid as error:
        return _page(key, BoundForm(NewAddressSchema, data=request.form, errors=error.errors), 400)
    say(_("Wij stuurden een mail naar dit adres. Klik binnen twee dagen op de link daarin: dan krijgt u daar bericht."))
    return go(paths.receipt(key))


@pages.route(f"{ADDRESS}/<sealed>", public=True, cache=False)
def new_address_confirm(key: str, sealed: str) -> ResponseReturnValue:
    """A button, so that a program that looks at links in mails confirms nothing."""
    own_signal(current_uow(), key)
    return render(
        "oog_oor/new_address_confirm.html",
        title=PART,
        action=page_url(paths.receipt(key, f"mailadres/{sealed}")),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.receipt(key)), (PART, None)),
    )


@pages.route(f"{ADDRESS}/<sealed>", public=True, methods=["POST"])
def new_address_take(key: str, sealed: str) -> ResponseReturnValue:
    """Keep it."""
    limit_visitor("oog_oor.address", TRIES, HOUR)
    signal, _case = own_signal(current_uow(), key)
    new_address.take_new_address(current_uow(), signal.id, sealed)
    say(_("Uw e-mailadres is bewaard. U krijgt bericht over deze melding."))
    return go(paths.receipt(key))


def _page(key: str, form: BoundForm, status: int = 200) -> ResponseReturnValue:
    return render_status(
        status,
        "oog_oor/new_address.html",
        title=PART,
        form=form,
        action=page_url(paths.receipt(key, "mailadres")),
        cancel_url=page_url(paths.receipt(key)),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.receipt(key)), (PART, None)),
    )
