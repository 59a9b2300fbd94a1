"""Who reported without account sees what is kept, takes it along and lets go of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from samen_core.api import having_words, system
from samen_core.events.worker import Worker
from samen_oog_oor import paths
from samen_oog_oor.models import Reporter, Signal
from samen_oog_oor.services.receipt_keys import receipt_key
from samen_oog_oor.testing import EMAIL, TEXT, a_case, a_signal

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from samen_core.api import Platform

SAME = {"Sec-Fetch-Site": "same-origin"}
# What differs by database is tried in test_retention.py.
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(("state", "text"), [("in_progress", TEXT), ("resolved", "")])
def test_what_is_kept_is_shown_and_goes(platform: Platform, client: FlaskClient, state: str, text: str) -> None:
    signal, other = a_signal(platform, a_case(platform, state=state)), a_signal(platform, email="ander@example.org")
    address = paths.receipt(receipt_key(platform, signal.id), "gegevens")
    Worker(platform).drain()
    page = client.get(address)
    assert page.status_code == 200
    assert EMAIL in page.text
    assert TEXT in page.text
    assert client.get(f"{address}.json").get_json()["contact"] == {"name": "Noor", "email": EMAIL}
    assert client.post(address, headers=SAME).status_code == 303
    with platform.read(system("test")) as uow:
        assert uow.session.get(Reporter, signal.id) is None
        assert uow.session.get_one(Signal, signal.id).text == text
        found = set(uow.session.scalars(having_words(uow, "bankje")))
        assert (signal.id in found, other.id in found) == (bool(text), True), "the search of the desk"
        assert uow.session.get(Reporter, other.id) is not None
    assert client.get(f"{address}.json").get_json()["contact"] == {}


def test_nobody_without_the_key_sees_it(client: FlaskClient) -> None:
    assert client.get(paths.receipt("0" * 40, "gegevens")).status_code == 404
