"""A meeting as the API of Notubiz gives it: points nest, hang off a gremium and carry documents with versions, some inside module items."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from samen_beleidsagenda.exchange.reading.content import (
    Object,
    address,
    day,
    line,
    moment,
    objects,
    one,
    prose,
    require_few,
    shape_error,
    truth,
    whole,
)
from samen_beleidsagenda.exchange.reading.words import code_for, document_type, meeting_type
from samen_beleidsagenda.schemas.import_plan import Plan, Planned, Problem, Words, make_key
from samen_core.api import _

SCHEME = "notubiz"
TITLE_ATTRIBUTE = 1
"""The attribute of a point that is its title, at every municipality."""
_TEXT_NAMES = ("Omschrijving", "Toelichting")
_DEEPEST = 20


def read_notubiz(data: Any, words: Words) -> Plan:
    """The meetings in the data: one meeting, a list, or an object with ``events`` or ``meetings``. Raises Invalid when there is none."""
    reader = _Reader(words)
    for meeting in _meetings(data):
        reader.meeting(meeting)
    if not reader.whole:
        raise shape_error(_("vergadering van Notubiz"))
    require_few(len(reader.things))
    return Plan(things=tuple(reader.things.values()), problems=tuple(reader.problems), whole=frozenset(reader.whole))


def _meetings(data: Any) -> Iterator[Object]:
    if isinstance(data, dict) and "agenda_items" not in data and "plannings" not in data:
        data = data.get("meeting") or data.get("meetings") or data.get("events") or []
    for item in objects(data):
        if whole(item.get("id")) is not None and ("plannings" in item or "agenda_items" in item):
            yield item


class _Reader:
    def __init__(self, words: Words) -> None:
        self.words = words
        self.things: dict[str, Planned] = {}
        self.problems: list[Problem] = []
        self.whole: set[str] = set()

    def meeting(self, source: Object) -> None:
        key = make_key("meeting", source["id"])
        attributes = _attributes(source)
        title = line(attributes.get("Titel") or source.get("title") or source.get("name")) or "Vergadering"
        starts = [found for item in objects(source.get("plannings")) if (found := moment(item.get("start_date")))]
        ends = [found for item in objects(source.get("plannings")) if (found := moment(item.get("end_date")))]
        if not starts:
            self.problems.append(Problem(message=_("Deze vergadering heeft geen datum."), title=title))
            return
        start, end = min(starts), max(ends, default=None)
        gremium = one(source.get("gremium"))
        names = (gremium.get("id"), gremium.get("name"), gremium.get("title"), title)
        values = {
            "name": title,
            "start": start.isoformat(),
            "end": end.isoformat() if end and end > start else None,
            "body": code_for(self.words.bodies, names) or self.words.body,
            "body_word": line(gremium.get("name") or gremium.get("title") or gremium.get("id")),
            "type": meeting_type(f"{title} {line(gremium.get('name'))}"),
            "location": line(attributes.get("Locatie") or source.get("location")),
            "closed": _closed(source),
            "cancelled": truth(source.get("canceled")) or truth(source.get("cancelled")),
        }
        self.things[key] = Planned(kind="meeting", key=key, title=title, values=values)
        self.whole.add(key)
        if minutes := self.documents(source, "", key):
            tied = make_key("minutes", key)
            self.things[tied] = Planned(kind="minutes", key=tied, title=title, values={"meeting": key, "document": minutes}, parent=key)
        for position, (item, parent) in enumerate(_points(source.get("agenda_items"))):
            self.point(item, key, parent, position)

    def point(self, source: Object, meeting: str, parent: str, position: int) -> None:
        key = make_key("agenda_item", source["id"])
        data = one(source.get("type_data"))
        title, text = _title_and_text(source, data)
        values: dict[str, Any] = {
            "meeting": meeting,
            "item_parent": parent,
            "position": position,
            "number": line(data.get("title_prefix"), 40),
            "title": title or "(geen titel)",
            "text": text,
            "heading": truth(data.get("heading")),
            "hammer_item": truth(data.get("hammer_item")) or truth(source.get("hammer_item")),
            "confidential": _closed(source),
            "planned_start": _iso(data.get("start_date") or source.get("start_date")),
            "planned_end": _iso(data.get("end_date") or source.get("end_date")),
        }
        self.things[key] = Planned(kind="agenda_item", key=key, title=values["title"], values=values, parent=meeting)
        self.documents(source, key, meeting)

    def documents(self, source: Object, point: str, meeting: str) -> str:
        """Read the documents of a meeting or point, and tie them to the point; the key of what looks like the minutes, or nothing."""
        minutes = ""
        for position, item in enumerate(_documents(source)):
            key = make_key("document", item["id"])
            values = _document(item)
            if key not in self.things:
                self.things[key] = Planned(kind="document", key=key, title=values["title"], values=values, parent="" if point else meeting)
            if point:
                tie = make_key("treatment", point, key)
                tied = {"agenda_item": point, "document": key, "position": position}
                self.things[tie] = Planned(kind="treatment", key=tie, title=values["title"], values=tied, parent=meeting)
            elif values["type"] == "minutes":
                minutes = key
        return minutes


def _points(value: Any, parent: str = "", depth: int = 0) -> Iterator[tuple[Object, str]]:
    """Every point with the key of the one it stands under, in the order of the agenda; what nests deeper stands under the outermost."""
    found = [item for item in objects(value) if whole(item.get("id")) is not None]
    numbered = [(whole(item.get("order")), at, item) for at, item in enumerate(found)]
    for _order, _at, item in sorted(numbered, key=lambda row: (row[0] is None, row[0] or 0, row[1])):
        yield item, parent
        if depth < _DEEPEST:
            yield from _points(item.get("agenda_items"), parent or make_key("agenda_item", item["id"]), depth + 1)


def _documents(source: Object) -> Iterator[Object]:
    """The documents of a meeting or point: its own, and those inside its module items."""
    for item in objects(source.get("documents")):
        if whole(item.get("id")) is not None:
            yield item
    for module in objects(source.get("module_items")):
        yield from _documents({"documents": module.get("documents")})
        for attribute in objects(module.get("attributes")):
            yield from _documents({"documents": attribute.get("documents") or attribute.get("value")})


def _document(source: Object) -> dict[str, Any]:
    types = " ".join(line(item.get("value")) for item in objects(source.get("types")))
    files = list(objects(source.get("versions")))
    newest: Object = max(files, key=lambda item: whole(item.get("id")) or 0, default={})
    title = line(source.get("title")) or line(newest.get("file_name")) or "(geen titel)"
    at = day(source.get("publication_date")) or day(source.get("date")) or day(source.get("last_modified"))
    return {
        "title": title,
        "type": document_type(f"{types} {title}"),
        "date": at.isoformat() if at else None,
        "reference": line(source.get("case_code"), 40),
        "summary": prose(source.get("description")),
        "url": address(source.get("url")),
        "edition": str(whole(source.get("version")) or whole(newest.get("id")) or 1),
        "confidential": _closed(source),
    }


def _closed(source: Object) -> bool:
    group = line(source.get("permission_group"))
    return truth(source.get("confidential")) or group not in ("", "public")


def _attributes(source: Object) -> dict[str, Any]:
    """The attributes of a meeting by name, in either form that the API has for them."""
    found = source.get("attributes")
    if isinstance(found, dict):
        return dict(found)
    return {line(item.get("name") or item.get("label")): item.get("value") for item in objects(found)}


def _title_and_text(source: Object, data: Object) -> tuple[str, str]:
    titles, texts = [], []
    for item in objects(data.get("attributes")):
        name = line(item.get("name") or item.get("label"))
        if whole(item.get("id")) == TITLE_ATTRIBUTE or name == "Titel":
            titles.append(line(item.get("value")))
        elif name in _TEXT_NAMES:
            texts.append(prose(item.get("value")))
    title = next((text for text in titles if text), "") or line(data.get("title") or source.get("title"))
    return title, "\n\n".join(text for text in texts if text)


def _iso(value: Any) -> str | None:
    found = moment(value)
    return found.isoformat() if found else None
