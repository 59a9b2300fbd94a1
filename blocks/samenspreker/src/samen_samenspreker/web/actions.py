"""Step 4 on pages: the list of actions with its time line, one action with its news, and the forms."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.api import SECTOR_LABELS
from citycontent.web.api import FormPage, FormSpec, Link, Named, Section, form_page, thing_link
from samen_core.api import NotFound, PageRequest, Text, UnitOfWork, _, format_date, format_number, n_
from samen_core.web.api import Crumb, current_uow, page_url
from samen_samenspreker.labels import ACTION_BADGES, ACTION_STATE_LABELS
from samen_samenspreker.models import Action, Question
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.permissions import FACILITATE, UPDATE_ACTION
from samen_samenspreker.progress import Node, budget_of, by_cycle, ids, mean, tree
from samen_samenspreker.queries.actions import actions_of, latest_updates, update_page
from samen_samenspreker.schemas.actions import AddActionSchema, EditActionSchema, UpdateActionSchema
from samen_samenspreker.services.actions import (
    FINISHED,
    add_action,
    edit_action,
    edit_values,
    find_action,
    may_update,
    my_organizations,
    update_action,
    update_values,
)
from samen_samenspreker.services.common import today
from samen_samenspreker.web.frame import LABEL, on_table, pages, table_page

PATH = f"{HOME}/<slug>/uitvoering"
TITLE = _("Uitvoering")
NAMED = {"organization_id": Named("organization")}
PARTS_OF_LINE = 1000
"""The width of the time line in its own units."""


@dataclass(frozen=True, slots=True)
class Bar:
    """An action on the time line, in units of :data:`PARTS_OF_LINE`: where it begins, how long it takes and how much of that is done."""

    start: int
    length: int
    done: int


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action, ready to show. ``budget`` and ``late`` are empty where there is nothing to say; ``parts`` are those of the action."""

    row: Any
    url: str
    organization: Link | None
    sector: tuple[str, Text]
    state: tuple[Text, str]
    progress: int
    budget: str
    late: Text | str
    moved: Text | str
    bar: Bar
    parts: tuple[ActionView, ...]
    update_url: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The actions of one cycle together."""

    cycle: int
    actions: list[ActionView]
    progress: int
    budget: str
    done: Text
    begin: date
    end: date
    today: int | None
    """Where today is on the time line, None outside it."""


@pages.route(PATH, public=True)
def actions_page(slug: str) -> ResponseReturnValue:
    """All actions of the table."""
    uow = current_uow()
    question = on_table(uow, slug)
    nodes = tree(actions_of(uow, question.id))
    about = _about(uow, question, nodes)
    plans = [_plan(about, cycle, found) for cycle, found in by_cycle(nodes).items()]
    return table_page(
        uow,
        question,
        "uitvoering",
        "samenspreker/actions.html",
        title=TITLE,
        plans=plans,
        add_url=page_url(table(slug, "uitvoering/nieuw")) if about.facilitates else "",
    )


def _plan(about: _About, cycle: int, nodes: list[Node]) -> Plan:
    begin, end = _period(nodes)
    days = max((end - begin).days, 1)
    line = _Line(about, begin, days)
    finished = sum(node.is_finished for node in nodes)
    return Plan(
        cycle=cycle,
        actions=[line.view(node) for node in nodes],
        progress=mean(nodes),
        budget=money(budget_of(nodes)),
        done=n_("Klaar: {done} van {n} actie", "Klaar: {done} van de {n} acties", len(nodes), done=finished),
        begin=begin,
        end=end,
        today=PARTS_OF_LINE * (about.today - begin).days // days if begin <= about.today <= end else None,
    )


def _period(nodes: list[Node]) -> tuple[date, date]:
    """The first and the last day of these actions and their parts."""
    every = [node for top in nodes for node in (top, *top.parts)]
    begin = min(min(node.row.starts_on or node.row.first_due_on, node.row.first_due_on) for node in every)
    return begin, max(max(node.row.due_on, node.row.finished_on or node.row.due_on) for node in every)


@dataclass(frozen=True, slots=True)
class _About:
    """What is needed to show actions of a table: their newest news, and whose actions the actor may tell about."""

    question: Question
    news: Mapping[uuid.UUID, Any]
    today: date
    mine: frozenset[uuid.UUID]
    facilitates: bool

    def may_update(self, row: Any) -> bool:
        """Whether the actor may tell how this action goes."""
        is_open = self.question.step == "execute" and row.cycle == self.question.cycle
        return is_open and (self.facilitates or row.organization_id in self.mine)


def _about(uow: UnitOfWork, question: Question, nodes: list[Node]) -> _About:
    """At most two statements."""
    is_open = question.step == "execute"
    mine = my_organizations(uow) if is_open else frozenset()
    return _About(question, latest_updates(uow, ids(nodes)), today(uow), mine, is_open and FACILITATE.allows(uow.actor, question.id))


@dataclass(frozen=True, slots=True)
class _Line:
    """A time line of ``days`` days from ``begin``, with the actions on it."""

    about: _About
    begin: date
    days: int

    def view(self, node: Node) -> ActionView:
        """An action with its bar."""
        row, about = node.row, self.about
        path = table(about.question.slug, f"uitvoering/{row.id}")
        return ActionView(
            row=row,
            url=page_url(path),
            organization=thing_link("organization", row.organization, row.organization_slug),
            sector=(row.sector, SECTOR_LABELS[row.sector]),
            state=(ACTION_STATE_LABELS[node.state], ACTION_BADGES[node.state]),
            progress=node.progress,
            budget=money(node.budget),
            late=late(node, about.today, about.news.get(row.id)),
            moved=moved(row),
            bar=self._bar(node),
            parts=tuple(self.view(part) for part in node.parts),
            update_url=page_url(f"{path}/nieuws") if about.may_update(row) else "",
        )

    def _bar(self, node: Node) -> Bar:
        starts = min(node.row.starts_on or self.begin, node.row.due_on)
        start = PARTS_OF_LINE * (starts - self.begin).days // self.days
        length = max(PARTS_OF_LINE * (node.row.due_on - starts).days // self.days, 10)
        return Bar(start, length, length * node.progress // 100)


def late(node: Node, today: date, news: Any) -> Text | str:
    """How late an action is and why; empty when it is not. ``news`` is its newest update with a text, or None."""
    days = node.days_late(today)
    if not days:
        return ""
    if news is None:
        return n_("{n} dag te laat. Er is nog geen reden gegeven.", "{n} dagen te laat. Er is nog geen reden gegeven.", days)
    return n_("{n} dag te laat: {reason}", "{n} dagen te laat: {reason}", days, reason=news.text)


def moved(row: Any) -> Text | str:
    """When an action was promised first, where that is another day than now."""
    return _("Eerst beloofd voor {day}.", day=format_date(row.first_due_on)) if row.first_due_on != row.due_on else ""


def money(budget: int | None) -> str:
    """An amount in whole euros; empty when it is not known."""
    return "" if budget is None else f"€ {format_number(budget)}"


@pages.route(f"{PATH}/<uuid:id>", public=True)
def action_page(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """One action with its parts and all its news."""
    uow = current_uow()
    question = on_table(uow, slug)
    nodes = tree(actions_of(uow, question.id))
    node = next((found for top in nodes for found in (top, *top.parts) if found.row.id == id), None)
    if node is None:
        raise NotFound
    parent = next((top for top in nodes if node in top.parts), None)
    found = update_page(uow, id, PageRequest(limit=20, cursor=request.args.get("cursor", "")))
    about = _about(uow, question, [node])
    facilitates = about.facilitates and node.row.cycle == question.cycle
    plan = _plan(about, node.row.cycle, [node])
    path = table(slug, f"uitvoering/{id}")
    return table_page(
        uow,
        question,
        "uitvoering",
        "samenspreker/action.html",
        title=node.row.title,
        action=plan.actions[0],
        begin=plan.begin,
        end=plan.end,
        today=plan.today,
        parent=Link(parent.row.title, page_url(table(slug, f"uitvoering/{parent.row.id}"))) if parent else None,
        updates=[(row, ACTION_STATE_LABELS[row.state]) for row in found.items],
        previous_url=f"{page_url(path)}?cursor={found.previous}" if found.previous is not None else None,
        next_url=f"{page_url(path)}?cursor={found.next}" if found.next is not None else None,
        edit_url=page_url(f"{path}/bewerken") if facilitates else "",
        part_url=page_url(f"{path}/onderdeel") if facilitates and parent is None and node.row.state not in FINISHED else "",
        list_url=page_url(table(slug, "uitvoering")),
    )


@pages.route(f"{PATH}/nieuw", permission=FACILITATE, methods=["GET", "POST"])
def action_new(slug: str) -> ResponseReturnValue:
    """Put an action on the list."""
    uow = current_uow()
    return _add(uow, on_table(uow, slug), None)


@pages.route(f"{PATH}/<uuid:id>/onderdeel", permission=FACILITATE, methods=["GET", "POST"])
def action_part(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Add a part to an action."""
    uow = current_uow()
    return _add(uow, *_at(uow, slug, id))


