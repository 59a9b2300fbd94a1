"""Making, changing, ordering and switching rules; trying them on a case; and what a rule would have changed in the last month."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from citycontent.api import AreaTree
from samen_core.api import CITY_TIME_ZONE, Conflict, Invalid, NotFound, Task, Text, UnitOfWork, _, n_, uuid7
from samen_oog_oor import paths
from samen_oog_oor.deciding import Facts
from samen_oog_oor.models import Case, Rule
from samen_oog_oor.permissions import DEFINE, SEE_CONFIDENTIAL
from samen_oog_oor.queries.categories import CategoryTree
from samen_oog_oor.queries.routing import (
    CHANGED,
    Desk,
    OrganizationView,
    RuleView,
    first_signals,
    organizations_by_id,
    recent_cases,
    routing_desk,
)
from samen_oog_oor.schemas.routing import MoveRule, OrderRules, SaveRule, TryRules
from samen_oog_oor.services.common import find_case
from samen_oog_oor.services.routing import Decision, decide, explain, facts_of, handles, make_facts, problem_of
from samen_oog_oor.services.viewings import note_viewing
from samen_oog_oor.working_days import today

MOST_RULES = 500
REPLAY_DAYS = 31
MOST_REPLAYED = 5_000
"""A month of a city of 125,000 people is about half of this."""

SAVED = ("name", "explanation", "organization_id", "assignee_id", "priority", "active")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A case that a new rule would send to another organisation."""

    case_id: uuid.UUID
    number: str
    title: str
    before: OrganizationView | None
    after: OrganizationView | None


@dataclass(frozen=True, slots=True)
class Replay:
    """What a rule would have changed. ``looked_at`` is how many cases were held against it, ``fitting`` how many it would decide on.

    ``moved`` are those that would go elsewhere, the newest first. ``cut``: there were more than were looked at.
    """

    since: datetime
    looked_at: int
    fitting: int
    moved: tuple[Elsewhere, ...]
    cut: bool


def list_rules(uow: UnitOfWork) -> Sequence[RuleView]:
    """The rules in their order. Raises NotAllowed."""
    DEFINE.require(uow.actor)
    return routing_desk(uow).rules


def find_rule(uow: UnitOfWork, id: uuid.UUID) -> RuleView:
    """A rule as it is now. Raises NotAllowed and NotFound."""
    found = next((rule for rule in list_rules(uow) if rule.id == id), None)
    if found is None:
        raise NotFound
    return found


def create_rule(uow: UnitOfWork, command: SaveRule) -> Rule:
    """Add a rule, after those that are there. Raises NotAllowed and Invalid."""
    DEFINE.require(uow.actor)
    desk = routing_desk(uow)
    if len(desk.rules) >= MOST_RULES:
        raise Invalid(_("Er zijn al {max} regels. Haal er eerst een weg.", max=MOST_RULES))
    _check(uow, desk, command)
    position = uow.session.execute(select(func.coalesce(func.max(Rule.position), 0) + 1)).scalar_one()
    rule = Rule(id=uuid7(), position=position, problem="")
    _fill(uow, rule, command)
    uow.session.add(rule)
    uow.session.flush()
    uow.record("oog_oor.rule.created", after={"rule": rule.id, **_logged(rule_values(rule))})
    return rule


def update_rule(uow: UnitOfWork, id: uuid.UUID, command: SaveRule) -> Rule:
    """Replace a rule. Raises NotAllowed, NotFound, Invalid and Conflict."""
    rule = _to_change(uow, id, command.version)
    _check(uow, routing_desk(uow), command)
    before = rule_values(rule)
    _fill(uow, rule, command)
    rule.problem = ""
    uow.session.flush()
    _record(uow, "changed", rule, before)
    return rule


def switch_rule(uow: UnitOfWork, id: uuid.UUID, version: int, *, active: bool) -> Rule:
    """Switch a rule on or off. Raises NotAllowed, NotFound, Conflict, and Invalid for one that names what is gone."""
    rule = _to_change(uow, id, version)
    before = rule_values(rule)
    if active:
        view = next(found for found in routing_desk(uow).rules if found.id == id)
        gone = view.assignee_id is not None and not handles(uow, view.assignee_id)
        if gone or problem_of(routing_desk(uow), view, today(uow)):
            raise Invalid(_("Deze regel noemt iets dat er niet meer is. Pas de regel eerst aan."))
        rule.problem = ""
    rule.active, rule.changed_at = active, uow.now
    uow.session.flush()
    _record(uow, "switched", rule, before)
    return rule


def delete_rule(uow: UnitOfWork, id: uuid.UUID, version: int, reason: str = "") -> None:
    """Take a rule away. What it decided stays known. Raises NotAllowed, NotFound and Conflict."""
    rule = _to_change(uow, id, version)
    uow.record("oog_oor.rule.deleted", before={"rule": rule.id, **_logged(rule_values(rule))}, reason=reason)
    uow.session.delete(rule)
    uow.session.flush()


