"""The forms with which staff ask reporters or somebody outside something, and take a question back."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TypeVar

from flask.typing import ResponseReturnValue

from citycontent.web.api import FormSpec, Named
from samen_core.api import Invalid, UnitOfWork, _, format_date
from samen_core.web.api import current_uow, go, say
from samen_oog_oor import paths
from samen_oog_oor.models import Case
from samen_oog_oor.permissions import HANDLE
from samen_oog_oor.queries.work_case import reachable_signals
from samen_oog_oor.schemas.inquiries import AskReporter, AskReporterSchema, AskThirdParty, AskThirdPartySchema
from samen_oog_oor.services.inquiries import ask_reporter, ask_third_party, take_back
from samen_oog_oor.services.ready_texts import fill, what_stays_unfilled
from samen_oog_oor.services.receipt_keys import short_code
from samen_oog_oor.web.common import pages
from samen_oog_oor.web.work_acts import METHODS, act
from samen_oog_oor.web.work_case import case_to_show
from samen_oog_oor.web.work_move import chosen_text, places_of, ready_links

Asked = TypeVar("Asked", AskReporter, AskThirdParty)


@pages.route(paths.work("<number>", "vraag"), permission=HANDLE, methods=METHODS)
def work_ask(number: str) -> ResponseReturnValue:
    """Ask the reporters something; the case waits for the answer."""
    uow = current_uow()
    case = case_to_show(uow, number)
    people = reachable_signals(uow, case.id)
    lead = _("De zaak wacht op het antwoord en gaat dan vanzelf verder waar hij was.")
    if not people:
        lead = _("Geen melder van deze zaak is te bereiken. Misschien helpt een notitie of een gesprek in de buurt.")
    return act(
        uow,
        case,
        "vraag",
        title=_("Vraag de melder iets"),
        submit=_("Verstuur de vraag"),
        done=_("De vraag is verstuurd."),
        spec=FormSpec(AskReporterSchema),
        fields=("text", "questions", "photos", *(("signal_ids",) if len(people) > 1 else ()), "days"),
        write=lambda command: ask_reporter(uow, case.id, with_places(uow, case, command)),
        values={"days": 7, "text": chosen_text(uow, case, "awaiting_reporter")},
        options={
            "signal_ids": [(row.id, _("Melding {code} van {day}", code=short_code(row.code), day=format_date(row.at))) for row in people]
        },
        lead=ready_links(uow, case, "awaiting_reporter", "vraag", lead),
    )


@pages.route(paths.work("<number>", "derde"), permission=HANDLE, methods=METHODS)
def work_ask_third_party(number: str) -> ResponseReturnValue:
    """Ask somebody without an account something, at a link that works once."""
    uow = current_uow()
    case = case_to_show(uow, number)
    lead = _("Wie de link krijgt ziet hoe de zaak heet, waar het is en wat u vraagt. Niets over de melder.")
    return act(
        uow,
        case,
        "derde",
        title=_("Vraag iemand anders iets"),
        submit=_("Verstuur de vraag"),
        done=_("De vraag is verstuurd. De link werkt één keer."),
        spec=FormSpec(AskThirdPartySchema, {"organization_id": Named("organization")}),
        fields=("email", "organization_id", "text", "questions", "photos", "days"),
        write=lambda command: ask_third_party(uow, case.id, with_places(uow, case, command)),
        values={"days": 14, "photos": True, "text": chosen_text(uow, case, "awaiting_third_party")},
        lead=ready_links(uow, case, "awaiting_third_party", "derde", lead),
    )


def with_places(uow: UnitOfWork, case: Case, command: Asked) -> Asked:
    """What is asked with every place filled in, as in other texts for reporters. Raises Invalid for one that does not exist."""
    wrong = {"text": what_stays_unfilled(command.text), "questions": what_stays_unfilled("\n".join(command.questions))}
    if found := {name: texts for name, texts in wrong.items() if texts}:
        raise Invalid(found)
    values = places_of(uow, case)
    return replace(command, text=fill(command.text, values), questions=tuple(fill(one, values) for one in command.questions))


@pages.route(paths.work("<number>", "vraag/<uuid:id>/terug"), permission=HANDLE, methods=["POST"])
def work_take_back(number: str, id: uuid.UUID) -> ResponseReturnValue:
    """End a question that nobody answered."""
    uow = current_uow()
    case = case_to_show(uow, number)
    take_back(uow, case.id, id)
    say(_("De vraag is teruggenomen. De link werkt niet meer."))
    return go(paths.work(number))
