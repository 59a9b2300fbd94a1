"""What is kept of who sent a signal without account, and letting go of it: for who has the key in the link (AVG art. 15, 17 and 20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from samen_core.api import Text, UnitOfWork, _, erase_file, index_now
from samen_oog_oor.models import Case, Inquiry, Reporter, Signal, Verdict
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.services.common import log
from samen_oog_oor.services.contact import unsealed_contact
from samen_oog_oor.services.kinds import CASE, SIGNAL
from samen_oog_oor.services.own_signals import own_pictures, own_signal
from samen_oog_oor.services.places import forget_place


@dataclass(frozen=True, slots=True)
class OwnData:
    """What is kept. ``goes_whole``: letting go takes the text too; while a case is open that is needed to solve it."""

    at: datetime
    code: str
    contact: dict[str, str]
    text: str
    answers: dict[str, Any]
    address: str
    verdicts: tuple[str, ...]
    inquiries: tuple[dict[str, Any], ...]
    files: tuple[str, ...]
    goes_whole: bool

    def plain(self) -> dict[str, Any]:
        """The same as JSON types."""
        names = ("code", "contact", "text", "answers", "address", "verdicts", "inquiries", "files")
        return {"at": self.at.isoformat(), **{name: getattr(self, name) for name in names}}


def own_data(uow: UnitOfWork, key: str) -> OwnData:
    """What is kept of the reporter of the signal at this key. Raises NotFound."""
    signal, case = own_signal(uow, key)
    verdicts = uow.session.execute(select(Verdict.reason).where(Verdict.signal_id == signal.id, Verdict.reason != "").order_by(Verdict.at))
    asked = uow.session.execute(select(Inquiry.text, Inquiry.answers).where(Inquiry.signal_id == signal.id).order_by(Inquiry.asked_at))
    return OwnData(
        at=signal.at,
        code=signal.code,
        contact=unsealed_contact(uow, signal.id),
        text=signal.text,
        answers=dict(signal.answers or {}),
        address=signal.address,
        verdicts=tuple(verdicts.scalars()),
        inquiries=tuple({"question": row.text, "answers": row.answers} for row in asked),
        files=tuple(file.name for file in own_pictures(uow, signal)),
        goes_whole=case.state in CLOSED,
    )


def forget_own(uow: UnitOfWork, key: str) -> Text:
    """Let go of how to reach the reporter, and of what they wrote once the case is closed; what was done, in words. Raises NotFound.

    What staff cleared for everybody stays with the case: it is not about a person.
    """
    signal, case = own_signal(uow, key)
    uow.session.execute(delete(Reporter).where(Reporter.signal_id == signal.id))
    mine = update(Inquiry).where(Inquiry.signal_id == signal.id)
    uow.session.execute(mine.values(email="", version=Inquiry.version + 1), execution_options={"synchronize_session": False})
    whole = case.state in CLOSED
    if whole:
        _forget_text(uow, signal)
        _forget_place(uow, signal, case)
        index_now(uow, SIGNAL, [signal.id])
        index_now(uow, CASE, [case.id])
    log(uow, "forgotten", case, _("Een melder liet eigen gegevens wissen."), public=False)
    uow.session.flush()
    if whole:
        return _("Uw gegevens zijn gewist: hoe u te bereiken bent, en wat u schreef.")
    return _("Hoe u te bereiken bent, is gewist. Wat u schreef, blijft tot uw melding is afgehandeld.")


def _forget_place(uow: UnitOfWork, signal: Signal, case: Case) -> None:
    """The address of the case goes with the last signal that still says something."""
    signal.address, signal.lat, signal.lon = "", None, None
    others = (Signal.case_id == case.id, Signal.id != signal.id, Signal.text != "")
    if uow.session.execute(select(Signal.id).where(*others).limit(1)).first() is None:
        forget_place(case)


def _forget_text(uow: UnitOfWork, signal: Signal) -> None:
    signal.text, signal.answers, signal.account_id = "", {}, None
    without = {"synchronize_session": False}
    mine = update(Inquiry).where(Inquiry.signal_id == signal.id)
    uow.session.execute(mine.values(answers=None, version=Inquiry.version + 1), execution_options=without)
    uow.session.execute(update(Verdict).where(Verdict.signal_id == signal.id).values(reason=""), execution_options=without)
    for file in own_pictures(uow, signal):
        erase_file(uow, file.id)
