"""The seats of a table: adding, changing, ending; what may happen to a seat in which state."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from citycontent.api import Organization, Person
from samen_core.api import Invalid, NotAllowed, NotFound, Text, UnitOfWork, _, uuid7
from samen_samenspreker.events import SeatEnded, TableEvent
from samen_samenspreker.labels import SEAT_STATE_LABELS
from samen_samenspreker.models import STEPS, Question, Seat
from samen_samenspreker.permissions import TAKE_SEAT
from samen_samenspreker.queries.support import has_spoken
from samen_samenspreker.schemas.seats import AddSeat, EndSeat, UpdateOwnSeat, UpdateSeat
from samen_samenspreker.seat_log import SEAT_ADDED, SEAT_UPDATED, seat_sentence
from samen_samenspreker.services.common import (
    check_version,
    locked_question,
    require_active,
    require_facilitator,
    tell,
)

MOVES: dict[str, tuple[frozenset[str], str]] = {
    "offer": (frozenset({"open", "offered", "declined"}), "offered"),
    "withdraw": (frozenset({"offered"}), "open"),
    "accept": (frozenset({"offered"}), "accepted"),
    "decline": (frozenset({"offered"}), "declined"),
    "end": (frozenset({"open", "offered", "declined", "accepted"}), "ended"),
}
"""What may happen to a seat: in which states, and which state follows."""

RUNNING = STEPS[:-1]
"""The steps in which a table has seats to fill."""

_GONE: Text = _("Deze organisatie bestaat niet of is verwijderd.")
_NOBODY: Text = _("Deze persoon bestaat niet of is verwijderd.")
_PRIVATE: Text = _("Deze persoon is niet openbaar. Maak een stoel zonder naam en vul in voor wie die is.")
_FOR_WHOM: Text = _("Kies een organisatie of een persoon, of schrijf voor wie de stoel is.")
_SECTOR: Text = _("Kies bij welke sector deze stoel hoort.")


def add_seat(uow: UnitOfWork, question_id: uuid.UUID, command: AddSeat) -> Seat:
    """Put a seat at the table, which nobody was asked for yet. Raises NotFound, NotAllowed, Gone and Invalid."""
    question = locked_question(uow, question_id)
    require_facilitator(uow, question)
    require_active(question, *RUNNING)
    sector = _checked_sector(uow, command)
    seat = Seat(id=uuid7(), question_id=question.id, state="open", at=uow.now)
    _assign(seat, command, sector)
    uow.session.add(seat)
    uow.session.flush()
    record(uow, SEAT_ADDED, question, seat)
    return seat


def update_seat(uow: UnitOfWork, id: uuid.UUID, command: UpdateSeat) -> Seat:
    """Change for whom a seat is or what is asked of it. Who sits on it stays: so of an accepted seat only role and responsibility may,
    and the role not once it spoke of an option: otherwise whoever is against could be made to look on.

    Raises NotFound, NotAllowed, Gone, Invalid, and Conflict with the values of now.
    """
    question, seat = locked_seat(uow, id)
    require_facilitator(uow, question)
    require_active(question, *RUNNING)
    check_version(seat, command.version, seat_values(seat))
    if seat.state == "ended":
        raise refusal(seat)
    sector = _checked_sector(uow, command, seat)
    whose = ("organization_id", "person_id", "title")
    stays = [getattr(seat, name) for name in whose] == [getattr(command, name) for name in whose]
    # The sector of an organisation may have changed by itself.
    if seat.state == "accepted" and not (stays and (seat.organization_id is not None or sector == seat.sector)):
        raise Invalid(_("Iemand zit al op deze stoel. Beëindig de stoel en zet er een andere bij."))
    if command.role != seat.role and has_spoken(uow, seat.id):
        raise Invalid(
            {"role": [_("Vanaf deze stoel is al gezegd wat er van de oplossingen wordt gevonden. De rol blijft daarom zoals die is.")]}
        )
    before = seat_values(seat)
    _assign(seat, command, sector)
    after = seat_values(seat)
    if after != before:
        uow.session.flush()
        record(uow, SEAT_UPDATED, question, seat)
    return seat


def end_seat(uow: UnitOfWork, id: uuid.UUID, command: EndSeat) -> Seat:
    """Take a seat away, or give one's own up. Raises NotFound, NotAllowed, Gone, Invalid and Conflict."""
    question, seat = locked_seat(uow, id)
    if not is_holder(uow, seat):
        require_facilitator(uow, question)
    require_active(question)
    check_version(seat, command.version)
    move(seat, "end")
    clear(uow, question, seat, command.reason)
    return seat


def clear(uow: UnitOfWork, question: Question, seat: Seat, reason: str) -> None:
    """Forget names, addresses and links of a seat that just ended, and tell of it."""
    forget_offer(seat)
    forget_alternate(seat)
    seat.holder_name, seat.reason, seat.answered_at = "", reason, uow.now
    uow.session.flush()
    record(uow, SeatEnded.type, question, seat, reason=reason)
    tell(uow, SeatEnded, question, seat.id)


def update_own_seat(uow: UnitOfWork, id: uuid.UUID, command: UpdateOwnSeat) -> Seat:
    """Choose one's name at the table and whether mail comes: the holder. Raises NotFound, NotAllowed, Gone, Invalid and Conflict."""
    question, seat = locked_seat(uow, id)
    if not is_holder(uow, seat):
        raise NotAllowed(_("Dit is de stoel van iemand anders."), log_in=uow.actor.is_anonymous)
    require_active(question)
    check_version(seat, command.version, {"name": seat.holder_name, "wants_mail": seat.wants_mail})
    if seat.state != "accepted":
        raise refusal(seat)
    seat.holder_name, seat.wants_mail = command.name, command.wants_mail
    uow.record_change("samenspreker.seat.own", seat, question.id)
    uow.session.flush()
    return seat


