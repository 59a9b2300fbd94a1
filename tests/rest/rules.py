"""Rules of the NL API Design Rules (Logius, 2.2) as checks of an OpenAPI document; each gives the places where it is broken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

Document = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LAST_SEGMENT = re.compile(r"_?[a-z0-9]+(-[a-z0-9]+)*")
QUERY_KEY = re.compile(r"\$?[a-z][a-z\d]*([A-Z][a-z\d]*)*")
SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
VERBS = ("create", "update", "delete", "get", "list", "add", "remove", "set", "maak", "wijzig", "verwijder", "haal", "zoek")
INTERNALS = ("flask", "python", "php", "servlet", "cgi", "sql", "table", "tabel")

RULES: dict[str, Callable[[Document], Iterator[str]]] = {}


def rule(name: str) -> Callable[[Callable[[Document], Iterator[str]]], Callable[[Document], Iterator[str]]]:
    """Register a check under the name of its rule."""

    def keep(check: Callable[[Document], Iterator[str]]) -> Callable[[Document], Iterator[str]]:
        RULES[name] = check
        return check

    return keep


def broken(document: Document) -> dict[str, list[str]]:
    """The rules that a document breaks, each with the places."""
    found = {name: list(check(document)) for name, check in RULES.items()}
    return {name: places for name, places in found.items() if places}


def resolve(document: Document, value: Any) -> Any:
    """What a ``$ref`` stands for."""
    while isinstance(value, dict) and "$ref" in value:
        target: Any = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        value = target
    return value


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Every operation as (``GET /path``, path, operation); its parameters include those of the path."""
    for path, content in document["paths"].items():
        for method in METHODS:
            if method in content:
                parameters = [resolve(document, item) for item in (*content.get("parameters", ()), *content[method].get("parameters", ()))]
                yield f"{method.upper()} {path}", path, {**content[method], "parameters": parameters}


