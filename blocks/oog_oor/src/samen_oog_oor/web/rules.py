"""The rules that say where a case goes: the list in its order, the form with a replay of last month, and the test bench."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.api import Delete
from citycontent.web.api import FormPage, FormSpec, Named, Section, delete_page, send, show, suggestions
from samen_core.api import CITY_TIME_ZONE, Conflict, Invalid, Text, UnitOfWork, _, parse
from samen_core.web.api import BoundForm, crumbs, current_uow, go, page_url, render, render_status, say
from samen_oog_oor import paths
from samen_oog_oor.labels import PRIORITY_LABELS, PROBLEM_LABELS
from samen_oog_oor.permissions import DEFINE
from samen_oog_oor.queries.routing import Desk, RuleView, routing_desk
from samen_oog_oor.schemas.routing import MoveRuleSchema, SaveRule, SaveRuleSchema, TryRulesSchema
from samen_oog_oor.services.desk import possible_assignees
from samen_oog_oor.services.routing_rules import (
    Replay,
    create_rule,
    delete_rule,
    find_rule,
    list_rules,
    move_rule,
    replay,
    rule_values,
    switch_rule,
    try_rules,
    update_rule,
)
from samen_oog_oor.web.common import DESK, LABEL, desk_tabs, pages, tabs
from samen_oog_oor.web.rule_choices import areas_of, assignees_of, categories_of, folds_of
from samen_oog_oor.web.rule_words import given_of, wanted, wanted_of
from samen_oog_oor.working_days import today

TITLE = _("Regels")
NEW = f"{paths.RULES}/nieuw"
BENCH = f"{paths.RULES}/proef"
ONE = f"{paths.RULES}/<uuid:id>"
SPEC = FormSpec(SaveRuleSchema, {"organization_id": Named("organization")})
SECTIONS = (
    Section(_("Waarheen?"), ("name", "organization_id", "assignee_id", "priority", "active")),
    Section(_("Voor welke meldingen?"), ("types",)),
    Section(_("Waarover het gaat"), ("categories",), folded=True),
    Section(_("Waar het is"), ("areas",), folded=True),
    Section(_("Wat er in de melding staat"), ("words", "answers"), folded=True),
    Section(_("Dag en tijd"), ("weekdays", "start", "end"), folded=True),
    Section(_("Uitleg"), ("explanation",)),
)
MOST_SHOWN = 50
_STALE = _("Iemand anders heeft dit intussen gewijzigd. Kijk hoe het er nu staat en probeer het nog eens.")
_NOBODY = _("niemand: een medewerker verdeelt het")


@pages.route(paths.RULES, permission=DEFINE)
def rule_list() -> ResponseReturnValue:
    """The rules in their order; the first that fits decides."""
    uow = current_uow()
    rules = list_rules(uow)
    desk, people = routing_desk(uow), possible_assignees(uow)
    return render(
        "oog_oor/rules.html",
        tabs=tabs(uow.actor, paths.RULES),
        desk_tabs=desk_tabs(uow.actor, paths.RULES),
        rules=[_view(desk, rule, index, len(rules), people) for index, rule in enumerate(rules)],
        city_organization=desk.organizations.get(desk.city_id) if desk.city_id and desk.exists(desk.city_id, today(uow)) else None,
        new_url=page_url(NEW),
        bench_url=page_url(BENCH),
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (TITLE, None)),
    )


def _view(desk: Desk, rule: RuleView, index: int, number: int, people: Mapping[uuid.UUID, str]) -> dict[str, Any]:
    to = desk.organizations.get(rule.organization_id)
    return {
        "rule": rule,
        "url": page_url(f"{paths.RULES}/{rule.id}"),
        "organization": to.name if to else "",
        "assignee": people.get(rule.assignee_id, "") if rule.assignee_id else "",
        "conditions": wanted(desk, rule),
        "priority": PRIORITY_LABELS[rule.priority] if rule.priority else "",
        "problem": PROBLEM_LABELS[rule.problem] if rule.problem and not rule.active else "",
        "first": index == 0,
        "last": index == number - 1,
    }


@pages.route(NEW, permission=DEFINE, methods=["GET", "POST"])
def rule_new() -> ResponseReturnValue:
    """Make a rule."""
    return _form(current_uow(), None, {"active": True, "version": 0})


@pages.route(ONE, permission=DEFINE, methods=["GET", "POST"])
def rule_edit(id: uuid.UUID) -> ResponseReturnValue:
    """Change a rule."""
    uow = current_uow()
    return _form(uow, id, rule_values(find_rule(uow, id)))


def _form(uow: UnitOfWork, id: uuid.UUID | None, values: Mapping[str, Any]) -> ResponseReturnValue:
    """The form of a rule; "bekijk wat er verandert" replays last month and keeps what was typed."""
    desk = routing_desk(uow)
    people = assignees_of(possible_assignees(uow), values.get("assignee_id"))
    options: dict[str, Any] = {
        "categories": categories_of(desk, values.get("categories", ())),
        "areas": areas_of(desk, values.get("areas", ())),
        "assignee_id": people,
    }
    replayed: Replay | None = None
    if request.method == "GET":
        shown: Any = show(uow, SPEC, values, options)
    elif "replay" in request.form:
        shown = send(uow, SPEC, lambda command: replay(uow, command, id), options, values)
        if isinstance(shown, Replay):
            replayed = shown
            version = request.form.get("version", type=int)
            form = BoundForm(SPEC.make(values), data=request.form, version=version, options=options)
            return _form_page(uow, id, form, 200, replayed)
    else:
        shown = send(uow, SPEC, lambda command: _save(uow, id, command), options, values)
        if isinstance(shown, str):
            say(_("De regel is bewaard."))
            return go(shown)
    return _form_page(uow, id, shown.form, shown.status, None)


def _save(uow: UnitOfWork, id: uuid.UUID | None, command: SaveRule) -> str:
    rule = create_rule(uow, command) if id is None else update_rule(uow, id, command)
    return f"{paths.RULES}#regel-{rule.id}"


def _form_page(uow: UnitOfWork, id: uuid.UUID | None, form: BoundForm, status: int, replayed: Replay | None) -> ResponseReturnValue:
    title = _("Regel wijzigen") if id else _("Nieuwe regel")
    return render_status(
        status,
        "oog_oor/rule_form.html",
        title=title,
        form=form,
        sections=[_section(section, form) for section in SECTIONS],
        suggestions=suggestions(uow, SPEC),
        action=page_url(f"{paths.RULES}/{id}" if id else NEW),
        cancel_url=page_url(paths.RULES),
        delete_url=page_url(f"{paths.RULES}/{id}/weg") if id else "",
        replayed=replayed,
        moved=_moved(replayed) if replayed else (),
        nobody=_NOBODY,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (TITLE, paths.RULES), (title, None)),
    )


def _section(section: Section, form: BoundForm) -> dict[str, Any]:
    fields = [form[name] for name in section.names]
    filled = any(item.errors or item.current is not None or _is_filled(item) for item in fields)
    shown = [(item, folds_of(item.options) if item.name in ("categories", "areas") else ()) for item in fields]
    return {"title": section.title, "fields": shown, "folded": section.folded, "open": filled}


def _is_filled(item: Any) -> bool:
    if item.options:
        return any(option.selected for option in item.options)
    return bool(item.value)


def _moved(replayed: Replay) -> list[tuple[str, str, Text | str, Text | str]]:
    return [
        (page_url(paths.work(one.number)), one.number, one.before.name if one.before else _NOBODY, one.after.name if one.after else _NOBODY)
        for one in replayed.moved[:MOST_SHOWN]
    ]


@pages.route(f"{ONE}/verplaatsen", permission=DEFINE, methods=["POST"])
def rule_move(id: uuid.UUID) -> ResponseReturnValue:
    """One place up or down."""
    uow = current_uow()
    command = parse(MoveRuleSchema, request.form)
    return _attempt(uow, lambda: move_rule(uow, id, command), f"{paths.RULES}#regel-{id}")


@pages.route(f"{ONE}/schakelen", permission=DEFINE, methods=["POST"])
def rule_switch(id: uuid.UUID) -> ResponseReturnValue:
    """Switch a rule on or off."""
    uow = current_uow()
    active = request.form.get("active") == "true"
    version = request.form.get("version", type=int) or 0
    done = _("De regel doet mee.") if active else _("De regel staat uit.")
    return _attempt(uow, lambda: switch_rule(uow, id, version, active=active), f"{paths.RULES}#regel-{id}", done)


@pages.route(f"{ONE}/weg", permission=DEFINE, methods=["GET", "POST"])
def rule_remove(id: uuid.UUID) -> ResponseReturnValue:
    """Take a rule away."""
    uow = current_uow()
    rule = find_rule(uow, id)
    title = _("Regel “{name}” weghalen", name=rule.name)
    page = FormPage(
        title=title,
        submit=_("Haal de regel weg"),
        done=_("De regel is weg."),
        path=f"{paths.RULES}/{id}/weg",
        back=paths.RULES,
        trail=((LABEL, paths.HOME), (DESK, paths.DESK), (TITLE, paths.RULES), (title, None)),
        lead=_("Bij zaken die deze regel volgden, blijft staan waarom ze ergens heen gingen."),
    )

    def write(command: Delete) -> None:
        delete_rule(uow, id, command.version, command.reason)

    return delete_page(uow, page, rule.version, write, paths.RULES)


@pages.route(BENCH, permission=DEFINE, methods=["GET", "POST"])
def rule_bench() -> ResponseReturnValue:
    """Type a case, or name one, and see which rule decides and why the others do not."""
    uow = current_uow()
    desk = routing_desk(uow)
    local = uow.now.astimezone(CITY_TIME_ZONE)
    values = {"type": "problem", "day": local.isoweekday(), "clock": local.strftime("%H:%M")}
    options: dict[str, Any] = {
        "category_id": categories_of(desk, ()),
        "area_id": [(row.id, row.name) for row in desk.areas.of("buurt")],
    }
    spec = FormSpec(TryRulesSchema)
    if request.method == "GET":
        return _bench_page(uow, show(uow, spec, values, options).form, 200)
    found: Any = send(uow, spec, lambda command: try_rules(uow, command), options, values)
    if isinstance(found, tuple):
        form = BoundForm(spec.make({}), data=request.form, options=options)
        return _bench_page(uow, form, 200, *found)
    return _bench_page(uow, found.form, found.status)


def _bench_page(uow: UnitOfWork, form: BoundForm, status: int, facts: Any = None, decision: Any = None) -> ResponseReturnValue:
    desk = routing_desk(uow)
    outcome: dict[str, Any] | None = None
    if decision is not None:
        to = desk.organizations.get(decision.organization_id) if decision.organization_id else None
        outcome = {
            "organization": to.name if to else "",
            "why": _why(decision),
            "tried": [
                {
                    "rule": tried.rule,
                    "url": page_url(f"{paths.RULES}/{tried.rule.id}"),
                    "decides": decision.rule is not None and decision.rule.id == tried.rule.id,
                    "fits": tried.fits,
                    "problem": PROBLEM_LABELS[tried.problem] if tried.problem else "",
                    "checks": [
                        (check.fits, check.kind, wanted_of(desk, check.kind, tried.rule.conditions), given_of(desk, check.kind, facts))
                        for check in tried.because
                    ],
                }
                for tried in decision.tried
            ],
        }
    return render_status(
        status,
        "oog_oor/rule_bench.html",
        form=form,
        outcome=outcome,
        action=page_url(BENCH),
        cancel_url=page_url(paths.RULES),
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (TITLE, paths.RULES), (_("Regels uitproberen"), None)),
    )


def _why(decision: Any) -> Text:
    if decision.rule is not None:
        return _("De regel “{name}” past als eerste.", name=decision.rule.name)
    if decision.why == "category":
        return _("Geen regel past. Dit is de organisatie van de categorie.")
    if decision.why == "city":
        return _("Geen regel past en de categorie heeft geen organisatie. Dit is de organisatie van de stad.")
    return _("Geen regel past, en er is geen organisatie voor de categorie of de stad.")


def _attempt(uow: UnitOfWork, act: Callable[[], Any], back: str, done: Text | None = None) -> ResponseReturnValue:
    try:
        act()
        uow.session.flush()
        if done is not None:
            say(done)
    except Invalid as error:
        uow.rollback()
        say(next(text for texts in error.errors.values() for text in texts), "error")
    except Conflict as error:
        uow.rollback()
        say(_STALE if error.current or error.version is not None else error.message, "error")
    return go(back)
