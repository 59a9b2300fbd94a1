"""What people send about what belongs to a plan: colleagues, news, documents; withdrawing and copying it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import (
    LONG,
    SHORT,
    CommandSchema,
    Line,
    choice_field,
    email_field,
    line_field,
    prose_field,
    reference_field,
    url_field,
    version_field,
)
from samen_core.api import FileReference, FileValue, _
from samen_doe_mee.labels import PLAN_ROLE_LABELS
from samen_doe_mee.models.base import TITLE_LENGTH
from samen_doe_mee.schemas.plans import CreatePlan, PlanVersion, WithdrawPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class AddColleague:
    """Give somebody a role at a plan: an account by its mail address or by its id. Who has one already gets this one."""

    role: str
    email: str = ""
    account_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteNews:
    """Tell something about a plan."""

    title: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateNews(WriteNews):
    """Change news that was read at ``version``."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDocument:
    """Add a document to a plan: a file, or a link."""

    title: str
    file: FileValue | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDocument(AddDocument):
    """Change a document that was read at ``version``. Another file replaces the one of before, which stays as its history."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicatePlan:
    """Begin a new plan with what another says; its first round begins on ``starts_on``."""

    title: str
    starts_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TiePlan:
    """Tie a plan to another project of the city, to the idea it came from, to a question at the table."""

    project_id: uuid.UUID
    came_from_id: uuid.UUID | None = None
    question_id: uuid.UUID | None = None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TieByAddress:
    """The same as somebody types it: addresses of pages, or the number of the idea."""

    project_id: uuid.UUID
    idea: str = ""
    question: str = ""
    version: int


def _title() -> Line:
    return Line(required=True, validate=validate.Length(max=TITLE_LENGTH), metadata={"label": _("Titel")})


def starts_field() -> fields.Date:
    """On which day the first round begins."""
    help = _("De andere rondes schuiven mee. U kunt alle data daarna nog veranderen.")
    return fields.Date(required=True, metadata={"label": _("Wanneer begint de eerste ronde?"), "help": help, "widget": "date"})


class CreatePlanSchema(CommandSchema):
    """A new plan, as JSON."""

    command: ClassVar[type[Any]] = CreatePlan

    title = _title()
    summary = prose_field(_("In één of twee zinnen"), longest=500)
    project_id = reference_field(_("Project"))
    organization_id = reference_field(_("Organisatie"))
    area_id = reference_field(_("Gebied"))
    theme_id = reference_field(_("Thema"))
    came_from_id = reference_field(_("Idee waaruit het plan komt"))
    question_id = reference_field(_("Vraag aan de tafel"))


class PlanVersionSchema(CommandSchema):
    """Which state of the plan was read."""

    command: ClassVar[type[Any]] = PlanVersion

    version = version_field()


class WithdrawPlanSchema(CommandSchema):
    """Why a plan is taken back."""

    command: ClassVar[type[Any]] = WithdrawPlan

    reason = prose_field(_("Waarom gaat het plan niet door?"), _("Iedereen kan dit lezen."), 2_000, 4)
    version = version_field()


class AddColleagueSchema(CommandSchema):
    """A colleague of a plan, as JSON."""

    command: ClassVar[type[Any]] = AddColleague

    role = choice_field(PLAN_ROLE_LABELS, _("Rol"))
    email = email_field(_("E-mailadres van het account"))
    account_id = reference_field(_("Account"))


class WriteNewsSchema(CommandSchema):
    """News about a plan."""

    command: ClassVar[type[Any]] = WriteNews

    title = _title()
    text = prose_field(_("Bericht"), _("Wat is er gebeurd, en wat gebeurt er nu?"), LONG, 8)


class UpdateNewsSchema(WriteNewsSchema):
    """Changes to news."""

    command: ClassVar[type[Any]] = UpdateNews

    version = version_field()


class AddDocumentSchema(CommandSchema):
    """A document of a plan."""

    command: ClassVar[type[Any]] = AddDocument

    title = _title()
    file = FileReference(
        load_default=None, allow_none=True, metadata={"label": _("Bestand"), "help": _("Kies een bestand, of vul hieronder een link in.")}
    )
    url = url_field(_("Link"), _("Voor een document dat al ergens anders staat."))


class UpdateDocumentSchema(AddDocumentSchema):
    """Changes to a document."""

    command: ClassVar[type[Any]] = UpdateDocument

    version = version_field()


class DuplicatePlanSchema(CommandSchema):
    """A copy of a plan."""

    command: ClassVar[type[Any]] = DuplicatePlan

    title = _title()
    starts_on = starts_field()


class TieByAddressSchema(CommandSchema):
    """The form in which a plan is tied."""

    command: ClassVar[type[Any]] = TieByAddress

    project_id = reference_field(_("Project van de stad"), required=True)
    idea = line_field(_("Idee waaruit het plan komt"), _("Plak het webadres van het idee, of vul het nummer in."), SHORT)
    question = line_field(_("Vraag aan de tafel"), _("Plak het webadres van de pagina van de vraag."), SHORT)
    version = version_field()


class TiePlanSchema(CommandSchema):
    """What a plan is tied to."""

    command: ClassVar[type[Any]] = TiePlan

    project_id = reference_field(_("Project van de stad"), required=True)
    came_from_id = reference_field(_("Idee waaruit het plan komt"))
    question_id = reference_field(_("Vraag aan de tafel"))
    version = version_field()