def order_rules(uow: UnitOfWork, command: OrderRules) -> None:
    """Put all rules in this order. Raises NotAllowed, and Conflict when a rule was added or taken away meanwhile."""
    DEFINE.require(uow.actor)
    uow.session.info[CHANGED] = True
    found = {rule.id: rule for rule in uow.session.execute(select(Rule).with_for_update()).scalars()}
    if set(command.order) != set(found) or len(command.order) != len(found):
        raise Conflict(_("Er is intussen een regel bijgekomen of weggehaald. Kijk hoe het er nu staat en probeer het nog eens."))
    before = [rule.id for rule in sorted(found.values(), key=lambda rule: (rule.position, rule.id))]
    if before == list(command.order):
        return
    for position, id in enumerate(command.order, start=1):
        if found[id].position != position:
            found[id].position, found[id].changed_at = position, uow.now
    uow.session.flush()
    uow.record("oog_oor.rules.ordered", before={"order": before}, after={"order": list(command.order)})


def move_rule(uow: UnitOfWork, id: uuid.UUID, command: MoveRule) -> None:
    """Put a rule one place up or down. Raises NotAllowed and NotFound."""
    order = [rule.id for rule in list_rules(uow)]
    if id not in order:
        raise NotFound
    index = order.index(id)
    other = index + (-1 if command.direction == "up" else 1)
    if 0 <= other < len(order):
        order[index], order[other] = order[other], order[index]
    order_rules(uow, OrderRules(order=tuple(order)))


def rule_values(rule: Rule | RuleView) -> dict[str, Any]:
    """What the form of a rule shows, and what the log keeps of it."""
    conditions = rule.conditions
    return {
        **{name: getattr(rule, name) for name in SAVED},
        "categories": list(conditions.get("categories", ())),
        "areas": list(conditions.get("areas", ())),
        "types": list(conditions.get("types", ())),
        "answers": dict(conditions.get("answers", {})),
        "words": [conditions["words"]] if isinstance(conditions.get("words"), str) else list(conditions.get("words", ())),
        "weekdays": list(conditions.get("weekdays", ())),
        "start": conditions.get("from", ""),
        "end": conditions.get("until", ""),
        "version": rule.version,
    }


def try_rules(uow: UnitOfWork, command: TryRules) -> tuple[Facts, Decision]:
    """Which rule decides on a case, and how each compares; nothing is written. Raises NotAllowed and Invalid."""
    DEFINE.require(uow.actor)
    desk = routing_desk(uow)
    if command.number:
        facts = facts_of(uow, desk, _case_to_try(uow, command.number))
    else:
        facts = Facts(
            category_id=command.category_id,
            categories=desk.above(command.category_id),
            area_id=command.area_id,
            areas=desk.around(command.area_id),
            type=command.type,
            answers=command.answers,
            text=command.text,
            at=_moment(uow, command),
        )
    return facts, explain(uow, facts)


def _case_to_try(uow: UnitOfWork, number: str) -> Case:
    try:
        case = find_case(uow, number)
    except NotFound:
        raise Invalid({"number": [_("Wij kennen geen zaak met dit nummer.")]}) from None
    if case.confidential:
        note_viewing(uow, case.id, "confidential")
    return case


def _moment(uow: UnitOfWork, command: TryRules) -> datetime:
    """The next time that it is that day and that time in the city."""
    if command.at is not None:
        return command.at
    local = uow.now.astimezone(CITY_TIME_ZONE)
    if command.clock:
        hour, minute = map(int, command.clock.split(":"))
        local = local.replace(hour=hour, minute=minute)
    if command.day:
        local += timedelta(days=(command.day - local.isoweekday()) % 7)
    return local


def replay(uow: UnitOfWork, command: SaveRule, id: uuid.UUID | None = None) -> Replay:
    """What this rule would have changed in the last month: a new one, last, or ``id`` changed in its place; nothing is written.

    Each case is held against the rules of now and against those with this one, as it came in. Raises NotAllowed and Invalid.
    """
    DEFINE.require(uow.actor)
    desk = routing_desk(uow)
    _check(uow, desk, command)
    changed, rule = _with_rule(uow, desk, command, id)
    since = uow.now - timedelta(days=REPLAY_DAYS)
    sees_all = SEE_CONFIDENTIAL.allows(uow.actor)
    cases = recent_cases(uow, since, MOST_REPLAYED + 1, confidential=sees_all)
    looked_at = cases[:MOST_REPLAYED]
    signals = first_signals(uow, [case.id for case in looked_at])
    day = today(uow)
    fitting = 0
    moved: list[tuple[Any, uuid.UUID | None, uuid.UUID | None]] = []
    for case in looked_at:
        facts = make_facts(desk, case, *signals.get(case.id, ({}, "")))
        was, now = decide(desk, facts, day), decide(changed, facts, day)
        fitting += now.rule is not None and now.rule.id == rule.id
        if was.organization_id != now.organization_id:
            moved.append((case, was.organization_id, now.organization_id))
    names = changed.organizations
    found = tuple(
        Elsewhere(case.id, case.number, case.title, names.get(was) if was else None, names.get(now) if now else None)
        for case, was, now in moved
    )
    return Replay(since, len(looked_at), fitting, found, len(cases) > MOST_REPLAYED)


