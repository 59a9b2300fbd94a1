"""Reporting without internet: a page that the browser keeps, the worker that shows it, and where it sends what waited.

The worker belongs to reporting only; the rest of the website is never kept. What waits stands on the device, with the key that makes it
count once, however often it is sent.
"""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from citycontent.web.api import area_choices, atlas
from samen_core.api import Conflict, Invalid, Text, UnitOfWork, _, current_language
from samen_core.web.api import BoundForm, crumbs, current_platform, current_uow, page_url, render, static_url
from samen_oog_oor import paths
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.schemas.report_form import ContactSchema, WhatSchema, WhereSchema
from samen_oog_oor.services.places import NO_PLACE
from samen_oog_oor.services.private_words import without_private
from samen_oog_oor.services.receiving import MOST_FILES, PLACELESS, receive_once
from samen_oog_oor.web.common import LABEL, pages
from samen_oog_oor.web.report import TRAP, limit_sending, named
from samen_oog_oor.web.report_addresses import MANIFEST, OFFLINE, SEND, WORKER, app_urls
from samen_oog_oor.web.report_draft import PREFIX, Draft, answers_of, keep_photos
from samen_oog_oor.web.report_views import dialled

_TITLE: Text = _("Melden zonder internet")
_SHORT: Text = _("Melden")
_TRAPPED: Text = _("Een verborgen veld is ingevuld. Vult een programma dit formulier in? Maak het veld dan leeg.")
ALARM = "112"
STATIC = ("oog_oor/report.css", "oog_oor/report-store.js", "oog_oor/report-place.js", "oog_oor/report-offline.js")
FRAME = ("core/vendor/nlds.css", "core/theme-samen.css", "core/layout.css", "core/components.css", "core/favicon.svg")


@pages.route(OFFLINE, public=True)
def report_offline() -> ResponseReturnValue:
    """The whole form on one page, as the browser keeps it."""
    uow = current_uow()
    language = current_language()
    tree = category_tree(uow)
    kinds = [
        (str(sub.id), f"{main.called(language)}: {sub.called(language)}") for main, subs in tree.offered() for sub in subs if not sub.stop
    ]
    emergencies = [sub for _main, subs in tree.offered() for sub in subs if sub.stop == "emergency"]
    return render(
        "oog_oor/report_offline.html",
        what=BoundForm(WhatSchema, data={"type": "problem"}),
        where=BoundForm(WhereSchema, options={"area_id": area_choices(atlas(uow))}),
        contact=BoundForm(ContactSchema),
        kinds=kinds,
        emergencies=[(sub, dialled(sub.stop_phone)) for sub in sorted(emergencies, key=lambda sub: sub.stop_phone != ALARM)],
        most=MOST_FILES,
        no_place=NO_PLACE,
        placeless=sorted(PLACELESS),
        app=app_urls(),
        action=page_url(paths.REPORT),
        breadcrumbs=crumbs((LABEL, paths.HOME), (_TITLE, None)),
    )


@pages.route(SEND, public=True, cache=False, methods=["POST"])
def report_send() -> ResponseReturnValue:
    """Take in what waited on a device: 201 with number and code, 200 when it came in before, 400 with what is wrong by field."""
    limit_sending(request.form.get("email", ""))
    uow, draft = current_uow(), Draft.sent()
    errors = keep_photos(uow, draft)
    try:
        if request.form.get(TRAP):
            raise Invalid({"": [_TRAPPED]})
        if errors:
            raise Invalid(errors)
        text = draft.get("text").replace("\r\n", "\n")
        if draft.get("hide") != "nee":
            text = without_private(text)
        received = receive_once(uow, replace(draft.command(_answers(uow, draft), text, staff=False), unasked=True))
    except (Invalid, Conflict) as error:
        uow.rollback()
        wrong = named(error.errors) if isinstance(error, Invalid) else {"": [error.message]}
        texts = {name: [str(text) for text in found] for name, found in wrong.items()}
        return jsonify(errors=texts, photos=[str(id) for id in draft.file_ids]), 400
    answer = {
        "number": received.case.number,
        "code": received.code,
        "url": page_url(paths.receipt(received.key)),
        "confirm": received.signal.confirmed_at is None,
    }
    return jsonify(answer), 200 if received.again else 201


def _answers(uow: UnitOfWork, draft: Draft) -> dict[str, object]:
    """Answers given before the internet went away; none when they do not fit, since this form does not ask them."""
    category = draft.category(category_tree(uow))
    if category is None or not any(name.startswith(PREFIX) for name in draft.form):
        return {}
    try:
        return answers_of(draft, category)
    except Invalid:
        return {}


@pages.route(WORKER, public=True)
def report_worker() -> Response:
    """The worker: which page and files it keeps for reporting, and the script that does so."""
    app = app_urls()
    kept = [app.offline, *(static_url(name) for name in (*FRAME, *STATIC))]
    theme = current_platform().config.city.theme
    name = sha256(json.dumps([kept, current_platform().build, theme]).encode()).hexdigest()[:12]
    facts = json.dumps(
        {"name": f"oog-{current_language()}-{name}", "kept": kept, "offline": app.offline, "scope": app.scope, "send": app.send}
    )
    scripts = json.dumps([static_url("oog_oor/report-store.js"), static_url("oog_oor/report-worker.js")])
    answer = Response(f"self.OOG = {facts};\nimportScripts(...{scripts});\n", mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = app.scope
    return answer


@pages.route(MANIFEST, public=True)
def report_manifest() -> Response:
    """What a phone shows of reporting when it stands on its home screen."""
    city = current_platform().config.city
    app = app_urls()
    facts = {
        "id": app.scope,
        "name": str(_("Melden bij {city}", city=city.short_name)),
        "short_name": str(_SHORT),
        "lang": current_language(),
        "start_url": app.scope,
        "scope": app.scope,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": [{"src": static_url("core/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return Response(json.dumps(facts, ensure_ascii=False), mimetype="application/manifest+json")
