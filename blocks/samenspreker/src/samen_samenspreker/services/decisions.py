"""Decisions: a draft that may be unfinished, published once, then never changed but superseded by a later one (DOMAIN.md, step 3)."""

from __future__ import annotations

import uuid

from sqlalchemy import bindparam, select

from citycontent.api import Organization
from samen_core.api import (
    Conflict,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    SubjectData,
    SubjectRef,
    Text,
    UnitOfWork,
    _,
    register,
    update_card,
    uuid7,
)
from samen_inbreng.api import Theme
from samen_samenspreker.events import DecisionPublished
from samen_samenspreker.models import Decision, Option, Question, Weighing
from samen_samenspreker.paths import table
from samen_samenspreker.permissions import DECIDE, FACILITATE, WRITE_DECISION
from samen_samenspreker.queries.decisions import decisions_of, is_theme_decided_on, weighings_of
from samen_samenspreker.schemas.decisions import PublishDecision, WriteDecision
from samen_samenspreker.services.acts import log_act
from samen_samenspreker.services.common import check_version, get_question, locked_part, locked_question, my_seats, require_active, today
from samen_samenspreker.services.decision_rules import load_case, missing_in
from samen_samenspreker.services.gates import Missing
from samen_samenspreker.services.question_cards import summary
from samen_samenspreker.solve_log import DECISION_DRAFTED

TYPE = "decision"
FIELDS = ("organization_id", "decided_by", "decided_on", "option_id", "text", "reasons", "deviates", "deviation", "reaction")
STEPS = ("decide", "execute", "evaluate")
"""Where a decision may be written: in step 3, and later when a new one must take the place of the first."""

_OPTIONS = select(Option.id).where(Option.question_id == bindparam("id"))
_THEMES = select(Theme.id).where(Theme.subject_id == bindparam("id"))


def may_write(uow: UnitOfWork, question: Question) -> bool:
    """Whether the actor may write a draft: who facilitates or decides, and who has the seat of decision maker. At most one statement."""
    if FACILITATE.allows(uow.actor, question.id) or DECIDE.allows(uow.actor, question.id):
        return True
    return any(seat.role == "decision_maker" for seat in my_seats(uow, question.id))


def get_decision(uow: UnitOfWork, id: uuid.UUID) -> tuple[Question, Decision]:
    """A decision with its table. Raises NotFound, also for a draft that the actor may not write."""
    found = uow.session.get(Decision, id)
    if found is None:
        raise NotFound
    question = get_question(uow, found.question_id)
    if found.state == "draft" and not may_write(uow, question):
        raise NotFound
    return question, found


def write_decision(uow: UnitOfWork, question_id: uuid.UUID, command: WriteDecision) -> Decision:
    """Write the draft of a table's decision, or write it anew; it may be unfinished.

    Raises NotFound, NotAllowed, Gone, Invalid (another step, things that do not exist) and Conflict: somebody else wrote it meanwhile.
    """
    question = locked_question(uow, question_id)
    _require_writer(uow, question)
    require_active(question, *STEPS)
    found = decisions_of(uow, question.id)
    draft = uow.session.get(Decision, found.draft.id, populate_existing=True) if found.draft else None
    if draft is not None and command.version is None:
        raise Conflict(_("Er is al een concept. Werk daaraan verder."), current=decision_values(uow, draft), version=draft.version)
    if draft is None and command.version is not None:
        raise Conflict(_("Dit concept is er niet meer: het besluit is al gepubliceerd."))
    _check_references(uow, question, command)
    if draft is None:
        draft = _start(uow, question)
    else:
        check_version(draft, command.version or 0, decision_values(uow, draft))
    for name in FIELDS:
        setattr(draft, name, getattr(command, name))
    draft.cycle, draft.updated_at = question.cycle, uow.now
    uow.session.flush()
    _weigh(uow, draft, command)
    uow.record(DECISION_DRAFTED, question.id, after={"decision": draft.id})
    return draft


def rewrite_decision(uow: UnitOfWork, id: uuid.UUID, command: WriteDecision) -> Decision:
    """Write a known draft anew. Raises like :func:`write_decision`, and Gone for one that is published: that never changes."""
    question, draft = locked_part(uow, Decision, id)
    _require_writer(uow, question)
    if draft.state != "draft":
        raise Gone(_("Dit besluit is al gepubliceerd en verandert niet meer. Leg een nieuw besluit vast."))
    return write_decision(uow, question.id, command)


