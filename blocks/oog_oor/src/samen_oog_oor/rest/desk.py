"""What the desk works with over REST: rules, ready texts, saved views; and the patterns that were proposed."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from samen_core.api import NotFound, Order, SortKey, fetch_page
from samen_core.rest.api import MomentField, PageArgumentsSchema, current_uow, no_content, reply, reply_page, required_version
from samen_oog_oor import paths
from samen_oog_oor.models import PATTERN_STATES, Case, Pattern, PatternCase, ReadyText, SavedView
from samen_oog_oor.models.base import PRIORITIES, STATES
from samen_oog_oor.permissions import DEFINE, HANDLE, TRIAGE
from samen_oog_oor.queries.desk import saved_views
from samen_oog_oor.queries.public import READABLE
from samen_oog_oor.rest.common import API, base_url, rest
from samen_oog_oor.schemas.routing import OrderRules, OrderRulesSchema, SaveRule, SaveRuleSchema
from samen_oog_oor.schemas.work import SaveReadyText, SaveReadyTextSchema, SaveView, SaveViewSchema
from samen_oog_oor.services import desk, ready_texts, routing_rules

PROPOSED = ("proposed", "asked")
_WEIGHT = Order("oog_oor.patterns", SortKey(Pattern.weight, descending=True), SortKey(Pattern.id, descending=True))


class RuleSchema(Schema):
    """A rule of who handles what; of the active ones the first that fits decides."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    position = fields.Integer(required=True)
    name = fields.String(required=True)
    explanation = fields.String(required=True, metadata={"description": "Everybody can read it at a case."})
    conditions = fields.Dict(required=True)
    organization_id = fields.UUID(required=True)
    assignee_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The colleague who gets the case at once."})
    priority = fields.String(required=True, allow_none=True, validate=validate.OneOf(PRIORITIES))
    active = fields.Boolean(required=True)
    problem = fields.String(required=True, metadata={"description": "Why it switched itself off."})
    changed_at = MomentField(required=True)


class ReadyTextSchema(Schema):
    """A text that staff start from."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    position = fields.Integer(required=True)
    category_id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True)
    text = fields.String(required=True)
    active = fields.Boolean(required=True)


class ViewSchema(Schema):
    """A choice of filters that somebody kept."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    query = fields.String(required=True)
    shared = fields.Boolean(required=True)
    own = fields.Boolean(required=True)


