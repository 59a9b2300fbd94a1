"""Organisations: rules of adding, changing and taking away."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from citycontent.models import Address, Organization, Slug
from citycontent.queries import counters, lookups, organizations
from citycontent.queries.pages import whereabouts
from citycontent.schemas import AddressValue, CreateOrganization, CreatePost, CreateTheme, Delete, UpdateOrganization
from citycontent.services.memberships import create_post
from citycontent.services.organizations import create_organization, delete_organization, organization_values, update_organization
from citycontent.services.themes import create_theme
from samen_core.actor import Actor, anonymous, system
from samen_core.db.changes import Change
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Conflict, Gone, Invalid, NotAllowed
from samen_core.platform import Platform
from samen_core.subjects import Subject
from tests.citycontent.conftest import nobody

Make = Callable[..., Organization]


def changed(organization: Organization, **values: Any) -> UpdateOrganization:
    base: dict[str, Any] = {"name": organization.name, "sector": organization.sector, "version": organization.version}
    return UpdateOrganization(**{**base, **values})


def moved_to(uow: UnitOfWork, slug: str) -> str | None:
    found = whereabouts(uow, "organization", slug)
    return found.url if found else None


def test_a_new_organization_is_registered_logged_counted_and_told(
    platform: Platform, uow: UnitOfWork, make_organization: Make, outbox: Any
) -> None:
    made = make_organization("Wijkraad Palenstein", abstract="Praat mee over de wijk.", identifiers=(("kvk", "12345678"),))
    uow.commit()
    card = uow.session.get(Subject, made.id)
    assert card is not None
    assert (card.title, card.url, card.summary, card.state) == (
        "Wijkraad Palenstein",
        "/organisaties/wijkraad-palenstein",
        "Praat mee over de wijk.",
        "active",
    )
    row = uow.session.execute(select(Change).where(Change.subject_id == made.id)).scalar_one()
    assert row.action == "citycontent.organization.created"
    assert row.public
    assert row.after is not None
    assert row.after["name"] == "Wijkraad Palenstein"
    assert row.after["identifiers"] == [["kvk", "12345678"]]
    assert counters.facet(uow, "organization.sector") == {"citizens": 1}
    told = outbox.events("citycontent.organization.created")
    assert [event["id"] for event in told] == [str(made.id)]
    assert told[0]["about"] == [{"type": "organization", "id": str(made.id)}]


def test_a_change_keeps_what_it_was_and_counts_anew(uow: UnitOfWork, make_organization: Make, outbox: Any) -> None:
    made = make_organization("Stichting Groen", sector="citizens", email="oud@groen.example")
    uow.commit()
    after = update_organization(uow, made.id, changed(made, sector="civil_society", email="nieuw@groen.example"))
    uow.commit()
    assert after.version == 2
    row = uow.session.execute(select(Change).where(Change.action == "citycontent.organization.updated")).scalar_one()
    assert row.before == {"sector": "citizens", "email": "oud@groen.example"}
    assert row.after == {"sector": "civil_society", "email": "nieuw@groen.example"}
    assert counters.facet(uow, "organization.sector") == {"citizens": 0, "civil_society": 1}
    assert outbox.events("citycontent.organization.updated")[0]["entity_version"] == 2


def test_a_change_of_nothing_leaves_no_trace(uow: UnitOfWork, make_organization: Make, outbox: Any) -> None:
    made = make_organization(links=({"url": "https://a.example", "note": ""},), other_names=({"name": "WP", "note": "afkorting"},))
    uow.commit()
    values = changed(made, links=({"url": "https://a.example", "note": ""},), other_names=({"name": "WP"},))
    after = update_organization(uow, made.id, values)
    uow.commit()
    assert after.version == 1
    assert after.other_names == [{"name": "WP", "note": "afkorting"}], "a name that comes back from a form keeps its note"
    assert outbox.events("citycontent.organization.updated") == []


def test_two_editors_cannot_overwrite_each_other(platform: Platform, uow: UnitOfWork, make_organization: Make) -> None:
    made = make_organization()
    uow.commit()
    with platform.unit_of_work(system("test")) as first:
        update_organization(first, made.id, changed(made, phone="079 111 11 11"))
    with platform.unit_of_work(system("test")) as second, pytest.raises(Conflict) as caught:
        update_organization(second, made.id, changed(made, phone="079 222 22 22"))
    assert caught.value.version == 2
    assert caught.value.current["phone"] == "079 111 11 11"


def test_the_edit_form_loses_nothing(uow: UnitOfWork, make_organization: Make) -> None:
    from citycontent.schemas import UpdateOrganizationSchema
    from samen_core.api import load

    theme = create_theme(uow, CreateTheme(name="Wonen"))
    made = make_organization(
        address=AddressValue(street="Dorpsstraat", house_number=3, house_letter="B", postcode="2712AB", locality="Zoetermeer"),
        theme_ids=(theme.id,),
        identifiers=(("kvk", "12345678"),),
        links=({"url": "https://a.example/b", "note": "een twee"},),
        other_names=({"name": "Vroeger", "end_date": "2019"},),
    )
    uow.commit()
    values = organization_values(uow, made)
    command = load(UpdateOrganizationSchema, {name: value for name, value in values.items() if value is not None})
    update_organization(uow, made.id, command)
    uow.commit()
    assert made.version == 1
    assert len(uow.session.execute(select(Address.id)).all()) == 1


def test_everything_wrong_with_the_references_is_told_at_once(uow: UnitOfWork) -> None:
    command = CreateOrganization(name="X", sector="business", parent_id=nobody(), area_id=nobody(), theme_ids=(nobody(), uuid.UUID(int=8)))
    with pytest.raises(Invalid) as caught:
        create_organization(uow, command)
    assert set(caught.value.errors) == {"parent_id", "area_id", "theme_ids"}
    assert len(caught.value.errors["theme_ids"]) == 1


def test_a_reference_of_the_wrong_kind_is_refused(uow: UnitOfWork, make_organization: Make) -> None:
    other = make_organization()
    with pytest.raises(Invalid) as caught:
        create_organization(uow, CreateOrganization(name="X", sector="business", area_id=other.id))
    assert set(caught.value.errors) == {"area_id"}


def test_an_organization_cannot_be_part_of_itself(uow: UnitOfWork, make_organization: Make) -> None:
    top = make_organization("Boven")
    below = make_organization("Onder", parent_id=top.id)
    lowest = make_organization("Onderste", parent_id=below.id)
    for parent in (top, below, lowest):
        with pytest.raises(Invalid) as caught:
            update_organization(uow, top.id, changed(top, parent_id=parent.id))
        assert set(caught.value.errors) == {"parent_id"}
    assert update_organization(uow, lowest.id, changed(lowest, parent_id=top.id)).parent_id == top.id


def test_an_identifier_belongs_to_one_organization(uow: UnitOfWork, make_organization: Make) -> None:
    first = make_organization("Eerste", identifiers=(("kvk", "12345678"),))
    with pytest.raises(Invalid) as caught:
        make_organization("Tweede", identifiers=(("kvk", "12345678"),))
    assert set(caught.value.errors) == {"identifiers"}
    update_organization(uow, first.id, changed(first, identifiers=(("kvk", "87654321"), ("rsin", "123456782"))))
    assert lookups.links(uow, "organization", first.id).identifiers == (("kvk", "87654321"), ("rsin", "123456782"))
    assert make_organization("Tweede", identifiers=(("kvk", "12345678"),)).version == 1


def test_equal_names_get_different_addresses_and_reserved_words_none(uow: UnitOfWork, make_organization: Make) -> None:
    slugs_made = [make_organization(name).slug for name in ("Bewoners", "Bewoners", "bewoners!", "Nieuw", "日本", "Bewoners 2")]
    assert slugs_made == ["bewoners", "bewoners-2", "bewoners-3", "nieuw-2", "organisatie", "bewoners-2-2"]


def test_an_old_address_leads_to_the_new_one(uow: UnitOfWork, make_organization: Make) -> None:
    made = make_organization("Oude Naam")
    update_organization(uow, made.id, changed(made, name="Nieuwe Naam"))
    assert made.slug == "nieuwe-naam"
    assert moved_to(uow, "oude-naam") == "/organisaties/nieuwe-naam"
    assert make_organization("Oude Naam").slug == "oude-naam-2"
    update_organization(uow, made.id, changed(made, name="Oude Naam"))
    assert made.slug == "oude-naam", "its own earlier address may come back"
    assert moved_to(uow, "nieuwe-naam") == "/organisaties/oude-naam"
    assert moved_to(uow, "bestaat-niet") is None
    assert uow.session.execute(select(Slug.slug).where(Slug.entity_id == made.id).order_by(Slug.slug)).scalars().all() == [
        "nieuwe-naam",
        "oude-naam",
    ]


def test_taking_away_closes_what_was_open_exactly_once(
    platform: Platform, uow: UnitOfWork, make_organization: Make, make_person: Any, outbox: Any
) -> None:
    from citycontent.models import Membership, PartialDate, Post
    from citycontent.schemas import CreateMembership
    from citycontent.services.memberships import create_membership

    made = make_organization()
    person = make_person()
    create_post(uow, CreatePost(organization_id=made.id, label="Voorzitter"))
    create_membership(uow, CreateMembership(person_id=person.id, organization_id=made.id, label="Lid"))
    create_membership(uow, CreateMembership(person_id=person.id, organization_id=made.id, label="Oud-lid", end_date=PartialDate("2019")))
    create_membership(uow, CreateMembership(person_id=person.id, organization_id=made.id, label="Later", start_date=PartialDate("2999")))
    uow.commit()
    delete_organization(uow, made.id, Delete(version=1, reason="opgeheven"))
    uow.commit()
    outbox.drain()
    assert outbox.drain() == 0
    today = platform.clock().date().isoformat()
    with platform.read(anonymous()) as reader:
        ends = dict(reader.session.execute(select(Membership.label, Membership.end_date)).all())
        assert ends == {"Lid": today, "Oud-lid": "2019", "Later": "2999"}
        assert reader.session.execute(select(Post.end_date)).scalar_one() == today
        assert counters.facet(reader, "organization.sector") == {"citizens": 0}
        assert organizations.organization_by_slug(reader, made.slug) is None
        found = whereabouts(reader, "organization", made.slug)
        assert found is not None
        assert found.state == "deleted"
    assert len(outbox.events("citycontent.membership.updated")) == 2
    with pytest.raises(Gone):
        update_organization(uow, made.id, changed(made, phone="1234"))


def test_who_may_edit(platform: Platform, uow: UnitOfWork, make_organization: Make, actor_as: Callable[..., Actor]) -> None:
    mine, other = make_organization("Van mij"), make_organization("Van een ander")
    uow.commit()
    of_mine = actor_as("manager", mine.id)
    for actor in (anonymous(), actor_as("resident"), actor_as("facilitator"), actor_as("moderator")):
        with platform.unit_of_work(actor) as unit:
            with pytest.raises(NotAllowed):
                create_organization(unit, CreateOrganization(name="X", sector="business"))
            with pytest.raises(NotAllowed):
                update_organization(unit, mine.id, changed(mine, phone="1234"))
            unit.rollback()
    with platform.unit_of_work(of_mine) as unit:
        update_organization(unit, mine.id, changed(mine, phone="079 123 45 67"))
        with pytest.raises(NotAllowed):
            update_organization(unit, other.id, changed(other, phone="1234"))
        with pytest.raises(NotAllowed):
            create_organization(unit, CreateOrganization(name="X", sector="business"))
        assert create_post(unit, CreatePost(organization_id=mine.id, label="Secretaris")).id
        with pytest.raises(NotAllowed):
            create_post(unit, CreatePost(organization_id=other.id, label="Secretaris"))
    with platform.unit_of_work(actor_as("manager")) as unit:
        assert create_organization(unit, CreateOrganization(name="Y", sector="business")).id


def test_a_change_costs_few_statements(platform: Platform, uow: UnitOfWork, make_organization: Make, statements: Callable[[], Any]) -> None:
    made = make_organization(address=AddressValue(street="Dorpsstraat", house_number=3, postcode="2712AB"))
    uow.commit()
    address = AddressValue(street="Dorpsstraat", house_number=3, postcode="2712AB")
    for phone in ("079 1", "079 123"):
        with statements() as sent, platform.unit_of_work(system("test")) as unit:
            update_organization(unit, made.id, changed(made, phone=phone, version=made.version + (phone == "079 123"), address=address))
    # Locked with its address, links, update; outbox event and deliveries; log head, row, head.
    assert len(sent) <= 8, sent


def test_what_waits_for_who_may_edit(platform: Platform, uow: UnitOfWork, make_organization: Make, actor_as: Callable[..., Actor]) -> None:
    from samen_core.web.navigation import tasks

    bare = make_organization("Kaal")
    make_organization("Vol", abstract="Wij doen iets.", phone="079 123")
    make_organization("Zonder contact", abstract="Wij doen iets.")
    uow.commit()
    for actor, expected in ((actor_as("manager"), [2]), (actor_as("manager", bare.id), [1]), (actor_as("resident"), []), (anonymous(), [])):
        with platform.read(actor) as reader:
            assert [task.count for task in tasks(reader)] == expected
