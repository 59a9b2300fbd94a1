"""After sending: the receipt with its code, and the button with which a reporter confirms."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from sqlalchemy import select

from samen_core.api import Gone, UnitOfWork, _, format_day
from samen_core.web.api import crumbs, current_uow, go, page_url, render
from samen_oog_oor import paths
from samen_oog_oor.models import Case, Category, Reporter, Signal
from samen_oog_oor.permissions import HANDLE
from samen_oog_oor.services.confirming import confirm_signal
from samen_oog_oor.services.receipt_keys import key_hash
from samen_oog_oor.services.receipt_mails import CONFIRM
from samen_oog_oor.services.receiving import BY_STAFF
from samen_oog_oor.web.common import LABEL, pages

DONE = "bedankt"
_GONE = _("Deze link werkt niet (meer).")


@pages.route(paths.receipt("<key>", DONE), public=True, cache=False)
def report_done(key: str) -> ResponseReturnValue:
    """Thanks: the number, the code to come back with, and what happens now."""
    uow = current_uow()
    found = _found(uow, key)
    signal, case = found[0], found[1]
    by_staff = signal.channel in BY_STAFF and HANDLE.somewhere(uow.actor)
    return render(
        "oog_oor/report_done.html",
        signal=signal,
        case=case,
        promise=found[2],
        mailed=found[3],
        day=format_day(case.promised_on) if case.promised_on is not None else "",
        waits=signal.confirmed_at is None,
        joined=case.signals > 1,
        own_url=page_url(paths.receipt(key)),
        code_url=page_url(paths.RECEIPT),
        again_url=page_url(paths.ENTER if by_staff else paths.REPORT),
        work_url=page_url(paths.work(case.number)) if by_staff else "",
        home_url=page_url(paths.HOME),
        breadcrumbs=crumbs((LABEL, paths.HOME), (_("Bedankt voor uw melding"), None)),
    )


@pages.route(paths.receipt("<key>", CONFIRM), public=True, cache=False)
def report_confirm(key: str) -> ResponseReturnValue:
    """The page of the link in the mail. Opening it changes nothing, since programs open links too: a button confirms."""
    signal = _found(current_uow(), key)[0]
    if signal.confirmed_at is not None:
        return go(paths.receipt(key, DONE))
    return render(
        "oog_oor/report_confirm.html",
        action=page_url(paths.receipt(key, CONFIRM)),
        breadcrumbs=crumbs((LABEL, paths.HOME), (_("Bevestig uw melding"), None)),
    )


@pages.route(paths.receipt("<key>", CONFIRM), public=True, cache=False, methods=["POST"])
def report_confirmed(key: str) -> ResponseReturnValue:
    """From now on the signal counts."""
    if confirm_signal(current_uow(), key) is None:
        raise Gone(_GONE)
    return go(paths.receipt(key, DONE))


def _found(uow: UnitOfWork, key: str) -> tuple[Signal, Case, str, bool]:
    statement = (
        select(Signal, Case, Category.promise, Reporter.email_hash)
        .join(Case, Case.id == Signal.case_id)
        .join(Category, Category.id == Case.category_id)
        .outerjoin(Reporter, Reporter.signal_id == Signal.id)
        .where(Signal.key_hash == key_hash(uow.platform, key))
    )
    row = uow.session.execute(statement).one_or_none()
    if row is None:
        raise Gone(_GONE)
    return row[0], row[1], row[2], bool(row[3])
