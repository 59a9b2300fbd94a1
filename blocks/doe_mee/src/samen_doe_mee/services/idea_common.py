"""What every rule about ideas does: find one, check who acts and who sees, keep its card, log and tell."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from samen_core.api import (
    CITY_TIME_ZONE,
    Conflict,
    NotAllowed,
    NotFound,
    SubjectRef,
    Text,
    UnitOfWork,
    _,
    clean_code,
    keyed_hash,
    update_card,
    uuid7,
)
from samen_doe_mee.events.ideas import IdeaEvent
from samen_doe_mee.models import ENDED_STATUSES, Idea, IdeaStep
from samen_doe_mee.permissions import HANDLE_IDEAS
from samen_doe_mee.services.kinds import IDEA, idea_card

RECEIPT = "doe_mee.idea_receipt"


def today(uow: UnitOfWork) -> date:
    """The day it is in the city."""
    return uow.now.astimezone(CITY_TIME_ZONE).date()


def idea_ref(idea: Idea) -> SubjectRef:
    """An idea in the register."""
    return SubjectRef(IDEA, idea.id)


def scopes_of(idea: Idea) -> tuple[uuid.UUID, ...]:
    """What a grant may be on beside the idea itself: the organisation that handles it, its area and its project."""
    return tuple(id for id in (idea.owner_organization_id, idea.area_id, idea.project_id) if id is not None)


def may_handle(uow: UnitOfWork, idea: Idea) -> bool:
    """Whether the actor may work at an idea."""
    return HANDLE_IDEAS.allows(uow.actor, idea.id, scopes=scopes_of(idea))


def require_handler(uow: UnitOfWork, idea: Idea) -> None:
    """Raise NotAllowed for who may not work at an idea."""
    HANDLE_IDEAS.require(uow.actor, idea.id, scopes=scopes_of(idea))


def code_hash(uow: UnitOfWork, code: str) -> str:
    """What is stored of a receipt code; of one that cannot exist the hash of nothing."""
    return keyed_hash(uow.platform, RECEIPT, clean_code(code[:40]) or "")


def is_author(uow: UnitOfWork, idea: Idea, code: str = "") -> bool:
    """Whether the actor wrote it: by account, or by the code of its receipt."""
    if uow.actor.account_id is not None and idea.account_id == uow.actor.account_id:
        return True
    return bool(code) and idea.key_hash is not None and code_hash(uow, code) == idea.key_hash


def require_author(uow: UnitOfWork, idea: Idea, code: str = "") -> None:
    """Raise NotAllowed for who did not write it."""
    if not is_author(uow, idea, code):
        raise NotAllowed(_("Dit kan alleen wie het idee indiende."), log_in=uow.actor.is_anonymous)


def may_see(uow: UnitOfWork, idea: Idea, code: str = "") -> bool:
    """Whether the actor may open its page: everybody once it was published, also after it was withdrawn (without what it said)."""
    return idea.state in ("published", "merged", "withdrawn") or is_author(uow, idea, code) or may_handle(uow, idea)


def visible_idea(uow: UnitOfWork, key: str | uuid.UUID, code: str = "") -> Idea:
    """An idea that the actor may see, by its slug or id. Raises NotFound, also for one that is not theirs to see."""
    which = Idea.id == key if isinstance(key, uuid.UUID) else Idea.slug == key
    idea = uow.session.execute(select(Idea).where(which)).scalar_one_or_none()
    if idea is None or not may_see(uow, idea, code):
        raise NotFound
    return idea


def locked_idea(uow: UnitOfWork, id: uuid.UUID, version: int | None = None) -> Idea:
    """An idea to change, locked until the transaction ends. Raises NotFound, and Conflict when it changed since ``version``."""
    statement = select(Idea).where(Idea.id == id).with_for_update().execution_options(populate_existing=True)
    idea = uow.session.execute(statement).scalar_one_or_none()
    if idea is None:
        raise NotFound
    check_version(idea, version)
    return idea


def idea_to_handle(uow: UnitOfWork, id: uuid.UUID, version: int | None = None) -> Idea:
    """An idea that staff works at, locked. Raises NotFound, NotAllowed, and Conflict when it changed since ``version``."""
    idea = locked_idea(uow, id)
    if not may_see(uow, idea):
        raise NotFound
    require_handler(uow, idea)
    check_version(idea, version)
    return idea


def check_version(idea: Idea, version: int | None) -> None:
    """Raise Conflict with what is stored now when somebody else changed it since ``version`` was read."""
    if version is not None and idea.version != version:
        raise Conflict(current=handling_values(idea), version=idea.version)


def handling_values(idea: Idea) -> dict[str, Any]:
    """What the forms of the desk show of it, for who was second."""
    names = ("status", "owner_id", "owner_organization_id", "answer_by", "state")
    return {**{name: getattr(idea, name) for name in names}, "text": idea.status_text, "version": idea.version}


def lock_for_authors(uow: UnitOfWork, name: str) -> None:
    """Let transactions that need the same thing go one by one, until they end; on SQLite all that write do."""
    if uow.session.get_bind().dialect.name == "postgresql":
        uow.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"doe_mee.{name}"))))


def term_of(idea: Any, day: date) -> str:
    """How it stands with the threshold: ``reached``, ``running``, ``expired`` (by date, and nobody took it up), or "" for ended or none."""
    if idea.reached_at is not None:
        return "reached"
    if idea.ends_on is None or idea.needed is None or idea.status in ENDED_STATUSES:
        return ""
    if idea.ends_on >= day:
        return "running"
    return "expired" if idea.status == "received" else ""


def is_open(idea: Any, day: date) -> bool:
    """Whether it can be supported now: published, not ended, and not expired."""
    return idea.state == "published" and idea.status not in ENDED_STATUSES and term_of(idea, day) != "expired"


def keep_card(uow: UnitOfWork, idea: Idea) -> None:
    """Bring the register up to date with an idea that changed."""
    uow.session.flush()
    update_card(uow, idea_ref(idea), idea_card(idea))


def add_step(
    uow: UnitOfWork, idea: Idea, kind: str, text: str = "", *, before: str | None = None, subject_id: uuid.UUID | None = None
) -> IdeaStep:
    """Add what became of an idea, as it stands now; the newest is last."""
    step = IdeaStep(
        id=uuid7(),
        idea_id=idea.id,
        kind=kind,
        status=idea.status,
        status_before=before,
        text=text,
        subject_id=subject_id,
        account_id=uow.actor.account_id if may_handle(uow, idea) else None,
        at=uow.now,
    )
    uow.session.add(step)
    return step


def about(idea: Idea, *more: SubjectRef) -> tuple[SubjectRef, ...]:
    """What an event of an idea is about: itself, its area, theme and project."""
    found = [idea_ref(idea), *more]
    for kind, id in (("area", idea.area_id), ("theme", idea.theme_id), ("project", idea.project_id)):
        if id is not None:
            found.append(SubjectRef(kind, id))
    return tuple(dict.fromkeys(found))


def tell(uow: UnitOfWork, event: type[IdeaEvent], idea: Idea, *more: SubjectRef) -> None:
    """Publish an event of an idea."""
    uow.publish(event(idea_id=idea.id, status=idea.status, about=about(idea, *more)))


def log(
    uow: UnitOfWork,
    event: type[IdeaEvent],
    idea: Idea,
    sentence: Text,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    public: bool = True,
) -> None:
    """Write a line in the history of an idea, and publish the event of the same name. Never what a resident wrote."""
    old, new = dict(before) if before else None, dict(after) if after else None
    shown = public and idea.state in ("published", "merged", "withdrawn")
    uow.record(event.type, idea.id, before=old, after=new, reason=reason, public=shown, sentence=sentence)
    tell(uow, event, idea)


def published(statement: Select[Any]) -> Select[Any]:
    """The statement for only those ideas that stand in lists."""
    return statement.where(Idea.state == "published")
