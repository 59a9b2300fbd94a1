"""What accounts tell: only that a mail must be written, and to which account. The mail itself is made by the worker."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar, Literal

from samen_core.events.types import Event

MailKind = Literal["confirm", "exists", "log_in", "reset", "email", "email_asked", "password_changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMailWanted(Event):
    """A mail about an account is to be sent; the same work whether the address was known or not, so that time tells nothing."""

    type: ClassVar[str] = "core.account.mail_wanted"

    account_id: uuid.UUID
    kind: MailKind
