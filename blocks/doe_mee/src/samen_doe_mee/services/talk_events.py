"""What happens at inbreng to the activities behind ours, whichever way it came in: who took part, and the counts of paragraphs."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select

from samen_core.api import Delivered, EventHandler, UnitOfWork
from samen_doe_mee.models import Activity, Paragraph, Remark
from samen_doe_mee.services.taking_part import took_part
from samen_inbreng.api import (
    Contribution,
    ContributionForgotten,
    ContributionGiven,
    ContributionHidden,
    ContributionShown,
    ContributionWithdrawn,
)


def count_contribution(uow: UnitOfWork, activity: Activity, contribution: Contribution) -> None:
    """Keep that who wrote this took part; the same however often it is told. Mail goes through inbreng, which asked to confirm it."""
    account_id = contribution.account_id
    who = f"account {account_id}" if account_id else f"contribution {contribution.id}"
    took_part(uow, activity, who=who, account_id=account_id, wants_result=bool(account_id) and contribution.wants_mail)


def note_contribution(uow: UnitOfWork, delivered: Delivered) -> None:
    """Count who took part at inbreng itself: through its API, or entered there by staff."""
    id = uuid.UUID(str(delivered.payload["contribution_id"]))
    contribution = uow.session.get(Contribution, id)
    if contribution is None:
        return
    activity = uow.session.execute(select(Activity).where(Activity.talk_id == contribution.activity_id)).scalar_one_or_none()
    if activity is not None:
        count_contribution(uow, activity, contribution)


def recount_paragraph(uow: UnitOfWork, delivered: Delivered) -> None:
    """Count again what was said about a paragraph, after something of it was hidden, shown or taken back."""
    id = uuid.UUID(str(delivered.payload["contribution_id"]))
    paragraph_id = uow.session.execute(select(Remark.paragraph_id).where(Remark.contribution_id == id)).scalar_one_or_none()
    if paragraph_id is not None:
        recount(uow, paragraph_id)


def recount(uow: UnitOfWork, paragraph_id: uuid.UUID) -> None:
    """Make the number at a paragraph what it is: published contributions about it."""
    paragraph = uow.session.get_one(Paragraph, paragraph_id, with_for_update=True, populate_existing=True)
    said = select(func.count()).select_from(Remark).join(Contribution, Contribution.id == Remark.contribution_id)
    mine = said.where(Remark.paragraph_id == paragraph_id, Contribution.state == "published")
    paragraph.reactions = uow.session.execute(mine).scalar_one()
    uow.session.flush()


HANDLERS = (
    EventHandler("doe_mee.note_contribution", note_contribution, (ContributionGiven.type,)),
    EventHandler(
        "doe_mee.recount_paragraph",
        recount_paragraph,
        (ContributionHidden.type, ContributionShown.type, ContributionWithdrawn.type, ContributionForgotten.type),
    ),
)
