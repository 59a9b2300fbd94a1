"""Where a case goes: the first rule that fits, else the organisation of its category, else that of the city; and why."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import update

from samen_core.api import Conflict, Invalid, UnitOfWork, _, account_actor, new_row, uuid7
from samen_oog_oor.deciding import Facts, fits, holds
from samen_oog_oor.events import CaseMoved, CaseRouted
from samen_oog_oor.labels import PROBLEM_LABELS
from samen_oog_oor.models import Case, Note, Route, Rule, Signal
from samen_oog_oor.models.base import CLOSED, WAITING
from samen_oog_oor.permissions import HANDLE, TRIAGE
from samen_oog_oor.queries.routing import CHANGED, Desk, RuleView, first_signal, organizations_by_id, routes_of, routing_desk
from samen_oog_oor.schemas.routing import HandOver, SendBack
from samen_oog_oor.services.common import case_to_work_at, keep_case, log, require_text, scopes_of, tell
from samen_oog_oor.services.route_words import explanation
from samen_oog_oor.working_days import today

WORKING = frozenset({"assigned", "in_progress", "planned"})
"""An organisation has it in hand; when it goes to another, that one has to begin."""


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of conditions of a rule, and whether the case meets them."""

    kind: str
    fits: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule that was held against a case: whether it fits, and per kind of conditions why. ``problem``: it cannot be used."""

    rule: RuleView
    fits: bool
    because: tuple[Check, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a case goes. ``why`` is ``rule``, ``category``, ``city`` or ``nobody``; ``tried`` are the rules in their order."""

    rule: RuleView | None
    organization_id: uuid.UUID | None
    why: str
    tried: tuple[Tried, ...] = ()


def explain(uow: UnitOfWork, facts: Facts) -> Decision:
    """Where a case with these facts goes now, with every rule held against it; nothing is written."""
    return decide(routing_desk(uow), facts, today(uow), every=True)


def decide(desk: Desk, facts: Facts, day: date, *, without: Collection[uuid.UUID] = (), every: bool = False) -> Decision:
    """Hold the rules against the facts: of those that are on and can be used the first that fits decides.

    Without one the organisation of the category, of its main category, of the city. ``without`` are organisations that it does not go to;
    ``every`` tells of all rules how they compare, and not only which one decides.
    """
    tried: list[Tried] = []
    chosen: RuleView | None = None
    for rule in desk.rules:
        if not every and (chosen is not None or not rule.active):
            continue
        problem = _known_problem(desk, rule, day)
        checks = tuple(Check(kind, holds(kind, rule.conditions, facts)) for kind in rule.kinds) if every else ()
        fitting = all(check.fits for check in checks) if every else fits(rule.conditions, facts, rule.kinds)
        tried.append(Tried(rule, fitting, checks, problem))
        if chosen is None and fitting and rule.active and not problem and rule.organization_id not in without:
            chosen = rule
    if chosen is not None:
        return Decision(chosen, chosen.organization_id, "rule", tuple(tried))
    for category_id in desk.above(facts.category_id):
        owner = desk.categories.by_id[category_id].organization_id
        if desk.exists(owner, day) and owner not in without:
            return Decision(None, owner, "category", tuple(tried))
    if desk.exists(desk.city_id, day) and desk.city_id not in without:
        return Decision(None, desk.city_id, "city", tuple(tried))
    return Decision(None, None, "nobody", tuple(tried))


def problem_of(desk: Desk, rule: RuleView, day: date) -> str:
    """Why a rule cannot be used on this day, as one of ``PROBLEM_LABELS``; empty when nothing is wrong with it."""
    if not desk.exists(rule.organization_id, day):
        return "organization_gone"
    for id in rule.conditions.get("categories", ()):
        found = desk.categories.by_id.get(uuid.UUID(id))
        if found is None or not found.active:
            return "category_gone"
    for id in rule.conditions.get("areas", ()):
        row = desk.areas.get(uuid.UUID(id))
        if row is None or desk.areas.find(row.code) is None:
            return "area_gone"
    return ""


def _known_problem(desk: Desk, rule: RuleView, day: date) -> str:
    """:func:`problem_of`, worked out once a day for a desk that is kept."""
    problems: dict[uuid.UUID, str] = desk.made.setdefault(("problems", day), {})
    if rule.id not in problems:
        problems[rule.id] = problem_of(desk, rule, day)
    return problems[rule.id]


def facts_of(uow: UnitOfWork, desk: Desk, case: Any, signal: Signal | None = None) -> Facts:
    """What the rules look at in a case: what its first signal said, at the moment it came in."""
    answers, text = (signal.answers, signal.text) if signal is not None else first_signal(uow, case.id)
    return make_facts(desk, case, answers or {}, text)


