"""What a dossier is about, who holds it and what comes, as its page and its linked data tell it: read in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Date, Text, bindparam, false, func

from citycontent.api import Area, Membership, Organization, Person, Post, Project, Theme, valid_on
from samen_beleidsagenda.models import Dossier, DossierArea, DossierProject, DossierTheme, Entry
from samen_beleidsagenda.queries.kinds_together import AnyRow, by_kind, part, together
from samen_beleidsagenda.queries.lights import city_day
from samen_core.api import Subject, UnitOfWork, UTCDateTime

MOST_MOMENTS = 20
"""Coming moments told with a dossier."""
_E, _S = Entry.__table__.c, Subject.__table__.c
_THEME, _AREA, _PROJECT, _ORGANIZATION = Theme.__table__.c, Area.__table__.c, Project.__table__.c, Organization.__table__.c
_POST, _MEMBER, _PERSON = Post.__table__.c, Membership.__table__.c, Person.__table__.c
_OF_THEME, _OF_AREA, _OF_PROJECT = DossierTheme.__table__.c, DossierArea.__table__.c, DossierProject.__table__.c
_ID = _E.subject_id.type
_THIS, _HOLDER, _WORKER = (bindparam(name, type_=_ID) for name in ("dossier_id", "holder_id", "organization_id"))
_TYPES = {
    "id": _ID,
    "name": Text(),
    "slug": Text(),
    "sort": Text(),
    "state": Text(),
    "path": Text(),
    "start_date": Date(),
    "end_date": Date(),
    "start_at": UTCDateTime(),
    "end_at": UTCDateTime(),
}
# Hidden from the planner, which without statistics would walk everything that is to come instead of that of one dossier.
_VISIBLE = func.coalesce(_E.visible, false())
_PARTS = (
    part("theme", _TYPES, id=_THEME.id, name=_THEME.name, sort=_THEME.sort_name)
    .join(_OF_THEME.theme_id.table, _OF_THEME.theme_id == _THEME.id)
    .where(_OF_THEME.dossier_id == _THIS),
    part("area", _TYPES, id=_AREA.id, name=_AREA.name, sort=_AREA.name)
    .join(_OF_AREA.area_id.table, _OF_AREA.area_id == _AREA.id)
    .where(_OF_AREA.dossier_id == _THIS),
    part("project", _TYPES, id=_PROJECT.id, name=_PROJECT.name, slug=_PROJECT.slug, sort=_PROJECT.sort_name)
    .join(_OF_PROJECT.project_id.table, _OF_PROJECT.project_id == _PROJECT.id)
    .where(_OF_PROJECT.dossier_id == _THIS, _PROJECT.state == "active"),
    part("organization", _TYPES, id=_ORGANIZATION.id, name=_ORGANIZATION.name, slug=_ORGANIZATION.slug, state=_ORGANIZATION.state).where(
        _ORGANIZATION.id == _WORKER
    ),
    part("holder", _TYPES, id=_POST.id, name=_POST.label).where(_POST.id == _HOLDER, _POST.state == "active"),
    part("person", _TYPES, id=_MEMBER.id, name=_PERSON.name, slug=_PERSON.slug, sort=_PERSON.sort_name)
    .join(_PERSON.id.table, _PERSON.id == _MEMBER.person_id)
    .join(_S.id.table, _S.id == _PERSON.id)
    .where(
        _MEMBER.post_id == _HOLDER,
        _MEMBER.state == "active",
        _PERSON.state == "active",
        _S.public,
        valid_on(_MEMBER.start_date, _MEMBER.end_date, bindparam("day", type_=Text())),
    ),
    part(
        "moment",
        _TYPES,
        **{name: _E[name] for name in ("path", "start_date", "end_date", "start_at", "end_at")},
        id=_E.subject_id,
        name=_E.title,
        state=_E.status,
    )
    .where(_E.dossier_id == _THIS, _VISIBLE, _E.status != "cancelled", _E.end_date >= bindparam("today", type_=Date()))
    .order_by(_E.start_date, _E.subject_id)
    .limit(MOST_MOMENTS),
)
_ABOUT = together(*_PARTS).order_by("sort", "start_date", "id")


@dataclass(frozen=True, slots=True)
class About:
    """What a dossier is linked to: rows with ``id`` and ``name``, and ``slug`` of what has a page in the city.

    ``organization`` does the work, with its ``state``; ``holder`` is the post, None when it is there no longer, ``people`` are the (name,
    slug) of the public persons who have it today. ``coming`` are the moments that everybody may know of, with ``path`` and their times.
    """

    themes: list[AnyRow]
    areas: list[AnyRow]
    projects: list[AnyRow]
    organization: AnyRow | None
    holder: AnyRow | None
    people: tuple[tuple[str, str], ...]
    coming: list[AnyRow]


def about(uow: UnitOfWork, dossier: Dossier) -> About:
    """What a dossier is about. One statement."""
    today = city_day(uow)
    ids = {"dossier_id": dossier.id, "holder_id": dossier.holder_id, "organization_id": dossier.organization_id}
    found = by_kind(uow, _ABOUT, {**ids, "today": today, "day": today.isoformat()})
    holder: Any = next(iter(found["holder"]), None)
    return About(
        found["theme"],
        found["area"],
        found["project"],
        next(iter(found["organization"]), None),
        holder,
        tuple(dict.fromkeys((row.name, row.slug) for row in found["person"])) if holder is not None else (),
        found["moment"],
    )
