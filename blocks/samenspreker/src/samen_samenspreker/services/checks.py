"""What must be there before a question leaves a step, one function a step (DOMAIN.md, the five steps). No SQL here."""

from __future__ import annotations

from dataclasses import dataclass

from citycontent.api import SECTOR_LABELS
from samen_core.api import Text, _, n_
from samen_samenspreker.models import Question
from samen_samenspreker.paths import table
from samen_samenspreker.queries.gates import Facts
from samen_samenspreker.texts import Day, Listing

LEVELS_WITH_THEMES = ("consult", "advise", "coproduce", "codecide")
"""From here up every theme of reactions gets an answer in the decision."""

LEVELS_WITH_REASONS = ("advise", "coproduce", "codecide")
"""From here up a deviation needs an argument."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that must be there. ``text`` says what, ``todo`` what to do while it is not ``done``, and ``path`` where."""

    code: str
    text: Text
    done: bool
    todo: Text
    path: str


def agenda(question: Question, facts: Facts) -> list[Need]:
    """Step 1 to 2: an accepted question that is complete, with a published proposal, a table and an informed council."""
    return [*_complete(question), *_set_up(question, facts)]


def _complete(question: Question) -> list[Need]:
    edit = table(question.slug, "bewerken")
    return [
        Need(
            "accepted",
            _("De vraag is aangenomen, met een reden."),
            question.state == "accepted" and bool(question.reason),
            _("Neem de vraag aan en schrijf waarom."),
            table(question.slug),
        ),
        Need(
            "why_now",
            _("Er staat waarom de vraag nu aandacht vraagt."),
            bool(question.why_now),
            _("Schrijf waarom deze vraag nu aandacht vraagt."),
            edit,
        ),
        Need(
            "area",
            _("Het gebied is gekozen."),
            question.area_id is not None,
            _("Kies over welk gebied de vraag gaat."),
            edit,
        ),
        Need(
            "sectors",
            _("De betrokken sectoren zijn gekozen."),
            bool(question.sectors),
            _("Kies welke sectoren bij deze vraag horen."),
            edit,
        ),
    ]


def _set_up(question: Question, facts: Facts) -> list[Need]:
    seats = table(question.slug, "tafel")
    return [
        Need(
            "proposal",
            _("Het procesvoorstel is gepubliceerd."),
            facts.level is not None,
            _("Maak het procesvoorstel af en publiceer het."),
            table(question.slug, "procesvoorstel"),
        ),
        Need(
            "facilitator",
            _("Er is een procesbegeleider."),
            facts.has_facilitator or any(role == "facilitator" for role, _sector, _state in facts.seats),
            _("Geef iemand de stoel van procesbegeleider."),
            seats,
        ),
        Need(
            "participant",
            _("Er zit minstens één deelnemer aan tafel."),
            bool(facts.sectors_at_table()),
            _("Nodig deelnemers uit. Minstens één moet de stoel hebben aangenomen."),
            seats,
        ),
        *_sector_seats(question, facts),
        _council(question),
    ]


def _council(question: Question) -> Need:
    """The council knows the version that holds: a new version makes that it has to be told again."""
    return Need(
        "council",
        _("De raad is geïnformeerd met een memo."),
        question.council_informed_at is not None,
        _("Stuur de raad de memo over het procesvoorstel zoals dat nu geldt, en leg dat vast."),
        table(question.slug, "procesvoorstel"),
    )


def _sector_seats(question: Question, facts: Facts) -> list[Need]:
    """A seat for each sector concerned: asked or taken."""
    there = {sector for _role, sector, _state in facts.seats}
    return [
        Need(
            f"sector.{sector}",
            _("Sector “{sector}” heeft een stoel.", sector=SECTOR_LABELS[sector]),
            sector in there,
            _("Bied een stoel aan voor de sector “{sector}”.", sector=SECTOR_LABELS[sector]),
            table(question.slug, "tafel"),
        )
        for sector in SECTOR_LABELS
        if sector in question.sectors
    ]


def solve(question: Question, facts: Facts) -> list[Need]:
    """Step 2 to 3: rounds held and closed, everything answered, an option with its support per sector, an informed council."""
    rounds = table(question.slug, "rondes")
    found = [
        Need(
            "round",
            _("Er is minstens één ronde afgesloten."),
            facts.closed_rounds > 0,
            _("Houd een ronde en sluit die af met wat is afgesproken."),
            rounds,
        )
    ]
    found += [
        Need(
            f"round.{row.number}",
            _("Ronde {number} is afgesloten.", number=row.number),
            False,
            _("Sluit ronde {number} “{title}” af.", number=row.number, title=row.title),
            rounds,
        )
        for row in facts.open_rounds
    ]
    return [*found, _answers(question, facts), _options(question, facts), _council(question)]


