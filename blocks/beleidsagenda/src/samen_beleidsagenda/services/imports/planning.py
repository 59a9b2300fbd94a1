"""Dossiers and planned moments, as an import makes and changes them. Another period is a slip: the old one stays readable."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from samen_beleidsagenda.models import COMING_STATUSES, Dossier, PlanningItem
from samen_beleidsagenda.periods import Period, parse_period, period_of
from samen_beleidsagenda.permissions import WRITE
from samen_beleidsagenda.schemas.dossiers import CreateDossier, UpdateDossier
from samen_beleidsagenda.schemas.import_plan import Planned
from samen_beleidsagenda.schemas.planning import ChangeMoment, Drop, PlanMoment, Postpone, Treat
from samen_beleidsagenda.services.common import may_see
from samen_beleidsagenda.services.dossiers import create_dossier, dossier_values, update_dossier
from samen_beleidsagenda.services.imports.work import Adapter, Now, Work
from samen_beleidsagenda.services.planning import change_moment, drop, plan_moment, postpone, treat
from samen_core.api import fold

CHANGED_WITH = frozenset(("title", "body", "kind", "text", "confidence"))
"""What changes without another period or state."""


def dossiers_now(work: Work, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Now]:
    """Dossiers. One statement."""
    found = work.uow.session.execute(select(Dossier).where(Dossier.id.in_(ids), Dossier.state != "deleted")).scalars()
    return {item.id: Now(item.id, {"title": item.title, "holder": str(item.holder_id) if item.holder_id else None}, item) for item in found}


def find_dossiers(work: Work, things: Sequence[Planned]) -> dict[str, uuid.UUID]:
    """The dossiers of these titles that are here and that the actor may see, by key. One statement, and one per confidential one."""
    wanted = {fold(thing.title): thing.key for thing in things}
    statement = select(Dossier).where(Dossier.sort_title.in_(wanted), Dossier.state != "deleted").order_by(Dossier.id.desc())
    return {wanted[item.sort_title]: item.id for item in work.uow.session.execute(statement).scalars() if may_see(work.uow, item)}


def add_dossier(work: Work, thing: Planned) -> uuid.UUID:
    """Add a dossier, as a draft: before it is public somebody writes what it is about in plain words."""
    values = thing.values
    command = CreateDossier(
        title=values["title"],
        why=values.get("text") or "",
        holder_id=_id(values.get("holder")),
        theme_ids=tuple(uuid.UUID(id) for id in (values.get("theme"),) if id),
    )
    return create_dossier(work.uow, command).id


def change_imported_dossier(work: Work, now: Now, thing: Planned, names: frozenset[str]) -> uuid.UUID:
    """Another title or portfolio holder."""
    values = dossier_values(work.uow, now.thing)
    values["tags"] = tuple(now.thing.tags or ())
    if "title" in names:
        values["title"] = thing.values["title"]
    if "holder" in names:
        values["holder_id"] = _id(thing.values["holder"])
    update_dossier(work.uow, now.id, UpdateDossier(**values))
    return now.id


def moments_now(work: Work, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Now]:
    """Planned moments as they stand now, by the id of any one of their chain: at the end of it. One statement per time they slipped."""
    newest = {id: id for id in ids}
    ends = list(ids)
    while ends:
        statement = select(PlanningItem.previous_id, PlanningItem.id).where(PlanningItem.previous_id.in_(ends))
        following = {row.previous_id: row.id for row in work.uow.session.execute(statement) if row.previous_id}
        newest = {id: following.get(end, end) for id, end in newest.items()}
        ends = list(following.values())
    there = select(PlanningItem).where(PlanningItem.id.in_(newest.values()), PlanningItem.state != "deleted")
    items = {item.id: item for item in work.uow.session.execute(there).scalars()}
    return {id: Now(end, _values(items[end]), items[end]) for id, end in newest.items() if end in items}


def _values(item: PlanningItem) -> dict[str, Any]:
    return {
        "title": item.title,
        "body": str(item.body_id) if item.body_id else None,
        "kind": item.kind,
        "period": period_of(item.start_date, item.end_date).code,
        "text": item.text,
        "confidence": item.confidence,
        # On an agenda is a way of being planned, that lists do not tell apart.
        "status": "planned" if item.status == "scheduled" else item.status,
    }


def add_moment(work: Work, thing: Planned) -> uuid.UUID:
    """Plan a moment; one that was treated or lapsed there is so here too."""
    values = thing.values
    status = values["status"]
    command = PlanMoment(
        dossier_id=work.id(values["dossier"]),
        kind=values["kind"],
        title=values["title"],
        period=parse_period(values["period"]),
        body_id=_id(values.get("body")),
        text=values["text"],
        confidence=values["confidence"],
        status=status if status in ("intended", "planned") else "planned",
        publish=work.publish,
    )
    item = plan_moment(work.uow, command)
    work.uow.session.flush()
    _finish(work, item, status, thing)
    return item.id


def change_imported_moment(work: Work, now: Now, thing: Planned, names: frozenset[str]) -> uuid.UUID:
    """Put off, change, treat or drop a moment."""
    item: PlanningItem = now.thing
    values = thing.values
    period = period_of(item.start_date, item.end_date)
    wanted = parse_period(values["period"]) if "period" in names else period
    if wanted != period and not _can_narrow(item, period, wanted):
        item = postpone(work.uow, item.id, Postpone(version=item.version, period=wanted, reason=_reason(work, thing)))
        work.uow.session.flush()
        period = wanted
    status = values["status"] if "status" in names else None
    plain = status in ("intended", "planned") and item.status in ("intended", "planned")
    if names & CHANGED_WITH or wanted != period or plain:
        _change(work, item, thing, names, (wanted, status if plain and status else item.status))
    if status:
        _finish(work, item, status, thing)
    return item.id


def _can_narrow(item: PlanningItem, now: Period, wanted: Period) -> bool:
    return item.published_at is None or now.holds(wanted)


def _change(work: Work, item: PlanningItem, thing: Planned, names: frozenset[str], when: tuple[Period, str]) -> None:
    told = {**thing.values, "body_id": _id(thing.values.get("body"))}
    wanted = {"body_id" if name == "body" else name for name in names & CHANGED_WITH}
    kept = ("kind", "title", "body_id", "text", "confidence", "has_say", "say_how", "say_url", "confidential")
    values = {name: told[name] if name in wanted else getattr(item, name) for name in kept}
    command = ChangeMoment(version=item.version, period=when[0], status=when[1], **values)
    change_moment(work.uow, item.id, command)
    work.uow.session.flush()


def _finish(work: Work, item: PlanningItem, status: str, thing: Planned) -> None:
    if item.status not in COMING_STATUSES:
        return
    if status == "treated":
        treat(work.uow, item.id, Treat(version=item.version))
    elif status == "lapsed":
        drop(work.uow, item.id, Drop(version=item.version, reason=_reason(work, thing)))


def _reason(work: Work, thing: Planned) -> str:
    return thing.values.get("reason") or work.reason


def drop_moment(work: Work, now: Now) -> None:
    """A coming moment that is no longer in the list does not go on."""
    drop(work.uow, now.id, Drop(version=now.thing.version, reason=work.gone_reason))


def _id(text: Any) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


ADAPTERS = (
    Adapter(
        kind="dossier",
        compared=("title", "holder"),
        now=dossiers_now,
        add=add_dossier,
        change=change_imported_dossier,
        find=find_dossiers,
        permission=WRITE,
    ),
    Adapter(
        kind="moment",
        compared=("title", "body", "kind", "period", "text", "confidence", "status"),
        now=moments_now,
        add=add_moment,
        change=change_imported_moment,
        remove=drop_moment,
        permission=WRITE,
        scope="body",
    ),
)
