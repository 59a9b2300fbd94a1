"""Who sits at the table: the round table with its list, and what who facilitates does with seats."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.api import SECTOR_LABELS
from citycontent.web.api import FormPage, FormSpec, Named, Section, atlas, form_page
from samen_core.api import Text, UnitOfWork, _, parse
from samen_core.web.api import current_actor, current_platform, current_uow, go, page_url, say
from samen_samenspreker.models import Question
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.permissions import FACILITATE, TAKE_SEAT
from samen_samenspreker.queries.meetings import meetings_of
from samen_samenspreker.queries.seats import offered_to, seat_by_id, seats_of
from samen_samenspreker.schemas.seats import (
    AddSeat,
    AddSeatSchema,
    EndSeat,
    EndSeatSchema,
    OfferSeat,
    OfferSeatSchema,
    SeatVersionSchema,
    UpdateSeat,
    UpdateSeatSchema,
)
from samen_samenspreker.seat_words import at_table, by_sector, seat_name
from samen_samenspreker.services.common import find_question, require_facilitator, require_table
from samen_samenspreker.services.invitations import MAILS_OF_STAFF, count_mail, offer_seat, remind, withdraw_offer
from samen_samenspreker.services.seats import RUNNING, add_seat, end_seat, find_seat, is_holder, seat_values, update_seat
from samen_samenspreker.web.frame import LABEL, pages, table_page
from samen_samenspreker.web.meeting_views import meeting_row
from samen_samenspreker.web.round_table import table_figure
from samen_samenspreker.web.seat_views import seat_path, seat_view, warnings

PATH = f"{HOME}/<slug>/tafel"
SEAT = f"{PATH}/stoel/<uuid:id>"
TITLE = _("Wie zitten aan tafel")
NAMED = {"organization_id": Named("organization"), "person_id": Named("person")}
NEW, CHANGED = FormSpec(AddSeatSchema, NAMED), FormSpec(UpdateSeatSchema, NAMED)
SECTIONS = (
    Section(_("Van wie is de stoel?"), ("organization_id", "person_id", "title", "sector")),
    Section(_("Wat is de bedoeling?"), ("role", "responsibility")),
)
MOST_MEETINGS = 3


@pages.route(PATH, public=True)
def seats_page(slug: str) -> ResponseReturnValue:
    """The round table, the seats by sector, and the first meetings to come."""
    uow = current_uow()
    question = find_question(uow, slug)
    require_table(question)
    rows = seats_of(uow, question.id)
    staff = FACILITATE.allows(uow.actor, question.id)
    seats = at_table(rows)
    meetings = [row for row in meetings_of(uow, question.id) if (row.end_date or row.start_date) >= uow.now]
    book = atlas(uow) if meetings else None
    return table_page(
        uow,
        question,
        "tafel",
        "samenspreker/seats.html",
        title=TITLE,
        figure=table_figure(uow, question, rows, link=False) if seats else None,
        warnings=warnings(question, rows) if staff else [],
        sectors=[
            (code, SECTOR_LABELS[code], [seat_view(row, question, staff=staff) for row in there])
            for code, there in by_sector(seats).items()
            if there
        ],
        declined=[seat_view(row, question, staff=True) for row in rows if row.state == "declined"] if staff else [],
        ended=[seat_view(row, question) for row in rows if row.state == "ended" and row.account_id is not None],
        mine=[seat_view(row, question) for row in seats if _is_mine(uow, row)],
        asked=_asked(uow, question),
        meetings=[meeting_row(book, row, slug) for row in reversed(meetings[-MOST_MEETINGS:])] if book else [],
        meetings_url=page_url(table(slug, "tafel/bijeenkomsten")),
        new_url=page_url(table(slug, "tafel/stoel/nieuw")) if staff and question.step in RUNNING else "",
    )


def _is_mine(uow: UnitOfWork, row: Any) -> bool:
    return uow.actor.account_id is not None and uow.actor.account_id in (row.account_id, row.alternate_id)


def _asked(uow: UnitOfWork, question: Question) -> list[str]:
    """The addresses of the pages of seats of this table that wait for an answer of the actor. One statement at most."""
    if uow.actor.account_id is None:
        return []
    waiting = offered_to(uow.actor.account_id, uow.now.date().isoformat()).where(Question.id == question.id)
    return [page_url(seat_path(question.slug, row.seat_id)) for row in uow.session.execute(waiting)]


@pages.route(f"{PATH}/stoel/nieuw", permission=FACILITATE, methods=["GET", "POST"])
def seat_new(slug: str) -> ResponseReturnValue:
    """Put a seat at the table."""
    uow = current_uow()
    question = _facilitated(uow, slug)
    question_id = question.id
    page = _form(
        question,
        "nieuw",
        title=_("Stoel bijzetten"),
        submit=_("Zet de stoel bij"),
        done=_("De stoel staat erbij. Bied hem nu aan met een mail."),
        back=table(slug, "tafel"),
    )

    def write(command: AddSeat) -> str:
        return seat_path(slug, add_seat(uow, question_id, command).id)

    return form_page(uow, page, NEW, SECTIONS, write, values={"role": "participant"})


@pages.route(f"{SEAT}/bewerken", permission=FACILITATE, methods=["GET", "POST"])
def seat_edit(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Change for whom a seat is, its role and what is asked of it."""
    uow = current_uow()
    question = _facilitated(uow, slug)
    seat = find_seat(uow, question, id)
    page = _form(
        question,
        f"{id}/bewerken",
        title=_("Stoel bewerken"),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        back=seat_path(slug, id),
    )

    def write(command: UpdateSeat) -> str:
        update_seat(uow, id, command)
        return seat_path(slug, id)

    return form_page(uow, page, CHANGED, SECTIONS, write, values={**seat_values(seat), "version": seat.version})


