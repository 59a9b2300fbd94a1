"""How a loan goes from one state to the next: the one table, of which everything else follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from samen_core.api import Text, _
from samen_gereedschap.events import LoanAgreed, LoanCancelled, LoanEvent, LoanLapsed, LoanLent, LoanRefused, LoanReturned


@dataclass(frozen=True, slots=True)
class Transition:
    """A step of a loan: from which states, to which, who takes it, what is told, and whether that closes it and frees its days."""

    sources: tuple[str, ...]
    target: str
    by: Literal["lender", "borrower", "platform"]
    event: type[LoanEvent]
    frees: bool = False


TRANSITIONS: dict[str, Transition] = {
    "agree": Transition(("requested",), "agreed", "lender", LoanAgreed),
    "refuse": Transition(("requested", "agreed"), "refused", "lender", LoanRefused, frees=True),
    "lend": Transition(("agreed",), "lent", "lender", LoanLent),
    "return": Transition(("lent",), "returned", "lender", LoanReturned, frees=True),
    "cancel": Transition(("requested", "agreed"), "cancelled", "borrower", LoanCancelled, frees=True),
    "lapse": Transition(("requested", "agreed", "lent"), "lapsed", "platform", LoanLapsed, frees=True),
}

NOT_NOW: dict[str, Text] = {
    "agree": _("Deze aanvraag wacht niet meer op een antwoord."),
    "refuse": _("Dit gereedschap is al meegegeven, of de aanvraag is al afgehandeld."),
    "lend": _("U kunt alleen meegeven wat is toegezegd."),
    "return": _("U kunt alleen terugnemen wat is meegegeven."),
    "cancel": _("Dit gereedschap is al meegegeven, of de aanvraag is al afgehandeld."),
}


def next_steps(state: str, by: str) -> tuple[str, ...]:
    """The steps that the lender or the borrower may take from a state."""
    return tuple(name for name, step in TRANSITIONS.items() if state in step.sources and step.by == by)
