"""The page at which staff work at a case: what was reported, what to do now, what was said, and everything that happened."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask.typing import ResponseReturnValue
from markupsafe import Markup

from citycontent.web.api import Atlas, area_path, atlas, list_page
from samen_core.api import (
    PageRequest,
    StoredFile,
    Text,
    UnitOfWork,
    _,
    current_language,
    format_date,
    format_day,
    format_moment,
)
from samen_core.web.api import crumbs, current_uow, page_url, render
from samen_oog_oor import paths
from samen_oog_oor.labels import (
    CHANNEL_LABELS,
    PRIORITY_LABELS,
    PUBLICATION_LABELS,
    RESOLUTION_LABELS,
    STATE_BADGES,
    STATE_LABELS,
    TYPE_LABELS,
)
from samen_oog_oor.models import Case
from samen_oog_oor.models.base import CLOSED, OPEN, STATES
from samen_oog_oor.permissions import HANDLE, SEE_CONTACT, TRIAGE
from samen_oog_oor.queries import work_case as queries
from samen_oog_oor.queries.categories import CategoryTree, category_tree
from samen_oog_oor.queries.routing import routing_desk
from samen_oog_oor.queries.work import AnyRow, city_day, is_late
from samen_oog_oor.services.answers import answer_lines
from samen_oog_oor.services.common import find_case, may_work, scopes_of
from samen_oog_oor.services.contact import open_contact
from samen_oog_oor.services.inquiries import PHOTOS, form_of_inquiry
from samen_oog_oor.services.moving import possible_states
from samen_oog_oor.services.originals import desk_pictures
from samen_oog_oor.services.route_words import explanation
from samen_oog_oor.services.viewings import note_viewing
from samen_oog_oor.web.case_map import small_map
from samen_oog_oor.web.common import DESK, LABEL, pages, tabs

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
TASK_BADGES = {"open": "info", "done": "success", "dropped": "neutral"}
TASK_LABELS: dict[str, Text] = {"open": _("Open"), "done": _("Klaar"), "dropped": _("Vervallen")}
ASKED_LABELS: dict[str, Text] = {"reporter": _("Aan de melder"), "third_party": _("Aan iemand anders")}


@dataclass(frozen=True, slots=True)
class SignalView:
    """One signal as staff see it; ``unseen`` pictures are there, but not for the actor."""

    id: str
    code: str
    at: str
    text: str
    type: Text
    channel: Text
    address: str
    answers: list[tuple[Text | str, str]]
    pictures: list[StoredFile]
    unseen: int
    contact_url: str | None
    has_contact: bool
    withdrawn: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class InquiryView:
    """A question and what came back."""

    id: str
    to: Text
    who: str
    text: str
    asked: str
    due: str
    state: Text
    kind: str
    answers: list[tuple[Text | str, str]]
    back_url: str | None


def case_to_show(uow: UnitOfWork, number: str) -> Case:
    """A case at which the actor may work; who opens a confidential one is written down.

    Raises NotFound, also for one that is not theirs to know of, and NotAllowed.
    """
    case = find_case(uow, number)
    if not may_work(uow, case):
        HANDLE.require(uow.actor, case.id, scopes=scopes_of(case))
    if case.confidential:
        note_viewing(uow.platform, uow.actor, case.id, "confidential")
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
    scopes = scopes_of(case)
    return render(
        "oog_oor/work_case.html",
        tabs=tabs(uow.actor, paths.DESK),
        case=case,
        facts=_facts(case, book, tree, queries.names_of_case(uow, case)),
        badges=_badges(uow, case),
        map=small_map(book, [(case.lat, case.lon)], _("Waar het is")) if case.lat is not None and case.lon is not None else "",
        steps=steps(case),
        acts=_acts(uow, case),
        take_url=page_url(paths.work(number, "neem"))
        if case.assignee_id != uow.actor.account_id and case.state not in CLOSED and case.merged_into_id is None
        else None,
        signals=signal_views(uow, case, signals.items, tree),
        signals_url=page_url(paths.work(number, "meldingen")) if signals.next else None,
        routes=[(format_date(route.at), explanation(uow, desk, route, case.type)) for route in routes],
        inquiries=_inquiries(uow, case),
        tasks=_tasks(uow, case),
        notes=[(format_moment(row.at), row.name or _("Een melder of het platform"), row.text) for row in queries.notes_of(uow, case.id)],
        note_url=page_url(paths.work(number, "notitie")),
        updates=[(format_moment(row.at), STATE_LABELS[row.state], row.text, row.public) for row in queries.updates_of(uow, case.id)],
        verdicts=[(format_date(row.at), row.content, row.reason, row.decision) for row in queries.verdicts_of(uow, case.id)],
        history=queries.history_of(uow, case.id),
        viewings=[(format_moment(row.at), row.name or "", WHAT[row.what]) for row in queries.viewings_of(uow, case.id) if row.what in WHAT]
        if SEE_CONTACT.allows(uow.actor, case.id, scopes=scopes)
        else [],
        merged=_merged(uow, case),
        merged_into=_other(queries.case_number(uow, case.merged_into_id)),
        public_url=page_url(paths.case(number)) if case.publication == "full" and not case.confidential else None,
        pdf_url=page_url(paths.work(number, "zaak.pdf")),
        dense=True,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (case.number, None)),
    )


WHAT: dict[str, Text] = {
    "contact": _("contactgegevens"),
    "picture": _("het origineel van een foto"),
    "confidential": _("een vertrouwelijke zaak"),
}


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


@pages.route(paths.work("<number>", "contact/<uuid:id>"), permission=SEE_CONTACT, methods=["POST"])
def work_contact(number: str, id: uuid.UUID) -> ResponseReturnValue:
    """Show how to reach the reporter of a signal; that is written down."""
    uow = current_uow()
    case = case_to_show(uow, number)
    contact = open_contact(uow, case, id)
    return render(
        "oog_oor/work_contact.html",
        case=case,
        contact=contact,
        back_url=page_url(paths.work(number)),
        dense=True,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (case.number, paths.work(number)), (_("Contactgegevens"), None)),
    )


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


def signal_views(uow: UnitOfWork, case: Case, rows: Sequence[AnyRow], tree: CategoryTree) -> list[SignalView]:
    """Signals with their pictures and answers. Two statements; who sees originals is written down."""
    files = desk_pictures(uow, case, [row.id for row in rows])
    category = tree.by_id.get(case.category_id)
    may_reach = SEE_CONTACT.allows(uow.actor, case.id, scopes=scopes_of(case))
    return [
        SignalView(
            id=row.id.hex,
            code=row.code,
            at=format_moment(row.at),
            text=row.text,
            type=TYPE_LABELS[row.type],
            channel=CHANNEL_LABELS[row.channel],
            address=row.address if row.address != case.address else "",
            answers=[(label, ", ".join(map(str, values))) for label, values in answer_lines(category, row.answers)] if category else [],
            pictures=files[row.id].shown,
            unseen=files[row.id].unseen,
            contact_url=page_url(paths.work(case.number, f"contact/{row.id}")) if may_reach and row.has_contact else None,
            has_contact=bool(row.has_contact),
            withdrawn=row.withdrawn_at is not None,
            confirmed=row.confirmed_at is not None,
        )
        for row in rows
    ]


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
    if is_late(case.state, case.promised_on, city_day(uow)):
        found.append((_("Te laat"), "danger"))
    if case.priority != "normal":
        found.append(
            (_("Urgentie: {priority}", priority=PRIORITY_LABELS[case.priority]), "warning" if case.priority == "high" else "neutral")
        )
    if case.confidential:
        found.append((_("Vertrouwelijk"), "danger"))
    return found


def _inquiries(uow: UnitOfWork, case: Case) -> list[InquiryView]:
    found = []
    for row in queries.inquiries_of(uow, case.id):
        is_open = row.closed_at is None and row.due_at > uow.now
        state, kind = (
            (_("Beantwoord"), "success") if row.answered_at else (_("Open"), "info") if is_open else (_("Geen antwoord"), "warning")
        )
        labels = {question.name: question.label for question in form_of_inquiry(row).questions if question.name != PHOTOS}
        given = row.answers or {}
        found.append(
            InquiryView(
                id=row.id.hex,
                to=ASKED_LABELS[row.to],
                who=row.organization_name or "",
                text=row.text,
                asked=format_moment(row.asked_at),
                due=format_date(row.due_at - timedelta(seconds=1)),
                state=state,
                kind=kind,
                answers=[(labels.get(name, name), str(value)) for name, value in given.items() if name in labels and value],
                back_url=page_url(paths.work(case.number, f"vraag/{row.id}/terug")) if is_open else None,
            )
        )
    return found


def _tasks(uow: UnitOfWork, case: Case) -> list[dict[str, Any]]:
    return [
        {
            "title": row.title,
            "note": row.note,
            "state": TASK_LABELS[row.state],
            "kind": TASK_BADGES[row.state],
            "who": ", ".join(filter(None, (row.organization_name, row.name))),
            "url": page_url(paths.work(case.number, f"taak/{row.id}")),
        }
        for row in queries.tasks_of(uow, case.id)
    ]


def _merged(uow: UnitOfWork, case: Case) -> list[tuple[str, str, str]]:
    """The cases that became part of this one: number, title and the address that makes it undone."""
    return [
        (row.number, row.title, page_url(paths.work(case.number, f"samengevoegd/{row.id}/los")))
        for row in queries.merged_into(uow, case.id)
    ]


def _other(row: AnyRow | None) -> tuple[str, str] | None:
    return (f"{row.number}: {row.title}", page_url(paths.work(row.number))) if row is not None else None
