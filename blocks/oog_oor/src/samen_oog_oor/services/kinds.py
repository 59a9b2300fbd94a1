"""The kinds of citable things: what each is called in the register, where its page is, and what its card says."""

from __future__ import annotations

from typing import Protocol

from samen_core.api import SubjectData, SubjectRef
from samen_oog_oor import paths
from samen_oog_oor.models import Case, Pattern, Signal


class Named(Protocol):
    """A category as it was read, or its row."""

    @property
    def name(self) -> str:
        """What it is called."""


CASE, SIGNAL, PATTERN = "oog_oor_case", "oog_oor_signal", "oog_oor_pattern"
"""Their types in the register."""


def case_ref(case: Case) -> SubjectRef:
    """The reference to a case."""
    return SubjectRef(CASE, case.id)


def case_card(case: Case) -> SubjectData:
    """What the register says of a case. Everybody may see one that has a page of its own."""
    return SubjectData(
        title=case.title,
        url=paths.case(case.number),
        summary=case.public_text,
        area_ref=case.area_id,
        state="active",
        public=is_public(case),
    )


def is_public(case: Case) -> bool:
    """Whether everybody may open its page: the level is ``full``, and it is neither confidential nor part of another case."""
    return case.publication == "full" and not case.confidential and case.merged_into_id is None


def on_map(case: Case) -> bool:
    """Whether everybody may see where it is and what kind of thing it is."""
    return case.publication in ("point", "full") and not case.confidential and case.merged_into_id is None


def signal_card(signal: Signal, case: Case, category: Named) -> SubjectData:
    """What the register says of a signal: its category and number, never its text. Nobody but its reporter and staff may see it."""
    return SubjectData(
        title=f"{category.name} ({case.number})",
        url=paths.work(case.number),
        summary="",
        area_ref=signal.area_id,
        state="active",
        public=False,
    )


def pattern_card(pattern: Pattern) -> SubjectData:
    """What the register says of a pattern: everybody may see one that was proposed."""
    public = pattern.state in ("proposed", "asked")
    return SubjectData(
        title=pattern.title,
        url=paths.pattern(pattern.id),
        summary=pattern.question,
        area_ref=pattern.area_id,
        state="active",
        public=public,
    )