def _with_rule(uow: UnitOfWork, desk: Desk, command: SaveRule, id: uuid.UUID | None) -> tuple[Desk, RuleView]:
    """The desk as it would be with this rule."""
    former = next((rule for rule in desk.rules if rule.id == id), None)
    if id is not None and former is None:
        raise NotFound
    rule = RuleView(
        id=id or uuid7(),
        version=command.version,
        position=former.position if former else 0,
        name=command.name,
        explanation=command.explanation,
        conditions=command.conditions,
        organization_id=command.organization_id,
        assignee_id=command.assignee_id,
        priority=command.priority,
        active=command.active,
        problem="",
        changed_at=uow.now,
    )
    rules = tuple(rule if found is former else found for found in desk.rules) if former else (*desk.rules, rule)
    named = {**desk.organizations, **organizations_by_id(uow, [command.organization_id])}
    return replace(desk, rules=rules, organizations=named), rule


def problem_tasks(uow: UnitOfWork) -> list[Task]:
    """What waits for who defines: rules that switched themselves off, categories whose organisation is gone."""
    if not DEFINE.somewhere(uow.actor):
        return []
    desk = routing_desk(uow)
    day = today(uow)
    off = sum(bool(rule.problem) and not rule.active for rule in desk.rules)
    without = sum(
        row.active and row.organization_id is not None and not desk.exists(row.organization_id, day)
        for row in desk.categories.by_id.values()
    )
    found = [
        Task(n_("{n} regel heeft zichzelf uitgezet", "{n} regels hebben zichzelf uitgezet", off), paths.RULES, off, "route"),
        Task(
            n_(
                "{n} categorie hoort bij een organisatie die er niet meer is",
                "{n} categorieën horen bij een organisatie die er niet meer is",
                without,
            ),
            paths.CATEGORIES,
            without,
            "building-2",
        ),
    ]
    return [task for task in found if task.count]


def _to_change(uow: UnitOfWork, id: uuid.UUID, version: int) -> Rule:
    DEFINE.require(uow.actor)
    uow.session.info[CHANGED] = True
    statement = select(Rule).where(Rule.id == id).with_for_update().execution_options(populate_existing=True)
    rule = uow.session.execute(statement).scalar_one_or_none()
    if rule is None:
        raise NotFound
    if rule.version != version:
        raise Conflict(current=rule_values(rule), version=rule.version)
    return rule


def _fill(uow: UnitOfWork, rule: Rule, command: SaveRule) -> None:
    uow.session.info[CHANGED] = True
    for name in SAVED:
        setattr(rule, name, getattr(command, name))
    rule.conditions, rule.changed_at = command.conditions, uow.now


def _record(uow: UnitOfWork, what: str, rule: Rule, before: dict[str, Any]) -> None:
    after = rule_values(rule)
    changed = [name for name in after if name != "version" and after[name] != before[name]]
    if changed:
        old, new = (_logged({name: values[name] for name in changed}) for values in (before, after))
        uow.record(f"oog_oor.rule.{what}", before={"rule": rule.id, **old}, after={"rule": rule.id, "name": rule.name, **new})


def _logged(values: dict[str, Any]) -> dict[str, Any]:
    """What the log keeps: not which colleague it is, only whether there is one."""
    return {name: value is not None if name == "assignee_id" else value for name, value in values.items()}


def _check(uow: UnitOfWork, desk: Desk, command: SaveRule) -> None:
    """Raise Invalid for everything that the rule names and that is not there."""
    errors: dict[str, list[Text]] = {}
    to = organizations_by_id(uow, [command.organization_id]).get(command.organization_id)
    if to is None or not to.exists(today(uow)):
        errors["organization_id"] = [_("Deze organisatie bestaat niet of is verwijderd.")]
    if command.assignee_id is not None and not handles(uow, command.assignee_id):
        errors["assignee_id"] = [_("Deze collega behandelt geen meldingen.")]
    if not all(_category_is_there(desk.categories, id) for id in command.categories):
        errors["categories"] = [_("Een van deze categorieën is er niet meer of staat uit.")]
    if not all(_area_is_there(desk.areas, id) for id in command.areas):
        errors["areas"] = [_("Een van deze gebieden is er niet meer.")]
    if errors:
        raise Invalid(errors)


def _category_is_there(tree: CategoryTree, id: uuid.UUID) -> bool:
    found = tree.by_id.get(id)
    return found is not None and found.active


def _area_is_there(tree: AreaTree, id: uuid.UUID) -> bool:
    row = tree.get(id)
    return row is not None and tree.find(row.code) is not None
