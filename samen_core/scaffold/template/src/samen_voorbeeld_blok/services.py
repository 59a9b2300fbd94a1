"""The rules. A service does everything that belongs to one act in one transaction, and knows nothing of pages or REST."""

from __future__ import annotations

import uuid

from samen_core.api import (
    ACCOUNT_ADDRESSES,
    MODERATE,
    Conflict,
    Delivered,
    Invalid,
    NotFound,
    SubjectData,
    SubjectRef,
    UnitOfWork,
    _,
    cards,
    explanation,
    hide,
    managed_mail,
    page_address,
    queue_mail,
    register,
    show_again,
    update_card,
    uuid7,
)
from sqlalchemy import select

from samen_voorbeeld_blok import managed_texts, paths
from samen_voorbeeld_blok.events import ProposalMade
from samen_voorbeeld_blok.models import Proposal
from samen_voorbeeld_blok.permissions import PROPOSE
from samen_voorbeeld_blok.schemas import HideProposal, MakeProposal, ShowProposal

TYPE = "voorbeeld_blok_proposal"
"""What a proposal is called in the register, for permalinks and references."""

MADE = "voorbeeld_blok.proposal.made"
SENTENCE = _("Iemand deed dit voorstel.")


def make_proposal(uow: UnitOfWork, command: MakeProposal) -> Proposal:
    """Make a proposal. Raises NotAllowed, and Invalid when there is no such project."""
    PROPOSE.require(uow.actor)
    about: tuple[SubjectRef, ...] = ()
    if command.project_id is not None:
        project = cards(uow, [command.project_id]).get(command.project_id)
        if project is None or project.type != "project" or project.state != "active":
            raise Invalid({"project_id": [_("Dit project bestaat niet (meer).")]})
        about = (SubjectRef("project", project.id),)
    proposal = Proposal(
        id=uuid7(),
        project_id=command.project_id,
        title=command.title,
        text=command.text,
        phone=command.phone,
        account_id=uow.actor.account_id,
        at=uow.now,
        hidden=False,
    )
    ref = SubjectRef(TYPE, proposal.id)
    register(uow, ref, _card(proposal))
    uow.session.add(proposal)
    uow.record(MADE, proposal.id, after={"project_id": command.project_id}, public=True, sentence=SENTENCE)
    uow.publish(ProposalMade(proposal_id=proposal.id, about=(ref, *about)))
    uow.session.flush()
    return proposal


def get_proposal(uow: UnitOfWork, id: uuid.UUID) -> Proposal:
    """A proposal; a hidden one only for who may moderate it. Raises NotFound."""
    proposal = uow.session.get(Proposal, id)
    if proposal is None or (proposal.hidden and not MODERATE.allows(uow.actor, id)):
        raise NotFound
    return proposal


def hide_proposal(uow: UnitOfWork, id: uuid.UUID, command: HideProposal) -> Proposal:
    """Take a proposal out of sight and tell who made it. Raises NotFound, NotAllowed, Invalid and Conflict."""
    proposal = _to_moderate(uow, id, command.version)
    why = hide(uow, SubjectRef(TYPE, id), command.reason, command.code)
    _set_hidden(uow, proposal, hidden=True)
    _tell_maker(uow, proposal, managed_texts.HIDDEN, explanation=explanation(uow, why))
    return proposal


def show_proposal(uow: UnitOfWork, id: uuid.UUID, command: ShowProposal) -> Proposal:
    """Show a hidden proposal again and tell who made it. Raises NotFound, NotAllowed, Invalid and Conflict."""
    proposal = _to_moderate(uow, id, command.version)
    show_again(uow, SubjectRef(TYPE, id), command.reason)
    _set_hidden(uow, proposal, hidden=False)
    _tell_maker(uow, proposal, managed_texts.SHOWN_AGAIN, reason=command.reason)
    return proposal


def confirm(uow: UnitOfWork, event: Delivered) -> None:
    """The handler of ProposalMade: mail who made it that it arrived, with the page to find it again."""
    proposal = uow.session.get(Proposal, uuid.UUID(event.payload["proposal_id"]))
    if proposal is not None and not proposal.hidden:
        _tell_maker(uow, proposal, managed_texts.ON_SITE)


def _to_moderate(uow: UnitOfWork, id: uuid.UUID, version: int) -> Proposal:
    proposal = get_proposal(uow, id)
    MODERATE.require(uow.actor, id)
    if proposal.version != version:
        raise Conflict(version=proposal.version)
    return proposal


def _set_hidden(uow: UnitOfWork, proposal: Proposal, *, hidden: bool) -> None:
    proposal.hidden = hidden
    uow.session.flush()
    update_card(uow, SubjectRef(TYPE, proposal.id), _card(proposal))


def _card(proposal: Proposal) -> SubjectData:
    return SubjectData(proposal.title, paths.proposal(proposal.id), public=not proposal.hidden)


def _tell_maker(uow: UnitOfWork, proposal: Proposal, key: str, **values: object) -> None:
    accounts = ACCOUNT_ADDRESSES.c
    to = uow.session.execute(select(accounts.email, accounts.language).where(accounts.id == proposal.account_id)).one_or_none()
    if to is not None:
        page = {} if proposal.hidden else {"link": page_address(uow.platform, paths.proposal(proposal.id), to.language)}
        queue_mail(uow, managed_mail(uow, key, to.email, to.language, {"title": proposal.title, **page, **values}))