def _answers(question: Question, facts: Facts) -> Need:
    """Every contribution has an answer that was sent; what is written is sent by itself some minutes later."""
    done, label = facts.unanswered + facts.waiting == 0, _("Elke bijdrage heeft een antwoord.")
    if facts.waiting and not facts.unanswered:
        todo = n_(
            "Wacht tot {n} antwoord is verstuurd. Dat gebeurt vanzelf, tien minuten na het schrijven.",
            "Wacht tot {n} antwoorden zijn verstuurd. Dat gebeurt vanzelf, tien minuten na het schrijven.",
            facts.waiting,
        )
    else:
        todo = n_(
            "Beantwoord nog {n} bijdrage. Een antwoord telt zodra het verstuurd is, tien minuten na het schrijven.",
            "Beantwoord nog {n} bijdragen. Een antwoord telt zodra het verstuurd is, tien minuten na het schrijven.",
            facts.unanswered,
        )
    return Need("answers", label, done, todo, table(question.slug, "inbreng"))


def _options(question: Question, facts: Facts) -> Need:
    """At least one option of which every sector at the table said what it thinks: support is for, can live with it or against."""
    options = table(question.slug, "opties")
    text = _("Van minstens één oplossing is bekend wat elke sector aan tafel ervan vindt.")
    if not facts.support:
        return Need("options", text, False, _("Zet minstens één oplossing op tafel."), options)
    asked = facts.sectors_at_table()
    title, said = max(facts.support.values(), key=lambda option: len(option[1] & asked))
    silent = [SECTOR_LABELS[sector] for sector in SECTOR_LABELS if sector in asked - said]
    if not silent:
        return Need("options", text, True, text, options)
    todo = _("Vraag nog wat deze sectoren vinden van “{title}”, zoals de tekst nu is: {sectors}.", title=title, sectors=Listing(silent))
    return Need("options", text, False, todo, options)


def decide(question: Question, facts: Facts) -> list[Need]:
    """Step 3 to 4: a published decision of this cycle with everything that the level asks."""
    path = table(question.slug, "besluit")
    published = Need(
        "decision",
        _("Het besluit is gepubliceerd."),
        facts.decision is not None,
        _("Leg vast wat er is besloten en waarom, en publiceer het."),
        path,
    )
    if facts.decision is None:
        return [published]
    asked = [title for kind, title in facts.unweighed if kind == "option" or facts.level in LEVELS_WITH_THEMES]
    found = [
        published,
        Need(
            "weighing",
            _("Het besluit weegt elke oplossing en elk thema van reacties."),
            not asked,
            _("Leg een nieuw besluit vast dat ook dit weegt: {titles}.", titles=Listing(asked)),
            path,
        ),
    ]
    if facts.decision.deviates:
        found.append(
            Need(
                "deviation",
                _("Het besluit zegt waarom het afwijkt van het advies."),
                bool(facts.decision.deviation) or facts.level not in LEVELS_WITH_REASONS,
                _("Leg een nieuw besluit vast met de reden om af te wijken."),
                path,
            )
        )
    return found


def execute(question: Question, facts: Facts) -> list[Need]:
    """Step 4 to 5: actions, each done or dropped."""
    path = table(question.slug, "uitvoering")
    found = [
        Need(
            "actions",
            _("Er staat minstens één actie."),
            bool(facts.actions),
            _("Zet op de lijst wie wat gaat doen, en wanneer het klaar is."),
            path,
        )
    ]
    found += [
        Need(
            "action",
            _("Klaar: {title}", title=title),
            False,
            _("Rond de actie “{title}” af, of zeg waarom die niet doorgaat. Klaar op {day}.", title=title, day=Day(due)),
            path,
        )
        for title, state, due in facts.actions
        if state not in ("done", "dropped")
    ]
    return found


def evaluate(question: Question, facts: Facts) -> list[Need]:
    """Step 5 to the end: the evaluation and the final report of this cycle."""
    return [
        Need(
            "evaluation",
            _("De evaluatie is gepubliceerd."),
            facts.evaluated,
            _("Schrijf de evaluatie van het resultaat en van het proces, en publiceer die."),
            table(question.slug, "evaluatie"),
        ),
        Need(
            "report",
            _("Het eindverslag is gepubliceerd."),
            facts.reported,
            _("Maak het eindverslag en publiceer het."),
            table(question.slug, "eindverslag"),
        ),
    ]


def city_gates(question: Question, facts: Facts) -> list[Need]:
    """The gates of the city itself: written by the city, so in Dutch."""
    path = f"{table(question.slug, 'stap')}#controles"
    return [
        Need(
            f"gate.{gate.id}",
            _("Controle van de gemeente: {title}", title=gate.title),
            gate.ticked_at is not None,
            _("Doe deze controle en vink die af: {title}", title=gate.title),
            path,
        )
        for gate in facts.gates
    ]
