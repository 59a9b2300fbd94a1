"""Pages of decisions: the list, one with the chain that it stands in, and their forms."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import (
    FormPage,
    FormSpec,
    Link,
    ListPage,
    Section,
    chips,
    form_page,
    in_words,
    list_page,
    one_of,
    search_field,
    select_field,
)
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import RESULT_LABELS, VOTE_LABELS
from samen_beleidsagenda.models import AgendaItem, Decision, PlanningItem, Treatment
from samen_beleidsagenda.permissions import APPROVE, DECIDE, RECORD, SEE_CONFIDENTIAL
from samen_beleidsagenda.queries import decisions as queries
from samen_beleidsagenda.queries.decisions import DecisionFilter
from samen_beleidsagenda.queries.documents import dossier_choices
from samen_beleidsagenda.queries.structure import bodies
from samen_beleidsagenda.schemas.decisions import ChangeDecisionSchema, RecordDecisionSchema
from samen_beleidsagenda.services.common import get_thing, is_public, scopes_of, today
from samen_beleidsagenda.services.decisions import change_decision, decision_values, record_decision, replace_decision, replaced_by
from samen_beleidsagenda.services.meetings import find_meeting, live_item
from samen_beleidsagenda.web.approval import acts_of
from samen_beleidsagenda.web.common import LABEL, pages, tabs
from samen_beleidsagenda.web.linked import linked as json_ld_of
from samen_beleidsagenda.web.papers import (
    body_field,
    body_filter,
    body_options,
    decision_row,
    dossier_link,
    result_badge,
    seen,
    state_field,
    state_filter,
)
from samen_beleidsagenda.web.vote_view import vote_view
from samen_core.api import CITY_TIME_ZONE, NotFound, Text, UnitOfWork, _, format_date, latest_lines
from samen_core.web.api import crumbs, current_uow, page_url, render

TITLE = _("Besluiten")
NEW = f"{paths.DECISIONS}/nieuw"
ONE = f"{paths.DECISIONS}/<uuid:id>"
FILTERS = ("q", "orgaan", "uitkomst", "jaar", "toestand")
ORDERS = {"": _("Nieuwste eerst"), "oudste": _("Oudste eerst")}
YEARS_BACK = 10
WHAT = Section(_("Wat is er besloten?"), ("title", "result", "text", "decided_on", "effective_on"))
WHY = Section(_("Waarom, en met welke inbreng?"), ("reasons", "participation"))


@pages.route(paths.DECISIONS, public=True)
def decision_list() -> ResponseReturnValue:
    """Decisions of all bodies, newest first."""
    uow = current_uow()
    where = list_page(paths.DECISIONS, *FILTERS, "volgorde")
    values, every = where.values, bodies(uow)
    body, result = body_filter(where, every), one_of(values.get("uitkomst", ""), RESULT_LABELS)
    years = [str(today(uow).year - back) for back in range(YEARS_BACK + 1)]
    year = one_of(values.get("jaar", ""), years)
    order = one_of(values.get("volgorde", ""), ORDERS) or ""
    chosen = DecisionFilter(
        text=values.get("q", ""),
        body_id=body.organization_id if body is not None else None,
        result=result,
        year=int(year) if year else None,
        state=state_filter(where, uow.actor, RECORD),
    )
    found = queries.list_decisions(uow, chosen, where.request(), order="oldest" if order else "newest")
    later = queries.replaced(uow, [row.id for row in found.items])
    picked = (
        ("q", chosen.text),
        ("orgaan", body.name if body is not None else None),
        ("uitkomst", RESULT_LABELS.get(result or "")),
        ("jaar", year),
        ("toestand", _("Nog niet openbaar") if chosen.state != "published" else None),
    )
    writes = RECORD.somewhere(uow.actor)
    return render(
        "beleidsagenda/overview.html",
        title=TITLE,
        lead=_("Wat de raad en het college hebben besloten, waarom, en wat er met uw inbreng is gedaan."),
        new=(page_url(NEW), _("Leg een besluit vast")) if DECIDE.somewhere(uow.actor) else None,
        new_icon="gavel",
        tabs=tabs(uow.actor, paths.DECISIONS),
        views=(),
        list_url=page_url(paths.DECISIONS),
        fields=_fields(where, every, years, writes),
        hidden=where.hidden("volgorde"),
        chips=chips(where, picked),
        count=in_words(found.count, _("besluit"), _("besluiten")),
        sorts=where.sorts("volgorde", ORDERS.items()),
        groups=[("", [decision_row(row, row.id in later) for row in found.items])],
        empty=(_("Er zijn nog geen besluiten"), _("Hier komt te staan wat er is besloten, met de redenen.")),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
        **where.pager(found),
    )


def _fields(where: ListPage, every: Any, years: list[str], writes: bool) -> list[Any]:
    found = [
        search_field(where, _("Zoek een besluit")),
        body_field(where, every),
        select_field(where, "uitkomst", _("Uitkomst"), tuple(RESULT_LABELS.items()), _("Alle uitkomsten")),
        select_field(where, "jaar", _("Jaar"), [(year, year) for year in years], _("Alle jaren")),
    ]
    return [*found, state_field(where)] if writes else found


@pages.route(ONE, public=True)
def decision_page(id: uuid.UUID) -> ResponseReturnValue:
    """One decision: what, why, what was done with what people said, and which decision holds now."""
    uow = current_uow()
    decision = seen(uow, Decision, id)
    around, chain = queries.around(uow, decision), queries.chain(uow, decision)
    later = next((row for row in reversed(chain) if row.id > id and row.state == "published"), None)
    lines, more_lines = latest_lines(uow, id)
    staff = not uow.actor.is_anonymous and DECIDE.allows(uow.actor, id, scopes=scopes_of(uow, decision))
    return render(
        "beleidsagenda/decision.html",
        decision=decision,
        json_ld=json_ld_of(uow, decision),
        result=result_badge(decision.result),
        body=Link(around.body.name, page_url(f"{paths.DECISIONS}?orgaan={around.body.slug}")),
        dossier=dossier_link(around.dossier) if around.dossier is not None else None,
        point=Link(f"{around.item.number} {around.item.title}".strip(), page_url(paths.agenda_item(around.item.id)))
        if around.item
        else None,
        meeting=Link(around.item.name, page_url(paths.meeting(around.item.event_id))) if around.item else None,
        votes=vote_view(uow, id),
        vote_labels=tuple(VOTE_LABELS.items()),
        chain=[_step(row, id) for row in chain] if len(chain) > 1 else [],
        now=Link(later.title, page_url(paths.decision(later.id))) if later is not None else None,
        path=paths.decision(id),
        data_links=[(_("Vaste link"), f"/id/body_decision/{id}"), (_("Gegevens als JSON"), f"/api/v1/beleidsagenda/decisions/{id}")],
        may_vote=staff,
        acts=acts_of(uow, decision),
        may_edit=staff and decision.state != "published",
        may_replace=staff and decision.state == "published" and replaced_by(uow, id) is None,
        log=lines,
        more_log=more_lines,
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.DECISIONS), (decision.title, None)),
    )


def _step(row: Any, id: uuid.UUID) -> dict[str, Any]:
    return {
        "title": row.title,
        "url": page_url(paths.decision(row.id)) if row.id != id else None,
        "date": format_date(row.decided_on),
        "body": row.body_name,
        "draft": row.state != "published",
    }


@pages.route(NEW, permission=DECIDE, methods=["GET", "POST"])
def decision_new() -> ResponseReturnValue:
    """Write down a decision; of a point (``punt`` in the address), a paper at it (``behandeling``) or a planned moment (``moment``)."""
    uow = current_uow()
    asked = {name: _asked(name) for name in ("punt", "behandeling", "moment")}
    values, hidden, back = _start(uow, asked)
    query = "&".join(f"{name}={id}" for name, id in asked.items() if id is not None)
    page = FormPage(
        title=_("Een besluit vastleggen"),
        lead=_("Een openbaar besluit verandert niet meer: het kan alleen door een nieuw besluit vervangen worden."),
        submit=_("Leg het besluit vast"),
        done=_("Het besluit is vastgelegd."),
        path=f"{NEW}?{query}" if query else NEW,
        back=back,
        trail=((LABEL, paths.HOME), (TITLE, paths.DECISIONS), (_("Vastleggen"), None)),
    )

    def write(command: Any) -> str:
        return paths.decision(record_decision(uow, command).id)

    spec = FormSpec(RecordDecisionSchema, fixed=tuple(hidden))
    sections = _sections(uow, hidden)
    return form_page(uow, page, spec, sections, write, values=values, options=_options(uow, values))


@pages.route(f"{ONE}/bewerken", permission=DECIDE, methods=["GET", "POST"])
def decision_edit(id: uuid.UUID) -> ResponseReturnValue:
    """Change a draft."""
    uow = current_uow()
    decision = _decidable(uow, id)
    lead = _("Dit is een concept. Als het openbaar is, verandert het niet meer.")
    page = _page(decision, "bewerken", _("Besluit bewerken"), _("Bewaar de wijzigingen"), _("Uw wijzigingen zijn bewaard."), lead=lead)
    values = decision_values(decision)
    closed = ("confidential",) if SEE_CONFIDENTIAL.allows(uow.actor, id, scopes=scopes_of(uow, decision)) else ()
    sections = (WHAT, WHY, Section(_("Waar hoort het bij?"), ("dossier_id", "planning_item_id", *closed)))

    def write(command: Any) -> str:
        return paths.decision(change_decision(uow, id, command).id)

    return form_page(uow, page, FormSpec(ChangeDecisionSchema), sections, write, values=values, options=_options(uow, values))


@pages.route(f"{ONE}/vervangen", permission=DECIDE, methods=["GET", "POST"])
def decision_replace(id: uuid.UUID) -> ResponseReturnValue:
    """Write down the decision that takes the place of a public one."""
    uow = current_uow()
    decision = _decidable(uow, id)
    lead = _("Het oude besluit blijft te lezen, met een verwijzing naar het nieuwe.")
    page = _page(
        decision, "vervangen", _("Besluit vervangen"), _("Leg het nieuwe besluit vast"), _("Het nieuwe besluit is vastgelegd."), lead=lead
    )
    values = {**decision_values(decision), "decided_on": today(uow), "effective_on": None, "planning_item_id": None, "publish": False}
    values |= {"agenda_item_id": None, "treatment_id": None}
    hidden = ("agenda_item_id", "treatment_id", "body_id")

    def write(command: Any) -> str:
        return paths.decision(replace_decision(uow, id, command).id)

    spec = FormSpec(RecordDecisionSchema, fixed=hidden)
    return form_page(uow, page, spec, _sections(uow, hidden), write, values=values, options=_options(uow, values))


def _sections(uow: UnitOfWork, hidden: tuple[str, ...]) -> tuple[Section, ...]:
    who = tuple(name for name in ("body_id",) if name not in hidden)
    about = tuple(name for name in ("dossier_id", "planning_item_id") if name not in hidden)
    closed = ("confidential",) if SEE_CONFIDENTIAL.somewhere(uow.actor) else ()
    publish = ("publish",) if APPROVE.somewhere(uow.actor) else ()
    first = (Section(_("Wie besloot?"), who),) if who else ()
    return (*first, WHAT, WHY, Section(_("Waar hoort het bij?"), about), Section(_("Openbaar of niet"), (*publish, *closed, *hidden)))


def _start(uow: UnitOfWork, asked: dict[str, uuid.UUID | None]) -> tuple[dict[str, Any], tuple[str, ...], str]:
    """What a new decision begins with, the fields that its page fills in, and where "Annuleren" leads."""
    values: dict[str, Any] = {"decided_on": today(uow), "publish": True}
    treatment = uow.session.get(Treatment, asked["behandeling"]) if asked["behandeling"] else None
    item_id = treatment.agenda_item_id if treatment is not None else asked["punt"]
    if item_id is not None:
        item: AgendaItem = live_item(uow, item_id)
        meeting, event = find_meeting(uow, item.meeting_id)
        planned = queries.moment_choices(uow, meeting.body_id, at_item=item.id)
        values |= {
            "agenda_item_id": item.id,
            "treatment_id": treatment.id if treatment is not None else None,
            "body_id": meeting.body_id,
            "title": item.title,
            "text": item.resolution,
            "result": item.result if item.result in RESULT_LABELS else None,
            "dossier_id": item.dossier_id,
            "decided_on": event.start_date.astimezone(CITY_TIME_ZONE).date(),
            # What was decided behind closed doors is public only when somebody says so.
            "confidential": item.confidential,
            "publish": not item.confidential,
            "planning_item_id": planned[0][0] if len(planned) == 1 else None,
        }
        return values, ("agenda_item_id", "treatment_id", "body_id"), paths.agenda_item(item.id)
    if asked["moment"] is not None:
        moment = get_thing(uow, PlanningItem, asked["moment"])
        values |= {"planning_item_id": moment.id, "body_id": moment.body_id, "dossier_id": moment.dossier_id, "title": moment.title}
        hidden = not is_public(uow, moment)
        values |= {"confidential": hidden, "publish": not hidden}
        return values, ("agenda_item_id", "treatment_id"), paths.planning_item(moment.id)
    return values, ("agenda_item_id", "treatment_id"), paths.DECISIONS


def _asked(name: str) -> uuid.UUID | None:
    text = request.args.get(name, "")
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _options(uow: UnitOfWork, values: dict[str, Any]) -> dict[str, Any]:
    already = (values["dossier_id"],) if values.get("dossier_id") else ()
    return {
        "body_id": body_options(uow, DECIDE),
        "dossier_id": dossier_choices(uow, already),
        "planning_item_id": queries.moment_choices(uow, values.get("body_id"), already=values.get("planning_item_id")),
    }


def _decidable(uow: UnitOfWork, id: uuid.UUID) -> Decision:
    decision = seen(uow, Decision, id)
    DECIDE.require(uow.actor, id, scopes=scopes_of(uow, decision))
    return decision


def _page(decision: Decision, part: str, *said: Text, lead: Text) -> FormPage:
    title, submit, done = said
    path = paths.decision(decision.id)
    return FormPage(
        title=title,
        lead=lead,
        submit=submit,
        done=done,
        path=f"{path}/{part}",
        back=path,
        trail=((LABEL, paths.HOME), (TITLE, paths.DECISIONS), (decision.title, path), (title, None)),
    )
