"""Options: possible solutions that the table makes, revises, judges and takes off the table (DOMAIN.md, step 2)."""

from __future__ import annotations

import uuid

from sqlalchemy import delete

from samen_core.api import Gone, Invalid, NotAllowed, NotFound, SubjectData, SubjectRef, Text, UnitOfWork, _, register, update_card, uuid7
from samen_samenspreker.events import OptionAdded, OptionRevised, OptionWithdrawn
from samen_samenspreker.models import Criterion, Judgement, Option, OptionVersion, Question
from samen_samenspreker.paths import table
from samen_samenspreker.permissions import FACILITATE, MAKE_OPTION
from samen_samenspreker.queries.decisions import is_decided
from samen_samenspreker.queries.options import criteria_of, judgements_of, next_position
from samen_samenspreker.schemas.options import MOST_CRITERIA, AddOption, JudgeOption, ReviseOption, SetCriteria, WithdrawOption
from samen_samenspreker.services.acts import log_act, record_act
from samen_samenspreker.services.common import (
    check_version,
    get_question,
    locked_part,
    locked_question,
    require_active,
    require_at_table,
    require_facilitator,
)
from samen_samenspreker.services.question_cards import summary
from samen_samenspreker.solve_log import CRITERIA_SET, OPTION_JUDGED

TYPE = "option"


def option_path(question: Question, number: int, part: str = "") -> str:
    """The page of an option, or a part of it."""
    return table(question.slug, f"opties/{number}" + (f"/{part}" if part else ""))


def may_make(uow: UnitOfWork, question: Question) -> bool:
    """Whether the actor may put options on this table: who sits at it, except observers, and who facilitates it."""
    try:
        _require_maker(uow, question)
    except NotAllowed:
        return False
    return True


def get_option(uow: UnitOfWork, id: uuid.UUID) -> tuple[Question, Option]:
    """An option with its table. Raises NotFound, also when the actor may not see the table."""
    option = uow.session.get(Option, id)
    if option is None:
        raise NotFound
    return get_question(uow, option.question_id), option


def add_option(uow: UnitOfWork, question_id: uuid.UUID, command: AddOption) -> Option:
    """Put a possible solution on the table. Raises NotFound, NotAllowed for who is not at it, Gone, Invalid outside step 2."""
    question = locked_question(uow, question_id)
    _require_maker(uow, question)
    require_active(question, "solve")
    made = Option(
        id=uuid7(),
        question_id=question.id,
        cycle=question.cycle,
        state="active",
        title=command.title,
        current=1,
        position=next_position(uow, question.id),
        at=uow.now,
    )
    ref = SubjectRef(TYPE, made.id)
    register(uow, ref, _card(question, made, command.text))
    uow.session.add(made)
    uow.session.flush()
    _store_version(uow, made, command, "")
    log_act(uow, OptionAdded, question, ref, {"number": made.position, "title": made.title})
    return made


def revise_option(uow: UnitOfWork, id: uuid.UUID, command: ReviseOption) -> Option:
    """Give an option a new version of its text; the earlier ones stay.

    Raises NotFound, NotAllowed, Gone for a withdrawn one, Conflict with the values of now, Invalid when nothing changed.
    """
    question, option = _locked_option(uow, id)
    _require_maker(uow, question)
    require_active(question, "solve")
    now = option_values(uow, option)
    check_version(option, command.version, now)
    if all(getattr(command, name) == now[name] for name in ("title", "text", "costs")):
        raise Invalid(_("De tekst is dezelfde als die van de vorige versie."))
    option.current += 1
    option.title = command.title
    ref = SubjectRef(TYPE, id)
    update_card(uow, ref, _card(question, option, command.text))
    uow.session.flush()
    _store_version(uow, option, command, command.note)
    log_act(uow, OptionRevised, question, ref, {"title": option.title, "current": option.current}, reason=command.note)
    return option


def withdraw_option(uow: UnitOfWork, id: uuid.UUID, command: WithdrawOption) -> Option:
    """Take an option off the table, until the decision. Its page stays, with the reason.

    Raises NotFound, NotAllowed, Gone, Conflict, Invalid.
    """
    question, option = _locked_option(uow, id)
    require_facilitator(uow, question)
    require_active(question, "solve", "decide")
    if is_decided(uow, question):
        raise Invalid(_("Er is al een besluit genomen. De oplossingen blijven zoals ze toen waren."))
    check_version(option, command.version, option_values(uow, option))
    option.state, option.reason = "withdrawn", command.reason
    uow.session.flush()
    ref = SubjectRef(TYPE, id)
    uow.subject_changed(ref)
    log_act(uow, OptionWithdrawn, question, ref, {"title": option.title}, reason=command.reason)
    return option


