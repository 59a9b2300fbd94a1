"""The texts of pages and mails that a city may make its own."""

from samen_core.texts.declared import ManagedText, Placeholder
from samen_core.texts.filling import managed_mail

__all__ = ["ManagedText", "Placeholder", "managed_mail"]
