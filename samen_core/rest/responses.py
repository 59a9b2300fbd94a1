"""Answers of the API: JSON straight from rows, with ETag and Link."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from sqlalchemy import Row
from werkzeug.exceptions import PreconditionFailed

from samen_core.i18n import Text
from samen_core.pagination import Page, PageRequest
from samen_core.rest.resource import JSON
from samen_core.web.context import current_platform


def moment(value: datetime) -> str:
    """A moment as the API writes it: RFC 3339 in UTC, with ``Z``."""
    return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat().replace("+00:00", "Z")


_FORMS: dict[type[Any], Callable[[Any], Any]] = {uuid.UUID: str, Text: str, datetime: moment, date: date.isoformat, Decimal: float}


def _special(value: Any) -> Any:
    return _FORMS[type(value)](value)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_special).encode


class RowWriter:
    """How the rows of a list become JSON: the names of the fields in the order of the selected columns.

    Writing rows this way costs a sixth of a schema's dump (reference: performance.md); the schema still documents the list, and
    ``schema`` is checked to have these fields.
    """

    def __init__(self, schema: type[Any], *names: str) -> None:
        unknown = sorted(set(names) - set(schema().dump_fields))
        if unknown:
            raise ValueError(f"{schema.__name__} has no {', '.join(unknown)}")
        self.names = names

    def write(self, rows: Iterable[Row[Any]]) -> list[dict[str, Any]]:
        """The rows as objects; columns after the named ones (the keys of the order) are left out."""
        names = self.names
        return [dict(zip(names, row, strict=False)) for row in rows]


def written(body: Any) -> bytes:
    """JSON as `reply` sends it, to keep."""
    return _encode(body).encode()


def reply(
    body: Any,
    status: int = 200,
    *,
    version: int | None = None,
    location: str = "",
    headers: Mapping[str, str] | None = None,
    media_type: str = JSON,
    etag: str = "",
) -> Response:
    """An answer with a JSON body and its ETag; 304 when the caller has it already.

    A ``body`` of bytes was written before. ``etag`` is for what is known by something else than its content.
    ``version`` is the version of a single thing: it leads the ETag, so that the same ETag in ``If-Match`` says which version an
    update is about. ``location`` is the path of a thing that was made. Raises PreconditionFailed when a
    reader's ``If-Match`` names something else.
    """
    content = body if isinstance(body, bytes) else written(body)
    response = Response(content, status, dict(headers or {}), content_type=media_type)
    digest = etag or hashlib.blake2b(content, digest_size=9).hexdigest()
    response.set_etag(digest if version is None else f"{version}-{digest}")
    if location:
        response.headers["Location"] = location
    if status == 200:
        response.make_conditional(request)
        if response.status_code == HTTPStatus.PRECONDITION_FAILED:
            raise PreconditionFailed
    return response


def no_content() -> Response:
    """The answer to a deletion."""
    response = Response(status=204)
    response.headers.pop("Content-Type", None)
    return response


def reply_page(page: Page[Any], content: Any, asked: PageRequest, *, media_type: str = JSON) -> Response:
    """One page of a list: ``content`` is its items in their JSON form. ``Link`` names the first, previous and next page."""
    return reply(content, headers={"Link": links(page, asked)}, media_type=media_type)


def links(page: Page[Any], asked: PageRequest) -> str:
    """The ``Link`` header of a page; every other parameter of the request is kept."""
    base = current_platform().config.web.base_url.rstrip("/") + request.path
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in ("cursor", "limit")]
    kept.append(("limit", str(asked.limit)))
    cursors = (("first", ""), ("prev", page.previous), ("next", page.next))
    return ", ".join(_link(base, kept, relation, cursor) for relation, cursor in cursors if cursor is not None)


def _link(base: str, parameters: list[tuple[str, str]], relation: str, cursor: str) -> str:
    query = urlencode([*parameters, ("cursor", cursor)] if cursor else parameters)
    return f'<{base}?{query}>; rel="{relation}"'
