"""Commands about what everybody sees of a case."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate

from citycontent.api import SHORT, CommandSchema, Line, choice_field, line_field, prose_field, version_field
from samen_core.api import HIDING_LABELS, _
from samen_oog_oor.labels import PUBLICATION_LABELS
from samen_oog_oor.models.base import TITLE_LENGTH
from samen_oog_oor.models.signal import TEXT_LENGTH

# ruff: noqa: ARG002 the signatures are marshmallow's

Box = tuple[float, float, float, float]
MOST_BOXES = 30
_NUMBER = re.compile(r"-?\d{1,3}(?:[.,]\d{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """Say what everybody sees of a case: its level, and the texts as they were cleared.

    ``place`` is what everybody reads of the place (None leaves it), ``signals`` are texts by the id of their signal. ``reason`` is needed
    for another level than that of the category; ``sure``: what looks like personal data was looked at and may stand there.
    """

    publication: str
    title: str
    version: int
    public_text: str = ""
    place: str | None = None
    signals: Mapping[uuid.UUID, str] = field(default_factory=dict)
    reason: str = ""
    sure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPicture:
    """Show everybody a copy of a picture with black ``boxes`` in it: left, top, width, height in percent. ``alt`` describes the copy."""

    alt: str
    version: int
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hide:
    """Take a whole case out of sight. ``code`` is one of ``HIDING_LABELS``; its reporters read ``reason``."""

    code: str
    reason: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAgain:
    """Let everybody see a hidden case again."""

    reason: str
    version: int


class Boxes(fields.Field[tuple[Box, ...]]):
    """Boxes: lists of four numbers in JSON; in a form one to a line, ``left top width height`` in percent."""

    openapi: ClassVar[dict[str, Any]] = {
        "type": "array",
        "maxItems": MOST_BOXES,
        "items": {"type": "array", "minItems": 4, "maxItems": 4, "items": {"type": "number", "minimum": 0, "maximum": 100}},
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> tuple[Box, ...]:
        lines: Any = [_numbers(line) for line in value.splitlines() if line.strip()] if isinstance(value, str) else value
        if not isinstance(lines, list | tuple):
            raise ValidationError([_("Dit heeft niet de vorm die nodig is.")])
        if len(lines) > MOST_BOXES:
            raise ValidationError([_("Geef hoogstens {max} vakken.", max=MOST_BOXES)])
        return tuple(_box(line, number) for number, line in enumerate(lines, start=1))

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return value if isinstance(value, str) else "\n".join(" ".join(f"{part:g}" for part in box) for box in value or ())


def _numbers(line: str) -> list[float]:
    return [float(part.replace(",", ".")) for part in _NUMBER.findall(line)]


def _box(line: Any, number: int) -> Box:
    shape = _("Vak {n}: geef vier getallen van 0 tot 100, voor links, boven, breedte en hoogte.", n=number)
    if not isinstance(line, list | tuple) or len(line) != 4:
        raise ValidationError([shape])
    if not all(isinstance(part, int | float) and not isinstance(part, bool) and 0 <= part <= 100 for part in line):
        raise ValidationError([shape])
    left, top, width, height = map(float, line)
    if not width or not height:
        raise ValidationError([_("Vak {n} heeft geen breedte of geen hoogte.", n=number)])
    return left, top, min(width, 100 - left), min(height, 100 - top)


class SignalTexts(fields.Dict):
    """Texts by the id of their signal; the page asks each by itself, as ``signal.<id>``."""


class PublishSchema(CommandSchema):
    """What everybody sees."""

    command: ClassVar[type[Any]] = Publish

    publication = choice_field(PUBLICATION_LABELS, _("Wat ziet iedereen?"))
    reason = line_field(
        _("Waarom niet zoals de categorie zegt?"), _("Alleen nodig als u van de categorie afwijkt. Alleen medewerkers lezen dit."), SHORT
    )
    title = Line(required=True, validate=validate.Length(max=TITLE_LENGTH), metadata={"label": _("Titel voor iedereen")})
    public_text = prose_field(
        _("Tekst voor iedereen"), _("Zonder namen, adressen van mensen, telefoonnummers of kentekens."), TEXT_LENGTH, 5
    )
    place = line_field(
        _("Plek voor iedereen"),
        _("Een straat, plein of gebouw. Noem een huisnummer alleen als daar niemand woont. Leeg: iedereen ziet alleen de buurt."),
        TITLE_LENGTH,
    )
    signals = SignalTexts(
        keys=fields.UUID(), values=fields.String(validate=validate.Length(max=TEXT_LENGTH)), load_default=dict, metadata={"skip": True}
    )
    sure = fields.Boolean(load_default=False, metadata={"label": _("Ik heb gekeken naar wat op persoonsgegevens lijkt: het mag er staan")})
    version = version_field()


class ShowPictureSchema(CommandSchema):
    """A copy with boxes."""

    command: ClassVar[type[Any]] = ShowPicture

    boxes = Boxes(
        load_default=tuple,
        metadata={
            "label": _("Zwarte vakken"),
            "help": _("Eén vak per regel: links, boven, breedte en hoogte, in procenten van de foto. Bijvoorbeeld: 10 20 30 15."),
            "widget": "textarea",
            "rows": 4,
        },
    )
    alt = Line(
        required=True,
        validate=validate.Length(max=300),
        metadata={
            "label": _("Wat is er te zien op de foto?"),
            "help": _("Voor mensen die de foto niet kunnen zien. Noem niemand bij naam."),
        },
    )
    version = version_field()


class HideSchema(CommandSchema):
    """Hiding a case."""

    command: ClassVar[type[Any]] = Hide

    code = choice_field(HIDING_LABELS, _("Waarom mag dit niet te zien zijn?"))
    reason = prose_field(_("Uitleg"), _("Wie het meldde krijgt deze uitleg."), 2_000, 4)
    version = version_field()


class ShowAgainSchema(CommandSchema):
    """Showing it again."""

    command: ClassVar[type[Any]] = ShowAgain

    reason = prose_field(_("Waarom mag dit weer te zien zijn?"), "", 2_000, 3)
    version = version_field()
