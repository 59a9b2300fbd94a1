"""Reporting in a few short steps, without account and without JavaScript; whatever goes wrong, what was filled in stays."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import atlas
from samen_core.api import Conflict, Invalid, Text, UnitOfWork, _, parse
from samen_core.web.api import current_platform, current_uow, go, limit_visitor
from samen_oog_oor import paths
from samen_oog_oor.permissions import HANDLE
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.queries.nearby import Nearby, cases_nearby
from samen_oog_oor.schemas.report_form import KindSchema, StaffWhatSchema, WhatSchema, WhereSchema
from samen_oog_oor.services import limits
from samen_oog_oor.services.places import NO_PLACE, locate
from samen_oog_oor.services.private_words import without_private
from samen_oog_oor.services.receiving import receive_once
from samen_oog_oor.web.common import pages
from samen_oog_oor.web.report_draft import PHOTOS, PREFIX, STEPS, Draft, Errors, answers_of, keep_photos, more_schema, questions_of
from samen_oog_oor.web.report_map import POINT, clicked
from samen_oog_oor.web.report_views import report_page, stop_page

TRAP = "website"


@pages.route(paths.REPORT, public=True, cache=False, methods=["GET", "POST"])
def report() -> ResponseReturnValue:
    """The steps of reporting."""
    return _wizard(paths.REPORT, staff=False)


@pages.route(paths.ENTER, permission=HANDLE, methods=["GET", "POST"])
def enter() -> ResponseReturnValue:
    """The same for staff, who write down what somebody says on the phone or at a meeting."""
    return _wizard(paths.ENTER, staff=True)


def _wizard(path: str, *, staff: bool) -> ResponseReturnValue:
    if request.method == "GET":
        return report_page(current_uow(), path, Draft.new(), "wat", staff=staff)
    asked = request.form.get("naar", "")
    if asked == "versturen" and not staff:
        limit_sending(request.form.get("email", ""))
    uow, draft = current_uow(), Draft.sent()
    step = request.form.get("stap", "wat")
    if step not in STEPS:
        step = "wat"
    photos = keep_photos(uow, draft) if step == "wat" else {}
    if f"{POINT}.x" in request.form or asked == "kaart":
        return _on_map(uow, path, draft, staff=staff)
    if asked in STEPS:
        return report_page(uow, path, draft, asked, staff=staff)
    if asked == "terug":
        return report_page(uow, path, draft, _before(step), staff=staff)
    if asked == "versturen":
        return send(uow, path, draft, staff=staff)
    errors = photos | _trapped() | check_step(uow, draft, step, staff=staff)
    if errors:
        return report_page(uow, path, draft, step, errors, staff=staff)
    return _next(uow, path, draft, step, staff=staff)


def limit_sending(email: str) -> None:
    """Count a report that is sent, and the mail that it asks for. Raises TooMany. Before the unit of work is used."""
    limit_visitor("oog_oor.report", limits.SENDS, limits.HOUR)
    limits.limit_mail(current_platform(), email)


def _on_map(uow: UnitOfWork, path: str, draft: Draft, *, staff: bool) -> ResponseReturnValue:
    """The step about the place with the map of the buurt that was chosen, and the point that was clicked on it."""
    area = atlas(uow).tree.get(draft.id("area_id"))
    errors: Errors = {}
    if area is None:
        errors = {"area_id": [_("Kies eerst een buurt. Dan ziet u de kaart van die buurt.")]}
    elif f"{POINT}.x" in request.form:
        point = clicked(uow, area)
        if point is None:
            errors = {"": [_("Klik op de plek op de kaart. Gebruikt u geen muis? Vul dan een adres in of beschrijf de plek.")]}
        else:
            draft.put("lat", f"{point[0]:.6f}")
            draft.put("lon", f"{point[1]:.6f}")
    return report_page(uow, path, draft, "plek", errors, staff=staff, with_map=True)


def _before(step: str) -> str:
    if step in ("bekend", "meer"):
        return "plek"
    return STEPS[max(0, STEPS.index(step) - 1)]


def _next(uow: UnitOfWork, path: str, draft: Draft, step: str, *, staff: bool) -> ResponseReturnValue:
    if step == "onderwerp":
        category = draft.category(category_tree(uow))
        if category is not None and category.stop:
            return stop_page(path, draft, category, staff=staff)
    if step == "plek":
        draft.put("case_id", "")
        near = nearby_of(uow, draft)
        if near:
            return report_page(uow, path, draft, "bekend", staff=staff, near=near)
        return report_page(uow, path, draft, "meer", staff=staff)
    return report_page(uow, path, draft, STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)], staff=staff)


def nearby_of(uow: UnitOfWork, draft: Draft) -> list[Nearby]:
    """What was reported before close to the place of a draft."""
    category, place = draft.category(category_tree(uow)), draft.place
    if category is None or place is None:
        return []
    try:
        located = locate(uow, place)
    except Invalid:
        return []
    return cases_nearby(uow, category, located.lat, located.lon) if located.lat is not None and located.lon is not None else []


def check_step(uow: UnitOfWork, draft: Draft, step: str, *, staff: bool) -> Errors:
    """What is wrong with what one step asks."""
    try:
        if step == "wat":
            parse(StaffWhatSchema if staff else WhatSchema, draft.form)
        elif step == "onderwerp":
            parse(KindSchema, draft.form)
            if draft.category(category_tree(uow)) is None:
                return {"category_id": [_("Kies waar uw melding over gaat.")]}
        elif step == "plek":
            parse(WhereSchema, draft.form)
            if draft.place is not None:
                locate(uow, draft.place)
            elif not draft.may_be_placeless:
                return {"": [NO_PLACE]}
        elif step == "meer":
            return _check_more(uow, draft, staff=staff)
    except Invalid as error:
        return named(error.errors)
    return {}


def _check_more(uow: UnitOfWork, draft: Draft, *, staff: bool) -> Errors:
    category = draft.category(category_tree(uow))
    if category is None:
        return {}
    parse(more_schema(questions_of(draft, category)), draft.form)
    if category.confirm_by_mail and uow.actor.is_anonymous and not staff and not draft.get("email"):
        return {"email": [_("Vul een e-mailadres in: bij deze soort melding vragen wij u om een bevestiging.")]}
    return {}


def send(uow: UnitOfWork, path: str, draft: Draft, *, staff: bool) -> ResponseReturnValue:
    """Check every step again, take the report in, and go to the receipt; with a mistake back to the step that it is in."""
    for step in ("wat", "onderwerp", "plek", "meer"):
        errors = check_step(uow, draft, step, staff=staff) | _trapped()
        if errors:
            return report_page(uow, path, draft, step, errors, staff=staff)
    category = draft.category(category_tree(uow))
    if category is None or category.stop:
        return report_page(uow, path, draft, "onderwerp", staff=staff)
    text = draft.get("text").replace("\r\n", "\n")
    if draft.get("hide") == "ja":
        text = without_private(text)
    try:
        received = receive_once(uow, draft.command(answers_of(draft, category), text, staff=staff))
    except Invalid as error:
        uow.rollback()
        if "case_id" in error.errors:
            draft.put("case_id", "")
        found = named(error.errors)
        return report_page(uow, path, draft, step_of(found), found, staff=staff)
    except Conflict:
        # The page of an earlier report was opened again and changed: it is another report.
        uow.rollback()
        draft.put("sleutel", Draft.new().get("sleutel"))
        told = _("U verstuurde deze melding al, met een andere tekst. Wilt u dit ook melden? Verstuur het dan nog een keer.")
        return report_page(uow, path, draft, "controle", {"": [told]}, staff=staff)
    return go(paths.receipt(received.key, "bedankt"))


def _trapped() -> Errors:
    if request.form.get(TRAP):
        return {"": [_("Een verborgen veld is ingevuld. Vult een programma dit formulier in? Maak het veld dan leeg.")]}
    return {}


_OF = {"text": "wat", "type": "wat", PHOTOS: "wat", "channel": "wat", "category_id": "onderwerp", "case_id": "controle"}


def step_of(errors: Errors) -> str:
    """The first step in which something is wrong."""
    found = {_OF.get(name) or ("meer" if name.startswith(PREFIX) or name == "email" else "plek") for name in errors}
    return next((step for step in STEPS if step in found), "controle")


def named(errors: dict[str, list[Text]]) -> Errors:
    """The errors of a service by the names of the form."""
    found: Errors = {}
    for name, texts in errors.items():
        found.setdefault(_field(name), []).extend(texts)
    return found


def _field(name: str) -> str:
    if name.startswith("answers."):
        return PREFIX + name.removeprefix("answers.")
    if name == "files":
        return PHOTOS
    return "" if name == "place" else name.removeprefix("place.").removeprefix("contact.")
