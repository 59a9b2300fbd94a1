"""Meetings of the council and its committees: what was on their agendas, with which papers, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO

from samen_beleidsagenda.models import AgendaItem, Document, Meeting, Treatment
from samen_beleidsagenda.periods import Period
from samen_beleidsagenda.schemas.agendas import AddItem, RecordResult
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.decisions import RecordDecision
from samen_beleidsagenda.schemas.documents import EnterDocument, TreatDocument
from samen_beleidsagenda.schemas.meetings import PlanMeeting, PublishAgenda
from samen_beleidsagenda.schemas.planning import Drop, Schedule, Treat
from samen_beleidsagenda.seed.dossiers import Moment
from samen_beleidsagenda.seed.world import World
from samen_beleidsagenda.services.agendas import add_item, record_result
from samen_beleidsagenda.services.decisions import record_decision
from samen_beleidsagenda.services.documents import enter_document, publish_document
from samen_beleidsagenda.services.meetings import find_meeting, plan_meeting, publish_agenda, version_of
from samen_beleidsagenda.services.planning import drop, schedule, treat
from samen_beleidsagenda.services.treatments import treat_document
from samen_core.api import CITY_TIME_ZONE, FileValue, store_upload

Slot = tuple[str, str]
"""A body and a month (``2027-03``): it meets once in it."""
KINDS = {"raad": "council_meeting", "stad": "committee_meeting", "samenleving": "committee_meeting", "bestuur": "committee_meeting"}
DAYS = {"raad": (2, 0), "stad": (0, 0), "samenleving": (0, 1), "bestuur": (0, 2)}
"""In which week of the month (0 is the first) and on which day of it (0 is Monday) a body meets."""
ALWAYS = range(3)
"""The months ahead in which every body meets, whatever is planned."""
PAPERS = 21
"""How many days before a meeting its papers are there; its agenda is public a week later."""
SOON = 45
"""How many days ahead an agenda is made."""
ROLES = {
    "decision": "decision",
    "discussion": "opinion",
    "information": "information",
    "information_meeting": "hearing",
    "views": "opinion",
}
PROMISES = "Toezeggingen en aangenomen moties"
CLOSED = "Besloten: aankoop van grond langs de Rokkeveenseweg"


@dataclass(slots=True)
class Agenda:
    """A meeting with its day, and the points on it by what they are about."""

    meeting: Meeting
    day: date
    points: dict[str, AgendaItem] = field(default_factory=dict)
    """By the key of their dossier, or their title."""
    papers: dict[str, Document] = field(default_factory=dict)
    treatments: dict[str, Treatment] = field(default_factory=dict)
    """The papers, and their places at the points, by the key of their dossier."""


class Meetings:
    """All meetings, by their body and month."""

    def __init__(self, world: World, moments: list[Moment]) -> None:
        self.world = world
        self.uow = world.uow
        self.moments = moments
        self.agendas: dict[Slot, Agenda] = {}

    def make(self) -> None:
        """Hold every meeting with the moments that fall on it, then let pass what needs no meeting."""
        planned: dict[Slot, list[Moment]] = {}
        for ahead in ALWAYS:
            for body in KINDS:
                planned[body, f"{self.world.period(f'm{ahead:+}').start:%Y-%m}"] = []
        apart = []
        for moment in self.moments:
            slot = self._slot(moment)
            if slot is None:
                apart.append(moment)
            else:
                planned.setdefault(slot, []).append(moment)
        for slot, moments in sorted(planned.items(), key=lambda item: self._day(item[0])):
            self._meeting(slot, moments)
        for moment in apart:
            self._pass(moment)

    def agenda_in(self, body: str, month: Period) -> Agenda:
        """The meeting of a body in a month; the last one that was held before, if it did not meet by now."""
        held = [found for (of, _month), found in self.agendas.items() if of == body and found.day <= min(month.end, self.world.today)]
        return max(held, key=lambda agenda: agenda.day)

    def last_council(self, day: date) -> Agenda:
        """The last meeting of the council on or before a day."""
        held = [agenda for (body, _month), agenda in self.agendas.items() if body == "raad" and agenda.day <= day]
        return max(held, key=lambda agenda: agenda.day)

    def _slot(self, moment: Moment) -> Slot | None:
        """The meeting that a moment belongs to: one of a body that meets, at most a good month ahead."""
        item = moment.item
        if moment.data["body"] not in KINDS or item.precision != "month" or not moment.dossier.is_public or "lapsed" in moment.data:
            return None
        slot = moment.data["body"], f"{item.start_date:%Y-%m}"
        return slot if self._day(slot) <= self.world.today + timedelta(days=SOON) else None

    def _day(self, slot: Slot) -> date:
        week, weekday = DAYS[slot[0]]
        first = date.fromisoformat(f"{slot[1]}-01")
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * week)

    def _meeting(self, slot: Slot, moments: list[Moment]) -> None:
        world, day = self.world, self._day(slot)
        body = world.bodies[slot[0]]
        begins = datetime.combine(day, time(19, 30), CITY_TIME_ZONE)
        name = "Raadsvergadering" if slot[0] == "raad" else f"Vergadering raadscommissie {slot[0].capitalize()}"
        if slot[0] == "bestuur":
            name += " en Middelen"
        command = PlanMeeting(
            body_id=body.organization_id,
            type=KINDS[slot[0]],
            start_date=begins,
            end_date=begins + timedelta(hours=3),
            name=name,
            location="Raadzaal van het stadhuis" if slot[0] == "raad" else "Commissiekamer van het stadhuis",
            accessibility="Het stadhuis is toegankelijk voor rolstoelen. Er is een ringleiding.",
        )
        with world.on(day - timedelta(days=120)):
            agenda = Agenda(plan_meeting(self.uow, command), day)
        self.agendas[slot] = agenda
        if day > world.today + timedelta(days=SOON):
            return
        with world.on(day - timedelta(days=PAPERS)):
            self._points(slot[0], agenda, moments)
        with world.on(day - timedelta(days=PAPERS - 7)):
            meeting, event = find_meeting(self.uow, agenda.meeting.event_id)
            publish_agenda(self.uow, meeting.event_id, PublishAgenda(version=version_of(meeting, event)))
        for moment in moments:
            self._on_agenda(agenda, moment)

    def _points(self, body: str, agenda: Agenda, moments: list[Moment]) -> None:
        """The points in their order, with their papers; the council has promises on its list, the committee for money a closed point."""
        self._point(agenda, "Opening en vaststelling van de agenda")
        for moment in moments:
            point = self._point(agenda, moment.data["what"], moment)
            if "paper" in moment.data:
                agenda.papers[moment.about["key"]] = paper = self._paper(moment)
                why = TreatDocument(document_id=paper.id, role=ROLES[moment.data["kind"]], authoritative=body == "raad")
                agenda.treatments[moment.about["key"]] = treat_document(self.uow, point.id, why)
        if body == "raad":
            self._point(agenda, PROMISES)
        elif body == "bestuur" and self.world.today < agenda.day:
            self._point(agenda, CLOSED, confidential=True)

    def _point(self, agenda: Agenda, title: str, moment: Moment | None = None, *, confidential: bool = False) -> AgendaItem:
        dossier_id = moment.dossier.id if moment else None
        command = AddItem(title=title, dossier_id=dossier_id, confidential=confidential)
        point = add_item(self.uow, agenda.meeting.event_id, command)
        agenda.points[moment.about["key"] if moment else title] = point
        return point

    def _paper(self, moment: Moment) -> Document:
        """A paper about a dossier: a page of plain text that tells what the dossier tells."""
        about, title = moment.about, moment.data["paper"]
        text = "\n\n".join(
            [title.upper(), about["summary"], f"Waarom nu? {about['why']}", f"De vraag: {about['question']}", about["level_reason"]]
        )
        stored = store_upload(self.uow, BytesIO(text.encode()), f"{title}.txt")
        command = EnterDocument(
            type=moment.data["type"],
            title=title,
            date=self.uow.now.date(),
            summary=about["summary"],
            dossier_ids=(moment.dossier.id,),
            file=FileValue(stored.id),
        )
        document = enter_document(self.uow, command)
        return publish_document(self.uow, document.id, Approve(version=document.version))

    def _on_agenda(self, agenda: Agenda, moment: Moment) -> None:
        """Put a moment on the agenda, and if that meeting was held let it pass."""
        world, point = self.world, agenda.points[moment.about["key"]]
        day = max(agenda.day - timedelta(days=PAPERS - 7), moment.since)
        put = Schedule(version=moment.item.version, agenda_item_id=point.id)
        with world.on(day, hour=11):
            moment.item = schedule(self.uow, moment.item.id, put)
        if agenda.day >= world.today or "late" in moment.data:
            return
        with world.on(agenda.day, hour=22):
            if moment.data["kind"] == "decision":
                self._decide(moment, agenda.day, point, agenda.treatments.get(moment.about["key"]))
            else:
                treat(self.uow, moment.item.id, Treat(version=moment.item.version))
            result = moment.data.get("result", "adopted") if moment.data["kind"] == "decision" else "noted"
            record_result(self.uow, point.id, RecordResult(version=point.version, result=result, resolution=moment.data.get("effect", "")))

    def _pass(self, moment: Moment) -> None:
        """What needs no meeting: it passed when its period did, unless it is late or does not go on."""
        world, item = self.world, moment.item
        if reason := moment.data.get("lapsed"):
            with world.on(world.day(20)):
                drop(self.uow, item.id, Drop(version=item.version, reason=reason))
        elif item.end_date >= world.today or "late" in moment.data:
            return
        elif moment.data["kind"] == "decision":
            day = item.start_date + timedelta(days=(1 - item.start_date.weekday()) % 7 + 7)
            with world.on(max(day, moment.since), hour=15):
                self._decide(moment, day)
        else:
            with world.on(item.end_date - timedelta(days=5)):
                treat(self.uow, item.id, Treat(version=item.version))

    def _decide(self, moment: Moment, day: date, point: AgendaItem | None = None, treatment: Treatment | None = None) -> None:
        about, data = moment.about, moment.data
        body = self.world.bodies[data["body"]]
        command = RecordDecision(
            title=data["decided"] if "decided" in data else data["what"],
            result=data.get("result", "adopted"),
            decided_on=day,
            body_id=body.organization_id,
            agenda_item_id=point.id if point is not None else None,
            treatment_id=treatment.id if treatment is not None else None,
            planning_item_id=moment.item.id,
            dossier_id=moment.dossier.id,
            text=data.get("effect", "Het voorstel is aangenomen."),
            reasons=about["why"],
            participation=about.get("done") or about["level_reason"],
        )
        record_decision(self.uow, command)
