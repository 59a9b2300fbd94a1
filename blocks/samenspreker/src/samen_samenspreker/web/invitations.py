"""The pages behind the link of an invitation: what is asked, yes, and no. Opening them changes nothing."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from samen_core.api import Gone, Invalid, NotAllowed, RegisterAccount, UnitOfWork, _, anonymous, current_language, parse, register_account
from samen_core.web.api import BoundForm, crumbs, current_actor, current_platform, current_uow, go, page_url, render, render_status, say
from samen_samenspreker.paths import HOME, INVITATION, table
from samen_samenspreker.queries.seats import seat_by_id
from samen_samenspreker.schemas.seats import DeclineSeatSchema, MakeAccountSchema, TakeSeatSchema
from samen_samenspreker.services.invitations import (
    LIFETIME,
    MAILS_TO_ADDRESS,
    Invitation,
    accept_by_link,
    count_mail,
    decline_by_link,
    may_replace,
    may_take,
    read_invitation,
)
from samen_samenspreker.web.frame import LABEL, pages
from samen_samenspreker.web.seat_views import seat_path, seat_view

PATH = f"{INVITATION}/<token>"
TITLE = _("Uitnodiging")


@pages.route(f"{INVITATION}/verstuurd", public=True)
def invitation_mailed() -> ResponseReturnValue:
    """Look in your mail, to make the account."""
    return render(
        "samenspreker/invitation_said.html",
        title=_("Kijk in uw mail"),
        text=_(
            "Wij stuurden een mail naar het adres waarop u de uitnodiging kreeg. Klik op de link daarin. "
            "U komt dan terug bij de uitnodiging en zegt ja."
        ),
        breadcrumbs=crumbs((LABEL, HOME), (TITLE, None)),
    )


@pages.route(f"{INVITATION}/beantwoord", public=True)
def invitation_declined() -> ResponseReturnValue:
    """Thanks for the answer."""
    return render(
        "samenspreker/invitation_said.html",
        title=_("Bedankt voor uw antwoord"),
        text=_("U hebt nee gezegd. Uw e-mailadres is gewist. U kunt de vraag blijven volgen op deze website."),
        breadcrumbs=crumbs((LABEL, HOME), (TITLE, None)),
    )


@pages.route(PATH, public=True, cache=False)
def invitation_page(token: str) -> ResponseReturnValue:
    """What is asked, and the two answers."""
    uow = current_uow()
    try:
        return _page(uow, read_invitation(uow, token), token)
    except Gone as error:
        return _gone(error)


@pages.route(PATH, public=True, cache=False, methods=["POST"])
def invitation_accept(token: str) -> ResponseReturnValue:
    """Say yes. Who is not logged in first gets a mail to make an account, or to log in, with the address that was asked."""
    try:
        return _ask_account(token) if current_actor().is_anonymous else _accept(token)
    except Gone as error:
        return _gone(error)


@pages.route(f"{PATH}/nee", public=True, cache=False, methods=["POST"])
def invitation_decline(token: str) -> ResponseReturnValue:
    """Say no."""
    uow = current_uow()
    try:
        decline_by_link(uow, token, parse(DeclineSeatSchema, request.form))
    except Invalid as error:
        uow.rollback()
        return _page(uow, read_invitation(uow, token), token, error, DeclineSeatSchema)
    except Gone as error:
        return _gone(error)
    return go(f"{INVITATION}/beantwoord")


def _accept(token: str) -> Response:
    uow = current_uow()
    try:
        found = accept_by_link(uow, token, parse(TakeSeatSchema, request.form))
    except (Invalid, NotAllowed) as error:
        uow.rollback()
        return _page(uow, read_invitation(uow, token), token, error, TakeSeatSchema)
    say(_("U bent nu vervanger. Fijn dat u meedoet.") if found.for_alternate else _("U zit aan tafel. Fijn dat u meedoet."))
    return go(seat_path(found.question.slug, found.seat.id))


def _ask_account(token: str) -> Response:
    platform = current_platform()
    # On a connection of its own, that is given back: counting mails writes, and the unit of work of this request may not have begun.
    with platform.read(anonymous()) as reading:
        invitation = read_invitation(reading, token)
        asked = invitation.seat.alternate_email if invitation.for_alternate else invitation.seat.email
    try:
        name = parse(MakeAccountSchema, request.form)["display_name"]
    except Invalid as error:
        uow = current_uow()
        return _page(uow, read_invitation(uow, token), token, error, MakeAccountSchema)
    count_mail(platform, current_actor(), MAILS_TO_ADDRESS, asked, who=token)
    go_to = page_url(f"{INVITATION}/{token}")
    register_account(current_uow(), RegisterAccount(asked, name, current_language(), go_to))
    return go(f"{INVITATION}/verstuurd")


def _page(
    uow: UnitOfWork, invitation: Invitation, token: str, error: Invalid | NotAllowed | None = None, sent: type[Schema] | None = None
) -> Response:
    """The invitation; with the form that was ``sent`` as it was filled in, and what is wrong with it."""
    question, seat = invitation.question, invitation.seat
    schema = MakeAccountSchema if uow.actor.is_anonymous else TakeSeatSchema
    errors = error.errors if isinstance(error, Invalid) else {"": [error.message]} if error else None
    address = page_url(f"{INVITATION}/{quote(token, safe='')}")
    first = {} if uow.actor.is_anonymous else {"name": uow.actor.label, "wants_mail": True}
    mine = may_replace(uow, seat) if invitation.for_alternate else may_take(uow, seat)
    sent_at = seat.alternate_offered_at if invitation.for_alternate else seat.offered_at
    return render_status(
        error.status if error else 200,
        "samenspreker/invitation.html",
        question=question,
        view=seat_view(seat_by_id(uow, seat.id), question),
        for_alternate=invitation.for_alternate,
        is_anonymous=uow.actor.is_anonymous,
        is_mine=mine,
        form=BoundForm(schema, data=request.form if sent is schema else first, errors=errors if sent is schema else None),
        decline_form=BoundForm(
            DeclineSeatSchema,
            data=request.form if sent is DeclineSeatSchema else {},
            errors=errors if sent is DeclineSeatSchema else None,
        ),
        until=sent_at + LIFETIME if sent_at else None,
        url=address,
        table_url=page_url(table(question.slug)),
        log_in_url=f"{page_url('/inloggen')}?volgende={quote(address, safe='/')}",
        breadcrumbs=crumbs((LABEL, HOME), (TITLE, None)),
    )


def _gone(error: Gone) -> Response:
    return render_status(410, "samenspreker/invitation_gone.html", message=error.message, breadcrumbs=crumbs((LABEL, HOME), (TITLE, None)))
