"""Cases that were reported twice, put together as staff would have done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from samen_core.api import _, uuid7
from samen_oog_oor.models import Case, Merge, Signal, Support
from samen_oog_oor.seed.plans import Plan
from samen_oog_oor.seed.world import World
from samen_oog_oor.services.common import keep_case, log
from samen_oog_oor.services.merging import MERGED_STATE


def merge_twins(world: World, plans: list[Plan]) -> None:
    """Make each second case part of the first, with all that came on it; once the rows are there."""
    for plan in plans:
        if plan.twin_of is not None:
            _merge(world, plan, plan.twin_of)


def _merge(world: World, plan: Plan, first: Plan) -> None:
    uow, at = world.uow, min(plan.steps[-1].at + timedelta(hours=1), world.uow.now)
    case, into = uow.session.get_one(Case, plan.id), uow.session.get_one(Case, first.id)
    ids = list(uow.session.execute(select(Signal.id).where(Signal.case_id == case.id)).scalars())
    uow.session.execute(update(Signal).where(Signal.id.in_(ids)).values(case_id=into.id))
    supports = list(uow.session.execute(select(Support.id).where(Support.case_id == case.id)).scalars())
    uow.session.execute(update(Support).where(Support.id.in_(supports)).values(case_id=into.id))
    former: dict[str, Any] = {"came_from": None, "late_told": 0, "planned_on": None, "promised_on": None, "waiting_since": None}
    former |= {"promised_on": case.promised_on.isoformat() if case.promised_on else None}
    came = {"supports": [str(id) for id in supports], "tasks": [], "inquiries": []}
    merge = {"from_id": case.id, "into_id": into.id, "signal_ids": [str(id) for id in ids], "former_state": case.state, "at": at}
    uow.session.add(Merge(id=uuid7(), former={**former, "came": came}, **merge))
    into.signals, into.supports = into.signals + len(ids), into.supports + len(supports)
    case.signals = case.supports = 0
    case.state, case.resolution, case.closed_at, case.merged_into_id = MERGED_STATE, "merged", at, into.id
    with uow.at(at):
        keep_case(uow, case)
        log(uow, "merged", case, _("De zaak hoort nu bij een andere."), reason=world.desk["merged_why"], public=False)
        log(uow, "took_in", into, _("Een andere melding over hetzelfde hoort nu bij deze zaak."), public=False)
