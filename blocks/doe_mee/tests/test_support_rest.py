"""Support, news and who carries an idea, over REST."""

from __future__ import annotations

import re
from typing import Any

import pytest

from samen_core.actor import anonymous, system
from samen_core.api import Platform, change_settings
from samen_core.testing.platforms import Outbox
from samen_doe_mee.models import Idea
from samen_doe_mee.rest.common import API
from samen_doe_mee.settings import OPEN_SUPPORT
from samen_doe_mee.testing_support import an_idea

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def test_support_without_account_is_confirmed_by_mail(platform: Platform, client: Any, outbox: Outbox) -> None:
    idea = an_idea(platform)
    path = f"{API}/ideas/{idea.id}/support"
    assert client.post(path, json={}).status_code == 400
    assert client.post(path, json={"email": "noor@example.org"}).json == {"state": "mailed", "supports": 0, "open_supports": 0}
    key = re.search(r"/doe-mee/bevestigen/(\w+)", outbox.mails()[-1].text)
    assert key
    voice = f"{API}/voices/{key[1]}"
    assert client.post(f"{voice}/confirmation").json == {"state": "counted", "supports": 0, "open_supports": 1}
    assert client.post(f"{voice}/confirmation").json["state"] == "again"
    assert client.delete(voice).status_code == 204
    assert client.delete(voice).status_code == 410
    with platform.read(anonymous()) as uow:
        assert uow.session.get_one(Idea, idea.id).all_supports == 0
    with platform.unit_of_work(system("test")) as uow:
        change_settings(uow, {OPEN_SUPPORT: False})
    assert client.post(path, json={"email": "noor@example.org"}).status_code in (401, 403)


def test_what_carriers_do_takes_an_account(platform: Platform, client: Any) -> None:
    idea = an_idea(platform)
    assert client.get(f"{API}/ideas/{idea.id}/news").json == {"items": []}
    assert client.get(f"{API}/ideas/{idea.id}/co-initiators").json == {"items": []}
    for path, body in (
        ("news", {"text": "Ik."}),
        ("co-initiators", {"email": "a@example.org"}),
        ("question", {"question": "Hoe?", "text": "Daarom niet.", "version": 1}),
        ("project", {"name": "Nieuw", "text": "Daarom niet.", "version": 1}),
    ):
        assert client.post(f"{API}/ideas/{idea.id}/{path}", json=body).status_code in (401, 403), path
