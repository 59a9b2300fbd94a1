"""Commands about questions of council members."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import ValidationError, validates_schema

from citycontent.api import CommandSchema, choice_field, name_field, prose_field, reference_field, version_field
from samen_beleidsagenda.labels import QUESTION_KIND_LABELS
from samen_beleidsagenda.schemas.promise_fields import (
    confidential_field,
    day_field,
    groups_field,
    holder_field,
    number_field,
    persons_field,
    publish_field,
    reason_field,
)
from samen_core.api import _


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCouncilQuestion:
    """Write down a question; its answer is due thirty days after ``asked_on``. ``publish``: public at once, else a draft."""

    title: str
    text: str
    asked_on: date
    kind: str = "written"
    number: str = ""
    holder_id: uuid.UUID | None = None
    dossier_id: uuid.UUID | None = None
    agenda_item_id: uuid.UUID | None = None
    person_ids: tuple[uuid.UUID, ...] = ()
    group_ids: tuple[uuid.UUID, ...] = ()
    confidential: bool = False
    publish: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateCouncilQuestion:
    """Replace what is known of a question that waits for its answer; the day it was asked, and so its term, stay."""

    title: str
    text: str
    version: int
    kind: str = "written"
    number: str = ""
    holder_id: uuid.UUID | None = None
    dossier_id: uuid.UUID | None = None
    agenda_item_id: uuid.UUID | None = None
    person_ids: tuple[uuid.UUID, ...] = ()
    group_ids: tuple[uuid.UUID, ...] = ()
    confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendQuestion:
    """Give the answer to a question more time; the first day stays known."""

    due_date: date
    reason: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion:
    """Answer a question, with words, a document or both."""

    answered_on: date
    version: int
    answer: str = ""
    answer_document_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawQuestion:
    """Write down that a question was withdrawn."""

    withdrawn_on: date
    version: int
    reason: str = ""


class UpdateCouncilQuestionSchema(CommandSchema):
    """Changes to a question."""

    command: ClassVar[type[Any]] = UpdateCouncilQuestion

    kind = choice_field(QUESTION_KIND_LABELS, _("Soort vraag"), default="written")
    number = number_field(_("Bijvoorbeeld RV-2026-8."))
    title = name_field(_("Onderwerp"))
    text = prose_field(_("De vragen"), rows=10)
    group_ids = groups_field()
    person_ids = persons_field()
    holder_id = holder_field()
    dossier_id = reference_field(_("Dossier"))
    agenda_item_id = reference_field(_("Agendapunt"))
    confidential = confidential_field()
    version = version_field()

    @validates_schema(skip_on_field_errors=False)
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not data.get("text"):
            raise ValidationError({"text": [_("Vul de vragen in.")]})


class AskCouncilQuestionSchema(UpdateCouncilQuestionSchema):
    """A new question."""

    command: ClassVar[type[Any]] = AskCouncilQuestion

    class Meta:
        """A new question has no version yet."""

        exclude = ("version",)

    asked_on = day_field(_("Gesteld op"), required=True)
    publish = publish_field()


class ExtendQuestionSchema(CommandSchema):
    """More time for an answer."""

    command: ClassVar[type[Any]] = ExtendQuestion

    due_date = day_field(_("Nieuwe dag"), required=True)
    reason = reason_field(_("Waarom?"), _("Iedereen kan dit lezen."), required=True)
    version = version_field()


class AnswerQuestionSchema(CommandSchema):
    """The answer to a question."""

    command: ClassVar[type[Any]] = AnswerQuestion

    answer = prose_field(_("Antwoord"), rows=12)
    answer_document_id = reference_field(_("Antwoord als stuk"), _("Kies het stuk waarin het antwoord staat."))
    answered_on = day_field(_("Beantwoord op"), required=True)
    version = version_field()

    @validates_schema(skip_on_field_errors=False)
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not data.get("answer") and not data.get("answer_document_id"):
            raise ValidationError({"answer": [_("Vul het antwoord in of kies een stuk.")]})


class WithdrawQuestionSchema(CommandSchema):
    """A question that is withdrawn."""

    command: ClassVar[type[Any]] = WithdrawQuestion

    withdrawn_on = day_field(_("Ingetrokken op"), required=True)
    reason = reason_field(_("Waarom?"), _("Iedereen kan dit lezen."))
    version = version_field()
