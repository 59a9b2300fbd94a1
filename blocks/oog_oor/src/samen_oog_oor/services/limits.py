"""How often strangers may report, and have mail sent to an address: the same for every way in."""

from __future__ import annotations

from samen_core.api import Platform, hit, who_hash

SENDS, HOUR = 30, 3_600
"""So often may a visitor send a report in so many seconds."""
MAILS = 10
"""So many mails of receipt may strangers have sent to one address in an hour: nobody fills the mailbox of another."""


def limit_mail(platform: Platform, email: str) -> None:
    """Count one more mail of receipt to an address. Raises TooMany. Before anything was read or written, as all that counts."""
    if email.strip() and platform.config.limits.enabled:
        hit(platform, "oog_oor.mail", who_hash(platform, email.strip().lower()), MAILS, HOUR)
