"""What is kept of a reporter without account, at the key in their link: to read, to take along, and to let go of."""

from __future__ import annotations

import json

from flask import Response
from flask.typing import ResponseReturnValue

from samen_core.api import _, format_day
from samen_core.web.api import crumbs, current_uow, go, limit_visitor, page_url, render, say
from samen_oog_oor import paths
from samen_oog_oor.services.own_data import forget_own, own_data
from samen_oog_oor.web.common import LABEL, pages
from samen_oog_oor.web.receipt import QUARTER, TITLE

MOST_LETS_GO = 10


@pages.route(f"{paths.RECEIPT}/<key>/gegevens", public=True, cache=False)
def own_data_page(key: str) -> ResponseReturnValue:
    """What is kept."""
    data = own_data(current_uow(), key)
    address = page_url(paths.receipt(key, "gegevens"))
    facts = [
        (_("Gemeld op"), format_day(data.at.date())),
        (_("Code"), data.code),
        (_("Naam"), data.contact.get("name", "")),
        (_("E-mailadres"), data.contact.get("email", "")),
        (_("Telefoonnummer"), data.contact.get("phone", "")),
        (_("Wat u meldde"), data.text),
        (_("Plek"), data.address),
        (_("Foto’s"), ", ".join(data.files)),
        (_("Uw oordeel"), " ".join(data.verdicts)),
    ]
    trail = crumbs((LABEL, paths.HOME), (TITLE, paths.receipt(key)), (_("Uw gegevens"), None))
    return render("oog_oor/own_data.html", facts=facts, data=data, url=address, breadcrumbs=trail)


@pages.route(f"{paths.RECEIPT}/<key>/gegevens.json", public=True, cache=False)
def own_data_file(key: str) -> ResponseReturnValue:
    """The same for programs."""
    body = json.dumps(own_data(current_uow(), key).plain(), ensure_ascii=False, indent=1)
    return Response(body, content_type="application/json", headers={"Content-Disposition": 'attachment; filename="mijn-melding.json"'})


@pages.route(f"{paths.RECEIPT}/<key>/gegevens", public=True, methods=["POST"])
def forget_own_data(key: str) -> ResponseReturnValue:
    """Let go of it."""
    limit_visitor("oog_oor.forget", MOST_LETS_GO, QUARTER)
    say(forget_own(current_uow(), key))
    return go(paths.receipt(key))
