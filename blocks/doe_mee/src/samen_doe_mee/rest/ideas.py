"""Ideas over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, validate

from citycontent.api import SECTORS, area_tree
from samen_core.api import UnitOfWork
from samen_core.rest.api import (
    MomentField,
    PageArgumentsSchema,
    RowWriter,
    current_actor,
    current_platform,
    current_uow,
    limit_visitor,
    reply,
    reply_page,
)
from samen_doe_mee import paths
from samen_doe_mee.models import IDEA_KINDS, IDEA_STATES, IDEA_STATUSES, Idea
from samen_doe_mee.models.base import TITLE_LENGTH
from samen_doe_mee.permissions import HANDLE_IDEAS, PROPOSE
from samen_doe_mee.queries.idea_desk import DeskFilter, list_desk
from samen_doe_mee.queries.ideas import TERMS, IdeaFilter, list_ideas, similar_ideas, steps_of
from samen_doe_mee.rest.common import API, rest
from samen_doe_mee.schemas.idea_handling import (
    AssignIdea,
    AssignIdeaSchema,
    GiveStatus,
    GiveStatusSchema,
    HideIdea,
    HideIdeaSchema,
    MergeIdea,
    MergeIdeaSchema,
    ShowIdea,
    ShowIdeaSchema,
    UnmergeIdea,
    UnmergeIdeaSchema,
)
from samen_doe_mee.schemas.ideas import EditIdea, EditIdeaSchema, ProposeIdea, ProposeIdeaSchema, WithdrawIdea, WithdrawIdeaSchema
from samen_doe_mee.services.idea_common import is_author, may_handle, term_of, today, visible_idea
from samen_doe_mee.services.idea_handling import assign_idea, give_status, hide_idea, show_idea
from samen_doe_mee.services.idea_limits import DAY, PER_DAY
from samen_doe_mee.services.idea_merging import merge_idea, unmerge_idea
from samen_doe_mee.services.idea_receipts import count_mail
from samen_doe_mee.services.ideas import edit_idea, propose_idea, withdraw_idea
from samen_doe_mee.services.tracing import note_origin

ORDERS = {"newest": "", "supports": "steun", "ending": "einde"}
DESK_ORDERS = {"newest": "nieuwste", "oldest": "oudste", "due": "termijn", "supports": "steun"}


class IdeaItemSchema(Schema):
    """An idea in a list."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    slug = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(IDEA_KINDS))
    title = fields.String(required=True)
    text = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(IDEA_STATUSES))
    area_id = fields.UUID(required=True, allow_none=True)
    theme_id = fields.UUID(required=True, allow_none=True)
    whole_city = fields.Boolean(required=True)
    place = fields.String(required=True)
    needed = fields.Integer(required=True, allow_none=True, metadata={"description": "How much support the city asks for."})
    ends_on = fields.Date(required=True, allow_none=True, metadata={"description": "The last day on which it can be supported."})
    reached_at = MomentField(required=True, allow_none=True)
    supports = fields.Integer(required=True, metadata={"description": "Confirmed accounts."})
    open_supports = fields.Integer(required=True, metadata={"description": "Confirmed without an account."})
    sector = fields.String(required=True, validate=validate.OneOf(SECTORS))
    published_at = MomentField(required=True, allow_none=True)


class IdeaStepSchema(Schema):
    """Something that became of an idea."""

    at = MomentField(required=True)
    kind = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(IDEA_STATUSES))
    text = fields.String(required=True)
    subject_id = fields.UUID(required=True, allow_none=True, metadata={"description": "What it led to."})


class IdeaSchema(IdeaItemSchema):
    """An idea. Of one that was withdrawn its words are empty."""

    version = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(IDEA_STATES))
    term = fields.String(required=True, metadata={"description": "running, reached, expired, or empty for one that ended."})
    status_text = fields.String(required=True, metadata={"description": "The latest answer."})
    status_at = MomentField(required=True, allow_none=True)
    answer_by = fields.Date(required=True, allow_none=True)
    decide_by = fields.Date(required=True, allow_none=True, metadata={"description": "The term of a challenge."})
    challenge = fields.Dict(required=True, allow_none=True)
    lat = fields.Float(required=True, allow_none=True)
    lon = fields.Float(required=True, allow_none=True)
    author_name = fields.String(required=True, metadata={"description": "As it is shown; empty for who gave none."})
    on_behalf_of_id = fields.UUID(required=True, allow_none=True)
    owner_organization_id = fields.UUID(required=True, allow_none=True)
    project_id = fields.UUID(required=True, allow_none=True)
    went_to_id = fields.UUID(required=True, allow_none=True)
    merged_into_id = fields.UUID(required=True, allow_none=True)
    url = fields.String(required=True, metadata={"description": "Path of its page."})


class IdeaWithStepsSchema(IdeaSchema):
    """One idea with what became of it."""

    steps = fields.List(fields.Nested(IdeaStepSchema), required=True)


class ProposedSchema(IdeaSchema):
    """An idea that was just proposed."""

    receipt_code = fields.String(required=True, metadata={"description": "Shown once: to come back without account. Empty with one."})