def _add(uow: UnitOfWork, question: Question, parent: Action | None) -> ResponseReturnValue:
    FACILITATE.require(uow.actor, question.id)
    question_id, slug = question.id, question.slug
    back = table(slug, f"uitvoering/{parent.id}") if parent else table(slug, "uitvoering")
    page = FormPage(
        title=_("Onderdeel toevoegen aan: {title}", title=parent.title) if parent else _("Actie toevoegen"),
        submit=_("Zet dit op de lijst"),
        done=_("De actie staat op de lijst."),
        path=f"{back}/onderdeel" if parent else f"{back}/nieuw",
        back=back,
        trail=_trail(question, _("Toevoegen")),
    )

    def write(command: Any) -> str:
        return table(slug, f"uitvoering/{add_action(uow, question_id, command).id}")

    values = {"title": "", "weight": 1, "parent_id": parent.id if parent else None}
    if parent is not None:
        values["organization_id"] = parent.organization_id
    sections = (
        Section(_("Wat en wie?"), ("title", "description", "organization_id", "parent_id")),
        Section(_("Wanneer?"), ("starts_on", "due_on")),
        Section(_("Geld en gewicht"), ("budget", "weight")),
    )
    return form_page(uow, page, FormSpec(AddActionSchema, NAMED), sections, write, values=values)


