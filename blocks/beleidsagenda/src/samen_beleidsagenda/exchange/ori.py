"""Open Raadsinformatie 2.0 (VNG): the Dutch codes and fields of meetings, points of agendas and papers.

Only here are its codes used. Of its fields those that the agenda knows are written; ``organisatie``, ``wooInformatiecategorie`` and
``webpaginaLink`` are those of its small read-only variant. Three meeting types are ours, since it has none for them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from samen_beleidsagenda import paths
from samen_beleidsagenda.queries.ori import PaperLinks, PointLinks
from samen_core.api import CITY_TIME_ZONE

MEETING_TYPES = {
    "council_meeting": "raadsvergadering",
    "committee_meeting": "commissievergadering",
    "presidium": "presidium",
    "college_meeting": "collegevergadering",
    "information_meeting": "informatiebijeenkomst",
    "other": "overig",
}
STATUSES = {"planned": "gepland", "held": "gehouden", "cancelled": "geannuleerd"}
MOTION_TYPES = {
    "proposal": "voorstel",
    "disapproval": "afkeuring",
    "regret": "treurnis",
    "no_confidence": "wantrouwen",
    "outside_agenda": "vreemd",
    "other": "overig",
}
QUESTION_TYPES = {
    "technical": "technische_vraag",
    "oral": "mondelinge_politieke_vraag",
    "written": "schriftelijke_politieke_vraag",
}
PAPER_TYPES = {
    ("document", "proposal"): "voorstel",
    ("document", "decision_paper"): "besluitvormingsstuk",
    ("document", "information_letter"): "mededeling",
    ("document", "question"): "vraag",
    ("document", "answer"): "antwoord",
    ("document", "motion"): "motie",
    ("document", "amendment"): "amendement",
    ("document", "commitment"): "toezegging",
    ("document", "incoming"): "ingekomen_stuk",
    ("document", "announcement"): "mededeling",
    ("motion", "motion"): "motie",
    ("motion", "amendment"): "amendement",
    ("commitment", "commitment"): "toezegging",
    ("question", "question"): "vraag",
}
"""By kind of thing and type; what has no code in ORI has none here."""
PAGES = {"document": paths.document, "motion": paths.motion, "commitment": paths.commitment, "question": paths.question}
SHORT = 100
ADDED, CHANGED, REMOVED = "Toevoeging", "Aanpassing", "Verwijdering"
COUNCIL_PAPERS = "c_db4862c3"
_OFF = ("cancelled", "postponed")

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OriWriter:
    """Writes things of one municipality: ``code`` as CBS writes it ("GM0637"), ``base_url`` without a slash at its end."""

    base_url: str
    code: str
    name: str

    def meeting(self, row: Any, points: list[uuid.UUID], now: datetime) -> Node:
        """A meeting from a row of :func:`samen_beleidsagenda.queries.ori.meetings`; ``points`` are those on its public agenda."""
        start, end = row.start_date, row.end_date
        status = "cancelled" if row.status in _OFF else "held" if (end or start) < now else "planned"
        day = start.astimezone(CITY_TIME_ZONE).date().isoformat()
        return self._thing(
            "vergaderingen",
            row.event_id,
            row,
            {
                "naam": _short(row.name),
                "vergaderingstype": MEETING_TYPES[row.type],
                "status": STATUSES[status],
                "geplandeVergaderdatum": day,
                "vergaderdatum": day if status == "held" else None,
                "geplandeAanvangVergadering": None if row.all_day else _moment(start),
                "geplandeEindeVergadering": None if row.all_day else _moment(end),
                "locatie": _short(row.location),
                "vergadertoelichting": row.summary,
                "georganiseerdDoorGremium": {"gremiumidentificatie": row.body_id.hex[-10:], "gremiumnaam": _short(row.body_name)},
                "agendapunten": [self.url("agendapunten", id) for id in points],
                "informatieobject": self.reference("informatieobjecten", row.minutes_id),
                "wooInformatiecategorie": COUNCIL_PAPERS,
                "webpaginaLink": self.base_url + paths.meeting(row.event_id),
            },
        )

    def point(self, row: Any, links: PointLinks) -> Node:
        """A point from a row of :func:`samen_beleidsagenda.queries.ori.points`."""
        title = _short(row.title)
        parts = (row.title if title != row.title else "", row.text)
        return self._thing(
            "agendapunten",
            row.id,
            row,
            {
                "vergadering": self.reference("vergaderingen", row.meeting_id),
                "hoofdagendapunt": self.reference("agendapunten", row.public_parent_id),
                "subagendapunten": [self.url("agendapunten", id) for id in links.below.get(row.id, ())],
                "agendapuntTitel": title,
                "agendapuntOmschrijving": "\n\n".join(part for part in parts if part),
                "agendapuntvolgnummer": str(row.position + 1)[:3],
                "agendapuntKenmerk": row.number[:20],
                "geplandAgendapuntvolgnummer": str(row.position + 1)[:10],
                "geplandeStarttijd": _moment(row.planned_start),
                "geplandeEindtijd": _moment(row.planned_end),
                "starttijd": _moment(row.started_at),
                "eindtijd": _moment(row.ended_at),
                "indicatieHamerstuk": row.hammer_item,
                "indicatorBehandeld": bool(row.result or row.resolution or row.started_at or row.ended_at),
                "indicatorBesloten": row.closed,
                "informatieobjecten": [self.url("informatieobjecten", id) for id in links.papers.get(row.id, ())],
                "wooInformatiecategorie": COUNCIL_PAPERS,
                "webpaginaLink": self.base_url + paths.agenda_item(row.id),
            },
        )

    def paper(self, row: Any, links: PaperLinks) -> Node:
        """A paper from a row of :func:`samen_beleidsagenda.queries.ori.papers`."""
        at, version = links.points.get(row.id, ()), links.versions.get(row.id)
        minutes_of = links.minutes_of.get(row.id, ())
        meetings = dict.fromkeys([*(point.meeting_id for point in at), *minutes_of])
        day = row.date.isoformat()
        return self._thing(
            "informatieobjecten",
            row.id,
            row,
            {
                "titel": row.title,
                "omschrijving": row.text,
                "informatieobjecttype": PAPER_TYPES.get((row.kind, row.type)),
                "motietype": MOTION_TYPES.get(row.extra) if row.kind == "motion" and row.type == "motion" else None,
                "vraagtype": QUESTION_TYPES.get(row.extra) if row.kind == "question" else None,
                "datumIngediend": day,
                "creatiedatum": day,
                "taal": row.language,
                "versie": str(version.number) if version else None,
                "formaat": (version.media_type if version else "") or None,
                "link": self._file(version),
                "agendapunten": [self.reference("agendapunten", point.id) for point in at],
                "vergaderingen": [self.reference("vergaderingen", id) for id in meetings],
                "genotuleerdeVergadering": self.url("vergaderingen", minutes_of[0]) if minutes_of else None,
                "gerelateerdInformatieobject": self._related(row, links),
                "wooInformatiecategorie": row.woo_category,
                "webpaginaLink": row.page_url or self.base_url + PAGES[row.kind](row.id),
            },
        )

    def url(self, resource: str, id: uuid.UUID) -> str:
        """The address of a thing here."""
        return f"{self.base_url}{paths.ORI}/{resource}/{id}"

    def reference(self, resource: str, id: uuid.UUID | None) -> Node | None:
        """A thing as another points to it."""
        return {"id": str(id), "url": self.url(resource, id)} if id else None

    def _related(self, row: Any, links: PaperLinks) -> Node | None:
        if row.amends_id in links.proposals:
            return {"informatieobject": self.reference("informatieobjecten", row.amends_id), "rol": "voorstel"}
        if questions := links.answers.get(row.id):
            return {"informatieobject": self.reference("informatieobjecten", questions[0]), "rol": "vraag"}
        return None

    def _file(self, version: Any) -> str | None:
        if version is None:
            return None
        return f"{self.base_url}/files/{version.file_id}" if version.file_id else version.url or None

    def _thing(self, resource: str, id: uuid.UUID, row: Any, facts: Mapping[str, Any]) -> Node:
        """A thing with what all have; of one that was taken away only that."""
        number = self.code.removeprefix("GM")
        change = REMOVED if row.gone else ADDED if row.version == 1 else CHANGED
        head: Node = {
            "id": str(id),
            "url": self.url(resource, id),
            "wijziging": change,
            "wijzigingsdatum": row.changed_at.astimezone(CITY_TIME_ZONE).date().isoformat(),
        }
        if row.gone:
            return head
        if number:
            head |= {"gemeente": {"gemeentecode": number, "gemeentenaam": self.name}, "organisatie": {"gemeente": f"gm{number}"}}
        return head | {name: value for name, value in facts.items() if value not in (None, "")}


def _short(text: str) -> str:
    """The text within the hundred characters that ORI has for it."""
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
