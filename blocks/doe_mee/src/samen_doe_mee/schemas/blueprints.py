"""Commands about blueprints, and their form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from citycontent.api import LONG, SHORT, CommandSchema, Line, line_field, prose_field
from samen_core.api import WholeNumber, _
from samen_doe_mee.labels import LEVEL_LABELS, PLAN_FORM_LABELS
from samen_doe_mee.models.base import NAME_LENGTH, TITLE_LENGTH

MOST_ROUNDS = 10
MOST_DAYS = 366
_ROUND = re.compile(r"(?P<title>[^|]+?)\s*(?:\|\s*(?P<days>\d{1,3})\s*(?:dagen|dag|days|day)?\s*)?(?:\|\s*(?P<gap>\d{1,3}).*)?")
TEXTS = ("summary", "about", "fixed", "open", "approach", "methods_online", "methods_offline", "communication", "level", "form")


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveBlueprint:
    """Make or change a blueprint. ``rounds``: title, days and gap before it in days; a round keeps its activities by its title."""

    name: str
    summary: str = ""
    active: bool = True
    texts: Mapping[str, Any] = field(default_factory=dict)
    rounds: tuple[tuple[str, int, int], ...] = ()
    version: int = 0


class SaveBlueprintSchema(CommandSchema):
    """A blueprint, as a form or as JSON."""

    command: ClassVar[type[Any]] = SaveBlueprint

    name = Line(required=True, validate=validate.Length(max=NAME_LENGTH), metadata={"label": _("Naam")})
    note = line_field(_("Waarvoor is deze blauwdruk?"), _("Dit ziet wie een plan begint."), SHORT)
    active = fields.Boolean(load_default=False, metadata={"label": _("Collega’s kunnen met deze blauwdruk beginnen")})
    summary = line_field(_("In één of twee zinnen"), longest=SHORT)
    about = prose_field(_("Waar gaat het over?"), "", LONG, 4)
    fixed = prose_field(_("Wat staat vast?"), "", LONG, 3)
    open = prose_field(_("Wat kan er nog veranderen?"), "", LONG, 3)
    level = fields.String(
        load_default="consult",
        validate=validate.OneOf(tuple(LEVEL_LABELS)),
        metadata={"label": _("Niveau van invloed"), "widget": "select", "options": tuple(LEVEL_LABELS.items())},
    )
    form = fields.String(
        load_default="participation",
        validate=validate.OneOf(tuple(PLAN_FORM_LABELS)),
        metadata={"label": _("Vorm"), "widget": "radios", "options": tuple(PLAN_FORM_LABELS.items())},
    )
    approach = prose_field(_("Aanpak"), "", LONG, 3)
    methods_online = prose_field(_("Online"), "", LONG, 2)
    methods_offline = prose_field(_("Op straat of in een zaal"), "", LONG, 2)
    communication = prose_field(_("Hoe mensen op de hoogte blijven"), "", LONG, 2)
    rounds = fields.Raw(
        load_default="",
        metadata={
            "label": _("Rondes"),
            "help": _(
                "Eén ronde per regel: titel, aantal dagen, en hoeveel dagen er tussen deze en de vorige ronde zitten. "
                "Bijvoorbeeld: Wensen ophalen | 28 | 0. Activiteiten blijven bij de ronde met dezelfde titel."
            ),
            "widget": "textarea",
            "rows": 5,
        },
    )
    version = WholeNumber(load_default=0, validate=validate.Range(0, 2**31 - 1), metadata={"skip": True})

    @validates_schema(skip_on_field_errors=True)
    def _read_rounds(self, data: dict[str, Any], **_kwargs: Any) -> None:
        rounds = data.get("rounds")
        if not isinstance(rounds, str):
            raise ValidationError({"rounds": [_("Schrijf één ronde per regel.")]})
        read_rounds(rounds)

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> SaveBlueprint:
        return SaveBlueprint(
            name=data["name"],
            summary=data["note"],
            active=data["active"],
            texts={name: data[name] for name in TEXTS},
            rounds=read_rounds(data["rounds"]),
            version=data["version"],
        )


def read_rounds(text: str) -> tuple[tuple[str, int, int], ...]:
    """The rounds of a text: ``title | days | gap`` a line. Raises ValidationError."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_ROUNDS:
        raise ValidationError({"rounds": [_("Een blauwdruk heeft hoogstens {max} rondes.", max=MOST_ROUNDS)]})
    found = []
    for number, line in enumerate(lines, 1):
        match = _ROUND.fullmatch(line)
        days = int(match["days"] or 14) if match else 0
        gap = int(match["gap"] or 0) if match else 0
        if match is None or not 1 <= days <= MOST_DAYS or gap > MOST_DAYS or len(match["title"]) > TITLE_LENGTH:
            raise ValidationError({"rounds": [_("Regel {n}: schrijf de titel, een streep en het aantal dagen.", n=number)]})
        found.append((match["title"].strip(), days, gap))
    return tuple(found)
