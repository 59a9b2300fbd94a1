"""Reactions: people say in their own words what they think, with questions beside it when the plan asks some."""

from __future__ import annotations

from samen_core.api import _
from samen_doe_mee.services.activity_types.shape import ActivityType
from samen_doe_mee.services.talk_types import (
    CONTRIBUTION_COLUMNS,
    TalkOptions,
    closing_talk,
    contribution_rows,
    no_lack,
    outcome_of_talk,
    prepare_talk,
    values_of_options,
)

TYPE = ActivityType(
    code="reactions",
    label=_("Reacties"),
    help=_("Mensen zeggen in hun eigen woorden wat ze vinden. Iedere reactie is openbaar en krijgt antwoord."),
    icon="message-circle",
    verb=_("Reageer"),
    minutes=1,
    options=TalkOptions,
    prepare=prepare_talk,
    closing=closing_talk,
    outcome=outcome_of_talk,
    lacking=no_lack,
    open_data=contribution_rows,
    columns=CONTRIBUTION_COLUMNS,
    values=values_of_options,
    collects_contributions=True,
)