class PatternSchema(Schema):
    """A place where much of the same was reported, and what became of it."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    url = fields.String(required=True)
    category_id = fields.UUID(required=True)
    area_id = fields.UUID(required=True, allow_none=True)
    title = fields.String(required=True)
    question = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(PATTERN_STATES))
    lat = fields.Float(required=True)
    lon = fields.Float(required=True)
    radius = fields.Integer(required=True, metadata={"description": "Metres."})
    weight = fields.Integer(required=True)
    first_on = fields.Date(required=True)
    last_on = fields.Date(required=True)
    seen_at = MomentField(required=True)
    proposed_at = MomentField(required=True, allow_none=True)
    reason = fields.String(required=True)
    subject_id = fields.UUID(required=True, allow_none=True, metadata={"description": "What it became elsewhere."})


class OnePatternSchema(PatternSchema):
    """A pattern with the cases of it that everybody may read."""

    case_ids = fields.List(fields.UUID(), required=True)


def _values(row: Any, schema: type[Schema], *without: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in schema._declared_fields if name not in without}


@rest.route("/rules", permission=DEFINE)
@rest.response(200, RuleSchema(many=True))
def list_rules() -> Response:
    """All rules in their order."""
    return reply([_rule_values(rule) for rule in routing_rules.list_rules(current_uow())])


def _rule_values(rule: Any) -> dict[str, Any]:
    return {**_values(rule, RuleSchema), "conditions": dict(rule.conditions)}


def _rule(rule: Any, status: int = 200) -> Response:
    current_uow().session.flush()
    location = f"{API}/rules/{rule.id}" if status == 201 else ""
    return reply(_rule_values(rule), status, version=rule.version, location=location)


@rest.route("/rules/<uuid:id>", permission=DEFINE)
@rest.response(200, RuleSchema)
def get_rule(id: uuid.UUID) -> Response:
    """One rule."""
    return _rule(routing_rules.find_rule(current_uow(), id))


@rest.route("/rules", methods=["POST"], permission=DEFINE)
@rest.arguments(SaveRuleSchema)
@rest.response(201, RuleSchema)
def create_rule(command: SaveRule) -> Response:
    """Add a rule, after those that are there."""
    return _rule(routing_rules.create_rule(current_uow(), command), 201)


@rest.route("/rules/<uuid:id>", methods=["PUT"], permission=DEFINE)
@rest.arguments(SaveRuleSchema)
@rest.response(200, RuleSchema)
def replace_rule(command: SaveRule, id: uuid.UUID) -> Response:
    """Replace a rule."""
    return _rule(routing_rules.update_rule(current_uow(), id, command))


@rest.route("/rules/<uuid:id>", methods=["DELETE"], permission=DEFINE)
@rest.response(204)
def delete_rule(id: uuid.UUID) -> Response:
    """Take a rule away; what it decided stays known."""
    routing_rules.delete_rule(current_uow(), id, required_version())
    return no_content()


@rest.route("/rules/order", methods=["POST"], permission=DEFINE, versioned=False)
@rest.arguments(OrderRulesSchema)
@rest.response(200, RuleSchema(many=True))
def order_rules(command: OrderRules) -> Response:
    """Put all rules in this order."""
    routing_rules.order_rules(current_uow(), command)
    current_uow().session.flush()
    return reply([_rule_values(rule) for rule in routing_rules.list_rules(current_uow())])


@rest.route("/ready-texts", permission=TRIAGE)
@rest.response(200, ReadyTextSchema(many=True))
def list_ready_texts() -> Response:
    """All ready texts, by the state that they are for."""
    found = select(ReadyText).order_by(ReadyText.state, ReadyText.position, ReadyText.id)
    return reply([_values(text, ReadyTextSchema) for text in current_uow().session.execute(found).scalars()])


@rest.route("/ready-texts", methods=["POST"], permission=TRIAGE)
@rest.arguments(SaveReadyTextSchema)
@rest.response(201, ReadyTextSchema)
def create_ready_text(command: SaveReadyText) -> Response:
    """Add a ready text."""
    return _text(ready_texts.save_ready_text(current_uow(), None, command), 201)


@rest.route("/ready-texts/<uuid:id>", permission=TRIAGE)
@rest.response(200, ReadyTextSchema)
def get_ready_text(id: uuid.UUID) -> Response:
    """One ready text."""
    text = current_uow().session.get(ReadyText, id)
    if text is None:
        raise NotFound
    return _text(text)


@rest.route("/ready-texts/<uuid:id>", methods=["PUT"], permission=TRIAGE)
@rest.arguments(SaveReadyTextSchema)
@rest.response(200, ReadyTextSchema)
def replace_ready_text(command: SaveReadyText, id: uuid.UUID) -> Response:
    """Replace a ready text."""
    return _text(ready_texts.save_ready_text(current_uow(), id, command))


@rest.route("/ready-texts/<uuid:id>", methods=["DELETE"], permission=TRIAGE)
@rest.response(204)
def delete_ready_text(id: uuid.UUID) -> Response:
    """Take a ready text away."""
    ready_texts.remove_ready_text(current_uow(), id, required_version())
    return no_content()


def _text(text: ReadyText, status: int = 200) -> Response:
    current_uow().session.flush()
    location = f"{API}/ready-texts/{text.id}" if status == 201 else ""
    return reply(_values(text, ReadyTextSchema), status, version=text.version, location=location)


@rest.route("/views", permission=HANDLE)
@rest.response(200, ViewSchema(many=True))
def list_views() -> Response:
    """One's own views of the list of cases, and those that colleagues share."""
    return reply([_values(view, ViewSchema) for view in saved_views(current_uow())])


@rest.route("/views", methods=["POST"], permission=HANDLE, versioned=False)
@rest.arguments(SaveViewSchema)
@rest.response(201, ViewSchema)
def save_view(command: SaveView) -> Response:
    """Keep a choice of filters; the same name again takes its place."""
    view: SavedView = desk.save_view(current_uow(), command)
    current_uow().session.flush()
    return reply({**_values(view, ViewSchema, "own"), "own": True}, 201, location=f"{API}/views")


@rest.route("/views/<uuid:id>", methods=["DELETE"], permission=HANDLE, versioned=False)
@rest.response(204)
def delete_view(id: uuid.UUID) -> Response:
    """Take a view away."""
    desk.remove_view(current_uow(), id)
    return no_content()


@rest.route("/patterns", public=True)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(PatternSchema)
def list_patterns(arguments: dict[str, Any]) -> Response:
    """The patterns that were proposed, the heaviest first."""
    page = fetch_page(current_uow().session, select(*Pattern.__table__.c).where(Pattern.state.in_(PROPOSED)), _WEIGHT, arguments["page"])
    return reply_page(page, [pattern_values(row) for row in page.items], arguments["page"])


@rest.route("/patterns/<uuid:id>", public=True)
@rest.response(200, OnePatternSchema)
def get_pattern(id: uuid.UUID) -> Response:
    """One pattern with its public cases; one that was only found is for who divides the work."""
    uow = current_uow()
    pattern = uow.session.get(Pattern, id)
    if pattern is None or (pattern.state not in PROPOSED and not TRIAGE.allows(uow.actor)):
        raise NotFound
    cases = select(Case.id).join(PatternCase, PatternCase.case_id == Case.id).where(PatternCase.pattern_id == id, READABLE)
    ids = list(uow.session.execute(cases.order_by(Case.reported_at, Case.id)).scalars())
    return reply({**pattern_values(pattern), "case_ids": ids}, version=pattern.version)


def pattern_values(pattern: Any) -> dict[str, Any]:
    """A pattern as JSON."""
    return {**_values(pattern, PatternSchema, "url"), "url": base_url() + paths.pattern(pattern.id)}
