"""Decisions of bodies over REST."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_beleidsagenda import paths
from samen_beleidsagenda.models import RESULTS, STATES, Decision
from samen_beleidsagenda.permissions import DECIDE
from samen_beleidsagenda.queries import decisions as queries
from samen_beleidsagenda.queries.decisions import DecisionFilter
from samen_beleidsagenda.rest.approval import Approvals, add_approvals
from samen_beleidsagenda.rest.common import API, base_url, rest
from samen_beleidsagenda.schemas.decisions import ChangeDecision, ChangeDecisionSchema, RecordDecision, RecordDecisionSchema
from samen_beleidsagenda.services import decisions
from samen_beleidsagenda.services.common import get_thing
from samen_core.api import UnitOfWork, cards
from samen_core.rest.api import MomentField, PageArgumentsSchema, current_uow, reply, reply_page

FACTS = (
    "id",
    "version",
    "body_id",
    "title",
    "text",
    "reasons",
    "participation",
    "result",
    "decided_on",
    "effective_on",
    "state",
    "confidential",
    "published_at",
    "changed_at",
)
LINKS = ("dossier_id", "agenda_item_id", "planning_item_id", "replaces_id")
"""What a decision names; who may not see such a thing gets null."""


class DecisionArgumentsSchema(PageArgumentsSchema):
    """Which decisions."""

    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words of the title or the text."})
    body_id = fields.UUID(data_key="bodyId", load_default=None)
    dossier_id = fields.UUID(data_key="dossierId", load_default=None)
    result = fields.String(load_default=None, validate=validate.OneOf(RESULTS))
    year = fields.Integer(load_default=None, validate=validate.Range(1900, 2200), metadata={"description": "In which was decided."})
    order = fields.String(load_default="newest", validate=validate.OneOf(tuple(queries.ORDERS)))


class DecisionSchema(Schema):
    """What a body decided."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    uri = fields.String(required=True)
    url = fields.String(required=True)
    body_id = fields.UUID(required=True)
    dossier_id = fields.UUID(required=True, allow_none=True)
    agenda_item_id = fields.UUID(required=True, allow_none=True)
    planning_item_id = fields.UUID(required=True, allow_none=True)
    title = fields.String(required=True)
    text = fields.String(required=True, metadata={"description": "Markdown."})
    reasons = fields.String(required=True, metadata={"description": "Markdown."})
    participation = fields.String(required=True, metadata={"description": "What was done with what residents said. Markdown."})
    result = fields.String(required=True, validate=validate.OneOf(RESULTS))
    decided_on = fields.Date(required=True)
    effective_on = fields.Date(required=True, allow_none=True)
    replaces_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The decision that it takes the place of."})
    replaced_by_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The decision that holds instead."})
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    confidential = fields.Boolean(required=True)
    published_at = MomentField(required=True, allow_none=True)
    changed_at = MomentField(required=True)


def _represent(uow: UnitOfWork, sources: Iterable[Any]) -> list[dict[str, Any]]:
    """Decisions as JSON, in two statements."""
    rows = list(sources)
    base = base_url()
    known = cards(uow, [id for row in rows for name in LINKS if (id := getattr(row, name)) is not None])
    later = queries.replaced(uow, [row.id for row in rows])
    return [
        {
            **{name: getattr(row, name) for name in FACTS},
            **{name: id if (id := getattr(row, name)) in known else None for name in LINKS},
            "replaced_by_id": later.get(row.id),
            "uri": f"{base}/id/body_decision/{row.id}",
            "url": base + paths.decision(row.id),
        }
        for row in rows
    ]


def _answer(decision: Decision, status: int = 200) -> Response:
    uow = current_uow()
    uow.session.flush()
    location = f"{API}/decisions/{decision.id}" if status == 201 else ""
    return reply(_represent(uow, [decision])[0], status, version=decision.version, location=location)


@rest.route("/decisions", public=True)
@rest.arguments(DecisionArgumentsSchema, location="query")
@rest.listing(DecisionSchema)
def list_public_decisions(arguments: dict[str, Any]) -> Response:
    """Public decisions, newest first unless asked otherwise."""
    uow = current_uow()
    names = ("body_id", "dossier_id", "result", "year")
    chosen = DecisionFilter(text=arguments["q"], **{name: arguments[name] for name in names})
    page = queries.list_decisions(uow, chosen, arguments["page"], order=arguments["order"], with_count=False, whole=True)
    return reply_page(page, _represent(uow, page.items), arguments["page"])


@rest.route("/decisions/<uuid:id>", public=True)
@rest.response(200, DecisionSchema)
def one_decision(id: uuid.UUID) -> Response:
    """One decision."""
    return _answer(get_thing(current_uow(), Decision, id))


@rest.route("/decisions", methods=["POST"], permission=DECIDE)
@rest.arguments(RecordDecisionSchema)
@rest.response(201, DecisionSchema)
def create_decision(command: RecordDecision) -> Response:
    """Write down what a body decided: a draft, or public at once with `publish`."""
    return _answer(decisions.record_decision(current_uow(), command), 201)


@rest.route("/decisions/<uuid:id>", methods=["PUT"], permission=DECIDE)
@rest.arguments(ChangeDecisionSchema)
@rest.response(200, DecisionSchema)
def replace_draft(command: ChangeDecision, id: uuid.UUID) -> Response:
    """Replace the words of a draft; a public decision never changes."""
    return _answer(decisions.change_decision(current_uow(), id, command))


@rest.route("/decisions/<uuid:id>/replacement", methods=["POST"], permission=DECIDE)
@rest.arguments(RecordDecisionSchema)
@rest.response(201, DecisionSchema)
def create_replacement(command: RecordDecision, id: uuid.UUID) -> Response:
    """Write down the decision that takes the place of a public one."""
    return _answer(decisions.replace_decision(current_uow(), id, command), 201)


add_approvals(
    Approvals(
        noun="a decision",
        path="/decisions",
        model=Decision,
        answer=DecisionSchema,
        represent=_answer,
        publish=decisions.publish_decision,
        remove=decisions.remove_decision,
    )
)
