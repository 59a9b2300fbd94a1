"""The lasting address of a thing gives its page, its data and its linked data."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from samen_core.seed import seed_demo
from samen_core.subjects import Subject

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
SCHEMA_TYPES = {"organization", "person", "project", "event", "area", "theme"}


@pytest.fixture
def things(platform):
    """One public thing of every type, by type."""
    seed_demo(platform)
    with platform.engine.connect() as connection:
        rows = connection.execute(select(Subject.type, Subject.id).where(Subject.public, Subject.state == "active")).all()
    return dict(rows)


def test_json_is_the_rest_resource(things, client):
    for kind in things.keys() - {"address"}:
        answer = client.get(f"/id/{kind}/{things[kind]}.json", follow_redirects=True)
        assert (answer.status_code, answer.mimetype) == (200, "application/json"), kind
        assert answer.json["id"] == str(things[kind])
        by_accept = client.get(f"/id/{kind}/{things[kind]}", headers={"Accept": "application/json"})
        assert by_accept.status_code == 303
        assert "/api/v1/" in by_accept.headers["Location"]


def test_linked_data_names_the_thing_by_its_lasting_address(things, client):
    assert things.keys() >= SCHEMA_TYPES
    for kind in SCHEMA_TYPES:
        path = f"/id/{kind}/{things[kind]}"
        for answer in (client.get(path + ".jsonld"), client.get(path, headers={"Accept": "application/ld+json"})):
            assert (answer.status_code, answer.mimetype) == (200, "application/ld+json"), kind
            document = json.loads(answer.data)
            assert document["@context"] == "https://schema.org"
            assert document["@id"].endswith(path)


def test_a_browser_gets_the_page(things, client):
    for kind in SCHEMA_TYPES:
        answer = client.get(f"/id/{kind}/{things[kind]}", headers={"Accept": "text/html"}, follow_redirects=True)
        assert (answer.status_code, answer.mimetype) == (200, "text/html"), kind


def test_an_address_that_is_not_public_is_not_there(things, client):
    other = {"organization": "person", "person": "organization"}
    for kind, wrong in other.items():
        assert client.get(f"/id/{wrong}/{things[kind]}").status_code == 404
