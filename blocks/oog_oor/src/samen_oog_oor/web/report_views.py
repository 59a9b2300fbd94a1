"""The pages of the steps of reporting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from citycontent.web.api import area_choices, atlas
from samen_core.api import CITY_TIME_ZONE, Invalid, Text, UnitOfWork, _, current_language, format_date, n_
from samen_core.web.api import BoundForm, crumbs, page_url, render_status
from samen_oog_oor import paths
from samen_oog_oor.labels import CHANNEL_LABELS, STATE_LABELS, TYPE_LABELS
from samen_oog_oor.queries.categories import CategoryTree, CategoryView, category_tree
from samen_oog_oor.queries.nearby import Nearby
from samen_oog_oor.queries.suggest import suggest
from samen_oog_oor.schemas.report_form import KindSchema, StaffWhatSchema, WhatSchema, WhereSchema
from samen_oog_oor.services.answers import answer_lines, check_answers
from samen_oog_oor.services.places import locate
from samen_oog_oor.services.private_words import LABELS, find_private, without_private
from samen_oog_oor.services.receiving import MOST_FILES, may_confide
from samen_oog_oor.web.common import DESK, LABEL
from samen_oog_oor.web.report_addresses import app_urls
from samen_oog_oor.web.report_draft import FIELDS, PHOTO, PREFIX, Draft, Errors, answers_of, more_schema, questions_of
from samen_oog_oor.web.report_map import chosen_point, point_map

TITLES: dict[str, Text] = {
    "wat": _("Wat ziet u?"),
    "onderwerp": _("Waar gaat het over?"),
    "plek": _("Waar is het?"),
    "bekend": _("Is dit al gemeld?"),
    "meer": _("Nog een paar vragen"),
    "controle": _("Klopt alles?"),
}
SHOWN = ("wat", "onderwerp", "plek", "meer", "controle")
"""The steps that are counted; what is known already is a part of the third."""


def report_page(
    uow: UnitOfWork,
    path: str,
    draft: Draft,
    step: str,
    errors: Errors | None = None,
    *,
    staff: bool,
    near: Sequence[Nearby] = (),
    with_map: bool = False,
) -> ResponseReturnValue:
    """The page of a step; with something wrong it answers 400."""
    tree = category_tree(uow)
    category = draft.category(tree)
    if step in ("meer", "controle", "bekend") and category is None:
        step = "onderwerp"
    form = _form(uow, draft, step, tree, errors or {}, staff=staff)
    shown = FIELDS[step] if step != "meer" else (*FIELDS[step], *(item.name for item in form.fields))
    more: dict[str, Any] = {}
    if step == "onderwerp":
        proposed = bool(form["category_id"].options)
        # One of the two has to be filled in.
        more = {
            "kinds": [replace(form["category_id"], required=True), form["other"]] if proposed else [replace(form["other"], required=True)]
        }
    elif step == "wat":
        more = {
            "photos": [str(id) for id in draft.file_ids],
            "most": MOST_FILES,
            "most_megabytes": uow.platform.config.limits.upload_bytes // 1_000_000,
        }
    elif step == "plek":
        more = _place_parts(uow, draft, with_map=with_map)
    elif step == "bekend":
        more = {"near": [_near_view(one) for one in near]}
    elif step == "meer":
        more = {
            "questions": [item for item in form.fields if item.name.startswith(PREFIX)],
            "has_account": uow.actor.account_id is not None,
        }
    elif step == "controle" and category is not None:
        more = _summary(uow, draft, tree, category, staff=staff)
    number = SHOWN.index(step) + 1 if step in SHOWN else 3
    return render_status(
        400 if errors else 200,
        "oog_oor/report.html",
        step=step,
        title=TITLES[step],
        number=number,
        total=len(SHOWN),
        form=form,
        hidden=draft.hidden({*shown, PHOTO} if step == "wat" else shown),
        action=page_url(path),
        staff=staff,
        draft=draft,
        app=app_urls(),
        breadcrumbs=_trail(staff=staff),
        **more,
    )


def stop_page(path: str, draft: Draft, category: CategoryView, *, staff: bool) -> ResponseReturnValue:
    """Where to go instead, for what cannot be reported here; what was filled in stays, to choose again."""
    language = current_language()
    return render_status(
        200,
        "oog_oor/report_stop.html",
        category=category,
        name=category.called(language),
        emergency=category.stop == "emergency",
        text=category.stop_for(language),
        phone=category.stop_phone,
        phone_url=dialled(category.stop_phone),
        translated=bool(language == "en" and category.stop_text_en),
        url=category.stop_url,
        site=(urlsplit(category.stop_url).hostname or "").removeprefix("www."),
        hidden=draft.hidden(("category_id",)),
        action=page_url(path),
        home_url=page_url(paths.HOME),
        breadcrumbs=_trail(staff=staff),
    )


def dialled(phone: str) -> str:
    """The address that calls a number; empty without one."""
    return "tel:" + "".join(sign for sign in phone if sign.isdigit() or sign == "+") if phone else ""


def _trail(*, staff: bool) -> list[Any]:
    if staff:
        return crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (_("Melding invoeren"), None))
    return crumbs((LABEL, paths.HOME), (_("Doe een melding"), None))


def _form(uow: UnitOfWork, draft: Draft, step: str, tree: CategoryTree, errors: Errors, *, staff: bool) -> BoundForm:
    schema: type[Schema] = {"onderwerp": KindSchema, "plek": WhereSchema}.get(step, StaffWhatSchema if staff else WhatSchema)
    options: dict[str, Any] = {}
    data: Any = draft.form
    if step == "meer":
        category = draft.category(tree)
        schema = more_schema(questions_of(draft, category)) if category is not None else WhatSchema
    elif step == "onderwerp":
        proposed, options = _kinds(uow, draft, tree)
        data = draft.form.copy()
        if draft.id("category_id") is not None and draft.id("category_id") not in proposed:
            data["other"], data["category_id"] = draft.get("category_id"), ""
        elif not draft.get("category_id") and proposed:
            data["category_id"] = str(proposed[0])
    elif step == "plek":
        options = {"area_id": area_choices(atlas(uow))}
    return BoundForm(schema, data=data, errors=errors, options=options)


def _kinds(uow: UnitOfWork, draft: Draft, tree: CategoryTree) -> tuple[list[Any], dict[str, Any]]:
    """The proposed categories, best first, and the answers of both fields."""
    language, confide = current_language(), may_confide(uow)
    proposed = [one.category for one in suggest(uow, draft.get("text"), confidential=confide)]
    names = [(str(one.id), _with_main(tree, one, language)) for one in proposed]
    everything = [
        (str(sub.id), f"{main.called(language)}: {sub.called(language)}")
        for main, subs in tree.offered(confidential=confide)
        for sub in subs
    ]
    return [one.id for one in proposed], {"category_id": names, "other": everything}


def _with_main(tree: CategoryTree, category: CategoryView, language: str) -> str:
    main = tree.parent(category)
    return f"{category.called(language)} ({main.called(language)})" if main is not None else category.called(language)


def _place_parts(uow: UnitOfWork, draft: Draft, *, with_map: bool) -> dict[str, Any]:
    area = atlas(uow).tree.get(draft.id("area_id"))
    point = draft.point
    return {
        "point": point,
        "drawing": chosen_point(uow, *point) if point is not None else None,
        "map": point_map(uow, area) if with_map and area is not None else None,
        "to_map": request.form.get("naar") == "kaart",
        "placeless": draft.may_be_placeless,
    }


def _near_view(one: Nearby) -> dict[str, Any]:
    return {
        "case": one,
        "state": STATE_LABELS[one.state],
        "url": page_url(paths.case(one.number)) if one.readable else "",
        "day": format_date(one.reported_at.astimezone(CITY_TIME_ZONE)),
        "people": n_("{n} melding", "{n} meldingen", one.signals + one.supports),
    }


def _summary(uow: UnitOfWork, draft: Draft, tree: CategoryTree, category: CategoryView, *, staff: bool) -> dict[str, Any]:
    """Everything that will be sent, each with the step in which it can be changed."""
    language = current_language()
    text = draft.get("text")
    found = find_private(text)
    area = atlas(uow).tree.get(draft.id("area_id"))
    words = [draft.get("address"), f"{draft.get('postcode')} {draft.get('house_number')}".strip(), area.name if area else ""]
    place: list[Text | str] = [word for word in words if word]
    if draft.point is not None:
        place.insert(0, _("Het punt dat u koos"))
        if area is None and (name := _area_at(uow, draft)):
            place.append(name)
    contact = [draft.get(name) for name in ("name", "email", "phone") if draft.get(name)]
    rows: list[tuple[str, Text, list[Text | str]]] = [
        ("wat", _("Uw verhaal"), [text]),
        ("wat", _("Soort melding"), [TYPE_LABELS.get(draft.get("type"), TYPE_LABELS["problem"])]),
    ]
    if draft.file_ids:
        rows.append(("wat", _("Foto’s"), [n_("{n} foto", "{n} foto's", len(draft.file_ids))]))
    if staff:
        rows.append(("wat", _("Hoe het binnenkwam"), [CHANNEL_LABELS["meeting" if draft.get("channel") == "meeting" else "staff"]]))
    rows.append(("onderwerp", _("Onderwerp"), [_with_main(tree, category, language)]))
    rows.append(("plek", _("Plek"), place or [_("Geen plek")]))
    rows += [("meer", Text("{label}", {"label": label}), values) for label, values in _answers(draft, category)]
    rows.append(
        ("meer", _("Contact"), list(contact) if contact else [_("U liet niets achter. Bewaar straks de code om uw melding te volgen.")])
    )
    kinds = list(dict.fromkeys(one.kind for one in found))
    return {
        "rows": rows,
        "joins": bool(draft.get("case_id")),
        "found": [(LABELS[kind], [text[one.start : one.end] for one in found if one.kind == kind]) for kind in kinds],
        "hidden_text": without_private(text) if found else "",
        "hide": draft.get("hide") != "nee",
    }


def _area_at(uow: UnitOfWork, draft: Draft) -> str:
    """The buurt of the point, for who cannot see on a map whether it is right; empty outside the city."""
    try:
        return locate(uow, draft.place).area_name if draft.place is not None else ""
    except Invalid:
        return ""


def _answers(draft: Draft, category: CategoryView) -> list[tuple[Any, list[Any]]]:
    try:
        given = check_answers(category, answers_of(draft, category), joins=bool(draft.get("case_id")))
        return [(label, list(values)) for label, values in answer_lines(category, given)]
    except Invalid:
        return []
