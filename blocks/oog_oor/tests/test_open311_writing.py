"""GeoReport v2, writing: keys, requests, tokens and messages."""

from __future__ import annotations

import io
import json
import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from citycontent.api import CreateOrganization, create_organization
from samen_core.accounts.models import User
from samen_core.api import Actor, Conflict, Invalid, NotAllowed, NotFound, Platform, system, unseal
from samen_oog_oor.models import ApiKey, Case, Forward, Reporter, Signal, Update
from samen_oog_oor.schemas.open311 import MakeKey
from samen_oog_oor.services.confirming import confirm_signal
from samen_oog_oor.services.keys import MOST_KEYS, all_keys, find_key, let_update, make_key, own_keys, revoke_key
from samen_oog_oor.services.receipt_keys import receipt_key
from samen_oog_oor.testing import LAT, LON, a_case, a_category

if TYPE_CHECKING:
    from flask.testing import FlaskClient

BASE = "/open311/v2"
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
"""For what no database makes different."""
FORM = {
    "questions": [
        {
            "name": "kleur",
            "kind": "several_choices",
            "label": "Welke kleur?",
            "required": True,
            "options": [{"value": "r", "label": "Rood"}, {"value": "b", "label": "Blauw"}],
        },
        {"name": "nummer", "kind": "number", "label": "Welk nummer?", "required": False},
    ]
}


@pytest.fixture
def secret(platform: Platform, actor_as: Any) -> str:
    """A key of a resident."""
    return key_of(platform, actor_as("resident"))


def key_of(platform: Platform, actor: Actor, *, may_update: bool = False) -> str:
    """A new key of this account."""
    with platform.unit_of_work(actor) as uow:
        made = make_key(uow, MakeKey(name="Mijn app"))
    if may_update:
        with platform.unit_of_work(system("test")) as uow:
            let_update(uow, made.id, True)
    return made.secret


def post(client: FlaskClient, path: str = "requests.json", expected: int = 200, /, **fields: Any) -> Any:
    """The JSON that a form gets; ``attribute`` fields as ``attribute_kleur``."""
    data = {re.sub(r"^attribute_(\w+)$", r"attribute[\1]", name): value for name, value in fields.items()}
    response = client.post(f"{BASE}/{path}", data=data)
    assert response.status_code == expected, response.text
    assert response.content_type == "application/json; charset=utf-8"
    return json.loads(response.data)


def number_of(platform: Platform, model: type[Any]) -> int:
    """How many rows there are."""
    with platform.read(system("test")) as uow:
        return uow.session.execute(select(func.count()).select_from(model)).scalar_one()


def the(platform: Platform, model: type[Any]) -> Any:
    """The one row of a table."""
    with platform.read(system("test")) as uow:
        return uow.session.execute(select(model)).scalar_one()


# ---------------------------------------------------------------- keys


def test_a_key_is_shown_once_and_only_its_hash_is_kept(platform: Platform, actor_as: Any) -> None:
    actor = actor_as("resident")
    secret = key_of(platform, actor)
    kept = the(platform, ApiKey)
    assert (kept.name, kept.start, kept.used_at, kept.may_update) == ("Mijn app", secret[:10], None, False)
    assert secret not in str(vars(kept))
    with platform.read(actor) as uow:
        found = find_key(uow, secret)
        assert found is not None
        assert found.owner.account_id == actor.account_id
        assert find_key(uow, secret + "x") is None
        assert find_key(uow, "") is None


def test_keys_have_a_limit_and_are_for_who_is_logged_in(platform: Platform, actor_as: Any) -> None:
    actor = actor_as("resident")
    for _number in range(MOST_KEYS):
        key_of(platform, actor)
    with pytest.raises(Invalid):
        key_of(platform, actor)
    with platform.unit_of_work(actor) as uow:
        revoke_key(uow, own_keys(uow)[0].id)
    key_of(platform, actor)
    with platform.read(actor) as uow, pytest.raises(NotAllowed):
        all_keys(uow)


def test_a_revoked_key_and_one_of_a_blocked_account_do_not_work(platform: Platform, actor_as: Any, client: FlaskClient) -> None:
    actor, other = actor_as("resident"), actor_as("manager")
    secret = key_of(platform, actor)
    with platform.unit_of_work(other) as uow:
        (line,) = all_keys(uow)
        revoke_key(uow, line.key.id)
    post(client, "requests.json", 403, api_key=secret, service_code="lamp")
    blocked = key_of(platform, actor_as("resident"))
    with platform.unit_of_work(system("test")) as uow:
        account_id = uow.session.execute(select(ApiKey.account_id).where(ApiKey.revoked_at.is_(None))).scalar_one()
        uow.session.get_one(User, account_id).active = False
    post(client, "requests.json", 403, api_key=blocked, service_code="lamp")
    with platform.unit_of_work(actor) as uow:
        with pytest.raises(NotFound):
            revoke_key(uow, line.key.id)
        with pytest.raises(Conflict), uow.acting(system("test")):
            let_update(uow, line.key.id, True)


