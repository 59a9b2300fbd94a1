"""A theme that a decision weighs stays, and who wants it away is told why and what can be done: on the page and over REST."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from samen_core.accounts.schemas import GrantRole
from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.accounts.services.grants import grant_role
from samen_core.api import Actor, system
from samen_core.app import SamenFlask
from samen_core.platform import Platform
from samen_core.testing.callers import Caller, make_token, problem_of
from samen_inbreng.api import AddTheme, add_theme
from samen_samenspreker.models import Question
from samen_samenspreker.schemas.decisions import WeighingItem, WriteDecision
from samen_samenspreker.services.decisions import write_decision
from samen_samenspreker.testing import a_table

PASSWORD = "vier paarse olifanten zingen"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
WHY, DRAFT, MERGE = "in een besluit staat er iets over", "Maak dan daarin leeg", "het andere thema wel bij dit thema voegen"


@pytest.fixture
def weighed(platform: Platform) -> tuple[Question, uuid.UUID, uuid.UUID]:
    """A question with a theme that its draft decision weighs, and another theme."""
    question = a_table(platform, step="decide")
    with platform.unit_of_work(system("test")) as uow:
        one, other = (add_theme(uow, question.id, AddTheme(title=title)).id for title in ("Te hard", "Te druk"))
        write_decision(uow, question.id, WriteDecision(text="Wij doen het.", weighings=(WeighingItem(theme_id=one, text="Drempels."),)))
    return question, one, other


def test_over_rest(platform: Platform, app: SamenFlask, weighed: Any, actor_as: Callable[..., Actor]) -> None:
    _question, one, other = weighed
    staff = Caller(app, make_token(platform, actor_as("facilitator"), "inbreng.answer"))
    refused = problem_of(staff("DELETE", f"/inbreng/themes/{one}", headers={"If-Match": '"1"'}), 400)
    assert WHY in str(refused)
    assert DRAFT in str(refused)
    refused = problem_of(staff("POST", f"/inbreng/themes/{one}/merge", json={"into_id": str(other), "version": 1}), 400)
    assert WHY in str(refused)
    assert MERGE in str(refused)
    assert staff("POST", f"/inbreng/themes/{other}/merge", json={"into_id": str(one), "version": 1}).status_code == 200


def log_in(app: SamenFlask, platform: Platform) -> FlaskClient:
    with platform.unit_of_work(system("test")) as uow:
        user = create_account(uow, CreateAccount("begeleider@samen.example", "Begeleider", PASSWORD))
        grant_role(uow, GrantRole(account_id=user.id, role="facilitator", scope=None, reason="test"))
    client = app.test_client()
    assert client.post("/inloggen", data={"email": user.email, "password": PASSWORD}, headers=SAME_SITE).status_code == 303
    return client


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_on_the_page(platform: Platform, weighed: Any, app: SamenFlask) -> None:
    question, one, other = weighed
    staff = log_in(app, platform)
    path = f"/inbreng/onderwerp/{question.id}/themas"
    token = re.findall(r'name="csrf_token" value="([^"]+)"', staff.get(path).text)[0]

    def post(part: str, **values: str) -> Any:
        return staff.post(f"{path}/{part}", data={"csrf_token": token, "version": "1", **values}, headers=SAME_SITE)

    answer = post(f"{one}/weghalen")
    assert answer.status_code == 400
    top = answer.text.partition('id="lijst"')[0]
    assert WHY in top
    assert DRAFT in top
    merge = post(f"{one}/samenvoegen", into_id=str(other))
    assert merge.status_code == 400
    assert MERGE in merge.text
    form = f"/samenspreker/{question.slug}/besluit/bewerken"
    field = f"theme_{one.hex}"
    assert f'name="{field}"' in staff.get(form).text, "also of a theme without contributions what was written can be made empty"
    with platform.unit_of_work(system("test")) as uow:
        draft = write_decision(
            uow, question.id, WriteDecision(text="Wij doen het.", version=1, weighings=(WeighingItem(theme_id=one, text=""),))
        )
        assert draft.state == "draft"
    assert post(f"{one}/weghalen").status_code == 303