def set_criteria(uow: UnitOfWork, question_id: uuid.UUID, command: SetCriteria) -> list[Criterion]:
    """Add, rename and take away what the options are judged on; judgements on a criterion that goes, go too.

    Raises NotFound, NotAllowed, Gone, Invalid (outside step 2, two of one name, too many), Conflict for one that was renamed meanwhile.
    """
    question = locked_question(uow, question_id)
    _require_maker(uow, question)
    require_active(question, "solve")
    kept = {criterion.id: criterion for criterion in criteria_of(uow, question.id)}
    before = [criterion.title for criterion in kept.values()]
    position = max((criterion.position for criterion in kept.values()), default=0)
    for item in command.criteria:
        if item.id is None:
            position += 1
            made = Criterion(id=uuid7(), question_id=question.id, title=item.title, position=position)
            uow.session.add(made)
            kept[made.id] = made
            continue
        known = kept.get(item.id)
        if known is None:
            if item.title:
                raise Invalid(_("Een van de punten is intussen weggehaald. Kijk het lijstje na en bewaar opnieuw."))
            continue
        check_version(known, item.version or 0, {f"title_{known.id.hex}": known.title})
        if item.title:
            known.title = item.title
        else:
            _drop(uow, kept.pop(known.id))
    _check_titles(list(kept.values()))
    after = [criterion.title for criterion in kept.values()]
    if before != after:
        uow.session.flush()
        record_act(uow, CRITERIA_SET, question, {"criteria": after}, before={"criteria": before})
    return list(kept.values())


def judge_option(uow: UnitOfWork, id: uuid.UUID, command: JudgeOption) -> Option:
    """Judge an option on these criteria. Raises NotFound, NotAllowed, Gone, Conflict, Invalid for an unknown criterion."""
    question, option = _locked_option(uow, id)
    _require_maker(uow, question)
    require_active(question, "solve")
    check_version(option, command.version, judgement_values(uow, option))
    known = {criterion.id for criterion in criteria_of(uow, question.id)}
    errors: dict[str, list[Text]] = {}
    for item in command.judgements:
        if item.criterion_id not in known:
            errors["judgements"] = [_("Een van de punten is intussen weggehaald. Open de pagina opnieuw.")]
    if errors:
        raise Invalid(errors)
    for item in command.judgements:
        stored = uow.session.get(Judgement, (id, item.criterion_id))
        if stored is None:
            stored = Judgement(option_id=id, criterion_id=item.criterion_id)
            uow.session.add(stored)
        stored.score, stored.text = item.score, item.text
    option.judged_at = uow.now
    uow.session.flush()
    record_act(uow, OPTION_JUDGED, question, {"title": option.title})
    return option


def option_values(uow: UnitOfWork, option: Option) -> dict[str, object]:
    """What the form of a new version shows."""
    text = uow.session.get_one(OptionVersion, (option.id, option.current))
    return {"title": text.title, "text": text.text, "costs": text.costs, "version": option.version}


def judgement_values(uow: UnitOfWork, option: Option) -> dict[str, object]:
    """What the form of the judgements shows."""
    found: dict[str, object] = {"version": option.version}
    for criterion_id, row in judgements_of(uow, [option.id])[option.id].items():
        found[f"score_{criterion_id.hex}"] = str(row.score or "")
        found[f"text_{criterion_id.hex}"] = row.text
    return found


def _locked_option(uow: UnitOfWork, id: uuid.UUID) -> tuple[Question, Option]:
    question, option = locked_part(uow, Option, id)
    if option.state != "active":
        raise Gone(_("Deze oplossing is ingetrokken."))
    return question, option


def _require_maker(uow: UnitOfWork, question: Question) -> None:
    seats = require_at_table(uow, question)
    MAKE_OPTION.require(uow.actor, question.id)
    if all(seat.role == "observer" for seat in seats) and not FACILITATE.allows(uow.actor, question.id):
        raise NotAllowed(_("Een toehoorder kijkt mee, maar maakt geen oplossingen."))


def _store_version(uow: UnitOfWork, option: Option, command: AddOption, note: str) -> None:
    text = OptionVersion(
        option_id=option.id, number=option.current, title=command.title, text=command.text, costs=command.costs, note=note, at=uow.now
    )
    uow.session.add(text)
    uow.session.flush()


def _drop(uow: UnitOfWork, criterion: Criterion) -> None:
    uow.session.execute(delete(Judgement).where(Judgement.criterion_id == criterion.id))
    uow.session.delete(criterion)


def _check_titles(kept: list[Criterion]) -> None:
    titles = [criterion.title.casefold() for criterion in kept]
    if len(set(titles)) != len(titles):
        raise Invalid(_("Twee punten hebben dezelfde naam."))
    if len(titles) > MOST_CRITERIA:
        raise Invalid(_("Gebruik hoogstens {max} punten.", max=MOST_CRITERIA))


def _card(question: Question, option: Option, text: str) -> SubjectData:
    return SubjectData(title=option.title, url=option_path(question, option.position), summary=summary(text), area_ref=question.area_id)
