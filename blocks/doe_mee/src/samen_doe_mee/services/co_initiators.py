"""Who carries an idea with its author: asked by mail, theirs once an account accepts, and free to leave at any time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError

from samen_core.api import (
    LOGGED_IN,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    UnitOfWork,
    _,
    current_language,
    managed_mail,
    new_token,
    page_address,
    queue_mail,
    token_hash,
    uuid7,
)
from samen_doe_mee import paths
from samen_doe_mee.events.ideas import IdeaUpdated
from samen_doe_mee.managed_texts.following import INVITE
from samen_doe_mee.models import CoInitiator, Idea
from samen_doe_mee.schemas.idea_team import AskCoInitiator, Carry
from samen_doe_mee.services.idea_common import locked_idea, log, may_see, require_author
from samen_doe_mee.services.retention import INVITED

MOST = 10
_TEAM = select(CoInitiator).where(CoInitiator.idea_id == bindparam("idea_id")).order_by(CoInitiator.invited_at)


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that can be accepted."""

    row: CoInitiator
    idea: Idea


def ask_to_carry(uow: UnitOfWork, idea_id: uuid.UUID, command: AskCoInitiator, *, code: str = "") -> CoInitiator:
    """Ask somebody to carry one's idea too. Raises NotFound, NotAllowed, Gone and Invalid (asked already, or too many)."""
    idea = locked_idea(uow, idea_id)
    if not may_see(uow, idea, code):
        raise NotFound
    require_author(uow, idea, code)
    if idea.state != "published":
        raise Gone(_("Dit idee staat niet op de website. U kunt er niemand voor vragen."))
    email = command.email.strip().lower()
    there = select(func.count()).select_from(CoInitiator).where(CoInitiator.idea_id == idea.id)
    if uow.session.execute(there).scalar_one() >= MOST:
        raise Invalid({"email": [_("Hoogstens {n} mensen dragen samen een idee.", n=MOST)]})
    if uow.session.execute(select(CoInitiator.id).where(CoInitiator.idea_id == idea.id, CoInitiator.email == email)).first() is not None:
        raise Invalid({"email": [_("Deze persoon is al gevraagd.")]})
    token = new_token()
    row = CoInitiator(id=uuid7(), idea_id=idea.id, email=email, code_hash=token_hash(token), invited_at=uow.now)
    uow.session.add(row)
    uow.session.flush()
    language = current_language()
    link = page_address(uow.platform, f"{paths.CARRY}/{token}", language)
    values = {"title": idea.title, "name": idea.author_name or _("Wie dit idee indiende"), "link": link}
    queue_mail(uow, managed_mail(uow, INVITE, email, language, values))
    uow.record("doe_mee.idea.co_initiator_asked", idea.id)
    return row


def invitation_at(uow: UnitOfWork, token: str, *, lock: bool = False) -> Invitation:
    """The invitation of a link. Raises Gone for one that is unknown, used or older than 30 days, or whose idea is gone."""
    found = select(CoInitiator).where(CoInitiator.code_hash == token_hash(token[:200]), CoInitiator.accepted_at.is_(None))
    row = uow.session.execute(found.with_for_update() if lock else found).scalar_one_or_none()
    idea = uow.session.get(Idea, row.idea_id) if row is not None else None
    if row is None or idea is None or row.invited_at < uow.now - INVITED or idea.state != "published":
        raise Gone(_("Deze uitnodiging werkt niet (meer)."))
    return Invitation(row, idea)


def accept(uow: UnitOfWork, token: str, command: Carry) -> Idea:
    """Carry an idea that one was asked for, with one's account. Raises NotAllowed, Gone, and Invalid for who carries it already."""
    LOGGED_IN.require(uow.actor)
    account_id = uow.actor.account_id
    if account_id is None:
        raise NotAllowed(log_in=True)
    invitation = invitation_at(uow, token, lock=True)
    row, idea = invitation.row, invitation.idea
    if idea.account_id == account_id:
        raise Invalid(_("Dit is uw eigen idee."))
    try:
        with uow.session.begin_nested():
            row.account_id, row.name = account_id, command.name.strip() or uow.actor.label
            row.email, row.code_hash, row.accepted_at = "", None, uow.now
            uow.session.flush()
    except IntegrityError:
        raise Invalid(_("U draagt dit idee al mee.")) from None
    log(uow, IdeaUpdated, idea, _("Iemand draagt het idee mee."))
    return idea


def leave(uow: UnitOfWork, idea_id: uuid.UUID) -> None:
    """Carry an idea no longer, whatever became of it. Raises NotFound for who does not carry it."""
    LOGGED_IN.require(uow.actor)
    mine = select(CoInitiator).where(CoInitiator.idea_id == idea_id, CoInitiator.account_id == uow.actor.account_id)
    row = uow.session.execute(mine.with_for_update()).scalar_one_or_none()
    if row is None or uow.actor.account_id is None:
        raise NotFound
    _gone(uow, row)


def remove(uow: UnitOfWork, idea_id: uuid.UUID, id: uuid.UUID, *, code: str = "") -> None:
    """As the author: carry it without this person, or take an invitation back. Raises NotFound and NotAllowed."""
    idea = locked_idea(uow, idea_id)
    if not may_see(uow, idea, code):
        raise NotFound
    require_author(uow, idea, code)
    row = uow.session.get(CoInitiator, id)
    if row is None or row.idea_id != idea.id:
        raise NotFound
    _gone(uow, row)


def team(uow: UnitOfWork, idea_id: uuid.UUID) -> list[CoInitiator]:
    """Who carry it and who were asked, oldest first. One statement."""
    return list(uow.session.execute(_TEAM, {"idea_id": idea_id}).scalars())


def carried(uow: UnitOfWork) -> list[Idea]:
    """The ideas that the actor carries for another, whatever became of them, newest first. One statement."""
    mine = select(Idea).join(CoInitiator, CoInitiator.idea_id == Idea.id).where(CoInitiator.account_id == uow.actor.account_id)
    return list(uow.session.execute(mine.order_by(CoInitiator.accepted_at.desc()).limit(100)).scalars()) if uow.actor.account_id else []


def _gone(uow: UnitOfWork, row: CoInitiator) -> None:
    idea = uow.session.get_one(Idea, row.idea_id)
    accepted = row.accepted_at is not None
    uow.session.delete(row)
    uow.session.flush()
    if accepted:
        log(uow, IdeaUpdated, idea, _("Iemand draagt het idee niet meer mee."))
    else:
        uow.record("doe_mee.idea.invitation_withdrawn", idea.id)
