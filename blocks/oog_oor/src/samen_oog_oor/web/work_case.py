"""The page at which staff work at a case: what was reported, what to do now, what was said, and everything that happened."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from citycontent.web.api import Atlas, area_path, atlas, list_page, small_map
from samen_core.api import (
    Invalid,
    NotFound,
    PageRequest,
    Text,
    UnitOfWork,
    _,
    current_language,
    format_date,
    format_day,
    format_moment,
    parse,
)
from samen_core.web.api import BoundForm, crumbs, current_uow, go, page_url, render, render_status, say
from samen_oog_oor import paths
from samen_oog_oor.labels import PRIORITY_LABELS, PUBLICATION_LABELS, RESOLUTION_LABELS, STATE_BADGES, STATE_LABELS, TYPE_LABELS
from samen_oog_oor.models import Case, Signal
from samen_oog_oor.models.base import CLOSED, OPEN, STATES, WAITING
from samen_oog_oor.permissions import DEFINE, HANDLE, SEE_CONTACT, TRIAGE
from samen_oog_oor.queries import work_case as queries
from samen_oog_oor.queries.categories import CategoryTree, category_tree
from samen_oog_oor.queries.routing import routing_desk
from samen_oog_oor.queries.work import AnyRow, is_late
from samen_oog_oor.schemas.work import OpenContactSchema
from samen_oog_oor.services.common import find_case, may_work, scopes_of
from samen_oog_oor.services.contact import open_contact
from samen_oog_oor.services.moving import possible_states
from samen_oog_oor.services.receipt_keys import short_code
from samen_oog_oor.services.route_words import explanation
from samen_oog_oor.services.servers import try_again
from samen_oog_oor.services.viewings import note_viewing
from samen_oog_oor.web.common import DESK, LABEL, SMALL_MAP, pages, tabs
from samen_oog_oor.web.work_parts import (
    forward_of,
    forward_views,
    inquiry_views,
    merged_lines,
    signal_views,
    task_lines,
    viewing_lines,
)
from samen_oog_oor.web.work_route import SEND_BACK
from samen_oog_oor.working_days import today

PAGE = paths.work("<number>")
AFTER = ("in_progress", "planned", "resolved", "not_resolved", "referred", "assigned", "triaged")
"""The steps with a button of their own, in this order; the others are in the form."""
STEP_LABELS: dict[str, Text] = {
    "triaged": _("Bekeken: zoek uit wie dit oppakt"),
    "assigned": _("Toegewezen"),
    "in_progress": _("Neem in behandeling"),
    "planned": _("Plan het werk in"),
    "resolved": _("Sluit af: opgelost"),
    "not_resolved": _("Sluit af: niet opgelost"),
    "referred": _("Sluit af: doorverwezen"),
}


def case_to_show(uow: UnitOfWork, number: str) -> Case:
    """A case at which the actor may work; who opens a confidential one is written down.

    Raises NotFound, also for one that is not theirs to know of, and NotAllowed.
    """
    case = find_case(uow, number)
    if not may_work(uow, case):
        HANDLE.require(uow.actor, case.id, scopes=scopes_of(case))
    if case.confidential:
        note_viewing(uow, case.id, "confidential")
    return case


@pages.route(PAGE, permission=HANDLE)
def work_case(number: str) -> ResponseReturnValue:
    """The case."""
    uow = current_uow()
    case = case_to_show(uow, number)
    book, tree = atlas(uow), category_tree(uow)
    signals = queries.signals_of(uow, case.id, PageRequest(limit=queries.SHOWN))
    desk = routing_desk(uow)
    routes = queries.routes_lately(uow, case.id)
    views = signal_views(uow, case, signals.items, tree)
    is_open = case.publication == "full" and not case.confidential
    return render(
        "oog_oor/work_case.html",
        tabs=tabs(uow.actor, paths.DESK),
        case=case,
        facts=_facts(case, book, tree, queries.names_of_case(uow, case)),
        badges=_badges(uow, case),
        map=small_map(book, [(case.lat, case.lon)], _("Waar het is"), SMALL_MAP) if case.lat is not None and case.lon is not None else "",
        steps=steps(case),
        acts=_acts(uow, case),
        take_url=page_url(paths.work(number, "neem"))
        if case.assignee_id != uow.actor.account_id and case.state not in CLOSED and case.merged_into_id is None
        else None,
        send_back_url=page_url(paths.work(number, SEND_BACK))
        if case.organization_id is not None and case.state in OPEN - WAITING - {"reopening_requested"}
        else None,
        inquiries=inquiry_views(uow, case, views),
        signals=views,
        signals_url=page_url(paths.work(number, "meldingen")) if signals.next else None,
        routes=[(format_date(route.at), explanation(uow, desk, route, case.type)) for route in routes],
        tasks=task_lines(uow, case),
        forwards=forward_views(uow, case),
        notes=[(format_moment(row.at), row.name or _("Een melder of het platform"), row.text) for row in queries.notes_of(uow, case.id)],
        note_url=page_url(paths.work(number, "notitie")),
        updates=[
            (format_moment(row.at), STATE_LABELS[row.state], row.text, row.public and is_open) for row in queries.updates_of(uow, case.id)
        ],
        verdicts=[(format_date(row.at), row.content, row.reason, row.decision) for row in queries.verdicts_of(uow, case.id)],
        history=queries.history_of(uow, case.id),
        viewings=viewing_lines(uow, case),
        merged=merged_lines(uow, case),
        merged_into=_other(queries.case_number(uow, case.merged_into_id)),
        public_url=page_url(paths.case(number)) if is_open else None,
        pdf_url=page_url(paths.work(number, "zaak.pdf")),
        dense=True,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (case.number, None)),
    )


@pages.route(paths.work("<number>", "meldingen"), permission=HANDLE)
def work_signals(number: str) -> ResponseReturnValue:
    """Every signal of a case, page by page."""
    uow = current_uow()
    case = case_to_show(uow, number)
    where = list_page(paths.work(number, "meldingen"))
    page = queries.signals_of(uow, case.id, where.request(queries.SHOWN))
    return render(
        "oog_oor/work_signals.html",
        case=case,
        signals=signal_views(uow, case, page.items, category_tree(uow)),
        dense=True,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (case.number, paths.work(number)), (_("Meldingen"), None)),
        **where.pager(page),
    )


@pages.route(paths.work("<number>", "contact/<uuid:id>"), permission=SEE_CONTACT, methods=["GET", "POST"])
def work_contact(number: str, id: uuid.UUID) -> ResponseReturnValue:
    """Ask why, then show how to reach the reporter of a signal; who looked and why is written down."""
    uow = current_uow()
    case = case_to_show(uow, number)
    signal = uow.session.get(Signal, id)
    if signal is None or signal.case_id != case.id:
        raise NotFound
    SEE_CONTACT.require(uow.actor, case.id, scopes=scopes_of(case))
    if request.method == "GET":
        return _contact_page(case, signal, BoundForm(OpenContactSchema()))
    try:
        command = parse(OpenContactSchema, request.form)
    except Invalid as error:
        return _contact_page(case, signal, BoundForm(OpenContactSchema(), data=request.form, errors=error.errors), status=400)
    return _contact_page(case, signal, None, contact=open_contact(uow, case, id, command.reason))


def _contact_page(case: Case, signal: Signal, form: BoundForm | None, *, contact: Any = None, status: int = 200) -> ResponseReturnValue:
    return render_status(
        status,
        "oog_oor/work_contact.html",
        case=case,
        code=short_code(signal.code),
        form=form,
        contact=contact,
        action=page_url(paths.work(case.number, f"contact/{signal.id}")),
        back_url=page_url(paths.work(case.number)),
        dense=True,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (case.number, paths.work(case.number)), (_("Contactgegevens"), None)),
    )


@pages.route(paths.work("<number>", "doorgestuurd/<uuid:id>/opnieuw"), permission=DEFINE, methods=["POST"])
def work_forward_again(number: str, id: uuid.UUID) -> ResponseReturnValue:
    """Send the case once more to a server that did not take it."""
    uow = current_uow()
    case = case_to_show(uow, number)
    if not forward_of(uow, case, id):
        raise NotFound
    try_again(uow, id)
    say(_("Wij proberen het opnieuw. Dat duurt een paar minuten."))
    return go(paths.work(number))


def steps(case: Case) -> list[tuple[Text, str]]:
    """The moves that the case can make now, each with the address of the form that makes it."""
    if case.state == "reopening_requested":
        return [(_("Beslis over het heropenen"), page_url(paths.work(case.number, "heropening")))]
    possible = possible_states(case)
    found = [
        (
            _("Heropen de zaak") if case.state in CLOSED else STEP_LABELS[state],
            page_url(paths.work(case.number, "verder")) + f"?naar={state}",
        )
        for state in AFTER
        if state in possible
    ]
    if back := [state for state in STATES if state in possible and state not in AFTER and state in OPEN and state == case.came_from]:
        found.insert(
            0, (_("Terug naar: {state}", state=STATE_LABELS[back[0]]), page_url(paths.work(case.number, "verder")) + f"?naar={back[0]}")
        )
    return found


def _acts(uow: UnitOfWork, case: Case) -> list[tuple[Text, str, str]]:
    """What else can be done, as label, address and icon."""
    if case.merged_into_id is not None:
        return []
    found: list[tuple[Text, str, str]] = [
        (_("Wie behandelt dit?"), "behandelaar", "user-round"),
        (_("Hoe dringend is dit?"), "urgentie", "flag"),
        (_("Stuur een bericht"), "bericht", "send"),
    ]
    if case.state not in CLOSED:
        found += [
            (_("Vraag de melder iets"), "vraag", "message-circle"),
            (_("Vraag iemand anders iets"), "derde", "mail"),
            (_("Voeg een taak toe"), "taak", "list-todo"),
        ]
        if case.organization_id is not None:
            found.append((_("Dit hoort niet bij ons"), "verkeerd-bureau", "undo-2"))
    if TRIAGE.allows(uow.actor, case.id, scopes=scopes_of(case)):
        if case.state not in CLOSED:
            found.append((_("Stuur naar een andere organisatie"), "overdragen", "building-2"))
        found.append((_("Voeg samen met een andere zaak"), "samenvoegen", "merge"))
        found.append((_("Verbeter de categorie of de plek"), "categorie-en-plek", "map-pin"))
        found.append((_("Wat iedereen ziet"), "openbaar", "eye"))
    return [(label, page_url(paths.work(case.number, part)), name) for label, part, name in found]


def _facts(case: Case, book: Atlas, tree: CategoryTree, names: tuple[str, str]) -> list[tuple[Text, Any]]:
    """What there is to know, by name; ``names`` are those of the organisation and of who handles it."""
    organization, assignee = names
    category, area = tree.by_id.get(case.category_id), book.tree.get(case.area_id)
    area_link = Markup('<a class="nl-link" href="{}">{}</a>').format(page_url(area_path(area)), area.name) if area else ""
    waited = _("De klok staat stil sinds {day}.", day=format_date(case.waiting_since)) if case.waiting_since else ""
    return [
        (_("Categorie"), category.called(current_language()) if category else ""),
        (_("Waar"), case.address),
        (_("Buurt"), area_link),
        (_("Organisatie"), organization or _("Nog geen organisatie")),
        (_("Behandelaar"), assignee or _("Nog niemand")),
        (_("Gemeld op"), format_date(case.reported_at)),
        (_("Beloofd"), format_day(case.promised_on) if case.promised_on else ""),
        (_("Ingepland op"), format_day(case.planned_on) if case.planned_on else ""),
        (_("Wacht"), waited),
        (_("Afgesloten op"), format_date(case.closed_at) if case.closed_at else ""),
        (_("Hoe het is afgelopen"), RESOLUTION_LABELS.get(case.resolution or "", "")),
        (_("Ziet dit ook"), str(case.supports) if case.supports else ""),
        (_("Wat iedereen ziet"), PUBLICATION_LABELS[case.publication] if not case.confidential else _("Niets: de zaak is vertrouwelijk")),
    ]


def _badges(uow: UnitOfWork, case: Case) -> list[tuple[Text, str]]:
    found = [(STATE_LABELS[case.state], STATE_BADGES[case.state]), (TYPE_LABELS[case.type], "neutral")]
    if is_late(case.state, case.promised_on, today(uow)):
        found.append((_("Te laat"), "danger"))
    if case.priority != "normal":
        found.append(
            (_("Urgentie: {priority}", priority=PRIORITY_LABELS[case.priority]), "warning" if case.priority == "high" else "neutral")
        )
    if case.confidential:
        found.append((_("Vertrouwelijk"), "danger"))
    return found


def _other(row: AnyRow | None) -> tuple[str, str] | None:
    return (f"{row.number}: {row.title}", page_url(paths.work(row.number))) if row is not None else None
