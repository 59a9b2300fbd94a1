"""Another e-mail address at one's signal, or a first one: it counts once its owner followed the link that was mailed to it."""

from __future__ import annotations

import uuid
from datetime import timedelta

from samen_core.api import Gone, Invalid, UnitOfWork, _, current_language, managed_mail, page_address, queue_mail, seal, unseal
from samen_oog_oor import paths
from samen_oog_oor.managed_texts import receiving
from samen_oog_oor.models import Case, Reporter, Signal
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.schemas.own_signals import NewAddress
from samen_oog_oor.services.common import log, own_locked
from samen_oog_oor.services.contact import PURPOSE, email_hash, unsealed
from samen_oog_oor.services.receipt_keys import receipt_key

TERM = timedelta(days=2)
"""So long the link in the mail works."""
_PURPOSE = "oog_oor.new_address"
_TOO_LATE = _("Deze link werkt niet (meer). Vul uw e-mailadres opnieuw in.")


def can_change(signal: Signal, case: Case) -> bool:
    """Whether another address may be left: while there is something to hear of a signal that counts."""
    return case.state not in CLOSED and signal.withdrawn_at is None and signal.confirmed_at is not None


def ask_new_address(uow: UnitOfWork, signal_id: uuid.UUID, command: NewAddress) -> None:
    """Mail a link to this address; with it the address is that of the signal. Raises NotFound, and Invalid once the case is closed.

    The caller came with the key of the signal, and limits how often an address is mailed.
    """
    signal, case = own_locked(uow, signal_id)
    if not can_change(signal, case):
        raise Invalid(_("Uw melding is afgesloten. Er komt geen bericht meer over."))
    email = command.email.strip()
    sealed = seal(uow.platform.config.secret_key, _PURPOSE, f"{signal.id.hex} {email}", uow.now)
    language = current_language()
    link = page_address(uow.platform, paths.receipt(receipt_key(uow.platform, signal.id), f"mailadres/{sealed}"), language)
    queue_mail(uow, managed_mail(uow, receiving.NEW_ADDRESS, email, language, {"number": case.number, "link": link}))


def take_new_address(uow: UnitOfWork, signal_id: uuid.UUID, sealed: str) -> None:
    """Keep the address that a link proves; what was left before hears that it is replaced.

    Raises NotFound, and Gone for a link that is wrong or too old.
    """
    signal, case = own_locked(uow, signal_id)
    email = _address(uow, signal, sealed)
    if not can_change(signal, case):
        raise Gone(_TOO_LATE)
    reporter = uow.session.get(Reporter, signal.id, with_for_update=True)
    if reporter is None:
        reporter = Reporter(signal_id=signal.id)
        uow.session.add(reporter)
    known, hashed = reporter.email_hash, email_hash(uow, email)
    if reporter.email and known != hashed:
        _tell_former(uow, reporter, case)
    reporter.email, reporter.email_hash = seal(uow.platform.config.secret_key, PURPOSE, email, uow.now), hashed
    reporter.wants_mail, reporter.language = True, current_language()
    uow.session.flush()
    if known != hashed:
        log(uow, "address_changed", case, _("Een melder gaf een ander e-mailadres op."), public=False)


def _address(uow: UnitOfWork, signal: Signal, sealed: str) -> str:
    try:
        told = unseal(uow.platform.config.secret_key, _PURPOSE, sealed, uow.now, TERM)
    except ValueError:
        raise Gone(_TOO_LATE) from None
    id, _space, email = told.partition(" ")
    if id != signal.id.hex:
        raise Gone(_TOO_LATE)
    return email


def _tell_former(uow: UnitOfWork, reporter: Reporter, case: Case) -> None:
    if former := unsealed(uow, reporter.email):
        queue_mail(uow, managed_mail(uow, receiving.OLD_ADDRESS, former, reporter.language, {"number": case.number}))