def make_facts(desk: Desk, case: Any, answers: Any, text: str) -> Facts:
    """The facts of a row with ``category_id area_id type reported_at``."""
    return Facts(
        category_id=case.category_id,
        categories=desk.above(case.category_id),
        area_id=case.area_id,
        areas=desk.around(case.area_id),
        type=case.type,
        answers=answers,
        text=text,
        at=case.reported_at,
    )


def route_case(uow: UnitOfWork, case: Case, *, why: str | None = None, signal: Signal | None = None) -> Route:
    """Let the rules decide where a case goes, write down why, and tell it when that is another organisation than before.

    The caller checked that it may be done, and calls ``keep_case`` when it is ready. ``why`` other than None is kept instead of what
    decided; ``signal`` is its first one, when it is at hand. A rule that cannot be used any more switches itself off here.
    """
    return _keep(uow, find_way(uow, case, routing_desk(uow), why=why, signal=signal))


def find_way(uow: UnitOfWork, case: Case, desk: Desk, *, why: str | None = None, signal: Signal | None = None) -> Route:
    """As :func:`route_case`, by what decides at this moment; the caller writes the route."""
    day = today(uow)
    facts = facts_of(uow, desk, case, signal)
    decision = decide(desk, facts, day)
    broken = [(tried.rule, tried.problem) for tried in decision.tried if tried.problem]
    while decision.rule is not None and _nobody(uow, decision.rule):
        broken.append((decision.rule, "assignee_gone"))
        decision = decide(_without(desk, broken), facts, day)
    if broken:
        _switch_off(uow, broken)
    return _send(uow, desk, case, decision, why or decision.why)


def _keep(uow: UnitOfWork, route: Route) -> Route:
    uow.session.add(route)
    return route


def who_by_rules(uow: UnitOfWork, case: Case) -> uuid.UUID | None:
    """The organisation to which a case as it is now would go by the rules."""
    desk = routing_desk(uow)
    return decide(desk, facts_of(uow, desk, case), today(uow)).organization_id


def reroute_case(uow: UnitOfWork, case: Case, unless: Collection[uuid.UUID | None] = ()) -> Route | None:
    """Let the rules decide again after the category or the place of a case changed; None when it stays where it is.

    Whoever changes one of those in a service calls this; ``unless`` is what :func:`who_by_rules` said before: where that is still so, what
    was decided by hand since stays. A closed case stays where it is.
    """
    if case.state in CLOSED:
        return None
    found = who_by_rules(uow, case)
    if found == case.organization_id or found in unless:
        return None
    return route_case(uow, case)


def send_back(uow: UnitOfWork, id: uuid.UUID, command: SendBack) -> Route:
    """Say that a case is at the wrong desk: back to whoever divides them, or on to who would get it without this organisation.

    Raises NotFound, NotAllowed, Conflict (also for a case that is closed or waits), and Invalid without a reason.
    """
    case = case_to_work_at(uow, id, command.version)
    reason = require_text(command.reason, "reason")
    _require_open(case)
    former = case.organization_id
    if former is None:
        raise Conflict(_("Deze zaak ligt bij geen enkele organisatie. Er is niets om terug te sturen."))
    desk = routing_desk(uow)
    decision = Decision(None, None, "nobody")
    if command.to == "next":
        declined = {route.from_organization_id for route in routes_of(uow, id) if route.from_organization_id is not None}
        decision = decide(desk, facts_of(uow, desk, case), today(uow), without={former, *declined})
    _note(uow, case, reason)
    route = _keep(uow, _send(uow, desk, case, decision, "wrong_desk", former=former))
    keep_case(uow, case)
    return route


def hand_over(uow: UnitOfWork, id: uuid.UUID, command: HandOver) -> Route:
    """Give a case to an organisation by hand. Raises NotFound, NotAllowed, Conflict, and Invalid for an organisation that is not there."""
    case = case_to_work_at(uow, id, command.version, TRIAGE)
    _require_open(case)
    found = organizations_by_id(uow, [command.organization_id])
    to = found.get(command.organization_id)
    if to is None or not to.exists(today(uow)):
        raise Invalid({"organization_id": [_("Deze organisatie bestaat niet of is verwijderd.")]})
    if case.organization_id == to.id:
        raise Invalid({"organization_id": [_("De zaak ligt al bij deze organisatie.")]})
    if command.reason.strip():
        _note(uow, case, command.reason.strip())
    route = _keep(uow, _send(uow, routing_desk(uow), case, Decision(None, to.id, "hand"), "hand"))
    keep_case(uow, case)
    return route


def check_rules(uow: UnitOfWork) -> int:
    """Switch off the rules that name what is gone, and give how many: after something of the city changed, and every hour."""
    desk = routing_desk(uow)
    day = today(uow)
    broken = [(rule, problem) for rule in desk.rules if rule.active and (problem := problem_of(desk, rule, day) or _nobody(uow, rule))]
    if broken:
        _switch_off(uow, broken)
    return len(broken)


