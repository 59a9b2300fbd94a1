"""One's own data: see it, take it along, have it erased."""

from __future__ import annotations

import io
import json
import re
import zipfile
from uuid import UUID

from flask import Response, request, send_file
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer
from markupsafe import Markup

from samen_core.accounts.schemas import EraseSchema
from samen_core.accounts.services import privacy
from samen_core.accounts.services.accounts import own_account
from samen_core.accounts.web.account import HOME
from samen_core.accounts.web.common import ask_log_in_again
from samen_core.accounts.web.log_in import leave
from samen_core.accounts.web.own_things import shown_fates, shown_things
from samen_core.errors import Invalid, NotFound
from samen_core.forms import BoundForm, parse
from samen_core.i18n import _, current_language
from samen_core.permissions import LOGGED_IN
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_platform, current_uow
from samen_core.web.layout import crumbs, go, page_url, render, render_status
from samen_core.web.tables import json_file

pages = BlockBlueprint("own_data", __name__)
SHOWN = 20
"""How many things of one kind the page shows; the files hold all."""

RECEIPT = "bon"


@pages.route("/account/gegevens", permission=LOGGED_IN)
def index() -> ResponseReturnValue:
    """Everything the platform keeps about the visitor, with why and for how long."""
    uow = current_uow()
    account_id = own_account(uow).id
    found = shown_things(current_platform(), privacy.export_account(uow, account_id, SHOWN), account_id)
    return render("core/account/own_data.html", blocks=found, breadcrumbs=crumbs(HOME, (_("Mijn gegevens"), None)))


@pages.route("/account/gegevens.json", permission=LOGGED_IN)
def download() -> ResponseReturnValue:
    """Everything, for programs."""
    if again := ask_log_in_again("/account/gegevens"):
        return again
    uow = current_uow()
    return json_file("mijn-gegevens.json", privacy.export_json(uow, own_account(uow).id))


@pages.route("/account/gegevens.html", permission=LOGGED_IN)
def download_page() -> ResponseReturnValue:
    """Everything, to read, as one file that needs nothing else."""
    if again := ask_log_in_again("/account/gegevens"):
        return again
    uow = current_uow()
    headers = {"Content-Disposition": 'attachment; filename="mijn-gegevens.html"'}
    return Response(_readable(own_account(uow).id), content_type="text/html; charset=utf-8", headers=headers)


@pages.route("/account/gegevens.zip", permission=LOGGED_IN)
def download_all() -> ResponseReturnValue:
    """Everything in both forms, with the files that the visitor sent."""
    if again := ask_log_in_again("/account/gegevens"):
        return again
    uow = current_uow()
    account_id = own_account(uow).id
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        paths = {}
        for file, content in privacy.contents_of_account(uow, account_id):
            name = re.sub(r"[^\w. -]", "_", file.name)
            paths[file.id] = path = f"bestanden/{file.id.hex[-12:]}-{name}"
            archive.writestr(path, content)
        archive.writestr("mijn-gegevens.json", json.dumps(privacy.export_json(uow, account_id, paths), ensure_ascii=False, indent=2))
        archive.writestr("mijn-gegevens.html", _readable(account_id))
    target.seek(0)
    return send_file(target, "application/zip", as_attachment=True, download_name="mijn-gegevens.zip")


def _readable(account_id: UUID) -> str:
    """The export as a page that stands by itself."""
    uow, platform = current_uow(), current_platform()
    style = Markup((platform.static_folders["core"] / "own-data-file.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return platform.documents.document(
        current_language(),
        "core/account/own_data_file.html",
        {
            "blocks": shown_things(platform, privacy.export_account(uow, account_id), account_id),
            "log": privacy.log_of_account(uow, account_id),
            "files": privacy.files_of_account(uow, account_id),
            "style": style,
        },
    )


@pages.route("/account/verwijderen", permission=LOGGED_IN, methods=["GET", "POST"])
def erase() -> ResponseReturnValue:
    """Delete one's account, after seeing what that does and being asked once more."""
    if again := ask_log_in_again("/account/verwijderen"):
        return again
    if request.method == "GET":
        return _erase_page(200, BoundForm(EraseSchema))
    uow = current_uow()
    account_id = own_account(uow).id
    try:
        parse(EraseSchema, request.form)
        privacy.erase_account(uow, account_id)
    except Invalid as error:
        uow.rollback()
        return _erase_page(400, BoundForm(EraseSchema, data=request.form, errors=error.errors))
    uow.commit()
    leave()
    return go(f"/account-verwijderd?{RECEIPT}={_receipts().dumps(str(account_id))}")


def _erase_page(status: int, form: BoundForm) -> Response:
    uow = current_uow()
    fates = shown_fates(current_platform(), privacy.erasure_preview(uow, own_account(uow).id))
    trail = crumbs(HOME, (_("Account verwijderen"), None))
    return render_status(
        status, "core/account/erase.html", form=form, fates=fates, action=page_url("/account/verwijderen"), breadcrumbs=trail
    )


@pages.route("/account-verwijderd", public=True, cache=False)
def erased() -> ResponseReturnValue:
    """Your account is gone; with the signed address of a receipt also what was done."""
    trail = crumbs((_("Account verwijderd"), None))
    return render("core/account/erased.html", fates=_receipt(request.args.get(RECEIPT, "")), breadcrumbs=trail)


def _receipt(signed: str) -> list[object]:
    """What was done, for an address that we signed; nothing for another."""
    if not signed:
        return []
    try:
        account_id = UUID(_receipts().loads(signed))
        return [*shown_fates(current_platform(), privacy.erasure_receipt(current_uow(), account_id))]
    except (BadSignature, ValueError, NotFound):
        return []


def _receipts() -> URLSafeSerializer:
    return URLSafeSerializer(current_platform().config.secret_key, salt="core.erasure_receipt")
