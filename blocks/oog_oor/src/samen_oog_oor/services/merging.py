"""One matter that was reported twice becomes one case, and two again when that was a mistake: exactly as they were.

Every signal keeps its own reporter, code and key. What came along (signals, supports, open tasks and questions) is kept by id, with what
the case was before, so that it goes back and nothing else does.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from samen_core.api import Base, Invalid, NotFound, SubjectRef, Text, UnitOfWork, _, update_card, uuid7
from samen_oog_oor.events import CaseMerged
from samen_oog_oor.managed_texts import steps
from samen_oog_oor.models import Case, CaseTask, Category, Inquiry, Merge, Signal, Support
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.permissions import TRIAGE
from samen_oog_oor.schemas.merging import MergeCase, UnmergeCase
from samen_oog_oor.services.common import case_to_work_at, case_values, keep_case, log, tell
from samen_oog_oor.services.kinds import SIGNAL, case_ref, signal_card
from samen_oog_oor.services.states import go_back
from samen_oog_oor.services.updates import send_mails
from samen_oog_oor.services.withdrawing import end_if_all_withdrawn

MERGED_STATE = "not_resolved"
"""What a case is while it is part of another; its resolution says that it was merged."""
_DAYS, _MOMENTS = ("planned_on", "promised_on"), ("waiting_since",)
_FORMER = ("came_from", "late_told", *_DAYS, *_MOMENTS)
_CAME_ALONG: dict[str, type[Signal | Support | CaseTask | Inquiry]] = {
    "signals": Signal,
    "supports": Support,
    "tasks": CaseTask,
    "inquiries": Inquiry,
}


def merge_case(uow: UnitOfWork, id: uuid.UUID, command: MergeCase) -> Merge:
    """Make a case part of another that is open; what was done, to undo it with.

    Its reporters hear it, and from then on everything about the other. Raises NotFound, NotAllowed, Conflict, and Invalid for a number of
    no case, of itself, or of one with which it cannot be merged now.
    """
    into_id = uow.session.execute(select(Case.id).where(Case.number == command.into.strip())).scalar_one_or_none()
    _lock(uow, [id, *([into_id] if into_id is not None else [])])
    case = case_to_work_at(uow, id, command.version, TRIAGE, values=case_values)
    into = _other(uow, into_id)
    if problem := _why_not(case, into):
        raise Invalid({"into": [problem]})
    came = {
        "signals": _ids(uow, Signal, Signal.case_id == case.id),
        "supports": _ids(
            uow, Support, Support.case_id == case.id, Support.who.not_in(select(Support.who).where(Support.case_id == into.id))
        ),
        "tasks": _ids(uow, CaseTask, CaseTask.case_id == case.id, CaseTask.state == "open"),
        "inquiries": _ids(uow, Inquiry, Inquiry.case_id == case.id, Inquiry.closed_at.is_(None)),
    }
    former = {name: _plain(getattr(case, name)) for name in _FORMER}
    merge = Merge(
        id=uuid7(),
        from_id=case.id,
        into_id=into.id,
        signal_ids=[str(found) for found in came["signals"]],
        former_state=case.state,
        former={**former, "came": {name: [str(found) for found in came[name]] for name in ("supports", "tasks", "inquiries")}},
        at=uow.now,
    )
    uow.session.add(merge)
    case.state, case.resolution, case.closed_at, case.merged_into_id = MERGED_STATE, "merged", uow.now, into.id
    case.came_from, case.waiting_since = None, None
    _move(uow, came, into)
    _finish(uow, case, into, came["signals"], into)
    said = _("Uw melding gaat over hetzelfde als andere meldingen. Wij behandelen ze samen, als zaak {number}.", number=into.number)
    send_mails(uow, into, steps.STEP, {"text": said}, came["signals"])
    log(uow, "merged", case, _("De zaak hoort nu bij een andere."), after={"into": into.number}, reason=command.reason, public=False)
    log(uow, "took_in", into, _("Een andere melding over hetzelfde hoort nu bij deze zaak."), after={"from": case.number}, public=False)
    tell(uow, CaseMerged, case, case_ref(into))
    return merge


def unmerge_case(uow: UnitOfWork, id: uuid.UUID, command: UnmergeCase) -> Case:
    """Make a case that was merged its own again, with what it brought, in the state that it had.

    What came to the other case since then stays there. When in one of the two all reporters took their signals back meanwhile, that ends.
    A case that waited for an answer goes on when that came meanwhile. Raises NotFound, NotAllowed, Conflict, and Invalid when it is not
    merged, or what it was merged into is itself part of another, or was asked to open again: who asked must get the decision.
    """
    merged = select(Merge).where(Merge.from_id == id, Merge.undone_at.is_(None))
    found = uow.session.execute(merged).scalar_one_or_none()
    _lock(uow, [id, *([found.into_id] if found is not None else [])])
    merge = uow.session.execute(merged, execution_options={"populate_existing": True}).scalar_one_or_none()
    case = case_to_work_at(uow, id, command.version, TRIAGE, values=case_values)
    if merge is None or case.merged_into_id is None:
        raise Invalid(_("Deze zaak is niet samengevoegd."))
    into = case_to_work_at(uow, merge.into_id, None, TRIAGE)
    if into.merged_into_id is not None:
        raise Invalid(_("Zaak {number} hoort zelf bij een andere. Maak dat eerst ongedaan.", number=into.number))
    if into.state == "reopening_requested":
        raise Invalid(_("Beslis eerst of zaak {number} weer opengaat.", number=into.number))
    came = {name: [uuid.UUID(found) for found in ids] for name, ids in {**merge.former["came"], "signals": merge.signal_ids}.items()}
    merge.undone_at = uow.now
    for name in _FORMER:
        setattr(case, name, _read(name, merge.former[name]))
    case.state, case.merged_into_id, case.resolution, case.closed_at = merge.former_state, None, None, None
    _move(uow, came, case)
    _finish(uow, case, into, came["signals"], case)
    said = _("Uw melding is weer een eigen zaak, met nummer {number}.", number=case.number)
    send_mails(uow, case, steps.STEP, {"text": said}, came["signals"])
    log(uow, "unmerged", case, _("De zaak staat weer op zichzelf."), after={"from": into.number}, reason=command.reason, public=False)
    log(uow, "gave_back", into, _("Een andere melding hoort niet meer bij deze zaak."), after={"to": case.number}, public=False)
    tell(uow, CaseMerged, case, case_ref(into))
    if _was_answered(uow, case, came["inquiries"]):
        go_back(uow, case.id, _("Het antwoord kwam terwijl de zaak was samengevoegd: de zaak gaat verder."))
    for one in (case, into):
        end_if_all_withdrawn(uow, one, "already_resolved")
    return case


def _was_answered(uow: UnitOfWork, case: Case, inquiry_ids: list[uuid.UUID]) -> bool:
    """Whether a case waits for questions that came along with it, of which none is open any more."""
    to = {"awaiting_reporter": "reporter", "awaiting_third_party": "third_party"}.get(case.state)
    asked = select(Inquiry.closed_at).where(Inquiry.id.in_(inquiry_ids), Inquiry.to == to)
    ends = list(uow.session.execute(asked).scalars()) if to is not None else []
    return bool(ends) and all(ends)


def _lock(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> None:
    """Lock cases in one order, so that two who merge them both ways do not wait for each other."""
    uow.session.execute(select(Case.id).where(Case.id.in_(list(ids))).order_by(Case.id).with_for_update())


def _other(uow: UnitOfWork, id: uuid.UUID | None) -> Case:
    unknown = Invalid({"into": [_("Er is geen zaak met dit nummer waaraan u mag werken.")]})
    if id is None:
        raise unknown
    try:
        return case_to_work_at(uow, id, None, TRIAGE)
    except NotFound:
        raise unknown from None


def _why_not(case: Case, into: Case) -> Text | None:
    if case.id == into.id:
        return _("Dit is dezelfde zaak. Vul het nummer van een andere in.")
    for one in (case, into):
        if one.merged_into_id is not None:
            return _("Zaak {number} is al samengevoegd met een andere.", number=one.number)
        if one.state in CLOSED:
            return _("Zaak {number} is afgesloten. Open die eerst weer: anders hoort iemand niets meer.", number=one.number)
        if one.state == "reopening_requested":
            return _("Beslis eerst of zaak {number} weer opengaat.", number=one.number)
    if case.confidential != into.confidential:
        return _("Een vertrouwelijke zaak kan niet samen met een gewone.")
    return None


def _ids(uow: UnitOfWork, table: type[Base], *conditions: ColumnElement[bool]) -> list[uuid.UUID]:
    key: Any = table.__table__.c.id
    return list(uow.session.execute(select(key).where(*conditions).order_by(key)).scalars())


def _move(uow: UnitOfWork, came: dict[str, list[uuid.UUID]], to: Case) -> None:
    """Bring what stands on one case to another; whoever has it open elsewhere sees that it changed."""
    uow.session.flush()
    for name, ids in came.items():
        table: Any = _CAME_ALONG[name]
        values: dict[str, Any] = {"case_id": to.id}
        if hasattr(table, "version"):
            values["version"] = table.version + 1
        if ids:
            uow.session.execute(update(table).where(table.id.in_(ids)).values(**values), execution_options={"synchronize_session": "fetch"})


def _finish(uow: UnitOfWork, case: Case, into: Case, signal_ids: list[uuid.UUID], home: Case) -> None:
    """Count both cases again, and bring the register up to date; ``home`` is where the signals are now."""
    for one in (case, into):
        confirmed = select(func.count()).select_from(Signal).where(Signal.case_id == one.id, Signal.confirmed_at.is_not(None))
        supported = select(func.count()).select_from(Support).where(Support.case_id == one.id)
        one.signals = uow.session.execute(confirmed).scalar_one()
        one.supports = uow.session.execute(supported).scalar_one()
        keep_case(uow, one)
    category = uow.session.get_one(Category, home.category_id)
    for signal in uow.session.execute(select(Signal).where(Signal.id.in_(signal_ids))).scalars():
        update_card(uow, SubjectRef(SIGNAL, signal.id), signal_card(signal, home, category))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _DAYS:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name in _MOMENTS else value
