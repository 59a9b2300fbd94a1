"""Meetings, points and papers with the field names of Open Raadsinformatie (VNG, ODS 2.0 and its mini set), as a dump or an API gives them.

The three lists may stand beside each other (``vergaderingen``, ``agendapunten``, ``informatieobjecten``, also as pages with ``results``),
or points inside meetings and papers inside points. References are addresses, ids, or objects with one of these.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from samen_beleidsagenda.exchange.reading.content import (
    Object,
    address,
    day,
    last_part,
    line,
    moment,
    objects,
    one,
    prose,
    require_few,
    shape_error,
    truth,
)
from samen_beleidsagenda.exchange.reading.words import code_for, meeting_type
from samen_beleidsagenda.schemas.import_plan import PLAN_KINDS, Plan, Planned, Problem, Words, make_key
from samen_core.api import CITY_TIME_ZONE, Text, _

MEETING_TYPES = {"raadsvergadering": "council_meeting", "commissievergadering": "committee_meeting", "presidium": "presidium"}
DOCUMENT_TYPES = {
    "vraag": "question",
    "antwoord": "answer",
    "motie": "motion",
    "besluitvormingsstuk": "decision_paper",
    "ingekomen_stuk": "incoming",
    "toezegging": "commitment",
    "mededeling": "announcement",
    "amendement": "amendment",
    "voorstel": "proposal",
}
_LISTS = ("results", "vergaderingen", "agendapunten", "informatieobjecten")
_MEETING_SIGNS = ("vergaderingstype", "geplandeVergaderdatum", "geplandeAanvangVergadering", "aanvangVergadering")
_POINT_SIGNS = ("agendapuntTitel", "agendapuntOmschrijving", "agendapuntvolgnummer", "agendapunt")
_PAPER_SIGNS = ("informatieobjecttype", "vertrouwelijkheidsaanduiding", "creatiedatum", "datumIngediend", "titel")


def read_ori(data: Any, words: Words) -> Plan:
    """Everything in the data. Raises Invalid when there is nothing of ORI in it."""
    reader = _Reader(words)
    reader.walk(data)
    if not reader.things and not reader.problems:
        raise shape_error(_("vergaderingen, agendapunten of informatieobjecten"))
    require_few(len(reader.things))
    things = sorted(reader.things.values(), key=lambda thing: (PLAN_KINDS.index(thing.kind), bool(thing.values.get("item_parent"))))
    return Plan(things=tuple(things), problems=tuple(reader.problems), whole=frozenset(reader.whole))


class _Reader:
    def __init__(self, words: Words) -> None:
        self.words = words
        self.things: dict[str, Planned] = {}
        self.problems: list[Problem] = []
        self.whole: set[str] = set()

    def walk(self, data: Any) -> None:
        for item in objects(data):
            if any(name in item for name in _MEETING_SIGNS):
                self.meeting(item)
            elif any(name in item for name in _POINT_SIGNS):
                self.point(item)
            elif any(name in item for name in _PAPER_SIGNS):
                self.paper(item)
            else:
                for name in _LISTS:
                    self.walk(item.get(name))

    def meeting(self, source: Object) -> None:
        id, title = _id(source), line(source.get("naam") or source.get("vergaderingstype")) or "Vergadering"
        start = moment(source.get("geplandeAanvangVergadering")) or moment(source.get("aanvangVergadering"))
        if start is None and (date := day(source.get("geplandeVergaderdatum")) or day(source.get("vergaderdatum"))):
            start = datetime.combine(date, time(), CITY_TIME_ZONE)
        gone = line(source.get("wijziging")) == "Verwijdering" or truth(source.get("verwijderd"))
        if not id:
            self.problem(title, _("Hier ontbreekt een id, dus wij kunnen het later niet terugvinden."))
            return
        if start is None and not gone:
            self.problem(title, _("Deze vergadering heeft geen datum."))
            return
        key = make_key("meeting", id)
        end = moment(source.get("geplandeEindeVergadering")) or moment(source.get("eindeVergadering"))
        gremium = one(source.get("georganiseerdDoorGremium"))
        names = (gremium.get("gremiumidentificatie"), gremium.get("gremiumnaam"), title, line(source.get("vergaderingstype")))
        kind = line(source.get("vergaderingstype"))
        values = {
            "name": title,
            "start": start.isoformat() if start else None,
            "end": end.isoformat() if end and start and end > start else None,
            "body": code_for(self.words.bodies, names) or self.words.body,
            "body_word": line(gremium.get("gremiumnaam") or gremium.get("gremiumidentificatie")),
            "type": MEETING_TYPES.get(kind) or meeting_type(f"{title} {line(gremium.get('gremiumnaam'))}"),
            "location": line(source.get("locatie")),
            "closed": truth(source.get("indicatorBesloten")),
            "cancelled": line(source.get("status")) == "geannuleerd",
        }
        self.things[key] = Planned(kind="meeting", key=key, title=title, values=values, gone=gone)
        if minutes := _key("document", source.get("informatieobject")):
            tied = make_key("minutes", key)
            self.things[tied] = Planned(kind="minutes", key=tied, title=title, values={"meeting": key, "document": minutes}, parent=key)
        if isinstance(points := source.get("agendapunten"), list):
            if all(isinstance(item, dict) and any(name in item for name in _POINT_SIGNS) for item in points):
                self.whole.add(key)
            for position, item in enumerate(objects(points)):
                self.point(item, key, position=position)

    def point(self, source: Object, meeting: str = "", parent: str = "", position: int | None = None) -> None:
        if not any(name in source for name in _POINT_SIGNS):
            return
        id, title = _id(source), line(source.get("agendapuntTitel")) or line(source.get("agendapuntOmschrijving")) or "(geen titel)"
        meeting = meeting or _key("meeting", source.get("vergadering"))
        if not id or not meeting:
            self.problem(title, _("Bij dit agendapunt staat niet bij welke vergadering het hoort, of een id ontbreekt."))
            return
        key = make_key("agenda_item", id)
        parent = parent or _key("agenda_item", source.get("hoofdagendapunt") or source.get("bovenliggendAgendapunt"))
        number = line(source.get("agendapuntvolgnummer") or source.get("geplandAgendapuntvolgnummer"))
        values = {
            "meeting": meeting,
            "item_parent": parent,
            "position": int(number) if number.isdecimal() else position or 0,
            "number": line(source.get("agendapuntkenmerk") or source.get("agendapuntKenmerk") or number, 40),
            "title": title,
            "text": prose(source.get("agendapuntOmschrijving")) if source.get("agendapuntTitel") else "",
            "heading": False,
            "hammer_item": truth(source.get("indicatieHamerstuk")),
            "confidential": truth(source.get("indicatorBesloten")),
            "planned_start": _iso(source.get("geplandeStarttijd")),
            "planned_end": _iso(source.get("geplandeEindtijd")),
        }
        gone = line(source.get("wijziging")) == "Verwijdering" or truth(source.get("verwijderd"))
        self.things[key] = Planned(kind="agenda_item", key=key, title=title, values=values, parent=meeting, gone=gone)
        for at, item in enumerate(objects(source.get("informatieobjecten"))):
            self.paper(item, key, meeting, at)
        for at, item in enumerate(objects(source.get("subagendapunten"))):
            self.point(item, meeting, parent or key, at)

    def paper(self, source: Object, point: str = "", meeting: str = "", position: int = 0) -> None:
        id, title = _id(source), line(source.get("titel")) or line(source.get("omschrijving")) or "(geen titel)"
        if not id:
            self.problem(title, _("Hier ontbreekt een id, dus wij kunnen het later niet terugvinden."))
            return
        key = make_key("document", id)
        at = day(source.get("datumIngediend")) or day(source.get("creatiedatum")) or day(source.get("publicatiedatum"))
        language = line(source.get("taal")).lower()
        values = {
            "title": title,
            "type": DOCUMENT_TYPES.get(line(source.get("informatieobjecttype")), "other"),
            "date": at.isoformat() if at else None,
            "reference": line(source.get("kenmerk"), 40),
            "summary": prose(source.get("omschrijving")) if source.get("titel") else "",
            "url": address(source.get("link")),
            "page_url": address(source.get("webpaginaLink")),
            "woo_category": line(source.get("wooInformatiecategorie"), 40),
            "language": "en" if language in ("en", "eng") else "nl",
            "edition": line(source.get("versie"), 5) or "1",
            "confidential": line(source.get("vertrouwelijkheidsaanduiding")).lower() not in ("", "openbaar"),
        }
        gone = line(source.get("wijziging")) == "Verwijdering" or truth(source.get("verwijderd"))
        if any(name in source for name in _PAPER_SIGNS):
            self.things[key] = Planned(kind="document", key=key, title=title, values=values, gone=gone)
        points = [(point, meeting)] if point else [(_key("agenda_item", item), "") for item in _references(source.get("agendapunten"))]
        for found, of in points:
            if not found or gone:
                continue
            tie = make_key("treatment", found, key)
            tied = {"agenda_item": found, "document": key, "position": position}
            parent = of or (self.things[found].parent if found in self.things else "")
            self.things[tie] = Planned(kind="treatment", key=tie, title=title, values=tied, parent=parent)

    def problem(self, title: str, message: Text) -> None:
        self.problems.append(Problem(message=message, title=title))


def _id(source: Object) -> str:
    return line(source.get("id") or source.get("pid"), 120) or last_part(source.get("url"))


def _key(kind: str, reference: Any) -> str:
    id = last_part(reference)
    return make_key(kind, id) if id else ""


def _references(value: Any) -> list[Any]:
    return [item for item in value if isinstance(item, str | dict)] if isinstance(value, list) else []


def _iso(value: Any) -> str | None:
    found = moment(value)
    return found.isoformat() if found else None
