"""Hiding a contribution and showing it again; core keeps why, and its author is told."""

from __future__ import annotations

import uuid

from samen_core.api import MODERATE, Conflict, Gone, Invalid, SubjectRef, UnitOfWork, _, explanation, hide, show_again, update_card
from samen_inbreng import managed_texts, paths
from samen_inbreng.events import ContributionHidden, ContributionShown
from samen_inbreng.models import Contribution
from samen_inbreng.schemas.contribution import HideContribution, ShowContribution
from samen_inbreng.services import mails
from samen_inbreng.services.common import CONTRIBUTION, get_activity, tell_contribution
from samen_inbreng.services.contributions import contribution_card, locked_in_thread
from samen_inbreng.services.own import uncount


def hide_contribution(uow: UnitOfWork, id: uuid.UUID, command: HideContribution) -> Contribution:
    """Take a contribution out of sight: a line stays in its place. Raises NotFound, NotAllowed, Gone, Conflict and Invalid."""
    contribution = _in_state(uow, id, "published", command.version)
    why = hide(uow, SubjectRef(CONTRIBUTION, id), command.reason, command.code, scopes=_scopes(contribution))
    _change(uow, contribution, "hidden", -1)
    _mail(uow, contribution, managed_texts.HIDDEN, explanation=explanation(uow, why))
    tell_contribution(uow, ContributionHidden, contribution)
    return contribution


def show_contribution(uow: UnitOfWork, id: uuid.UUID, command: ShowContribution) -> Contribution:
    """Show a hidden contribution again. Raises NotFound, NotAllowed, Gone, Conflict and Invalid."""
    contribution = _in_state(uow, id, "hidden", command.version)
    show_again(uow, SubjectRef(CONTRIBUTION, id), command.reason, scopes=_scopes(contribution))
    _change(uow, contribution, "published", 1)
    _mail(uow, contribution, managed_texts.SHOWN_AGAIN, reason=command.reason)
    tell_contribution(uow, ContributionShown, contribution)
    return contribution


def _in_state(uow: UnitOfWork, id: uuid.UUID, state: str, version: int) -> Contribution:
    contribution = locked_in_thread(uow, id)
    # Before anything else: a conflict tells the words, which of a hidden contribution only a moderator may read.
    MODERATE.require(uow.actor, id, scopes=_scopes(contribution))
    if contribution.state == "withdrawn":
        raise Gone
    if contribution.state != state:
        # Another moderator was first; sending it again would never help.
        raise Invalid(_("Deze bijdrage is al verborgen.") if state == "published" else _("Deze bijdrage staat er al weer."))
    if contribution.version != version:
        raise Conflict(current={"text": contribution.text}, version=contribution.version)
    return contribution


def _change(uow: UnitOfWork, contribution: Contribution, state: str, number: int) -> None:
    uncount(uow, contribution, number)
    contribution.state = state
    uow.session.flush()
    update_card(
        uow, SubjectRef(CONTRIBUTION, contribution.id), contribution_card(get_activity(uow, contribution.activity_id), contribution)
    )


def _mail(uow: UnitOfWork, contribution: Contribution, key: str, **values: object) -> None:
    activity = get_activity(uow, contribution.activity_id)
    mails.tell_author(uow, contribution, key, paths.contribution(activity.slug, contribution.number), **values)


def _scopes(contribution: Contribution) -> tuple[uuid.UUID, ...]:
    return contribution.activity_id, contribution.subject_id
