"""A reporter proves by the link of a mail that the address is theirs: from then on the signal counts."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from samen_core.api import SubjectRef, UnitOfWork, register, update_card, uuid7
from samen_oog_oor.models import Case, Signal
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.queries.categories import CategoryView, category_tree
from samen_oog_oor.services.common import lock_case
from samen_oog_oor.services.kinds import SIGNAL, case_card, case_ref, signal_card
from samen_oog_oor.services.numbers import next_number
from samen_oog_oor.services.receipt_keys import key_hash
from samen_oog_oor.services.receiving import Received, count_in, first_promise, tell_opened
from samen_oog_oor.services.relocating import first_title
from samen_oog_oor.services.routing import route_case


def confirm_signal(uow: UnitOfWork, key: str) -> Received | None:
    """Let the signal at this key count. The same again changes nothing; None for an unknown key, or one that was let go.

    When the case that it joined was closed meanwhile, it gets a new one, as who joins a closed case does: somebody has to answer it.
    """
    found = select(Signal.id, Signal.case_id).where(Signal.key_hash == key_hash(uow.platform, key))
    row = uow.session.execute(found).one_or_none()
    if row is None:
        return None
    # The case first, as merging and closing do: either they find the signal, or it finds them.
    case = lock_case(uow, row.case_id)
    signal = uow.session.get_one(Signal, row.id, with_for_update=True, populate_existing=True)
    if signal.case_id != case.id:
        case = lock_case(uow, signal.case_id)
    if signal.confirmed_at is None and not signal.text:
        # Nobody confirmed it in time: it was let go.
        return None
    again = signal.confirmed_at is not None or signal.withdrawn_at is not None
    if not again:
        signal.confirmed_at = uow.now
        category = category_tree(uow).by_id[case.category_id]
        opened = case.signals == 0
        if case.state in CLOSED:
            case, opened = _case_of_its_own(uow, signal, case, category), True
        if opened:
            _open(uow, case, signal, category)
        count_in(uow, case, signal, opened=opened)
    return Received(signal, case, signal.code, key, again)


def _open(uow: UnitOfWork, case: Case, signal: Signal, category: CategoryView) -> None:
    case.confidential = category.confidential
    case.reported_at, case.promised_on, case.term_days = uow.now, first_promise(uow, category), category.term_days
    uow.session.flush()
    update_card(uow, case_ref(case), case_card(case))
    tell_opened(uow, case, signal.channel)
    route_case(uow, case, signal=signal)


def _case_of_its_own(uow: UnitOfWork, signal: Signal, former: Case, category: CategoryView) -> Case:
    """A new case at the place of the one that the reporter pointed out."""
    places = ("lat", "lon", "address", "address_id", "public_lat", "public_lon", "public_place", "area_id")
    id: uuid.UUID = uuid7()
    case = Case(
        id=id,
        number=next_number(uow),
        type=signal.type,
        category_id=category.id,
        title=first_title(uow, category, former.area_id),
        public_text="",
        confidential=category.confidential,
        state="new",
        publication=category.publication,
        signals=0,
        reported_at=uow.now,
        changed_at=uow.now,
        **{name: getattr(former, name) for name in places},
    )
    register(uow, case_ref(case), case_card(case))
    uow.session.add(case)
    uow.session.flush()
    signal.case_id = signal.first_case_id = case.id
    update_card(uow, SubjectRef(SIGNAL, signal.id), signal_card(signal, case, category))
    return case
