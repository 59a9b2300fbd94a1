"""Mail."""

from samen_core.mail.models import QueuedMail

__all__ = ["QueuedMail"]
