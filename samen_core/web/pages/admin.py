"""Management: the start page of the manager and the settings of the blocks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError

from samen_core.errors import Conflict, Invalid
from samen_core.forms import BoundForm, parse
from samen_core.i18n import _
from samen_core.permissions import MANAGE
from samen_core.settings import change_settings, settings_now
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_platform, current_uow
from samen_core.web.layout import crumbs, go, page_url, render, render_status, say

pages = BlockBlueprint("admin", __name__)
SEPARATOR = "-"
SHOWN = "shown"
"""The hidden field with what the form showed; no setting has this name, since theirs hold a dash."""
ITEMS = (
    (_("Gebruikers en rollen"), "/beheer/gebruikers", "users", _("Accounts zoeken, rollen geven en intrekken.")),
    (_("Instellingen"), "/beheer/instellingen", "settings", _("Wat een gemeente zelf kiest, per bouwsteen.")),
    (
        _("Bewaartermijnen"),
        "/beheer/bewaartermijnen",
        "calendar-days",
        _("Wat er weggaat omdat de termijn om is, en wat er wegging."),
    ),
    (
        _("Register van verwerkingen"),
        "/privacy/verwerkingen",
        "clipboard-list",
        _("Waarvoor de gemeente welke gegevens gebruikt, voor iedereen te lezen."),
    ),
    (_("Bouwstenen"), "/bouwstenen", "puzzle", _("Welke bouwstenen er zijn, met procesbeschrijving en invoering.")),
)


@pages.route("/beheer", permission=MANAGE)
def index() -> ResponseReturnValue:
    """What a manager can do here."""
    return render(
        "core/admin/index.html",
        is_mail_kept=current_platform().config.is_mail_kept,
        items=[(label, page_url(path), icon, text) for label, path, icon, text in ITEMS],
        breadcrumbs=crumbs((_("Beheer"), None)),
    )


def _settings_schema() -> type[Schema]:
    """One schema over all declared settings; a dot is no good in a field name, so it becomes a dash."""
    declared = current_platform().settings.declared
    return Schema.from_dict(
        {key.replace(".", SEPARATOR): setting.question.to_field() for key, setting in declared.items()}, name="CoreSettings"
    )


@pages.route("/beheer/instellingen", permission=MANAGE)
def settings() -> ResponseReturnValue:
    """See the settings of the blocks."""
    shown = settings_now(current_uow())
    return _settings_page(200, shown, data=_loaded(shown))


@pages.route("/beheer/instellingen", permission=MANAGE, methods=["POST"])
def save_settings() -> ResponseReturnValue:
    """Store what this manager changed; where another changed the same, both are shown."""
    uow = current_uow()
    shown = _shown()
    schema = _settings_schema()()
    try:
        values = schema.dump(parse(schema, request.form))
        change_settings(uow, {key.replace(SEPARATOR, "."): value for key, value in values.items()}, shown=shown)
    except Conflict as error:
        return _settings_page(409, error.current, data=request.form, conflict=_loaded(error.current))
    except Invalid as error:
        return _settings_page(400, shown, data=request.form, errors=error.errors)
    say(_("De instellingen zijn opgeslagen. Ze gelden meteen."))
    return go("/beheer/instellingen")


def _shown() -> dict[str, Any] | None:
    """What the form showed when this manager began, from its hidden field; None for a form without it."""
    given = request.form.get(SHOWN)
    if given is None:
        return None
    try:
        shown = json.loads(given)
    except (ValueError, RecursionError):
        shown = None
    if not isinstance(shown, dict):
        raise Invalid(_("Dit formulier is niet compleet. Open de pagina opnieuw en vul het nog eens in."))
    return shown


def _loaded(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Values (JSON types) by field name, as a form shows them; a stored one that no longer fits is the default."""
    declared = current_platform().settings.declared
    found: dict[str, Any] = {}
    for key, value in plain.items():
        try:
            found[key.replace(".", SEPARATOR)] = declared[key].from_plain(value)
        except ValidationError:
            found[key.replace(".", SEPARATOR)] = declared[key].default
    return found


def _settings_page(status: int, shown: Mapping[str, Any] | None, **bound: Any) -> ResponseReturnValue:
    return render_status(
        status,
        "core/admin/settings.html",
        form=BoundForm(_settings_schema(), **bound),
        shown=None if shown is None else json.dumps(shown),
        breadcrumbs=crumbs((_("Beheer"), "/beheer"), (_("Instellingen"), None)),
    )
