"""The schema class for what people send: it trims text, and refuses text that no database can keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, pre_load

from samen_core.characters import has_bad
from samen_core.i18n import Text, _

BAD_CHARACTERS: Text = _("Dit bevat tekens die niet mogen.")


class FormSchema(Schema):
    """A schema whose strings are trimmed and hold no control characters, half Unicode characters or codes that are no character.

    Databases, XML, HTML and CSV cannot carry those. A field with the widget ``password`` is left as it was typed.
    """

    @pre_load
    def _clean(self, data: Any, **_kwargs: Any) -> Any:
        if isinstance(data, Mapping):
            errors = {name: [BAD_CHARACTERS] for name, value in data.items() if _is_bad(value)}
            if errors:
                raise ValidationError(errors)
            return {name: value.strip() if isinstance(value, str) and not self._is_secret(name) else value for name, value in data.items()}
        return data

    def _is_secret(self, name: Any) -> bool:
        return name in self.load_fields and self.load_fields[name].metadata.get("widget") == "password"


def _is_bad(value: Any) -> bool:
    if isinstance(value, str):
        return has_bad(value)
    if isinstance(value, Mapping):
        return any(_is_bad(key) or _is_bad(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return any(_is_bad(item) for item in value)
    return False
