"""Values as the inputs of a form hold them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from samen_core.forms.fields import FileValue
from samen_core.i18n import CITY_TIME_ZONE, Text


def in_input(value: Any) -> str:
    """A single value as the text of an input; "" for what no input holds."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.astimezone(CITY_TIME_ZONE).strftime("%Y-%m-%dT%H:%M")
        case time():
            return value.strftime("%H:%M")
        case Enum():
            return str(value.value)
        case date() | str() | int() | float() | Decimal() | uuid.UUID() | Text():
            return str(value)
        case _:
            return ""


def file_values(value: Any) -> list[tuple[str, str]]:
    """Files among the values of a thing, each a :class:`FileValue` or its JSON, as (id, description)."""
    values = value if isinstance(value, list | tuple) else [value]
    given = [asdict(item) if isinstance(item, FileValue) else item for item in values if item is not None]
    return [(str(item["id"]), item.get("alt") or "") if isinstance(item, Mapping) else (str(item), "") for item in given]
