"""Sending one event to one webhook: what is told, how it is signed, and what is kept of how it went.

The body is a CloudEvent (cloudevents.io, 1.0, JSON in structured mode), which existing libraries read. It is signed as Standard Webhooks
describes it (standardwebhooks.com, 1.0): HMAC-SHA256 over id, moment and body, so that a receiver can check with an existing library that
it is ours, is not changed and is not an old one sent again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from base64 import b64decode, b64encode
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from samen_core import __version__
from samen_core.actor import system
from samen_core.errors import Invalid
from samen_core.events.outbox import OutboxDelivery, OutboxEvent
from samen_core.events.types import Delivered
from samen_core.events.worker import MAX_ATTEMPTS
from samen_core.i18n import _
from samen_core.sealing import unseal
from samen_core.subjects import Subject
from samen_core.webhooks.addresses import AddressForbidden, AddressUnknown, parse_address
from samen_core.webhooks.models import Webhook
from samen_core.webhooks.posting import NoAnswer, post
from samen_core.webhooks.subscriptions import WebhookTested

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.platform import Platform

PURPOSE = "webhook"
MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"
SECRET_PREFIX = "whsec_"  # noqa: S105 - what every such secret starts with
MOST_DEAD = 5
"""Deliveries in a row that are given up before the webhook is stopped: nobody listens there any more."""
GONE = 410
_STOPPED = _("Deze webhook is gestopt: het adres antwoordt niet meer.")


class WebhookRefused(Exception):
    """The address answered, but not with a status from 200 to 299."""


class SecretLost(Exception):
    """The secret of the installation was changed since the webhook was made: it needs a new secret of its own."""


def send(uow: UnitOfWork, event: Delivered, webhook_id: uuid.UUID) -> None:
    """Tell a webhook of an event that is about something everybody may see; anything else is let go.

    Raises what went wrong, so that the outbox tries again.
    """
    hook = uow.session.get(Webhook, webhook_id)
    told = None if hook is None else content(uow, event)
    if hook is None or told is None:
        return
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    status: int | None = None
    try:
        status = _post(uow.platform, hook, event.delivery_id, body)
        if not 200 <= status < 300:
            raise WebhookRefused
    except (AddressForbidden, AddressUnknown, NoAnswer, WebhookRefused, SecretLost, Invalid) as error:
        attempts = uow.session.execute(select(OutboxDelivery.attempts).where(OutboxDelivery.id == event.delivery_id)).scalar_one_or_none()
        _note_failure(uow.platform, hook.id, status, type(error).__name__, is_last=(attempts or 0) >= MAX_ATTEMPTS)
        raise
    _note_success(uow.platform, hook.id, status)


def content(uow: UnitOfWork, event: Delivered) -> dict[str, Any] | None:
    """What is told: what happened, when, and the lasting addresses of what it is about. None when not everybody may know of it.

    Nothing else of the event leaves: who may see more asks for it with a token of its own.
    """
    about = [ref.id for ref in event.about]
    rows = uow.session.execute(select(Subject.id, Subject.type, Subject.public, Subject.state).where(Subject.id.in_(about))).all()
    public = {row.id: row for row in rows if row.public or row.state == "deleted"}
    if event.type != WebhookTested.type and (not about or about[0] not in public):
        return None
    base = uow.platform.config.web.base_url.rstrip("/")
    at: datetime = uow.session.execute(select(OutboxEvent.at).where(OutboxEvent.id == event.id)).scalar_one()
    moment = at.isoformat().replace("+00:00", "Z")
    return {
        "specversion": "1.0",
        "id": str(event.id),
        "source": base,
        "type": event.type,
        "time": moment,
        "datacontenttype": "application/json",
        "version": event.version,
        "timestamp": moment,
        "data": {
            "about": [
                {"type": public[id].type, "id": str(id), "url": f"{base}/id/{public[id].type}/{id}", "state": public[id].state}
                for id in about
                if id in public
            ]
        },
    }


def signature(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature``; ``secret`` starts with ``whsec_``."""
    key = b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{b64encode(digest).decode()}"


def _post(platform: Platform, hook: Webhook, delivery_id: uuid.UUID, body: bytes) -> int:
    try:
        secret = unseal(platform.config.secret_key, PURPOSE, hook.secret)
    except ValueError:
        raise SecretLost from None
    networks = platform.config.web.webhook_networks
    id, timestamp = str(delivery_id), int(platform.clock().timestamp())
    headers = {
        "Content-Type": MEDIA_TYPE,
        "User-Agent": f"Samen/{__version__}",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, id, timestamp, body),
    }
    return post(parse_address(hook.url, networks), body, headers, networks)


def _note_success(platform: Platform, id: uuid.UUID, status: int) -> None:
    now = platform.clock()
    values = {"last_at": now, "last_ok_at": now, "last_status": status, "last_error": "", "dead": 0}
    with platform.write_engine.begin() as connection:
        connection.execute(update(Webhook).where(Webhook.id == id).values(**values))
    platform.log.info("webhook_told", webhook=str(id), status_of_receiver=status)


def _note_failure(platform: Platform, id: uuid.UUID, status: int | None, error: str, *, is_last: bool) -> None:
    """Keep what went wrong, and stop a webhook that says it is gone (410) or was given up too often in a row."""
    platform.log.warning("webhook_failed", webhook=str(id), status_of_receiver=status, reason=error)
    with platform.unit_of_work(system("worker")) as uow:
        connection = uow.session.connection()
        changed = {"last_at": uow.now, "last_status": status, "last_error": error[:60]}
        connection.execute(update(Webhook).where(Webhook.id == id).values(**changed, dead=Webhook.dead + int(is_last)))
        enough = [Webhook.id == id, Webhook.state == "active"]
        if status != GONE:
            enough.append(Webhook.dead >= MOST_DEAD)
        if connection.execute(update(Webhook).where(*enough).values(state="disabled", version=Webhook.version + 1)).rowcount:
            uow.record("core.webhook.disabled", after={"webhook": str(id), "error": error}, sentence=_STOPPED)
            platform.webhooks.forget()
