"""The rules of webhooks: a manager makes, changes, tries, pauses and removes them. The secret is shown when it is made, and never again."""

from __future__ import annotations

import secrets
import uuid
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, select

from samen_core.db.base import uuid7
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Conflict, Invalid, NotFound
from samen_core.events.outbox import OutboxDelivery, OutboxEvent
from samen_core.i18n import _
from samen_core.permissions import MANAGE
from samen_core.sealing import seal
from samen_core.subjects import Subject
from samen_core.webhooks.addresses import parse_address
from samen_core.webhooks.models import Webhook
from samen_core.webhooks.sending import PURPOSE, SECRET_PREFIX
from samen_core.webhooks.subscriptions import WebhookTested, handler_name

MOST = 50
"""Webhooks of one city."""
SECRET_BYTES = 32
SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveWebhook:
    """Make a webhook, or replace what the one that was at ``version`` is told of and where."""

    name: str
    url: str
    event_types: tuple[str, ...] = ()
    subject_id: uuid.UUID | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class MadeWebhook:
    """A webhook and its secret, which nobody can read again later."""

    hook: Webhook
    secret: str


def possible_types(uow: UnitOfWork) -> list[str]:
    """The events that a webhook can be told of: those of the blocks that are there."""
    return sorted(name for name in uow.platform.event_types if not name.startswith("core."))


def list_webhooks(uow: UnitOfWork) -> Sequence[Webhook]:
    """All webhooks by name. Raises NotAllowed."""
    MANAGE.require(uow.actor)
    return uow.session.execute(select(Webhook).order_by(Webhook.name, Webhook.id)).scalars().all()


def get_webhook(uow: UnitOfWork, id: uuid.UUID) -> Webhook:
    """One webhook. Raises NotAllowed and NotFound."""
    MANAGE.require(uow.actor)
    hook = uow.session.get(Webhook, id)
    if hook is None:
        raise NotFound
    return hook


def deliveries(uow: UnitOfWork, id: uuid.UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """The latest deliveries of a webhook: ``id type at state attempts next_at done_at last_error``. Raises NotAllowed."""
    MANAGE.require(uow.actor)
    statement = (
        select(
            OutboxDelivery.id,
            OutboxEvent.type,
            OutboxEvent.at,
            OutboxDelivery.state,
            OutboxDelivery.attempts,
            OutboxDelivery.next_at,
            OutboxDelivery.done_at,
            OutboxDelivery.last_error,
        )
        .join(OutboxEvent, OutboxEvent.id == OutboxDelivery.event_id)
        .where(OutboxDelivery.handler == handler_name(id))
        .order_by(OutboxDelivery.id.desc())
        .limit(SHOWN)
    )
    return uow.session.execute(statement).all()


def create_webhook(uow: UnitOfWork, command: SaveWebhook) -> MadeWebhook:
    """Make a webhook with a new secret. Raises NotAllowed, and Invalid with all errors at once."""
    MANAGE.require(uow.actor)
    _check(uow, command)
    if len(uow.session.execute(select(Webhook.id).limit(MOST)).all()) >= MOST:
        raise Invalid(_("Er zijn al {number} webhooks. Haal er eerst een weg.", number=MOST))
    secret = _new_secret()
    hook = Webhook(
        id=uuid7(),
        name=command.name,
        url=command.url,
        event_types=list(command.event_types),
        subject_id=command.subject_id,
        secret=_sealed(uow, secret),
        state="active",
        dead=0,
        last_error="",
        created_at=uow.now,
    )
    uow.session.add(hook)
    _record(uow, "created", hook)
    return MadeWebhook(hook, secret)


def update_webhook(uow: UnitOfWork, id: uuid.UUID, command: SaveWebhook) -> Webhook:
    """Replace what a webhook is told of and where. Raises NotAllowed, NotFound, Invalid, and Conflict with the values of now."""
    hook = _to_change(uow, id, command.version)
    _check(uow, command)
    hook.name, hook.url, hook.subject_id = command.name, command.url, command.subject_id
    hook.event_types = list(command.event_types)
    _record(uow, "changed", hook)
    return hook


def set_active(uow: UnitOfWork, id: uuid.UUID, version: int, *, active: bool) -> Webhook:
    """Pause a webhook, or let it go on; what waited is sent then. Raises as :func:`update_webhook`."""
    hook = _to_change(uow, id, version)
    hook.state, hook.dead = ("active" if active else "paused"), 0
    _record(uow, "resumed" if active else "paused", hook)
    return hook


def renew_secret(uow: UnitOfWork, id: uuid.UUID, version: int) -> MadeWebhook:
    """Give a webhook another secret; the old one counts no more. Raises as :func:`update_webhook`."""
    hook, secret = _to_change(uow, id, version), _new_secret()
    hook.secret = _sealed(uow, secret)
    _record(uow, "secret_renewed", hook)
    return MadeWebhook(hook, secret)


def try_webhook(uow: UnitOfWork, id: uuid.UUID) -> None:
    """Send a webhook a message to try it. Raises NotAllowed, NotFound, and Invalid for one that is not in use."""
    hook = get_webhook(uow, id)
    if hook.state != "active":
        raise Invalid(_("Zet de webhook eerst aan."))
    uow.publish(WebhookTested(webhook_id=id))


def delete_webhook(uow: UnitOfWork, id: uuid.UUID, version: int) -> None:
    """Remove a webhook with what waits for it. Raises as :func:`update_webhook`."""
    hook = _to_change(uow, id, version)
    _record(uow, "deleted", hook)
    uow.session.connection().execute(delete(OutboxDelivery).where(OutboxDelivery.handler == handler_name(id)))
    uow.session.delete(hook)


def webhook_values(hook: Webhook) -> dict[str, Any]:
    """The values of a webhook as its form and the API have them; never its secret."""
    names = ("name", "url", "event_types", "subject_id")
    return {name: getattr(hook, name) for name in names}


def _to_change(uow: UnitOfWork, id: uuid.UUID, version: int | None) -> Webhook:
    MANAGE.require(uow.actor)
    statement = select(Webhook).where(Webhook.id == id).with_for_update().execution_options(populate_existing=True)
    hook = uow.session.execute(statement).scalar_one_or_none()
    if hook is None:
        raise NotFound
    if version != hook.version:
        raise Conflict(current=webhook_values(hook), version=hook.version)
    return hook


def _check(uow: UnitOfWork, command: SaveWebhook) -> None:
    errors: dict[str, Any] = {}
    try:
        parse_address(command.url, uow.platform.config.web.webhook_networks)
    except Invalid as error:
        errors |= error.errors
    if unknown := sorted(set(command.event_types) - set(possible_types(uow))):
        errors["event_types"] = [_("Deze gebeurtenis bestaat niet: {name}.", name=unknown[0])]
    if command.subject_id is not None:
        public = uow.session.execute(select(Subject.public).where(Subject.id == command.subject_id)).scalar_one_or_none()
        if not public:
            errors["subject_id"] = [_("Dit onderwerp bestaat niet, of is niet openbaar.")]
    if errors:
        raise Invalid(errors)


def _new_secret() -> str:
    return SECRET_PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _sealed(uow: UnitOfWork, secret: str) -> str:
    return seal(uow.platform.config.secret_key, PURPOSE, secret, uow.now)


def _record(uow: UnitOfWork, what: str, hook: Webhook) -> None:
    """Log it without address and secret: an address may hold a key."""
    after = {"webhook": str(hook.id), "name": hook.name, "event_types": hook.event_types}
    uow.record(f"core.webhook.{what}", after=after)
    uow.platform.webhooks.forget()
