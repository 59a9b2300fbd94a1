"""Who handles what: rules, ready texts, and views that a colleague shares."""

from __future__ import annotations

from samen_core.api import account_by_email, change_settings, uuid7
from samen_oog_oor.models import ReadyText, Rule, SavedView
from samen_oog_oor.queries.routing import CHANGED
from samen_oog_oor.seed.world import Data, World
from samen_oog_oor.settings import NUMBER_LETTERS

VIEWS = (("Te laat", "laat=1"), ("Nieuw vandaag", "staat=new"))
LETTERS = "ZM"
"""What the numbers of the demonstration begin with."""
MANAGER = "manager@samen.example"


def make_desk(world: World) -> None:
    """Set the desk up; a rule of an organisation that the city does not have is left out."""
    uow = world.uow
    for position, data in enumerate(world.desk["rule"]):
        if data["organization"] in world.organizations:
            uow.session.add(_rule(world, position, data))
    for position, data in enumerate(world.desk["text"]):
        uow.session.add(ReadyText(id=uuid7(), position=position, **data))
    manager = account_by_email(uow, MANAGER)
    if manager is not None:
        for name, query in VIEWS:
            uow.session.add(SavedView(id=uuid7(), account_id=manager, name=name, query=query, shared=True))
    change_settings(uow, {NUMBER_LETTERS: LETTERS})
    uow.session.info[CHANGED] = True
    uow.session.flush()


def _rule(world: World, position: int, data: Data) -> Rule:
    conditions: Data = {"categories": [str(world.category(code).id) for code in data["categories"]]}
    if "areas" in data:
        conditions["areas"] = [str(world.area_ids[code]) for code in data["areas"] if code in world.area_ids]
    conditions |= {name: data[name] for name in ("from", "until") if name in data}
    return Rule(
        id=uuid7(),
        position=position,
        name=data["name"],
        explanation=data.get("explanation", ""),
        conditions=conditions,
        organization_id=world.organizations[data["organization"]],
        priority=data.get("priority"),
        changed_at=world.uow.now,
    )
