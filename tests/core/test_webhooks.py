"""Webhooks: what is told to whom, signed, again until it arrives, and never to an address inside."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import socket
import threading
import uuid
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest
from samen_gereedschap.events import ProjectOpened
from sqlalchemy import select, update

from samen_core.actor import Actor, system
from samen_core.db.base import uuid7
from samen_core.errors import Conflict, Invalid, NotAllowed
from samen_core.events.outbox import OutboxDelivery
from samen_core.events.worker import FIRST_DELAY, MAX_ATTEMPTS, Worker
from samen_core.platform import Platform
from samen_core.subjects import Subject, SubjectRef
from samen_core.testing.callers import Caller, make_token, problem_of
from samen_core.testing.platforms import Clock
from samen_core.testing.visitors import send_form, text_of
from samen_core.webhooks import addresses, posting
from samen_core.webhooks.addresses import AddressForbidden, AddressUnknown, find_address, is_forbidden, parse_address
from samen_core.webhooks.models import Webhook
from samen_core.webhooks.sending import MOST_DEAD
from samen_core.webhooks.services import (
    SaveWebhook,
    create_webhook,
    delete_webhook,
    deliveries,
    get_webhook,
    list_webhooks,
    renew_secret,
    set_active,
    try_webhook,
    update_webhook,
)
from tests.core.samples import add_tool, log_rows

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from samen_core.app import SamenFlask

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
TYPE = ProjectOpened.type
PAGE = "/beheer/webhooks"
LOOPBACK = ["127.0.0.0/8"]


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """The example block, and webhooks that may go to this machine."""
    return {"blocks": ["citycontent", "gereedschap"], "web": {"webhook_networks": tuple(LOOPBACK)}}


class Receiver:
    """A web server that keeps what it gets and answers with ``status``."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_arguments: Any) -> None:
                """Nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hier?sleutel=geheim"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What it was told."""
        return [json.loads(body) for _path, _headers, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A program elsewhere that listens."""
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def subscribe(platform: Platform, url: str, **values: Any) -> tuple[uuid.UUID, str]:
    """A webhook in use: its id and secret."""
    with platform.unit_of_work(system("test")) as uow:
        made = create_webhook(uow, SaveWebhook(name="Zoekmachine", url=url, **values))
        uow.session.flush()
        return made.hook.id, made.secret


def tell(platform: Platform, **options: Any) -> uuid.UUID:
    """Publish an event about a tool; the tool."""
    with platform.unit_of_work(system("test")) as uow:
        tool = add_tool(uow, **options)
        uow.publish(ProjectOpened(project_id=uuid.uuid4(), about=(SubjectRef("tool", tool.id),)))
        return tool.id


def hook_of(platform: Platform, id: uuid.UUID) -> Webhook:
    """The webhook as it is now."""
    with platform.read(system("test")) as uow:
        return get_webhook(uow, id)


def work_until_given_up(platform: Platform, clock: Clock) -> None:
    """Let every delivery be tried as often as it ever will."""
    worker = Worker(platform)
    for attempt in range(MAX_ATTEMPTS):
        worker.drain()
        clock.forward(seconds=(FIRST_DELAY * 2**attempt).total_seconds() + 1)


def test_an_event_is_told_once_signed_and_without_what_it_carries(platform: Platform, receiver: Receiver) -> None:
    id, secret = subscribe(platform, receiver.url, event_types=(TYPE,))
    tool = tell(platform)
    Worker(platform).drain()
    Worker(platform).drain()
    ((path, headers, body),) = receiver.got
    assert path == "/hier?sleutel=geheim"
    assert headers["host"] == receiver.url.split("/")[2]
    told = json.loads(body)
    assert headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert set(told) == {"specversion", "id", "source", "type", "time", "datacontenttype", "version", "timestamp", "data"}
    assert (told["specversion"], told["source"], told["time"]) == ("1.0", platform.config.web.base_url.rstrip("/"), told["timestamp"])
    assert told["type"] == TYPE
    url = f"{platform.config.web.base_url}/id/tool/{tool}"
    assert told["data"] == {"about": [{"type": "tool", "id": str(tool), "url": url, "state": "active"}]}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = b64encode(hmac.new(b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    with platform.read(system("test")) as uow:
        (delivery,) = deliveries(uow, id)
    assert (str(delivery.id), delivery.state) == (headers["webhook-id"], "done")
    hook = hook_of(platform, id)
    assert (hook.last_status, hook.last_error, hook.dead) == (200, "", 0)
    assert hook.last_ok_at is not None


@SQLITE
def test_only_what_was_asked_for_and_everybody_may_know_is_told(platform: Platform, receiver: Receiver) -> None:
    with platform.unit_of_work(system("test")) as uow:
        tool = add_tool(uow).id
    subscribe(platform, receiver.url, subject_id=tool)
    tell(platform)
    with platform.unit_of_work(system("test")) as uow:
        hidden = add_tool(uow, public=False).id
        for about in ((SubjectRef("tool", hidden), SubjectRef("tool", tool)), (), (SubjectRef("tool", tool), SubjectRef("tool", hidden))):
            uow.publish(ProjectOpened(project_id=uuid.uuid4(), about=about))
    Worker(platform).drain()
    (told,) = receiver.bodies
    assert [thing["id"] for thing in told["data"]["about"]] == [str(tool)]
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(Subject).where(Subject.id == tool).values(public=False, state="deleted"))
        uow.publish(ProjectOpened(project_id=uuid.uuid4(), about=(SubjectRef("tool", tool),)))
    Worker(platform).drain()
    assert receiver.bodies[-1]["data"]["about"][0]["state"] == "deleted"


@SQLITE
def test_a_webhook_for_other_events_or_on_pause_costs_no_delivery(platform: Platform, receiver: Receiver) -> None:
    paused, _secret = subscribe(platform, receiver.url)
    subscribe(platform, receiver.url, event_types=("citycontent.event.created",))
    with platform.unit_of_work(system("test")) as uow:
        set_active(uow, paused, 1, active=False)
    tell(platform)
    with platform.engine.connect() as connection:
        assert connection.execute(select(OutboxDelivery.id).where(OutboxDelivery.handler.startswith("core.webhook."))).all() == []


def test_what_fails_is_tried_again_and_what_was_on_pause_still_goes(platform: Platform, receiver: Receiver, clock: Clock) -> None:
    id, _secret = subscribe(platform, receiver.url)
    receiver.status = 500
    tell(platform)
    Worker(platform).drain()
    assert (hook_of(platform, id).last_status, hook_of(platform, id).last_error) == (500, "WebhookRefused")
    with platform.unit_of_work(system("test")) as uow:
        set_active(uow, id, 1, active=False)
    clock.forward(minutes=1)
    receiver.status = 204
    Worker(platform).drain()
    assert len(receiver.got) == 1
    with platform.unit_of_work(system("test")) as uow:
        set_active(uow, id, 2, active=True)
    Worker(platform).drain()
    first, second = (headers["webhook-id"] for _path, headers, _body in receiver.got)
    assert first == second


@SQLITE
def test_who_never_answers_is_told_no_more(platform: Platform, receiver: Receiver, clock: Clock) -> None:
    id, _secret = subscribe(platform, receiver.url)
    receiver.status = 503
    for _number in range(MOST_DEAD - 1):
        tell(platform)
    work_until_given_up(platform, clock)
    assert (hook_of(platform, id).state, hook_of(platform, id).dead) == ("active", MOST_DEAD - 1)
    tell(platform)
    work_until_given_up(platform, clock)
    assert hook_of(platform, id).state == "disabled"
    assert log_rows(platform)[-1].action == "core.webhook.disabled"
    before = len(receiver.got)
    tell(platform)
    Worker(platform).drain()
    assert len(receiver.got) == before


@SQLITE
def test_an_address_that_says_it_is_gone_is_believed(platform: Platform, receiver: Receiver) -> None:
    id, _secret = subscribe(platform, receiver.url)
    receiver.status = 410
    tell(platform)
    Worker(platform).drain()
    assert hook_of(platform, id).state == "disabled"


@SQLITE
def test_a_redirect_is_not_followed(platform: Platform, receiver: Receiver) -> None:
    id, _secret = subscribe(platform, receiver.url)
    receiver.status, receiver.headers = 307, {"Location": receiver.url + "&elders=ja"}
    tell(platform)
    Worker(platform).drain()
    assert len(receiver.got) == 1
    assert (hook_of(platform, id).last_status, hook_of(platform, id).last_error) == (307, "WebhookRefused")


@SQLITE
def test_secrets_and_addresses_stay_out_of_database_and_logs(
    platform: Platform, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    id, secret = subscribe(platform, receiver.url)
    tell(platform)
    receiver.status = 500
    Worker(platform).drain()
    with platform.unit_of_work(system("test")) as uow:
        renewed = renew_secret(uow, id, 1).secret
    assert renewed != secret
    assert secret not in hook_of(platform, id).secret
    written = capsys.readouterr().err + " ".join(str(tuple(row)) for row in log_rows(platform))
    assert "webhook_failed" in written
    for hidden in (secret, renewed, "sleutel=geheim"):
        assert hidden not in written
    receiver.status = 200
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(Webhook).values(secret="x"))
    tell(platform)
    Worker(platform).drain()
    assert hook_of(platform, id).last_error == "SecretLost"


@SQLITE
def test_the_rules_of_managing(platform: Platform, receiver: Receiver, actor_as: Callable[..., Actor]) -> None:
    resident = actor_as("resident")
    id, _secret = subscribe(platform, receiver.url)
    for act in (
        lambda uow: create_webhook(uow, SaveWebhook(name="x", url=receiver.url)),
        lambda uow: update_webhook(uow, id, SaveWebhook(name="x", url=receiver.url, version=1)),
        lambda uow: set_active(uow, id, 1, active=False),
        lambda uow: renew_secret(uow, id, 1),
        lambda uow: try_webhook(uow, id),
        lambda uow: delete_webhook(uow, id, 1),
        lambda uow: deliveries(uow, id),
        list_webhooks,
    ):
        with pytest.raises(NotAllowed), platform.unit_of_work(resident) as uow:
            act(uow)
    with platform.unit_of_work(system("test")) as uow:
        with pytest.raises(Invalid) as wrong:
            create_webhook(uow, SaveWebhook(name="x", url="ftp://x", event_types=("bestaat.niet",), subject_id=uuid7()))
        assert set(wrong.value.errors) == {"url", "event_types", "subject_id"}
        update_webhook(uow, id, SaveWebhook(name="Anders", url=receiver.url, version=1))
        uow.session.flush()
        with pytest.raises(Conflict):
            delete_webhook(uow, id, 1)
        try_webhook(uow, id)
    Worker(platform).drain()
    (told,) = receiver.bodies
    assert (told["type"], told["data"]) == ("core.webhook.tested", {"about": []})
    with platform.unit_of_work(system("test")) as uow:
        delete_webhook(uow, id, 2)
        assert list_webhooks(uow) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://0.0.0.0/",
        "https://localhost/",
        "https://foo.localhost/",
        "https://intranet/",
        "http://voorbeeld.nl/",
        "https://u:p@voorbeeld.nl/",
        "https://voorbeeld.nl/#x",
        "https://voorbeeld.nl:99999/",
        "https://voorbeeld.nl/hier?sleutel=geheim en meer",
        "https://voorbeeld.nl/mélding",
        "https://voorbeeld.nl/\nHost: elders",
        "https://",
        "javascript:alert(1)",
        "/pad",
    ],
)
def test_addresses_that_are_refused_when_they_are_entered(url: str) -> None:
    with pytest.raises(Invalid):
        parse_address(url, ())


def test_addresses_that_are_taken() -> None:
    for url in ("https://voorbeeld.nl/hier?a=b", "https://één.voorbeeld.nl/", "https://voorbeeld.nl:8443", "https://8.8.8.8/"):
        assert parse_address(url, ()).geturl() == url
    assert parse_address("http://127.0.0.1:8000/", LOOPBACK).port == 8000
    with pytest.raises(Invalid):
        parse_address("http://10.0.0.1/", LOOPBACK)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.1.1", "100.64.0.1", "224.0.0.1", "240.0.0.1", "0.0.0.0"),
        *("::1", "::", "fc00::1", "fec0::1", "fe80::1", "ff02::1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1"),
    ],
)
def test_addresses_inside_are_forbidden(address: str) -> None:
    assert is_forbidden(ip_address(address), ())
    assert not is_forbidden(ip_address("2a02:58::1"), ())
    assert not is_forbidden(ip_address("93.184.215.14"), ())


def test_a_name_with_one_address_inside_is_forbidden_and_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    answers = {"dubbel.example": ["93.184.215.14", "10.0.0.1"], "goed.example": ["93.184.215.14"], "lokaal.example": ["127.0.0.1"]}

    def look_up(host: str, port: int, **_options: Any) -> list[Any]:
        asked.append(host)
        if host not in answers:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answers[host]]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)
    assert find_address("goed.example", 443, ()) == "93.184.215.14"
    assert find_address("lokaal.example", 443, LOOPBACK) == "127.0.0.1"
    for host in ("dubbel.example", "lokaal.example"):
        with pytest.raises(AddressForbidden):
            find_address(host, 443, ())
    with pytest.raises(AddressUnknown):
        find_address("nergens.example", 443, ())
    tried: list[Any] = []

    def connect(address: Any, *_more: Any) -> socket.socket:
        tried.append(address)
        raise OSError

    monkeypatch.setattr(posting.socket, "create_connection", connect)
    asked.clear()
    with pytest.raises(posting.NoAnswer):
        posting.post(parse_address("https://goed.example/x", ()), b"", {}, ())
    assert (asked, tried) == (["goed.example"], [("93.184.215.14", 443)])


def test_one_that_goes_on_talking_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "DEADLINE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(posting.NoAnswer):
            posting.post(parse_address(url, LOOPBACK), b"{}", {}, LOOPBACK)


@SQLITE
def test_a_manager_makes_and_follows_one_on_the_pages(platform: Platform, as_role: Callable[..., FlaskClient], receiver: Receiver) -> None:
    manager = as_role("manager")
    assert as_role("resident").get(PAGE).status_code == 403
    assert "nog geen webhooks" in text_of(manager.get(PAGE).text)
    refused = send_form(manager, f"{PAGE}/nieuw", name="Zoekmachine", url="http://intranet/")
    assert refused.status_code == 400
    made = send_form(manager, f"{PAGE}/nieuw", name="Zoekmachine", url=receiver.url, event_types=[TYPE])
    assert made.status_code == 200
    assert (secret := re.search(r"whsec_[A-Za-z0-9+/=]+", made.text))
    page = re.search(rf'action="({PAGE}/[0-9a-f-]{{36}})"', made.text)
    assert page
    assert secret[0] not in manager.get(page[1]).text
    assert send_form(manager, f"{page[1]}/proef", page=page[1]).status_code == 303
    tell(platform)
    Worker(platform).drain()
    assert [told["type"] for told in receiver.bodies] == ["core.webhook.tested", TYPE]
    seen = text_of(manager.get(page[1]).text)
    assert "Aangekomen" in seen
    assert TYPE in seen


@SQLITE
def test_over_rest(platform: Platform, app: SamenFlask, actor_as: Callable[..., Actor], receiver: Receiver) -> None:
    call = Caller(app, make_token(platform, actor_as("manager"), "core.manage"))
    path = "/core/webhooks"
    problem_of(Caller(app)("GET", path), 401)
    problem_of(Caller(app, make_token(platform, actor_as("resident")))("GET", path), 403)
    assert problem_of(call("POST", path, json={"name": "x", "url": "https://intranet/"}), 400)["errors"][0]["pointer"] == "#/url"
    made = call("POST", path, json={"name": "Zoekmachine", "url": receiver.url})
    assert made.status_code == 201
    assert made.json["secret"].startswith("whsec_")
    where = made.headers["Location"]
    assert "secret" not in call("GET", where).json
    body = {"name": "Anders", "url": receiver.url, "event_types": [TYPE], "version": 1}
    assert call("PUT", where, json=body).json["event_types"] == [TYPE]
    problem_of(call("PUT", where, json=body), 409)
    assert [hook["name"] for hook in call("GET", path).json] == ["Anders"]
    problem_of(call("DELETE", where), 428)
    assert call("DELETE", where, headers={"If-Match": '"2"'}).status_code == 204
    problem_of(call("GET", where), 404)


def test_a_wrong_network_is_refused_at_the_start() -> None:
    from pathlib import Path

    from samen_core.errors import StartupError
    from samen_core.testing.settings import make_config

    with pytest.raises(StartupError, match="webhook_networks"):
        make_config(Path(), "sqlite:///x.db", web={"webhook_networks": ["10.0.0"]})