def test_nobody_ends_the_key_of_another(platform: Platform, actor_as: Any) -> None:
    key_of(platform, actor_as("resident"))
    kept = the(platform, ApiKey)
    with platform.unit_of_work(actor_as("facilitator")) as uow, pytest.raises(NotFound):
        revoke_key(uow, kept.id)


# ---------------------------------------------------------------- requests


def test_a_request_becomes_a_signal_on_a_case(platform: Platform, client: FlaskClient, secret: str, outbox: Any) -> None:
    a_category(platform, "Lantaarn", code="lamp", form=FORM, promise="Binnen vijf dagen.")
    response = client.post(
        f"{BASE}/requests.json",
        content_type="application/x-www-form-urlencoded; charset=utf-8",
        data=(
            f"api_key={secret}&service_code=lamp&lat={LAT}&long={LON}&description=Hij+brandt+niet%0D%0AEcht&first_name=Noor&last_name=de+Wit"
            "&email=noor%40example.org&phone=079-1234567&attribute%5Bkleur%5D%5B%5D=r&attribute%5Bkleur%5D%5B%5D=b&attribute%5Bnummer%5D=12"
            "&media_url=https%3A%2F%2Ffoto.example%2F1.jpg&device_id=abc&account_id=x"
        ),
    )
    assert response.status_code == 200, response.text
    case, signal, reporter = the(platform, Case), the(platform, Signal), the(platform, Reporter)
    assert json.loads(response.data) == [{"service_request_id": case.number, "service_notice": "Binnen vijf dagen.", "account_id": None}]
    assert (signal.channel, signal.text) == ("open311", "Hij brandt niet\r\nEcht\n\nhttps://foto.example/1.jpg")
    assert signal.answers == {"kleur": ["r", "b"], "nummer": 12}
    assert (case.lat, case.lon, case.public_text, signal.account_id) == (LAT, LON, "", None)
    assert unseal(platform.config.secret_key, "oog_oor.contact", reporter.name) == "Noor de Wit"
    assert the(platform, ApiKey).used_at is not None
    shown = json.loads(client.get(f"{BASE}/requests/{case.number}.json?extensions=true").data)
    assert "Noor" not in json.dumps(shown)
    assert "brandt" not in json.dumps(shown)


@SQLITE
def test_answers_are_given_in_every_way_that_clients_know(platform: Platform, client: FlaskClient, secret: str) -> None:
    a_category(platform, "Lantaarn", code="lamp", form=FORM)
    ways: list[Any] = [
        {"attribute[kleur]": ["r", "b"]},
        {"attribute[kleur][]": ["r", "b"]},
        {"attribute[kleur][0]": "r", "attribute[kleur][1]": "b"},
    ]
    for way in ways:
        response = client.post(f"{BASE}/requests.json?api_key={secret}", data={"service_code": "lamp", "lat": LAT, "long": LON, **way})
        assert response.status_code == 200, response.text
    with platform.read(system("test")) as uow:
        assert [row.answers for row in uow.session.execute(select(Signal)).scalars()] == [{"kleur": ["r", "b"]}] * 3


@SQLITE
def test_a_request_can_be_xml_and_multipart_with_a_picture(platform: Platform, client: FlaskClient, secret: str) -> None:
    from PIL import Image

    a_category(platform, "Lantaarn", code="lamp")
    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(picture, "PNG")
    fields = {"api_key": secret, "service_code": "lamp", "lat": str(LAT), "long": str(LON)}
    response = client.post(f"{BASE}/requests.xml", data={**fields, "media": (io.BytesIO(picture.getvalue()), "foto.png")})
    assert response.status_code == 200, response.text
    assert response.content_type == "text/xml; charset=utf-8"
    assert f"<service_request_id>{the(platform, Case).number}</service_request_id>" in response.text
    assert "token" not in response.text
    refused = client.post(f"{BASE}/requests.xml", data={**fields, "media": (io.BytesIO(b"geen foto"), "foto.png")})
    assert refused.status_code == 400
    assert "media" in refused.text
    assert number_of(platform, Signal) == 1


