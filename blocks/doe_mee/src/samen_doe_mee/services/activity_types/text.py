"""A text to react to, by paragraph or as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import ValidationError, fields, validate

from citycontent.api import Prose
from samen_core.api import FormSchema, Text, UnitOfWork, _
from samen_doe_mee.models import Activity
from samen_doe_mee.services.activity_types.shape import ActivityType, Outcome, Part, Row
from samen_doe_mee.services.paragraphs import keep_paragraphs, paragraph_of, paragraphs_of, split_text
from samen_doe_mee.services.talk_types import (
    BATCH,
    CONTRIBUTION_COLUMNS,
    closing_talk,
    data_rows,
    in_portions,
    outcome_of_talk,
    values_of_options,
)
from samen_doe_mee.services.talks import keep_talk

LONGEST, MOST = 200_000, 500


def _in_pieces(text: str) -> None:
    if len(split_text(text)) > MOST:
        raise ValidationError([_("Dit zijn meer dan {n} alinea's. Deel de tekst over meer activiteiten.", n=MOST)])


class TextOptions(FormSchema):
    """The text, and what people may do with what others say."""

    text = Prose(
        required=True,
        validate=(validate.Length(1, LONGEST), _in_pieces),
        metadata={
            "label": _("De tekst"),
            "help": _(
                "Plak of typ de tekst. Een witregel begint een nieuwe alinea; een kop begint met # of staat alleen op een korte regel. "
                "Verandert u later de tekst? Reacties blijven bij hun alinea."
            ),
            "widget": "textarea",
            "rows": 16,
        },
    )
    allows_replies = fields.Boolean(load_default=True, metadata={"label": _("Mensen kunnen op elkaar reageren")})
    allows_support = fields.Boolean(load_default=True, metadata={"label": _("Mensen kunnen een bijdrage van een ander steunen")})


def prepare(uow: UnitOfWork, activity: Activity, _made: bool) -> None:
    """Keep the paragraphs and the activity of inbreng the same as the settings."""
    keep_paragraphs(uow, activity, activity.options.get("text", ""))
    settings: dict[str, Any] = {name: bool(activity.options.get(name, True)) for name in ("allows_replies", "allows_support")}
    keep_talk(uow, activity, **settings)


def outcome(uow: UnitOfWork, activity: Activity) -> Outcome:
    """How many took part, and how much was said about each paragraph that somebody reacted to."""
    whole = outcome_of_talk(uow, activity)
    said = [one for one in paragraphs_of(uow, activity.id) if one.reactions]
    parts = tuple(Part(one.heading or _("Alinea {n}", n=one.position + 1), one.reactions) for one in said)
    return Outcome(whole.people, parts, whole.unit)


def lacking(_uow: UnitOfWork, activity: Activity) -> list[Text]:
    """The text."""
    if activity.options.get("text"):
        return []
    return [_("Bij “{title}” staat nog geen tekst om op te reageren.", title=activity.title)]


def open_data(uow: UnitOfWork, activity: Activity) -> Iterator[Row]:
    """A line per published contribution with its paragraph, counted from 1; none for the text as a whole."""
    numbers = {one.id: one.position + 1 for one in paragraphs_of(uow, activity.id, gone=True)}
    for portion in in_portions(data_rows(uow, activity), BATCH):
        about = paragraph_of(uow, [row.id for row, _shared in portion])
        for row, shared in portion:
            yield {**shared, "paragraph": numbers.get(about[row.id]) if row.id in about else None}


TYPE = ActivityType(
    code="text",
    label=_("Tekst om op te reageren"),
    help=_("Mensen lezen een tekst en reageren op een alinea, of op de hele tekst."),
    icon="scroll-text",
    verb=_("Lees en reageer"),
    minutes=5,
    options=TextOptions,
    prepare=prepare,
    closing=closing_talk,
    outcome=outcome,
    lacking=lacking,
    open_data=open_data,
    columns=(*CONTRIBUTION_COLUMNS, "paragraph"),
    values=values_of_options,
    collects_contributions=True,
)
