"""Generated calls of every operation: no failure inside, and every answer is as the document says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from samen_core.actor import Actor
from samen_core.app import SamenFlask
from tests.rest.fuzz import call_everything


@pytest.mark.timeout(240)
def test_every_operation_answers_as_the_document_says(
    app: SamenFlask, titles: list[str], actor_as: Callable[..., Actor], token_of: Callable[..., str]
) -> None:
    seen = call_everything(app, token_of(actor_as("manager"), "notes.write"), skip=("/notes/breakdowns",))
    assert {200, 400} <= seen["GET /notes/notes"]
    assert {201, 400} <= seen["POST /notes/notes"]
    assert {200, 400} <= seen["POST /core/_zoek"]
    assert 404 in seen["GET /notes/notes/{id}"]
    assert 200 in seen["GET /core/blocks"]
