"""What the public logbook says about process proposals, evaluations and final reports. Never a name or value of a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from samen_core.api import Text, _
from samen_samenspreker.events import CouncilInformed, EvaluationPublished, ProposalPublished, ReportPublished, SurveyStarted
from samen_samenspreker.texts import Day

PROPOSAL_STARTED = "samenspreker.proposal.started"
PROPOSAL_SAVED = "samenspreker.proposal.saved"
EVALUATION_SAVED = "samenspreker.evaluation.saved"
REPORT_SAVED = "samenspreker.report.saved"
"""Drafts: in the log, not in the public logbook."""

Facts = Mapping[str, Any]
SENTENCES: dict[str, Callable[[Facts], Text]] = {
    ProposalPublished.type: lambda facts: _("Versie {number} van het procesvoorstel is gepubliceerd.", number=facts["number"]),
    CouncilInformed.type: lambda facts: _(
        "De gemeenteraad is op {day} met een memo geïnformeerd.", day=Day(date.fromisoformat(str(facts["on"])))
    ),
    SurveyStarted.type: lambda _facts: _("Iedereen die meedeed, kan vertellen hoe het ging: de vragenlijst is open."),
    EvaluationPublished.type: lambda _facts: _("De evaluatie is gepubliceerd."),
    ReportPublished.type: lambda facts: _("Versie {number} van het eindverslag is gepubliceerd.", number=facts["number"]),
}


def sentence_of(action: str, facts: Facts | None) -> Text | None:
    """The sentence for a log row with these facts in ``after``; None for a row of another kind."""
    made = SENTENCES.get(action)
    if made is None:
        return None
    try:
        return made(facts or {})
    except (KeyError, ValueError):  # written by an older version, which stored less: the stored sentence is shown
        return None
