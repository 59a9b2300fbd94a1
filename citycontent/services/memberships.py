"""Posts of organisations, and who is in them. Who may edit an organisation may edit these."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import func, literal, or_, select

from citycontent.events import MembershipCreated, MembershipDeleted, MembershipUpdated, PostCreated, PostDeleted, PostUpdated
from citycontent.models import Membership, Organization, PartialDate, Person, Post
from citycontent.paths import page
from citycontent.permissions import EDIT_ORGANIZATION
from citycontent.schemas import CreateMembership, CreatePost, Delete, UpdateMembership, UpdatePost
from citycontent.services.acting import membership_changed
from citycontent.services.entities import add, assign, change, check_version, locked, refs
from citycontent.services.references import Reference, check_references
from citycontent.services.texts import link_lines
from samen_core.api import Invalid, NotFound, SubjectData, UnitOfWork, _, uuid7

POST = "post"
MEMBERSHIP = "membership"
POST_FIELDS = ("label", "role", "portfolio", "area_id", "start_date", "end_date", "sources")
MEMBERSHIP_FIELDS = ("post_id", "on_behalf_of_id", "area_id", "label", "role", "start_date", "end_date", "can_represent", "sources")


def create_post(uow: UnitOfWork, command: CreatePost) -> Post:
    """Add a post to an organisation. Raises NotAllowed, and Invalid for what it refers to."""
    EDIT_ORGANIZATION.require(uow.actor, command.organization_id)
    check_references(uow, [("organization_id", "organization", command.organization_id), ("area_id", "area", command.area_id)])
    post = Post(id=uuid7(), organization_id=command.organization_id, created_at=uow.now, updated_at=uow.now)
    assign(post, command, POST_FIELDS)
    add(uow, post, POST, _post_card(uow, post), PostCreated, about=refs(("organization", post.organization_id)))
    return post


def update_post(uow: UnitOfWork, id: uuid.UUID, command: UpdatePost) -> Post:
    """Replace what is known of a post. Raises NotFound, Gone, NotAllowed, Invalid and Conflict."""
    post = locked(uow, Post, id)
    EDIT_ORGANIZATION.require(uow.actor, post.organization_id)
    check_version(post, command.version, lambda: post_values(post))
    _stays(post.organization_id, command.organization_id)
    if command.area_id != post.area_id:
        check_references(uow, [("area_id", "area", command.area_id)])
    card = _post_card(uow, post)
    assign(post, command, POST_FIELDS)
    with uow.session.no_autoflush:
        change(uow, post, POST, (card, _post_card(uow, post)), PostUpdated, about=refs(("organization", post.organization_id)))
    return post


def delete_post(uow: UnitOfWork, id: uuid.UUID, command: Delete) -> None:
    """Take away a post that was entered by mistake; give one that ended an end date instead. Raises Invalid while somebody holds it."""
    post = locked(uow, Post, id)
    EDIT_ORGANIZATION.require(uow.actor, post.organization_id)
    check_version(post, command.version, lambda: post_values(post))
    held = select(Membership.id).where(Membership.post_id == id, Membership.state == "active").limit(1)
    if uow.session.execute(held).first() is not None:
        raise Invalid(_("Er zijn nog lidmaatschappen met deze functie. Verwijder of verander die eerst."))
    card = _post_card(uow, post)
    post.state = "deleted"
    with uow.session.no_autoflush:
        change(
            uow,
            post,
            POST,
            (card, _post_card(uow, post)),
            PostDeleted,
            about=refs(("organization", post.organization_id)),
            reason=command.reason,
        )


def create_membership(uow: UnitOfWork, command: CreateMembership) -> Membership:
    """Put a person in an organisation. Raises NotAllowed, and Invalid for what it refers to."""
    EDIT_ORGANIZATION.require(uow.actor, command.organization_id)
    check_references(uow, _references(command))
    _check_post(uow, command)
    membership = Membership(
        id=uuid7(), person_id=command.person_id, organization_id=command.organization_id, created_at=uow.now, updated_at=uow.now
    )
    assign(membership, command, MEMBERSHIP_FIELDS)
    add(uow, membership, MEMBERSHIP, _membership_card(uow, membership), MembershipCreated, about=_about(membership), public=False)
    return membership


def update_membership(uow: UnitOfWork, id: uuid.UUID, command: UpdateMembership) -> Membership:
    """Replace what is known of a membership; an end date ends it. Raises NotFound, Gone, NotAllowed, Invalid and Conflict."""
    membership = locked(uow, Membership, id)
    EDIT_ORGANIZATION.require(uow.actor, membership.organization_id)
    check_version(membership, command.version, lambda: membership_values(membership))
    _stays(membership.organization_id, command.organization_id)
    if command.person_id != membership.person_id:
        raise Invalid({"person_id": [_("Een lidmaatschap blijft bij dezelfde persoon. Voeg voor een ander een nieuw lidmaatschap toe.")]})
    known: list[Reference] = [
        ("person_id", "person", membership.person_id),
        ("organization_id", "organization", membership.organization_id),
    ]
    known += [("post_id", POST, membership.post_id), ("area_id", "area", membership.area_id)]
    check_references(uow, _references(command), [*known, ("on_behalf_of_id", "organization", membership.on_behalf_of_id)])
    if command.post_id != membership.post_id:
        _check_post(uow, command)
    card = _membership_card(uow, membership)
    assign(membership, command, MEMBERSHIP_FIELDS)
    with uow.session.no_autoflush:
        cards = (card, _membership_card(uow, membership))
        change(uow, membership, MEMBERSHIP, cards, MembershipUpdated, about=_about(membership), public=False)
    membership_changed(uow, membership.person_id, membership.organization_id)
    return membership


def delete_membership(uow: UnitOfWork, id: uuid.UUID, command: Delete) -> None:
    """Take away a membership that was entered by mistake; give one that ended an end date instead."""
    membership = locked(uow, Membership, id)
    EDIT_ORGANIZATION.require(uow.actor, membership.organization_id)
    check_version(membership, command.version, lambda: membership_values(membership))
    _take_away(uow, membership, command.reason)


def delete_of_person(uow: UnitOfWork, person_id: uuid.UUID) -> None:
    """Take away every membership of a person who is taken away. The caller checked the right to do so."""
    mine = select(Membership).where(Membership.person_id == person_id, Membership.state == "active").order_by(Membership.id)
    for membership in uow.session.execute(mine.with_for_update()).scalars().all():
        _take_away(uow, membership, "the person was deleted")


def close_for_organization(uow: UnitOfWork, organization_id: uuid.UUID) -> int:
    """End every open post and membership of an organisation today; the number ended. For the platform itself, after a deletion."""
    today = PartialDate(uow.now.date().isoformat())
    reason = "the organization was deleted"
    closed = 0
    for membership in uow.session.execute(_open(Membership, organization_id, today)).scalars().all():
        card = _membership_card(uow, membership)
        membership.end_date = _not_before(membership.start_date, today)
        change(uow, membership, MEMBERSHIP, (card, card), MembershipUpdated, about=_about(membership), reason=reason, public=False)
        closed += 1
    for post in uow.session.execute(_open(Post, organization_id, today)).scalars().all():
        card = _post_card(uow, post)
        post.end_date = _not_before(post.start_date, today)
        change(uow, post, POST, (card, card), PostUpdated, about=refs(("organization", organization_id)), reason=reason)
        closed += 1
    return closed


def post_values(post: Post) -> dict[str, Any]:
    """What the edit form shows: the fields of :class:`UpdatePost`."""
    return {**{name: getattr(post, name) for name in (*POST_FIELDS, "organization_id", "version")}, "sources": link_lines(post.sources)}


def membership_values(membership: Membership) -> dict[str, Any]:
    """What the edit form shows: the fields of :class:`UpdateMembership`."""
    names = (*MEMBERSHIP_FIELDS, "person_id", "organization_id", "version")
    return {**{name: getattr(membership, name) for name in names}, "sources": link_lines(membership.sources)}


def _take_away(uow: UnitOfWork, membership: Membership, reason: str) -> None:
    card = _membership_card(uow, membership)
    membership.state = "deleted"
    with uow.session.no_autoflush:
        cards = (card, _membership_card(uow, membership))
        change(uow, membership, MEMBERSHIP, cards, MembershipDeleted, about=_about(membership), reason=reason, public=False)
    membership_changed(uow, membership.person_id, membership.organization_id)


def _open(model: Any, organization_id: uuid.UUID, today: PartialDate) -> Any:
    lasts = or_(model.end_date.is_(None), func.substr(literal(str(today)), 1, func.length(model.end_date)) < model.end_date)
    return (
        select(model).where(model.organization_id == organization_id, model.state == "active", lasts).order_by(model.id).with_for_update()
    )


def _not_before(start: PartialDate | None, today: PartialDate) -> PartialDate:
    """Today, or the start of what has not begun yet: a period cannot end before it starts."""
    return start if start and start.first_day.isoformat() > today else today


def _stays(organization_id: uuid.UUID, wanted: uuid.UUID) -> None:
    if wanted != organization_id:
        raise Invalid({"organization_id": [_("Dit blijft bij dezelfde organisatie. Voeg bij een andere organisatie iets nieuws toe.")]})


def _check_post(uow: UnitOfWork, command: CreateMembership) -> None:
    if command.post_id is None:
        return
    owner = uow.session.execute(select(Post.organization_id).where(Post.id == command.post_id)).scalar_one_or_none()
    if owner != command.organization_id:
        raise Invalid({"post_id": [_("Deze functie hoort bij een andere organisatie.")]})


def _references(command: CreateMembership) -> list[Reference]:
    return [
        ("person_id", "person", command.person_id),
        ("organization_id", "organization", command.organization_id),
        ("post_id", POST, command.post_id),
        ("on_behalf_of_id", "organization", command.on_behalf_of_id),
        ("area_id", "area", command.area_id),
    ]


def _about(membership: Membership) -> Any:
    return refs(("organization", membership.organization_id), ("person", membership.person_id), ("area", membership.area_id))


def _post_card(uow: UnitOfWork, post: Post) -> SubjectData:
    slug = uow.session.execute(select(Organization.slug).where(Organization.id == post.organization_id)).scalar_one_or_none()
    if slug is None:
        raise NotFound
    return SubjectData(title=post.label, url=page("organization", slug), summary=post.portfolio, area_ref=post.area_id, state=_state(post))


def _membership_card(uow: UnitOfWork, membership: Membership) -> SubjectData:
    """The card names the role and the organisation, never the person."""
    found = uow.session.execute(
        select(Organization.slug, Organization.name, Person.visibility, Person.state)
        .join(Person, Person.id == membership.person_id)
        .where(Organization.id == membership.organization_id)
    ).one()
    return SubjectData(
        title=membership.label or membership.role or found.name,
        url=page("organization", found.slug),
        area_ref=membership.area_id,
        state=_state(membership),
        public=found.visibility != "private" and found.state == "active" and membership.state != "deleted",
    )


def _state(entity: Post | Membership) -> Any:
    return "deleted" if entity.state == "deleted" else "active"
