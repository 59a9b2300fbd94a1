"""Slots: named places on pages that blocks fill. Every page is additive; no block overrides a template of another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from samen_core.blocks.guard import left_out_when_it_fails, require_kind
from samen_core.blocks.trace import traced
from samen_core.errors import block_error
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
    "privacy.kept": "lines of the list on the privacy page about what a block keeps, in browsers too",
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

    def __init__(self, fills: Iterable[tuple[str, SlotFill]], *, trace: bool = False) -> None:
        self._fills: dict[str, list[tuple[str, SlotFill]]] = defaultdict(list)
        for block, fill in fills:
            if fill.slot not in SLOTS:
                raise block_error(block, f"fills the unknown slot '{fill.slot}'; known are: {', '.join(SLOTS)}")
            shown = replace(fill, function=traced(fill.function, block, slot=fill.slot)) if trace else fill
            self._fills[fill.slot].append((block, shown))
        for found in self._fills.values():
            found.sort(key=lambda item: item[1].order)

    def filled_by(self, block: str) -> tuple[str, ...]:
        """The slots that a block fills."""
        return tuple(slot for slot, fills in sorted(self._fills.items()) if any(owner == block for owner, _fill in fills))

    def more(self, platform: Platform, slot: str) -> str | None:
        """The page path with all of what this slot shows the first few of, or None."""
        paused = platform.block_states.paused_names()
        return next((fill.more for block, fill in self._fills.get(slot, ()) if fill.more and block not in paused), None)

    def render(self, platform: Platform, uow: UnitOfWork, slot: str, **values: Any) -> list[Markup]:
        """The content of a slot, piece by piece. A block that raises is logged with its name and left out."""
        pieces = []
        paused = platform.block_states.paused_names()
        for block, fill in self._fills.get(slot, ()):
            if block in paused or (fill.subject_types and values.get("subject_type") not in fill.subject_types):
                continue
            with left_out_when_it_fails(block, uow, slot=slot):
                html = fill.function(uow, **values)
                if html:
                    pieces.append(Markup(require_kind(html, str)))  # noqa: S704 - rendered by the block's template, which escapes
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
    return slots.more(current_app.extensions["samen"], slot)
