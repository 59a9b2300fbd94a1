"""The process proposal: reading it, comparing versions, writing it in six steps, publishing it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.api import SECTOR_LABELS
from citycontent.web.api import FormSpec, send, show
from samen_core.api import Conflict, Invalid, NotFound, Text, UnitOfWork, _, parse
from samen_core.web.api import BoundField, BoundForm, current_uow, go, marked_differences, page_url, render_status, say
from samen_samenspreker.labels import GOAL_LABELS, SCALE_LABELS
from samen_samenspreker.models import LEVELS, Proposal, Question
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.proposal_parts import BY_SLUG, FIELD_LABELS, LEVEL_DEMANDS, PART_OF, PARTS, PROPOSAL, Part, form_path
from samen_samenspreker.queries.proposal_text import proposal_text, stored_values
from samen_samenspreker.queries.proposals import draft, proposal_versions, published, published_proposal
from samen_samenspreker.schemas.proposals import (
    ApproachPartSchema,
    GoalsPartSchema,
    InformCouncilSchema,
    LevelPartSchema,
    ParticipantsPartSchema,
    PublishLessInfluenceSchema,
    PublishProposalSchema,
    SaveProposal,
    ScalePartSchema,
    SubjectPartSchema,
)
from samen_samenspreker.services.common import find_question
from samen_samenspreker.services.proposals import (
    REQUIRED,
    STEPS,
    differences,
    inform_council,
    informed_on,
    lowers_level,
    missing_in,
    proposal_values,
    publish_proposal,
    save_proposal,
    start_proposal,
)
from samen_samenspreker.settings import LEVEL_MEANINGS, level_name
from samen_samenspreker.web.frame import pages, table_page, trail
from samen_samenspreker.web.proposal_help import EXAMPLES, INTRODUCTIONS

LABEL = _("Procesvoorstel")
PATH = f"{HOME}/<slug>/{PROPOSAL}"
SCHEMAS = {
    "A": SubjectPartSchema,
    "B": GoalsPartSchema,
    "C": ScalePartSchema,
    "D": ParticipantsPartSchema,
    "E": LevelPartSchema,
    "F": ApproachPartSchema,
}


@pages.route(PATH, public=True)
def proposal_page(slug: str) -> ResponseReturnValue:
    """The version that holds now, and for the facilitator how far the draft is."""
    uow = current_uow()
    question = find_question(uow, slug)
    versions = proposal_versions(uow, question.id)
    newest = published(versions)[-1] if published(versions) else None
    return _read(uow, question, versions, newest)


@pages.route(f"{PATH}/versies/<int:number>", public=True)
def proposal_version(slug: str, number: int) -> ResponseReturnValue:
    """One published version."""
    uow = current_uow()
    question = find_question(uow, slug)
    versions = proposal_versions(uow, question.id)
    chosen = next((version for version in published(versions) if version.number == number), None)
    if chosen is None:
        raise NotFound
    return _read(uow, question, versions, chosen)


def _read(uow: UnitOfWork, question: Question, versions: Any, shown: Proposal | None) -> ResponseReturnValue:
    facilitates = FACILITATE.allows(uow.actor, question.id)
    writing = draft(versions) if facilitates else None
    known = published(versions)
    return table_page(
        uow,
        question,
        PROPOSAL,
        "samenspreker/proposal.html",
        title=LABEL,
        shown=shown,
        parts=proposal_text(uow, stored_values(shown)) if shown else [],
        versions=known,
        is_newest=bool(known) and shown is known[-1],
        compare=_compare_url(question, known, shown),
        writing=writing,
        lacks=len(missing_in(question, writing)) if writing else 0,
        may_write=facilitates and question.state == "accepted" and question.step in STEPS,
        informed=informed_on(question),
        part_url=page_url(table(question.slug, PROPOSAL)),
        first_url=page_url(form_path(question.slug, PARTS[0])),
    )


def _compare_url(question: Question, known: list[Proposal], shown: Proposal | None) -> str | None:
    if shown is None or known.index(shown) == 0:
        return None
    before = known[known.index(shown) - 1]
    return page_url(table(question.slug, f"{PROPOSAL}/verschillen")) + f"?van={before.number}&tot={shown.number}"


@pages.route(f"{PATH}/verschillen", public=True)
def proposal_differences(slug: str) -> ResponseReturnValue:
    """What changed between two published versions."""
    uow = current_uow()
    question = find_question(uow, slug)
    by_number = {version.number: version for version in published(proposal_versions(uow, question.id))}
    old, new = (by_number.get(request.args.get(name, 0, type=int)) for name in ("van", "tot"))
    if old is None or new is None:
        raise NotFound
    changes = []
    for found in differences(old, new):
        part = PART_OF[found.field]
        inner = GOAL_LABELS.get(found.key) or SECTOR_LABELS.get(found.key)
        before, after = _in_words(uow, found.field, found.before), _in_words(uow, found.field, found.after)
        changes.append((part, inner or FIELD_LABELS[found.field], *marked_differences(str(before), str(after))))
    title = _("Verschil tussen versie {old} en {new}", old=old.number, new=new.number)
    return table_page(uow, question, PROPOSAL, "samenspreker/proposal_differences.html", title=title, old=old, new=new, changes=changes)


def _in_words(uow: UnitOfWork, field: str, value: str) -> Text | str:
    if field == "scale":
        return SCALE_LABELS.get(value, "")
    return level_name(uow, value) if field == "level" else value


@pages.route(f"{PATH}/begin", permission=FACILITATE, methods=["POST"])
def proposal_start(slug: str) -> ResponseReturnValue:
    """Begin a first or next version."""
    uow = current_uow()
    start_proposal(uow, find_question(uow, slug).id)
    return go(form_path(slug, PARTS[0]))


def _draft(uow: UnitOfWork, question: Question) -> Proposal:
    FACILITATE.require(uow.actor, question.id)
    found = draft(proposal_versions(uow, question.id))
    if found is None:
        raise NotFound
    return found


@pages.route(f"{PATH}/bewerken/<part>", permission=FACILITATE, methods=["GET", "POST"])
def proposal_form(slug: str, part: str) -> ResponseReturnValue:
    """One step of the form. Whatever is filled in is kept; the button says whether one goes on or stops for now."""
    uow = current_uow()
    question = find_question(uow, slug)
    if part not in BY_SLUG:
        raise NotFound
    step = BY_SLUG[part]
    proposal = _draft(uow, question)
    id, values = proposal.id, {**proposal_values(proposal), "version": proposal.version}
    options = {"level": [(code, level_name(uow, code)) for code in LEVELS]}
    spec = FormSpec(SCHEMAS[step.letter])

    def write(command: SaveProposal) -> str:
        save_proposal(uow, id, command)
        return _next(slug, step)

    answer = show(uow, spec, values, options) if request.method == "GET" else send(uow, spec, write, options, values)
    if isinstance(answer, str):
        say(_("Uw tekst is bewaard."))
        return go(answer)
    return render_status(
        answer.status,
        "samenspreker/proposal_form.html",
        question=question,
        part=step,
        position=PARTS.index(step) + 1,
        parts=[(other, page_url(form_path(slug, other)), _state(question, proposal, other)) for other in PARTS],
        introduction=INTRODUCTIONS[step.letter],
        form=answer.form,
        fields=_fields(answer.form, question),
        examples=EXAMPLES,
        action=page_url(form_path(slug, step)),
        check_url=page_url(table(slug, f"{PROPOSAL}/controleren")),
        breadcrumbs=trail(question, (LABEL, table(slug, PROPOSAL)), (step.title, None)),
    )


def _next(slug: str, step: Part) -> str:
    if request.form.get("later"):
        return table(slug, PROPOSAL)
    position = PARTS.index(step) + 1
    return form_path(slug, PARTS[position]) if position < len(PARTS) else table(slug, f"{PROPOSAL}/controleren")


def _state(question: Question, proposal: Proposal, part: Part) -> Text:
    lacks = any(lack.field in part.fields for lack in missing_in(question, proposal))
    begun = any(getattr(proposal, name) for name in part.fields)
    return _("klaar") if not lacks else _("begonnen") if begun else _("nog leeg")


def _fields(form: BoundForm, question: Question) -> list[BoundField]:
    """The fields of a step, marked as what publication asks; levels say what they mean and what they ask of the decision."""
    return [_field(item, question) for item in form]


def _field(item: BoundField, question: Question) -> BoundField:
    if item.name == "participants":
        asked = {f"participants.{sector}" for sector in question.sectors}
        return replace(item, fields=tuple(replace(inner, required=inner.name in asked) for inner in item.fields))
    if item.name == "level":
        helped = [replace(option, help=f"{LEVEL_MEANINGS[option.value]} {LEVEL_DEMANDS[option.value]}") for option in item.options]
        return replace(item, required=True, options=tuple(helped))
    return replace(item, required=item.name in REQUIRED)


@pages.route(f"{PATH}/controleren", permission=FACILITATE, methods=["GET", "POST"])
def proposal_check(slug: str) -> ResponseReturnValue:
    """Everything that the draft says, what it lacks, and the button to publish it; with less influence than before, the form for why."""
    uow = current_uow()
    question = find_question(uow, slug)
    proposal = _draft(uow, question)
    holds = published_proposal(uow, question.id)
    id, number, version = proposal.id, proposal.number, proposal.version
    lowers = lowers_level(holds, proposal)
    schema = PublishLessInfluenceSchema if lowers else PublishProposalSchema
    status, changed, errors = 200, False, {}
    if request.method == "POST":
        try:
            publish_proposal(uow, id, parse(schema, request.form))
        except Invalid as invalid:
            uow.rollback()
            status, errors = 400, invalid.errors
        except Conflict as conflict:
            uow.rollback()
            status, changed, version = 409, True, conflict.version or version
        else:
            say(_("Versie {number} van het procesvoorstel is gepubliceerd. Iedereen kan het nu lezen.", number=number))
            return go(table(slug, PROPOSAL))
    lacks = [(lack.text, PART_OF[lack.field], page_url(form_path(slug, PART_OF[lack.field]))) for lack in missing_in(question, proposal)]
    return render_status(
        status,
        "samenspreker/proposal_check.html",
        question=question,
        number=number,
        version=version,
        changed=changed,
        form=BoundForm(schema, data=request.form, errors=errors, version=version) if lowers else None,
        before=(holds.number, level_name(uow, holds.level)) if holds else None,
        level=level_name(uow, proposal.level) if proposal.level else "",
        refused=status == 400,
        parts=proposal_text(uow, stored_values(proposal)),
        urls={part.letter: page_url(form_path(slug, part)) for part in PARTS},
        lacks=lacks,
        action=page_url(table(slug, f"{PROPOSAL}/controleren")),
        later_url=page_url(table(slug, PROPOSAL)),
        breadcrumbs=trail(question, (LABEL, table(slug, PROPOSAL)), (_("Controleren"), None)),
    )


@pages.route(f"{PATH}/raadsmemo", public=True)
def council_memo(slug: str) -> ResponseReturnValue:
    """The memo to the council: the proposal that holds now, to read and to print."""
    uow = current_uow()
    question = find_question(uow, slug)
    known = published(proposal_versions(uow, question.id))
    if not known:
        raise NotFound
    newest = known[-1]
    return _memo(uow, question, newest)


def _memo(uow: UnitOfWork, question: Question, proposal: Proposal, form: BoundForm | None = None, status: int = 200) -> ResponseReturnValue:
    facilitates = FACILITATE.allows(uow.actor, question.id)
    if form is None and facilitates and question.state == "accepted":
        form = BoundForm(InformCouncilSchema, data={"on": informed_on(question)}, version=question.version)
    return table_page(
        uow,
        question,
        PROPOSAL,
        "samenspreker/memo.html",
        title=_("Memo aan de gemeenteraad"),
        status=status,
        proposal=proposal,
        parts=proposal_text(uow, stored_values(proposal)),
        informed=informed_on(question),
        form=form,
        action=page_url(table(question.slug, f"{PROPOSAL}/raad")),
        pdf_url=f"/files/{proposal.memo_file_id}" if proposal.memo_file_id else None,
    )


@pages.route(f"{PATH}/raad", permission=FACILITATE, methods=["POST"])
def council_informed(slug: str) -> ResponseReturnValue:
    """Note when the council got the memo."""
    uow = current_uow()
    question = find_question(uow, slug)
    id = question.id
    answer = send(uow, FormSpec(InformCouncilSchema), lambda command: bool(inform_council(uow, id, command)))
    if isinstance(answer, bool):
        say(_("Genoteerd dat de raad is geïnformeerd. Het staat in het logboek."))
        return go(table(slug, PROPOSAL))
    question = find_question(uow, slug)
    known = published(proposal_versions(uow, question.id))
    if not known:
        raise Invalid(_("Publiceer eerst het procesvoorstel. Daarna kan de memo naar de raad."))
    return _memo(uow, question, known[-1], answer.form, answer.status)
