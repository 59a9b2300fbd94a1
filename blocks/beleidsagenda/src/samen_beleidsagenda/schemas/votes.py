"""Commands about votes on a motion or a decision."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import CommandSchema, version_field
from samen_beleidsagenda.models import VOTES
from samen_core.api import Text, _

MOST_SEATS = 200
MOST_VOTES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonVote:
    """How a person voted, for the group (or none) that it belonged to then."""

    person_id: uuid.UUID
    value: str
    group_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupNumbers:
    """How many of a group voted how, where nobody wrote down who."""

    group_id: uuid.UUID
    votes_for: int = 0
    votes_against: int = 0
    absent: int = 0
    abstained: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVotes:
    """Replace the votes on the thing that was at ``version``. A group is told by its persons or by its numbers, never by both."""

    version: int
    persons: tuple[PersonVote, ...] = ()
    groups: tuple[GroupNumbers, ...] = ()


class PersonVoteSchema(CommandSchema):
    """How a person voted."""

    command: ClassVar[type[Any]] = PersonVote

    person_id = fields.UUID(required=True)
    value = fields.String(required=True, validate=validate.OneOf(VOTES))
    group_id = fields.UUID(load_default=None, allow_none=True)


def _seats() -> fields.Integer:
    return fields.Integer(load_default=0, strict=True, validate=validate.Range(0, MOST_SEATS))


class GroupNumbersSchema(CommandSchema):
    """How a group voted."""

    command: ClassVar[type[Any]] = GroupNumbers

    group_id = fields.UUID(required=True)
    votes_for = _seats()
    votes_against = _seats()
    absent = _seats()
    abstained = _seats()


class RecordVotesSchema(CommandSchema):
    """The votes on a motion or a decision."""

    command: ClassVar[type[Any]] = RecordVotes

    persons = fields.List(fields.Nested(PersonVoteSchema), load_default=list, validate=validate.Length(max=MOST_VOTES))
    groups = fields.List(fields.Nested(GroupNumbersSchema), load_default=list, validate=validate.Length(max=MOST_SEATS))
    version = version_field()

    @validates_schema
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        errors: dict[str, list[Text]] = {}
        persons = [vote.person_id for vote in data["persons"]]
        groups = [group.group_id for group in data["groups"]]
        if len(set(persons)) < len(persons):
            errors["persons"] = [_("Iemand staat er twee keer bij.")]
        if len(set(groups)) < len(groups):
            errors["groups"] = [_("Een fractie staat er twee keer bij.")]
        elif {vote.group_id for vote in data["persons"]} & set(groups):
            errors["groups"] = [_("Leg een fractie vast per persoon of met aantallen, niet allebei.")]
        if errors:
            raise ValidationError(errors)
