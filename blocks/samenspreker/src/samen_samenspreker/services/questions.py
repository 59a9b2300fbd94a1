"""Putting a question to the city, changing it while nobody has judged it, taking it back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from samen_core.api import (
    Gone,
    Invalid,
    NotAllowed,
    SubjectRef,
    Text,
    UnitOfWork,
    _,
    code_of,
    current_language,
    free_slug,
    keyed_hash,
    new_code,
    register,
    require_capacity,
    uuid7,
)
from samen_samenspreker.events import QuestionAsked, QuestionUpdated, QuestionWithdrawn
from samen_samenspreker.models import Question
from samen_samenspreker.paths import RESERVED
from samen_samenspreker.permissions import ASK, JUDGE
from samen_samenspreker.question_log import SENTENCES
from samen_samenspreker.schemas.questions import AskQuestion, UpdateQuestion, WithdrawQuestion
from samen_samenspreker.services import asker_mail
from samen_samenspreker.services.common import TYPE, check_version, is_mine, locked_question, log
from samen_samenspreker.services.judging import put_on_agenda, require_submitted
from samen_samenspreker.services.question_cards import card, check_references, keep_card
from samen_samenspreker.services.receipts import RECEIPT, locked_by_code

_FORM = "samenspreker receipt of form"
_TWICE_WITHIN = timedelta(hours=1)
"""Who is logged in and sends the same words again within this time means the same question."""

TEXT = ("kind", "title", "description", "why_now", "area_id", "theme_id", "project_id", "sectors")
"""What may be changed of a question."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A new question, and the code by which somebody without account follows it; "" for who is logged in."""

    question: Question
    receipt_code: str = ""


def ask(uow: UnitOfWork, command: AskQuestion, *, nonce: str = "") -> Asked:
    """Put a question. It waits until somebody of the municipality has judged it, unless staff places it with a ``reason``.

    Anybody may: for oneself, for the organisation that one acts for, or without account. Staff who names a ``sector`` enters what
    somebody else asked. ``nonce`` is a random text of the HTML form: the same form sent twice is one question.
    Raises NotAllowed, and Invalid with everything that is wrong.
    """
    ASK.require(uow.actor)
    if command.reason or command.sector:
        JUDGE.require(uow.actor)
    sector = _sector(uow, command)
    own = _is_own(uow, command)
    check_mail(uow, command)
    check_references(uow, {name: getattr(command, name) for name in ("area_id", "theme_id", "project_id", "follows_id")})
    earlier, code = _sent_before(uow, command, nonce, own)
    if earlier is not None:
        return Asked(earlier, code)
    question = Question(
        id=uuid7(),
        slug=free_slug(uow, Question.slug, command.title, "vraag", RESERVED),
        state="submitted",
        step="agenda",
        step_since=uow.now,
        cycle=1,
        account_id=uow.actor.account_id if own else None,
        author_name="" if command.anonymous else command.name or (uow.actor.label if own else ""),
        email=command.email,
        wants_mail=command.wants_mail,
        language=current_language(),
        receipt_hash=keyed_hash(uow.platform, RECEIPT, code) if code else None,
        on_behalf_of_id=uow.actor.on_behalf_of if own else None,
        sector=sector,
        follows_id=command.follows_id,
        supports=0,
        at=uow.now,
    )
    _assign(question, command)
    register(uow, SubjectRef(TYPE, question.id), card(question))
    uow.session.add(question)
    uow.session.flush()
    log(uow, QuestionAsked, question, SENTENCES[QuestionAsked.type], after={"kind": question.kind, "sector": sector})
    if command.email:
        asker_mail.confirm(uow, question)
    if command.reason:
        put_on_agenda(uow, question, command.reason)
    return Asked(question, code)


def _sent_before(uow: UnitOfWork, command: AskQuestion, nonce: str, own: bool) -> tuple[Question | None, str]:
    """The question that this form made when it was sent earlier, and the code of its receipt ("" for who is logged in)."""
    if not nonce:
        return None, "" if own else new_code()
    if own:
        mine = (Question.account_id == uow.actor.account_id, Question.at > uow.now - _TWICE_WITHIN)
        same = (Question.title == command.title, Question.description == command.description)
        return uow.session.scalars(select(Question).where(*mine, *same).limit(1)).first(), ""
    code = code_of(keyed_hash(uow.platform, _FORM, nonce))
    found = uow.session.scalars(select(Question).where(Question.receipt_hash == keyed_hash(uow.platform, RECEIPT, code))).first()
    if found is not None and (found.title, found.description) != (command.title, command.description):
        return None, new_code()
    return found, code


