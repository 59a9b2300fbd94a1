"""Which moves a dossier can make from one phase to another (beleidsagenda.md §3.3)."""

from __future__ import annotations

from dataclasses import dataclass

from samen_beleidsagenda.models.dossier import PHASES


@dataclass(frozen=True, slots=True)
class Move:
    """A phase that a dossier can go to; some only with a reason."""

    phase: str
    needs_reason: bool


def moves_from(phase: str, before: str | None) -> tuple[Move, ...]:
    """The moves of a dossier in ``phase``; ``before`` is where one on hold or withdrawn was.

    Forward without a reason, also past a phase that is not needed; back, on hold and withdrawn only with one. What lies still goes back to
    where it was, or is withdrawn; what was withdrawn by mistake goes back to where it was. A completed dossier can only be reopened.
    """
    if phase == "on_hold":
        return Move(before or PHASES[0], False), Move("withdrawn", True)
    if phase == "withdrawn":
        return (Move(before or PHASES[0], True),)
    here = PHASES.index(phase)
    found = [Move(other, position < here) for position, other in enumerate(PHASES) if position != here]
    if phase != "completed":
        found += [Move("on_hold", True), Move("withdrawn", True)]
    return tuple(found)