@pages.route(f"{PATH}/<uuid:id>/bewerken", permission=FACILITATE, methods=["GET", "POST"])
def action_edit(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Change what an action is."""
    uow = current_uow()
    question, action = _at(uow, slug, id)
    FACILITATE.require(uow.actor, question.id)
    path = table(slug, f"uitvoering/{id}")
    page = FormPage(
        title=_("{name} bewerken", name=action.title),
        lead=_("Verandert de datum of de voortgang? Schrijf dan nieuws bij de actie: daar leest iedereen ook waarom."),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=f"{path}/bewerken",
        back=path,
        trail=_trail(question, _("Bewerken")),
    )

    def write(command: Any) -> str:
        edit_action(uow, id, command)
        return path

    sections = (
        Section(_("Wat en wie?"), ("title", "description", "organization_id")),
        Section(_("Wanneer?"), ("starts_on",)),
        Section(_("Geld en gewicht"), ("budget", "weight")),
    )
    return form_page(uow, page, FormSpec(EditActionSchema, NAMED), sections, write, values=edit_values(action))


@pages.route(f"{PATH}/<uuid:id>/nieuws", permission=UPDATE_ACTION, methods=["GET", "POST"])
def action_news(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Tell how an action goes."""
    uow = current_uow()
    question, action = _at(uow, slug, id)
    if not may_update(uow, question, action.organization_id):
        FACILITATE.require(uow.actor, question.id)
    path = table(slug, f"uitvoering/{id}")
    page = FormPage(
        title=_("Hoe gaat het met “{title}”?", title=action.title),
        submit=_("Zet dit nieuws erbij"),
        done=_("Uw nieuws staat erbij. Iedereen kan het lezen."),
        path=f"{path}/nieuws",
        back=path,
        trail=_trail(question, _("Nieuws")),
    )

    def write(command: Any) -> str:
        update_action(uow, id, command)
        return path

    sections = (Section(Text(""), ("state", "progress", "due_on", "text")),)
    return form_page(uow, page, FormSpec(UpdateActionSchema), sections, write, values=update_values(action))


def _at(uow: UnitOfWork, slug: str, id: uuid.UUID) -> tuple[Question, Action]:
    """The action at this address. Raises NotFound, also for one of another table."""
    question, action = find_action(uow, id)
    if question.slug != slug:
        raise NotFound
    return question, action


def _trail(question: Question, last: Text) -> tuple[Crumb, ...]:
    return ((LABEL, HOME), (question.title, table(question.slug)), (TITLE, table(question.slug, "uitvoering")), (last, None))
