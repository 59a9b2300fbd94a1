"""Slots: named places on pages that blocks fill. Every page is additive; no block overrides a template of another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from samen_core.errors import StartupError
from samen_core.web.context import current_uow

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.platform import Platform

SLOTS: dict[str, str] = {
    "home.near": "the first thing on the home page: what happens near the reader",
    "home.join": "cards of what one can take part in now (at most three per block)",
    "home.propose": "buttons with which one puts a matter of one's own",
    "home.done": "cards of what was done with contributions",
    "home.map": "the map of the city",
    "home.agenda": "the next events",
    "subject.main": "the main column of a detail page, with the subject's id as ``subject_id`` and its type as ``subject_type``",
    "subject.aside": "the side column of a detail page, with the same values",
    "account.overview": "the account page of who is logged in",
}
"""The slots of core, with what they are for. Filling an unknown slot stops start-up."""


@dataclass(frozen=True, slots=True)
class SlotFill:
    """What a block puts in a slot: a function of the unit of work and the slot's values that gives HTML, or None for nothing."""

    slot: str
    function: Callable[..., str | None]
    order: int = 100
    more: str = ""
    """The page path with all of it, for slots that show only the first few."""
    subject_types: tuple[str, ...] = ()
    """For subject slots: only on pages of these types; empty means all."""


class Slots:
    """The filled slots of one platform."""

    def __init__(self, fills: Iterable[tuple[str, SlotFill]]) -> None:
        self._fills: dict[str, list[tuple[str, SlotFill]]] = defaultdict(list)
        for block, fill in fills:
            if fill.slot not in SLOTS:
                raise StartupError(f"block '{block}' fills the unknown slot '{fill.slot}'; known are: {', '.join(SLOTS)}")
            self._fills[fill.slot].append((block, fill))
        for found in self._fills.values():
            found.sort(key=lambda item: item[1].order)

    def more(self, slot: str) -> str | None:
        """The page path with all of what this slot shows the first few of, or None."""
        return next((fill.more for _block, fill in self._fills.get(slot, ()) if fill.more), None)

    def render(self, platform: Platform, uow: UnitOfWork, slot: str, **values: Any) -> list[Markup]:
        """The content of a slot, piece by piece. A block that raises is logged with its name and left out."""
        pieces = []
        for block, fill in self._fills.get(slot, ()):
            if fill.subject_types and values.get("subject_type") not in fill.subject_types:
                continue
            try:
                html = fill.function(uow, **values)
            except Exception:
                platform.log.exception("slot_failed", block=block, slot=slot)
                if not uow.write:
                    uow.rollback()
                continue
            if html:
                pieces.append(Markup(html))  # noqa: S704 - rendered by the block's template, which escapes
        return pieces


def render_slot(slot: str, **values: Any) -> list[Markup]:
    """The content of a slot on the page that is being made."""
    from flask import current_app

    slots: Slots = current_app.extensions["samen_slots"]
    uow = current_uow()
    return slots.render(uow.platform, uow, slot, **values)


def more_path(slot: str) -> str | None:
    """The page path with all of what a slot shows the first few of, or None."""
    from flask import current_app

    slots: Slots = current_app.extensions["samen_slots"]
    return slots.more(slot)
