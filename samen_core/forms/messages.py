"""Error messages of marshmallow in plain Dutch.

marshmallow's own messages are English strings. They are recognised by their pattern and replaced by a
:class:`~samen_core.i18n.Text`; a test checks that every message of every field and validator is known here. A message of our own is a
Text already, or a Dutch string (``error=_("…").id``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from marshmallow import ValidationError
from marshmallow.exceptions import SCHEMA

from samen_core.errors import Invalid
from samen_core.i18n import Text, _

_DUTCH: dict[str, Text] = {
    "Missing data for required field.": _("Vul dit in."),
    "Field may not be null.": _("Vul dit in."),
    "Unknown field.": _("Dit veld bestaat niet."),
    "Invalid value.": _("Dit klopt niet. Kijk het nog eens na."),
    "Invalid input.": _("Dit klopt niet. Kijk het nog eens na."),
    "Invalid input type.": _("Dit heeft niet de vorm die nodig is."),
    "Invalid type.": _("Dit heeft niet de vorm die nodig is."),
    "Not a valid list.": _("Dit moet een lijst zijn."),
    "Not a valid tuple.": _("Dit moet een lijst zijn."),
    "Not a valid string.": _("Dit moet tekst zijn."),
    "Not a valid utf-8 string.": _("Dit bevat tekens die niet mogen."),
    "Not a valid UUID.": _("Dit is geen geldige verwijzing."),
    "Not a valid number.": _("Vul een getal in, bijvoorbeeld 12,5."),
    "Number too large.": _("Dit getal is te groot."),
    "Not a valid integer.": _("Vul een heel getal in, bijvoorbeeld 12."),
    "Special numeric values (nan or infinity) are not permitted.": _("Vul een getal in, bijvoorbeeld 12,5."),
    "Not a valid boolean.": _("Kies ja of nee."),
    "Not a valid {obj_type}.": _("Vul een geldige datum of tijd in, bijvoorbeeld 31-12-2026."),
    '"{input}" cannot be formatted as a {obj_type}.': _("Vul een geldige datum of tijd in, bijvoorbeeld 31-12-2026."),
    "Not a valid naive {obj_type}.": _("Vul een datum en tijd in zonder tijdzone."),
    "Not a valid aware {obj_type}.": _("Vul een datum en tijd in met tijdzone."),
    "Not a valid period of time.": _("Dit is geen geldige duur."),
    "{input!r} cannot be formatted as a timedelta.": _("Dit is geen geldige duur."),
    "Not a valid mapping type.": _("Dit heeft niet de vorm die nodig is."),
    "Not a valid URL.": _("Vul een webadres in dat begint met https://."),
    "Not a valid email address.": _("Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl."),
    "Not a valid IP address.": _("Dit is geen geldig IP-adres."),
    "Not a valid IPv4 address.": _("Dit is geen geldig IP-adres."),
    "Not a valid IPv6 address.": _("Dit is geen geldig IP-adres."),
    "Not a valid IP interface.": _("Dit is geen geldig IP-adres."),
    "Not a valid IPv4 interface.": _("Dit is geen geldig IP-adres."),
    "Not a valid IPv6 interface.": _("Dit is geen geldig IP-adres."),
    "Must be one of: {choices}.": _("Kies een van de mogelijkheden."),
    "One or more of the choices you made was not in: {choices}.": _("Kies alleen uit de mogelijkheden."),
    "One or more of the choices you made was in: {values}.": _("Een van de keuzes mag hier niet."),
    "Must be equal to {other}.": _("Vul hier {other} in."),
    "String does not match expected pattern.": _("Dit heeft niet de vorm die nodig is."),
    "Shorter than minimum length {min}.": _("Dit is te kort: gebruik minstens {min} tekens."),
    "Longer than maximum length {max}.": _("Dit is te lang: gebruik hoogstens {max} tekens."),
    "Length must be between {min} and {max}.": _("Gebruik {min} tot en met {max} tekens."),
    "Length must be {equal}.": _("Gebruik precies {equal} tekens."),
    "Must be greater than or equal to {min} and less than or equal to {max}.": _("Kies een waarde van {min} tot en met {max}."),
    "Must be greater than {min} and less than {max}.": _("Kies een waarde tussen {min} en {max}."),
    "Must be greater than or equal to {min} and less than {max}.": _("Kies een waarde vanaf {min} en kleiner dan {max}."),
    "Must be greater than {min} and less than or equal to {max}.": _("Kies een waarde groter dan {min} tot en met {max}."),
    "Must be greater than or equal to {min}.": _("Kies een waarde van {min} of meer."),
    "Must be greater than {min}.": _("Kies een waarde groter dan {min}."),
    "Must be less than or equal to {max}.": _("Kies een waarde van {max} of minder."),
    "Must be less than {max}.": _("Kies een waarde kleiner dan {max}."),
}
"""marshmallow 4's messages with the Text that replaces each; the placeholders are marshmallow's."""

_OF_A_LIST: dict[str, Text] = {
    "Shorter than minimum length {min}.": _("Kies er minstens {min}."),
    "Longer than maximum length {max}.": _("Kies er hoogstens {max}."),
    "Length must be between {min} and {max}.": _("Kies er {min} tot en met {max}."),
    "Length must be {equal}.": _("Kies er precies {equal}."),
}
_EMPTY = _DUTCH["Missing data for required field."]


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    # An input or a list of choices is matched but not repeated to the reader: only bounds are.
    return [
        (re.compile(re.sub(r"\\{(\w+)(?:!r)?\\}", r"(?P<\1>.*)", re.escape(english)), re.DOTALL), english)
        for english in _DUTCH
        if "{" in english
    ]


def _text(message: Any, value: Any = None) -> Text:
    """The Text of one message; ``value`` is what was sent, when known."""
    if isinstance(message, Text):
        return message
    message = str(message)
    if message in _DUTCH:
        return _DUTCH[message]
    for pattern, english in _patterns():
        if match := pattern.fullmatch(message):
            return _filled(english, match.groupdict(), value)
    return Text(message)


def _filled(english: str, found: dict[str, str], value: Any) -> Text:
    value = value.strip() if isinstance(value, str) else value
    if english in _OF_A_LIST and value == "":
        return _EMPTY
    if english == "Length must be between {min} and {max}." and isinstance(value, str | list):
        # Name only the bound that was passed.
        english = "Shorter than minimum length {min}." if len(value) < int(found["min"]) else "Longer than maximum length {max}."
    dutch = _OF_A_LIST.get(english, _DUTCH[english]) if isinstance(value, list) else _DUTCH[english]
    if isinstance(value, list) and not value and found.get("min") == "1":
        dutch = _EMPTY
    return Text(dutch.id, {name: bound for name, bound in found.items() if f"{{{name}}}" in dutch.id})


def as_texts(messages: Any, value: Any = None) -> list[Text]:
    """Every message in a marshmallow error (a string, Text, list or dict), flat and in the words of this platform, without repeats.

    ``value`` is what was sent, where it is known: a message about a list's length reads differently from one about a text's.
    """
    return list(dict.fromkeys(text for _key, text in _walk(messages, "", value)))


def invalid(error: ValidationError) -> Invalid:
    """The :class:`~samen_core.errors.Invalid` of a marshmallow error: keys are field names, nested ones with dots, "" for the whole."""
    errors: dict[str, list[Text]] = {}
    messages: Any = error.normalized_messages()  # type: ignore[no-untyped-call]
    for key, text in _walk(messages, "", error.data):
        known = errors.setdefault(key, [])
        if text not in known:
            known.append(text)
    return Invalid(errors)


def _walk(messages: Any, prefix: str, value: Any) -> Iterator[tuple[str, Text]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            if key == SCHEMA:
                yield from _walk(inner, prefix, None)
            else:
                yield from _walk(inner, f"{prefix}.{key}" if prefix else str(key), _part(value, key))
    elif isinstance(messages, list | tuple):
        for inner in messages:
            yield from _walk(inner, prefix, value)
    else:
        yield prefix, _text(messages, value)


def _part(value: Any, key: Any) -> Any:
    if isinstance(value, Mapping):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    return None
