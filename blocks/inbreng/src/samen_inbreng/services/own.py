"""What people do with their own contribution: change it for a while, take it back."""

from __future__ import annotations

import hmac
import uuid
from datetime import datetime, timedelta

from samen_core.api import (
    Conflict,
    Gone,
    Invalid,
    NotAllowed,
    SubjectRef,
    UnitOfWork,
    _,
    delete_file,
    stored_files,
    update_card,
)
from samen_inbreng.events import ContributionEdited, ContributionWithdrawn
from samen_inbreng.models import Contribution
from samen_inbreng.schemas.contribution import Contribute, EditContribution, WithdrawContribution
from samen_inbreng.services.answering import tie_files
from samen_inbreng.services.common import CONTRIBUTION, get_activity, get_contribution, tell_contribution
from samen_inbreng.services.contribution_lines import contributing_sentence
from samen_inbreng.services.contributions import check_contribution, contribution_card, count_replies, locked_in_thread
from samen_inbreng.services.receipt_codes import code_hash
from samen_inbreng.services.tally import counted, shift
from samen_inbreng.services.themes import count_in_themes
from samen_inbreng.settings import EDIT_MINUTES, number

WITHDRAWN = ContributionWithdrawn.type
EDITED = ContributionEdited.type


def is_author(uow: UnitOfWork, contribution: Contribution, code: str = "") -> bool:
    """Whether the actor wrote it: by account, or by the code of the receipt."""
    if contribution.account_id is not None and contribution.account_id == uow.actor.account_id:
        return True
    return bool(code and contribution.receipt_hash and hmac.compare_digest(contribution.receipt_hash, code_hash(uow, code)))


def editable_until(uow: UnitOfWork, contribution: Contribution) -> datetime:
    """When changing it ends."""
    return contribution.at + timedelta(minutes=number(uow, EDIT_MINUTES))


def may_edit(uow: UnitOfWork, contribution: Contribution) -> bool:
    """Whether its author may still change it: not long ago, and nobody has answered it."""
    return contribution.state == "published" and not contribution.answered and uow.now < editable_until(uow, contribution)


def edit_contribution(uow: UnitOfWork, id: uuid.UUID, command: EditContribution) -> Contribution:
    """Change one's own words and answers, within the time for that. Raises NotFound, NotAllowed, Gone, Conflict and Invalid."""
    contribution = get_contribution(uow, id, lock=True)
    _require_author(uow, contribution, command.code)
    if contribution.state != "published":
        raise Gone
    if contribution.answered:
        raise Invalid(_("U kunt uw bijdrage niet meer aanpassen: de gemeente heeft er een antwoord op geschreven."))
    if not may_edit(uow, contribution):
        raise Invalid(_("U kunt uw bijdrage niet meer aanpassen: de tijd daarvoor is voorbij."))
    if contribution.version != command.version:
        raise Conflict(current={"text": contribution.text}, version=contribution.version)
    activity = get_activity(uow, contribution.activity_id)
    changed = Contribute(text=command.text, answers=command.answers, parent_id=contribution.parent_id, area_id=contribution.area_id)
    checked, _area_id, errors = check_contribution(uow, activity, changed, owner=id)
    if errors:
        raise Invalid(errors)
    if (contribution.text, contribution.answers) == (command.text, checked.stored):
        return contribution
    contribution.text, contribution.answers, contribution.edited_at = command.text, checked.stored, uow.now
    uow.session.flush()
    tie_files(uow, checked, id)
    uow.subject_changed(SubjectRef(CONTRIBUTION, id))
    _record(uow, EDITED, contribution)
    tell_contribution(uow, ContributionEdited, contribution)
    return contribution


def withdraw_contribution(uow: UnitOfWork, id: uuid.UUID, command: WithdrawContribution) -> Contribution:
    """Take one's own contribution back: its words and files go for good, its number and the replies stay.

    Raises NotFound, NotAllowed, Conflict.
    """
    contribution = locked_in_thread(uow, id)
    _require_author(uow, contribution, command.code)
    if contribution.state == "withdrawn":
        return contribution
    if contribution.version != command.version:
        raise Conflict(current={"text": contribution.text}, version=contribution.version)
    if contribution.state == "published":
        uncount(uow, contribution)
    contribution.state, contribution.text, contribution.answers, contribution.place = "withdrawn", "", {}, None
    contribution.author_name, contribution.email, contribution.wants_mail, contribution.source = "", "", False, ""
    for file in stored_files(uow, [id])[id]:
        delete_file(uow, file.id)
    uow.session.flush()
    update_card(uow, SubjectRef(CONTRIBUTION, id), contribution_card(get_activity(uow, contribution.activity_id), contribution))
    _record(uow, WITHDRAWN, contribution)
    tell_contribution(uow, ContributionWithdrawn, contribution)
    return contribution


def uncount(uow: UnitOfWork, contribution: Contribution, number: int = -1) -> None:
    """Take a contribution that is no longer published out of the counters, or put it back; its thread is locked."""
    if contribution.parent_id is not None:
        count_replies(uow, get_contribution(uow, contribution.parent_id), number)
    else:
        count_in_themes(uow, contribution.id, number)
    shift(uow, contribution.activity_id, counted(contribution, number))


def _record(uow: UnitOfWork, action: str, contribution: Contribution) -> None:
    facts = {"number": contribution.number}
    uow.record(action, contribution.id, after=facts, public=True, sentence=contributing_sentence(action, facts) or "")


def _require_author(uow: UnitOfWork, contribution: Contribution, code: str) -> None:
    if not is_author(uow, contribution, code):
        raise NotAllowed(
            _("Dit kan alleen wie de bijdrage schreef."), log_in=uow.actor.is_anonymous and contribution.account_id is not None
        )
