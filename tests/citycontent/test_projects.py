"""Projects, memberships, posts and themes: their own rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from citycontent.models import Organization, PartialDate, Person, Project
from citycontent.queries import counters, lookups, memberships, projects
from citycontent.queries.organizations import partners_of
from citycontent.queries.projects import ProjectFilter
from citycontent.schemas import (
    CreateMembership,
    CreatePost,
    CreateProject,
    CreateProjectSchema,
    CreateTheme,
    Delete,
    UpdateMembership,
    UpdatePost,
    UpdateProject,
    UpdateTheme,
)
from citycontent.services.memberships import (
    create_membership,
    create_post,
    delete_membership,
    delete_post,
    update_membership,
    update_post,
)
from citycontent.services.projects import create_project, delete_project, project_values, update_project
from citycontent.services.themes import create_theme, delete_theme, update_theme
from samen_core.actor import anonymous
from samen_core.api import PageRequest, load
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Conflict, Gone, Invalid, NotAllowed
from samen_core.platform import Platform
from samen_core.subjects import Subject

Make = Callable[..., Organization]


def test_a_project_ties_areas_themes_and_partners(uow: UnitOfWork, zoetermeer: Any, make_organization: Make) -> None:
    lead, partner, other = make_organization("Trekker"), make_organization("Partner"), make_organization("Nog een")
    theme = create_theme(uow, CreateTheme(name="Verkeer"))
    one, two, far = (zoetermeer.find(code) for code in ("BU06370001", "BU06370003", "BU06370100"))
    command = CreateProject(
        name="Veilige straat",
        status="idea",
        lead_organization_id=lead.id,
        partner_organization_ids=(partner.id,),
        area_ids=(one.id, two.id),
        theme_ids=(theme.id,),
    )
    made = create_project(uow, command)
    uow.commit()

    def area_ref() -> Any:
        uow.session.expire_all()
        return uow.session.execute(select(Subject.area_ref).where(Subject.id == made.id)).scalar_one()

    assert area_ref() == zoetermeer.find("WK063700").id, "two buurten of one wijk: the wijk"
    assert [row.name for row in partners_of(uow, made.id)] == ["Partner"]
    update = UpdateProject(
        name="Veilige straat",
        status="execution",
        version=1,
        lead_organization_id=lead.id,
        partner_organization_ids=(partner.id, other.id),
        area_ids=(one.id, far.id),
    )
    update_project(uow, made.id, update)
    uow.commit()
    assert area_ref() == zoetermeer.find("GM0637").id
    links = lookups.links(uow, "project", made.id)
    assert set(links.area_ids) == {one.id, far.id}
    assert set(links.partner_organization_ids) == {partner.id, other.id}
    assert links.theme_ids == ()
    assert counters.facet(uow, "project.status") == {"idea": 0, "execution": 1}
    values = project_values(uow, made)
    assert (values["version"], values["status"], set(values["area_ids"])) == (2, "execution", {one.id, far.id})
    found = projects.list_projects(uow, ProjectFilter(organization_id=other.id, area_ids=zoetermeer.within(far.id)), PageRequest())
    assert [row.name for row in found.items] == ["Veilige straat"]
    assert set(projects.areas_of(uow, [made.id])[made.id]) == {one.id, far.id}


def test_who_leads_a_project_may_edit_it(platform: Platform, uow: UnitOfWork, make_organization: Make, actor_as: Any) -> None:
    lead, other = make_organization("Trekker"), make_organization("Ander")
    uow.commit()
    of_lead, of_other = actor_as("manager", lead.id), actor_as("manager", other.id)
    with platform.unit_of_work(of_lead) as unit:
        made = create_project(unit, CreateProject(name="P", status="idea", lead_organization_id=lead.id))
        with pytest.raises(NotAllowed):
            create_project(unit, CreateProject(name="Q", status="idea", lead_organization_id=other.id))
        with pytest.raises(NotAllowed):
            create_project(unit, CreateProject(name="Q", status="idea"))
    update = UpdateProject(name="P", status="preparation", lead_organization_id=lead.id, version=1)
    with platform.unit_of_work(of_other) as unit:
        with pytest.raises(NotAllowed):
            update_project(unit, made.id, update)
        unit.rollback()
    with platform.unit_of_work(of_lead) as unit:
        with pytest.raises(NotAllowed):
            update_project(unit, made.id, replace(update, lead_organization_id=other.id))
        assert update_project(unit, made.id, update).version == 2
    with platform.unit_of_work(actor_as("facilitator")) as unit:
        with pytest.raises(Conflict) as caught:
            update_project(unit, made.id, update)
        assert caught.value.current["status"] == "preparation"
        delete_project(unit, made.id, Delete(version=2))
    with platform.read(anonymous()) as reader:
        assert projects.project_by_slug(reader, "p") is None
        assert counters.facet(reader, "project.status") == {"idea": 0, "preparation": 0}


def test_a_project_cannot_end_before_it_starts() -> None:
    sent = {"name": "P", "status": "idea", "start_date": "2026-05", "end_date": "2026-04", "budget": -1}
    with pytest.raises(Invalid) as caught:
        load(CreateProjectSchema, sent)
    assert "budget" in caught.value.errors
    with pytest.raises(Invalid) as caught:
        load(CreateProjectSchema, {**sent, "budget": 1})
    assert set(caught.value.errors) == {"end_date"}
    assert load(CreateProjectSchema, {**sent, "budget": 1, "end_date": "2026"}).end_date == "2026"


class TestMemberships:
    """Posts and memberships."""

    @pytest.fixture
    def person(self, make_person: Callable[..., Person]) -> Person:
        return make_person()

    def test_a_post_belongs_to_the_organization(self, uow: UnitOfWork, make_organization: Make, person: Person) -> None:
        mine, other = make_organization("Een"), make_organization("Twee")
        post = create_post(uow, CreatePost(organization_id=other.id, label="Voorzitter"))
        with pytest.raises(Invalid) as caught:
            create_membership(uow, CreateMembership(person_id=person.id, organization_id=mine.id, post_id=post.id))
        assert set(caught.value.errors) == {"post_id"}
        made = create_membership(uow, CreateMembership(person_id=person.id, organization_id=other.id, post_id=post.id))
        with pytest.raises(Invalid):
            delete_post(uow, post.id, Delete(version=1))
        delete_membership(uow, made.id, Delete(version=1))
        delete_post(uow, post.id, Delete(version=1))
        assert memberships.posts_of(uow, other.id) == []
        with pytest.raises(Gone):
            update_post(uow, post.id, UpdatePost(organization_id=other.id, label="X", version=2))

    def test_a_membership_ends_but_does_not_move(self, uow: UnitOfWork, make_organization: Make, person: Person, make_person: Any) -> None:
        mine, other, somebody = make_organization("Een"), make_organization("Twee"), make_person("Bert")
        made = create_membership(uow, CreateMembership(person_id=person.id, organization_id=mine.id, role="lid"))
        for wrong in ({"organization_id": other.id}, {"person_id": somebody.id}):
            base = {"person_id": person.id, "organization_id": mine.id, "version": 1}
            with pytest.raises(Invalid):
                update_membership(uow, made.id, UpdateMembership(**{**base, **wrong}))
        update = UpdateMembership(person_id=person.id, organization_id=mine.id, role="lid", end_date=PartialDate("2025"), version=1)
        assert update_membership(uow, made.id, update).version == 2
        row = memberships.members_of(uow, mine.id)[0]
        assert (row.name, row.role, row.end_date) == ("Anna Berg", "lid", "2025")
        assert memberships.memberships_of(uow, person.id)[0].name == "Een"

    def test_the_card_of_a_membership_does_not_name_the_person(self, uow: UnitOfWork, make_organization: Make, person: Person) -> None:
        made = create_membership(uow, CreateMembership(person_id=person.id, organization_id=make_organization("Raad").id))
        card = uow.session.get(Subject, made.id)
        assert card is not None
        assert (card.title, card.url, card.public) == ("Raad", "/organisaties/raad", True)


class TestThemes:
    """Themes."""

    def test_themes_lie_under_each_other(self, platform: Platform, uow: UnitOfWork, actor_as: Any) -> None:
        top = create_theme(uow, CreateTheme(name="Groen", alternative_names=("Natuur",)))
        below = create_theme(uow, CreateTheme(name="Bomen", parent_id=top.id))
        with pytest.raises(Invalid):
            update_theme(uow, top.id, UpdateTheme(name="Groen", parent_id=below.id, version=1))
        with pytest.raises(Invalid):
            delete_theme(uow, top.id, Delete(version=1))
        delete_theme(uow, below.id, Delete(version=1))
        delete_theme(uow, top.id, Delete(version=1))
        uow.commit()
        with platform.unit_of_work(actor_as("facilitator")) as unit, pytest.raises(NotAllowed):
            create_theme(unit, CreateTheme(name="X"))


def test_every_type_of_project_row_is_there(uow: UnitOfWork, make_organization: Make) -> None:
    lead = make_organization("Trekker")
    made = create_project(uow, CreateProject(name="P", status="idea", lead_organization_id=lead.id))
    row = projects.project_by_slug(uow, made.slug)
    assert row is not None
    assert (row.lead_organization_name, row.lead_organization_slug, row.geometry) == ("Trekker", "trekker", None)
    assert {column.key for column in Project.__table__.columns} <= set(row._mapping.keys())
