"""Keeping programs out of forms without asking people to prove anything: a mark that the server signed, and a least time to fill in.

The mark carries when the form was made and a random number; the same number makes that a form sent twice counts once.
"""

from __future__ import annotations

import hmac
import secrets
import uuid
from datetime import datetime, timedelta

from samen_core.api import Platform, Text, UnitOfWork, _, hit, keyed_hash, who_hash

FASTEST = timedelta(seconds=3)
LONGEST = timedelta(days=2)
"""Who leaves a page open longer gets a new mark with the form as it was typed."""

MAILS_TO_ADDRESS, HOUR = 10, 60 * 60
"""So many mails may strangers have sent to one address in so many seconds."""

_PURPOSE = "inbreng form"


def new_mark(uow: UnitOfWork, activity_id: uuid.UUID) -> str:
    """The mark of a form that is made now, for this activity."""
    start = f"{int(uow.now.timestamp())}.{secrets.token_urlsafe(12)}"
    return f"{start}.{_sign(uow, activity_id, start)}"


def check_mark(uow: UnitOfWork, activity_id: uuid.UUID, mark: str, trap: str) -> tuple[str, Text | None]:
    """The random number of a mark, and what is wrong: made up, too old, too fast, or the field that people cannot see was filled in.

    Only a sender without account has to take time.
    """
    start, _dot, signature = mark.rpartition(".")
    moment, _dot, nonce = start.partition(".")
    if not moment.isdigit() or not hmac.compare_digest(signature.encode(), _sign(uow, activity_id, start).encode()):
        return "", _AGAIN
    age = uow.now - datetime.fromtimestamp(int(moment), uow.now.tzinfo)
    if age > LONGEST:
        return "", _AGAIN
    if trap:
        return "", _("Een verborgen veld is ingevuld. Vult een programma dit formulier in? Maak het veld dan leeg.")
    if uow.actor.is_anonymous and age < FASTEST:
        return nonce, _("Dat ging erg snel. Lees uw tekst nog eens na en verstuur hem dan opnieuw.")
    return nonce, None


def count_mail(platform: Platform, email: str) -> None:
    """Count a mail that somebody without account has sent to this address; nothing for an empty one. Raises TooMany.

    Call it before the unit of work of the request is used: it writes in a transaction of its own.
    """
    if email and platform.config.limits.enabled:
        hit(platform, "inbreng.mail", who_hash(platform, email.strip().lower()), MAILS_TO_ADDRESS, HOUR)


def _sign(uow: UnitOfWork, activity_id: uuid.UUID, start: str) -> str:
    return keyed_hash(uow.platform, _PURPOSE, f"{activity_id.hex}.{start}")[:32]


_AGAIN = _("Wij konden niet zien of u dit formulier zelf verstuurde. Uw tekst staat er nog: verstuur hem nog een keer.")
