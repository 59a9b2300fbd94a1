"""The mails of coming in: the receipt, and the request to confirm."""

from __future__ import annotations

from samen_core.api import UnitOfWork, current_language, format_day, managed_mail, page_address, queue_mail
from samen_oog_oor import paths
from samen_oog_oor.managed_texts import receiving
from samen_oog_oor.models import Case

CONFIRM = "bevestigen"
"""The part of the address of a signal where its reporter confirms it."""


def send_receipt(uow: UnitOfWork, email: str, case: Case, code: str, key: str, *, promise: str = "") -> None:
    """To the reporter: it came in, with its number, its code and the link to its page."""
    language = current_language()
    values = {
        "number": case.number,
        "code": code,
        "link": page_address(uow.platform, paths.receipt(key), language),
        "promise": promise,
        "day": format_day(case.promised_on) if case.promised_on is not None else "",
    }
    queue_mail(uow, managed_mail(uow, receiving.RECEIPT, email, language, values))


def ask_confirmation(uow: UnitOfWork, email: str, key: str) -> None:
    """To the reporter: with a click the signal counts."""
    language = current_language()
    values = {"link": page_address(uow.platform, paths.receipt(key, CONFIRM), language)}
    queue_mail(uow, managed_mail(uow, receiving.CONFIRM, email, language, values))
