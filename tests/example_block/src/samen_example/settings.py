"""What a city may set."""

from __future__ import annotations

from samen_core.api import Question, Setting, _

MAX_LENGTH = "example.max_length"
AUTHOR_DAYS = "example.author_days"

SETTINGS = (
    Setting(
        MAX_LENGTH,
        Question("max_length", "number", _("Hoe lang mag een bedankje zijn (in tekens)?"), required=True, minimum=20, maximum=1000),
        280,
        _("Bedankjes"),
    ),
    Setting(
        AUTHOR_DAYS,
        Question(
            "author_days", "number", _("Na hoeveel dagen vergeten wij wie een bedankje schreef?"), required=True, minimum=1, maximum=365
        ),
        30,
        _("Bedankjes"),
    ),
)
