"""Making public, of every kind of thing: what its page offers who may, and the page that asks before it is done."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_beleidsagenda import paths
from samen_beleidsagenda.events import MotionChanged, PromiseChanged, QuestionChanged
from samen_beleidsagenda.models import Commitment, CouncilQuestion, Motion
from samen_beleidsagenda.permissions import APPROVE, WRITE
from samen_beleidsagenda.queries.desk import unpublished_of
from samen_beleidsagenda.schemas.approval import Approve, ApproveSchema, ApproveWithReasonSchema
from samen_beleidsagenda.services import approval, decisions, documents, dossiers, goals, planning
from samen_beleidsagenda.services.common import get_thing, may_write, require_write, scopes_of
from samen_beleidsagenda.services.kinds import BY_NAME, Kind, kind_of
from samen_beleidsagenda.web.common import DESK, LABEL, pages
from samen_core.api import NotFound, Text, UnitOfWork, _, n_
from samen_core.web.api import current_uow, page_url, say

Write = Callable[[UnitOfWork, uuid.UUID, Approve], Any]

PUBLISH: dict[str, Write] = {
    "dossier": dossiers.publish_dossier,
    "goal": goals.publish_goal,
    "planning_item": planning.publish_moment,
    "document": documents.publish_document,
    "body_decision": decisions.publish_decision,
    "motion": lambda uow, thing_id, command: approval.publish(uow, Motion, thing_id, command, MotionChanged),
    "commitment": lambda uow, thing_id, command: approval.publish(uow, Commitment, thing_id, command, PromiseChanged),
    "council_question": lambda uow, thing_id, command: approval.publish(uow, CouncilQuestion, thing_id, command, QuestionChanged),
}
"""How each kind of thing becomes public; a point does with the agenda of its meeting."""
REMOVE: dict[str, Write] = {
    "dossier": dossiers.remove_dossier,
    "planning_item": planning.remove_moment,
    "body_decision": decisions.remove_decision,
}
"""How a kind of thing is taken away, where it is more than that."""
LISTS = {
    "dossier": paths.DOSSIERS,
    "goal": paths.THEMES,
    "planning_item": paths.PLANNING,
    "document": paths.DOCUMENTS,
    "body_decision": paths.DECISIONS,
    "motion": paths.PROMISES,
    "commitment": paths.PROMISES,
    "council_question": paths.QUESTIONS,
}
"""Where one goes when a thing is gone."""


@dataclass(frozen=True, slots=True)
class _Words:
    title: Text
    lead: Text
    submit: Text
    done: Text
    reason: bool = False


WORDS: dict[str, _Words] = {
    "voorleggen": _Words(
        _("“{title}” voorleggen"),
        _("Wie concepten openbaar mag maken, ziet dit dan op de werkplek staan."),
        _("Leg het voor"),
        _("Het concept wacht nu op akkoord."),
    ),
    "openbaar": _Words(
        _("“{title}” openbaar maken"),
        _("Iedereen kan dit daarna lezen. Wie het onderwerp volgt, krijgt het te zien."),
        _("Maak het openbaar"),
        _("Het is nu openbaar."),
    ),
    "teruggeven": _Words(
        _("“{title}” teruggeven"),
        _("Het wordt weer een concept. Schrijf op wat er nog moet veranderen."),
        _("Geef het terug"),
        _("Het is teruggegeven aan wie het schreef."),
        reason=True,
    ),
    "weghalen": _Words(
        _("“{title}” weghalen"),
        _("Doe dit alleen bij een vergissing. Het adres blijft bestaan en zegt dat dit is weggehaald."),
        _("Haal het weg"),
        _("Het is weggehaald."),
        reason=True,
    ),
}
LABELS: dict[str, Text] = {
    "openbaar": _("Openbaar maken"),
    "voorleggen": _("Voorleggen voor akkoord"),
    "teruggeven": _("Teruggeven"),
    "weghalen": _("Weghalen"),
}


@dataclass(frozen=True, slots=True)
class Act:
    """A step that the actor can take with a thing: ``name`` is a key of LABELS."""

    name: str
    label: Text
    url: str


def acts_of(uow: UnitOfWork, thing: Any) -> list[Act]:
    """What the actor can do to make a thing public or to take it away, the likeliest first; for the macros of ``macros/approval.html``."""
    if uow.actor.is_anonymous or thing.state == "deleted" or not may_write(uow, thing):
        return []
    approves = APPROVE.allows(uow.actor, thing.id, scopes=scopes_of(uow, thing))
    names = []
    if thing.state in ("draft", "submitted") and approves:
        names.append("openbaar")
    if thing.state == "submitted" and approves:
        names.append("teruggeven")
    if thing.state == "draft" and not approves:
        names.append("voorleggen")
    if thing.state != "published" or approves:
        names.append("weghalen")
    kind = kind_of(thing)
    return [Act(name, LABELS[name], page_url(act_path(kind.name, thing.id, name))) for name in names]


def act_path(kind: str, id: uuid.UUID, name: str) -> str:
    """The page that asks before a step is taken."""
    return f"{paths.DESK}/akkoord/{kind}/{id}/{name}"


@pages.route(f"{paths.DESK}/akkoord/<kind>/<uuid:id>/<act>", permission=WRITE, methods=["GET", "POST"])
def approval_act(kind: str, id: uuid.UUID, act: str) -> ResponseReturnValue:
    """Ask, and take the step."""
    found, words = BY_NAME.get(kind), WORDS.get(act)
    if found is None or words is None or kind not in PUBLISH:
        raise NotFound
    uow = current_uow()
    thing = get_thing(uow, found.model, id)
    was_public = thing.state == "published"
    approving = act in ("openbaar", "teruggeven") or (act == "weghalen" and was_public)
    require_write(uow, thing, APPROVE if approving else None)
    page = FormPage(
        title=_(words.title.id, title=thing.title),
        lead=words.lead,
        submit=words.submit,
        done=words.done,
        path=act_path(kind, id, act),
        back=found.path(thing),
        trail=((LABEL, paths.HOME), (DESK, paths.DESK), (thing.title, found.path(thing)), (LABELS[act], None)),
    )
    there = found.path(thing)

    def write(command: Approve) -> str:
        _write(act, found)(uow, id, command)
        if act == "openbaar" and kind == "dossier" and (rest := len(unpublished_of(uow, id))):
            say(
                n_("{n} moment van dit dossier is nog niet openbaar.", "{n} momenten van dit dossier zijn nog niet openbaar.", rest),
                "warning",
            )
        return LISTS[kind] if act == "weghalen" else there

    asks = words.reason and (act != "weghalen" or was_public)
    spec = FormSpec(ApproveWithReasonSchema, required=("reason",)) if asks else FormSpec(ApproveSchema)
    sections = (Section(_("Reden"), ("reason",)),) if asks else ()
    return form_page(uow, page, spec, sections, write, values={"version": thing.version})


def _write(act: str, kind: Kind) -> Write:
    model = kind.model
    if act == "openbaar":
        return PUBLISH[kind.name]
    if act == "weghalen":
        return REMOVE.get(kind.name, lambda uow, thing_id, command: approval.remove(uow, model, thing_id, command))
    step = approval.submit if act == "voorleggen" else approval.hand_back
    return lambda uow, thing_id, command: step(uow, model, thing_id, command)
