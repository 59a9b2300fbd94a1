"""Bodies, groups and council members as Popolo has them. Of a person only the name and the roles are read: never a mail address,
a birth date, a sex or a photo, whatever the file has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from citycontent.api import PartialDate
from samen_beleidsagenda.exchange.reading.content import Object, line, objects, one, require_few, shape_error
from samen_beleidsagenda.schemas.import_plan import PLAN_KINDS, Plan, Planned, Problem, make_key
from samen_core.api import _, fold

_BODIES = {
    "council": "council",
    "gemeenteraad": "council",
    "raad": "council",
    "committee": "committee",
    "commission": "committee",
    "commissie": "committee",
    "raadscommissie": "committee",
    "college": "college",
    "executive": "college",
    "presidium": "other",
}
_CITY = ("municipality", "gemeente", "province", "provincie")
_PREFIX = re.compile(r"^(?:(?:dhr|mw|mevr|mevrouw|de heer|drs|dr|mr|ir|ing|prof|bc|ba|ma|msc|bsc)\.?\s+)+", re.IGNORECASE)
_LISTS = (("organization", ("organizations", "organisations")), ("person", ("persons", "people")), ("membership", ("memberships",)))


def read_popolo(data: Any) -> Plan:
    """The organisations, persons and memberships in the data. Raises Invalid when there are none."""
    reader = _Reader()
    for kind, item in _items(data):
        if kind == "organization":
            reader.organization(item)
        elif kind == "person":
            reader.person(item)
        else:
            reader.membership(item, "")
    if not reader.things and not reader.problems:
        raise shape_error(_("organisaties of personen"))
    require_few(len(reader.things))
    things = sorted(reader.things.values(), key=lambda thing: PLAN_KINDS.index(thing.kind))
    return Plan(things=tuple(things), problems=tuple(reader.problems))


def _items(data: Any) -> Iterator[tuple[str, Object]]:
    """Everything of Popolo, of lists by name or of a bare list or object that shows what it is."""
    for source in objects(data):
        named = [(kind, source[name]) for kind, names in _LISTS for name in names if isinstance(source.get(name), list)]
        if named and "name" not in source:
            yield from ((kind, item) for kind, value in named for item in objects(value))
        elif "person_id" in source:
            yield "membership", source
        elif "classification" in source:
            yield "organization", source
        elif "name" in source or "family_name" in source:
            yield "person", source


class _Reader:
    def __init__(self) -> None:
        self.things: dict[str, Planned] = {}
        self.problems: list[Problem] = []

    def organization(self, source: Object, *, mentioned: bool = False) -> str:
        """Read an organisation; one that is only ``mentioned`` does not replace what the file says of it elsewhere."""
        id = line(source.get("id"), 120)
        name = line(source.get("name")) or _any_name(source) or line(source.get("description"))
        if not id or not name:
            self.problems.append(Problem(message=_("Deze organisatie heeft geen naam of geen id."), title=name or id))
            return ""
        key = make_key("organization", id)
        classification = line(source.get("classification"), 100)
        word = fold(classification)
        parent = line(source.get("parent_id"), 120)
        values = {
            "name": name,
            "classification": classification,
            "body_kind": _BODIES.get(word),
            "city": word in _CITY,
            "parent": make_key("organization", parent) if parent and parent != id else "",
        }
        if not (mentioned and key in self.things):
            self.things[key] = Planned(kind="organization", key=key, title=name, values=values)
        return key

    def person(self, source: Object) -> None:
        id, name = line(source.get("id"), 120), line(source.get("name")) or _any_name(source)
        if not id or not name:
            self.problems.append(Problem(message=_("Deze persoon heeft geen naam of geen id."), title=name or id))
            return
        key = make_key("person", id)
        found = _PREFIX.match(name)
        prefix = found.group().strip() if found else ""
        values = {"name": name[len(found.group()) :].strip() if found else name, "prefix": prefix[:40]}
        self.things[key] = Planned(kind="person", key=key, title=values["name"], values=values)
        for item in objects(source.get("memberships")):
            self.membership(item, key)

    def membership(self, source: Object, person: str) -> None:
        person = person or make_key("person", line(source.get("person_id"), 120))
        inline = one(source.get("organization") or source.get("organisation"))
        id = line(source.get("organization_id") or source.get("organisation_id") or inline.get("id"), 120)
        role = line(source.get("role") or source.get("label"))
        if not id:
            self.problems.append(Problem(message=_("Bij dit lidmaatschap staat geen organisatie."), title=role))
            return
        organization = make_key("organization", id)
        if inline.get("name"):
            self.organization({**inline, "id": id}, mentioned=True)
        start, end = _partial(source.get("start_date")), _partial(source.get("end_date"))
        key = make_key("membership", person, organization, role, start or "")
        values = {"person": person, "organization": organization, "role": role, "start": start, "end": end}
        self.things[key] = Planned(kind="membership", key=key, title=role or "lid", values=values, parent=person)


def _any_name(source: Object) -> str:
    parts = (line(source.get("given_name")), line(source.get("family_name")))
    return " ".join(part for part in parts if part)


def _partial(value: Any) -> str | None:
    """A date of Popolo: a year, a month or a day."""
    try:
        return str(PartialDate(line(value, 40)[:10]))
    except ValueError:
        return None
