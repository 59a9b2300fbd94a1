"""Requests of another GeoReport v2 server, taken over as cases with their history: for a city that leaves its old system."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from citycontent.api import CreateOrganization, Organization, create_organization
from samen_core.api import Invalid, SubjectRef, Text, UnitOfWork, _, new_code, new_token, register, uuid7, without_bad
from samen_oog_oor.georeport import read_link, read_moment, read_number, write_moment
from samen_oog_oor.models import Case, Category, Signal, TakenOver, Update
from samen_oog_oor.models.base import NUMBER_LENGTH, PUBLICATION, TITLE_LENGTH
from samen_oog_oor.permissions import DEFINE
from samen_oog_oor.schemas.categories import SaveCategory
from samen_oog_oor.services.categories import create_category
from samen_oog_oor.services.counting import forget_numbers
from samen_oog_oor.services.kinds import CASE, SIGNAL, case_card, signal_card
from samen_oog_oor.services.receipt_keys import key_hash

Request = Mapping[str, Any]
DEEPEST, MOST_VALUES = 4, 100
_ELEMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,79}")


@dataclass(frozen=True, slots=True)
class Imported:
    """How many cases are new, and how many were here already by their number."""

    new: int
    known: int


@dataclass(frozen=True, slots=True)
class _Read:
    """A request of which everything could be read."""

    number: str
    code: str
    name: str
    closed: bool
    at: datetime
    changed_at: datetime
    lat: float | None
    lon: float | None
    source: Request

    def text(self, name: str, longest: int = 4_000) -> str:
        """A text of the request; empty when it has none."""
        return _text(self.source.get(name))[:longest]


def import_requests(uow: UnitOfWork, requests: Sequence[Request], main: uuid.UUID, publication: str = "point") -> Imported:
    """Take requests over; those whose number is here already stay as they are. Nobody gets mail, and no rule sends them anywhere.

    Services that are no category yet become one under ``main``, agencies an organisation. What is written in them was public where they
    come from, and is so here with ``publication`` full. Answers to questions go in the text of the signal, for staff. Raises NotAllowed,
    and Invalid with every request that cannot be read; then nothing is taken over.
    """
    DEFINE.require(uow.actor)
    if publication not in PUBLICATION:
        raise Invalid({"publication": [_("Kies een van de mogelijkheden.")]})
    found = _read_all(requests)
    numbers = [item.number for item in found]
    known = set(uow.session.execute(select(Case.number).where(Case.number.in_(numbers))).scalars())
    categories = {row.code: row for row in uow.session.execute(select(Category)).scalars()}
    agencies: dict[str, uuid.UUID] = {}
    new = 0
    for item in found:
        if item.number in known:
            continue
        known.add(item.number)
        if item.code not in categories:
            values = SaveCategory(name=item.name[:TITLE_LENGTH], parent_id=main, code=item.code, publication=publication)
            categories[item.code] = create_category(uow, values)
        _make(uow, item, categories[item.code], _agency(uow, agencies, item.text("agency_responsible", 200)), publication)
        new += 1
    # They changed as long ago as the other server says.
    forget_numbers(uow)
    uow.record("oog_oor.requests.imported", main, after={"new": new, "known": len(found) - new})
    return Imported(new, len(found) - new)


def _read_all(requests: Sequence[Request]) -> list[_Read]:
    errors: dict[str, list[Text]] = {}
    found = []
    for place, request in enumerate(requests):
        try:
            found.append(_read(request))
        except Invalid as error:
            errors |= {f"{place}.{name}": texts for name, texts in error.errors.items()}
    if errors:
        raise Invalid(errors)
    return found


def _read(request: Request) -> _Read:
    number, code = _text(request.get("service_request_id")), _text(request.get("service_code"))
    errors: dict[str, list[Text]] = {}
    if not 0 < len(number) <= NUMBER_LENGTH:
        errors["service_request_id"] = [_("{field} ontbreekt.", field="service_request_id")]
    if not code:
        errors["service_code"] = [_("{field} ontbreekt.", field="service_code")]
    status = _text(request.get("status")).lower()
    if status not in ("open", "closed"):
        errors["status"] = [_("status moet open of closed zijn.")]
    if errors:
        raise Invalid(errors)
    at = read_moment(_text(request.get("requested_datetime")), "requested_datetime")
    changed = _text(request.get("updated_datetime"))
    place = [_text(request.get(name)) for name in ("lat", "long")]
    return _Read(
        number=number,
        code=code,
        name=_text(request.get("service_name")) or code,
        closed=status == "closed",
        at=at,
        changed_at=read_moment(changed, "updated_datetime") if changed else at,
        lat=read_number(place[0], "lat", -90, 90) if all(place) else None,
        lon=read_number(place[1], "long", -180, 180) if all(place) else None,
        source=request,
    )


def _make(uow: UnitOfWork, item: _Read, category: Category, organization_id: uuid.UUID | None, publication: str) -> None:
    """The case, its one signal and what was told of it. How it ended is not known: it was over before it came here."""
    case = Case(
        id=uuid7(),
        number=item.number,
        category_id=category.id,
        title=category.name,
        public_text=item.text("description"),
        state="resolved" if item.closed else "new",
        resolution="already_resolved" if item.closed else None,
        answer=item.text("status_notes") if item.closed else "",
        publication=publication,
        confidential=category.confidential,
        organization_id=organization_id,
        lat=item.lat,
        lon=item.lon,
        address=item.text("address", TITLE_LENGTH),
        address_id=item.text("address_id", NUMBER_LENGTH),
        public_place=item.text("address", TITLE_LENGTH),
        public_lat=item.lat,
        public_lon=item.lon,
        signals=1,
        reported_at=item.at,
        changed_at=item.changed_at,
        closed_at=item.changed_at if item.closed else None,
    )
    register(uow, SubjectRef(CASE, case.id), case_card(case))
    uow.session.flush()
    uow.session.add(case)
    uow.session.flush()
    attributes = item.source.get("attributes")
    answers = [f"{name}: {_text(value)}" for name, value in attributes.items()] if isinstance(attributes, Mapping) else []
    more = [line for line in (item.text("description") or category.name, *answers, item.text("media_url")) if line]
    signal = Signal(
        id=uuid7(),
        case_id=case.id,
        first_case_id=case.id,
        code=new_code(),
        key_hash=key_hash(uow.platform, new_token()),
        channel="open311",
        type="problem",
        text="\n".join(more)[:4_000],
        lat=item.lat,
        lon=item.lon,
        address=case.address,
        at=item.at,
        confirmed_at=item.at,
    )
    register(uow, SubjectRef(SIGNAL, signal.id), signal_card(signal, case, category))
    uow.session.flush()
    uow.session.add(signal)
    _tell(uow, item, case)
    if publication == "full":
        uow.session.add(TakenOver(case_id=case.id, public=_public(item)))
        uow.session.flush()


def _public(item: _Read) -> dict[str, Any]:
    """What the other server showed everybody and no column here holds, to show it as it was; ``until`` is its last change there."""
    found: dict[str, Any] = {"until": write_moment(item.changed_at)}
    for name in ("attributes", "extended_attributes"):
        if isinstance(given := item.source.get(name), Mapping):
            found[name] = _plain(given)
    notes = [_plain(note) for note in item.source.get("notes") or [] if isinstance(note, Mapping) and note.get("datetime")]
    found["notes"] = [{**note, "datetime": write_moment(read_moment(str(note["datetime"]), "datetime"))} for note in notes]
    if not item.closed and (said := item.text("status_notes")):
        found["status_notes"] = said
    try:
        if link := item.text("media_url"):
            found["media_url"] = read_link(link, "media_url")
    except Invalid:
        pass
    return found


def _plain(value: Any, depth: int = 0) -> Any:
    """A value with nothing in it that cannot be stored, or that XML has no name for."""
    if isinstance(value, Mapping) and depth < DEEPEST:
        return {name: _plain(inner, depth + 1) for name, inner in value.items() if _ELEMENT.fullmatch(str(name))}
    if isinstance(value, list) and depth < DEEPEST:
        return [_plain(inner, depth + 1) for inner in value[:MOST_VALUES]]
    return value if value is None or isinstance(value, bool | int | float) else without_bad(str(value))[:4_000]


def _tell(uow: UnitOfWork, item: _Read, case: Case) -> None:
    """The notes of a request as messages; those of a server without notes are what it said last."""
    notes = [note for note in item.source.get("notes") or [] if isinstance(note, Mapping) and note.get("datetime")]
    for note in notes:
        said = "\n".join(line for line in (_text(note.get("summary")), _text(note.get("description"))) if line)
        at = read_moment(_text(note["datetime"]), "datetime")
        uow.session.add(Update(id=uuid7(), case_id=case.id, at=at, state=case.state if note is notes[-1] else "new", text=said[:4_000]))
    if not item.closed and item.text("status_notes"):
        uow.session.add(Update(id=uuid7(), case_id=case.id, at=item.changed_at, state=case.state, text=item.text("status_notes")))
    uow.session.flush()


def _agency(uow: UnitOfWork, known: dict[str, uuid.UUID], name: str) -> uuid.UUID | None:
    if not name:
        return None
    if name not in known:
        of_name = select(Organization.id).where(Organization.name == name).order_by(Organization.id).limit(1)
        id = uow.session.execute(of_name).scalar_one_or_none()
        known[name] = id or create_organization(uow, CreateOrganization(name=name, sector="government")).id
    return known[name]


def _text(value: Any) -> str:
    return "" if value is None else without_bad(str(value)).strip()
