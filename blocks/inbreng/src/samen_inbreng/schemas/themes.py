"""Commands about themes of reactions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import CommandSchema, Line, prose_field, version_field
from samen_core.api import _

TITLE = 120
SUMMARY = 2000
MOST = 1000
"""How many contributions one command may name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTheme:
    """Add a theme to a subject. ``summary`` says in a few sentences what people say about it."""

    title: str
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateTheme(AddTheme):
    """Replace what a theme says; ``version`` is the one that was read."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteTheme:
    """Take an empty theme away."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeTheme:
    """Move everything of a theme to another of the same subject, and take it away."""

    into_id: uuid.UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderThemes:
    """The themes of a subject in their new order: all of them, each once."""

    theme_ids: tuple[uuid.UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseContributions:
    """The contributions that something is done with, at most :data:`MOST`."""

    contribution_ids: tuple[uuid.UUID, ...]


def contributions_field(*, required: bool = True) -> fields.List[uuid.UUID]:
    """The ids of contributions."""
    check = validate.Length(min=1 if required else 0, max=MOST)
    metadata = {"label": _("Bijdragen"), "skip": True}
    if required:
        return fields.List(fields.UUID(), required=True, validate=check, metadata=metadata)
    return fields.List(fields.UUID(), load_default=list, validate=check, metadata=metadata)


class AddThemeSchema(CommandSchema):
    """A new theme, as a form or as JSON."""

    command: ClassVar[type[Any]] = AddTheme

    title = Line(
        required=True,
        validate=validate.Length(max=TITLE),
        metadata={"label": _("Naam van het thema"), "help": _("Kort, bijvoorbeeld: parkeren bij de school.")},
    )
    summary = prose_field(_("Wat zeggen mensen hierover?"), _("Vat het in een paar zinnen samen. Iedereen kan dit lezen."), SUMMARY, rows=4)


class UpdateThemeSchema(AddThemeSchema):
    """Changes to a theme."""

    command: ClassVar[type[Any]] = UpdateTheme

    version = version_field()


class MergeThemeSchema(CommandSchema):
    """The command to merge a theme into another."""

    command: ClassVar[type[Any]] = MergeTheme

    into_id = fields.UUID(required=True, metadata={"label": _("Samenvoegen met"), "widget": "select"})
    version = version_field()


class OrderThemesSchema(CommandSchema):
    """The command to order themes."""

    command: ClassVar[type[Any]] = OrderThemes

    theme_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=500))


class ChooseContributionsSchema(CommandSchema):
    """A choice of contributions."""

    command: ClassVar[type[Any]] = ChooseContributions

    contribution_ids = contributions_field()
