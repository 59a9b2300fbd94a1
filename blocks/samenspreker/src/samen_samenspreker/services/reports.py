"""The final report: its part A is written as a draft, then A, B and C are frozen with a number and a date (DOMAIN.md)."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import bindparam, or_, select

from samen_core.api import Conflict, Invalid, NotFound, SubjectData, SubjectRef, UnitOfWork, _, n_, register, uuid7
from samen_inbreng.api import Activity, activity_path, finish_subject, subject_path, unanswered
from samen_samenspreker.document_log import REPORT_SAVED
from samen_samenspreker.events import ReportPublished
from samen_samenspreker.models import FinalReport, Proposal, Question, ReportDraft
from samen_samenspreker.paths import table
from samen_samenspreker.proposal_parts import PARTS, PROPOSAL
from samen_samenspreker.queries.decisions import decisions_of, weighings_of
from samen_samenspreker.queries.evaluations import evaluation_of_cycle
from samen_samenspreker.queries.proposal_text import stored_values
from samen_samenspreker.queries.proposals import published_proposal
from samen_samenspreker.queries.reports import AnyRow, report_by_id, report_draft, reports_of
from samen_samenspreker.queries.rounds import rounds_of
from samen_samenspreker.schemas.reports import PublishReport, SaveReport
from samen_samenspreker.services.common import check_version, get_question, locked_question, require_active, require_facilitator
from samen_samenspreker.services.documents import log_document
from samen_samenspreker.services.gates import Missing
from samen_samenspreker.services.report_rows import Freezer
from samen_samenspreker.services.rounds import is_cancelled

TYPE = "final_report"
REPORT = "eindverslag"
STEPS = ("execute", "evaluate", "closed")
"""From when a report can be made: the city sends it within two weeks after the decision where possible, and may make a later version."""

_OPEN = (
    select(Activity.title, Activity.slug)
    .where(
        Activity.subject_id == bindparam("question_id"),
        Activity.kind == "reactions",
        Activity.closed_at.is_(None),
        or_(Activity.closes_at.is_(None), Activity.closes_at > bindparam("now", type_=Activity.opens_at.type)),
    )
    .order_by(Activity.opens_at, Activity.id)
)


def get_report(uow: UnitOfWork, id: uuid.UUID) -> tuple[Question, AnyRow]:
    """A report as it was frozen, with its table. Raises NotFound."""
    found = report_by_id(uow, id)
    if found is None:
        raise NotFound
    return get_question(uow, found.question_id), found


def save_report(uow: UnitOfWork, question_id: uuid.UUID, command: SaveReport) -> ReportDraft:
    """Write the texts of part A; they may be unfinished.

    Raises NotFound, NotAllowed, Gone, Invalid (another step), and Conflict with the texts of now.
    """
    question = _locked(uow, question_id)
    draft = report_draft(uow, question_id)
    if draft is None:
        if command.version is not None:
            raise Conflict(_("Dit concept is er niet meer."))
        draft = ReportDraft(question_id=question_id, deviations={}, updated_at=uow.now)
        uow.session.add(draft)
    else:
        current = draft_values(draft)
        if command.version is None:
            raise Conflict(_("Er is al een concept. Werk daaraan verder."), current=current, version=draft.version)
        check_version(draft, command.version, current)
    texts = {letter: dict(part) for letter, part in command.deviations.items()}
    if draft.deviations != texts:
        draft.deviations, draft.updated_at = texts, uow.now
        uow.session.flush()
        uow.record(REPORT_SAVED, question_id, after={"cycle": question.cycle})
    return draft


def publish_report(uow: UnitOfWork, question_id: uuid.UUID, command: PublishReport) -> FinalReport:
    """Freeze the report. What was published before stays; this one has the next number.

    Raises NotFound, NotAllowed, Gone, Conflict, and Invalid with everything that is missing.
    """
    question = _locked(uow, question_id)
    draft = report_draft(uow, question_id)
    if draft is not None:
        check_version(draft, command.version, draft_values(draft))
    if lacking := missing_for_report(uow, question, draft):
        raise Invalid({"": [item.text for item in lacking]})
    earlier = reports_of(uow, question_id)
    number = earlier[0].number + 1 if earlier else 1
    ref = SubjectRef(TYPE, uuid7())
    register(uow, ref, _card(question, number))
    report = FinalReport(
        id=ref.id,
        question_id=question_id,
        cycle=question.cycle,
        number=number,
        deviations=draft.deviations if draft else {},
        parts={},
        published_at=uow.now,
    )
    uow.session.add(report)
    uow.session.flush()
    report.parts = {**_parts(uow, question), "counts": Freezer(uow, ref.id, question_id).freeze()}
    uow.session.flush()
    if draft is not None:
        # A new version, so that the same form sent twice freezes one report.
        draft.updated_at = uow.now
    finish_subject(uow, question_id)
    log_document(uow, ReportPublished, question, {"number": number}, ref)
    return report


def missing_for_report(uow: UnitOfWork, question: Question, draft: ReportDraft | None) -> list[Missing]:
    """What keeps the report from being frozen, each with the page where it is mended. Five statements."""
    found: list[Missing] = []
    edit = table(question.slug, f"{REPORT}/bewerken")
    if published_proposal(uow, question.id) is None:
        found.append(Missing("proposal", _("Er is nog geen gepubliceerd procesvoorstel."), table(question.slug, PROPOSAL)))
    texts = draft.deviations if draft else {}
    for part in PARTS:
        if not texts.get(part.letter, {}).get("went"):
            text = _("Schrijf bij deel {letter} hoe het ging: {title}.", letter=part.letter, title=part.title)
            found.append(Missing(f"part_{part.letter}", text, f"{edit}#f-deviations-{part.letter}-went"))
    for row in uow.session.execute(_OPEN, {"question_id": question.id, "now": uow.now}):
        found.append(Missing("open", _("Sluit eerst “{title}”.", title=row.title), activity_path(row.slug)))
    waiting = unanswered(uow, question.id)
    if waiting:
        text = n_("{n} bijdrage heeft nog geen antwoord.", "{n} bijdragen hebben nog geen antwoord.", waiting)
        found.append(Missing("unanswered", text, subject_path(question.id, "beantwoorden")))
    if decisions_of(uow, question.id).published is None:
        found.append(Missing("decision", _("Er is nog geen gepubliceerd besluit."), table(question.slug, "besluit")))
    return found


def draft_values(draft: ReportDraft) -> dict[str, Any]:
    """What the form shows; of the parts every one that there is."""
    empty = {"went": "", "deviation": ""}
    return {"deviations": {part.letter: {**empty, **draft.deviations.get(part.letter, {})} for part in PARTS}, "version": draft.version}


def _locked(uow: UnitOfWork, question_id: uuid.UUID) -> Question:
    question = locked_question(uow, question_id)
    require_facilitator(uow, question)
    require_active(question, *STEPS)
    return question


def _card(question: Question, number: int) -> SubjectData:
    return SubjectData(
        title=f"Eindverslag: {question.title}" if number == 1 else f"Eindverslag (versie {number}): {question.title}",
        url=table(question.slug, f"{REPORT}/{number}"),
        area_ref=question.area_id,
    )


def _parts(uow: UnitOfWork, question: Question) -> dict[str, Any]:
    """What A and C show, as it is now: JSON only, without names of private people."""
    proposal = published_proposal(uow, question.id)
    return {
        "question": {"title": question.title, "kind": question.kind},
        "proposal": _proposal(proposal) if proposal else None,
        "rounds": [_round(row) for row in rounds_of(uow, question.id) if not is_cancelled(row)],
        "evaluation": _evaluation(uow, question),
        "decision": _decision(uow, question),
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    published_at = proposal.published_at.isoformat() if proposal.published_at else None
    return {"number": proposal.number, "published_at": published_at, "values": stored_values(proposal)}


def _round(row: AnyRow) -> dict[str, Any]:
    names = ("number", "kind", "title", "agreed", "disagreed", "minority")
    days = {name: getattr(row, name).isoformat() for name in ("opens_on", "ends_on")}
    return {**{name: getattr(row, name) for name in names}, **days, "closed": row.closed_at is not None}


def _evaluation(uow: UnitOfWork, question: Question) -> dict[str, Any] | None:
    found = evaluation_of_cycle(uow, question.id, question.cycle)
    if found is None or found.published_at is None:
        return None
    return {name: getattr(found, name) for name in ("goals", "result", "process", "lessons")}


def _decision(uow: UnitOfWork, question: Question) -> dict[str, Any] | None:
    row = decisions_of(uow, question.id).published
    if row is None:
        return None
    weighed = [
        {"kind": "option" if item.option_id else "theme", "title": item.option_title or item.theme_title, "text": item.text}
        for item in weighings_of(uow, [row.id])[row.id]
    ]
    names = ("decided_by", "text", "reasons", "deviates", "deviation", "reaction", "organization_name", "option_title")
    decided_on = row.decided_on.isoformat() if row.decided_on else None
    return {"id": str(row.id), **{name: getattr(row, name) for name in names}, "decided_on": decided_on, "weighings": weighed}
