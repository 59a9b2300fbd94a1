"""Blueprints of the API: every route states who may call it, and what it takes and gives."""

# ruff: noqa: ARG002 the signatures are webargs'

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar

import marshmallow
from flask import Request, request
from flask_smorest import Blueprint
from webargs import core
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import NotAcceptable, PreconditionRequired, RequestEntityTooLarge, UnsupportedMediaType

from samen_core.errors import StartupError
from samen_core.forms.messages import invalid
from samen_core.forms.schema import FormSchema
from samen_core.i18n import _
from samen_core.permissions import Permission
from samen_core.rest.problem import BadInput
from samen_core.rest.version import REST_VERSION
from samen_core.web.blueprint import ACCESS
from samen_core.web.context import current_actor, current_platform

View = TypeVar("View", bound=Callable[..., Any])

JSON = "application/json"
MULTIPART_ROOM = 200_000
"""Bytes of an upload besides its file."""

LINK_HEADER = {"description": "Pages of this list (RFC 8288): `first`, and `prev` and `next` where they are.", "schema": {"type": "string"}}
_PLACES = {"json": "body", "query": "query", "path": "path", "headers": "header"}
_NO_JSON = _("De inhoud van het verzoek is geen geldige JSON.")


class ApiParser(FlaskParser):
    """webargs' parser with 400 for wrong input, 415 for another content type, and unknown names refused everywhere."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": marshmallow.RAISE,
        "json": marshmallow.RAISE,
        "files": marshmallow.RAISE,
    }

    def _raw_load_json(self, req: Request) -> Any:
        content = _whole_body(req)
        if not core.is_json(req.mimetype):
            if content or req.mimetype:
                raise UnsupportedMediaType
            raise BadInput(_("Stuur de gegevens mee als application/json."), "body")
        try:
            body = json.loads(content, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise BadInput(_NO_JSON, "body") from None
        return with_version(body, req) if isinstance(body, dict) else body

    def load_files(self, req: Request, schema: marshmallow.Schema) -> Any:
        """The parts of an upload (``location="files"``): files and texts, with the version that ``If-Match`` names."""
        if req.mimetype != "multipart/form-data":
            raise UnsupportedMediaType
        req.max_content_length = current_platform().config.limits.upload_bytes + MULTIPART_ROOM
        return with_version({**req.form, **req.files}, req)

    def handle_error(self, error: marshmallow.ValidationError, req: Request, schema: marshmallow.Schema, **_kwargs: Any) -> NoReturn:
        """Raise BadInput with every error of the request."""
        messages: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]
        location = next(iter(messages))
        raise BadInput(invalid(marshmallow.ValidationError(messages[location])).errors, _PLACES.get(location, "body"))


def _whole_body(req: Request) -> bytes:
    """The body. Raises RequestEntityTooLarge where werkzeug cuts one off at its bound: when it comes in chunks, without a length."""
    content = req.get_data(cache=True)
    if req.content_length is None and req.max_content_length is not None and len(content) >= req.max_content_length:
        raise RequestEntityTooLarge
    return content


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def with_version(body: dict[str, Any], req: Request) -> dict[str, Any]:
    """The body with the version that ``If-Match`` names, where it does not carry one itself."""
    version = seen_version(req)
    return {**body, "version": version} if version is not None and "version" not in body else body


def seen_version(req: Request) -> int | None:
    """The version that the caller saw, from ``If-Match``: ETags of single things are ``"<version>-<hash>"``. None without one.

    Raises BadInput for a header that names no version.
    """
    if "If-Match" not in req.headers:
        return None
    for etag in req.if_match.as_set():
        number, _dash, _hash = etag.partition("-")
        if number.isascii() and number.isdigit() and len(number) < 10:
            return int(number)
    raise BadInput({"If-Match": [_("Dit is geen ETag van deze API.")]}, "header")


def required_version() -> int:
    """The version that a deletion is about: it has no body, so ``If-Match`` must name it. Raises PreconditionRequired (428) without."""
    version = seen_version(request)
    if version is None:
        raise PreconditionRequired
    return version


class RestBlueprint(Blueprint):  # type: ignore[misc]
    """A blueprint for resources of a block, mounted under ``/api/v1/<block>``.

    Each route says ``permission=...`` or ``public=True``; the service checks the thing itself. Decorate a view from the outside in
    with :meth:`route`, ``arguments`` (schemas that are :class:`FormSchema`), and ``response`` or :meth:`listing`.

    ``prefix`` is for an API whose addresses a standard fixes (``/ori/v2``): it stands there instead, with a description of its own of
    ``version`` at ``<prefix>/openapi.json``; errors, headers and tokens are as everywhere.
    """

    ARGUMENTS_PARSER = ApiParser()

    def __init__(self, name: str, import_name: str, description: str = "", *, prefix: str = "", version: str = REST_VERSION) -> None:
        super().__init__(name, import_name, description=description)
        self.prefix = prefix
        self.version = version

    def route(
        self,
        rule: str,
        *,
        permission: Permission | None = None,
        public: bool = False,
        produces: tuple[str, ...] = (JSON,),
        versioned: bool = True,
        **options: Any,
    ) -> Callable[[View], View]:
        """Like Flask's ``route``, with the access stated. ``produces`` are the media types that the view can answer with. What is changed
        or deleted has a version that the caller saw, unless ``versioned`` says that there is none.

        Raises StartupError for a route without stated access or with a trailing slash.
        """
        if (permission is None) == (not public):
            raise StartupError(f"REST route '{rule}' of '{self.name}' needs either permission=... or public=True")
        if rule.endswith("/"):
            raise StartupError(f"REST route '{rule}' of '{self.name}' ends in a slash: a URI of the API may not")

        def decorate(view: View) -> View:
            @wraps(view)
            def call(*args: Any, **kwargs: Any) -> Any:
                current_actor()
                if "Accept" in request.headers and not request.accept_mimetypes.best_match(produces):
                    raise NotAcceptable
                return view(*args, **kwargs)

            setattr(call, ACCESS, permission)
            manual = call.__dict__.setdefault("_apidoc", {}).setdefault("manual_doc", {})
            manual.update({"operationId": view.__name__, "x-permission": permission.name if permission else None, "x-versioned": versioned})
            self.add_url_rule(rule, view.__name__, call, merge_slashes=False, **options)
            return view

        return decorate

    def arguments(self, schema: Any, **options: Any) -> Callable[[View], View]:
        """flask-smorest's ``arguments`` for a schema that refuses text no database can keep. Raises StartupError for another one."""
        made = schema() if isinstance(schema, type) else schema
        if not isinstance(made, FormSchema):
            raise StartupError(f"REST arguments of '{self.name}': {type(made).__name__} must be a FormSchema")
        decorator: Callable[[View], View] = super().arguments(made, **options)
        return decorator

    def response(self, status: int, schema: Any = None, **options: Any) -> Callable[[View], View]:
        """flask-smorest's ``response``: documents what the view answers with :func:`samen_core.rest.responses.reply`."""
        decorator: Callable[[View], View] = super().response(status, schema, **options)
        return decorator

    def also(self, status: int, schema: Any, media_type: str) -> Callable[[View], View]:
        """Document the same answer in another media type."""
        decorator: Callable[[View], View] = self.alt_response(status, schema=schema, content_type=media_type)
        return decorator

    def listing(self, schema: type[marshmallow.Schema]) -> Callable[[View], View]:
        """Document a list that the view writes itself from rows (:func:`samen_core.rest.responses.reply_page`)."""
        return self.response(200, schema(many=True), headers={"Link": LINK_HEADER})
