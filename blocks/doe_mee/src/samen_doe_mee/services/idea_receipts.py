"""The address of who proposed an idea without account: proved with a link in a mail before anything else goes there."""

from __future__ import annotations

import hmac
import uuid

from samen_core.api import Gone, Platform, UnitOfWork, _, hit, keyed_hash, managed_mail, page_address, queue_mail, who_hash
from samen_doe_mee import paths
from samen_doe_mee.managed_texts import ideas as texts
from samen_doe_mee.models import Idea

MAILS_TO_ADDRESS, HOUR = 5, 60 * 60
"""So many mails may ideas of strangers have sent to one address in so many seconds."""
_PURPOSE = "doe_mee.idea_address"


def confirm_path(id: uuid.UUID | str, token: str) -> str:
    """Where the link in the mail leads."""
    return f"{paths.CONFIRM}/idee/{id}/{token}"


def count_mail(platform: Platform, email: str) -> None:
    """Count a mail that an idea of somebody has sent to this address; nothing for an empty one. Raises TooMany.

    Call it before the unit of work of the request is used: it writes in a transaction of its own.
    """
    if email.strip() and platform.config.limits.enabled:
        hit(platform, "doe_mee.idea_mail", who_hash(platform, email.strip().lower()), MAILS_TO_ADDRESS, HOUR)


def ask_confirmation(uow: UnitOfWork, idea: Idea, *, waits: bool) -> None:
    """To an address that somebody filled in: is it yours? ``waits``: the idea is there for everybody only after that."""
    link = page_address(uow.platform, confirm_path(idea.id, token_of(uow, idea)), idea.language)
    which = texts.CONFIRM_IDEA if waits else texts.CONFIRM_ADDRESS
    queue_mail(uow, managed_mail(uow, which, idea.email, idea.language, {"title": idea.title, "link": link}))


def token_of(uow: UnitOfWork, idea: Idea) -> str:
    """What the link carries: it proves that its reader gets the mail of this address."""
    return keyed_hash(uow.platform, _PURPOSE, f"{idea.id.hex}\n{idea.email}")[:43]


def to_confirm(uow: UnitOfWork, id: uuid.UUID, token: str, *, lock: bool = False) -> Idea:
    """The idea whose address a link confirms. Raises Gone for a link that does not hold (any more)."""
    idea = uow.session.get(Idea, id, with_for_update=True if lock else None, populate_existing=lock)
    holds = idea is not None and idea.email and hmac.compare_digest(token.encode(), token_of(uow, idea).encode())
    if idea is None or not holds or idea.state not in ("unconfirmed", "published"):
        raise Gone(_("Deze link werkt niet (meer)."))
    return idea
