"""Links in mails: signed, for one purpose, for a short time, and for one use.

A link carries the account's id and a stamp of its state. Using a link changes that state (a log-in time, a password, a confirmation),
so the stamp no longer fits. Opening a link changes nothing: mail scanners open links; only the button on its page acts.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from itsdangerous import BadSignature, URLSafeTimedSerializer

from samen_core.accounts.keys import keyed_hash
from samen_core.errors import Gone
from samen_core.i18n import SOURCE_LANGUAGE, Text, _

if TYPE_CHECKING:
    from sqlalchemy import Row

    from samen_core.accounts.models import User
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.platform import Platform

Purpose = Literal["confirm", "log_in", "reset", "email"]

LIFETIMES: dict[Purpose, timedelta] = {
    "confirm": timedelta(days=7),
    "log_in": timedelta(minutes=30),
    "reset": timedelta(hours=2),
    "email": timedelta(days=1),
}
PATHS: dict[Purpose, str] = {
    "confirm": "/registreren/bevestigen/",
    "log_in": "/inloggen/link/",
    "reset": "/wachtwoord-vergeten/",
    "email": "/account/email/",
}
USED: Text = _("Deze link werkt niet meer: hij is al gebruikt, of er is een nieuwere. Vraag hieronder een nieuwe aan.")
EXPIRED: Text = _("Deze link is verlopen. Vraag hieronder een nieuwe aan.")


class LinkExpired(Gone):
    """The link is too old, used or made up."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link that holds: the account that it is for, and the page to go on to after it."""

    purpose: Purpose
    account_id: uuid.UUID
    go_to: str = ""


def make(platform: Platform, purpose: Purpose, account: User | Row[Any], go_to: str = "") -> str:
    """The token of a link for this account as it is now: every later change of it ends the link."""
    return _serializer(platform, purpose).dumps([account.id.hex, _stamp(platform, purpose, account), go_to])


def url(platform: Platform, purpose: Purpose, token: str, language: str) -> str:
    """The whole address of a link, for a mail in this language."""
    return page(platform, PATHS[purpose] + token, language)


def page(platform: Platform, path: str, language: str) -> str:
    """The whole address of a page in this language."""
    prefix = "" if language == SOURCE_LANGUAGE else f"/{language}"
    return platform.config.web.base_url.rstrip("/") + prefix + path


def read(uow: UnitOfWork, purpose: Purpose, token: str) -> Link:
    """The link of a token. Raises LinkExpired when it may no longer, or never might, be used."""
    from samen_core.accounts.queries import link_state

    platform = uow.platform
    try:
        (hex_id, stamp, go_to), made_at = _serializer(platform, purpose).loads(token, return_timestamp=True)
        account_id = uuid.UUID(hex=hex_id)
    except (BadSignature, ValueError, TypeError):
        raise LinkExpired(USED) from None
    if uow.now - made_at > LIFETIMES[purpose]:
        raise LinkExpired(EXPIRED)
    account = link_state(uow, account_id)
    if account is None or not hmac.compare_digest(stamp, _stamp(platform, purpose, account)):
        raise LinkExpired(USED)
    return Link(purpose, account_id, go_to)


def _serializer(platform: Platform, purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(platform.config.secret_key, salt=f"samen.link.{purpose}", signer_kwargs={"digest_method": hashlib.sha256})


def _stamp(platform: Platform, purpose: Purpose, account: User | Row[Any]) -> str:
    facts = (
        account.id,
        account.fs_uniquifier,
        account.email,
        account.pending_email,
        account.password,
        account.confirmed_at,
        account.last_login_at,
    )
    return keyed_hash(platform, f"link.{purpose}", "\n".join(map(str, facts)))[:32]
