"""What every rule of the agenda does: find a thing, check who acts and who sees, register, log and tell."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from samen_beleidsagenda.events import AgendaEvent
from samen_beleidsagenda.models import (
    AgendaItem,
    Document,
    DocumentDossier,
    Dossier,
    DossierArea,
    DossierProject,
    DossierTheme,
    Goal,
    Meeting,
    PlanningItem,
)
from samen_beleidsagenda.models.base import Citable
from samen_beleidsagenda.permissions import RECORD, SEE_CONFIDENTIAL, WRITE
from samen_beleidsagenda.queries.lights import city_day
from samen_beleidsagenda.services.kinds import DOSSIER, card_of, kind_of
from samen_core.api import (
    Conflict,
    Invalid,
    NotFound,
    Permission,
    SubjectRef,
    Text,
    UnitOfWork,
    _,
    register,
    update_card,
    uuid7,
)

Thing = TypeVar("Thing", bound=Citable)


def _tied(type: str, column: InstrumentedAttribute[uuid.UUID]) -> Select[tuple[str, uuid.UUID]]:
    table = column.class_.__table__
    return select(literal(type).label("type"), table.c[column.key].label("id")).where(table.c.dossier_id == bindparam("dossier_id"))


_TIES = union_all(_tied("area", DossierArea.area_id), _tied("theme", DossierTheme.theme_id), _tied("project", DossierProject.project_id))
"""What a dossier is about, as references, in one statement."""


today = city_day
"""The day it is in the city."""


def get_thing(uow: UnitOfWork, model: type[Thing], id: uuid.UUID) -> Thing:
    """A thing that the actor may see. Raises NotFound, also for one that is not public yet, confidential or taken away."""
    return _seen(uow, uow.session.get(model, id))


def locked_thing(uow: UnitOfWork, model: type[Thing], id: uuid.UUID) -> Thing:
    """The same, locked until this transaction ends."""
    statement = select(model).where(model.id == id).with_for_update().execution_options(populate_existing=True)
    return _seen(uow, uow.session.execute(statement).scalar_one_or_none())


def to_change(
    uow: UnitOfWork, model: type[Thing], id: uuid.UUID, version: int, values: Callable[[Thing], Mapping[str, Any]] | None = None
) -> Thing:
    """A thing to change, locked, as it was at ``version``. Raises NotFound, NotAllowed, and Conflict with what it is now.

    ``values`` gives what its form shows of it, so that whoever was second sees what was stored in the meantime.
    """
    thing = locked_thing(uow, model, id)
    require_write(uow, thing)
    if thing.version != version:
        check_version(thing, version, values(thing) if values is not None else None)
    return thing


def check_version(thing: Any, version: int, values: Mapping[str, Any] | None = None) -> None:
    """Raise Conflict when somebody else changed the thing since ``version`` was read; ``values`` are those of now, for its form."""
    if thing.version != version:
        raise Conflict(current=dict(values or {}) or {"version": thing.version}, version=thing.version)


def scopes_of(uow: UnitOfWork, thing: Any) -> tuple[uuid.UUID, ...]:
    """What else a grant may be on: its body, its dossier, the organisation that does the work; for a point of an agenda its meeting's,
    for a document all of its dossiers.
    """
    found = [getattr(thing, name, None) for name in ("body_id", "organization_id", "dossier_id")]
    if isinstance(thing, AgendaItem) and (meeting := uow.session.get(Meeting, thing.meeting_id)) is not None:
        found.append(meeting.body_id)
    if isinstance(thing, Document):
        tied = select(Dossier.id, Dossier.organization_id).join(DocumentDossier, DocumentDossier.dossier_id == Dossier.id)
        found += [id for row in uow.session.execute(tied.where(DocumentDossier.document_id == thing.id)) for id in row]
    elif not isinstance(thing, Dossier) and (dossier := dossier_of(uow, thing)) is not None:
        found.append(dossier.organization_id)
    return tuple(id for id in found if id is not None)


def dossier_of(uow: UnitOfWork, thing: Any) -> Dossier | None:
    """The dossier of a thing, whether the actor may see it or not; None without one. A dossier is its own."""
    if isinstance(thing, Dossier):
        return thing
    id = getattr(thing, "dossier_id", None)
    return uow.session.get(Dossier, id) if id is not None else None


def may_write(uow: UnitOfWork, thing: Any) -> bool:
    """Whether the actor may change it; what is confidential only who may see it."""
    return kind_of(thing).write.allows(uow.actor, thing.id, scopes=scopes_of(uow, thing)) and may_see(uow, thing)


def require_write(uow: UnitOfWork, thing: Any, permission: Permission | None = None) -> None:
    """Raise NotAllowed unless the actor has the right to write this kind of thing, or ``permission``, on it."""
    (permission or kind_of(thing).write).require(uow.actor, thing.id, scopes=scopes_of(uow, thing))


def is_public(uow: UnitOfWork, thing: Any) -> bool:
    """Whether everybody may see it: it is public and not confidential, and a planned moment only with its dossier."""
    if not thing.is_public:
        return False
    if isinstance(thing, PlanningItem):
        dossier = dossier_of(uow, thing)
        return dossier is not None and dossier.is_public
    return True


def may_see(uow: UnitOfWork, thing: Any) -> bool:
    """Whether the actor may know of it. What is confidential, by itself or by its dossier, needs a right of its own."""
    if is_public(uow, thing):
        return True
    if thing.state == "deleted":
        return False
    scopes = scopes_of(uow, thing)
    dossier = dossier_of(uow, thing) if isinstance(thing, PlanningItem) else None
    if (thing.confidential or (dossier is not None and dossier.confidential)) and not SEE_CONFIDENTIAL.allows(
        uow.actor, thing.id, scopes=scopes
    ):
        return False
    published = thing.state == "published" and (dossier is None or dossier.state == "published")
    return published or any(right.allows(uow.actor, thing.id, scopes=scopes) for right in (WRITE, RECORD))


def set_confidential(uow: UnitOfWork, thing: Any, confidential: bool) -> None:
    """Make a thing confidential or not. Raises NotAllowed for who could not see it afterwards."""
    if confidential != thing.confidential:
        SEE_CONFIDENTIAL.require(uow.actor, thing.id, scopes=scopes_of(uow, thing))
        thing.withdrawn_at = uow.now if confidential and thing.state == "published" else None
        thing.confidential = confidential


def enter(uow: UnitOfWork, thing: Any, permission: Permission | None = None, *, scopes: tuple[uuid.UUID, ...] = ()) -> None:
    """Add a new thing, as a draft unless its state says otherwise, with its row in the register. Raises NotAllowed."""
    thing.id = thing.id or uuid7()
    places = (*scopes_of(uow, thing), *scopes)
    (permission or kind_of(thing).write).require(uow.actor, thing.id, scopes=places)
    if thing.confidential:
        SEE_CONFIDENTIAL.require(uow.actor, thing.id, scopes=places)
    add(uow, thing)


def add(uow: UnitOfWork, thing: Any) -> None:
    """The same whoever acts: for what follows by a rule from something that the actor had the right to do."""
    thing.id = thing.id or uuid7()
    thing.state = thing.state or "draft"
    thing.created_at = thing.changed_at = uow.now
    if thing.state == "published":
        thing.published_at = uow.now
    register(uow, kind_of(thing).ref(thing.id), card_of(thing, public=is_public(uow, thing)))
    uow.session.add(thing)


def keep_card(uow: UnitOfWork, thing: Any) -> None:
    """Bring the register up to date with a thing, and let who mirrors it know that it changed."""
    thing.changed_at = uow.now
    uow.session.flush()
    area = _area_of(uow, thing) if isinstance(thing, Dossier) else None
    update_card(uow, kind_of(thing).ref(thing.id), card_of(thing, public=is_public(uow, thing), area_ref=area))


def _area_of(uow: UnitOfWork, dossier: Dossier) -> uuid.UUID | None:
    """The area of a dossier that is about one: the register has room for no more."""
    areas = uow.session.execute(select(DossierArea.area_id).where(DossierArea.dossier_id == dossier.id).limit(2)).scalars().all()
    return areas[0] if len(areas) == 1 else None


def refs(uow: UnitOfWork, thing: Any, *more: SubjectRef) -> tuple[SubjectRef, ...]:
    """What an event of a thing is about: itself, its dossier when that is public, and the areas, themes and projects of that dossier."""
    found = [kind_of(thing).ref(thing.id), *more]
    if isinstance(thing, Goal):
        found.append(SubjectRef("theme", thing.theme_id))
    dossier = dossier_of(uow, thing)
    if dossier is not None and dossier.is_public:
        found.append(DOSSIER.ref(dossier.id))
        found += [SubjectRef(row.type, row.id) for row in uow.session.execute(_TIES, {"dossier_id": dossier.id})]
    return tuple(dict.fromkeys(found))


def tell(uow: UnitOfWork, event: type[AgendaEvent], thing: Any, *more: SubjectRef) -> None:
    """Publish an event of a thing, unless not everybody may know of it."""
    if is_public(uow, thing):
        dossier = dossier_of(uow, thing)
        dossier_id = dossier.id if dossier is not None and dossier.is_public else None
        uow.publish(event(thing_id=thing.id, dossier_id=dossier_id, about=refs(uow, thing, *more)))


def log(
    uow: UnitOfWork,
    action: str,
    thing: Any,
    sentence: Text,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write a line in the log of a thing: in its public logbook when everybody may see the thing, else only in that of the city."""
    old, new = dict(before) if before else None, dict(after) if after else None
    uow.record(action, thing.id, before=old, after=new, reason=reason, public=is_public(uow, thing), sentence=sentence)


def require_reason(reason: str, field: str = "reason") -> str:
    """The reason without blanks around it. Raises Invalid without one."""
    if not reason.strip():
        raise Invalid({field: [_("Vul de reden in. Iedereen kan die lezen.")]})
    return reason.strip()


def _seen(uow: UnitOfWork, thing: Thing | None) -> Thing:
    if thing is None or not may_see(uow, thing):
        raise NotFound
    return thing
