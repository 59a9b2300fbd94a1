"""The texts that a city may make its own: a module for each part of the block, joined here."""

from __future__ import annotations

from samen_core.api import ManagedText
from samen_oog_oor.managed_texts import inquiries, patterns, receiving, steps

TEXTS: tuple[ManagedText, ...] = (
    *inquiries.TEXTS,
    *patterns.TEXTS,
    *receiving.TEXTS,
    *steps.TEXTS,
)
