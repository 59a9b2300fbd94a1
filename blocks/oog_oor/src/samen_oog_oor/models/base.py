"""The codes of signals and cases, and the moves that a case can make."""

from __future__ import annotations

TYPES = ("problem", "observation", "compliment", "idea", "safety_concern")
CHANNELS = ("web", "staff", "rest", "open311", "meeting", "demo")
"""How a signal came in."""

STATES = (
    *("new", "triaged", "assigned", "in_progress", "planned", "awaiting_reporter", "awaiting_third_party"),
    *("resolved", "not_resolved", "referred", "withdrawn", "reopening_requested"),
)
"""Where a case is (oog_oor.md §1.5)."""
WAITING = frozenset({"awaiting_reporter", "awaiting_third_party"})
"""The clock stands still; the case goes back to the state that it came from."""
CLOSED = frozenset({"resolved", "not_resolved", "referred", "withdrawn"})
"""The ends: each has a resolution and a written reason. Open311's ``closed``."""
OPEN = frozenset(STATES) - CLOSED

_END = CLOSED
MOVES: dict[str, frozenset[str]] = {
    "new": frozenset({"triaged", "assigned", "in_progress"}) | WAITING | _END,
    "triaged": frozenset({"assigned", "in_progress"}) | WAITING | _END,
    "assigned": frozenset({"triaged", "in_progress", "planned"}) | WAITING | _END,
    "in_progress": frozenset({"assigned", "planned"}) | WAITING | _END,
    "planned": frozenset({"in_progress"}) | WAITING | _END,
    "awaiting_reporter": _END,
    "awaiting_third_party": _END,
    "resolved": frozenset({"reopening_requested", "in_progress"}),
    "not_resolved": frozenset({"reopening_requested", "in_progress"}),
    "referred": frozenset({"reopening_requested", "in_progress"}),
    "withdrawn": frozenset({"reopening_requested", "in_progress"}),
    "reopening_requested": frozenset({"in_progress"}),
}
"""Where a case may go (oog_oor.md §1.5). Two moves depend on the case: from waiting back to where it came from, and from a request to
reopen back to the end that it had."""

RESOLUTIONS = ("repaired", "already_resolved", "no_action_policy", "no_authority", "merged", "not_found")
"""How it ended, apart from the state: hersteld, al_opgelost, geen_actie_beleid, geen_bevoegdheid, samengevoegd, niet_gevonden."""
VERY_LATE = 3
"""What ``Case.late_told`` is once its handlers heard that three times its term is over."""
PRIORITIES = ("low", "normal", "high")
PUBLICATION = ("count", "point", "full")
"""What everybody sees of the cases of a category: a number per neighbourhood, a point without text, or a page."""

TITLE_LENGTH = 160
NUMBER_LENGTH = 40


def targets(state: str, came_from: str | None, ended_as: str | None) -> frozenset[str]:
    """Where a case in ``state`` may go. ``came_from``: the state before it waited; ``ended_as``: its end before a request to reopen."""
    allowed = MOVES[state]
    if state in WAITING and came_from is not None:
        return allowed | {came_from}
    if state == "reopening_requested" and ended_as is not None:
        return allowed | {ended_as}
    return allowed