def update(uow: UnitOfWork, id: uuid.UUID, command: UpdateQuestion, *, code: str = "") -> Question:
    """Change the text: who asked may until it is judged (``code`` is the receipt code of who has no account), staff also after.

    Raises NotFound, Gone (the question is finished), NotAllowed, Invalid, and Conflict with the values of now.
    """
    question = _locked(uow, id, code)
    require_running(question)
    if not JUDGE.allows(uow.actor, question.id) or question.state not in ("submitted", "accepted"):
        _require_own(uow, question, code)
        require_submitted(question, _("Over uw vraag is besloten. U kunt hem nu niet meer wijzigen."))
    check_version(question, command.version, values(question))
    wanted = {name: getattr(command, name) for name in ("area_id", "theme_id", "project_id")}
    check_references(uow, wanted, {name: getattr(question, name) for name in wanted})
    before = {name: getattr(question, name) for name in TEXT}
    _assign(question, command)
    changed = [name for name in TEXT if getattr(question, name) != before[name]]
    if changed:
        uow.session.flush()
        keep_card(uow, question)
        was, now = {name: before[name] for name in changed}, {name: getattr(question, name) for name in changed}
        log(uow, QuestionUpdated, question, SENTENCES[QuestionUpdated.type], before=was, after=now)
    return question


def withdraw(uow: UnitOfWork, id: uuid.UUID, command: WithdrawQuestion, *, code: str = "") -> Question:
    """Take one's question back while nobody has judged it; then nobody is told of it any more. Raises like :func:`update`."""
    question = _locked(uow, id, code)
    _require_own(uow, question, code)
    require_submitted(question, _("Over uw vraag is besloten. U kunt hem nu niet meer terugtrekken."))
    check_version(question, command.version, {"state": question.state})
    question.state = "withdrawn"
    question.author_name, question.email, question.wants_mail = "", "", False
    uow.session.flush()
    keep_card(uow, question)
    log(uow, QuestionWithdrawn, question, SENTENCES[QuestionWithdrawn.type], after={"state": "withdrawn"})
    return question


def may_edit(uow: UnitOfWork, question: Question) -> bool:
    """Whether the actor, by account, may change the text now."""
    if JUDGE.allows(uow.actor, question.id):
        return question.state in ("submitted", "accepted") and question.step != "closed"
    return question.state == "submitted" and is_mine(uow, question)


def require_running(question: Question) -> None:
    """Raise Gone for a question that is finished: what was decided and reported stays about the question as it was."""
    if question.step == "closed":
        raise Gone(_("Deze vraag is afgerond. De tekst verandert niet meer."))


def values(question: Question) -> dict[str, Any]:
    """What the edit form shows."""
    return {**{name: getattr(question, name) for name in TEXT}, "version": question.version}


def _assign(question: Question, command: AskQuestion | UpdateQuestion) -> None:
    for name in TEXT:
        value = getattr(command, name)
        setattr(question, name, list(value) if isinstance(value, tuple) else value)


def _sector(uow: UnitOfWork, command: AskQuestion) -> str:
    """The sector of who asks: of the organisation that one acts for, else what staff entered, else a citizen's."""
    if command.sector:
        return command.sector
    if uow.actor.on_behalf_of is not None:
        return require_capacity(uow, uow.actor.on_behalf_of).sector
    return "citizens"


def check_mail(uow: UnitOfWork, command: AskQuestion) -> None:
    """Raise Invalid when mail is asked for without an address, or an address is given where that of the account is used."""
    errors: dict[str, list[Text]] = {}
    own = _is_own(uow, command)
    if own and command.email:
        errors["email"] = [_("Uw mail gaat naar het e-mailadres van uw account. Laat dit veld leeg.")]
    if not own and command.wants_mail and not command.email:
        errors["email"] = [_("Vul uw e-mailadres in, of haal het vinkje bij de mail weg.")]
    if errors:
        raise Invalid(errors)


def _is_own(uow: UnitOfWork, command: AskQuestion) -> bool:
    """Whether it is the question of the account itself, and not of somebody for whom staff enters it."""
    return uow.actor.account_id is not None and not command.sector


def _locked(uow: UnitOfWork, id: uuid.UUID, code: str) -> Question:
    return locked_by_code(uow, code, id) if code else locked_question(uow, id)


def _require_own(uow: UnitOfWork, question: Question, code: str) -> None:
    if not (code or is_mine(uow, question)):
        raise NotAllowed(_("Dit kan alleen wie de vraag stelde."), log_in=uow.actor.is_anonymous)
