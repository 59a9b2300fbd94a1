"""The OpenAPI document is valid and keeps the NL API Design Rules; and the checks do find a document that does not."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from samen_core.rest.version import REST_VERSION
from samen_core.testing.callers import Caller
from tests.rest.rules import RULES, broken, operations


@pytest.fixture
def document(nobody: Caller) -> dict[str, Any]:
    """The live document."""
    answer = nobody("GET", "/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert [error.message for error in OpenAPIV30SpecValidator(document).iter_errors()] == []


def test_the_document_keeps_the_rules(document: dict[str, Any]) -> None:
    assert broken(document) == {}


def test_every_route_is_in_the_document(document: dict[str, Any], app: Any) -> None:
    documented = {(place.partition(" ")[0], path) for place, path, _operation in operations(document)}
    served = {
        (method, rule.rule.removeprefix("/api/v1").replace("<uuid:", "{").replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert served - documented == {("GET", "/openapi.json")}
    assert documented - served == set()


def test_the_permission_of_a_route_is_documented(document: dict[str, Any]) -> None:
    post = document["paths"]["/notes/notes"]["post"]
    assert post["security"] == [{"token": []}]
    assert post["x-permission"] == "notes.write"
    assert "notes.write" in post["description"]
    assert {} in document["paths"]["/notes/notes"]["get"]["security"]


def test_input_is_closed_and_answers_are_open(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["NotesNewNote"]["additionalProperties"] is False
    assert "additionalProperties" not in schemas["NotesNote"]


def _without_contact(document: dict[str, Any]) -> None:
    del document["info"]["contact"]["email"]


BAD_PATHS = ("/notes/Notes", "/notes/notes/", "/notes/ideeën", "/notes/{a}/{b}", "/notes/note/{id}", "/notes/get-notes", "/flask/notes.py")


def _bad_paths(document: dict[str, Any]) -> None:
    list_notes = document["paths"]["/notes/notes"]
    for path in BAD_PATHS:
        document["paths"][path] = copy.deepcopy(list_notes)


def _bad_operation(document: dict[str, Any]) -> None:
    get = document["paths"]["/notes/notes"]["get"]
    get["parameters"].append({"in": "query", "name": "sort_by", "schema": {"type": "string"}})
    get["parameters"].append({"in": "query", "name": "email", "schema": {"type": "string"}})
    get["parameters"].append({"in": "cookie", "name": "samen", "schema": {"type": "string"}})
    get["requestBody"] = {"content": {}}
    get["summary"] = ""
    get["responses"] = {"422": {"description": "Wrong", "content": {"application/json": {}}}}


def _bad_schema(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["Note"] = {
        "properties": {"aanmaakDatum": {"type": "string"}, "at": {"type": "integer", "format": "date-time"}}
    }


def _bad_version(document: dict[str, Any]) -> None:
    document["openapi"] = "2.0"
    document["info"]["version"] = "1.0"
    document["servers"] = [{"url": "https://stad.example/api"}]


SPOILT: list[tuple[Callable[[dict[str, Any]], None], set[str]]] = [
    (_without_contact, {"doc-openapi-contact"}),
    (
        _bad_paths,
        {"no-trailing-slash", "path-segments-kebab-case", "nested-child", "naming-collections", "naming-resources", "hide-implementation"},
    ),
    (
        _bad_operation,
        {
            "query-keys-camel-case",
            "transport/no-sensitive-uris",
            "stateless",
            "http-methods",
            "operations-are-described",
            "version-header",
            "error-handling/problem-details",
            "error-handling/invalid-input",
            "http-response-code",
        },
    ),
    (_bad_schema, {"date-time/date-omit-time-portion", "date-time/format", "schemas-have-their-own-name"}),
    (_bad_version, {"doc-openapi", "semver", "uri-version"}),
]


@pytest.mark.parametrize(("spoil", "expected"), SPOILT, ids=[spoil.__name__ for spoil, _expected in SPOILT])
def test_a_rule_that_is_broken_is_found(document: dict[str, Any], spoil: Callable[[dict[str, Any]], None], expected: set[str]) -> None:
    spoil(document)
    assert expected <= broken(document).keys()


def test_the_changelog_has_this_version(document: dict[str, Any]) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    assert document["info"]["version"] == REST_VERSION
    assert re.findall(r"^### (\d+\.\d+\.\d+)$", guide, re.MULTILINE)[0] == REST_VERSION


def test_every_rule_was_seen_to_fail() -> None:
    assert set().union(*(expected for _spoil, expected in SPOILT)) == RULES.keys()
