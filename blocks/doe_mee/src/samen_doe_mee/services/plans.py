"""Plans: beginning them, finding them, and who may work at them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from citycontent.api import Area, CreateProject, Organization, Project, Theme, create_project
from samen_core.api import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    Permission,
    Subject,
    SubjectRef,
    Text,
    UnitOfWork,
    _,
    free_slug,
    register,
    system,
    update_card,
    uuid7,
)
from samen_doe_mee.events.plans import PlanEvent, PlanUpdated
from samen_doe_mee.models import Colleague, Idea, Plan
from samen_doe_mee.permissions import PLAN as MAY_PLAN
from samen_doe_mee.queries.plans import Surroundings, with_surroundings
from samen_doe_mee.schemas.plans import CreatePlan
from samen_doe_mee.services.kinds import PLAN, plan_card

EDITORS = ("lead", "editor")
"""The roles at a plan that may change what it says."""
SHOWN_STATES = ("published", "finished")
RESERVED_SLUGS = ("nieuw", "blauwdrukken")
_TEXTS = ("title", "summary", "about", "fixed", "open", "form", "level", "organization_id", "area_id", "theme_id", "question_id")


def create_plan(uow: UnitOfWork, command: CreatePlan) -> Plan:
    """Begin a plan, as a draft; who begins it leads it. Raises NotAllowed, and Invalid for what it refers to."""
    scopes = tuple(id for id in (command.organization_id, command.area_id, command.project_id) if id is not None)
    MAY_PLAN.require(uow.actor, scopes=scopes)
    check_references(uow, {name: getattr(command, name) for name in (*_REFERENCES, "came_from_id", "question_id")})
    project_id = command.project_id or _new_project(uow, command)
    plan = Plan(id=uuid7(), project_id=project_id, created_at=uow.now, came_from_id=command.came_from_id, proposal={}, contact={})
    for name in _TEXTS:
        setattr(plan, name, getattr(command, name))
    plan.slug = free_slug(uow, Plan.slug, command.title, "plan", RESERVED_SLUGS)
    plan.state = "draft"
    register(uow, SubjectRef(PLAN, plan.id), plan_card(plan))
    uow.session.add(plan)
    uow.session.flush()
    if uow.actor.account_id is not None:
        uow.session.add(Colleague(id=uuid7(), plan_id=plan.id, account_id=uow.actor.account_id, role="lead", added_at=uow.now))
        uow.session.flush()
    uow.record("doe_mee.plan.created", plan.id, after={"title": plan.title, "project_id": str(project_id)})
    return plan


def locked_plan(uow: UnitOfWork, id: uuid.UUID, version: int | None = None) -> Plan:
    """The plan, locked until this transaction ends, so that acts on one plan happen one after the other. It checks no rights.

    Raises NotFound, and Conflict when it changed since ``version``.
    """
    statement = select(Plan).where(Plan.id == id).with_for_update().execution_options(populate_existing=True)
    plan = uow.session.execute(statement).scalar_one_or_none()
    if plan is None:
        raise NotFound
    if version is not None and plan.version != version:
        raise Conflict(current=plan_values(plan), version=plan.version)
    return plan


def plan_to_work_at(uow: UnitOfWork, id: uuid.UUID, *roles: str, version: int | None = None) -> Plan:
    """The plan, locked, for who may work at it in one of these roles (see :func:`may_work`). Raises NotFound, NotAllowed, Conflict."""
    plan = locked_plan(uow, id)
    if not may_see(uow, plan):
        raise NotFound
    require_work(uow, plan, *roles)
    if version is not None and plan.version != version:
        raise Conflict(current=plan_values(plan), version=plan.version)
    return plan


_AT = select(Plan).where(Plan.slug == bindparam("slug"))
_AT_WITH_SURROUNDINGS = with_surroundings(_AT)


def visible_plan(uow: UnitOfWork, slug: str) -> Plan:
    """The plan at an address. Raises NotFound, also for a draft of others."""
    plan = uow.session.execute(_AT, {"slug": slug}).scalar_one_or_none()
    if plan is None or not may_see(uow, plan):
        raise NotFound
    return plan


def visible_plan_with_surroundings(uow: UnitOfWork, slug: str) -> tuple[Plan, Surroundings]:
    """:func:`visible_plan`, and what it is tied to, in the same statement."""
    row = uow.session.execute(_AT_WITH_SURROUNDINGS, {"slug": slug}).one_or_none()
    if row is None or not may_see(uow, row[0]):
        raise NotFound
    return row[0], Surroundings(*row[1:])


def visible_plan_by_id(uow: UnitOfWork, id: uuid.UUID) -> Plan:
    """The plan with this id. Raises NotFound, also for a draft of others."""
    plan = uow.session.get(Plan, id)
    if plan is None or not may_see(uow, plan):
        raise NotFound
    return plan


def is_public(plan: Plan) -> bool:
    """Whether everybody may read it. Of one that was withdrawn only that, and why."""
    return plan.state in SHOWN_STATES


def may_see(uow: UnitOfWork, plan: Plan) -> bool:
    """Whether the actor may open its page: everybody, once it was published; before that who works at it."""
    return is_public(plan) or plan.published_at is not None or may_work(uow, plan)


def may_work(uow: UnitOfWork, plan: Plan, *roles: str, permission: Permission = MAY_PLAN) -> bool:
    """Whether the actor may work at a plan: by the right to make plans (or ``permission``) on it, its organisation, area or project,
    or as a colleague in one of these roles; in any role when none is named. A token of a colleague needs the right in its scopes.
    """
    if permission.allows(uow.actor, plan.id, scopes=scopes_of(plan)):
        return True
    if uow.actor.account_id is None or (uow.actor.scopes is not None and permission.name not in uow.actor.scopes):
        return False
    role = role_at(uow, plan.id)
    return role is not None and (not roles or role in roles)


def require_work(uow: UnitOfWork, plan: Plan, *roles: str, permission: Permission = MAY_PLAN) -> None:
    """Raise NotAllowed unless :func:`may_work`."""
    if not may_work(uow, plan, *roles, permission=permission):
        raise NotAllowed(_("U werkt niet aan dit plan, of uw rol bij dit plan is hiervoor niet genoeg."), log_in=uow.actor.is_anonymous)


def role_at(uow: UnitOfWork, plan_id: uuid.UUID) -> str | None:
    """The role of the actor as a colleague at this plan."""
    if uow.actor.account_id is None:
        return None
    mine = select(Colleague.role).where(Colleague.plan_id == plan_id, Colleague.account_id == uow.actor.account_id)
    return uow.session.execute(mine).scalar_one_or_none()


def scopes_of(plan: Plan) -> tuple[uuid.UUID, ...]:
    """What a grant may be on beside the plan itself: its organisation, area and project."""
    return tuple(id for id in (plan.organization_id, plan.area_id, plan.project_id) if id is not None)


def plan_refs(plan: Plan, *more: SubjectRef) -> tuple[SubjectRef, ...]:
    """What an event of this plan is about: the things named, the plan, its project, area, theme and organisation."""
    found = [*more, SubjectRef(PLAN, plan.id), SubjectRef("project", plan.project_id)]
    for kind, id in (("area", plan.area_id), ("theme", plan.theme_id), ("organization", plan.organization_id)):
        if id is not None:
            found.append(SubjectRef(kind, id))
    return tuple(dict.fromkeys(found))


def tell_plan(uow: UnitOfWork, event: type[PlanEvent], plan: Plan, *more: SubjectRef) -> None:
    """Publish an event of a plan; nothing is told of one that is not there for everybody, except that it was withdrawn."""
    if is_public(plan) or plan.withdrawn_at == uow.now:
        uow.publish(event(plan_id=plan.id, about=plan_refs(plan, *more)))


def keep_plan(uow: UnitOfWork, plan: Plan, what: str, sentence: Text, *, reason: str = "", after: Mapping[str, Any] | None = None) -> None:
    """Bring the register up to date, log what changed and tell it. A line in its public logbook once it is published."""
    uow.session.flush()
    update_card(uow, SubjectRef(PLAN, plan.id), plan_card(plan))
    shown = dict(after) if after else None
    uow.record(f"doe_mee.plan.{what}", plan.id, after=shown, reason=reason, public=is_public(plan), sentence=sentence)
    tell_plan(uow, PlanUpdated, plan)


def plan_values(plan: Plan) -> dict[str, Any]:
    """What the forms of a plan show: its own fields, and those of its process proposal and contact by their names."""
    own = {name: getattr(plan, name) for name in (*_TEXTS, "project_id", "objection_text", "objection_url", "decided_by", "version")}
    contact = {f"contact_{name}": text for name, text in plan.contact.items()}
    return {**plan.proposal, **contact, **own}


def check_references(uow: UnitOfWork, ids: Mapping[str, uuid.UUID | None]) -> None:
    """Raise Invalid with every field that refers to something there is not (any more)."""
    errors: dict[str, list[Text]] = {}
    for name, id in ids.items():
        if id is not None and not _there(uow, name, id):
            errors[name] = [_("Dit bestaat niet (meer). Kies iets anders.")]
    if errors:
        raise Invalid(errors)


_REFERENCES: dict[str, Any] = {"project_id": Project, "organization_id": Organization, "area_id": Area, "theme_id": Theme}


def _there(uow: UnitOfWork, name: str, id: uuid.UUID) -> bool:
    if name == "came_from_id":
        return uow.session.get(Idea, id) is not None
    if name == "question_id":
        return (
            uow.session.execute(select(Subject.id).where(Subject.id == id, Subject.public, Subject.state == "active")).first() is not None
        )
    found = uow.session.get(_REFERENCES[name], id)
    return found is not None and found.state == "active"


def _new_project(uow: UnitOfWork, command: CreatePlan) -> uuid.UUID:
    """A project of the city for a plan that has none yet. Who may make the plan may make that, whatever their rights on projects are."""
    area_ids = (command.area_id,) if command.area_id is not None else ()
    theme_ids = (command.theme_id,) if command.theme_id is not None else ()
    made = CreateProject(
        name=command.title,
        status="preparation",
        summary=command.summary[:280],
        lead_organization_id=command.organization_id,
        area_ids=area_ids,
        theme_ids=theme_ids,
    )
    with uow.acting(system(uow.actor.origin)):
        return create_project(uow, made).id