def find_seat(uow: UnitOfWork, question: Question, id: uuid.UUID) -> Seat:
    """A seat of this table. Raises NotFound."""
    seat = uow.session.get(Seat, id)
    if seat is None or seat.question_id != question.id:
        raise NotFound
    return seat


def locked_seat(uow: UnitOfWork, id: uuid.UUID) -> tuple[Question, Seat]:
    """A seat and its question, which is locked first, so that acts on one table happen one after the other. Raises NotFound."""
    question_id = uow.session.execute(select(Seat.question_id).where(Seat.id == id)).scalar_one_or_none()
    if question_id is None:
        raise NotFound
    question = locked_question(uow, question_id)
    return question, uow.session.execute(select(Seat).where(Seat.id == id).execution_options(populate_existing=True)).scalar_one()


def move(seat: Seat, act: str) -> None:
    """Bring a seat to the state that follows. Raises Invalid when this may not happen to it now."""
    states, then = MOVES[act]
    if seat.state not in states:
        raise refusal(seat)
    seat.state = then


def may(seat: Any, act: str) -> bool:
    """Whether this may happen to a seat (or a row of one) in its state."""
    return seat.state in MOVES[act][0]


def refusal(seat: Seat) -> Invalid:
    """That the state of the seat does not allow it."""
    return Invalid(_("Dit kan nu niet. De stand van deze stoel is: {state}.", state=SEAT_STATE_LABELS[seat.state]))


def is_holder(uow: UnitOfWork, seat: Any) -> bool:
    """Whether the actor sits on this seat; of an API token only one that may."""
    mine = uow.actor.account_id is not None and seat.account_id == uow.actor.account_id and seat.state == "accepted"
    return bool(mine and TAKE_SEAT.allows(uow.actor))


def is_alternate(uow: UnitOfWork, seat: Any) -> bool:
    """Whether the actor is the alternate of this seat."""
    mine = uow.actor.account_id is not None and seat.alternate_id == uow.actor.account_id and seat.state == "accepted"
    return bool(mine and TAKE_SEAT.allows(uow.actor))


def forget_offer(seat: Seat) -> None:
    """Let go of what only the invitation needed."""
    seat.email, seat.token_hash = "", None


def forget_alternate(seat: Seat) -> None:
    """Let go of the alternate, asked or there."""
    seat.alternate_id, seat.alternate_name, seat.alternate_email = None, "", ""
    seat.alternate_token_hash, seat.alternate_offered_at = None, None


def seat_values(seat: Seat) -> dict[str, Any]:
    """What the edit form shows."""
    names = ("organization_id", "person_id", "title", "sector", "role", "responsibility")
    return {name: getattr(seat, name) for name in names}


def seat_facts(uow: UnitOfWork, seat: Seat) -> dict[str, object]:
    """What the logbook keeps of a seat: never the name of a person."""
    name = ""
    if seat.organization_id is not None:
        name = uow.session.execute(select(Organization.name).where(Organization.id == seat.organization_id)).scalar_one()
    return {"seat_id": seat.id, "seat": name or seat.title, "sector": seat.sector, "role": seat.role, "state": seat.state}


def record(uow: UnitOfWork, action: str, question: Question, seat: Seat, *, reason: str = "") -> None:
    """A line in the logbook of the table."""
    facts = seat_facts(uow, seat)
    uow.record(action, question.id, after=facts, reason=reason, public=True, sentence=seat_sentence(action, facts) or "")


def log_seat(uow: UnitOfWork, event: type[TableEvent], question: Question, seat: Seat) -> None:
    """A line in the logbook of the table, and the event of the same name."""
    record(uow, event.type, question, seat)
    tell(uow, event, question, seat.id)


def _assign(seat: Seat, command: AddSeat, sector: str) -> None:
    seat.organization_id, seat.person_id, seat.title = command.organization_id, command.person_id, command.title
    seat.sector, seat.role, seat.responsibility = sector, command.role, command.responsibility


def _checked_sector(uow: UnitOfWork, command: AddSeat, seat: Seat | None = None) -> str:
    """The sector of a seat: that of its organisation, else the chosen one. Raises Invalid for everything that is wrong."""
    errors: dict[str, list[Text]] = {}
    sector = command.sector
    if command.organization_id is not None:
        known = seat is not None and seat.organization_id == command.organization_id
        row = uow.session.execute(
            select(Organization.sector, Organization.state).where(Organization.id == command.organization_id)
        ).one_or_none()
        if row is None or (row.state != "active" and not known):
            errors["organization_id"] = [_GONE]
        else:
            sector = row.sector
    if command.person_id is not None and (seat is None or seat.person_id != command.person_id):
        person = uow.session.execute(select(Person.state, Person.visibility).where(Person.id == command.person_id)).one_or_none()
        if person is None or person.state != "active":
            errors["person_id"] = [_NOBODY]
        elif person.visibility == "private":
            errors["person_id"] = [_PRIVATE]
    if command.organization_id is None and command.person_id is None and not command.title:
        errors["title"] = [_FOR_WHOM]
    if not sector and "organization_id" not in errors:
        errors["sector"] = [_SECTOR]
    if errors:
        raise Invalid(errors)
    return sector
