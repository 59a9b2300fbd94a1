"""Merging: two questions about the same go on as one. The trail stays, the support counts once, and it can be undone for a while."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from samen_core.api import Change, Conflict, Gone, Invalid, SubjectRef, Text, UnitOfWork, _
from samen_inbreng.api import Activity
from samen_samenspreker.events import QuestionMerged, QuestionUnmerged
from samen_samenspreker.models import Proposal, Question, Seat
from samen_samenspreker.permissions import JUDGE
from samen_samenspreker.question_log import JOINED, SENTENCES
from samen_samenspreker.schemas.questions import MergeQuestion, UndoMerge
from samen_samenspreker.services import asker_mail
from samen_samenspreker.services.common import TYPE, check_version, get_question, locked_question, log
from samen_samenspreker.services.question_cards import keep_card
from samen_samenspreker.services.question_support import copy_supports, return_supports

MERGED = QuestionMerged.type
UNMERGED = QuestionUnmerged.type


def merge(uow: UnitOfWork, id: uuid.UUID, command: MergeQuestion) -> Question:
    """Merge a question into another; its page then leads there, and who supported it supports the other.

    The one that goes is submitted or on the agenda without work done on it; the other lies on a table. Gives the other.
    Raises NotFound, NotAllowed, Conflict, and Invalid with everything that is wrong.
    """
    question, into = _lock_both(uow, id, command.into_id)
    JUDGE.require(uow.actor, question.id)
    if into is not None:
        JUDGE.require(uow.actor, into.id)
    if question.state not in ("submitted", "accepted"):
        raise Conflict(_("Deze vraag is niet meer samen te voegen."), current={"state": question.state}, version=question.version)
    check_version(question, command.version, {"state": question.state})
    if into is None:
        raise Invalid({"into_id": [_("Deze vraag bestaat niet.")]})
    _check(uow, question, into)
    question.state, question.merged_into_id = "merged", into.id
    uow.session.flush()
    keep_card(uow, question)
    copy_supports(uow, question, into)
    ids: dict[str, object] = {"question": question.id, "into": into.id}
    log(uow, QuestionMerged, question, SENTENCES[MERGED], thing=SubjectRef(TYPE, into.id), after=ids, reason=command.reason)
    uow.record(MERGED, into.id, after={**ids, "side": "into"}, reason=command.reason, public=True, sentence=JOINED)
    asker_mail.merged(uow, question, into, command.reason)
    asker_mail.joined(uow, into, question, command.reason)
    return into


def undo_merge(uow: UnitOfWork, id: uuid.UUID, command: UndoMerge) -> Question:
    """Take a merge back, as long as nothing happened at the other table since. Gives the question that stands by itself again.

    Raises NotFound, NotAllowed, Conflict, and Gone when it is too late.
    """
    found = get_question(uow, id)
    question, into = _lock_both(uow, id, found.merged_into_id)
    JUDGE.require(uow.actor, question.id)
    if question.state != "merged" or into is None:
        raise Conflict(_("Deze vraag is niet samengevoegd."), current={"state": question.state}, version=question.version)
    JUDGE.require(uow.actor, into.id)
    check_version(question, command.version, {"state": question.state})
    if not can_undo(uow, question, into):
        raise Gone(_("Dit kan niet meer: aan de andere vraag is intussen verder gewerkt."))
    question.state, question.merged_into_id = "accepted" if question.decided_at else "submitted", None
    uow.session.flush()
    keep_card(uow, question)
    return_supports(uow, question, into)
    ids: dict[str, object] = {"question": question.id, "from": into.id}
    log(uow, QuestionUnmerged, question, SENTENCES[UNMERGED], thing=SubjectRef(TYPE, into.id), after=ids, reason=command.reason)
    uow.record(UNMERGED, into.id, after=ids, reason=command.reason, public=True, sentence=SENTENCES[UNMERGED])
    asker_mail.unmerged(uow, question, command.reason)
    return question


def can_undo(uow: UnitOfWork, question: Question, into: Question) -> bool:
    """Whether nothing happened in public at the other table since the merge, but other merges. One statement."""
    if into.state != "accepted":
        return False
    columns = (Change.action, Change.after)
    lines = select(*columns).where(Change.subject_id == into.id, Change.public).order_by(Change.seq.desc()).limit(100)
    for row in uow.session.execute(lines):
        if row.action == MERGED and (row.after or {}).get("question") == str(question.id):
            return True
        if row.action not in (MERGED, UNMERGED):
            return False
    return False


def _lock_both(uow: UnitOfWork, id: uuid.UUID, into_id: uuid.UUID | None) -> tuple[Question, Question | None]:
    """Both questions, locked in the order of their ids, so that two merges never wait for each other."""
    locked = {each: locked_question(uow, each) for each in sorted({id, *([into_id] if into_id and _exists(uow, into_id) else [])})}
    return locked[id], locked.get(into_id) if into_id else None


def _exists(uow: UnitOfWork, id: uuid.UUID) -> bool:
    return uow.session.execute(select(Question.id).where(Question.id == id)).first() is not None


def _check(uow: UnitOfWork, question: Question, into: Question) -> None:
    errors: list[Text] = []
    if into.id == question.id:
        errors.append(_("Kies een andere vraag: deze kan niet met zichzelf samen."))
    elif into.state != "accepted" or into.step == "closed":
        errors.append(_("Kies een vraag die op de agenda staat of op tafel ligt."))
    if errors:
        raise Invalid({"into_id": errors})
    if question.step != "agenda" or _has_work(uow, question):
        raise Invalid(
            _("Aan deze vraag is al gewerkt: er is een procesvoorstel, een stoel of een inbrengronde. Dan kan samenvoegen niet meer.")
        )


def _has_work(uow: UnitOfWork, question: Question) -> bool:
    work = (
        select(Proposal.id).where(Proposal.question_id == question.id, Proposal.published_at.is_not(None)).limit(1),
        select(Seat.id).where(Seat.question_id == question.id, Seat.state.in_(("offered", "accepted"))).limit(1),
        select(Activity.id).where(Activity.subject_id == question.id).limit(1),
    )
    return any(uow.session.execute(statement).first() for statement in work)
