"""Posts and members of an organisation, for who may edit it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.models import Membership, Organization, Post, is_valid_on
from citycontent.paths import page as page_path
from citycontent.permissions import EDIT_ORGANIZATION
from citycontent.queries import memberships
from citycontent.queries.names import names_of
from citycontent.queries.pages import entity_by_id
from citycontent.schemas import (
    CreateMembership,
    CreateMembershipSchema,
    CreatePost,
    CreatePostSchema,
    UpdateMembership,
    UpdateMembershipSchema,
    UpdatePost,
    UpdatePostSchema,
)
from citycontent.services.memberships import (
    create_membership,
    create_post,
    delete_membership,
    delete_post,
    membership_values,
    post_values,
    update_membership,
    update_post,
)
from citycontent.web.atlas import atlas
from citycontent.web.dates import period
from citycontent.web.editing import FormPage, Section, delete_page, form_page
from citycontent.web.forms import FormSpec, Named, Options
from citycontent.web.listing import area_choices
from citycontent.web.organizations import LABEL as ORGANIZATIONS
from citycontent.web.organizations import PATH
from citycontent.web.pages import pages, to_edit
from citycontent.web.parts import role_name
from samen_core.api import NotFound, Text, UnitOfWork, _
from samen_core.web.api import Crumb, crumbs, current_uow, page_url, render

PEOPLE = _("Functies en leden")
BEHALF = {"on_behalf_of_id": Named("organization")}
NEW_MEMBER = FormSpec(CreateMembershipSchema, {"person_id": Named("person"), **BEHALF}, fixed=("organization_id",))
CHANGED_MEMBER = FormSpec(UpdateMembershipSchema, BEHALF, fixed=("organization_id", "person_id"))
NEW_POST = FormSpec(CreatePostSchema, fixed=("organization_id",))
CHANGED_POST = FormSpec(UpdatePostSchema, fixed=("organization_id",))
MEMBER_FIELDS = ("organization_id", "person_id", "post_id", "role", "label", "start_date", "end_date", "can_represent")
MEMBER_SECTIONS = (
    Section(_("Wie en wat?"), MEMBER_FIELDS),
    Section(_("Meer gegevens"), ("on_behalf_of_id", "area_id", "sources"), folded=True),
)
POST_SECTIONS = (
    Section(_("Welke functie?"), ("organization_id", "label", "role", "portfolio")),
    Section(_("Meer gegevens"), ("area_id", "start_date", "end_date", "sources"), folded=True),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A post or member as the table shows it."""

    name: str
    role: str
    period: Text | str
    now: bool
    represents: bool
    edit_url: str
    delete_url: str


@dataclass(frozen=True, slots=True)
class Of:
    """The organisation that the page is about."""

    id: uuid.UUID
    name: str
    path: str

    @property
    def people(self) -> str:
        """The page with its posts and members."""
        return f"{self.path}/mensen"

    def trail(self, last: Text) -> tuple[Crumb, ...]:
        """The breadcrumbs of a page below the one with its posts and members."""
        return ((ORGANIZATIONS, PATH), (self.name, self.path), (PEOPLE, self.people), (last, None))


def _of(uow: UnitOfWork, slug: str) -> Of:
    organization = to_edit(uow, Organization, "organization", slug)
    EDIT_ORGANIZATION.require(uow.actor, organization.id)
    return Of(organization.id, organization.name, page_path("organization", slug))


def _owned(uow: UnitOfWork, model: Any, id: uuid.UUID, organization: Of) -> Any:
    found = entity_by_id(uow, model, id)
    if found is None or found.state != "active" or found.organization_id != organization.id:
        raise NotFound
    return found


@pages.route(f"{PATH}/<slug>/mensen", permission=EDIT_ORGANIZATION)
def people_list(slug: str) -> ResponseReturnValue:
    """Every post and member, also those of before."""
    uow = current_uow()
    of = _of(uow, slug)
    today = uow.now.date()
    posts = [
        Line(
            row.label,
            row.portfolio or row.role,
            period(row.start_date, row.end_date),
            is_valid_on(row.start_date, row.end_date, today),
            False,
            page_url(f"{of.path}/functies/{row.id}/bewerken"),
            page_url(f"{of.path}/functies/{row.id}/verwijderen"),
        )
        for row in memberships.posts_of(uow, of.id)
    ]
    members = [
        Line(
            row.name,
            role_name(row),
            period(row.start_date, row.end_date),
            is_valid_on(row.start_date, row.end_date, today),
            row.can_represent,
            page_url(f"{of.people}/{row.id}/bewerken"),
            page_url(f"{of.people}/{row.id}/verwijderen"),
        )
        for row in memberships.members_of(uow, of.id)
    ]
    return render(
        "citycontent/people.html",
        organization=of,
        posts=posts,
        members=members,
        new_post_url=page_url(f"{of.path}/functies/nieuw"),
        new_member_url=page_url(f"{of.people}/nieuw"),
        back_url=page_url(of.path),
        breadcrumbs=crumbs((ORGANIZATIONS, PATH), (of.name, of.path), (PEOPLE, None)),
    )


def _options(uow: UnitOfWork, of: Of) -> Options:
    posts = [(row.id, row.label) for row in memberships.posts_of(uow, of.id)]
    return {"post_id": posts, "area_id": area_choices(atlas(uow))}