@SQLITE
@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"api_key": ""}, 403, "api_key"),
        ({"api_key": "oog_fout"}, 403, "api_key"),
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "onbekend"}, 404, "onbekend"),
        ({"service_code": "geheim"}, 404, "geheim"),
        ({"service_code": "brand"}, 404, "brand"),
        ({"jurisdiction_id": "elders.nl"}, 404, "elders.nl"),
        ({"lat": "", "long": ""}, 400, "lat"),
        ({"long": ""}, 400, "long"),
        ({"lat": "noord"}, 400, "lat"),
        ({"lat": "95"}, 400, "lat"),
        ({"attribute_kleur": ""}, 400, "attribute[kleur]"),
        ({"attribute_kleur": "paars"}, 400, "attribute[kleur]"),
        ({"attribute_nummer": "veel"}, 400, "attribute[nummer]"),
        ({"attribute_onbekend": "x"}, 400, "attribute[onbekend]"),
        ({"description": "x" * 4001}, 400, "description"),
        ({"email": "geen"}, 400, "email"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"description": "a\x00b"}, 400, "description"),
    ],
)
def test_what_is_wrong_is_said_and_keeps_nothing(
    platform: Platform, client: FlaskClient, secret: str, fields: dict[str, str], status: int, said: str
) -> None:
    a_category(platform, "Lantaarn", code="lamp", form=FORM)
    a_category(platform, "Geheim", code="geheim", confidential=True)
    a_category(platform, "Brand", code="brand", stop="emergency")
    right = {"api_key": secret, "service_code": "lamp", "lat": str(LAT), "long": str(LON), "attribute_kleur": "r"}
    errors = post(client, "requests.json", status, **{**right, **fields})
    assert {error["code"] for error in errors} == {status}
    assert any(said in error["description"] for error in errors), errors
    assert number_of(platform, Signal) == number_of(platform, Case) == 0


@SQLITE
def test_all_that_is_wrong_is_said_at_once(platform: Platform, client: FlaskClient, secret: str) -> None:
    a_category(platform, "Lantaarn", code="lamp")
    errors = post(client, "requests.json", 400, api_key=secret, service_code="lamp", lat="1", email="x", description="y" * 5000)
    assert len(errors) == 3


def test_what_is_sent_again_counts_once(platform: Platform, client: FlaskClient, secret: str, actor_as: Any) -> None:
    a_category(platform, "Lantaarn", code="lamp")
    fields = {"service_code": "lamp", "lat": str(LAT), "long": str(LON), "description": "Donker."}
    answers = [
        client.post(f"{BASE}/requests.json", data={**fields, "api_key": key}, headers={"Idempotency-Key": once})
        for key, once in ((secret, "een"), (secret, "een"), (secret, "x" * 300), (secret, "x" * 300))
    ]
    found = [json.loads(answer.data)[0]["service_request_id"] for answer in answers]
    assert found[0] == found[1] != found[2] == found[3]
    other = key_of(platform, actor_as("resident"))
    client.post(f"{BASE}/requests.json", data={**fields, "api_key": other}, headers={"Idempotency-Key": "een"})
    assert number_of(platform, Signal) == 3
    changed = client.post(
        f"{BASE}/requests.json", data={**fields, "description": "Iets anders.", "api_key": secret}, headers={"Idempotency-Key": "een"}
    )
    assert changed.status_code == 400


def test_a_link_takes_no_room_of_the_description(platform: Platform, client: FlaskClient, secret: str) -> None:
    a_category(platform, "Lantaarn", code="lamp")
    text, link = "x" * 4_000, "https://foto.example/1.jpg"
    fields = {"api_key": secret, "service_code": "lamp", "lat": str(LAT), "long": str(LON)}
    post(client, description=text, media_url=link, **fields)
    assert the(platform, Signal).text == f"{text}\n\n{link}"
    assert "media_url" in post(client, "requests.json", 400, media_url=f"https://foto.example/{'x' * 500}", **fields)[0]["description"]


def test_a_batch_category_gives_a_token_that_works_once_it_is_confirmed(platform: Platform, client: FlaskClient, secret: str) -> None:
    a_category(platform, "Lantaarn", code="lamp", confirm_by_mail=True)
    fields = {"api_key": secret, "service_code": "lamp", "lat": str(LAT), "long": str(LON)}
    assert "email" in post(client, "requests.json", 400, **fields)[0]["description"]
    (found,) = post(client, email="noor@example.org", **fields)
    assert set(found) == {"token", "service_notice", "account_id"}
    token = found["token"]
    assert client.get(f"{BASE}/tokens/{token}.json").status_code == 404
    signal = the(platform, Signal)
    with platform.unit_of_work(system("test")) as uow:
        confirm_signal(uow, receipt_key(platform, signal.id))
    answer = client.get(f"{BASE}/tokens/{token}.json")
    assert json.loads(answer.data) == [{"service_request_id": the(platform, Case).number, "token": token}]
    assert f"<token>{token}</token>" in client.get(f"{BASE}/tokens/{token}.xml").text
    for wrong in (token[:-1] + ("0" if token[-1] != "0" else "1"), uuid.uuid4().hex, "x"):
        assert client.get(f"{BASE}/tokens/{wrong}.xml").status_code == 404


