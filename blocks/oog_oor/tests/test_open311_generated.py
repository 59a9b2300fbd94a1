"""Generated calls of the public description of GeoReport v2: no failure inside, every answer in its format and as described."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from samen_core.api import Platform
from samen_oog_oor.georeport import MEDIA_TYPES
from samen_oog_oor.schemas.open311 import MakeKey
from samen_oog_oor.services.keys import make_key
from samen_oog_oor.testing import a_case, a_category

if TYPE_CHECKING:
    from samen_core.app import SamenFlask

ROOTS = {"services", "service_definition", "service_requests", "errors"}


@pytest.fixture
def described(shared_data: Path, platform: Platform, actor_as: Callable[..., Any]) -> dict[str, Any]:
    """The description, where it is not as the standard says made so: one address, what goes in the body, and what is an array."""
    a_case(platform, a_category(platform, "Lantaarn", code="lamp"), number="2026-1")
    with platform.unit_of_work(actor_as("resident")) as uow:
        secret = make_key(uow, MakeKey(name="Proef")).secret
    found: dict[str, Any] = json.loads((shared_data / "open311-requests" / "georeport-v2-schema" / "swagger.json").read_text("utf-8"))
    paths = found["paths"]
    paths["/requests/{service_request_id}.{response_format}"] = paths.pop("/request/{service_request_id}.{response_format}")
    found["basePath"] = "/open311/v2"
    found["parameters"]["response_format"] = {**found["parameters"]["response_format"], "enum": ["json", "xml", "csv"]}
    found["parameters"]["response_format"].pop("format")
    found["parameters"]["jurisdiction_id"] = {
        "name": "jurisdiction_id",
        "in": "query",
        "type": "string",
        "enum": ["", "localhost", "elders"],
    }
    post = paths["/requests.{response_format}"]["post"]
    body = [item for item in post["parameters"] if "$ref" not in item and item["name"] != "attribute"]
    for item in body:
        item["in"] = "formData"
    next(item for item in body if item["name"] == "service_code")["enum"] = ["lamp", "onbekend"]
    key = {"name": "api_key", "in": "formData", "type": "string", "enum": [secret, "fout"], "required": True}
    more = [{"name": name, "in": "formData", "type": "string"} for name in ("description", "email", "media_url", "attribute[kleur]")]
    post["parameters"] = [{"$ref": "#/parameters/response_format"}, *body, key, *more]
    for definition in found["definitions"].values():
        # The standard's own JSON Schemas, beside it, let every element be null that is not required.
        for name, inner in definition.get("properties", {}).items():
            inner["x-nullable"] = name not in definition.get("required", ())
    for operation in (item for path in paths.values() for item in path.values()):
        operation["responses"] = {"default": {"description": "anything"}, "200": operation["responses"]["200"]}
        schema = operation["responses"]["200"]["schema"]
        if "$ref" in schema and not schema["$ref"].endswith("ServiceDefinition"):
            operation["responses"]["200"]["schema"] = {"type": "array", "items": schema}
    return found


def call_everything(app: SamenFlask, document: dict[str, Any], examples: int) -> dict[str, set[int]]:
    """Call every operation; the statuses that each gave."""
    import schemathesis

    schema: Any = schemathesis.openapi.from_dict(document)
    schema.app = app
    seen: dict[str, set[int]] = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        statuses = seen.setdefault(f"{operation.method.upper()} {operation.path.partition('.')[0]}", set())

        call_operation(operation, examples, statuses)
    return seen


def call_operation(operation: Any, examples: int, statuses: set[int]) -> None:
    """Call one operation."""
    from hypothesis import HealthCheck, given, settings
    from schemathesis import GenerationMode

    @settings(max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def run(case: Any) -> None:
        response = case.call()
        statuses.add(response.status_code)
        check(case, response)

    run()


def check(case: Any, response: Any) -> None:
    """Assert that an answer is what the standard allows, in the format of its address."""
    from schemathesis.specs.openapi.checks import response_schema_conformance

    assert response.status_code in (200, 400, 403, 404), (case.as_curl_command(), response.text)
    format = "json" if case.path_parameters["response_format"] == "json" else "xml"
    assert response.headers["content-type"] == [MEDIA_TYPES[format]]
    if format == "xml":
        assert ElementTree.fromstring(response.content).tag in ROOTS
        return
    body = json.loads(response.content)
    if response.status_code == 200:
        case.validate_response(response, checks=(response_schema_conformance,))
    else:
        assert body
        assert all({"code", "description"} == set(error) for error in body)


def assert_seen(seen: dict[str, set[int]]) -> None:
    """Assert that the calls were worth something."""
    assert {200, 404} <= seen["GET /services"]
    assert {400, 403} <= seen["POST /requests"]
    assert 200 in seen["GET /requests"]
    assert 404 in seen["GET /tokens/{token_id}"]


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_generated_calls_find_nothing(app: SamenFlask, described: dict[str, Any]) -> None:
    assert_seen(call_everything(app, described, 10))


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_many_generated_calls_find_nothing(app: SamenFlask, described: dict[str, Any]) -> None:
    seen = call_everything(app, described, 400)
    assert_seen(seen)
    assert 200 in seen["POST /requests"]
