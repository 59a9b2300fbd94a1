"""How often strangers may have mail sent to an address: nobody fills the mailbox of another."""

from __future__ import annotations

from samen_core.api import Platform, hit, who_hash

MAILS, HOUR = 10, 3_600


def limit_mail_to(platform: Platform, email: str) -> None:
    """Count one more mail that somebody has sent to this address; nothing for an empty one. Raises TooMany.

    Before anything was read or written, since it writes in a transaction of its own.
    """
    if email.strip() and platform.config.limits.enabled:
        hit(platform, "doe_mee.mail", who_hash(platform, email.strip().lower()), MAILS, HOUR)
