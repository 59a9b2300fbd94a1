"""What staff does with an idea: an answer in a status with its text, who handles it and by when, hiding and showing again."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from citycontent.api import Organization
from samen_core.api import (
    ACCOUNT_ADDRESSES,
    MODERATE,
    Conflict,
    Invalid,
    NotFound,
    Task,
    UnitOfWork,
    _,
    colleagues,
    explanation,
    hide,
    managed_mail,
    n_,
    queue_mail,
    show_again,
)
from samen_doe_mee import paths
from samen_doe_mee.events.ideas import IdeaMoved, IdeaUpdated, IdeaWithdrawn
from samen_doe_mee.labels import IDEA_STATUS_LABELS
from samen_doe_mee.managed_texts import ideas as texts
from samen_doe_mee.models import ENDED_STATUSES, IDEA_STATUSES, Idea
from samen_doe_mee.permissions import HANDLE_IDEAS
from samen_doe_mee.queries.idea_desk import DeskFilter, count_desk
from samen_doe_mee.schemas.idea_handling import LEAST, AssignIdea, AssignMany, GiveStatus, HideIdea, ShowIdea
from samen_doe_mee.services.idea_common import (
    add_step,
    idea_ref,
    idea_to_handle,
    keep_card,
    locked_idea,
    log,
    may_see,
    scopes_of,
    tell,
    today,
)

CAP = 99


def give_status(uow: UnitOfWork, id: uuid.UUID, command: GiveStatus) -> Idea:
    """Say what is done with an idea, and why: everybody reads it, who carries and follows it hears it.

    The same status again is a further answer. One that ended may be taken up again. Raises NotFound, NotAllowed, Conflict, and Invalid
    without a text or for an idea that is not there for everybody.
    """
    idea = idea_to_handle(uow, id, command.version)
    if command.status not in IDEA_STATUSES:
        raise Invalid({"status": [_("Kies wat er met het idee gebeurt.")]})
    text = command.text.strip()
    if len(text) < LEAST:
        raise Invalid({"text": [_("Schrijf een antwoord, in gewone woorden: iedereen leest het.")]})
    if idea.state != "published":
        raise Invalid(_("Dit idee staat niet op de website. Een antwoord kan daarom niet."))
    before = idea.status
    idea.status, idea.status_text, idea.status_at = command.status, text, uow.now
    idea.ended_at = uow.now if command.status in ENDED_STATUSES else None
    if command.status != "received":
        # What was due has been done; a further promise is made by hand.
        idea.answer_by = None
    if idea.owner_id is None and uow.actor.account_id is not None:
        idea.owner_id = uow.actor.account_id
    add_step(uow, idea, "status", text, before=before)
    keep_card(uow, idea)
    sentence = _("Het antwoord op het idee is nu: {status}.", status=IDEA_STATUS_LABELS[idea.status])
    log(uow, IdeaMoved, idea, sentence, before={"status": before}, after={"status": idea.status})
    return idea


def assign_idea(uow: UnitOfWork, id: uuid.UUID, command: AssignIdea) -> Idea:
    """Say who handles an idea and by when there is an answer. Raises NotFound, NotAllowed, Conflict and Invalid by field."""
    idea = idea_to_handle(uow, id, command.version)
    errors = {}
    if command.owner_id not in (None, idea.owner_id) and command.owner_id not in possible_owners(uow):
        errors["owner_id"] = [_("Deze collega behandelt geen ideeën.")]
    if command.owner_organization_id not in (None, idea.owner_organization_id):
        found = uow.session.get(Organization, command.owner_organization_id)
        if found is None or found.state != "active":
            errors["owner_organization_id"] = [_("Deze organisatie bestaat niet (meer).")]
    if command.answer_by not in (None, idea.answer_by) and command.answer_by < today(uow):
        errors["answer_by"] = [_("Deze dag is al voorbij. Kies een dag die nog komt.")]
    if errors:
        raise Invalid(errors)
    names = ("owner_id", "owner_organization_id", "answer_by")
    before = {name: getattr(idea, name) for name in names}
    for name in names:
        setattr(idea, name, getattr(command, name))
    _assigned(uow, idea, before)
    return idea


def assign_many(uow: UnitOfWork, command: AssignMany) -> int:
    """Give several ideas to one colleague, or to nobody; how many changed. Those that the actor may not handle are refused together.

    Raises NotFound, NotAllowed and Invalid.
    """
    if command.owner_id is not None and command.owner_id not in possible_owners(uow):
        raise Invalid({"owner_id": [_("Deze collega behandelt geen ideeën.")]})
    changed = 0
    for id in sorted(set(command.idea_ids)):
        idea = idea_to_handle(uow, id)
        if idea.owner_id != command.owner_id:
            before = {"owner_id": idea.owner_id}
            idea.owner_id = command.owner_id
            _assigned(uow, idea, before)
            changed += 1
    return changed


def _assigned(uow: UnitOfWork, idea: Idea, before: dict[str, Any]) -> None:
    after = {name: getattr(idea, name) for name in before}
    if after == before:
        return
    uow.session.flush()
    # Which colleague it is, is nobody's business; the organisation stands on the page.
    uow.record("doe_mee.idea.assigned", idea.id, before=before, after=after, sentence=_("Er is afgesproken wie het idee behandelt."))
    tell(uow, IdeaUpdated, idea)


def possible_owners(uow: UnitOfWork) -> dict[uuid.UUID, str]:
    """The colleagues who can have an idea, by account, in order of their names. One statement."""
    return colleagues(uow, HANDLE_IDEAS.roles)


def hide_idea(uow: UnitOfWork, id: uuid.UUID, command: HideIdea) -> Idea:
    """Take an idea out of sight; its author is told why and how to object. Raises NotFound, NotAllowed, Conflict and Invalid."""
    idea = _to_moderate(uow, id, "published", command.version)
    why = hide(uow, idea_ref(idea), command.reason, command.code, scopes=scopes_of(idea))
    idea.state = "hidden"
    keep_card(uow, idea)
    tell(uow, IdeaWithdrawn, idea)
    address, language = author_address(uow, idea)
    if address:
        values = {"title": idea.title, "explanation": explanation(uow, why)}
        queue_mail(uow, managed_mail(uow, texts.HIDDEN_IDEA, address, language, values))
    return idea


def show_idea(uow: UnitOfWork, id: uuid.UUID, command: ShowIdea) -> Idea:
    """Show a hidden idea again, as it was. Raises NotFound, NotAllowed, Conflict and Invalid."""
    idea = _to_moderate(uow, id, "hidden", command.version)
    show_again(uow, idea_ref(idea), command.reason, scopes=scopes_of(idea))
    idea.state = "published"
    keep_card(uow, idea)
    tell(uow, IdeaUpdated, idea)
    return idea


def _to_moderate(uow: UnitOfWork, id: uuid.UUID, state: str, version: int) -> Idea:
    idea = locked_idea(uow, id)
    if not may_see(uow, idea):
        raise NotFound
    MODERATE.require(uow.actor, idea.id, scopes=scopes_of(idea))
    if idea.state != state:
        raise Invalid(_("Dit idee kan nu niet worden verborgen.") if state == "published" else _("Dit idee is niet verborgen."))
    if idea.version != version:
        raise Conflict(current={"state": idea.state}, version=idea.version)
    return idea


def author_address(uow: UnitOfWork, idea: Idea) -> tuple[str, str]:
    """Where mail to its author goes, and in which language; "" where it may not go. At most one statement."""
    if idea.account_id is not None:
        columns = ACCOUNT_ADDRESSES.c
        row = uow.session.execute(select(columns.email, columns.language).where(columns.id == idea.account_id)).one_or_none()
        return (row.email, row.language) if row is not None else ("", idea.language)
    return (idea.email if idea.email_confirmed_at is not None else ""), idea.language


def idea_tasks(uow: UnitOfWork) -> list[Task]:
    """For who handles ideas: their own that wait for an answer, and what is late. At most two statements."""
    if not HANDLE_IDEAS.somewhere(uow.actor) or uow.actor.account_id is None:
        return []
    day = today(uow)
    mine = count_desk(uow, DeskFilter(owner_id=uow.actor.account_id, statuses=("received",)), day, CAP)
    late = count_desk(uow, DeskFilter(late=True), day, CAP)
    told = (
        (
            mine,
            n_("{n} idee van u wacht op antwoord", "{n} ideeën van u wachten op antwoord", mine.number),
            "?behandelaar=ik&status=received",
        ),
        (late, n_("Bij {n} idee is het antwoord te laat", "Bij {n} ideeën is het antwoord te laat", late.number), "?te-laat=ja"),
    )
    return [Task(text, f"{paths.DESK_IDEAS}{query}", count.number, "lightbulb") for count, text, query in told if count.number]
