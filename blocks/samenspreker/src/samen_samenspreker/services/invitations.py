"""Offering a seat by mail, the answer, and the alternate: a link in a mail that works once and 21 days.

The link is only worth an answer: whoever accepts does so with an account that has the address which was asked (or that speaks for the
organisation, or is the person), so that a forwarded mail gives nobody a seat.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from samen_core.api import Gone, Invalid, NotAllowed, Text, UnitOfWork, _, capacities, hit, keyed_hash, new_token, who_hash
from samen_samenspreker.events import SeatAccepted, SeatDeclined, SeatHandedOver, SeatOffered
from samen_samenspreker.models import Question, Seat
from samen_samenspreker.permissions import TAKE_SEAT
from samen_samenspreker.queries.seats import own_address, own_person
from samen_samenspreker.schemas.seats import DeclineSeat, HandOver, OfferSeat, SeatVersion, TakeSeat
from samen_samenspreker.seat_log import OFFER_WITHDRAWN, TAKEN_BACK
from samen_samenspreker.services import seat_mail
from samen_samenspreker.services.common import check_version, get_question, my_seats, require_active, require_facilitator
from samen_samenspreker.services.seats import (
    RUNNING,
    forget_alternate,
    forget_offer,
    is_alternate,
    is_holder,
    locked_seat,
    log_seat,
    move,
    record,
    refusal,
)

if TYPE_CHECKING:
    from samen_core.api import Actor, Platform

LIFETIME = timedelta(days=21)
"""How long the link of an invitation works."""

BETWEEN_MAILS = timedelta(days=1)
"""How long to wait before somebody is reminded."""

HOUR = 3600
MAILS_OF_STAFF, MAILS_OF_HOLDER, MAILS_TO_ADDRESS = 60, 5, 5
"""How many invitations an hour: by who facilitates, by who hands over, to one address."""

PURPOSE = "samenspreker.seat"
REMINDED = "samenspreker.seat.reminded"
HANDED = "samenspreker.seat.alternate_asked"
ALTERNATE_DECLINED = "samenspreker.seat.alternate_declined"

_USED: Text = _("Deze link werkt niet meer. De uitnodiging is al beantwoord of ingetrokken, of u kreeg later een nieuwe mail.")
_EXPIRED: Text = _("Deze uitnodiging is verlopen. Vraag de gemeente om een nieuwe.")
_CLOSED: Text = _("Deze vraag is afgerond of ligt niet meer op tafel. De stoel is niet meer nodig.")
_OTHER_ACCOUNT: Text = _(
    "Deze uitnodiging is voor iemand anders, of voor een ander e-mailadres van u. "
    "Log in met het account van het adres waarop u de mail kreeg."
)
_SITS: Text = _("U zit al aan deze tafel. Iedereen heeft er één stoel.")
_TOO_SOON: Text = _("Deze persoon kreeg vandaag al een mail. Stuur morgen een herinnering.")
_OWN: Text = _("Dit is uw eigen e-mailadres. Vul het adres van uw vervanger in.")


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the link of a mail is about: the seat itself, or sitting in for its holder."""

    question: Question
    seat: Seat
    for_alternate: bool


def count_mail(platform: Platform, actor: Actor, most: int, email: str = "", *, who: str = "") -> None:
    """Count an invitation that this actor, or ``who`` instead, has sent to an address. Raises TooMany.

    Call it before the unit of work of the request is used: it writes in a transaction of its own, so that a refused try counts too.
    """
    if platform.config.limits.enabled:
        hit(platform, "samenspreker.invitations", who_hash(platform, who or str(actor.account_id)), most, HOUR)
        if email:
            hit(platform, "samenspreker.invited", who_hash(platform, email.strip().lower()), MAILS_TO_ADDRESS, HOUR)


def offer_seat(uow: UnitOfWork, id: uuid.UUID, command: OfferSeat) -> Seat:
    """Mail an invitation, also again, to another address or after a refusal. Raises NotFound, NotAllowed, Gone, Invalid and Conflict."""
    question, seat = locked_seat(uow, id)
    require_facilitator(uow, question)
    require_active(question, *RUNNING)
    check_version(seat, command.version)
    first = seat.state != "offered"
    move(seat, "offer")
    seat.email, seat.holder_name, seat.language = command.email.strip().lower(), command.name, command.language
    seat.reason, seat.answered_at = "", None
    _mail(uow, question, seat)
    if first:
        log_seat(uow, SeatOffered, question, seat)
    else:
        uow.record("samenspreker.seat.offered_again", question.id, after={"seat_id": seat.id})
    return seat