def publish_decision(uow: UnitOfWork, id: uuid.UUID, command: PublishDecision) -> Decision:
    """Publish a draft, once. The decision before it, if there is one, stays to be read as superseded.

    Raises NotFound, NotAllowed, Gone for one that is published already, Conflict, and Invalid with everything that is missing.
    """
    question, draft = locked_part(uow, Decision, id)
    DECIDE.require(uow.actor, question.id)
    require_active(question, *STEPS)
    if draft.state != "draft":
        raise Gone(_("Dit besluit is al gepubliceerd en verandert niet meer. Leg een nieuw besluit vast."))
    check_version(draft, command.version, decision_values(uow, draft))
    if lacking := decision_missing(uow, question, draft):
        raise Invalid({"": [item.text for item in lacking]})
    before = decisions_of(uow, question.id).published
    if before is not None:
        earlier = uow.session.get_one(Decision, before.id)
        earlier.state = "superseded"
        draft.supersedes_id = earlier.id
        uow.session.flush()
        update_card(uow, SubjectRef(TYPE, earlier.id), _card(question, earlier))
    draft.state, draft.published_at, draft.updated_at, draft.cycle = "published", uow.now, uow.now, question.cycle
    uow.session.flush()
    ref = SubjectRef(TYPE, id)
    update_card(uow, ref, _card(question, draft))
    after: dict[str, object] = {"decided_on": draft.decided_on, "option_id": draft.option_id, "supersedes_id": draft.supersedes_id}
    log_act(uow, DecisionPublished, question, ref, {**after, "deviates": draft.deviates})
    return draft


def decision_missing(uow: UnitOfWork, question: Question, draft: Decision) -> list[Missing]:
    """Everything that still stops the publication of a draft, with links. At most five statements."""
    return missing_in(question, draft, load_case(uow, question, draft), today(uow))


def decision_values(uow: UnitOfWork, draft: Decision) -> dict[str, object]:
    """What the form of the draft shows: a field for each option and theme that is weighed beside the others."""
    found: dict[str, object] = {name: getattr(draft, name) for name in (*FIELDS, "version")}
    for row in weighings_of(uow, [draft.id])[draft.id]:
        name = f"option_{row.option_id.hex}" if row.option_id else f"theme_{row.theme_id.hex}"
        found[name] = row.text
    return found


def require_not_decided_on(uow: UnitOfWork, theme_id: uuid.UUID) -> None:
    """Raise Invalid when a published decision weighs this theme of reactions: what it says, it says of the theme of that name."""
    if is_theme_decided_on(uow, theme_id):
        raise Invalid({"title": [_("Dit thema staat in een gepubliceerd besluit. Daarom blijft de naam zoals hij is.")]})


def _require_writer(uow: UnitOfWork, question: Question) -> None:
    if not may_write(uow, question):
        raise NotAllowed(_("Alleen de procesbegeleider en de beslisser schrijven aan het besluit."), log_in=uow.actor.is_anonymous)
    WRITE_DECISION.require(uow.actor, question.id)


def _start(uow: UnitOfWork, question: Question) -> Decision:
    draft = Decision(id=uuid7(), question_id=question.id, cycle=question.cycle, state="draft", text="", updated_at=uow.now)
    register(uow, SubjectRef(TYPE, draft.id), _card(question, draft))
    uow.session.add(draft)
    return draft


def _check_references(uow: UnitOfWork, question: Question, command: WriteDecision) -> None:
    errors: dict[str, list[Text]] = {}
    if command.organization_id:
        organization = uow.session.get(Organization, command.organization_id)
        if organization is None or organization.state != "active":
            errors["organization_id"] = [_("Deze organisatie bestaat niet.")]
    options, themes = (set(uow.session.execute(statement, {"id": question.id}).scalars()) for statement in (_OPTIONS, _THEMES))
    if command.option_id and command.option_id not in options:
        errors["option_id"] = [_("Deze oplossing hoort niet bij deze tafel.")]
    if {item.option_id for item in command.weighings if item.option_id and item.text} - options:
        errors["weighings"] = [_("Een van de oplossingen hoort niet bij deze tafel.")]
    if {item.theme_id for item in command.weighings if item.theme_id and item.text} - themes:
        errors["weighings"] = [_("Een van de thema's hoort niet bij deze tafel.")]
    if errors:
        raise Invalid(errors)


def _weigh(uow: UnitOfWork, draft: Decision, command: WriteDecision) -> None:
    """Store what is weighed; what the command does not name stays."""
    stored = {weighing.option_id or weighing.theme_id: weighing for weighing in _stored(uow, draft)}
    for item in command.weighings:
        known = stored.get(item.option_id or item.theme_id)
        if known is None and item.text:
            made = Weighing(id=uuid7(), decision_id=draft.id, option_id=item.option_id, theme_id=item.theme_id, text=item.text)
            uow.session.add(made)
            stored[item.option_id or item.theme_id] = made
        elif known is not None and item.text:
            known.text = item.text
        elif known is not None:
            uow.session.delete(known)
    uow.session.flush()


def _stored(uow: UnitOfWork, draft: Decision) -> list[Weighing]:
    return list(uow.session.execute(select(Weighing).where(Weighing.decision_id == draft.id)).scalars())


def _card(question: Question, decision: Decision) -> SubjectData:
    return SubjectData(
        title=f"Besluit: {question.title}",
        url=table(question.slug, f"besluit/{decision.id}"),
        summary=summary(decision.text),
        area_ref=question.area_id,
        public=decision.state != "draft",
    )
