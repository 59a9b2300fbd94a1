"""Process proposals over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.rest.api import MomentField, current_uow, reply
from samen_samenspreker.models import GOALS, LEVELS, SCALES, Proposal
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.proposal_parts import FIELDS
from samen_samenspreker.queries.proposals import proposal_versions, published
from samen_samenspreker.rest.common import rest
from samen_samenspreker.schemas.proposals import (
    InformCouncil,
    InformCouncilSchema,
    PublishProposal,
    PublishProposalSchema,
    SaveProposal,
    SaveProposalSchema,
)
from samen_samenspreker.services.common import get_question
from samen_samenspreker.services.proposals import (
    get_proposal,
    inform_council,
    informed_on,
    missing_in,
    publish_proposal,
    save_proposal,
    start_proposal,
)

API = "/api/v1/samenspreker"
_SECTORS = ("government", "business", "civil_society", "citizens")
_FACTS = ("id", "question_id", "version", "number", *FIELDS, "memo_file_id", "published_at", "updated_at")


def _texts(keys: tuple[str, ...], what: str) -> fields.Dict:
    return fields.Dict(fields.String(validate=validate.OneOf(keys)), fields.String(), required=True, metadata={"description": what})


def _text() -> fields.String:
    return fields.String(required=True)


class ProposalSchema(Schema):
    """A process proposal: parts A to F. A published one never changes; a draft is only for who facilitates the table."""

    id = fields.UUID(required=True)
    question_id = fields.UUID(required=True)
    version = fields.Integer(required=True, metadata={"description": "Rises with every change of a draft; an update names it."})
    number = fields.Integer(required=True, metadata={"description": "The version as people count it, from 1."})
    subject = _text()
    not_about = _text()
    leeway = _text()
    goals = _texts(GOALS, "The reason of each goal.")
    scale = fields.String(required=True, validate=validate.OneOf(("", *SCALES)))
    scale_note = _text()
    participants = _texts(_SECTORS, "Who is asked and how they are reached, per sector.")
    level = fields.String(required=True, validate=validate.OneOf(("", *LEVELS)))
    level_reason = _text()
    approach = _text()
    methods_online = _text()
    methods_offline = _text()
    planning = _text()
    communication = _text()
    costs = _text()
    memo_file_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The memo to the council as PDF: /files/{id}."})
    published_at = MomentField(required=True, allow_none=True)
    updated_at = MomentField(required=True)


class DraftProposalSchema(ProposalSchema):
    """A draft, with what it lacks before it can be published."""

    missing = fields.List(fields.String(), required=True)


class CouncilSchema(Schema):
    """When the council was informed."""

    question_id = fields.UUID(required=True)
    version = fields.Integer(required=True, metadata={"description": "Of the question."})
    on = fields.Date(required=True)


def _represent(proposal: Proposal) -> dict[str, Any]:
    return {name: getattr(proposal, name) for name in _FACTS}


def _whole(proposal: Proposal) -> dict[str, Any]:
    question = get_question(current_uow(), proposal.question_id)
    lacks = [] if proposal.published_at else [str(lack.text) for lack in missing_in(question, proposal)]
    return {**_represent(proposal), "missing": lacks}


@rest.route("/questions/<uuid:id>/proposals", public=True)
@rest.response(200, ProposalSchema(many=True))
def list_proposals(id: uuid.UUID) -> Response:
    """The versions of a table's process proposal, oldest first; for who facilitates it, the draft too."""
    uow = current_uow()
    question = get_question(uow, id)
    versions = proposal_versions(uow, id)
    seen = versions if FACILITATE.allows(uow.actor, question.id) else published(versions)
    return reply([_represent(version) for version in seen])


@rest.route("/questions/<uuid:id>/proposals", methods=["POST"], permission=FACILITATE)
@rest.response(201, DraftProposalSchema)
def create_proposal(id: uuid.UUID) -> Response:
    """Begin a draft: empty, or a copy of the newest published version. Gives the draft that is there already."""
    made = start_proposal(current_uow(), id)
    return reply(_whole(made), 201, version=made.version, location=f"{API}/proposals/{made.id}")


@rest.route("/proposals/<uuid:id>", public=True)
@rest.response(200, DraftProposalSchema)
def one_proposal(id: uuid.UUID) -> Response:
    """One version."""
    found = get_proposal(current_uow(), id)
    return reply(_whole(found), version=found.version)


@rest.route("/proposals/<uuid:id>", methods=["PUT"], permission=FACILITATE)
@rest.arguments(SaveProposalSchema)
@rest.response(200, DraftProposalSchema)
def replace_proposal(command: SaveProposal, id: uuid.UUID) -> Response:
    """Replace what a draft says: what is left out becomes empty. It may stay unfinished."""
    changed = save_proposal(current_uow(), id, command)
    return reply(_whole(changed), version=changed.version)


@rest.route("/proposals/<uuid:id>/publication", methods=["POST"], permission=FACILITATE)
@rest.arguments(PublishProposalSchema)
@rest.response(200, DraftProposalSchema)
def create_proposal_publication(command: PublishProposal, id: uuid.UUID) -> Response:
    """Publish a draft. 400 names everything that it lacks."""
    changed = publish_proposal(current_uow(), id, command)
    return reply(_whole(changed), version=changed.version)


@rest.route("/questions/<uuid:id>/council-memo", methods=["POST"], permission=FACILITATE)
@rest.arguments(InformCouncilSchema)
@rest.response(200, CouncilSchema)
def create_council_memo(command: InformCouncil, id: uuid.UUID) -> Response:
    """Note that the council got the memo with the proposal; `version` is that of the question."""
    question = inform_council(current_uow(), id, command)
    return reply({"question_id": question.id, "version": question.version, "on": informed_on(question)}, version=question.version)
