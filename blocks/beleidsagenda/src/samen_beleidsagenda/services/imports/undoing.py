"""How each kind of thing is taken back: what an import made goes, what it changed is as it was, what it took away is there again.

By the same rules as when people do it: a public moment lapses and keeps its dates, a meeting is called off, what was public leaves a trace.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from citycontent.api import Delete, delete_membership, delete_organization, delete_person
from samen_beleidsagenda.models import AgendaItem, Body, Document, Dossier, PlanningItem, Treatment
from samen_beleidsagenda.periods import parse_period
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.documents import TreatDocument
from samen_beleidsagenda.schemas.import_plan import Planned
from samen_beleidsagenda.schemas.meetings import CancelMeeting, ChangeMeeting
from samen_beleidsagenda.schemas.planning import Drop, Postpone, Schedule
from samen_beleidsagenda.services import approval
from samen_beleidsagenda.services.bodies import remove_body
from samen_beleidsagenda.services.common import keep_card, may_see
from samen_beleidsagenda.services.documents import versions_of, withdraw_version
from samen_beleidsagenda.services.dossiers import remove_dossier
from samen_beleidsagenda.services.imports.adapters import ADAPTERS
from samen_beleidsagenda.services.imports.effects import Effect
from samen_beleidsagenda.services.imports.meetings import OFF, finish_meeting, moment_of, own_values
from samen_beleidsagenda.services.imports.planning import change_imported_moment, moments_now
from samen_beleidsagenda.services.imports.work import Now, Work
from samen_beleidsagenda.services.meetings import (
    cancel_meeting,
    change_meeting,
    find_meeting,
    reinstate_meeting,
    remove_meeting,
    tell_agenda,
    touch_meeting,
    version_of,
)
from samen_beleidsagenda.services.planning import drop, schedule
from samen_beleidsagenda.services.taking_back import period_now, restore, resume_moment, take_back_move
from samen_beleidsagenda.services.treatments import treat_document
from samen_core.api import Invalid, _

CHANGED_SINCE = _("Dit is na het inlezen veranderd. Het blijft zo staan.")
BOTH = frozenset(("url", "edition"))


def take_back(work: Work, thing: Planned, effect: Effect, now: Now | None) -> uuid.UUID | None:
    """Take back what one row did; gives the id of what is here instead, when that is another. ``now`` is the thing, when it is here."""
    if effect["act"] == "removed":
        id = PUT_BACK[thing.kind](work, effect)
    elif now is None:
        raise Invalid(CHANGED_SINCE)
    elif effect["act"] == "made":
        WITHDRAW[thing.kind](work, now)
        return None
    else:
        revert = REVERT.get(thing.kind, _revert)
        id = revert(work, now, replace(thing, values={**now.values, **effect["before"]}))
    work.uow.session.flush()
    _moments_again(work, effect["before"].get("moments", ()))
    return id


def _moments_again(work: Work, moments: Sequence[Mapping[str, Any]]) -> None:
    """Let the planned moments that went along with a meeting or a point stand there again, as if they had never slipped."""
    for was in moments:
        now = moments_now(work, [uuid.UUID(was["id"])]).get(uuid.UUID(was["id"]))
        point = work.uow.session.get(AgendaItem, uuid.UUID(was["point"]))
        if now is None or point is None or point.state == "deleted" or not may_see(work.uow, now.thing):
            continue
        item: PlanningItem = now.thing
        if item.status in ("intended", "planned") and item.agenda_item_id is None:
            item = schedule(work.uow, item.id, Schedule(version=item.version, agenda_item_id=point.id, reason=work.reason))
        if item.agenda_item_id == point.id and item.slips != was["slips"]:
            item.slips = was["slips"]
            keep_card(work.uow, item)


# --- what was made ---------------------------------------------------------------------------------------------------------------


def _with_city(service: Callable[..., None]) -> Callable[[Work, Now], None]:
    def withdraw(work: Work, now: Now) -> None:
        service(work.uow, now.id, Delete(version=now.thing.version, reason=work.reason))

    return withdraw


def _withdraw_organization(work: Work, now: Now) -> None:
    if (body := work.uow.session.get(Body, now.id)) is not None:
        remove_body(work.uow, now.id, body.version)
        work.uow.session.flush()
    _with_city(delete_organization)(work, now)


def _withdraw_dossier(work: Work, now: Now) -> None:
    remove_dossier(work.uow, now.id, Approve(version=now.thing.version, reason=work.reason))


def _withdraw_moment(work: Work, now: Now) -> None:
    item: PlanningItem = now.thing
    if was_seen(work, item):
        drop(work.uow, item.id, Drop(version=item.version, reason=work.reason))
    else:
        approval.remove(work.uow, PlanningItem, item.id, Approve(version=item.version, reason=work.reason))


def was_seen(work: Work, item: PlanningItem) -> bool:
    """Whether everybody could see a moment: it was public, and its dossier too."""
    dossier = work.uow.session.get_one(Dossier, item.dossier_id)
    return item.published_at is not None and dossier.published_at is not None


def _withdraw_meeting(work: Work, now: Now) -> None:
    """A coming meeting is called off, so that who has it in a calendar learns it; one that is over was never there."""
    meeting, event = find_meeting(work.uow, now.id)
    if (event.end_date or event.start_date) < work.uow.now:
        remove_meeting(work.uow, now.id, Approve(version=version_of(meeting, event), reason=work.reason))
    elif event.status not in OFF:
        cancel_meeting(work.uow, now.id, CancelMeeting(version=version_of(meeting, event), reason=work.reason))


def _as_gone(work: Work, now: Now, kind: str) -> None:
    remove = ADAPTERS[kind].remove
    if remove is not None:
        remove(work, now)


WITHDRAW: Mapping[str, Callable[[Work, Now], None]] = {
    "organization": _withdraw_organization,
    "person": _with_city(delete_person),
    "membership": _with_city(delete_membership),
    "dossier": _withdraw_dossier,
    "moment": _withdraw_moment,
    "meeting": _withdraw_meeting,
    "agenda_item": lambda work, now: _as_gone(work, now, "agenda_item"),
    "document": lambda work, now: _as_gone(work, now, "document"),
    "treatment": lambda work, now: _as_gone(work, now, "treatment"),
}

# --- what was changed ------------------------------------------------------------------------------------------------------------


def _revert(work: Work, now: Now, thing: Planned) -> uuid.UUID:
    change = ADAPTERS[thing.kind].change
    return change(work, now, thing, _names(thing, now)) if change is not None else now.id


def _names(thing: Planned, now: Now, but: Iterable[str] = ()) -> frozenset[str]:
    """The fields that are to be as they were."""
    return frozenset(name for name in now.values if thing.values[name] != now.values[name] and name not in but)


def _revert_moment(work: Work, now: Now, thing: Planned) -> uuid.UUID:
    """The period that it had, its state, and the rest; where it stood on an agenda it stands there again when the point is there."""
    item: PlanningItem = now.thing
    was = thing.values["was"]
    if item.status not in ("intended", "planned", "scheduled", "postponed"):
        item = resume_moment(work.uow, item.id, Approve(version=item.version, reason=work.reason), was["status"])
        work.uow.session.flush()
    if (period := parse_period(thing.values["period"])) != period_now(item):
        item = take_back_move(work.uow, item.id, Postpone(version=item.version, period=period, reason=work.reason), was["slips"])
        work.uow.session.flush()
    names = _names(thing, now, but=("period",))
    if names - {"status"} or (item.status != was["status"] and was["status"] != "scheduled"):
        told = replace(thing, values={**thing.values, "period": period_now(item).code})
        change_imported_moment(work, replace(now, id=item.id, thing=item), told, names)
        work.uow.session.flush()
    if was["status"] == "scheduled" and item.status != "scheduled" and was["point"]:
        point = work.uow.session.get(AgendaItem, uuid.UUID(was["point"]))
        if point is not None and point.state != "deleted":
            item = schedule(work.uow, item.id, Schedule(version=item.version, agenda_item_id=point.id, reason=work.reason))
    return item.id


def _revert_meeting(work: Work, now: Now, thing: Planned) -> uuid.UUID:
    names = _names(thing, now)
    if "cancelled" in names:
        _reinstate(work, now.id)
    if shared := names & {"name", "type", "location", "closed", "start", "end"}:
        meeting, event = find_meeting(work.uow, now.id)
        values = own_values(work, meeting, event)
        values |= {name: thing.values[name] for name in shared & {"name", "type", "location", "closed"}}
        if shared & {"start", "end"}:
            values |= {"start_date": moment_of(thing.values["start"]), "end_date": moment_of(thing.values["end"])}
        change_meeting(work.uow, now.id, ChangeMeeting(**values))
    if "order" in names:
        work.reorder[thing.key] = thing.values["order"]
        finish_meeting(work, thing.key, publish=False)
    return now.id


def _revert_point(work: Work, now: Now, thing: Planned) -> uuid.UUID:
    if outer := thing.values["item_parent"]:
        # What an import calls by its key is known here by its id.
        work.ids[outer] = uuid.UUID(outer)
    return _revert(work, now, thing)


def _revert_paper(work: Work, now: Now, thing: Planned) -> uuid.UUID:
    """The facts as they were; a version that came with the import is withdrawn."""
    if facts := _names(thing, now, but=BOTH):
        change = ADAPTERS["document"].change
        if change is not None:
            change(work, now, thing, facts)
            work.uow.session.flush()
    if thing.values.get("versioned"):
        document = work.uow.session.get_one(Document, now.id)
        newest = versions_of(work.uow, [now.id])[now.id][0]
        withdraw_version(work.uow, now.id, newest.number, Approve(version=document.version, reason=work.reason))
    return now.id


def _revert_minutes(work: Work, now: Now, thing: Planned) -> uuid.UUID:
    meeting, event = find_meeting(work.uow, now.id)
    values = own_values(work, meeting, event)
    values["minutes_id"] = uuid.UUID(thing.values["document"]) if thing.values["document"] else None
    change_meeting(work.uow, now.id, ChangeMeeting(**values))
    return now.id


REVERT: Mapping[str, Callable[[Work, Now, Planned], uuid.UUID]] = {
    "moment": _revert_moment,
    "meeting": _revert_meeting,
    "agenda_item": _revert_point,
    "document": _revert_paper,
    "minutes": _revert_minutes,
}

# --- what was taken away ---------------------------------------------------------------------------------------------------------


def _resume(work: Work, effect: Effect) -> None:
    item = work.uow.session.get_one(PlanningItem, uuid.UUID(effect["id"]))
    resume_moment(work.uow, item.id, Approve(version=item.version, reason=work.reason), effect["before"]["was"]["status"])


def _reinstate(work: Work, id: uuid.UUID) -> None:
    meeting, event = find_meeting(work.uow, id)
    reinstate_meeting(work.uow, id, Approve(version=version_of(meeting, event), reason=work.reason))


def _restore_point(work: Work, effect: Effect) -> None:
    point = work.uow.session.get_one(AgendaItem, uuid.UUID(effect["id"]))
    meeting, _event = find_meeting(work.uow, point.meeting_id, lock=True)
    restore(work.uow, AgendaItem, point.id, Approve(version=point.version, reason=work.reason))
    touch_meeting(work.uow, meeting)
    if point.is_public:
        tell_agenda(work.uow, meeting)


def _restore_paper(work: Work, effect: Effect) -> None:
    document = work.uow.session.get_one(Document, uuid.UUID(effect["id"]))
    restore(work.uow, Document, document.id, Approve(version=document.version, reason=work.reason))


def _tie_again(work: Work, effect: Effect) -> uuid.UUID:
    was: dict[str, Any] = effect["before"]
    names = ("role", "authoritative", "outcome")
    command = TreatDocument(document_id=uuid.UUID(was["document_id"]), **{name: was[name] for name in names})
    tie: Treatment = treat_document(work.uow, uuid.UUID(was["agenda_item_id"]), command)
    return tie.id


PUT_BACK: Mapping[str, Callable[[Work, Effect], uuid.UUID | None]] = {
    "moment": _resume,
    "meeting": lambda work, effect: _reinstate(work, uuid.UUID(effect["id"])),
    "agenda_item": _restore_point,
    "document": _restore_paper,
    "treatment": _tie_again,
}
