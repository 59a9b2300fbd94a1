"""Commands about commitments (toezeggingen)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import fields, post_load, validate

from citycontent.api import CommandSchema, Prose, line_field, name_field, prose_field, reference_field, version_field
from samen_beleidsagenda.schemas.promise_fields import (
    confidential_field,
    day_field,
    holder_field,
    number_field,
    publish_field,
)
from samen_core.api import _

_TO_HELP = _("Bijvoorbeeld een fractie, de commissie of bewoners.")
MOST_SAID = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeCommitment:
    """Write down what a portfolio holder promised. A meeting or point of an agenda brings its body, and a point its dossier along.

    ``key`` is the id that it gets: sent twice, it is one commitment. ``publish``: public at once, else a draft.
    """

    title: str
    made_on: date
    text: str = ""
    number: str = ""
    made_to: str = ""
    body_id: uuid.UUID | None = None
    meeting_id: uuid.UUID | None = None
    agenda_item_id: uuid.UUID | None = None
    dossier_id: uuid.UUID | None = None
    holder_id: uuid.UUID | None = None
    due_date: date | None = None
    confidential: bool = False
    publish: bool = False
    key: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateCommitment:
    """Replace what is known of a commitment; its due date moves by ``move_due_date``, with the reason."""

    title: str
    made_on: date
    version: int
    text: str = ""
    number: str = ""
    made_to: str = ""
    agenda_item_id: uuid.UUID | None = None
    dossier_id: uuid.UUID | None = None
    holder_id: uuid.UUID | None = None
    confidential: bool = False


class UpdateCommitmentSchema(CommandSchema):
    """Changes to a commitment."""

    command: ClassVar[type[Any]] = UpdateCommitment

    title = name_field(_("Wat is er toegezegd?"), _("In één zin."))
    text = prose_field(_("Toelichting"), _("Zo veel mogelijk in de woorden van wie het toezegde."), rows=5)
    number = number_field(_("Bijvoorbeeld T-2026-34."))
    made_on = day_field(_("Toegezegd op"), required=True)
    made_to = line_field(_("Aan wie?"), _TO_HELP)
    holder_id = holder_field()
    agenda_item_id = reference_field(_("Agendapunt"))
    dossier_id = reference_field(_("Dossier"))
    confidential = confidential_field()
    version = version_field()


class MakeCommitmentSchema(UpdateCommitmentSchema):
    """A new commitment."""

    command: ClassVar[type[Any]] = MakeCommitment

    class Meta:
        """A new commitment has no version yet."""

        exclude = ("version",)

    body_id = reference_field(_("Aan welk orgaan?"), _("Kies dit als u geen vergadering of agendapunt kiest."))
    meeting_id = reference_field(_("Vergadering"))
    due_date = day_field(_("Klaar voor"))
    publish = publish_field()
    key = fields.UUID(load_default=None, allow_none=True, metadata={"skip": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureCommitment:
    """A commitment as it is typed during a meeting. ``key`` makes that a form that was sent twice counts once."""

    said: str
    key: uuid.UUID
    holder_id: uuid.UUID | None = None
    due_date: date | None = None
    made_to: str = ""
    agenda_item_id: uuid.UUID | None = None
    publish: bool = False


class CaptureCommitmentSchema(CommandSchema):
    """A commitment, caught during a meeting; ``term`` is a day to choose at once, ``due_date`` another one."""

    command: ClassVar[type[Any]] = CaptureCommitment

    agenda_item_id = reference_field(_("Bij welk agendapunt?"))
    said = Prose(
        required=True,
        validate=validate.Length(min=1, max=MOST_SAID),
        metadata={"label": _("Wat is er toegezegd?"), "widget": "textarea", "rows": 3},
    )
    holder_id = reference_field(_("Wie zegt het toe?"))
    made_to = line_field(_("Aan wie?"), list="aan-wie")
    term = fields.Date(load_default=None, allow_none=True, metadata={"label": _("Voor wanneer?"), "widget": "select"})
    due_date = day_field(_("Of op een andere dag"))
    publish = publish_field()
    key = fields.UUID(required=True, metadata={"widget": "hidden"})

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> CaptureCommitment:
        term = data.pop("term")
        return CaptureCommitment(**{**data, "due_date": data["due_date"] or term})