@pages.route(f"{SEAT}/aanbieden", permission=FACILITATE, methods=["GET", "POST"])
def seat_offer(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Offer a seat by mail."""
    if request.method == "POST":
        count_mail(current_platform(), current_actor(), MAILS_OF_STAFF, request.form.get("email", ""))
    uow = current_uow()
    question = _facilitated(uow, slug)
    seat = find_seat(uow, question, id)
    page = _form(
        question,
        f"{id}/aanbieden",
        title=_("Stoel aanbieden"),
        lead=_(
            "Het gaat om de stoel “{name}”. U vraagt iemand met een mail. De link in de mail werkt 21 dagen en één keer.",
            name=_name(uow, id),
        ),
        submit=_("Verstuur de uitnodiging"),
        done=_("De uitnodiging is verstuurd."),
        back=seat_path(slug, id),
    )

    def write(command: OfferSeat) -> str:
        offer_seat(uow, id, command)
        return seat_path(slug, id)

    sections = (Section(_("Wie vraagt u?"), ("email", "name", "language")),)
    values = {"email": seat.email, "name": seat.holder_name, "language": seat.language, "version": seat.version}
    return form_page(uow, page, FormSpec(OfferSeatSchema), sections, write, values=values)


@pages.route(f"{SEAT}/herinneren", permission=FACILITATE, methods=["POST"])
def seat_remind(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Mail the invitation once more."""
    count_mail(current_platform(), current_actor(), MAILS_OF_STAFF)
    uow = current_uow()
    find_seat(uow, _facilitated(uow, slug), id)
    remind(uow, id, parse(SeatVersionSchema, request.form))
    say(_("De herinnering is verstuurd."))
    return go(seat_path(slug, id))


@pages.route(f"{SEAT}/intrekken", permission=FACILITATE, methods=["POST"])
def seat_withdraw(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    uow = current_uow()
    find_seat(uow, _facilitated(uow, slug), id)
    withdraw_offer(uow, id, parse(SeatVersionSchema, request.form))
    say(_("De uitnodiging is ingetrokken. De link in de mail werkt niet meer."))
    return go(seat_path(slug, id))


@pages.route(f"{SEAT}/beeindigen", permission=TAKE_SEAT, methods=["GET", "POST"])
def seat_end(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """End a seat: who facilitates, or its holder."""
    uow = current_uow()
    question = find_question(uow, slug)
    seat = find_seat(uow, question, id)
    own = is_holder(uow, seat)
    if not own:
        require_facilitator(uow, question)
    page = _form(
        question,
        f"{id}/beeindigen",
        title=_("Stoppen aan tafel") if own else _("Stoel beëindigen"),
        lead=_("Uw naam gaat van de tafel af. U kunt niet vanzelf terug: de procesbegeleider moet u dan opnieuw vragen.")
        if own
        else _("De stoel “{name}” gaat weg, met de naam van wie er zit. Dit kunt u niet terugdraaien.", name=_name(uow, id)),
        submit=_("Stop aan deze tafel") if own else _("Beëindig de stoel"),
        done=_("U bent gestopt aan deze tafel.") if own else _("De stoel is weg."),
        back=seat_path(slug, id),
    )

    def write(command: EndSeat) -> str:
        end_seat(uow, id, command)
        return table(slug, "tafel")

    sections = (Section(_("Laat weten waarom"), ("reason",)),)
    return form_page(uow, page, FormSpec(EndSeatSchema), sections, write, values={"version": seat.version})


def _facilitated(uow: UnitOfWork, slug: str) -> Question:
    """The question of a page for who facilitates its table. Raises NotFound and NotAllowed."""
    question = find_question(uow, slug)
    require_table(question)
    require_facilitator(uow, question)
    return question


def _name(uow: UnitOfWork, id: uuid.UUID) -> Text | str:
    """Whose seat it is, for who facilitates."""
    return seat_name(seat_by_id(uow, id), staff=True)


def _form(question: Question, act: str, *, title: Text, submit: Text, done: Text, back: str, lead: Text | str = "") -> FormPage:
    return FormPage(
        title=title,
        lead=lead,
        submit=submit,
        done=done,
        path=table(question.slug, f"tafel/stoel/{act}"),
        back=back,
        trail=((LABEL, HOME), (question.title, table(question.slug)), (TITLE, table(question.slug, "tafel")), (title, None)),
    )
