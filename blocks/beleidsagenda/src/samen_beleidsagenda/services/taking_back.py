"""Taking back what was written down by mistake, of what everybody could see already: nothing is lost, the logbook tells both."""

from __future__ import annotations

import uuid
from typing import TypeVar

from sqlalchemy import select

from samen_beleidsagenda.events import MomentChanged
from samen_beleidsagenda.models import COMING_STATUSES, AgendaItem, PlanningItem
from samen_beleidsagenda.models.base import Citable
from samen_beleidsagenda.periods import Period, period_of
from samen_beleidsagenda.permissions import APPROVE
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.planning import Postpone
from samen_beleidsagenda.services.common import check_version, keep_card, log, require_reason, require_write, tell, to_change
from samen_beleidsagenda.services.entries import keep_entries, keep_entry_of_item
from samen_beleidsagenda.services.kinds import kind_of
from samen_beleidsagenda.services.planning import postpone
from samen_core.api import Invalid, NotFound, UnitOfWork, _

Thing = TypeVar("Thing", bound=Citable)

RESTORED = _("Dit is teruggezet.")
RESUMED = _("Dit staat weer gepland.")


def restore(uow: UnitOfWork, model: type[Thing], id: uuid.UUID, command: Approve) -> Thing:
    """Put back a thing that was taken away, public when it was. Raises NotFound, NotAllowed, Conflict, and Invalid when it is there."""
    statement = select(model).where(model.id == id).with_for_update().execution_options(populate_existing=True)
    thing = uow.session.execute(statement).scalar_one_or_none()
    if thing is None:
        raise NotFound
    require_write(uow, thing, APPROVE if thing.published_at is not None else None)
    check_version(thing, command.version)
    if thing.state != "deleted":
        raise Invalid(_("Dit is er al weer."))
    thing.state = "published" if thing.published_at is not None else "draft"
    keep_card(uow, thing)
    keep_entries(uow, thing)
    log(uow, f"beleidsagenda.{kind_of(thing).name}.restored", thing, RESTORED, reason=require_reason(command.reason))
    return thing


def resume_moment(uow: UnitOfWork, id: uuid.UUID, command: Approve, status: str) -> PlanningItem:
    """Let a moment that lapsed or was treated by mistake be coming again; on its agenda only while that point is there.

    Raises NotFound, NotAllowed, Conflict, and Invalid without a reason or when it is not over.
    """
    item = to_change(uow, PlanningItem, id, command.version)
    if item.status not in ("lapsed", "treated") or status not in COMING_STATUSES:
        raise Invalid(_("Dit moment is niet geweest en niet vervallen."))
    reason = require_reason(command.reason)
    point = uow.session.get(AgendaItem, item.agenda_item_id) if item.agenda_item_id else None
    if status == "scheduled" and (point is None or point.state == "deleted"):
        status, item.agenda_item_id = "planned", None
    item.status, item.lapsed_from, item.slip_reason = status, None, ""
    keep_card(uow, item)
    log(uow, "beleidsagenda.planning_item.resumed", item, RESUMED, reason=reason)
    keep_entry_of_item(uow, item)
    tell(uow, MomentChanged, item)
    return item


def take_back_move(uow: UnitOfWork, id: uuid.UUID, command: Postpone, slips: int) -> PlanningItem:
    """Give a moment the period back that it had before it was moved by mistake: a move with its reason, that counts as no slip.

    Raises as :func:`samen_beleidsagenda.services.planning.postpone`.
    """
    item = postpone(uow, id, command)
    uow.session.flush()
    item.slips = slips
    keep_card(uow, item)
    return item


def period_now(item: PlanningItem) -> Period:
    """When it is planned."""
    return period_of(item.start_date, item.end_date)
