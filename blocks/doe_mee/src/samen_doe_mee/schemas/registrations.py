"""Registering for a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import CommandSchema, email_field, line_field, prose_field, version_field
from samen_core.api import WholeNumber, _
from samen_doe_mee.models.base import NAME_LENGTH

MOST_PEOPLE = 10
NEEDS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Come to a meeting, with ``people`` in all. Without an account with a name and an address."""

    name: str = ""
    email: str = ""
    people: int = 1
    needs: str = ""
    wants_report: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRegistration:
    """Come with another number of people, or say what is needed."""

    people: int = 1
    needs: str = ""
    wants_report: bool = False
    version: int


class _RegistrationSchema(CommandSchema):
    people = WholeNumber(
        load_default=1,
        validate=validate.Range(1, MOST_PEOPLE),
        metadata={
            "label": _("Met hoeveel mensen komt u?"),
            "help": _("Uzelf meegerekend, hoogstens {n}.", n=MOST_PEOPLE),
            "widget": "number",
        },
    )
    needs = prose_field(
        _("Hebt u iets nodig om mee te kunnen doen?"),
        _("Bijvoorbeeld een plek voor een rolstoel of een tolk. Alleen wie de bijeenkomst voorbereidt leest dit."),
        NEEDS,
        2,
    )
    wants_report = fields.Boolean(load_default=False, metadata={"label": _("Mail mij daarna het verslag"), "widget": "checkbox"})


class RegisterSchema(_RegistrationSchema):
    """A registration."""

    command: ClassVar[type[Any]] = Register

    name = line_field(_("Uw naam"), longest=NAME_LENGTH, autocomplete="name")
    email = email_field(_("Uw e-mailadres"))

    class Meta:
        """Name and address come first."""

        fields = ("name", "email", "people", "needs", "wants_report")


class ChangeRegistrationSchema(_RegistrationSchema):
    """Changes to a registration."""

    command: ClassVar[type[Any]] = ChangeRegistration

    version = version_field()
