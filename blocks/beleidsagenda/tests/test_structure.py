"""Bodies, profiles and holders of themes, and goals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from citycontent.api import CreateTheme, PartialDate, Theme, create_theme
from citycontent.testing import make_organization
from samen_beleidsagenda import testing
from samen_beleidsagenda.models import Goal
from samen_beleidsagenda.queries import structure
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.structure import CreateGoal, DefineBody, EndHolder, NameHolder, SetThemeProfile, UpdateBody, UpdateGoal
from samen_beleidsagenda.services import bodies, goals, themes
from samen_core.api import Actor, Conflict, Invalid, NotAllowed, Platform, UnitOfWork, anonymous

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest.fixture
def theme(uow: UnitOfWork) -> Theme:
    return create_theme(uow, CreateTheme(name="Verkeer"))


@SQLITE
def test_an_organisation_becomes_a_body_once_and_bodies_have_their_order(uow: UnitOfWork) -> None:
    council, college = (make_organization(uow, name, "government") for name in ("Gemeenteraad", "College"))
    bodies.define_body(uow, DefineBody(organization_id=council.id, kind="council", position=2))
    bodies.define_body(uow, DefineBody(organization_id=college.id, kind="college", position=1))
    with pytest.raises(Invalid):
        bodies.define_body(uow, DefineBody(organization_id=council.id, kind="other"))
    assert [row.name for row in structure.bodies(uow)] == ["College", "Gemeenteraad"]
    row = structure.body_by_slug(uow, college.slug)
    assert row is not None
    bodies.update_body(uow, college.id, UpdateBody(kind="college", position=3, version=row.version))
    assert [row.name for row in structure.bodies(uow)] == ["Gemeenteraad", "College"]
    with pytest.raises(Conflict):
        bodies.update_body(uow, college.id, UpdateBody(kind="other", version=row.version))


def test_a_body_that_planned_something_stays(uow: UnitOfWork) -> None:
    body, idle = testing.a_body(uow), testing.a_body(uow, "committee")
    testing.a_moment(uow, body_id=body.organization_id)
    with pytest.raises(Invalid):
        bodies.remove_body(uow, body.organization_id, body.version)
    bodies.remove_body(uow, idle.organization_id, idle.version)
    assert [row.organization_id for row in structure.bodies(uow)] == [body.organization_id]


@SQLITE
def test_only_who_defines_the_agenda_defines_it(platform: Platform, theme: Theme, uow: UnitOfWork, actor_as: Callable[..., Actor]) -> None:
    body = testing.a_body(uow)
    uow.commit()
    acts: list[Callable[[UnitOfWork], Any]] = [
        lambda mine: bodies.define_body(mine, DefineBody(organization_id=body.organization_id, kind="other")),
        lambda mine: bodies.update_body(mine, body.organization_id, UpdateBody(kind="other", version=body.version)),
        lambda mine: themes.set_profile(mine, theme.id, SetThemeProfile(version=0)),
    ]
    for act in acts:
        with platform.unit_of_work(actor_as("decision_maker")) as mine, pytest.raises(NotAllowed):
            act(mine)


def test_a_profile_is_made_once_and_changed_by_who_read_it(uow: UnitOfWork, theme: Theme) -> None:
    made = themes.set_profile(uow, theme.id, SetThemeProfile(version=0, position=4, task_field="2.1"))
    assert [(row.name, row.position, row.task_field) for row in structure.themes(uow)] == [("Verkeer", 4, "2.1")]
    with pytest.raises(Conflict):
        themes.set_profile(uow, theme.id, SetThemeProfile(version=0))
    themes.set_profile(uow, theme.id, SetThemeProfile(version=made.version, position=1))
    assert [row.position for row in structure.themes(uow)] == [1]


def test_a_theme_has_holders_by_period(uow: UnitOfWork, theme: Theme) -> None:
    day = str(uow.now.date())
    old, new = testing.a_post(uow), testing.a_post(uow, "Wethouder wonen")
    first = themes.name_holder(uow, theme.id, NameHolder(post_id=old.id, start_date=PartialDate("2018")))
    with pytest.raises(Invalid):
        themes.name_holder(uow, theme.id, NameHolder(post_id=old.id, start_date=PartialDate("2022-03")))
    with pytest.raises(Invalid):
        themes.end_holder(uow, first.id, EndHolder(end_date=PartialDate("2017")))
    themes.end_holder(uow, first.id, EndHolder(end_date=PartialDate("2022-05")))
    themes.name_holder(uow, theme.id, NameHolder(post_id=new.id, start_date=PartialDate("2022-06")))
    themes.name_holder(uow, theme.id, NameHolder(post_id=old.id, start_date=PartialDate(day)))
    found = structure.holdings(uow, theme_id=theme.id)
    assert [(held.post_id, held.now) for held in found] == [(old.id, True), (new.id, True), (old.id, False)]
    assert [held.theme_id for held in structure.holdings(uow, post_id=new.id)] == [theme.id]
    assert structure.holding_posts(uow) == {old.id: [theme.id], new.id: [theme.id]}


@SQLITE
def test_a_goal_is_public_once_approved_and_tells_how_it_stands(platform: Platform, uow: UnitOfWork, theme: Theme) -> None:
    goal = goals.create_goal(uow, CreateGoal(theme_id=theme.id, title="Minder ongelukken"))
    secret = goals.create_goal(uow, CreateGoal(theme_id=theme.id, title="Geheim", confidential=True))
    goals.publish_goal(uow, goal.id, Approve(version=goal.version))
    goals.publish_goal(uow, secret.id, Approve(version=secret.version))
    values = {**goals.goal_values(goal), "progress": "reached"}
    goals.update_goal(uow, goal.id, UpdateGoal(**values))
    with pytest.raises(Conflict):
        goals.update_goal(uow, goal.id, UpdateGoal(**values))
    uow.commit()
    with platform.read(anonymous()) as reader:
        assert [(row.title, row.progress) for row in structure.goals_of(reader, theme.id)] == [("Minder ongelukken", "reached")]
        assert reader.session.get_one(Goal, goal.id).state == "published"
