"""Webhooks for the manager: which there are, how they do, and what each is told of."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from samen_core.errors import Conflict, Invalid
from samen_core.forms import BoundForm, parse
from samen_core.i18n import Text, _
from samen_core.permissions import MANAGE
from samen_core.web.blocks import label_of
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_platform, current_uow
from samen_core.web.layout import Crumb, crumbs, go, page_url, render, render_status, say
from samen_core.webhooks import services
from samen_core.webhooks.schemas import WebhookInputSchema

pages = BlockBlueprint("webhooks", __name__)
HOME = "/beheer/webhooks"
TRAIL: tuple[Crumb, ...] = ((_("Beheer"), "/beheer"), (_("Webhooks"), HOME))
STATES: dict[str, tuple[Text, str]] = {
    "active": (_("Staat aan"), "success"),
    "paused": (_("Op pauze"), "neutral"),
    "disabled": (_("Gestopt: het adres antwoordt niet"), "danger"),
}
DELIVERY_STATES: dict[str, tuple[Text, str]] = {
    "done": (_("Aangekomen"), "success"),
    "pending": (_("Wacht"), "neutral"),
    "dead": (_("Opgegeven"), "danger"),
}
ERRORS: dict[str, Text] = {
    "AddressForbidden": _("Het adres ligt niet op het internet."),
    "AddressUnknown": _("Het adres bestaat niet."),
    "NoAnswer": _("Het adres antwoordt niet."),
    "WebhookRefused": _("Het adres nam het bericht niet aan."),
    "SecretLost": _("Het geheim is niet meer te lezen. Maak een nieuw geheim."),
    "Invalid": _("Het adres mag niet meer."),
}


@pages.route(HOME, permission=MANAGE)
def index() -> ResponseReturnValue:
    """All webhooks."""
    hooks = [(hook, STATES[hook.state], page_url(_path(hook.id))) for hook in services.list_webhooks(current_uow())]
    return render(
        "core/admin/webhooks.html", hooks=hooks, new_url=page_url(f"{HOME}/nieuw"), breadcrumbs=crumbs(TRAIL[0], (TRAIL[1][0], None))
    )


@pages.route(f"{HOME}/nieuw", permission=MANAGE)
def new() -> ResponseReturnValue:
    """The form of a new webhook."""
    return _form_page(200, _form())


@pages.route(f"{HOME}/nieuw", permission=MANAGE, methods=["POST"])
def create() -> ResponseReturnValue:
    """Make a webhook and show its secret, this once."""
    uow = current_uow()
    try:
        made = services.create_webhook(uow, parse(WebhookInputSchema, request.form))
    except Invalid as error:
        return _form_page(400, _form(data=request.form, errors=error.errors))
    uow.session.flush()
    return _hook_page(200, made.hook.id, secret=made.secret)


@pages.route(f"{HOME}/<uuid:id>", permission=MANAGE)
def webhook(id: uuid.UUID) -> ResponseReturnValue:
    """One webhook with what was sent last."""
    return _hook_page(200, id)


@pages.route(f"{HOME}/<uuid:id>", permission=MANAGE, methods=["POST"])
def save(id: uuid.UUID) -> ResponseReturnValue:
    """Replace what a webhook is told of and where."""
    try:
        services.update_webhook(current_uow(), id, parse(WebhookInputSchema, request.form))
    except Conflict as error:
        return _hook_page(409, id, _form(data=request.form, conflict=error.current, version=error.version))
    except Invalid as error:
        return _hook_page(400, id, _form(data=request.form, errors=error.errors, version=_version()))
    say(_("De webhook is opgeslagen."))
    return go(_path(id))


@pages.route(f"{HOME}/<uuid:id>/proef", permission=MANAGE, methods=["POST"])
def try_out(id: uuid.UUID) -> ResponseReturnValue:
    """Send a message to try it."""
    return _act(
        id, lambda: services.try_webhook(current_uow(), id), _("Het proefbericht gaat zo weg. Ververs de pagina om te zien of het aankwam.")
    )


@pages.route(f"{HOME}/<uuid:id>/pauze", permission=MANAGE, methods=["POST"])
def pause(id: uuid.UUID) -> ResponseReturnValue:
    """Stop sending for now."""
    return _act(id, lambda: services.set_active(current_uow(), id, _version(), active=False), _("De webhook staat op pauze."))


@pages.route(f"{HOME}/<uuid:id>/aan", permission=MANAGE, methods=["POST"])
def resume(id: uuid.UUID) -> ResponseReturnValue:
    """Go on sending."""
    done = _("De webhook staat aan. Wat wachtte, gaat alsnog weg.")
    return _act(id, lambda: services.set_active(current_uow(), id, _version(), active=True), done)


@pages.route(f"{HOME}/<uuid:id>/geheim", permission=MANAGE, methods=["POST"])
def renew(id: uuid.UUID) -> ResponseReturnValue:
    """Make another secret and show it, this once."""
    try:
        made = services.renew_secret(current_uow(), id, _version())
    except Conflict:
        return _changed(id)
    current_uow().session.flush()
    return _hook_page(200, id, secret=made.secret)


@pages.route(f"{HOME}/<uuid:id>/verwijderen", permission=MANAGE)
def ask_delete(id: uuid.UUID) -> ResponseReturnValue:
    """Ask whether it may go."""
    hook = services.get_webhook(current_uow(), id)
    trail = crumbs(*TRAIL, (hook.name, _path(id)), (_("Verwijderen"), None))
    return render(
        "core/admin/webhook_delete.html",
        hook=hook,
        action=page_url(f"{_path(id)}/verwijderen"),
        back_url=page_url(_path(id)),
        breadcrumbs=trail,
    )


@pages.route(f"{HOME}/<uuid:id>/verwijderen", permission=MANAGE, methods=["POST"])
def remove(id: uuid.UUID) -> ResponseReturnValue:
    """Remove it with what waits for it."""
    try:
        services.delete_webhook(current_uow(), id, _version())
    except Conflict:
        return _changed(id)
    say(_("De webhook is verwijderd."))
    return go(HOME)


def _act(id: uuid.UUID, do: Callable[[], object], done: Text) -> ResponseReturnValue:
    try:
        do()
    except Conflict:
        return _changed(id)
    except Invalid as error:
        return _hook_page(400, id, problem=error.message)
    say(done)
    return go(_path(id))


def _changed(id: uuid.UUID) -> ResponseReturnValue:
    return _hook_page(409, id, problem=_("Iemand anders heeft deze webhook intussen veranderd. Kijk eerst hoe hij nu is."))


def _path(id: uuid.UUID) -> str:
    return f"{HOME}/{id}"


def _version() -> int:
    """The version that the form showed; what is no version is none that there is."""
    return request.form.get("version", 0, type=int)


def _form(**values: Any) -> BoundForm:
    platform = current_platform()
    types = [(name, f"{label_of(platform, name.partition('.')[0])}: {_breakable(name)}") for name in services.possible_types(current_uow())]
    return BoundForm(WebhookInputSchema, options={"event_types": types}, **values)


def _breakable(name: str) -> str:
    """The name of an event, which may go on on the next line after each of its parts: a phone is narrower than some names."""
    return name.replace(".", ".\u200b")


def _form_page(status: int, form: BoundForm) -> ResponseReturnValue:
    trail = crumbs(*TRAIL, (_("Nieuwe webhook"), None))
    return render_status(
        status, "core/admin/webhook_new.html", form=form, action=page_url(f"{HOME}/nieuw"), cancel_url=page_url(HOME), breadcrumbs=trail
    )


def _hook_page(
    status: int, id: uuid.UUID, form: BoundForm | None = None, *, secret: str = "", problem: Text | str = ""
) -> ResponseReturnValue:
    uow = current_uow()
    hook = services.get_webhook(uow, id)
    rows = [(row, DELIVERY_STATES[row.state], ERRORS.get(row.last_error, row.last_error)) for row in services.deliveries(uow, id)]
    return render_status(
        status,
        "core/admin/webhook.html",
        hook=hook,
        state=STATES[hook.state],
        last_error=ERRORS.get(hook.last_error, hook.last_error),
        form=form or _form(data=services.webhook_values(hook), version=hook.version),
        deliveries=rows,
        secret=secret,
        problem=problem,
        action=page_url(_path(id)),
        breadcrumbs=crumbs(*TRAIL, (hook.name, None)),
    )
