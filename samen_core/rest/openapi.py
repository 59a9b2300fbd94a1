"""The OpenAPI document: what flask-smorest derives from the routes, brought in line with the NL API Design Rules (2.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, NamedTuple

import marshmallow
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from flask_smorest import Api

from samen_core.i18n import SOURCE_LANGUAGE
from samen_core.platform import Platform
from samen_core.rest.problem import PROBLEM_TYPE
from samen_core.rest.resource import RestBlueprint
from samen_core.rest.schemas import ProblemSchema
from samen_core.rest.version import REST_VERSION

METHODS = ("get", "post", "put", "patch", "delete")
UPDATING = ("put", "patch", "delete")
SECURITY_SCHEME = "token"
ALWAYS = (401, 406, 429, 500, 503)
"""Errors that every operation can give; 401 also without a required token, when the token that was sent is not good."""

DESCRIPTION = """\
The data of the city and of the building blocks of this participation platform.

Paths, fields and codes are English with the spelling of Popolo (`organization`): data is shared with other countries' tools.
Messages are Dutch, or English with `Accept-Language: en`. Times are RFC 3339 in UTC. Lists come in pages: follow the `Link` header.
An update carries the `version` that you saw, in the body or as the ETag in `If-Match`.
Calls without a token read public data; make a token on the page "Mijn account". The log-in cookie of the website does not work here.
"""


class Registered(NamedTuple):
    """A blueprint as it is registered: its name in Flask, the tag in the document, and the block that owns it."""

    blueprint: RestBlueprint
    endpoint: str
    tag: str
    owner: str


class SamenApi(Api):  # type: ignore[misc]
    """flask-smorest's collector of documentation; errors and the document's own route are handled elsewhere."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """The application has one handler for pages and API: it knows errors of unknown routes too."""

    def _register_doc_blueprint(self) -> None:
        """The document is served by :func:`samen_core.rest.init_rest`."""

    def _register_etag_headers(self) -> None:
        """Our ETags are documented by :func:`build_document`."""

    def _register_pagination_header(self) -> None:
        """Our pages have a ``Link`` header."""


def build_document(app: Flask, platform: Platform, base: str, registered: list[Registered]) -> dict[str, Any]:
    """The document of everything that is registered under ``base``. Costly: build it once."""
    plugin = MarshmallowPlugin(schema_name_resolver=_namer(platform))
    api = SamenApi(
        spec_kwargs={
            "title": f"Samen {platform.config.city.name}",
            "version": registered[0].blueprint.version,
            "openapi_version": "3.0.3",
            "marshmallow_plugin": plugin,
        }
    )
    api.init_app(app)
    plugin.converter.add_attribute_function(_describe)  # type: ignore[union-attr]
    with platform.translations.use(SOURCE_LANGUAGE):
        for item in registered:
            item.blueprint.register_views_in_doc(api, app, api.spec, name=item.endpoint, parameters=None)
    document: dict[str, Any] = api.spec.to_dict()
    document["info"].update(_info(platform, registered[0].blueprint))
    document["servers"] = [{"url": platform.config.web.base_url.rstrip("/") + base}]
    document["tags"] = [{"name": item.tag, "description": item.blueprint.description} for item in registered]
    document["paths"] = {path.removeprefix(base): content for path, content in sorted(document["paths"].items())}
    document["components"].update(_components())
    by_endpoint = {item.endpoint: item for item in registered}
    for path, method, operation in operations(document):
        _finish(path, method, operation, document["paths"][path].get("parameters", []), by_endpoint)
    _open_answers(document)
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation of a document: path, method in lower case, content."""
    for path, content in document["paths"].items():
        for method in METHODS:
            if method in content:
                yield path, method, content[method]


def _describe(_converter: Any, field: marshmallow.fields.Field[Any], ret: dict[str, Any]) -> dict[str, Any]:
    """What a form says of a field, and the JSON form of a field class of our own (its ``openapi``)."""
    found: dict[str, Any] = dict(getattr(field, "openapi", {}))
    for name, key in (("title", "label"), ("description", "help")):
        if (text := field.metadata.get(key)) and name not in field.metadata:
            found[name] = str(text)
    if ret.get("default") == "" and "format" in ret:
        del ret["default"]  # empty text is no e-mail address, so the document would not be valid
    return found


def _namer(platform: Platform) -> Callable[[Any], str]:
    owners = {"samen_core": "core", **{block.package: block.name for block in platform.blocks}}

    def name(schema: Any) -> str:
        kind = schema if isinstance(schema, type) else type(schema)
        # A schema that ``from_dict`` made says of no module of its own; the class that it was made from does.
        modules = (f"{base.__module__}." for base in kind.__mro__)
        owner = next(owner for module in modules for package, owner in owners.items() if module.startswith(f"{package}."))
        own = kind.__name__.removesuffix("Schema")
        block = "".join(part.capitalize() for part in owner.split("_"))
        partial = "Partial" if isinstance(schema, marshmallow.Schema) and schema.partial else ""
        return (own if own.startswith(block) else block + own) + partial

    return name


