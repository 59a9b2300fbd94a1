"""What people send, and the commands that it becomes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import CommandSchema, Line, choice_field, line_field, name_field, prose_field, reference_field, version_field
from samen_core.api import WholeNumber, _
from samen_gereedschap.labels import KIND_LABELS
from samen_gereedschap.models import KINDS, NAME_LENGTH
from samen_gereedschap.settings import LONGEST

_PHONE = validate.Regexp(r"^\+?[0-9 ()\-]{6,40}$", error=_("Vul een telefoonnummer in, bijvoorbeeld 06 12 34 56 78.").id)
MOST_NEEDED = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTool:
    """Lend out something of an organisation."""

    organization_id: uuid.UUID
    name: str
    kind: str
    description: str = ""
    pickup: str = ""
    deposit: int = 0
    max_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateTool:
    """Replace what is known of the tool that was at ``version``."""

    name: str
    kind: str
    version: int
    description: str = ""
    pickup: str = ""
    deposit: int = 0
    max_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLoan:
    """Ask for a tool from ``first_day`` to ``last_day``, both included."""

    first_day: date
    last_day: date
    name: str
    phone: str
    note: str = ""
    project_id: uuid.UUID | None = None
    rules: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLoan:
    """Bring the loan that was at ``version`` a step further; ``answer`` is what the borrower reads with it."""

    version: int
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTools:
    """What a project needs, by kind. Version 0 makes the list."""

    version: int
    open: bool
    note: str
    hand: int
    power: int
    ladder: int
    garden: int
    party: int
    transport: int
    other: int

    @property
    def needs(self) -> dict[str, int]:
        """The numbers above zero by kind."""
        return {kind: number for kind in KINDS if (number := getattr(self, kind))}


class UpdateToolSchema(CommandSchema):
    """Changes to a tool."""

    command: ClassVar[type[Any]] = UpdateTool

    name = name_field(_("Wat leent u uit?"), _("Bijvoorbeeld: accuboormachine met twee accu's."))
    kind = choice_field(KIND_LABELS, _("Soort"), widget="select")
    description = prose_field(_("Beschrijving"), _("Wat kan iemand ermee, wat zit erbij, waar moet iemand op letten?"), 2000, 5)
    pickup = line_field(_("Ophalen en terugbrengen"), _("Waar en wanneer kan dat?"), 300)
    deposit = WholeNumber(
        load_default=0,
        validate=validate.Range(0, 1000),
        metadata={"label": _("Borg in euro's"), "help": _("Vul 0 in als u geen borg vraagt.")},
    )
    max_days = WholeNumber(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, LONGEST),
        metadata={"label": _("Hoogstens hoeveel dagen?"), "help": _("Leeg laten mag: dan geldt het aantal dagen van de gemeente.")},
    )
    version = version_field()


class OfferToolSchema(UpdateToolSchema):
    """A tool to lend out."""

    command: ClassVar[type[Any]] = OfferTool

    class Meta:
        """A new tool has no version yet."""

        exclude = ("version",)

    organization_id = reference_field(_("Van welke organisatie is het?"), required=True)


class RequestLoanSchema(CommandSchema):
    """A request for a tool."""

    command: ClassVar[type[Any]] = RequestLoan

    first_day = fields.Date(required=True, metadata={"label": _("Eerste dag"), "help": _("De dag waarop u het ophaalt.")})
    last_day = fields.Date(required=True, metadata={"label": _("Laatste dag"), "help": _("De dag waarop u het terugbrengt.")})
    name = Line(
        required=True,
        validate=validate.Length(max=NAME_LENGTH),
        metadata={"label": _("Uw naam"), "autocomplete": "name", "help": _("Alleen wie het gereedschap uitleent, ziet uw naam.")},
    )
    phone = Line(
        required=True,
        validate=_PHONE,
        metadata={
            "label": _("Uw telefoonnummer"),
            "widget": "tel",
            "autocomplete": "tel",
            "help": _("Om te bellen over ophalen en terugbrengen."),
        },
    )
    note = prose_field(_("Waarvoor hebt u het nodig?"), longest=500, rows=3)
    project_id = reference_field(_("Voor een project in de buurt?"), _("Dan mag u het vaak langer lenen."))
    rules = fields.Boolean(load_default=False, metadata={"label": _("Ik houd mij aan de afspraken")})

    @validates_schema(skip_on_field_errors=False)
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        errors = {}
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            errors["last_day"] = [_("De laatste dag ligt voor de eerste dag.")]
        if not data.get("rules"):
            errors["rules"] = [_("Ga akkoord met de afspraken om iets te lenen.")]
        if errors:
            raise ValidationError(errors)


class MoveLoanSchema(CommandSchema):
    """A step of a loan that needs no words."""

    command: ClassVar[type[Any]] = MoveLoan

    version = version_field()


class AgreeLoanSchema(MoveLoanSchema):
    """A request that is agreed to."""

    answer = prose_field(_("Bericht aan de lener"), _("Bijvoorbeeld hoe laat het klaarstaat."), 500, 2)


class RefuseLoanSchema(MoveLoanSchema):
    """A request that is refused, with the reason."""

    answer = fields.String(
        required=True,
        validate=validate.Length(1, 500),
        metadata={"label": _("Waarom gaat het niet door?"), "help": _("De lener leest dit."), "widget": "textarea", "rows": 2},
    )


def _needed(kind: str) -> WholeNumber:
    return WholeNumber(load_default=0, validate=validate.Range(0, MOST_NEEDED), metadata={"label": KIND_LABELS[kind]})


class PlanToolsSchema(CommandSchema):
    """The tool list of a project."""

    command: ClassVar[type[Any]] = PlanTools

    open = fields.Boolean(load_default=False, metadata={"label": _("Deelnemers mogen nu lenen voor dit project")})
    note = prose_field(_("Toelichting"), _("Bijvoorbeeld op welke dagen de buurt aan het werk is."), 500, 3)
    hand = _needed("hand")
    power = _needed("power")
    ladder = _needed("ladder")
    garden = _needed("garden")
    party = _needed("party")
    transport = _needed("transport")
    other = _needed("other")
    version = WholeNumber(load_default=0, validate=validate.Range(0, 2**31 - 1), metadata={"skip": True})
