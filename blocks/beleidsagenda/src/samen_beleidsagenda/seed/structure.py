"""Bodies, the groups of the council, and themes with who holds them and their goals."""

from __future__ import annotations

import uuid

from citycontent.api import CreateMembership, CreateOrganization, CreateTheme, create_membership, create_organization, create_theme
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.structure import CreateGoal, DefineBody, NameHolder, SetThemeProfile
from samen_beleidsagenda.seed.world import Data, World, read
from samen_beleidsagenda.services.bodies import define_body
from samen_beleidsagenda.services.goals import create_goal, publish_goal
from samen_beleidsagenda.services.themes import name_holder, set_profile

BEGAN = 900
"""How many days ago the agenda was set up."""
COUNCIL = "Gemeenteraad Zoetermeer"


def make_structure(world: World) -> None:
    """Set the agenda up. Of a group only the members are named whom the city knows: a council has more seats."""
    known = read("structure.toml")
    with world.on(world.day(BEGAN)):
        for position, data in enumerate(known["bodies"]):
            command = DefineBody(organization_id=_organization(world, data, "raadscommissie"), kind=data["kind"], position=position)
            world.bodies[data["key"]] = define_body(world.uow, command)
        for data in known["groups"]:
            group_id = _organization(world, data, "fractie")
            world.groups[data["name"]] = group_id, data["seats"]
            for name in data.get("members", ()):
                sits = CreateMembership(
                    person_id=world.persons[name], organization_id=group_id, label="Lid van de fractie", role="fractielid"
                )
                create_membership(world.uow, sits)
        for position, data in enumerate(known["themes"]):
            _theme(world, data, position)


def _organization(world: World, data: Data, classification: str) -> uuid.UUID:
    """The organisation of this name: what the city does not have yet is a part of its council."""
    known = world.organizations.get(data["name"])
    if known is not None:
        return known
    command = CreateOrganization(
        name=data["name"],
        sector="government",
        classification=classification,
        abstract=data.get("abstract", ""),
        parent_id=world.organizations[COUNCIL],
    )
    world.organizations[command.name] = made = create_organization(world.uow, command).id
    return made


def _theme(world: World, data: Data, position: int) -> None:
    uow, name = world.uow, data["name"]
    if name not in world.themes:
        world.themes[name] = create_theme(uow, CreateTheme(name=name, description=data["description"])).id
    id = world.themes[name]
    set_profile(uow, id, SetThemeProfile(position=position, task_field=data["task_field"], version=0))
    name_holder(uow, id, NameHolder(post_id=world.posts[data["holder"]]))
    for at, known in enumerate(data["goals"]):
        goal = create_goal(uow, CreateGoal(theme_id=id, position=at, **known))
        publish_goal(uow, goal.id, Approve(version=goal.version))
