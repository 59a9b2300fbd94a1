"""One's own data: see it, take it along, have it erased."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from samen_core.accounts.schemas import EraseSchema
from samen_core.accounts.services import privacy
from samen_core.accounts.services.accounts import own_account
from samen_core.accounts.web.account import HOME
from samen_core.accounts.web.common import ask_log_in_again
from samen_core.accounts.web.log_in import leave
from samen_core.db.changes import plain
from samen_core.errors import Invalid
from samen_core.forms import BoundForm, parse
from samen_core.i18n import Text, _, format_moment
from samen_core.permissions import LOGGED_IN
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_uow
from samen_core.web.layout import crumbs, go, page_url, render, render_status

pages = BlockBlueprint("own_data", __name__)


@pages.route("/account/gegevens", permission=LOGGED_IN)
def index() -> ResponseReturnValue:
    """Everything the platform keeps about the visitor, with why and for how long."""
    uow = current_uow()
    tables = privacy.export_account(uow, own_account(uow).id)
    fields = [shown for table in tables for field in table.fields if (shown := _shown(table.name, field))["values"]]
    return render("core/account/own_data.html", fields=fields, breadcrumbs=crumbs(HOME, (_("Mijn gegevens"), None)))


def _shown(table: str, field: privacy.OwnField) -> dict[str, str]:
    """A field in words: what it is for, what it holds, how long, and where it stands."""
    values = [_in_words(value) for value in field.values if value not in (None, "")]
    purpose = str(Text(field.declared.purpose))
    return {
        "purpose": purpose[:1].upper() + purpose[1:],
        "values": ", ".join(dict.fromkeys(values)),
        "retention": str(Text(field.declared.retention)),
        "place": f"{table}.{field.name}",
    }


def _in_words(value: Any) -> str:
    if isinstance(value, datetime):
        return format_moment(value)
    if isinstance(value, bool):
        return str(_("ja") if value else _("nee"))
    return value if isinstance(value, str) else json.dumps(plain(value), ensure_ascii=False)


@pages.route("/account/gegevens.json", permission=LOGGED_IN)
def download() -> ResponseReturnValue:
    """The same as a file."""
    if again := ask_log_in_again("/account/gegevens"):
        return again
    uow = current_uow()
    content = json.dumps(privacy.export_json(uow, own_account(uow).id), ensure_ascii=False, indent=2)
    return Response(content, content_type="application/json", headers={"Content-Disposition": 'attachment; filename="mijn-gegevens.json"'})


@pages.route("/account/verwijderen", permission=LOGGED_IN, methods=["GET", "POST"])
def erase() -> ResponseReturnValue:
    """Delete one's account, after asking once more."""
    if again := ask_log_in_again("/account/verwijderen"):
        return again
    if request.method == "GET":
        return _erase_page(200, BoundForm(EraseSchema))
    uow = current_uow()
    try:
        parse(EraseSchema, request.form)
        privacy.erase_account(uow, own_account(uow).id)
    except Invalid as error:
        uow.rollback()
        return _erase_page(400, BoundForm(EraseSchema, data=request.form, errors=error.errors))
    uow.commit()
    leave()
    return go("/account-verwijderd")


def _erase_page(status: int, form: BoundForm) -> Response:
    trail = crumbs(HOME, (_("Account verwijderen"), None))
    return render_status(status, "core/account/erase.html", form=form, action=page_url("/account/verwijderen"), breadcrumbs=trail)


@pages.route("/account-verwijderd", public=True)
def erased() -> ResponseReturnValue:
    """Your account is gone."""
    return render("core/account/erased.html", breadcrumbs=crumbs((_("Account verwijderd"), None)))
