"""The example block as its users meet it: pages, REST, slot, worker, search, privacy. It shows that the contract is enough."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from samen_example.models import Tally, Thanks
from samen_example.schemas import GiveThanks, HideThanks
from samen_example.services import give_thanks, hide_thanks
from sqlalchemy import select, update

from citycontent.api import Organization
from samen_core.actor import Actor, anonymous, system
from samen_core.blocks.discovery import installed_blocks
from samen_core.db.changes import verify
from samen_core.errors import Conflict, Invalid, NotAllowed, NotFound
from samen_core.events.signals import ACCOUNT_ERASED
from samen_core.logbook import latest_lines
from samen_core.platform import Platform
from samen_core.search import search
from samen_core.testing.platforms import Outbox
from tests.core.accounts.journeys import log_in, make_account, post
from tests.core.samples import count

if TYPE_CHECKING:
    from flask.testing import FlaskClient

As = Callable[..., Actor]
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def give(platform: Platform, actor: Actor, organization: Organization, text: str = "Dank voor de koffie") -> uuid.UUID:
    """A note, already committed."""
    with platform.unit_of_work(actor) as uow:
        return give_thanks(uow, GiveThanks(organization.id, text)).id


def test_a_note_is_given_counted_found_and_hidden(platform: Platform, outbox: Outbox, actor_as: As, organization: Organization) -> None:
    resident, moderator = actor_as("resident"), actor_as("moderator")
    id = give(platform, resident, organization, "Dank voor de koffie tijdens de verhuizing")
    outbox.drain()
    with platform.read(anonymous()) as uow:
        assert uow.session.execute(select(Tally.number)).scalars().all() == [1]
        assert [result.id for result in search(uow, "verhuizingen").results if result.type == "thanks"] == [id]
    with platform.unit_of_work(moderator) as uow:
        hide_thanks(uow, id, HideThanks("reclame", 1))
    outbox.drain()
    with platform.read(anonymous()) as uow:
        assert uow.session.execute(select(Tally.number)).scalars().all() == [0]
        assert [result.id for result in search(uow, "verhuizingen").results if result.type == "thanks"] == []
    with platform.read(system("test")) as uow:
        checked, problem = verify(uow.session)
    assert checked > 2
    assert problem is None


def test_the_rules_hold(platform: Platform, actor_as: As, organization: Organization) -> None:
    resident = actor_as("resident")
    id = give(platform, resident, organization)
    for actor, command, error in [
        (anonymous(), GiveThanks(organization.id, "x"), NotAllowed),
        (resident, GiveThanks(uuid.uuid4(), "x"), NotFound),
        (resident, GiveThanks(id, "x"), NotFound),
        (resident, GiveThanks(organization.id, "x" * 281), Invalid),
    ]:
        with pytest.raises(error), platform.unit_of_work(actor) as uow:
            give_thanks(uow, command)
    with pytest.raises(NotAllowed), platform.unit_of_work(resident) as uow:
        hide_thanks(uow, id, HideThanks("omdat", 1))
    with pytest.raises(Conflict), platform.unit_of_work(actor_as("moderator")) as uow:
        hide_thanks(uow, id, HideThanks("omdat", 7))
    assert count(platform, Thanks) == 1


def test_two_moderators_in_the_same_moment(platform: Platform, actor_as: As, organization: Organization) -> None:
    """The version is right when both read it; the database decides."""
    from sqlalchemy.orm.exc import StaleDataError

    id = give(platform, actor_as("resident"), organization)
    with pytest.raises(StaleDataError), platform.unit_of_work(actor_as("moderator")) as uow:
        note = uow.session.get_one(Thanks, id)
        uow.session.connection().execute(update(Thanks).where(Thanks.id == id).values(version=2))
        note.hidden = True
        uow.session.flush()


def test_an_erased_account_is_let_go(platform: Platform, actor_as: As, organization: Organization) -> None:
    resident = actor_as("resident")
    give(platform, resident, organization)
    with platform.unit_of_work(system("test")) as uow:
        uow.send(ACCOUNT_ERASED, account_id=resident.account_id)
    with platform.engine.connect() as connection:
        assert connection.execute(select(Thanks.account_id)).scalars().all() == [None]


@SQLITE
def test_the_logbook_speaks_the_language_of_the_reader(platform: Platform, actor_as: As, organization: Organization) -> None:
    give(platform, actor_as("resident"), organization)
    with platform.read(anonymous()) as uow:
        dutch = [line.sentence for line in latest_lines(uow, organization.id)[0]]
        with platform.translations.use("en"):
            english = [line.sentence for line in latest_lines(uow, organization.id)[0]]
    assert "Iemand bedankte deze organisatie." in dutch
    assert "Somebody thanked this organisation." in english


def test_a_visitor_reads_a_resident_thanks_and_a_moderator_hides(
    platform: Platform, client: FlaskClient, outbox: Outbox, organization: Organization, app: Any
) -> None:
    assert "Er zijn nog geen bedankjes" in client.get("/bedankjes").text
    asked = client.get(f"/bedankjes/nieuw?organisatie={organization.id}")
    assert asked.status_code == 303
    assert asked.headers["Location"].startswith("/inloggen?volgende=/bedankjes/nieuw")
    make_account(platform)
    log_in(client)
    page = client.get(f"/bedankjes/nieuw?organisatie={organization.id}")
    assert page.headers["Cache-Control"] == "private, no-store"
    data = {"organization_id": str(organization.id), "text": "Dank voor de koffie <b>"}
    too_long = post(client, "/bedankjes/nieuw", {**data, "text": "x" * 281}, page="/bedankjes/nieuw")
    assert too_long.status_code == 400
    assert "x" * 281 in too_long.text
    assert "Gebruik hoogstens 280 tekens." in too_long.text
    made = post(client, "/bedankjes/nieuw", data, page="/bedankjes/nieuw")
    assert made.status_code == 303
    assert "Uw bedankje staat erop." in client.get(made.headers["Location"]).text
    outbox.drain()
    visitor = app.test_client()
    assert "Dank voor de koffie &lt;b&gt;" in visitor.get("/bedankjes").text
    beside = visitor.get(f"/organisaties/{organization.slug}").text
    assert "1 keer bedankt" in beside
    assert "thanked 1 time" in visitor.get(f"/en/organisaties/{organization.slug}").text
    note = visitor.get(made.headers["Location"])
    assert note.status_code == 200
    assert "Verbergen" not in note.text
    assert visitor.post(made.headers["Location"], data={"reason": "x", "version": "1"}).status_code == 403


def test_the_block_over_rest(client: FlaskClient, platform: Platform, actor_as: As, organization: Organization) -> None:
    id = give(platform, actor_as("resident"), organization)
    listed = client.get("/api/v1/example/thanks")
    assert [item["id"] for item in listed.get_json()] == [str(id)]
    one = client.get(f"/api/v1/example/thanks/{id}")
    assert one.get_json()["text"] == "Dank voor de koffie"
    assert "account_id" not in one.get_json()
    refused = client.post("/api/v1/example/thanks", json={"organization_id": str(organization.id), "text": "x"})
    assert refused.status_code in (401, 403)
    assert refused.content_type == "application/problem+json"
    assert "/example/thanks" in str(client.get("/api/v1/openapi.json").get_json()["paths"])


@SQLITE
def test_the_permalink_leads_to_the_page_and_to_the_data(
    client: FlaskClient, platform: Platform, actor_as: As, organization: Organization
) -> None:
    id = give(platform, actor_as("resident"), organization)
    assert client.get(f"/id/thanks/{id}").headers["Location"] == f"/bedankjes/{id}"
    assert client.get(f"/id/thanks/{id}", headers={"Accept": "application/json"}).headers["Location"] == f"/api/v1/example/thanks/{id}"


@SQLITE
def test_the_catalogue_shows_the_block_with_its_documents(client: FlaskClient) -> None:
    assert "Bedankjes" in client.get("/bouwstenen").text
    page = client.get("/bouwstenen/example").text
    assert "Zo gaat het met bedankjes" in page
    assert "Wijs iemand aan die meeleest" in page
    assert "EUPL-1.2" in page
    assert client.get("/bouwstenen/absent").status_code == 404


@SQLITE
def test_its_static_file_is_served_under_its_hash(
    client: FlaskClient, platform: Platform, actor_as: As, organization: Organization
) -> None:
    import re

    id = give(platform, actor_as("resident"), organization)
    address = re.search(r'"(/static/example/thanks\.[0-9a-f]{12}\.css)"', client.get(f"/bedankjes/{id}").text)
    assert address
    assert client.get(address[1]).status_code == 200


@SQLITE
def test_the_manager_changes_its_settings_on_the_page(client: FlaskClient, platform: Platform) -> None:
    from samen_core.accounts.schemas import GrantRole
    from samen_core.accounts.services.grants import grant_role

    account = make_account(platform)
    with platform.unit_of_work(system("test")) as uow:
        grant_role(uow, GrantRole(account_id=account, role="manager", reason="test"))
    log_in(client)
    page = client.get("/beheer/instellingen").text
    assert "Hoe lang mag een bedankje zijn" in page
    values = {key.replace(".", "-"): str(platform.setting(key)) for key in platform.settings.declared}
    wrong = post(client, "/beheer/instellingen", {**values, "example-max_length": "5"}, page="/beheer/instellingen")
    assert wrong.status_code == 400
    assert platform.setting("example.max_length") == 280
    right = post(client, "/beheer/instellingen", {**values, "example-max_length": "500"}, page="/beheer/instellingen")
    assert right.status_code == 303, right.text
    assert platform.setting("example.max_length") == 500


def test_its_demonstration_stands_on_that_of_the_city(platform: Platform, organization: Organization) -> None:
    from samen_example.hooks import samen_seed

    with platform.unit_of_work(system("import")) as uow:
        samen_seed(uow)
    assert count(platform, Thanks) == 1


def test_its_documents_and_files_are_where_the_contract_says() -> None:
    block = installed_blocks()["example"]
    assert all(block.document(name) for name in ("proces.nl.md", "invoering.nl.md"))
    assert (block.templates / "example").is_dir()
    assert (block.static / "example").is_dir()