def remind(uow: UnitOfWork, id: uuid.UUID, command: SeatVersion) -> Seat:
    """Mail the invitation once more, with a new link. Raises as :func:`offer_seat`, and Invalid within a day."""
    question, seat = locked_seat(uow, id)
    require_facilitator(uow, question)
    require_active(question, *RUNNING)
    check_version(seat, command.version)
    if seat.state != "offered":
        raise refusal(seat)
    if seat.offered_at is not None and seat.offered_at > uow.now - BETWEEN_MAILS:
        raise Invalid(_TOO_SOON)
    _mail(uow, question, seat, reminder=True)
    uow.record(REMINDED, question.id, after={"seat_id": seat.id})
    return seat


def withdraw_offer(uow: UnitOfWork, id: uuid.UUID, command: SeatVersion) -> Seat:
    """Take an invitation back: its link stops working. Raises as :func:`offer_seat`."""
    question, seat = locked_seat(uow, id)
    require_facilitator(uow, question)
    require_active(question)
    check_version(seat, command.version)
    move(seat, "withdraw")
    forget_offer(seat)
    seat.holder_name = ""
    uow.session.flush()
    record(uow, OFFER_WITHDRAWN, question, seat)
    return seat


def read_invitation(uow: UnitOfWork, token: str) -> Invitation:
    """What a link is about. Raises Gone when it is used, withdrawn, replaced or made up, after 21 days, and when the table is closed."""
    hashed = keyed_hash(uow.platform, PURPOSE, token)
    found = select(Seat).where(or_(Seat.token_hash == hashed, Seat.alternate_token_hash == hashed))
    seat = uow.session.execute(found.execution_options(populate_existing=True)).scalar_one_or_none()
    if seat is None:
        raise Gone(_USED)
    for_alternate = seat.alternate_token_hash == hashed
    sent = seat.alternate_offered_at if for_alternate else seat.offered_at
    if sent is None or sent < uow.now - LIFETIME:
        raise Gone(_EXPIRED)
    question = get_question(uow, seat.question_id)
    if question.state != "accepted" or question.step not in RUNNING:
        raise Gone(_CLOSED)
    return Invitation(question, seat, for_alternate)


def may_take(uow: UnitOfWork, seat: Seat) -> bool:
    """Whether the actor is who was asked: by address, as the person, or as a member who speaks for the organisation. Up to 3 statements."""
    if seat.state != "offered" or uow.actor.account_id is None or not TAKE_SEAT.allows(uow.actor):
        return False
    if seat.email and own_address(uow) == seat.email:
        return True
    if seat.person_id is not None and own_person(uow) == seat.person_id:
        return True
    return seat.organization_id is not None and any(capacity.subject_id == seat.organization_id for capacity in capacities(uow))


def may_replace(uow: UnitOfWork, seat: Seat) -> bool:
    """Whether the actor is who was asked to sit in."""
    asked = seat.alternate_token_hash is not None and uow.actor.account_id is not None and TAKE_SEAT.allows(uow.actor)
    return asked and own_address(uow) == seat.alternate_email


def accept(uow: UnitOfWork, id: uuid.UUID, command: TakeSeat) -> Seat:
    """Take the seat that the actor was asked for. Raises NotFound, NotAllowed, Gone, and Invalid when it cannot be taken (any more)."""
    question, seat = locked_seat(uow, id)
    TAKE_SEAT.require(uow.actor)
    require_active(question, *RUNNING)
    if seat.state != "offered":
        raise refusal(seat)
    if not may_take(uow, seat):
        raise NotAllowed(_OTHER_ACCOUNT)
    _require_one_seat(uow, question)
    move(seat, "accept")
    seat.account_id, seat.holder_name, seat.wants_mail = uow.actor.account_id, command.name, command.wants_mail
    seat.answered_at, seat.reason = uow.now, ""
    forget_offer(seat)
    uow.session.flush()
    log_seat(uow, SeatAccepted, question, seat)
    return seat


def decline(uow: UnitOfWork, id: uuid.UUID, command: DeclineSeat) -> Seat:
    """Say no to the seat that the actor was asked for. Raises as :func:`accept`."""
    question, seat = locked_seat(uow, id)
    TAKE_SEAT.require(uow.actor)
    if seat.state != "offered":
        raise refusal(seat)
    if not may_take(uow, seat):
        raise NotAllowed(_OTHER_ACCOUNT)
    return _declined(uow, question, seat, command)