def _info(platform: Platform, first: RestBlueprint) -> dict[str, Any]:
    city = platform.config.city
    description = first.description if first.prefix else DESCRIPTION
    contact = {
        "name": city.name,
        "url": city.contact_url or platform.config.web.base_url,
        "email": city.contact_email or platform.config.mail.sender,
    }
    return {"description": description, "contact": contact, "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/nl/"}}


def _components() -> dict[str, Any]:
    headers = {
        "ApiVersion": {"description": "Version of the API.", "schema": {"type": "string", "example": REST_VERSION}},
        "ETag": {
            "description": "Name of this state of the answer; of a single thing it starts with the version.",
            "schema": {"type": "string"},
        },
    }
    if_match = {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag that you saw. Another version gives 412.",
        "schema": {"type": "string", "pattern": '^"[0-9]{1,9}(-[0-9a-f]+)?"$', "example": '"3"'},
    }
    parameters = {"IfMatch": {**if_match, "required": False}, "RequiredIfMatch": {**if_match, "required": True}}
    schemes = {SECURITY_SCHEME: {"type": "http", "scheme": "bearer", "description": "Your own API token."}}
    codes = (400, 401, 403, 404, 406, 409, 410, 412, 413, 415, 428, 429, 500, 503)
    return {
        "headers": headers,
        "parameters": parameters,
        "securitySchemes": schemes,
        "responses": {f"Problem{code}": _problem(code) for code in codes},
    }


def _problem(code: int) -> dict[str, Any]:
    headers: dict[str, Any] = {"API-Version": {"$ref": "#/components/headers/ApiVersion"}}
    if code == 429:
        headers["Retry-After"] = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
    if code == 401:
        headers["WWW-Authenticate"] = {"description": "The scheme to use (RFC 6750).", "schema": {"type": "string"}}
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/CoreProblem"}}}
    return {"description": HTTPStatus(code).phrase, "headers": headers, "content": content}


def _finish(path: str, method: str, operation: dict[str, Any], shared: list[Any], registered: dict[str, Registered]) -> None:
    item = registered[operation["tags"][0]]
    operation["tags"] = [item.tag]
    name = operation["operationId"]
    words = [*item.owner.split("_"), *name.split("_")]
    operation["operationId"] = words[0] + "".join(word.capitalize() for word in words[1:])
    permission = operation.pop("x-permission", None)
    operation["security"] = [{SECURITY_SCHEME: []}] if permission else [{}, {SECURITY_SCHEME: []}]
    if permission:
        operation["x-permission"] = permission
        operation["description"] = f"{operation.get('description', '')}\n\nNeeds the permission `{permission}`.".strip()
    versioned = operation.pop("x-versioned", True) and method in UPDATING
    if versioned:
        name = "RequiredIfMatch" if method == "delete" else "IfMatch"
        operation.setdefault("parameters", []).append({"$ref": f"#/components/parameters/{name}"})
    kept = {code: answer for code, answer in operation["responses"].items() if str(code)[0] in "23"}
    for answer in kept.values():
        answer.setdefault("headers", {})["API-Version"] = {"$ref": "#/components/headers/ApiVersion"}
    if "201" in kept:
        kept["201"]["headers"]["Location"] = {
            "description": "Path of what was made.",
            "schema": {"type": "string", "format": "uri-reference"},
        }
    if method == "get" and "200" in kept:
        kept["200"]["headers"]["ETag"] = {"$ref": "#/components/headers/ETag"}
        kept["304"] = {
            "description": "You have this already (If-None-Match).",
            "headers": {"API-Version": {"$ref": "#/components/headers/ApiVersion"}},
        }
    for code in _errors(path, method, operation, shared, permission=permission, versioned=versioned):
        kept.setdefault(str(code), {"$ref": f"#/components/responses/Problem{code}"})
    operation["responses"] = dict(sorted(kept.items()))


def _open_answers(document: dict[str, Any]) -> None:
    """Let the schemas of answers have more fields, since a minor version of the API may add some; input stays closed."""
    schemas = document["components"]["schemas"]
    waiting = [operation["requestBody"] for _path, _method, operation in operations(document) if "requestBody" in operation]
    closed: set[str] = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            name = str(found.get("$ref", "")).rpartition("/")[2]
            if name in schemas and name not in closed:
                closed.add(name)
                waiting.append(schemas[name])
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found
    for name in schemas.keys() - closed:
        schemas[name].pop("additionalProperties", None)


def _errors(path: str, method: str, operation: dict[str, Any], shared: list[Any], *, permission: str | None, versioned: bool) -> set[int]:
    codes = set(ALWAYS)
    has_body = "requestBody" in operation
    if has_body or operation.get("parameters") or shared or method != "get":
        codes.add(400)
    if permission or method != "get":
        codes.add(403)
    if "{" in path or has_body:
        codes |= {404, 410} if "{" in path else {404}
    if has_body:
        codes |= {413, 415}
    if method != "get":
        codes.add(409)
    if versioned:
        codes |= {412, 428} if method == "delete" else {412}
    return codes