def answers(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Every answer as (place, status, answer)."""
    for place, _path, operation in operations(document):
        for status, answer in operation["responses"].items():
            yield f"{place} {status}", str(status), resolve(document, answer)


def properties(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Every property of every named schema as (place, name, schema)."""
    for schema, content in document["components"]["schemas"].items():
        for name, value in content.get("properties", {}).items():
            yield f"{schema}.{name}", name, resolve(document, value)


@rule("doc-openapi")
def _version(document: Document) -> Iterator[str]:
    if not str(document.get("openapi", "")).startswith("3."):
        yield "openapi"


@rule("doc-openapi-contact")
def _contact(document: Document) -> Iterator[str]:
    for key in ("name", "url", "email"):
        if not document["info"].get("contact", {}).get(key):
            yield f"info.contact.{key}"


@rule("semver")
def _semver(document: Document) -> Iterator[str]:
    if not SEMVER.fullmatch(document["info"]["version"]):
        yield document["info"]["version"]


@rule("uri-version")
def _uri_version(document: Document) -> Iterator[str]:
    major = document["info"]["version"].partition(".")[0]
    for server in document.get("servers") or [{"url": "(no server)"}]:
        if not server["url"].rstrip("/").endswith(f"/v{major}"):
            yield server["url"]
    for path in document["paths"]:
        if re.match(r"/(api|v\d)", path):
            yield path


@rule("no-trailing-slash")
def _trailing_slash(document: Document) -> Iterator[str]:
    yield from (path for path in document["paths"] if path != "/" and path.endswith("/"))


@rule("path-segments-kebab-case")
def _kebab(document: Document) -> Iterator[str]:
    for path in document["paths"]:
        *first, last = [part for part in path.split("/") if part and not part.startswith("{")] or [""]
        if not all(SEGMENT.fullmatch(part) for part in first) or not LAST_SEGMENT.fullmatch(last):
            yield path


@rule("query-keys-camel-case")
def _query_keys(document: Document) -> Iterator[str]:
    for place, _path, operation in operations(document):
        for parameter in operation["parameters"]:
            if parameter["in"] == "query" and not QUERY_KEY.fullmatch(parameter["name"]):
                yield f"{place}?{parameter['name']}"


@rule("naming-collections")
def _plural(document: Document) -> Iterator[str]:
    for path in document["paths"]:
        parts = path.strip("/").split("/")
        for part, following in pairwise(parts):
            if following.startswith("{") and not part.endswith(("s", "people", "data")):
                yield path


@rule("naming-resources")
def _nouns(document: Document) -> Iterator[str]:
    for path in document["paths"]:
        if any(part.split("-")[0] in VERBS for part in path.strip("/").split("/") if not part.startswith("_")):
            yield path


@rule("hide-implementation")
def _hidden(document: Document) -> Iterator[str]:
    for path in document["paths"]:
        if any(word in part.split("-") for part in path.strip("/").split("/") for word in INTERNALS) or "." in path:
            yield path


@rule("http-methods")
def _methods(document: Document) -> Iterator[str]:
    for place, _path, operation in operations(document):
        method = place.partition(" ")[0]
        if method not in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            yield place
        if method in ("GET", "DELETE") and "requestBody" in operation:
            yield f"{place} has a body"


@rule("version-header")
def _version_header(document: Document) -> Iterator[str]:
    for place, status, answer in answers(document):
        if status[0] in "2345" and "API-Version" not in answer.get("headers", {}):
            yield place


@rule("error-handling/problem-details")
def _problem_details(document: Document) -> Iterator[str]:
    for place, status, answer in answers(document):
        if status[0] not in "45":
            continue
        content = answer.get("content", {})
        if set(content) != {"application/problem+json"}:
            yield place
            continue
        schema = resolve(document, content["application/problem+json"]["schema"])
        if not {"status", "title", "detail"} <= schema["properties"].keys():
            yield place


@rule("error-handling/invalid-input")
def _invalid_input(document: Document) -> Iterator[str]:
    for place, _path, operation in operations(document):
        takes_input = operation["parameters"] or place.startswith(("POST", "PUT", "PATCH"))
        if takes_input and "400" not in operation["responses"]:
            yield place
        if "422" in operation["responses"]:
            yield f"{place} 422"


@rule("http-response-code")
def _codes(document: Document) -> Iterator[str]:
    for place, _path, operation in operations(document):
        codes = {str(code) for code in operation["responses"]}
        if not any(code[0] == "2" for code in codes):
            yield f"{place} has no success"
        if operation.get("security") and {} not in operation["security"] and not {"401", "403"} <= codes:
            yield f"{place} needs a token"
        if "requestBody" in operation and not {"413", "415"} <= codes:
            yield f"{place} takes a body"


@rule("date-time/format")
def _date_time(document: Document) -> Iterator[str]:
    for place, _name, schema in properties(document):
        if schema.get("format") in ("date", "date-time", "time-local") and schema.get("type") != "string":
            yield place


@rule("date-time/date-omit-time-portion")
def _dates(document: Document) -> Iterator[str]:
    for place, name, schema in properties(document):
        if name.endswith(("Datum", "Date")) and schema.get("format") != "date":
            yield place


@rule("transport/no-sensitive-uris")
def _sensitive(document: Document) -> Iterator[str]:
    forbidden = ("email", "phone", "postcode", "token", "password", "bsn", "name")
    for place, path, operation in operations(document):
        for parameter in operation["parameters"]:
            if parameter["in"] == "query" and parameter["name"].lower() in forbidden:
                yield f"{place}?{parameter['name']}"
        if any(f"{{{word}}}" in path for word in ("email", "postcode", "token")):
            yield path


@rule("nested-child")
def _children(document: Document) -> Iterator[str]:
    """A child hangs under one thing, so a path alternates collections and ids."""
    for path in document["paths"]:
        if re.search(r"\}/\{", path):
            yield path


@rule("stateless")
def _stateless(document: Document) -> Iterator[str]:
    for name, scheme in document["components"].get("securitySchemes", {}).items():
        if scheme["type"] == "apiKey" and scheme["in"] in ("cookie", "query"):
            yield name
    for place, _path, operation in operations(document):
        if any(parameter["in"] == "cookie" for parameter in operation["parameters"]):
            yield place


@rule("schemas-have-their-own-name")
def _names(document: Document) -> Iterator[str]:
    """Ours: every schema is called ``<Block><Name>``, so that two blocks never collide."""
    for name in document["components"]["schemas"]:
        if not re.fullmatch(r"([A-Z][a-z0-9]*){2,}", name):
            yield name


@rule("operations-are-described")
def _described(document: Document) -> Iterator[str]:
    """Ours: a summary that is a sentence and a unique operationId."""
    seen: set[str] = set()
    for place, _path, operation in operations(document):
        if not operation.get("summary", "").endswith("."):
            yield f"{place} summary"
        if not operation.get("operationId") or operation["operationId"] in seen:
            yield f"{place} operationId"
        seen.add(operation.get("operationId", ""))
