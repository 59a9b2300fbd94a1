"""The page of one seat: for who facilitates, for its holder and alternate, and for who was asked."""

from __future__ import annotations

import uuid

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_core.api import Invalid, NotAllowed, UnitOfWork, _, parse
from samen_core.web.api import BoundForm, crumbs, current_actor, current_platform, current_uow, go, page_url, render_status, say
from samen_samenspreker.models import Question, Seat
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.permissions import FACILITATE, TAKE_SEAT
from samen_samenspreker.queries.seats import seat_by_id
from samen_samenspreker.schemas.seats import (
    DeclineSeatSchema,
    HandOver,
    HandOverSchema,
    SeatVersionSchema,
    TakeSeatSchema,
    UpdateOwnSeat,
    UpdateOwnSeatSchema,
)
from samen_samenspreker.services.common import find_question, require_table
from samen_samenspreker.services.invitations import (
    LIFETIME,
    MAILS_OF_HOLDER,
    accept,
    count_mail,
    decline,
    hand_over,
    may_take,
    take_back,
)
from samen_samenspreker.services.seats import RUNNING, find_seat, is_alternate, is_holder, may, update_own_seat
from samen_samenspreker.web.frame import LABEL, pages
from samen_samenspreker.web.seat_views import seat_path, seat_view
from samen_samenspreker.web.seats import SEAT, TITLE


@pages.route(SEAT, permission=TAKE_SEAT)
def seat_page(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """One seat and what the reader may do with it."""
    uow = current_uow()
    question = find_question(uow, slug)
    require_table(question)
    return _page(uow, question, find_seat(uow, question, id))


@pages.route(f"{SEAT}/ja", permission=TAKE_SEAT, methods=["POST"])
def seat_accept(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Take the seat that one was asked for."""
    uow = current_uow()
    seat = find_seat(uow, find_question(uow, slug), id)
    try:
        accept(uow, seat.id, parse(TakeSeatSchema, request.form))
    except Invalid as error:
        uow.rollback()
        question = find_question(uow, slug)
        return _page(uow, question, find_seat(uow, question, id), error)
    say(_("U zit aan tafel. Fijn dat u meedoet."))
    return go(seat_path(slug, id))


@pages.route(f"{SEAT}/nee", permission=TAKE_SEAT, methods=["POST"])
def seat_decline(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Say no to the seat that one was asked for."""
    uow = current_uow()
    seat = find_seat(uow, find_question(uow, slug), id)
    decline(uow, seat.id, parse(DeclineSeatSchema, request.form))
    say(_("U hebt nee gezegd. Bedankt voor uw antwoord."))
    return go(table(slug, "tafel"))


@pages.route(f"{SEAT}/mijn", permission=TAKE_SEAT, methods=["GET", "POST"])
def seat_own(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """One's own name at the table, and mail."""
    uow = current_uow()
    question, seat = _own(uow, slug, id)
    page = _form(question, id, "mijn")

    def write(command: UpdateOwnSeat) -> str:
        update_own_seat(uow, id, command)
        return seat_path(slug, id)

    values = {"name": seat.holder_name, "wants_mail": seat.wants_mail, "version": seat.version}
    sections = (Section(_("Wat staat er, en wat krijgt u?"), ("name", "wants_mail")),)
    return form_page(uow, page, FormSpec(UpdateOwnSeatSchema), sections, write, values=values)


@pages.route(f"{SEAT}/vervanger", permission=TAKE_SEAT, methods=["GET", "POST"])
def seat_hand_over(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Ask somebody to sit in."""
    if request.method == "POST":
        count_mail(current_platform(), current_actor(), MAILS_OF_HOLDER, request.form.get("email", ""))
    uow = current_uow()
    question, seat = _own(uow, slug, id)
    page = _form(question, id, "vervanger")

    def write(command: HandOver) -> str:
        hand_over(uow, id, command)
        return seat_path(slug, id)

    sections = (Section(_("Wie vervangt u?"), ("email",)),)
    return form_page(uow, page, FormSpec(HandOverSchema), sections, write, values={"version": seat.version})


@pages.route(f"{SEAT}/zonder-vervanger", permission=TAKE_SEAT, methods=["POST"])
def seat_take_back(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Go on without alternate."""
    uow = current_uow()
    seat = find_seat(uow, find_question(uow, slug), id)
    own = is_alternate(uow, seat)
    take_back(uow, id, parse(SeatVersionSchema, request.form))
    say(_("U bent geen vervanger meer.") if own else _("De stoel heeft geen vervanger meer."))
    return go(table(slug, "tafel") if own else seat_path(slug, id))


def _own(uow: UnitOfWork, slug: str, id: uuid.UUID) -> tuple[Question, Seat]:
    question = find_question(uow, slug)
    require_table(question)
    seat = find_seat(uow, question, id)
    if not is_holder(uow, seat):
        raise NotAllowed(_("Dit is de stoel van iemand anders."))
    return question, seat


def _form(question: Question, id: uuid.UUID, act: str) -> FormPage:
    alternate = act == "vervanger"
    title = _("Vervanger vragen") if alternate else _("Uw naam en mail")
    return FormPage(
        title=title,
        lead=_("Kunt u een keer niet? Dan gaat uw vervanger. De link in de mail werkt 21 dagen en één keer.") if alternate else "",
        submit=_("Verstuur de vraag") if alternate else _("Bewaar de wijzigingen"),
        done=_("De vraag is verstuurd. U krijgt een mail als er een antwoord is.") if alternate else _("Uw wijzigingen zijn bewaard."),
        path=seat_path(question.slug, id, act),
        back=seat_path(question.slug, id),
        trail=(
            (LABEL, HOME),
            (question.title, table(question.slug)),
            (TITLE, table(question.slug, "tafel")),
            (_("Stoel"), seat_path(question.slug, id)),
            (title, None),
        ),
    )


def _page(uow: UnitOfWork, question: Question, seat: Seat, error: Invalid | None = None) -> ResponseReturnValue:
    staff = FACILITATE.allows(uow.actor, question.id)
    holder, alternate = is_holder(uow, seat), is_alternate(uow, seat)
    asked = question.step in RUNNING and may_take(uow, seat)
    if not (staff or holder or alternate or asked or error):
        raise NotAllowed(_("Deze pagina is voor wie op deze stoel zit, of daarvoor is gevraagd."))
    running, path = question.step in RUNNING, seat_path(question.slug, seat.id)
    form = BoundForm(
        TakeSeatSchema,
        data=request.form if error else {"name": uow.actor.label, "wants_mail": True},
        errors=error.errors if error else None,
    )
    return render_status(
        error.status if error else 200,
        "samenspreker/seat.html",
        question=question,
        seat=seat,
        view=seat_view(seat_by_id(uow, seat.id), question, staff=staff),
        staff=staff,
        holder=holder,
        alternate=alternate,
        form=form if asked or error else None,
        decline_form=BoundForm(DeclineSeatSchema) if asked else None,
        may_offer=staff and running and may(seat, "offer"),
        may_edit=staff and running and seat.state != "ended",
        may_end=(staff or holder) and may(seat, "end"),
        may_hand_over=holder and running,
        expires_at=seat.offered_at + LIFETIME if seat.state == "offered" and seat.offered_at else None,
        is_expired=bool(seat.offered_at and seat.offered_at + LIFETIME < uow.now),
        url=page_url(path),
        table_url=page_url(table(question.slug)),
        breadcrumbs=crumbs(
            (LABEL, HOME), (question.title, table(question.slug)), (TITLE, table(question.slug, "tafel")), (_("Stoel"), None)
        ),
    )
