"""The texts that a city may change: the mails."""

from __future__ import annotations

from samen_core.api import ManagedText
from samen_doe_mee.managed_texts.ideas import IDEA_TEXTS

TEXTS: tuple[ManagedText, ...] = (*IDEA_TEXTS,)
