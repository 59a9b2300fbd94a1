"""Support: what seats of the table, and people without one, think of an option (DOMAIN.md). Each once, also when several speak at once."""

from __future__ import annotations

import uuid

from sqlalchemy import delete, select

from samen_core.api import Conflict, Gone, Invalid, NotAllowed, SubjectRef, UnitOfWork, _, require_capacity, uuid7
from samen_samenspreker.events import OptionSupported
from samen_samenspreker.models import Option, OptionSupport, Question, Seat
from samen_samenspreker.permissions import SUPPORT_QUESTION
from samen_samenspreker.queries.decisions import is_decided
from samen_samenspreker.queries.support import SPEAKING
from samen_samenspreker.schemas.options import SupportOption, TakeBackSupport
from samen_samenspreker.services.acts import log_act, record_act
from samen_samenspreker.services.common import locked_part, my_seats, require_active
from samen_samenspreker.services.options import TYPE
from samen_samenspreker.solve_log import SUPPORT_WITHDRAWN

STEPS = ("solve", "decide")


def support_option(uow: UnitOfWork, option_id: uuid.UUID, command: SupportOption) -> OptionSupport:
    """Say, or say anew, what one thinks of an option: for one's seat, or for oneself without one.

    Raises NotFound, NotAllowed (not logged in, a seat of somebody else, a role that does not speak), Gone for a withdrawn option, Conflict
    when the option has a newer version than the one that was read, Invalid once it is decided.
    """
    question, option = _open_option(uow, option_id)
    if command.option_version > option.current:
        raise Invalid({"option_version": [_("Deze versie van de oplossing bestaat niet.")]})
    if command.option_version < option.current:
        raise Conflict(_("Deze oplossing heeft intussen een nieuwe versie. Lees die eerst, en spreek u dan uit."), version=option.version)
    seat = _speaks_for(uow, question, command.seat_id)
    sector = seat.sector if seat else _own_sector(uow)
    given = _stored(uow, option_id, seat)
    if seat is not None:
        _forget_own(uow, option_id)
    if given is None:
        given = OptionSupport(id=uuid7(), option_id=option_id)
        given.seat_id, given.voter_id = (seat.id, None) if seat else (None, uow.actor.account_id)
        uow.session.add(given)
    given.given_by_id, given.option_version, given.at = uow.actor.account_id, option.current, uow.now
    given.sector, given.position, given.reason = sector, command.position, command.reason
    uow.session.flush()
    after: dict[str, object] = {"title": option.title, "current": option.current, "who": "seat" if seat else "other"}
    log_act(uow, OptionSupported, question, SubjectRef(TYPE, option_id), after, public=seat is not None)
    return given


def take_back_support(uow: UnitOfWork, option_id: uuid.UUID, command: TakeBackSupport) -> None:
    """Take back what one said. Nothing happens when nothing was said. Raises like :func:`support_option`."""
    question, option = _open_option(uow, option_id)
    seat = _speaks_for(uow, question, command.seat_id)
    given = _stored(uow, option_id, seat)
    if given is None:
        return
    uow.session.delete(given)
    uow.session.flush()
    after: dict[str, object] = {"title": option.title, "who": "seat" if seat else "other"}
    record_act(uow, SUPPORT_WITHDRAWN, question, after, public=seat is not None)


def is_open(uow: UnitOfWork, question: Question) -> bool:
    """Whether one may still say what one thinks: in steps 2 and 3, until the decision of this cycle."""
    return question.state == "accepted" and question.step in STEPS and not is_decided(uow, question)


def _open_option(uow: UnitOfWork, option_id: uuid.UUID) -> tuple[Question, Option]:
    SUPPORT_QUESTION.require(uow.actor)
    question, option = locked_part(uow, Option, option_id)
    if option.state != "active":
        raise Gone(_("Deze oplossing is ingetrokken."))
    require_active(question, *STEPS)
    if not is_open(uow, question):
        raise Invalid(_("Er is al een besluit genomen. Wat u van de oplossingen vindt, verandert nu niet meer."))
    return question, option


def _speaks_for(uow: UnitOfWork, question: Question, seat_id: uuid.UUID | None) -> Seat | None:
    """The seat that the actor speaks for; None for who has no seat."""
    if uow.actor.account_id is None:
        raise NotAllowed(_("Log in om te zeggen wat u van een oplossing vindt."), log_in=True)
    seats = my_seats(uow, question.id)
    if not seats:
        if seat_id is not None:
            raise NotAllowed(_("U spreekt niet voor deze stoel."))
        return None
    speaking = [seat for seat in seats if seat.role in SPEAKING]
    if not speaking:
        raise NotAllowed(_("Uw stoel aan deze tafel spreekt zich niet uit over oplossingen."))
    if seat_id is None:
        if len(speaking) > 1:
            raise Invalid({"seat_id": [_("U spreekt voor meer dan één stoel. Kies voor welke.")]})
        return speaking[0]
    for seat in speaking:
        if seat.id == seat_id:
            return seat
    raise NotAllowed(_("U spreekt niet voor deze stoel."))


def _stored(uow: UnitOfWork, option_id: uuid.UUID, seat: Seat | None) -> OptionSupport | None:
    mine = OptionSupport.seat_id == seat.id if seat else OptionSupport.voter_id == uow.actor.account_id
    return uow.session.execute(select(OptionSupport).where(OptionSupport.option_id == option_id, mine)).scalar_one_or_none()


def _forget_own(uow: UnitOfWork, option_id: uuid.UUID) -> None:
    """What somebody said before getting a seat is replaced by what the seat says."""
    own = (OptionSupport.option_id == option_id, OptionSupport.voter_id == uow.actor.account_id)
    uow.session.execute(delete(OptionSupport).where(*own))


def _own_sector(uow: UnitOfWork) -> str:
    return require_capacity(uow, uow.actor.on_behalf_of).sector if uow.actor.on_behalf_of else "citizens"
