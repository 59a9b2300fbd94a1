"""What every rule of the block does: find a case, check who acts and who sees, log and tell."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from samen_core.api import Conflict, Invalid, NotFound, Permission, SubjectRef, Text, UnitOfWork, _, update_card
from samen_oog_oor.events import CaseEvent
from samen_oog_oor.models import Case, Signal
from samen_oog_oor.permissions import HANDLE, SEE_CONFIDENTIAL
from samen_oog_oor.services.kinds import case_card, case_ref, is_public


def scopes_of(case: Case) -> tuple[uuid.UUID, ...]:
    """What a grant may be on beside the case itself: the organisation that it is of, and its area."""
    return tuple(id for id in (case.organization_id, case.area_id) if id is not None)


def may_work(uow: UnitOfWork, case: Case, permission: Permission = HANDLE) -> bool:
    """Whether the actor may work at a case; at a confidential one only who may see that."""
    scopes = scopes_of(case)
    if case.confidential and not SEE_CONFIDENTIAL.allows(uow.actor, case.id, scopes=scopes):
        return False
    return permission.allows(uow.actor, case.id, scopes=scopes)


def may_see(uow: UnitOfWork, case: Case) -> bool:
    """Whether the actor may open its page."""
    return is_public(case) or may_work(uow, case)


def find_case(uow: UnitOfWork, number: str) -> Case:
    """A case that the actor may see, by its number. Raises NotFound, also for one that is not theirs to see."""
    case = uow.session.execute(select(Case).where(Case.number == number)).scalar_one_or_none()
    if case is None or not may_see(uow, case):
        raise NotFound
    return case


def case_to_work_at(
    uow: UnitOfWork,
    id: uuid.UUID,
    version: int | None = None,
    permission: Permission = HANDLE,
    values: Callable[[Case], Mapping[str, Any]] | None = None,
) -> Case:
    """A case to change, locked. Raises NotFound for who may not know of it, NotAllowed, and Conflict when it changed since ``version``.

    ``values`` gives what its form shows of it, so that whoever was second sees what was stored in the meantime. Without a version
    nobody can have looked at it before: a job, or something that follows from another act.
    """
    statement = select(Case).where(Case.id == id).with_for_update().execution_options(populate_existing=True)
    case = uow.session.execute(statement).scalar_one_or_none()
    if case is None or (case.confidential and not may_work(uow, case)):
        raise NotFound
    permission.require(uow.actor, case.id, scopes=scopes_of(case))
    if version is not None and case.version != version:
        raise Conflict(current=dict(values(case)) if values is not None else {"version": case.version}, version=case.version)
    return case


def lock_case(uow: UnitOfWork, case_id: uuid.UUID) -> Case:
    """A case, locked, without a check of who acts: for reporters, who prove themselves with a key, and for jobs. Raises NotFound."""
    statement = select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    case = uow.session.execute(statement).scalar_one_or_none()
    if case is None:
        raise NotFound
    return case


def own_locked(uow: UnitOfWork, signal_id: uuid.UUID) -> tuple[Signal, Case]:
    """A signal with its case, the case locked first: merging locks cases before it moves their signals."""
    for _time in range(5):
        case_id = uow.session.execute(select(Signal.case_id).where(Signal.id == signal_id)).scalar_one_or_none()
        if case_id is None:
            raise NotFound
        case = lock_case(uow, case_id)
        signal = uow.session.get_one(Signal, signal_id, populate_existing=True)
        if signal.case_id == case.id:
            return signal, case
    raise Conflict(current={"number": case.number})


def case_values(case: Case) -> dict[str, Any]:
    """What the forms of a case show of it, for who was second."""
    names = ("state", "resolution", "planned_on", "priority", "organization_id", "assignee_id", "version")
    return {name: getattr(case, name) for name in names}


def keep_case(uow: UnitOfWork, case: Case) -> None:
    """Bring the register up to date with a case that changed."""
    case.changed_at = uow.now
    uow.session.flush()
    update_card(uow, case_ref(case), case_card(case))


def tell(uow: UnitOfWork, event: type[CaseEvent], case: Case, *more: SubjectRef) -> None:
    """Publish an event of a case, unless it is confidential. It is about the case, its area and the organisation that it is of."""
    if case.confidential:
        return
    about = [case_ref(case), *more]
    if case.area_id is not None:
        about.append(SubjectRef("area", case.area_id))
    if case.organization_id is not None:
        about.append(SubjectRef("organization", case.organization_id))
    uow.publish(event(case_id=case.id, number=case.number, state=case.state, about=tuple(dict.fromkeys(about))))


def log(
    uow: UnitOfWork,
    what: str,
    case: Case,
    sentence: Text,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    public: bool = True,
) -> None:
    """Write a line in the history of a case. ``public``: everybody who may open its page may read it. Never a reporter's words."""
    shown = public and is_public(case)
    old, new = dict(before) if before else None, dict(after) if after else None
    uow.record(f"oog_oor.case.{what}", case.id, before=old, after=new, reason=reason, public=shown, sentence=sentence)


def require_text(text: str, field: str = "text") -> str:
    """The text without spaces around it. Raises Invalid without one."""
    if not text.strip():
        raise Invalid({field: [_("Schrijf hier waarom, in gewone woorden.")]})
    return text.strip()