class DeskItemSchema(Schema):
    """An idea in the list of who handles ideas."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    number = fields.Integer(required=True)
    slug = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(IDEA_KINDS))
    state = fields.String(required=True, validate=validate.OneOf(IDEA_STATES))
    status = fields.String(required=True, validate=validate.OneOf(IDEA_STATUSES))
    title = fields.String(required=True)
    area_id = fields.UUID(required=True, allow_none=True)
    theme_id = fields.UUID(required=True, allow_none=True)
    all_supports = fields.Integer(required=True)
    reached_at = MomentField(required=True, allow_none=True)
    answer_by = fields.Date(required=True, allow_none=True)
    decide_by = fields.Date(required=True, allow_none=True)
    owner_id = fields.UUID(required=True, allow_none=True)
    owner_organization_id = fields.UUID(required=True, allow_none=True)
    created_at = MomentField(required=True)


class IdeaArgumentsSchema(PageArgumentsSchema):
    """Which ideas."""

    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words of the title, text or place."})
    status = fields.String(load_default=None, validate=validate.OneOf(IDEA_STATUSES))
    kind = fields.String(load_default=None, validate=validate.OneOf(IDEA_KINDS))
    term = fields.String(load_default=None, validate=validate.OneOf(tuple(TERMS)))
    area_id = fields.UUID(data_key="areaId", load_default=None, metadata={"description": "An area with everything in it."})
    theme_id = fields.UUID(data_key="themeId", load_default=None)
    order = fields.String(load_default="newest", validate=validate.OneOf(tuple(ORDERS)))


class DeskArgumentsSchema(PageArgumentsSchema):
    """Which ideas, for who handles them."""

    q = fields.String(load_default="", validate=validate.Length(max=200))
    state = fields.String(load_default="published", validate=validate.OneOf(IDEA_STATES))
    status = fields.String(load_default=None, validate=validate.OneOf(IDEA_STATUSES))
    owner_id = fields.UUID(data_key="ownerId", load_default=None)
    late = fields.Boolean(load_default=False)
    order = fields.String(load_default="newest", validate=validate.OneOf(tuple(DESK_ORDERS)))


class SimilarIdeaArgumentsSchema(PageArgumentsSchema):
    """The idea that one is about to propose."""

    title = fields.String(required=True, validate=validate.Length(1, TITLE_LENGTH))
    text = fields.String(load_default="", validate=validate.Length(max=5_000))


_ITEM = tuple(IdeaItemSchema._declared_fields)
_ONE = tuple(name for name in IdeaSchema._declared_fields if name not in ("term", "url"))
ITEMS, DESK_ITEMS = RowWriter(IdeaItemSchema, *_ITEM), RowWriter(DeskItemSchema, *DeskItemSchema._declared_fields)
_NO_WORDS: dict[str, Any] = {"title": "", "text": "", "place": "", "challenge": None, "lat": None, "lon": None, "author_name": ""}


def whole(uow: UnitOfWork, idea: Idea) -> dict[str, Any]:
    """An idea as the caller may read it."""
    uow.session.flush()
    found = {name: getattr(idea, name) for name in _ONE}
    if idea.state == "withdrawn" and not (may_handle(uow, idea) or is_author(uow, idea)):
        found |= _NO_WORDS
    return {**found, "term": term_of(idea, today(uow)), "url": paths.idea(idea.slug)}


def _answer(idea: Idea, status: int = 200) -> Response:
    return reply(whole(current_uow(), idea), status, version=idea.version)


@rest.route("/ideas", public=True)
@rest.arguments(IdeaArgumentsSchema, location="query")
@rest.listing(IdeaItemSchema)
def list_all_ideas(arguments: dict[str, Any]) -> Response:
    """Ideas that everybody may read."""
    uow = current_uow()
    chosen = IdeaFilter(
        area_ids=area_tree(uow).within(arguments["area_id"]) if arguments["area_id"] else None,
        theme_ids=(arguments["theme_id"],) if arguments["theme_id"] else None,
        text=arguments["q"],
        **{name: arguments[name] for name in ("status", "kind", "term")},
    )
    page = list_ideas(uow, chosen, today(uow), arguments["page"], ORDERS[arguments["order"]])
    return reply_page(page, ITEMS.write(page.items), arguments["page"])


@rest.route("/ideas/similar", public=True)
@rest.arguments(SimilarIdeaArgumentsSchema, location="query")
@rest.response(200, IdeaItemSchema(many=True))
def list_similar_ideas(arguments: dict[str, Any]) -> Response:
    """At most five ideas that look like one that somebody is about to propose, the most alike first."""
    return reply(ITEMS.write(similar_ideas(current_uow(), arguments["title"], arguments["text"])))


@rest.route("/ideas/work", permission=HANDLE_IDEAS)
@rest.arguments(DeskArgumentsSchema, location="query")
@rest.listing(DeskItemSchema)
def list_desk_ideas(arguments: dict[str, Any]) -> Response:
    """Ideas that the caller handles, also those that are hidden, withdrawn or part of another."""
    uow = current_uow()
    chosen = DeskFilter(
        text=arguments["q"],
        states=(arguments["state"],),
        statuses=(arguments["status"],) if arguments["status"] else (),
        owner_id=arguments["owner_id"],
        late=arguments["late"],
    )
    page = list_desk(uow, chosen, today(uow), arguments["page"], DESK_ORDERS[arguments["order"]])
    return reply_page(page, DESK_ITEMS.write(page.items), arguments["page"])


@rest.route("/ideas", methods=["POST"], permission=PROPOSE)
@rest.arguments(ProposeIdeaSchema)
@rest.response(201, ProposedSchema)
def create_idea(command: ProposeIdea) -> Response:
    """Propose an idea; with a token for oneself or the organisation that one acts for, without one as anybody."""
    if current_actor().is_anonymous:
        limit_visitor("doe_mee.idea", PER_DAY, DAY)
        count_mail(current_platform(), command.email)
    uow = current_uow()
    proposed = propose_idea(uow, command)
    note_origin(uow, "idea", proposed.idea.id, request.remote_addr or "")
    body = {**whole(uow, proposed.idea), "receipt_code": proposed.code}
    return reply(body, 201, version=proposed.idea.version, location=f"{API}/ideas/{proposed.idea.id}")


@rest.route("/ideas/<uuid:id>", public=True)
@rest.response(200, IdeaWithStepsSchema)
def one_idea(id: uuid.UUID) -> Response:
    """One idea with what became of it."""
    uow = current_uow()
    idea = visible_idea(uow, id)
    steps = [
        {"at": row.at, "kind": row.kind, "status": row.status, "text": row.text, "subject_id": row.subject_id} for row in steps_of(uow, id)
    ]
    return reply({**whole(uow, idea), "steps": steps}, version=idea.version)


@rest.route("/ideas/<uuid:id>", methods=["PUT"], permission=PROPOSE)
@rest.arguments(EditIdeaSchema)
@rest.response(200, IdeaSchema)
def replace_idea(command: EditIdea, id: uuid.UUID) -> Response:
    """Replace what one's idea says, until somebody else supports it or it got an answer."""
    return _answer(edit_idea(current_uow(), id, command))