# ---------------------------------------------------------------- messages


def handler(platform: Platform, actor_as: Any) -> tuple[str, Case]:
    """A key that may send messages, of an account that handles the case of its organisation; and that case."""
    with platform.unit_of_work(system("test")) as uow:
        team = create_organization(uow, CreateOrganization(name="Aannemer Licht", sector="business"))
    case = a_case(platform, a_category(platform, "Lantaarn"), number="2026-1", organization_id=team.id)
    actor = actor_as("facilitator", team.id)
    return key_of(platform, actor, may_update=True), case


MESSAGE = {
    "service_request_id": "2026-1",
    "update_id": "7",
    "updated_datetime": "2026-05-01T12:00:00Z",
    "status": "OPEN",
    "description": "Onderweg.",
}


FIXED = "De lamp is vervangen.\n\nhttps://foto.example/na.jpg"


def test_a_message_is_told_once_and_may_close_the_case(platform: Platform, client: FlaskClient, actor_as: Any) -> None:
    secret, _case = handler(platform, actor_as)
    assert post(client, "servicerequestupdates.json", api_key=secret, **MESSAGE) == [{"update_id": "7"}]
    assert "update_id" in post(client, "servicerequestupdates.json", 400, api_key=secret, **MESSAGE)[0]["description"]
    post(
        client,
        "servicerequestupdates.json",
        api_key=secret,
        **{
            **MESSAGE,
            "update_id": "8",
            "status": "fixed",
            "description": "De lamp is vervangen.",
            "media_url": "https://foto.example/na.jpg",
        },
    )
    found = the(platform, Case)
    assert (found.state, found.resolution, found.answer) == ("resolved", "repaired", FIXED)
    with platform.read(system("test")) as uow:
        told = uow.session.execute(select(Update).order_by(Update.id)).scalars().all()
    assert [(item.text, item.source_id, item.public) for item in told] == [("Onderweg.", "7", True), (FIXED, "8", True)]
    assert {item.source for item in told} == {f"Mijn app ({secret[:10]})"}
    # Late news never undoes what was decided.
    post(client, "servicerequestupdates.json", api_key=secret, **{**MESSAGE, "update_id": "9", "status": "NO_FURTHER_ACTION"})
    assert the(platform, Case).state == "resolved"


def test_messages_take_a_key_that_may_and_rights_on_the_case(platform: Platform, client: FlaskClient, actor_as: Any, secret: str) -> None:
    allowed, _case = handler(platform, actor_as)
    a_case(platform, a_category(platform, "Kuil"), number="2026-2")
    path = "servicerequestupdates.json"
    post(client, path, 403, **MESSAGE)
    post(client, path, 403, api_key=secret, **MESSAGE)
    post(client, path, 403, api_key=allowed, **{**MESSAGE, "service_request_id": "2026-2"})
    post(client, path, 404, api_key=allowed, **{**MESSAGE, "service_request_id": "2026-9"})
    assert len(post(client, path, 400, api_key=allowed)) == 5
    assert (
        len(post(client, path, 400, api_key=allowed, **{**MESSAGE, "status": "KLAAR", "updated_datetime": "gisteren", "media_url": "x"}))
        == 3
    )
    assert number_of(platform, Update) == 0


def test_what_another_server_sent_on_goes_no_further(platform: Platform, client: FlaskClient, secret: str) -> None:
    from samen_oog_oor.models import ForwardedCategory, Server
    from samen_oog_oor.testing import an_organization

    category, organization = a_category(platform, "Lantaarn", code="lamp"), an_organization(platform)
    with platform.unit_of_work(system("test")) as uow:
        server = Server(id=uuid.uuid4(), name="Ander", base_url="https://ander.example/v2", organization_id=organization.id)
        uow.session.add(server)
        uow.session.flush()
        uow.session.add(ForwardedCategory(category_id=category.id, server_id=server.id, service_code="x"))
    client.post(
        f"{BASE}/requests.json",
        data={"api_key": secret, "service_code": "lamp", "lat": str(LAT), "long": str(LON)},
        headers={"Idempotency-Key": "samen-forward-1"},
    )
    assert the(platform, Forward).state == "kept"
