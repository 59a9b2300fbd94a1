"""Trying and replaying rules, and what everybody sees of a case, over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.api import MODERATE, StoredFile
from samen_core.rest.api import MomentField, current_uow, no_content, reply, required_version
from samen_oog_oor.models import Case
from samen_oog_oor.models.base import PUBLICATION
from samen_oog_oor.permissions import DEFINE, TRIAGE
from samen_oog_oor.rest.common import rest
from samen_oog_oor.schemas.publishing import (
    Hide,
    HideSchema,
    Publish,
    PublishSchema,
    ShowAgain,
    ShowAgainSchema,
    ShowPicture,
    ShowPictureSchema,
)
from samen_oog_oor.schemas.relocating import Relocate, RelocateSchema
from samen_oog_oor.schemas.routing import SaveRule, SaveRuleSchema, TryRules, TryRulesSchema
from samen_oog_oor.services import publishing
from samen_oog_oor.services.relocating import relocate
from samen_oog_oor.services.routing_rules import replay, try_rules

WHYS = ("rule", "category", "city", "nobody")


class CheckSchema(Schema):
    """One kind of conditions of a rule."""

    kind = fields.String(required=True)
    fits = fields.Boolean(required=True)


class TriedSchema(Schema):
    """A rule that was held against the case."""

    rule_id = fields.UUID(required=True)
    name = fields.String(required=True)
    active = fields.Boolean(required=True)
    fits = fields.Boolean(required=True)
    problem = fields.String(required=True, metadata={"description": "Why it cannot be used."})
    because = fields.List(fields.Nested(CheckSchema), required=True)


class DecisionSchema(Schema):
    """Where a case goes, and how every rule compares."""

    organization_id = fields.UUID(required=True, allow_none=True)
    why = fields.String(required=True, validate=validate.OneOf(WHYS))
    rule_id = fields.UUID(required=True, allow_none=True)
    tried = fields.List(fields.Nested(TriedSchema), required=True)


class MovedSchema(Schema):
    """A case that would go elsewhere."""

    case_id = fields.UUID(required=True)
    number = fields.String(required=True)
    before_organization_id = fields.UUID(required=True, allow_none=True)
    after_organization_id = fields.UUID(required=True, allow_none=True)


class ReplaySchema(Schema):
    """What a rule would have changed."""

    since = MomentField(required=True)
    looked_at = fields.Integer(required=True)
    fitting = fields.Integer(required=True)
    cut = fields.Boolean(required=True, metadata={"description": "There were more cases than were looked at."})
    moved = fields.List(fields.Nested(MovedSchema), required=True)


class ShownSchema(Schema):
    """What everybody sees of a case."""

    version = fields.Integer(required=True)
    publication = fields.String(required=True, validate=validate.OneOf(PUBLICATION))
    nobody = fields.Boolean(required=True, metadata={"description": "It is confidential, hidden or part of another case."})
    title = fields.String(required=True)
    public_text = fields.String(required=True)
    signals = fields.List(fields.String(), required=True)
    pictures = fields.List(fields.UUID(), required=True, metadata={"description": "Copies, as files."})


class CopySchema(Schema):
    """A copy of a picture."""

    file_id = fields.UUID(required=True)
    alt = fields.String(required=True)
    version = fields.Integer(required=True, metadata={"description": "That of the case."})


@rest.route("/rules/try", methods=["POST"], permission=DEFINE, versioned=False)
@rest.arguments(TryRulesSchema)
@rest.response(200, DecisionSchema)
def try_the_rules(command: TryRules) -> Response:
    """Which rule would decide on a case, and how every rule compares; nothing is written."""
    _facts, decision = try_rules(current_uow(), command)
    tried = [
        {
            "rule_id": one.rule.id,
            "name": one.rule.name,
            "active": one.rule.active,
            "fits": one.fits,
            "problem": one.problem,
            "because": [{"kind": check.kind, "fits": check.fits} for check in one.because],
        }
        for one in decision.tried
    ]
    rule_id = decision.rule.id if decision.rule else None
    return reply({"organization_id": decision.organization_id, "why": decision.why, "rule_id": rule_id, "tried": tried})


@rest.route("/rules/replay", methods=["POST"], permission=DEFINE, versioned=False)
@rest.arguments(SaveRuleSchema)
@rest.response(200, ReplaySchema)
def replay_new_rule(command: SaveRule) -> Response:
    """What a new rule, last, would have changed in the last month; nothing is written."""
    return _replay(command, None)


@rest.route("/rules/<uuid:id>/replay", methods=["POST"], permission=DEFINE, versioned=False)
@rest.arguments(SaveRuleSchema)
@rest.response(200, ReplaySchema)
def replay_changed_rule(command: SaveRule, id: uuid.UUID) -> Response:
    """What a rule that reads like this would have changed in the last month; nothing is written."""
    return _replay(command, id)


def _replay(command: SaveRule, id: uuid.UUID | None) -> Response:
    found = replay(current_uow(), command, id)
    moved = [
        {
            "case_id": one.case_id,
            "number": one.number,
            "before_organization_id": one.before.id if one.before else None,
            "after_organization_id": one.after.id if one.after else None,
        }
        for one in found.moved
    ]
    return reply({"since": found.since, "looked_at": found.looked_at, "fitting": found.fitting, "cut": found.cut, "moved": moved})


def _shown(case: Case) -> Response:
    uow = current_uow()
    uow.session.flush()
    shown = publishing.preview(uow, case)
    values: dict[str, Any] = {
        "version": case.version,
        "publication": shown.publication,
        "nobody": shown.nobody,
        "title": shown.title,
        "public_text": shown.text,
        "signals": list(shown.signals),
        "pictures": [file.id for file in shown.pictures],
    }
    return reply(values, version=case.version)


@rest.route("/cases/<uuid:id>/publication", methods=["POST"], permission=TRIAGE)
@rest.arguments(PublishSchema)
@rest.response(200, ShownSchema)
def publish_case(command: Publish, id: uuid.UUID) -> Response:
    """Set the level of a case and the texts that everybody may read."""
    return _shown(publishing.publish(current_uow(), id, command))


@rest.route("/cases/<uuid:id>/pictures/<uuid:original_id>", methods=["PUT"], permission=TRIAGE)
@rest.arguments(ShowPictureSchema)
@rest.response(200, CopySchema)
def show_case_picture(command: ShowPicture, id: uuid.UUID, original_id: uuid.UUID) -> Response:
    """Show everybody a copy of a picture of a signal, with black boxes."""
    uow = current_uow()
    copy: StoredFile = publishing.show_picture(uow, id, original_id, command)
    case = uow.session.get_one(Case, id)
    return reply({"file_id": copy.id, "alt": copy.alt, "version": case.version}, version=case.version)


@rest.route("/cases/<uuid:id>/pictures/<uuid:original_id>", methods=["DELETE"], permission=TRIAGE)
@rest.response(204)
def take_back_case_picture(id: uuid.UUID, original_id: uuid.UUID) -> Response:
    """Take the copy away."""
    publishing.take_back_picture(current_uow(), id, original_id, required_version())
    return no_content()


@rest.route("/cases/<uuid:id>/hiding", methods=["POST"], permission=MODERATE)
@rest.arguments(HideSchema)
@rest.response(200, ShownSchema)
def hide_one_case(command: Hide, id: uuid.UUID) -> Response:
    """Take a whole case out of sight; its reporters are told why."""
    return _shown(publishing.hide_case(current_uow(), id, command))


@rest.route("/cases/<uuid:id>/showing", methods=["POST"], permission=MODERATE)
@rest.arguments(ShowAgainSchema)
@rest.response(200, ShownSchema)
def show_one_case_again(command: ShowAgain, id: uuid.UUID) -> Response:
    """Let everybody see a hidden case again."""
    return _shown(publishing.show_case_again(current_uow(), id, command))


@rest.route("/cases/<uuid:id>/category", methods=["POST"], permission=TRIAGE)
@rest.arguments(RelocateSchema)
@rest.response(200, ShownSchema)
def relocate_case(command: Relocate, id: uuid.UUID) -> Response:
    """Say what a case is really about, or where it is; with ``reroute`` the rules decide again who gets it."""
    return _shown(relocate(current_uow(), id, command))
