"""Management: the start page of the manager and the settings of the blocks."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from samen_core.errors import Invalid
from samen_core.forms import BoundForm, parse
from samen_core.i18n import _
from samen_core.permissions import MANAGE
from samen_core.settings import change_settings
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_platform, current_uow
from samen_core.web.layout import crumbs, go, page_url, render, render_status, say

pages = BlockBlueprint("admin", __name__)
SEPARATOR = "-"
ITEMS = (
    (_("Gebruikers en rollen"), "/beheer/gebruikers", "users", _("Accounts zoeken, rollen geven en intrekken.")),
    (_("Instellingen"), "/beheer/instellingen", "settings", _("Wat een gemeente zelf kiest, per bouwsteen.")),
    (_("Bouwstenen"), "/bouwstenen", "puzzle", _("Welke bouwstenen er zijn, met procesbeschrijving en invoering.")),
)


@pages.route("/beheer", permission=MANAGE)
def index() -> ResponseReturnValue:
    """What a manager can do here."""
    return render(
        "core/admin/index.html",
        items=[(label, page_url(path), icon, text) for label, path, icon, text in ITEMS],
        breadcrumbs=crumbs((_("Beheer"), None)),
    )


def _settings_schema() -> type[Schema]:
    """One schema over all declared settings; a dot is no good in a field name, so it becomes a dash."""
    declared = current_platform().settings.declared
    return Schema.from_dict(
        {key.replace(".", SEPARATOR): setting.question.to_field() for key, setting in declared.items()}, name="CoreSettings"
    )


@pages.route("/beheer/instellingen", permission=MANAGE, methods=["GET", "POST"])
def settings() -> ResponseReturnValue:
    """See and change the settings of the blocks."""
    platform = current_platform()
    schema = _settings_schema()()
    trail = crumbs((_("Beheer"), "/beheer"), (_("Instellingen"), None))
    if request.method == "POST":
        try:
            values = schema.dump(parse(schema, request.form))
            change_settings(current_uow(), {key.replace(SEPARATOR, "."): value for key, value in values.items()})
        except Invalid as error:
            form = BoundForm(schema, data=request.form, errors=error.errors)
            return render_status(400, "core/admin/settings.html", form=form, breadcrumbs=trail)
        say(_("De instellingen zijn opgeslagen. Ze gelden meteen."))
        return go("/beheer/instellingen")
    now = {key.replace(".", SEPARATOR): platform.setting(key) for key in platform.settings.declared}
    return render("core/admin/settings.html", form=BoundForm(schema, data=now), breadcrumbs=trail)