def handles(uow: UnitOfWork, account_id: uuid.UUID) -> bool:
    """Whether this account is there and works at cases somewhere."""
    actor = account_actor(uow, account_id)
    return actor is not None and HANDLE.somewhere(actor)


def _nobody(uow: UnitOfWork, rule: RuleView) -> str:
    """What is wrong with a rule that names a colleague who handles nothing any more; empty for every other."""
    return "assignee_gone" if rule.assignee_id is not None and not handles(uow, rule.assignee_id) else ""


def _without(desk: Desk, broken: list[tuple[RuleView, str]]) -> Desk:
    gone = {rule.id for rule, _problem in broken}
    return replace(desk, rules=tuple(rule for rule in desk.rules if rule.id not in gone))


def _switch_off(uow: UnitOfWork, broken: list[tuple[RuleView, str]]) -> None:
    """One statement each, so that two workers that find it at once do not stand in each other's way."""
    uow.session.info[CHANGED] = True
    for rule, problem in broken:
        values = {"active": False, "problem": problem, "version": Rule.version + 1, "changed_at": uow.now}
        off = update(Rule).where(Rule.id == rule.id, Rule.active).values(**values)
        if uow.session.execute(off.execution_options(synchronize_session=False)).rowcount:  # type: ignore[attr-defined]
            uow.record(
                "oog_oor.rule.broken",
                before={"rule": rule.id, "active": True},
                after={"rule": rule.id, "name": rule.name, "active": False, "problem": problem},
                sentence=PROBLEM_LABELS[problem],
            )


def _require_open(case: Case) -> None:
    if case.state == "reopening_requested":
        raise Conflict(_("Bij deze zaak is heropening gevraagd. Beslis daar eerst over."))
    if case.state in CLOSED or case.state in WAITING:
        raise Conflict(_("Deze zaak is gesloten of wacht. Zet hem eerst weer in behandeling."))


def _note(uow: UnitOfWork, case: Case, text: str) -> None:
    uow.session.add(Note(id=uuid7(), case_id=case.id, at=uow.now, text=text, account_id=uow.actor.account_id))


def _begin_anew(case: Case, *, by_hand: bool) -> None:
    """Another organisation has it, or nobody: the steps of the former one are undone, as far as the table of states lets them be.

    A case that waits goes on waiting, and comes back to that; one that was asked to open again stays so until that is decided.
    """
    step = "assigned" if case.organization_id is not None else "triaged"
    if case.state in WAITING:
        if case.came_from in WORKING:
            case.came_from = step
    elif case.state != "reopening_requested" and (step == "triaged" or case.state in WORKING or by_hand):
        case.state = step


def _give(uow: UnitOfWork, case: Case, account_id: uuid.UUID) -> None:
    """Give a case to the colleague whom its rule names, when that one may work at it."""
    actor = account_actor(uow, account_id)
    if actor is not None and HANDLE.allows(actor, case.id, scopes=scopes_of(case)):
        case.assignee_id = account_id


def _send(uow: UnitOfWork, desk: Desk, case: Case, decision: Decision, why: str, *, former: uuid.UUID | None = None) -> Route:
    """Put the case with the organisation that was decided on, and tell why; the caller writes the route."""
    before, state, former_step = case.organization_id, case.state, case.came_from or case.state
    case.organization_id = decision.organization_id
    if decision.rule is not None and decision.rule.priority is not None:
        case.priority = decision.rule.priority
    if before is not None and before != case.organization_id:
        case.assignee_id = None
        _begin_anew(case, by_hand=why in ("hand", "wrong_desk"))
    elif why == "hand":
        case.state = "assigned"
    if decision.rule is not None and decision.rule.assignee_id is not None and not case.confidential:
        _give(uow, case, decision.rule.assignee_id)
    if former_step == "planned" and (case.came_from or case.state) != "planned":
        case.planned_on = None
    route = new_row(
        Route,
        id=uuid7(),
        case_id=case.id,
        at=uow.now,
        why=why,
        rule_id=decision.rule.id if decision.rule else None,
        organization_id=decision.organization_id,
        from_organization_id=former,
        because={
            "reasons": list(decision.rule.kinds) if decision.rule else [],
            "decided": decision.why,
            "category_id": str(case.category_id),
            "area_id": str(case.area_id) if case.area_id else None,
            "own": decision.rule.explanation if decision.rule else "",
        },
    )
    with uow.platform.translations.use("nl"):
        route.explanation = explanation(uow, desk, route, case.type)
    if before != case.organization_id:
        log(
            uow,
            "routed",
            case,
            _("De zaak ging naar een andere organisatie.") if before is not None else _("De zaak ging naar een organisatie."),
            before={"organization_id": before},
            after={"organization_id": case.organization_id, "why": why},
        )
        tell(uow, CaseRouted, case)
    if state != case.state:
        log(uow, "moved", case, _("De zaak ging naar een andere stap."), before={"state": state}, after={"state": case.state})
        tell(uow, CaseMoved, case)
    return route
