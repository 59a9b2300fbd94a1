"""The page of the steps: what is done, what is missing, the checks of the city, moving on or back, and how it went so far."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, form_page, send, show
from samen_core.api import Conflict, NotFound, StoredFile, Text, UnitOfWork, _, n_, stored_files
from samen_core.web.api import BoundForm, Crumb, current_uow, go, page_url, say
from samen_samenspreker.models import STEPS, Question
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.permissions import FACILITATE, MOVE
from samen_samenspreker.queries.gates import CityGate, load_facts
from samen_samenspreker.queries.moves import moves_of
from samen_samenspreker.schemas.steps import (
    FollowUpSchema,
    MoveBackSchema,
    MoveQuestionSchema,
    TickGate,
    TickGateSchema,
    UntickGate,
    UntickGateSchema,
)
from samen_samenspreker.services.checks import Need
from samen_samenspreker.services.common import find_question, my_seats
from samen_samenspreker.services.gates import BACK, FORWARD, Transition, judge, lacking, needs
from samen_samenspreker.services.steps import follow_up, may_move, move
from samen_samenspreker.services.ticks import may_tick, tick, untick
from samen_samenspreker.settings import step_meaning, step_name
from samen_samenspreker.web.frame import LABEL, on_table, pages, table_page

PATH = f"{HOME}/<slug>/stap"
TITLE = _("Stappen")
WORDS = {"solve": "oplossing", "decide": "besluit", "execute": "uitvoering", "evaluate": "evaluatie", "closed": "afronden"}
"""The last part of the address of the page that asks before a move."""

MOST_SHOWN = 5
"""How many missing things the page of the table lists."""

CLOSED = _("De vraag is daarna afgerond. Alles blijft te lezen, maar er verandert niets meer.")


@dataclass(frozen=True, slots=True)
class Way:
    """A move that the actor may make, as a button."""

    label: Text
    url: str
    is_back: bool


@dataclass(frozen=True, slots=True)
class GateView:
    """A check of the city with its document, and the addresses to tick or untick it ("" for who may not)."""

    gate: CityGate
    file: StoredFile | None
    url: str


@dataclass(frozen=True, slots=True)
class MoveView:
    """A move in the history."""

    sentence: Text
    reason: str
    cycle: int
    at: datetime


@dataclass(frozen=True, slots=True)
class NextMove:
    """The next thing for who facilitates a table: in words, what is missing as (what to do, address), and a button."""

    text: Text
    todo: tuple[tuple[Text, str], ...]
    url: str
    label: Text


@dataclass(frozen=True, slots=True)
class State:
    """Everything about the step of a question and what the actor may do there."""

    needs: list[Need]
    gates: list[CityGate]
    ways: list[Transition]
    seat_roles: frozenset[str]

    @property
    def lacks(self) -> int:
        """How much is missing."""
        return sum(not need.done for need in self.needs)


def state_of(uow: UnitOfWork, question: Question) -> State:
    """The state of the step that a question is in. At most seven statements."""
    if question.state != "accepted":
        return State([], [], [], frozenset())
    facts = load_facts(uow, [question])[question.id]
    roles = frozenset(seat.role for seat in my_seats(uow, question.id))
    found = [way for way in (FORWARD.get(question.step), BACK.get(question.step)) if way is not None]
    ways = [way for way in found if may_move(uow, question, way, seat_roles=roles)]
    return State(judge(question, facts), facts.gates, ways, roles)


@pages.route(PATH, public=True)
def step_page(slug: str) -> ResponseReturnValue:
    """Where the question stands, what the next step asks, and how it came here."""
    uow = current_uow()
    question = on_table(uow, slug)
    state = state_of(uow, question)
    after = FORWARD.get(question.step)
    return table_page(
        uow,
        question,
        "stap",
        "samenspreker/steps.html",
        title=TITLE,
        here=step_name(uow, question.step),
        number=STEPS.index(question.step) + 1,
        next=step_name(uow, after.to_step) if after else "",
        needs=needs_view(state.needs),
        lacks=state.lacks,
        ways=[way_view(uow, question, way) for way in state.ways],
        gates=_gate_views(uow, question, state),
        moves=[_move_view(uow, row) for row in moves_of(uow, question.id)],
        follow_url=_follow_url(uow, question),
    )


def needs_view(found: list[Need]) -> list[tuple[bool, Text, Text, str]]:
    """What a step asks, as (done, what, what to do, address)."""
    return [(need.done, need.text, need.todo, page_url(need.path)) for need in found]


def way_view(uow: UnitOfWork, question: Question, way: Transition) -> Way:
    """A move as a button."""
    name = step_name(uow, way.to_step)
    label = _("Rond de vraag af") if way.to_step == "closed" else _("Ga naar stap “{name}”", name=name)
    if way.is_back:
        label = _("Ga terug naar stap “{name}”", name=name)
    return Way(label, page_url(table(question.slug, f"stap/{WORDS[way.to_step]}")), way.is_back)


def next_move(uow: UnitOfWork, question: Question) -> NextMove:
    """What keeps a table from its next step, for who facilitates it; without a next step there is nothing to do. At most six statements."""
    way = FORWARD[question.step]
    found = [(item.text, page_url(item.path)) for item in lacking(needs(uow, question))]
    name = step_name(uow, way.to_step)
    if not found:
        move = way_view(uow, question, way)
        return NextMove(_("Alles is er voor de volgende stap: “{name}”.", name=name), (), move.url, move.label)
    text = n_(
        "Voor de volgende stap, “{name}”, is nog {n} ding nodig:",
        "Voor de volgende stap, “{name}”, zijn nog {n} dingen nodig:",
        len(found),
        name=name,
    )
    return NextMove(text, tuple(found[:MOST_SHOWN]), page_url(table(question.slug, "stap")), _("Bekijk wat er nodig is"))


def _gate_views(uow: UnitOfWork, question: Question, state: State) -> list[GateView]:
    files = {file.id: file for file in stored_files(uow, [question.id]).get(question.id, ())} if _any_file(state.gates) else {}
    found = []
    for gate in state.gates:
        allowed = may_tick(uow, question, gate.role, state.seat_roles)
        url = page_url(table(question.slug, f"stap/controles/{gate.id}")) if allowed else ""
        found.append(GateView(gate, files.get(gate.file_id) if gate.file_id else None, url))
    return found


def _any_file(gates: list[CityGate]) -> bool:
    return any(gate.file_id for gate in gates)


def _move_view(uow: UnitOfWork, row: Any) -> MoveView:
    names = {"before": step_name(uow, row.from_step), "after": step_name(uow, row.to_step)}
    if STEPS.index(row.to_step) < STEPS.index(row.from_step):
        return MoveView(_("Terug van “{before}” naar “{after}”", **names), row.reason, row.cycle, row.at)
    return MoveView(_("Van “{before}” naar “{after}”", **names), row.reason, row.cycle, row.at)


def _follow_url(uow: UnitOfWork, question: Question) -> str:
    there = question.step in ("evaluate", "closed") and FACILITATE.allows(uow.actor, question.id)
    return page_url(table(question.slug, "stap/vervolg")) if there else ""


@pages.route(f"{PATH}/<any({','.join(WORDS.values())}):word>", permission=MOVE, methods=["GET", "POST"])
def step_move(slug: str, word: str) -> ResponseReturnValue:
    """Ask before the question goes to another step."""
    uow = current_uow()
    question = find_question(uow, slug)
    id, to_step = question.id, next(step for step, known in WORDS.items() if known == word)
    way = next((way for way in _ways_from(question) if way.to_step == to_step), None)
    if question.state != "accepted" or way is None:
        say(_("De vraag is intussen in een andere stap."), "warning")
        return go(table(slug, "stap" if question.state == "accepted" else ""))
    spec = FormSpec(MoveBackSchema, fixed=("to_step",)) if way.is_back else FormSpec(MoveQuestionSchema, fixed=("to_step", "reason"))
    values = {"to_step": to_step, "reason": "", "version": question.version}

    def write(command: Any) -> str:
        return table(move(uow, id, command).slug, "stap")

    answer = show(uow, spec, values) if request.method == "GET" else send(uow, spec, write)
    if isinstance(answer, str):
        say(_("De vraag is nu in stap “{name}”.", name=step_name(uow, to_step)))
        return go(answer)
    return _move_page(uow, find_question(uow, slug), way, answer.form, answer.status)


def _ways_from(question: Question) -> list[Transition]:
    return [way for way in (FORWARD.get(question.step), BACK.get(question.step)) if way is not None]


def _move_page(uow: UnitOfWork, question: Question, way: Transition, form: BoundForm, status: int) -> ResponseReturnValue:
    state = state_of(uow, question)
    button = way_view(uow, question, way)
    return table_page(
        uow,
        question,
        "stap",
        "samenspreker/move.html",
        title=button.label,
        status=status,
        form=form,
        action=button.url,
        submit=button.label,
        is_back=way.is_back,
        may=way in state.ways,
        needs=[] if way.is_back else needs_view(state.needs),
        lacks=0 if way.is_back else state.lacks,
        follows=CLOSED if way.to_step == "closed" else step_meaning(uow, way.to_step),
        cycle=question.cycle + 1,
        cancel_url=page_url(table(question.slug, "stap")),
    )


@pages.route(f"{PATH}/controles/<uuid:gate_id>", permission=MOVE, methods=["GET", "POST"])
def gate_page(slug: str, gate_id: uuid.UUID) -> ResponseReturnValue:
    """Tick a check of the city, or take a wrong tick back."""
    uow = current_uow()
    question = on_table(uow, slug)
    gate = next((gate for gate in load_facts(uow, [question])[question.id].gates if gate.id == gate_id), None)
    if gate is None:
        raise NotFound
    id, cycle = question.id, question.cycle
    ticked = gate.ticked_at is not None

    def write(command: Any) -> str:
        if isinstance(command, UntickGate):
            untick(uow, id, gate_id, command)
        elif isinstance(command, TickGate):
            tick(uow, id, gate_id, command)
        return table(slug, "stap")

    page = FormPage(
        title=_("Vinkje weghalen: {title}", title=gate.title) if ticked else _("Controle: {title}", title=gate.title),
        lead=gate.help,
        submit=_("Haal het vinkje weg") if ticked else _("Vink deze controle af"),
        done=_("Het vinkje is weg. De controle moet opnieuw.") if ticked else _("De controle is afgevinkt."),
        path=table(slug, f"stap/controles/{gate_id}"),
        back=table(slug, "stap"),
        trail=_trail(question, gate.title),
    )
    spec = FormSpec(UntickGateSchema if ticked else TickGateSchema, fixed=("cycle",))
    names = ("cycle", "reason") if ticked else ("cycle", "note", "document")
    try:
        return form_page(uow, page, spec, (Section(Text(""), names),), write, values={"cycle": cycle}, owner=id)
    except Conflict as error:
        say(error.message, "warning")
        return go(table(slug, "stap"))


@pages.route(f"{PATH}/vervolg", permission=FACILITATE, methods=["GET", "POST"])
def follow_up_page(slug: str) -> ResponseReturnValue:
    """Put the question that follows from an evaluation."""
    uow = current_uow()
    question = find_question(uow, slug)
    FACILITATE.require(uow.actor, question.id)
    id = question.id
    page = FormPage(
        title=_("Stel een vraag die hierop volgt"),
        lead=_("Gebied, thema, project en sectoren gaan mee. De nieuwe vraag verwijst naar deze."),
        submit=_("Stel deze vraag"),
        done=_("De nieuwe vraag staat er."),
        path=table(slug, "stap/vervolg"),
        back=table(slug, "stap"),
        trail=_trail(question, _("Vervolgvraag")),
    )

    def write(command: Any) -> str:
        return table(follow_up(uow, id, command).question.slug)

    sections = (Section(Text(""), ("kind", "title", "description", "why_now", "reason")),)
    values = {"kind": question.kind, "title": "", "description": question.description, "why_now": "", "reason": ""}
    return form_page(uow, page, FormSpec(FollowUpSchema), sections, write, values=values)


def _trail(question: Question, last: Text | str) -> tuple[Crumb, ...]:
    return ((LABEL, HOME), (question.title, table(question.slug)), (TITLE, table(question.slug, "stap")), (last, None))