@pages.route(f"{PATH}/<slug>/mensen/nieuw", permission=EDIT_ORGANIZATION, methods=["GET", "POST"])
def member_new(slug: str) -> ResponseReturnValue:
    """Put a person in the organisation."""
    uow = current_uow()
    of = _of(uow, slug)
    page = FormPage(
        title=_("Lid toevoegen aan {name}", name=of.name),
        lead=_("De persoon moet er al in staan. Staat die er nog niet in? Voeg die dan eerst toe bij Personen."),
        submit=_("Voeg het lid toe"),
        done=_("Het lid is toegevoegd."),
        path=f"{of.people}/nieuw",
        back=of.people,
        trail=of.trail(_("Lid toevoegen")),
    )

    def write(command: CreateMembership) -> str:
        create_membership(uow, command)
        return of.people

    values = {"organization_id": of.id, "can_represent": True}
    return form_page(uow, page, NEW_MEMBER, MEMBER_SECTIONS, write, values=values, options=_options(uow, of))


@pages.route(f"{PATH}/<slug>/mensen/<uuid:id>/bewerken", permission=EDIT_ORGANIZATION, methods=["GET", "POST"])
def member_edit(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Change or end a membership."""
    uow = current_uow()
    of = _of(uow, slug)
    membership: Membership = _owned(uow, Membership, id, of)
    page = FormPage(
        title=_("{person} bij {name}", person=_person(uow, membership), name=of.name),
        lead=_("Is het afgelopen? Vul dan een einddatum in."),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=f"{of.people}/{id}/bewerken",
        back=of.people,
        trail=of.trail(_("Lid bewerken")),
    )

    def write(command: UpdateMembership) -> str:
        update_membership(uow, id, command)
        return of.people

    values = membership_values(membership)
    return form_page(uow, page, CHANGED_MEMBER, MEMBER_SECTIONS, write, values=values, options=_options(uow, of))


@pages.route(f"{PATH}/<slug>/mensen/<uuid:id>/verwijderen", permission=EDIT_ORGANIZATION, methods=["GET", "POST"])
def member_delete(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Take away a membership that was entered by mistake."""
    uow = current_uow()
    of = _of(uow, slug)
    membership: Membership = _owned(uow, Membership, id, of)
    page = FormPage(
        title=_("{person} weghalen bij {name}", person=_person(uow, membership), name=of.name),
        lead=_("Doe dit alleen bij een vergissing. Is het afgelopen? Vul dan een einddatum in, zodat de geschiedenis blijft kloppen."),
        submit=_("Haal het lid weg"),
        done=_("Het lid is weggehaald."),
        path=f"{of.people}/{id}/verwijderen",
        back=of.people,
        trail=of.trail(_("Lid weghalen")),
    )
    return delete_page(uow, page, membership.version, lambda command: delete_membership(uow, id, command), of.people)


def _person(uow: UnitOfWork, membership: Membership) -> str:
    return names_of(uow, [membership.person_id]).get(membership.person_id, "")


@pages.route(f"{PATH}/<slug>/functies/nieuw", permission=EDIT_ORGANIZATION, methods=["GET", "POST"])
def post_new(slug: str) -> ResponseReturnValue:
    """Add a post."""
    uow = current_uow()
    of = _of(uow, slug)
    page = FormPage(
        title=_("Functie toevoegen aan {name}", name=of.name),
        submit=_("Voeg de functie toe"),
        done=_("De functie is toegevoegd. Voeg nu toe wie haar vervult."),
        path=f"{of.path}/functies/nieuw",
        back=of.people,
        trail=of.trail(_("Functie toevoegen")),
    )

    def write(command: CreatePost) -> str:
        create_post(uow, command)
        return of.people

    return form_page(uow, page, NEW_POST, POST_SECTIONS, write, values={"organization_id": of.id}, options=_options(uow, of))


@pages.route(f"{PATH}/<slug>/functies/<uuid:id>/bewerken", permission=EDIT_ORGANIZATION, methods=["GET", "POST"])
def post_edit(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Change or end a post."""
    uow = current_uow()
    of = _of(uow, slug)
    post: Post = _owned(uow, Post, id, of)
    page = FormPage(
        title=_("{post} bij {name}", post=post.label, name=of.name),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=f"{of.path}/functies/{id}/bewerken",
        back=of.people,
        trail=of.trail(_("Functie bewerken")),
    )

    def write(command: UpdatePost) -> str:
        update_post(uow, id, command)
        return of.people

    return form_page(uow, page, CHANGED_POST, POST_SECTIONS, write, values=post_values(post), options=_options(uow, of))


@pages.route(f"{PATH}/<slug>/functies/<uuid:id>/verwijderen", permission=EDIT_ORGANIZATION, methods=["GET", "POST"])
def post_delete(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Take away a post that was entered by mistake."""
    uow = current_uow()
    of = _of(uow, slug)
    post: Post = _owned(uow, Post, id, of)
    page = FormPage(
        title=_("{post} weghalen bij {name}", post=post.label, name=of.name),
        lead=_("Doe dit alleen bij een vergissing. Bestaat de functie niet meer? Vul dan een einddatum in."),
        submit=_("Haal de functie weg"),
        done=_("De functie is weggehaald."),
        path=f"{of.path}/functies/{id}/verwijderen",
        back=of.people,
        trail=of.trail(_("Functie weghalen")),
    )
    return delete_page(uow, page, post.version, lambda command: delete_post(uow, id, command), of.people)
