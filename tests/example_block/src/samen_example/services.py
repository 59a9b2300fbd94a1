"""The rules."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import delete, insert, update

from samen_core.api import (
    Conflict,
    Delivered,
    Invalid,
    NotFound,
    SearchDocument,
    SubjectData,
    SubjectRef,
    UnitOfWork,
    _,
    cards,
    n_,
    register,
    update_card,
    uuid7,
)
from samen_example.events import ThanksGiven, ThanksHidden
from samen_example.models import Tally, Thanks
from samen_example.permissions import HIDE, THANK
from samen_example.queries import NUMBER, TEXTS
from samen_example.schemas import GiveThanks, HideThanks
from samen_example.settings import AUTHOR_DAYS, MAX_LENGTH

TYPE = "thanks"
GIVEN = "example.thanks.given"
HIDDEN = "example.thanks.hidden"
SENTENCE = _("Iemand bedankte {organization}.")


def give_thanks(uow: UnitOfWork, command: GiveThanks) -> Thanks:
    """Thank an organisation. Raises NotAllowed, NotFound (no such organisation) and Invalid (text too long)."""
    THANK.require(uow.actor)
    organization = cards(uow, [command.organization_id]).get(command.organization_id)
    if organization is None or organization.type != "organization" or organization.state != "active":
        raise NotFound
    longest = uow.platform.setting(MAX_LENGTH)
    assert isinstance(longest, int)
    if len(command.text) > longest:
        raise Invalid({"text": [n_("Gebruik hoogstens {n} teken.", "Gebruik hoogstens {n} tekens.", longest)]})
    thanks = Thanks(id=uuid7(), organization_id=organization.id, account_id=uow.actor.account_id, text=command.text, at=uow.now)
    register(uow, SubjectRef(TYPE, thanks.id), SubjectData(_title(organization.title), f"/bedankjes/{thanks.id}"))
    uow.session.add(thanks)
    uow.record(GIVEN, organization.id, after={"thanks": thanks.id}, public=True, sentence=_(SENTENCE.id, organization=organization.title))
    uow.publish(ThanksGiven(organization_id=organization.id, about=_about(thanks)))
    uow.session.flush()
    return thanks


def get_thanks(uow: UnitOfWork, id: uuid.UUID) -> Thanks:
    """A note; a hidden one only for who may hide. Raises NotFound."""
    thanks = uow.session.get(Thanks, id)
    if thanks is None or (thanks.hidden and not HIDE.allows(uow.actor, thanks.organization_id)):
        raise NotFound
    return thanks


def hide_thanks(uow: UnitOfWork, id: uuid.UUID, command: HideThanks) -> Thanks:
    """Hide a note. Raises NotAllowed, NotFound and Conflict (somebody else was first)."""
    thanks = get_thanks(uow, id)
    HIDE.require(uow.actor, thanks.organization_id)
    if thanks.version != command.version or thanks.hidden:
        raise Conflict(current={"reason": thanks.hidden_because}, version=thanks.version)
    thanks.hidden, thanks.hidden_because = True, command.reason
    update_card(uow, SubjectRef(TYPE, id), SubjectData(_title(""), f"/bedankjes/{id}", public=False))
    uow.record_change(HIDDEN, thanks, id, reason=command.reason)
    uow.publish(ThanksHidden(organization_id=thanks.organization_id, about=_about(thanks)))
    uow.session.flush()
    return thanks


def count_again(uow: UnitOfWork, event: Delivered) -> None:
    """Bring the tally of the event's organisation up to date."""
    organization_id = uuid.UUID(event.payload["organization_id"])
    number = uow.session.execute(NUMBER.where(Thanks.organization_id == organization_id)).scalar() or 0
    uow.session.execute(delete(Tally).where(Tally.organization_id == organization_id))
    uow.session.execute(insert(Tally).values(organization_id=organization_id, number=number))


def let_go(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """Forget who wrote the notes of an account that is being erased."""
    uow.session.execute(update(Thanks).where(Thanks.account_id == account_id).values(account_id=None))


def forget_authors(uow: UnitOfWork) -> None:
    """Forget who wrote the notes that are older than the city keeps that."""
    days = uow.platform.setting(AUTHOR_DAYS)
    assert isinstance(days, int)
    old = (Thanks.account_id.is_not(None), Thanks.at < uow.now - timedelta(days=days))
    uow.session.execute(update(Thanks).where(*old).values(account_id=None))


def documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> Iterable[SearchDocument]:
    """What can be found of notes."""
    title = str(_("Bedankje"))
    return [SearchDocument(row.id, title, body=row.text) for row in uow.session.execute(TEXTS.where(Thanks.id.in_(ids)))]


def _title(organization: str) -> str:
    return f"Bedankje aan {organization}" if organization else "Bedankje"


def _about(thanks: Thanks) -> tuple[SubjectRef, ...]:
    return SubjectRef(TYPE, thanks.id), SubjectRef("organization", thanks.organization_id)
