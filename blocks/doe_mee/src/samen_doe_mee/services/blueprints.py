"""Blueprints: example plans that a new one begins with. Four come with the block; a city changes them, switches them off, makes its own."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import select

from samen_core.api import Conflict, NotFound, UnitOfWork, uuid7
from samen_doe_mee.models import Blueprint
from samen_doe_mee.permissions import DEFINE
from samen_doe_mee.schemas.blueprints import TEXTS, SaveBlueprint
from samen_doe_mee.services.plan_copies import content_of
from samen_doe_mee.services.plans import require_work, visible_plan_by_id


@dataclass(frozen=True, slots=True)
class BlueprintView:
    """A blueprint. ``key`` finds it: the code of one that comes with the block, else its id. ``version`` 0: as it came with the block."""

    key: str
    name: str
    summary: str
    content: Mapping[str, Any]
    active: bool
    version: int
    shipped: bool


def all_blueprints(uow: UnitOfWork) -> list[BlueprintView]:
    """Every blueprint, by name. One statement."""
    found = {code: _as_shipped(code) for code in shipped()}
    for row in uow.session.execute(select(Blueprint)).scalars():
        key = row.code or str(row.id)
        found[key] = BlueprintView(key, row.name, row.summary, row.content, row.active, row.version, row.code is not None)
    return sorted(found.values(), key=lambda one: (one.name.casefold(), one.key))


def offered(uow: UnitOfWork) -> list[BlueprintView]:
    """The blueprints that a plan may begin with."""
    return [one for one in all_blueprints(uow) if one.active]


def get_blueprint(uow: UnitOfWork, key: str) -> BlueprintView:
    """A blueprint. Raises NotFound."""
    one = next((one for one in all_blueprints(uow) if one.key == key), None)
    if one is None:
        raise NotFound
    return one


def save_blueprint(uow: UnitOfWork, key: str | None, command: SaveBlueprint) -> BlueprintView:
    """Make a blueprint (without ``key``), or change one. Raises NotAllowed, NotFound, Conflict with the values of now."""
    DEFINE.require(uow.actor)
    before = get_blueprint(uow, key) if key is not None else None
    if before is not None and before.version != command.version:
        raise Conflict(current=blueprint_values(before), version=before.version)
    content = _content(before.content if before else {}, command)
    row = _row(uow, before)
    row.name, row.summary, row.active, row.content = command.name, command.summary, command.active, content
    uow.session.flush()
    uow.record("doe_mee.blueprint.saved", after={"blueprint": row.id, "name": row.name, "active": row.active})
    return get_blueprint(uow, row.code or str(row.id))


def blueprint_of_plan(uow: UnitOfWork, plan_id: uuid.UUID, name: str) -> BlueprintView:
    """A new blueprint with what a plan says, without its place, time and people. Raises NotFound, NotAllowed."""
    DEFINE.require(uow.actor)
    plan = visible_plan_by_id(uow, plan_id)
    require_work(uow, plan)
    row = _row(uow, None)
    row.name, row.summary, row.active, row.content = name, plan.summary[:500], True, content_of(uow, plan)
    uow.session.flush()
    uow.record("doe_mee.blueprint.saved", after={"blueprint": row.id, "name": row.name, "from": plan.id})
    return get_blueprint(uow, str(row.id))


def blueprint_values(one: BlueprintView) -> dict[str, Any]:
    """What its form shows."""
    texts = {name: one.content.get("texts", {}).get(name, "") for name in TEXTS}
    lines = [f"{found['title']} | {found.get('days', 14)} | {found.get('gap', 0)}" for found in one.content.get("rounds", ())]
    return {**texts, "name": one.name, "note": one.summary, "active": one.active, "rounds": "\n".join(lines), "version": one.version}


@cache
def shipped() -> dict[str, dict[str, Any]]:
    """The blueprints that come with the block, by their code."""
    folder = files("samen_doe_mee") / "data" / "blueprints"
    found = {}
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            found[file.name.removesuffix(".toml")] = tomllib.loads(file.read_text(encoding="utf-8"))
    return found


def _as_shipped(code: str) -> BlueprintView:
    content = shipped()[code]
    return BlueprintView(code, content["name"], content["summary"], content, active=True, version=0, shipped=True)


def _row(uow: UnitOfWork, before: BlueprintView | None) -> Blueprint:
    """The row to write in: a new one for a new blueprint, and for the first change of one that comes with the block."""
    if before is not None and before.version:
        where = Blueprint.code == before.key if before.shipped else Blueprint.id == uuid.UUID(before.key)
        return uow.session.execute(select(Blueprint).where(where).with_for_update()).scalar_one()
    row = Blueprint(id=uuid7(), code=before.key if before else None, name="", made_at=uow.now)
    uow.session.add(row)
    return row


def _content(before: Mapping[str, Any], command: SaveBlueprint) -> dict[str, Any]:
    """The new texts over the old ones; a round keeps its activities by its title, else by its place."""
    old = list(before.get("rounds", ()))
    by_title = {found["title"]: found for found in old}
    rounds = []
    for place, (title, days, gap) in enumerate(command.rounds):
        same = by_title.get(title) or (old[place] if len(old) == len(command.rounds) else {})
        rounds.append({**same, "title": title, "days": days, "gap": gap})
    return {"texts": {**before.get("texts", {}), **command.texts}, "rounds": rounds}
