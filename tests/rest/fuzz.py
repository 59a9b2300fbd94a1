"""Generated calls (schemathesis) of every operation of a live document: bounded, and the same at every run."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import nullcontext, suppress
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from samen_core.app import SamenFlask

DOCUMENT = "/api/v1/openapi.json"
# Whether a token is needed is tested by name; a cursor is more than the text that its schema says.
EXCLUDED = [ignored_auth, positive_data_acceptance]


def call_everything(
    app: SamenFlask, token: str, examples: int = 12, skip: Collection[str] = (), document: str = DOCUMENT, below: str = ""
) -> dict[str, set[int]]:
    """Call every operation (``below`` a path) with good and with spoilt input; the statuses that each gave (``GET /notes``).

    Raises an exception group of schemathesis with everything that is not as the document says.
    """
    schema: Any = schemathesis.openapi.from_wsgi(document, app)
    seen: dict[str, set[int]] = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path in skip or not operation.path.startswith(below):
            continue
        takes_input = bool(operation.body or operation.query or operation.path_parameters or operation.headers)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE) if takes_input else (GenerationMode.POSITIVE,):
            statuses = seen.setdefault(f"{operation.method.upper()} {operation.path}", set())
            # A path parameter that may be any text cannot be spoilt.
            with suppress(Unsatisfiable) if mode == GenerationMode.NEGATIVE else nullcontext():
                _call(operation.as_strategy(generation_mode=mode), {"Authorization": f"Bearer {token}"}, examples, statuses)
    return seen


def _call(strategy: Any, headers: dict[str, str], examples: int, statuses: set[int]) -> None:
    @settings(max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=strategy)
    def run(case: Case) -> None:
        response = case.call(headers=headers)
        statuses.add(response.status_code)
        case.validate_response(response, excluded_checks=EXCLUDED, headers=headers)

    run()
