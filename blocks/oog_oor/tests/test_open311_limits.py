"""How often somebody may write over Open311: by key, and by address for who has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from samen_core.api import Platform
from samen_oog_oor.schemas.open311 import MakeKey
from samen_oog_oor.services.keys import make_key
from samen_oog_oor.web import open311

if TYPE_CHECKING:
    from flask.testing import FlaskClient

PATH = "/open311/v2/requests"
# What differs by database is tried in test_open311_writing.py.
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """Limits count; pages take five forms a minute."""
    return {"blocks": ["citycontent", "oog_oor"], "limits": {"enabled": True, "posts_per_minute": 5}}


def test_a_key_has_a_limit_of_its_own(platform: Platform, client: FlaskClient, actor_as: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open311, "MOST_A_MINUTE", 8)
    secrets = []
    for _number in range(2):
        with platform.unit_of_work(actor_as("resident")) as uow:
            secrets.append(make_key(uow, MakeKey(name="App")).secret)
    answers = [client.post(f"{PATH}.xml", data={"api_key": secrets[0]}) for _number in range(9)]
    assert [answer.status_code for answer in answers] == [400] * 8 + [429]
    assert "<code>429</code>" in answers[-1].text
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert client.post(f"{PATH}.json", data={"api_key": secrets[1]}).status_code == 400


def test_wrong_keys_count_by_address(platform: Platform, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open311, "MOST_WRONG", 6)
    statuses = [client.post(f"{PATH}.json", data={"api_key": "x"}).status_code for _number in range(7)]
    assert statuses == [403] * 6 + [429]


def test_reading_has_no_limit(client: FlaskClient) -> None:
    assert {client.get(f"{PATH}.json").status_code for _number in range(12)} == {200}
