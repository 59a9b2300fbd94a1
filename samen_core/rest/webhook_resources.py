"""Webhooks over REST, for managers. A secret is given once: in the answer that made it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.permissions import MANAGE
from samen_core.rest.resource import RestBlueprint, required_version
from samen_core.rest.responses import no_content, reply
from samen_core.rest.schemas import MomentField
from samen_core.web.context import current_uow
from samen_core.webhooks import services
from samen_core.webhooks.models import STATES, Webhook
from samen_core.webhooks.schemas import WebhookInputSchema
from samen_core.webhooks.services import SaveWebhook

blueprint = RestBlueprint("webhooks", __name__, description="Messages to a program elsewhere when something happens.")


class WebhookSchema(Schema):
    """A webhook: what it is told of, where, and how that goes."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    url = fields.String(required=True)
    event_types = fields.List(fields.String(), required=True, metadata={"description": "Empty: all events."})
    subject_id = fields.UUID(required=True, allow_none=True, metadata={"description": "Only events about this thing."})
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    created_at = MomentField(required=True)
    last_at = MomentField(required=True, allow_none=True)
    last_ok_at = MomentField(required=True, allow_none=True)
    last_status = fields.Integer(required=True, allow_none=True, metadata={"description": "HTTP status of the last answer."})
    last_error = fields.String(required=True)
    secret = fields.String(metadata={"description": "Only in the answer that made it: the key of `webhook-signature`."})


_NAMES = tuple(name for name in WebhookSchema().fields if name != "secret")


@blueprint.route("/webhooks", permission=MANAGE)
@blueprint.response(200, WebhookSchema(many=True))
def list_webhooks() -> Response:
    """All webhooks, at most fifty."""
    return reply([_values(hook) for hook in services.list_webhooks(current_uow())])


@blueprint.route("/webhooks/<uuid:id>", permission=MANAGE)
@blueprint.response(200, WebhookSchema)
def get_webhook(id: uuid.UUID) -> Response:
    """One webhook."""
    hook = services.get_webhook(current_uow(), id)
    return reply(_values(hook), version=hook.version)


@blueprint.route("/webhooks", permission=MANAGE, methods=["POST"])
@blueprint.arguments(WebhookInputSchema)
@blueprint.response(201, WebhookSchema)
def create_webhook(command: SaveWebhook) -> Response:
    """Make a webhook."""
    uow = current_uow()
    made = services.create_webhook(uow, command)
    uow.session.flush()
    location = f"/api/v1/core/webhooks/{made.hook.id}"
    return reply({**_values(made.hook), "secret": made.secret}, 201, version=made.hook.version, location=location)


@blueprint.route("/webhooks/<uuid:id>", permission=MANAGE, methods=["PUT"])
@blueprint.arguments(WebhookInputSchema)
@blueprint.response(200, WebhookSchema)
def update_webhook(command: SaveWebhook, id: uuid.UUID) -> Response:
    """Replace what a webhook is told of and where."""
    uow = current_uow()
    hook = services.update_webhook(uow, id, command)
    uow.session.flush()
    return reply(_values(hook), version=hook.version)


@blueprint.route("/webhooks/<uuid:id>", permission=MANAGE, methods=["DELETE"])
@blueprint.response(204)
def delete_webhook(id: uuid.UUID) -> Response:
    """Remove a webhook with what waits for it."""
    services.delete_webhook(current_uow(), id, required_version())
    return no_content()


def _values(hook: Webhook) -> dict[str, Any]:
    return {name: getattr(hook, name) for name in _NAMES}
