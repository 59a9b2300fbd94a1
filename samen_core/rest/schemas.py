"""Schemas that every block's resources share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from samen_core.forms.schema import FormSchema
from samen_core.pagination import DEFAULT_LIMIT, MAX_CURSOR, MAX_LIMIT, PageRequest
from samen_core.rest.responses import moment


class MomentField(fields.AwareDateTime):
    """A moment, written in UTC with ``Z``."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ARG002
        return None if value is None else moment(value)


class ProblemErrorSchema(Schema):
    """One wrong thing in the input."""

    place = fields.String(data_key="in", required=True, validate=validate.OneOf(["body", "query", "path", "header"]))
    pointer = fields.String(metadata={"description": "JSON pointer to the field in the body."})
    name = fields.String(metadata={"description": "Name of the parameter or header."})
    detail = fields.String(required=True)


class ProblemSchema(Schema):
    """Problem details (RFC 9457)."""

    type = fields.String(metadata={"format": "uri-reference"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(ProblemErrorSchema), metadata={"description": "With status 400: every error at once."})
    version = fields.Integer(metadata={"description": "With status 409 or 412: the current version."})
    current = fields.Dict(metadata={"description": "With status 409 or 412: the current values."})


class PageArgumentsSchema(FormSchema):
    """The query parameters of every list; a list with filters inherits from it and gets ``page`` in what it loads."""

    limit = fields.Integer(
        load_default=DEFAULT_LIMIT, validate=validate.Range(1, MAX_LIMIT), metadata={"description": "Number of items on a page."}
    )
    cursor = fields.String(
        load_default="",
        validate=validate.Length(max=MAX_CURSOR),
        metadata={"description": "Place in the list: take it from the `Link` header."},
    )

    @post_load
    def _page(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        page = PageRequest(data.pop("limit"), data.pop("cursor"))
        return {**data, "page": page}
