"""What the account pages share: going on after logging in, asking to log in again, limits on mails."""

from __future__ import annotations

import uuid
from typing import cast
from urllib.parse import quote, urlsplit

from flask import Response, redirect, request
from flask_wtf.csrf import generate_csrf

from samen_core.accounts.links import LinkExpired
from samen_core.accounts.models import User
from samen_core.accounts.security import is_fresh, start_log_in
from samen_core.accounts.sessions import current_session
from samen_core.i18n import _
from samen_core.limits import hit, who_hash
from samen_core.web.context import current_platform
from samen_core.web.layout import crumbs, forget_frame, page_url, render_status, say

NEXT = "volgende"
MAILS_PER_HOUR = 5
"""How many mails one address is sent at the request of who has not proved it, and how many one account has sent to such addresses."""
QUARTER, HOUR = 15 * 60, 60 * 60
MAX_NEXT = 500


def next_path() -> str:
    """Where the visitor wanted to go, as an address on this website; empty when there is none or it leads elsewhere."""
    return safe_path(request.values.get(NEXT, ""))


def safe_path(address: str) -> str:
    """The address when it is a path of this website, else "" (no open redirect)."""
    parts = urlsplit(address)
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return address if inside and len(address) <= MAX_NEXT and address.isprintable() and "\\" not in address else ""


def with_next(path: str, address: str = "") -> str:
    """A page path in this language that remembers where the visitor wanted to go."""
    address = address or next_path()
    return page_url(path) + (f"?{NEXT}={quote(address, safe='/')}" if address else "")


def go_on(address: str = "") -> Response:
    """Send a visitor who just logged in to where they wanted to go, or to their account."""
    return cast("Response", redirect(safe_path(address) or page_url("/account"), 303))


def enter(account: User, way: str, *, keep: bool = False) -> None:
    """Log this account in, in a new session (a token from before logging in is worth nothing after it)."""
    current_session().begin(account.id, keep=keep)
    start_log_in(account, way)
    # Made now, so that no page that is only read has to write it later.
    generate_csrf()
    forget_frame()


def ask_log_in_again(path: str) -> Response | None:
    """A redirect to the log-in page when logging in was too long ago for something sensitive; None when it was not."""
    if is_fresh():
        return None
    say(_("Dit is een gevoelige handeling. Log voor de zekerheid nog een keer in."), "info")
    return cast("Response", redirect(with_next("/inloggen", page_url(path)) + "&opnieuw=1", 303))


def limit_log_ins() -> None:
    """Count a try to log in from this network address. Raises TooMany."""
    platform = current_platform()
    if platform.config.limits.enabled:
        hit(platform, "log_in", who_hash(platform, request.remote_addr or ""), platform.config.limits.log_ins_per_quarter, QUARTER)


def limit_mails(email: str, account_id: uuid.UUID | None = None) -> None:
    """Count a mail that a stranger, or this account, has sent to an address, known or not. Raises TooMany."""
    platform = current_platform()
    if platform.config.limits.enabled:
        if account_id is not None:
            hit(platform, "account_asks_mail", who_hash(platform, str(account_id)), MAILS_PER_HOUR, HOUR)
        hit(platform, "account_mail", who_hash(platform, email.strip().lower()), MAILS_PER_HOUR, HOUR)


def expired(error: LinkExpired, again: str, label: object) -> Response:
    """The page of a link that no longer works, with the way to a new one."""
    return render_status(
        410, "core/account/expired.html", message=error.message, again=page_url(again), label=label, breadcrumbs=crumbs((_("Link"), None))
    )