def accept_by_link(uow: UnitOfWork, token: str, command: TakeSeat) -> Invitation:
    """Take what the link of a mail offers. Raises Gone, NotAllowed (not logged in, or as somebody else) and Invalid."""
    invitation = _locked_invitation(uow, token)
    if invitation.for_alternate:
        _become_alternate(uow, invitation, command)
    else:
        accept(uow, invitation.seat.id, command)
    return invitation


def decline_by_link(uow: UnitOfWork, token: str, command: DeclineSeat) -> Invitation:
    """Say no to what the link of a mail offers; no account is needed. Raises Gone."""
    invitation = _locked_invitation(uow, token)
    question, seat = invitation.question, invitation.seat
    if invitation.for_alternate:
        forget_alternate(seat)
        uow.session.flush()
        uow.record(ALTERNATE_DECLINED, question.id, after={"seat_id": seat.id})
        seat_mail.alternate_answered(uow, question, seat, accepted=False)
    else:
        _declined(uow, question, seat, command)
    return invitation


def hand_over(uow: UnitOfWork, id: uuid.UUID, command: HandOver) -> Seat:
    """Ask somebody to sit in; who was asked before, or did, no longer may. Raises NotFound, NotAllowed, Gone, Invalid and Conflict."""
    question, seat = locked_seat(uow, id)
    if not is_holder(uow, seat):
        raise NotAllowed(_("Dit is de stoel van iemand anders."), log_in=uow.actor.is_anonymous)
    require_active(question, *RUNNING)
    check_version(seat, command.version)
    email = command.email.strip().lower()
    if email == own_address(uow):
        raise Invalid({"email": [_OWN]})
    forget_alternate(seat)
    token = new_token()
    seat.alternate_email, seat.alternate_offered_at = email, uow.now
    seat.alternate_token_hash = keyed_hash(uow.platform, PURPOSE, token)
    uow.session.flush()
    seat_mail.alternate_asked(uow, question, seat, token, uow.now + LIFETIME)
    uow.record(HANDED, question.id, after={"seat_id": seat.id})
    return seat


def take_back(uow: UnitOfWork, id: uuid.UUID, command: SeatVersion) -> Seat:
    """Go on without alternate: the holder, or the alternate who stops. Raises NotFound, NotAllowed, Gone and Conflict."""
    question, seat = locked_seat(uow, id)
    if not (is_holder(uow, seat) or is_alternate(uow, seat)):
        require_facilitator(uow, question)
    require_active(question)
    check_version(seat, command.version)
    had = seat.alternate_id is not None
    forget_alternate(seat)
    uow.session.flush()
    if had:
        record(uow, TAKEN_BACK, question, seat)
    else:
        uow.record("samenspreker.seat.alternate_withdrawn", question.id, after={"seat_id": seat.id})
    return seat


def _mail(uow: UnitOfWork, question: Question, seat: Seat, *, reminder: bool = False) -> None:
    token = new_token()
    seat.token_hash, seat.offered_at = keyed_hash(uow.platform, PURPOSE, token), uow.now
    uow.session.flush()
    seat_mail.offered(uow, question, seat, token, uow.now + LIFETIME, reminder=reminder)


def _locked_invitation(uow: UnitOfWork, token: str) -> Invitation:
    """The invitation, read again once its question is locked: of two answers at once the second finds it used."""
    locked_seat(uow, read_invitation(uow, token).seat.id)
    return read_invitation(uow, token)


def _declined(uow: UnitOfWork, question: Question, seat: Seat, command: DeclineSeat) -> Seat:
    move(seat, "decline")
    seat.reason, seat.answered_at, seat.holder_name = command.reason, uow.now, ""
    forget_offer(seat)
    uow.session.flush()
    log_seat(uow, SeatDeclined, question, seat)
    return seat


def _become_alternate(uow: UnitOfWork, invitation: Invitation, command: TakeSeat) -> None:
    question, seat = invitation.question, invitation.seat
    TAKE_SEAT.require(uow.actor)
    if not may_replace(uow, seat):
        raise NotAllowed(_OTHER_ACCOUNT)
    _require_one_seat(uow, question)
    forget_alternate(seat)
    seat.alternate_id, seat.alternate_name = uow.actor.account_id, command.name
    uow.session.flush()
    log_seat(uow, SeatHandedOver, question, seat)
    seat_mail.alternate_answered(uow, question, seat, accepted=True)


def _require_one_seat(uow: UnitOfWork, question: Question) -> None:
    if my_seats(uow, question.id):
        raise Invalid(_SITS)
