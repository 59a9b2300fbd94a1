"""Short ways to make what a test needs, public unless ``state`` says otherwise.

``where`` is a platform (what is made is committed by then) or a unit of work (it is made in its transaction). ``values`` are columns.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from citycontent.api import CreateEvent, CreateOrganization, CreatePost, Post, create_event, create_organization, create_post
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import (
    QUESTION_DAYS,
    AgendaItem,
    Body,
    Commitment,
    CouncilQuestion,
    Decision,
    Document,
    DocumentDossier,
    DocumentVersion,
    Dossier,
    DossierArea,
    DossierProject,
    DossierTheme,
    Goal,
    Meeting,
    Motion,
    PlanningItem,
)
from samen_beleidsagenda.schemas.participation import LinkParticipation
from samen_beleidsagenda.services.common import enter, today
from samen_beleidsagenda.services.entries import keep_entry_of_item, keep_entry_of_meeting
from samen_beleidsagenda.services.following import new_feed_key
from samen_beleidsagenda.services.participation import link
from samen_core.api import Actor, Platform, UnitOfWork, account_by_email, fold, free_slug, system, uuid7

Where = Platform | UnitOfWork
NAMES = {"college": "College", "committee": "Commissie Stad", "council": "Gemeenteraad", "other": "Overleg"}
MEETINGS = {"college": "college_meeting", "committee": "committee_meeting", "council": "council_meeting", "other": "other"}
MONTH = 30


@contextmanager
def writing(where: Where) -> Iterator[UnitOfWork]:
    """The unit of work itself, or one of the system that is committed afterwards."""
    if isinstance(where, UnitOfWork):
        yield where
        where.session.flush()
    else:
        with where.unit_of_work(system("test")) as uow:
            yield uow


def a_body(where: Where, kind: str = "council", name: str = "", **values: Any) -> Body:
    """A body of this kind, with a new organisation under this name."""
    with writing(where) as uow:
        made = create_organization(uow, CreateOrganization(name=name or NAMES[kind], sector="government"))
        position = uow.session.execute(select(func.count()).select_from(Body)).scalar_one()
        body = Body(**{"organization_id": made.id, "kind": kind, "position": position, **values})
        uow.session.add(body)
        return body


def a_post(where: Where, label: str = "Wethouder verkeer", body: Body | None = None) -> Post:
    """A post that can hold a portfolio, in the organisation of a body (a new college without one)."""
    with writing(where) as uow:
        college = body or a_body(uow, "college")
        return create_post(uow, CreatePost(organization_id=college.organization_id, label=label, role="wethouder"))


def a_dossier(
    where: Where,
    *,
    themes: Sequence[uuid.UUID] = (),
    areas: Sequence[uuid.UUID] = (),
    projects: Sequence[uuid.UUID] = (),
    **values: Any,
) -> Dossier:
    """A dossier in exploration, at level ``advise``, about these themes, areas and projects."""
    with writing(where) as uow:
        columns = {
            "title": "Een veilige Dorpsstraat",
            "summary": "De gemeente wil dat u veilig kunt fietsen in de Dorpsstraat.",
            "why": "Er gebeuren te veel ongelukken.",
            "question": "Wordt de Dorpsstraat een fietsstraat?",
            "state": "published",
            "phase_since": uow.now,
            "level": "advise",
            **values,
        }
        slug = free_slug(uow, Dossier.slug, columns["title"], "dossier")
        dossier = Dossier(**{"slug": slug, "sort_title": fold(columns["title"]), **columns})
        enter(uow, dossier)
        uow.session.flush()
        uow.session.add_all(DossierTheme(dossier_id=dossier.id, theme_id=id) for id in themes)
        uow.session.add_all(DossierArea(dossier_id=dossier.id, area_id=id) for id in areas)
        uow.session.add_all(DossierProject(dossier_id=dossier.id, project_id=id) for id in projects)
        return dossier


def a_moment(where: Where, dossier: Dossier | None = None, *, start: date | None = None, **values: Any) -> PlanningItem:
    """A planned decision about a dossier (a new one without it), in the month of ``start``: the next month, unless it is said.

    Another ``precision`` needs ``start_date`` and ``end_date`` that are the whole of it.
    """
    with writing(where) as uow:
        about = dossier or a_dossier(uow)
        first = (start or today(uow) + timedelta(days=MONTH)).replace(day=1)
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        columns = {
            "dossier_id": about.id,
            "kind": "decision",
            "title": f"Besluit over {about.title}"[:200],
            "text": "",
            "start_date": first,
            "end_date": last,
            "precision": "month",
            "status": "planned",
            "state": "published",
            **values,
        }
        period = {"original_start": columns["start_date"], "original_end": columns["end_date"]}
        moment = PlanningItem(**{**period, **columns})
        enter(uow, moment)
        uow.session.flush()
        keep_entry_of_item(uow, moment)
        return moment


def a_meeting(
    where: Where, body: Body | None = None, *, points: Sequence[str] = ("Opening", "Een veilige Dorpsstraat"), **values: Any
) -> Meeting:
    """A meeting of a body (the council without one) a week from now with a public agenda of these points.

    ``name`` and ``start`` are of its event; ``agenda_published_at=None`` keeps the agenda, whose points are drafts then, to who makes it.
    """
    with writing(where) as uow:
        of = body or a_body(uow)
        start = values.pop("start", None) or uow.now + timedelta(days=7)
        name = values.pop("name", "") or f"Vergadering {NAMES[of.kind].lower()}"
        event = create_event(
            uow,
            CreateEvent(
                name=name,
                start_date=start,
                end_date=start + timedelta(hours=3),
                classification="meeting",
                organization_id=of.organization_id,
            ),
        )
        columns = {"type": MEETINGS[of.kind], "agenda_published_at": uow.now, "changed_at": uow.now, **values}
        meeting = Meeting(event_id=event.id, body_id=of.organization_id, **columns)
        uow.session.add(meeting)
        uow.session.flush()
        state = "published" if meeting.agenda_published_at else "draft"
        for at, title in enumerate(points, 1):
            a_point(uow, meeting, title=title, position=at, number=str(at), state=state)
        keep_entry_of_meeting(uow, meeting)
        return meeting


def a_point(where: Where, meeting: Meeting | None = None, **values: Any) -> AgendaItem:
    """A point on the agenda of a meeting, after those that are there."""
    with writing(where) as uow:
        of = meeting or a_meeting(uow, points=())
        last = uow.session.execute(select(func.max(AgendaItem.position)).where(AgendaItem.meeting_id == of.event_id)).scalar_one() or 0
        columns = {
            "title": "Een veilige Dorpsstraat",
            "text": "",
            "position": last + 1,
            "number": str(last + 1),
            "state": "published",
            **values,
        }
        point = AgendaItem(meeting_id=of.event_id, **columns)
        enter(uow, point)
        uow.session.flush()
        return point


def points_of(where: Where, meeting: Meeting) -> list[AgendaItem]:
    """The points of a meeting in their order."""
    with writing(where) as uow:
        statement = select(AgendaItem).where(AgendaItem.meeting_id == meeting.event_id).order_by(AgendaItem.position)
        return list(uow.session.execute(statement).scalars())


def a_document(where: Where, *dossiers: Dossier, url: str = "https://stukken.zoetermeer.example/1.pdf", **values: Any) -> Document:
    """A proposal of today with one version at this address, tied to these dossiers."""
    with writing(where) as uow:
        columns = {
            "type": "proposal",
            "title": "Voorstel: een fietsstraat",
            "summary": "Het college stelt een fietsstraat voor.",
            "date": today(uow),
            "state": "published",
            **values,
        }
        document = Document(**columns)
        enter(uow, document)
        uow.session.flush()
        version = DocumentVersion(
            id=uuid7(), document_id=document.id, number=1, url=url, name="voorstel.pdf", media_type="application/pdf", at=uow.now
        )
        uow.session.add_all([version, *(DocumentDossier(document_id=document.id, dossier_id=dossier.id) for dossier in dossiers)])
        return document


def a_decision(where: Where, body: Body | None = None, **values: Any) -> Decision:
    """A decision of today of a body (the council without one)."""
    with writing(where) as uow:
        columns = {
            "title": "De Dorpsstraat wordt een fietsstraat",
            "text": "De raad stemt in met het voorstel.",
            "reasons": "Dat is veiliger.",
            "result": "adopted",
            "decided_on": today(uow),
            "state": "published",
            **values,
        }
        decision = Decision(**{"body_id": _body_id(uow, body, columns), **columns})
        enter(uow, decision)
        uow.session.flush()
        return decision


def a_motion(where: Where, body: Body | None = None, **values: Any) -> Motion:
    """A motion that was put today; an adopted one is to be carried out."""
    with writing(where) as uow:
        columns = {"title": "Meer bankjes", "text": "Verzoekt het college om bankjes te plaatsen.", "submitted_on": today(uow), **values}
        columns.setdefault("state", "published")
        if columns.get("status") == "adopted":
            columns.setdefault("follow_up", "open")
        motion = Motion(**{"body_id": _body_id(uow, body, columns), **columns})
        enter(uow, motion)
        uow.session.flush()
        return motion


def a_commitment(where: Where, body: Body | None = None, **values: Any) -> Commitment:
    """A commitment of today that is still open, due in two months."""
    with writing(where) as uow:
        day = today(uow)
        columns = {
            "title": "De raad krijgt voor de zomer een brief",
            "text": "De wethouder stuurt voor de zomer een brief over de verlichting.",
            "made_on": day,
            "due_date": day + timedelta(days=2 * MONTH),
            "follow_up": "open",
            "state": "published",
            **values,
        }
        commitment = Commitment(**{"body_id": _body_id(uow, body, columns), **columns})
        enter(uow, commitment)
        uow.session.flush()
        return commitment


def a_question(where: Where, **values: Any) -> CouncilQuestion:
    """A written question of today, due in thirty days."""
    with writing(where) as uow:
        asked = values.get("asked_on") or today(uow)
        due = asked + timedelta(days=QUESTION_DAYS)
        columns = {
            "title": "Hoe staat het met de bankjes?",
            "text": "Wanneer komen de bankjes?",
            "asked_on": asked,
            "due_date": due,
            "original_due": due,
            "state": "published",
            **values,
        }
        question = CouncilQuestion(**columns)
        enter(uow, question)
        uow.session.flush()
        return question


def a_goal(where: Where, theme_id: uuid.UUID, **values: Any) -> Goal:
    """A goal of a theme."""
    with writing(where) as uow:
        columns = {"title": "Minder ongelukken", "text": "In 2030 gebeuren er de helft minder ongelukken.", "state": "published", **values}
        goal = Goal(theme_id=theme_id, **columns)
        enter(uow, goal)
        uow.session.flush()
        return goal


def an_import(where: Where, body: Body | None = None, name: str = "Termijnagenda van de raad") -> dict[str, uuid.UUID]:
    """A list that is imported, with a file whose columns wait (``columns``) and, on a list of meetings, one that was taken over
    (``applied``) and one that was checked (``run``).
    """
    from samen_beleidsagenda.exchange.receiving import receive
    from samen_beleidsagenda.schemas.imports import CreateList
    from samen_beleidsagenda.services.imports.apply import Apply, apply_run
    from samen_beleidsagenda.services.imports.lists import create_list

    table = "Nr;Onderwerp;Orgaan;Wanneer\n1;Woonvisie;Raad van Elders;Q2 2027\n2;Nota sport;;ooit\n"
    meeting = (
        '{"id": 1, "plannings": [{"start_date": "2027-02-11 19:30:00"}], "attributes": {"Titel": "Commissie"}, "agenda_items": '
        '[{"id": 2, "type_data": {"attributes": [{"id": 1, "value": "Opening"}]}}, {"id": 3, "type_data": {"title_prefix": "1."}}]}'
    )
    with writing(where) as uow:
        of = body or a_body(uow, "committee", f"Orgaan van {name}")
        lists = [
            create_list(uow, CreateList(name=f"{name} ({format})", format=format, body_id=body_id))
            for format, body_id in (("table", None), ("notubiz", of.organization_id))
        ]
        columns = receive(uow, lists[0], table.encode(), "termijnagenda.csv")
        applied = receive(uow, lists[1], meeting.replace('"id": 1,', '"id": 4,', 1).replace('"id": 2,', '"id": 5,').encode(), "eerder.json")
        uow.session.flush()
        apply_run(uow, applied.id, Apply(version=applied.version, choices={}))
        run = receive(uow, lists[1], meeting.encode(), "vergadering.json")
        uow.session.flush()
        return {"list": lists[0].id, "meetings": lists[1].id, "columns": columns.id, "run": run.id, "applied": applied.id}


def _body_id(uow: UnitOfWork, body: Body | None, columns: dict[str, Any]) -> uuid.UUID:
    found: uuid.UUID = columns.get("body_id") or (body or a_body(uow)).organization_id
    return found


def make_many(uow: UnitOfWork, number: int) -> None:
    """So many more dossiers with a moment each; the first gets as many more of everything that can stand on it."""
    body = a_body(uow, "committee", f"Commissie {number}")
    first = a_dossier(uow, title=f"Dossier met {number} van alles")
    meeting = a_meeting(uow, body, points=[f"Punt {at}" for at in range(number)])
    for at in range(number):
        a_moment(uow, a_dossier(uow, title=f"Straat {number}-{at} veilig"), body_id=body.organization_id, has_say=True)
        on = {"dossier_id": first.id, "title": f"Zaak {number}-{at}"}
        a_moment(uow, first, body_id=body.organization_id)
        a_meeting(uow, body, points=(), name=f"Avond {number}-{at}")
        a_document(uow, first, title=f"Stuk {number}-{at}")
        point = a_point(uow, meeting, **on)
        a_motion(uow, body, status="adopted", agenda_item_id=point.id, **on)
        a_commitment(uow, body, **on)
        a_question(uow, **on)
        a_decision(uow, body, **on)


def pages(platform: Platform) -> list[tuple[str, str]]:
    """Pages that no link leads to, or only in some states: the kind of visitor ("" for nobody) and the address."""
    with platform.unit_of_work(system("test")) as uow:
        body = a_body(uow, "committee", "Commissie Proef")
        dossier = a_dossier(uow, title="Een dossier om te bekijken")
        moment = a_moment(uow, dossier)
        meeting = a_meeting(uow, body, start=uow.now - timedelta(hours=1))
        draft = a_decision(uow, body, state="draft", dossier_id=dossier.id)
        motion = a_motion(uow, body, dossier_id=dossier.id)
        event = create_event(uow, CreateEvent(name="Een avond", start_date=uow.now + timedelta(days=1)))
        linked = link(uow, dossier.id, LinkParticipation(thing=str(event.id)))
        made = an_import(uow, body)
        resident = Actor(kind="account", account_id=account_by_email(uow, "resident@samen.example"))
        with uow.acting(resident):
            key = new_feed_key(uow)
    of_staff = (
        f"{paths.DESK}/planbord/verplaats?moment={moment.id}&periode={moment.start_date.year + 1}",
        paths.meeting(meeting.event_id, "vastleggen"),
        paths.decision(draft.id, "bewerken"),
        paths.decision(draft.id, "stemmen"),
        *(paths.motion(motion.id, part) for part in ("uitkomst", "stemmen")),
        *(paths.dossier(dossier.slug, f"samenspraak/{linked.id}/{part}") for part in ("bewerken", "losmaken")),
        *(f"{paths.IMPORTS}/{made['list']}{part}" for part in ("", "/bewerken")),
        f"{paths.IMPORTS}/{made['meetings']}/woorden",
        f"{paths.IMPORTS}/bestand/{made['columns']}/kolommen",
        *(f"{paths.IMPORTS}/bestand/{made['run']}{part}" for part in ("", "/verslag.csv")),
        f"{paths.IMPORTS}/bestand/{made['applied']}/terugdraaien",
    )
    return [
        *(("manager", path) for path in of_staff),
        *(("", path) for path in (f"{paths.FEEDS}/wijzigingen.atom", f"{paths.FOLLOWING}/agenda/{key}.ics")),
    ]