@rest.route("/ideas/<uuid:id>/withdrawal", methods=["POST"], permission=PROPOSE)
@rest.arguments(WithdrawIdeaSchema)
@rest.response(200, IdeaSchema)
def take_idea_back(command: WithdrawIdea, id: uuid.UUID) -> Response:
    """Take one's idea back."""
    return _answer(withdraw_idea(current_uow(), id, command))


@rest.route("/ideas/<uuid:id>/status", methods=["POST"], permission=HANDLE_IDEAS)
@rest.arguments(GiveStatusSchema)
@rest.response(200, IdeaSchema)
def answer_idea(command: GiveStatus, id: uuid.UUID) -> Response:
    """Say what is done with an idea, with a text for everybody."""
    return _answer(give_status(current_uow(), id, command))


@rest.route("/ideas/<uuid:id>/owner", methods=["PUT"], permission=HANDLE_IDEAS)
@rest.arguments(AssignIdeaSchema)
@rest.response(200, IdeaSchema)
def give_idea_an_owner(command: AssignIdea, id: uuid.UUID) -> Response:
    """Say who handles an idea, and by when there is an answer."""
    return _answer(assign_idea(current_uow(), id, command))


@rest.route("/ideas/<uuid:id>/merge", methods=["POST"], permission=HANDLE_IDEAS)
@rest.arguments(MergeIdeaSchema)
@rest.response(200, IdeaSchema)
def merge_ideas(command: MergeIdea, id: uuid.UUID) -> Response:
    """Make an idea part of another; gives the other."""
    return _answer(merge_idea(current_uow(), id, command))


@rest.route("/ideas/<uuid:id>/separation", methods=["POST"], permission=HANDLE_IDEAS)
@rest.arguments(UnmergeIdeaSchema)
@rest.response(200, IdeaSchema)
def separate_ideas(command: UnmergeIdea, id: uuid.UUID) -> Response:
    """Make an idea that is part of another its own again."""
    return _answer(unmerge_idea(current_uow(), id, command))


@rest.route("/ideas/<uuid:id>/hiding", methods=["POST"], permission=HANDLE_IDEAS)
@rest.arguments(HideIdeaSchema)
@rest.response(200, IdeaSchema)
def hide_one_idea(command: HideIdea, id: uuid.UUID) -> Response:
    """Take an idea out of sight, for a reason that its author is told."""
    return _answer(hide_idea(current_uow(), id, command))


@rest.route("/ideas/<uuid:id>/showing", methods=["POST"], permission=HANDLE_IDEAS)
@rest.arguments(ShowIdeaSchema)
@rest.response(200, IdeaSchema)
def show_one_idea(command: ShowIdea, id: uuid.UUID) -> Response:
    """Show a hidden idea again."""
    return _answer(show_idea(current_uow(), id, command))
