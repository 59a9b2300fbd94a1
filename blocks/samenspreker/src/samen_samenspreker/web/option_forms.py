"""Making options: adding, revising, judging and withdrawing one, what they are judged on, and what changed between versions."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_core.api import NotAllowed, NotFound, Text, UnitOfWork, _
from samen_core.web.api import Crumb, crumbs, current_uow, marked_differences, page_url, render
from samen_samenspreker.models import Question
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.permissions import FACILITATE, MAKE_OPTION
from samen_samenspreker.queries.options import criteria_of, versions_of
from samen_samenspreker.schemas.options import (
    NEW_CRITERIA,
    AddOptionSchema,
    ReviseOptionSchema,
    WithdrawOptionSchema,
    criteria_form,
    judgements_form,
)
from samen_samenspreker.services.options import (
    add_option,
    judge_option,
    judgement_values,
    may_make,
    option_path,
    option_values,
    revise_option,
    set_criteria,
    withdraw_option,
)
from samen_samenspreker.web.frame import LABEL, on_table, pages, table_page
from samen_samenspreker.web.options import ONE, PATH, TITLE, option_at

TEXT_SECTION = Section(_("De oplossing"), ("title", "text", "costs"))


@pages.route(f"{PATH}/nieuw", permission=MAKE_OPTION, methods=["GET", "POST"])
def option_new(slug: str) -> ResponseReturnValue:
    """Put an option on the table."""
    uow = current_uow()
    question = on_table(uow, slug)
    _require_maker(uow, question)
    question_id = question.id
    page = FormPage(
        title=_("Oplossing op tafel leggen"),
        lead=_("Een oplossing hoeft nog niet af te zijn: de tafel werkt die verder uit. Elke versie blijft te lezen."),
        submit=_("Leg de oplossing op tafel"),
        done=_("De oplossing ligt op tafel. Iedereen kan nu een mening geven."),
        path=table(slug, "opties/nieuw"),
        back=table(slug, "opties"),
        trail=_trail(question, _("Toevoegen")),
    )

    def write(command: Any) -> str:
        return table(slug, f"opties/{add_option(uow, question_id, command).position}")

    return form_page(uow, page, FormSpec(AddOptionSchema), (TEXT_SECTION,), write, values={})


@pages.route(f"{ONE}/bewerken", permission=MAKE_OPTION, methods=["GET", "POST"])
def option_revise(slug: str, number: int) -> ResponseReturnValue:
    """Make a new version of an option."""
    uow = current_uow()
    question, option = option_at(uow, slug, number)
    _require_maker(uow, question)
    id, path = option.id, option_path(question, number)
    page = FormPage(
        title=_("Nieuwe versie van: {title}", title=option.title),
        lead=_("De vorige versies blijven te lezen. Gaf iemand al een mening? Dan vragen wij of die ook voor de nieuwe versie geldt."),
        submit=_("Leg de nieuwe versie op tafel"),
        done=_("De nieuwe versie ligt op tafel."),
        path=f"{path}/bewerken",
        back=path,
        trail=_trail(question, _("Nieuwe versie")),
    )

    def write(command: Any) -> str:
        revise_option(uow, id, command)
        return path

    sections = (TEXT_SECTION, Section(_("Wat is er anders?"), ("note",)))
    return form_page(uow, page, FormSpec(ReviseOptionSchema), sections, write, values=option_values(uow, option))


@pages.route(f"{ONE}/intrekken", permission=FACILITATE, methods=["GET", "POST"])
def option_withdraw(slug: str, number: int) -> ResponseReturnValue:
    """Take an option off the table."""
    uow = current_uow()
    question, option = option_at(uow, slug, number)
    FACILITATE.require(uow.actor, question.id)
    id, path = option.id, option_path(question, number)
    page = FormPage(
        title=_("Intrekken: {title}", title=option.title),
        lead=_("De oplossing gaat van tafel. De pagina blijft, met de reden erbij. Dit kunt u niet terugdraaien."),
        submit=_("Trek de oplossing in"),
        done=_("De oplossing is van tafel."),
        path=f"{path}/intrekken",
        back=path,
        trail=_trail(question, _("Intrekken")),
    )

    def write(command: Any) -> str:
        withdraw_option(uow, id, command)
        return path

    sections = (Section(_("De reden"), ("reason",)),)
    return form_page(uow, page, FormSpec(WithdrawOptionSchema), sections, write, values={"version": option.version})


@pages.route(f"{ONE}/beoordelen", permission=MAKE_OPTION, methods=["GET", "POST"])
def option_judge(slug: str, number: int) -> ResponseReturnValue:
    """Judge an option on the criteria of the table."""
    uow = current_uow()
    question, option = option_at(uow, slug, number)
    _require_maker(uow, question)
    criteria = {criterion.id: criterion.title for criterion in criteria_of(uow, question.id)}
    id, path = option.id, option_path(question, number)
    page = FormPage(
        title=_("Beoordelen: {title}", title=option.title),
        lead=_("Hoe doet deze oplossing het, vergeleken met de andere? Laat leeg wat de tafel nog niet weet."),
        submit=_("Bewaar het oordeel"),
        done=_("Het oordeel is bewaard."),
        path=f"{path}/beoordelen",
        back=path,
        trail=_trail(question, _("Beoordelen")),
    )
    if not criteria and request.method == "GET":
        choose = page_url(table(slug, "opties/criteria"))
        return render("samenspreker/option_judge_empty.html", title=page.title, criteria_url=choose, breadcrumbs=crumbs(*page.trail))

    def write(command: Any) -> str:
        judge_option(uow, id, command)
        return path

    sections = [Section(Text(title), (f"score_{key.hex}", f"text_{key.hex}")) for key, title in criteria.items()]
    return form_page(uow, page, FormSpec(judgements_form(criteria)), sections, write, values=judgement_values(uow, option))


@pages.route(f"{PATH}/criteria", permission=MAKE_OPTION, methods=["GET", "POST"])
def criteria(slug: str) -> ResponseReturnValue:
    """What the table judges its options on."""
    uow = current_uow()
    question = on_table(uow, slug)
    _require_maker(uow, question)
    question_id, back = question.id, table(slug, "opties")
    known = {criterion.id: (criterion.title, criterion.version) for criterion in criteria_of(uow, question_id)}
    page = FormPage(
        title=_("Waarop beoordeelt de tafel?"),
        lead=_("Spreek samen af wat telt. Daarna zet u de oplossingen per punt naast elkaar, met een oordeel van 1 tot 5 en uitleg."),
        submit=_("Bewaar de punten"),
        done=_("De punten zijn bewaard."),
        path=f"{back}/criteria",
        back=back,
        trail=_trail(question, _("Punten")),
    )

    def write(command: Any) -> str:
        set_criteria(uow, question_id, command)
        return back

    values: dict[str, Any] = {}
    for id, (title, version) in known.items():
        values |= {f"title_{id.hex}": title, f"version_{id.hex}": version}
    names = [name for id in known for name in (f"title_{id.hex}", f"version_{id.hex}")]
    sections = [Section(_("Punten van nu"), tuple(names))] if names else []
    sections.append(Section(_("Nieuwe punten"), tuple(f"new_{number}" for number in range(1, NEW_CRITERIA + 1))))
    return form_page(uow, page, FormSpec(criteria_form(known)), sections, write, values=values)


@pages.route(f"{ONE}/versies/<int:version>", public=True)
def option_differences(slug: str, number: int, version: int) -> ResponseReturnValue:
    """What a version changed in the one before it."""
    uow = current_uow()
    question, option = option_at(uow, slug, number)
    rows = {row.number: row for row in versions_of(uow, option.id)}
    new, old = rows.get(version), rows.get(version - 1)
    if new is None or old is None:
        raise NotFound
    names: tuple[tuple[str, Text], ...] = (("title", _("Titel")), ("text", _("Wat houdt de oplossing in?")), ("costs", _("Kosten")))
    return table_page(
        uow,
        question,
        "opties",
        "samenspreker/option_differences.html",
        title=_("Wat versie {number} verandert", number=version),
        above=[(TITLE, table(slug, "opties")), (option.title, option_path(question, number))],
        option=option,
        old=old,
        new=new,
        changes=[
            (label, *marked_differences(getattr(old, name), getattr(new, name)))
            for name, label in names
            if getattr(old, name) != getattr(new, name)
        ],
    )


def _require_maker(uow: UnitOfWork, question: Question) -> None:
    if not may_make(uow, question):
        raise NotAllowed(_("Dit is voor wie aan deze tafel zit."))


def _trail(question: Question, last: Text) -> tuple[Crumb, ...]:
    return ((LABEL, HOME), (question.title, table(question.slug)), (TITLE, table(question.slug, "opties")), (last, None))
