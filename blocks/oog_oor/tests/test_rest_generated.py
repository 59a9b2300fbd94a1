"""Generated calls of every REST operation of the block: no failure inside, and every answer is as the document says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from samen_core.api import LOGGED_IN, MODERATE, Platform, system
from samen_core.testing.callers import make_token
from samen_oog_oor.permissions import PERMISSIONS
from samen_oog_oor.testing import a_case, a_category, a_pattern, a_ready_text, a_rule, a_signal
from tests.rest.fuzz import call_everything

if TYPE_CHECKING:
    from samen_core.app import SamenFlask


@pytest.fixture
def token(platform: Platform, actor_as: Callable[..., Any]) -> str:
    """A token of a manager with every right of the block, in a city where something was reported."""
    with platform.unit_of_work(system("test")) as uow:
        case = a_case(uow, a_category(uow, "Lantaarn", code="lamp"))
        a_signal(uow, case)
        a_pattern(uow, case)
        a_rule(uow)
        a_ready_text(uow)
    actor = actor_as("manager")
    named = {right.name for right in (*PERMISSIONS, LOGGED_IN, MODERATE) if right.audience != "everyone" and right.somewhere(actor)}
    return make_token(platform, actor, *sorted(named))


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_every_operation_answers_as_the_document_says(app: SamenFlask, token: str) -> None:
    seen = call_everything(app, token, below="/oog-oor/")
    assert len(seen) > 80
    assert 200 in seen["GET /oog-oor/work/cases"]
    assert 404 in seen["GET /oog-oor/cases/{id}"]
    assert {201, 400} <= seen["POST /oog-oor/categories"]
    assert 400 in seen["POST /oog-oor/signals"]
    assert not [name for name, statuses in seen.items() if statuses <= {401, 403}]


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_categories_answer_as_the_document_says(app: SamenFlask, token: str) -> None:
    seen = call_everything(app, token, 2, below="/oog-oor/categories")
    assert {201, 400} <= seen["POST /oog-oor/categories"]
    assert {400, 404} <= seen["PUT /oog-oor/categories/{id}"]
