"""The resources of core: the card of any thing, search over all of them, and the catalogue of blocks."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.blocks.discovery import Installed
from samen_core.errors import Invalid, NotFound
from samen_core.forms import FormSchema
from samen_core.i18n import _
from samen_core.pagination import DEFAULT_LIMIT, MAX_LIMIT
from samen_core.platform import Platform
from samen_core.rest.resource import RestBlueprint
from samen_core.rest.responses import reply
from samen_core.search import Part, search
from samen_core.subjects import SubjectCard, cards
from samen_core.web.context import current_actor, current_platform, current_uow

blueprint = RestBlueprint("core", __name__, description="Things of every block, and the blocks themselves.")


class SubjectSchema(Schema):
    """The card of a thing: what anybody may know of it, also when its block is gone."""

    id = fields.UUID(required=True)
    type = fields.String(required=True)
    type_label = fields.String(required=True, metadata={"description": "The type in the caller's language."})
    owner = fields.String(required=True, metadata={"description": "Name of the block that owns it."})
    title = fields.String(required=True)
    summary = fields.String(required=True)
    url = fields.Url(
        allow_none=True, required=True, require_tld=False, metadata={"description": "Its page; null when it cannot be opened."}
    )
    state = fields.String(required=True, validate=validate.OneOf(["active", "merged", "deleted", "gone"]))


class SearchSchema(FormSchema):
    """What to search."""

    query = fields.String(required=True, validate=validate.Length(1, 200))
    type = fields.String(load_default=None, validate=validate.Length(1, 60), metadata={"description": "Only this type of thing."})
    limit = fields.Integer(load_default=DEFAULT_LIMIT, strict=True, validate=validate.Range(1, MAX_LIMIT))
    cursor = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp("^[0-9]{1,3}$"),
        metadata={"description": "`next` or `previous` of an earlier answer."},
    )


class ResultSchema(Schema):
    """A thing that was found."""

    id = fields.UUID(required=True)
    type = fields.String(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True, metadata={"description": "The part of the text where the words are."})
    url = fields.Url(required=True)


class FoundSchema(Schema):
    """One page of what was found."""

    results = fields.List(fields.Nested(ResultSchema), required=True)
    total = fields.Integer(required=True)
    more = fields.Boolean(
        required=True, metadata={"description": "Whether there is more than `total`, which is not shown: ask more precisely."}
    )
    next = fields.String(required=True, allow_none=True)
    previous = fields.String(required=True, allow_none=True)


class BlockSchema(Schema):
    """A building block that is installed here."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    summary = fields.String(required=True)
    version = fields.String(required=True)
    maturity = fields.String(required=True, validate=validate.OneOf(["alpha", "beta", "stable"]))
    licence = fields.String(required=True)
    authors = fields.String(required=True)
    requires = fields.List(fields.String(), required=True)
    personal_data = fields.Boolean(required=True, metadata={"description": "Whether it keeps personal data."})
    enabled = fields.Boolean(required=True)


@blueprint.route("/subjects/<uuid:id>", public=True)
@blueprint.response(200, SubjectSchema)
def get_subject(id: uuid.UUID) -> Response:
    """The card of a thing of any block."""
    card = cards(current_uow(), [id]).get(id)
    if card is None:
        raise NotFound(_("Dit bestaat niet, of is niet openbaar."))
    return reply(_card(card, current_platform()))


def _card(card: SubjectCard, platform: Platform) -> dict[str, Any]:
    kind = platform.subject_types.get(card.type)
    return {
        "id": card.id,
        "type": card.type,
        "type_label": str(kind.label) if kind else card.type,
        "owner": card.owner,
        "title": card.title,
        "summary": card.summary,
        "url": platform.config.web.base_url.rstrip("/") + card.url if card.is_live else None,
        "state": card.state,
    }


@blueprint.route("/_zoek", methods=["POST"], public=True)
@blueprint.arguments(SearchSchema)
@blueprint.response(200, FoundSchema)
def search_subjects(asked: dict[str, Any]) -> Response:
    """Things of every block that hold these words, best first.

    The words are in the body, because addresses are kept in logs and what somebody searches is personal.
    """
    platform = current_platform()
    kind = asked["type"]
    if kind is not None and not (kind in platform.search_sources and platform.search_sources[kind].offered):
        raise Invalid({"type": [_("Deze soort is er niet om in te zoeken.")]})
    with platform.read(current_actor()) as uow:
        found = search(uow, asked["query"], subject_type=kind, limit=asked["limit"], cursor=asked["cursor"])
    base = platform.config.web.base_url.rstrip("/")
    results = [
        {"id": item.id, "type": item.type, "title": _plain(item.title), "summary": _plain(item.snippet), "url": base + item.url}
        for item in found.results
    ]
    return reply(
        {"results": results, "total": found.total, "more": found.is_capped, "next": found.next_cursor, "previous": found.previous_cursor}
    )


def _plain(parts: Iterable[Part]) -> str:
    return "".join(part.text for part in parts)


@blueprint.route("/blocks", public=True)
@blueprint.response(200, BlockSchema(many=True))
def list_blocks() -> Response:
    """Every building block that is installed here, in the order of loading."""
    platform = current_platform()
    enabled = {found.name: found for found in platform.blocks}
    return reply([_block(found, found.name in enabled) for found in {**enabled, **platform.installed}.values() if found.block])


@blueprint.route("/blocks/<name>", public=True)
@blueprint.response(200, BlockSchema)
def get_block(name: str) -> Response:
    """One building block."""
    platform = current_platform()
    found = platform.installed.get(name)
    if found is None or found.block is None:
        raise NotFound(_("Deze bouwsteen is hier niet geïnstalleerd."))
    return reply(_block(found, any(block.name == name for block in platform.blocks)))


def _block(found: Installed, enabled: bool) -> dict[str, Any]:
    block = found.block
    if block is None:
        raise NotFound
    return {
        "name": found.name,
        "label": block.label,
        "summary": block.summary,
        "version": found.version,
        "maturity": block.maturity,
        "licence": found.licence,
        "authors": found.authors,
        "requires": list(block.requires),
        "personal_data": block.personal_data,
        "enabled": enabled,
    }
