"""Fields that forms of the table share."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from citycontent.api import Line, Prose
from samen_core.api import Text

TITLE = 160
CLOSING_TEXT = 10_000


def title_field(label: Text, help: Text | str = "", longest: int = TITLE) -> Line:
    """A required title."""
    return Line(required=True, validate=validate.Length(max=longest), metadata={"label": label, "help": help})


def day_field(label: Text, help: Text | str = "", *, required: bool = False) -> fields.Date:
    """A day."""
    metadata = {"label": label, "help": help, "widget": "date"}
    if required:
        return fields.Date(required=True, metadata=metadata)
    return fields.Date(load_default=None, allow_none=True, metadata=metadata)


def told_field(label: Text, help: Text | str = "", *, longest: int = 2_000, rows: int = 4, **more: Any) -> Prose:
    """A required text of several lines."""
    metadata = {"label": label, "help": help, "widget": "textarea", "rows": rows, **more}
    return Prose(required=True, validate=validate.Length(1, longest), metadata=metadata)
