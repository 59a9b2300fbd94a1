"""What a decision needs before it may be published: what DOMAIN.md asks of every decision, and what the level of the table adds."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from citycontent.api import SECTOR_LABELS
from samen_core.api import Text, UnitOfWork, _, n_
from samen_samenspreker.models import Decision, Question
from samen_samenspreker.paths import table
from samen_samenspreker.queries.decisions import level_of, themes_to_weigh, weighings_of
from samen_samenspreker.queries.options import options_of
from samen_samenspreker.queries.support import participants_on
from samen_samenspreker.services.checks import LEVELS_WITH_REASONS, LEVELS_WITH_THEMES
from samen_samenspreker.services.gates import Missing

AGREEING = ("coproduce", "codecide")
"""The levels at which the table must agree on what is chosen."""

IN_FAVOUR = ("for", "can_live_with")


@dataclass(slots=True)
class Case:
    """Everything that the rules look at.

    ``options`` are the active ones (id to row); ``seats`` are those of participants, as (sector, position, on the current version), with
    position None for a seat that said nothing of the chosen option; ``weighed`` are the ids of options and themes with a text.
    """

    level: str
    options: Mapping[uuid.UUID, Any] = field(default_factory=dict)
    themes: Sequence[Any] = ()
    weighed: frozenset[uuid.UUID] = frozenset()
    seats: Sequence[tuple[str, str | None, bool]] = ()


def load_case(uow: UnitOfWork, question: Question, decision: Decision) -> Case:
    """What the rules look at for this draft. At most five statements."""
    options = {row.id: row for row in options_of(uow, question.id) if row.state == "active"}
    seats: list[tuple[str, str | None, bool]] = []
    chosen = options.get(decision.option_id) if decision.option_id else None
    if chosen is not None:
        seats = [(row.sector, row.position, row.option_version == chosen.current) for row in participants_on(uow, question.id, chosen.id)]
    weighed = {row.option_id or row.theme_id for row in weighings_of(uow, [decision.id])[decision.id] if row.text}
    return Case(level_of(uow, question.id), options, themes_to_weigh(uow, question.id), frozenset(weighed), seats)


def missing_in(question: Question, decision: Decision, case: Case, today: Any) -> list[Missing]:
    """Everything that still stops the publication of a draft, each with the place where it is mended. No SQL."""
    return [
        *_whole(question, decision, case, today),
        *_weighing(question, case),
        *_deviation(question, decision, case),
        *_agreement(question, decision, case),
    ]


def form_place(question: Question, name: str) -> str:
    """The place of a field in the form of the decision."""
    return f"{table(question.slug, 'besluit/bewerken')}#f-{name}"


def _whole(question: Question, decision: Decision, case: Case, today: Any) -> Iterator[Missing]:
    if not case.level:
        path = table(question.slug, "procesvoorstel")
        yield Missing("level", _("Er is nog geen gepubliceerd procesvoorstel. Dat zegt hoeveel invloed de tafel heeft."), path)
    asked: tuple[tuple[str, bool, Text], ...] = (
        ("organization_id", decision.organization_id is not None, _("Vul in welke organisatie besluit.")),
        ("decided_by", bool(decision.decided_by), _("Vul in wie er namens de organisatie besluit.")),
        ("decided_on", decision.decided_on is not None, _("Vul in op welke dag is besloten.")),
        ("text", bool(decision.text), _("Schrijf wat er is besloten.")),
        ("reasons", bool(decision.reasons), _("Schrijf waarom.")),
    )
    for name, done, text in asked:
        if not done:
            yield Missing(name, text, form_place(question, name))
    if decision.decided_on is not None and decision.decided_on > today:
        yield Missing("decided_on", _("De dag van het besluit ligt nog voor ons."), form_place(question, "decided_on"))
    if decision.option_id is not None and decision.option_id not in case.options:
        text = _("De gekozen oplossing is ingetrokken. Kies een andere.")
        yield Missing("option_id", text, form_place(question, "option_id"))


def _weighing(question: Question, case: Case) -> Iterator[Missing]:
    for id, row in case.options.items():
        if id not in case.weighed:
            name = f"option_{id.hex}"
            yield Missing("weighing", _("Schrijf hoe oplossing “{title}” is gewogen.", title=row.title), form_place(question, name))
    if case.level in LEVELS_WITH_THEMES:
        for theme in case.themes:
            if theme.id not in case.weighed:
                text = n_(
                    "Geef antwoord op thema “{title}” ({n} bijdrage).",
                    "Geef antwoord op thema “{title}” ({n} bijdragen).",
                    theme.contributions,
                    title=theme.title,
                )
                yield Missing("weighing", text, form_place(question, f"theme_{theme.id.hex}"))


def _deviation(question: Question, decision: Decision, case: Case) -> Iterator[Missing]:
    place = form_place(question, "deviates")
    if case.level == "codecide":
        if decision.deviates:
            yield Missing("deviation", _("Bij meebeslissen wijkt het besluit niet af van wat de tafel koos."), place)
        return
    if case.level not in LEVELS_WITH_REASONS:
        return
    if deviates_by_itself(decision, case) and not decision.deviates:
        yield Missing("deviation", _("Dit besluit is iets anders dan wat de tafel voorstelt. Kruis aan dat het afwijkt."), place)
    if decision.deviates and not decision.deviation:
        yield Missing("deviation", _("Leg uit waarom het besluit afwijkt."), form_place(question, "deviation"))


def deviates_by_itself(decision: Decision, case: Case) -> bool:
    """Whether a decision departs from the table without saying so.

    Nothing of what the table made is chosen (also when that was taken off the table meanwhile), or an option of which more participants
    are against than in favour.
    """
    if decision.option_id is None:
        return True
    against = sum(position == "against" for _sector, position, _current in case.seats)
    return against > sum(position in IN_FAVOUR for _sector, position, _current in case.seats)


def _agreement(question: Question, decision: Decision, case: Case) -> Iterator[Missing]:
    """At coproduce and codecide: no participant's seat against, and each sector with one has one in favour (DOMAIN.md).

    Against counts whatever version it was said of; in favour only of the version that is decided on.
    """
    if case.level not in AGREEING:
        return
    if decision.option_id is None:
        text = _("Op dit niveau is de beslisser gebonden aan de tafel. Kies een oplossing waar de tafel het over eens is.")
        yield Missing("option_id", text, form_place(question, "option_id"))
        return
    row = case.options.get(decision.option_id)
    if row is None:
        return
    path = table(question.slug, f"opties/{row.position}")
    against = sum(position == "against" for _sector, position, _current in case.seats)
    if against:
        text = n_(
            "{n} stoel van een deelnemer is tegen “{title}”. Praat verder tot niemand meer tegen is.",
            "{n} stoelen van deelnemers zijn tegen “{title}”. Praat verder tot niemand meer tegen is.",
            against,
            title=row.title,
        )
        yield Missing("against", text, path)
    favoured = {sector for sector, position, current in case.seats if position in IN_FAVOUR and current}
    for sector in SECTOR_LABELS:
        if sector in {seat[0] for seat in case.seats} - favoured:
            text = _(
                "Van sector “{sector}” is nog geen deelnemer voor, of kan ermee leven, in de versie van nu.", sector=SECTOR_LABELS[sector]
            )
            yield Missing("sector", text, path)
    if not case.seats:
        text = _("Er zit geen deelnemer aan tafel, dus de tafel kan het niet eens zijn.")
        yield Missing("seats", text, table(question.slug, "tafel"))
