"""Categories as a program sends them: the same fields that it reads, with the extra questions in one go."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields, post_load, validate

from citycontent.api import CommandSchema, choice_field, reference_field, version_field
from samen_core.api import FormSchema, _
from samen_oog_oor.labels import ICON_LABELS, QUESTION_LABELS
from samen_oog_oor.schemas.categories import CreateSubSchema, SaveCategory

MOST_WORDS = 200


class OptionInputSchema(FormSchema):
    """An answer to choose from."""

    value = fields.String(required=True, validate=validate.Length(1, 60))
    label = fields.String(required=True, validate=validate.Length(1, 200))


class QuestionInputSchema(FormSchema):
    """An extra question. Its ``name`` is the code of the attribute in Open311; under it answers are kept."""

    name = fields.String(required=True, validate=validate.Length(1, 60))
    kind = fields.String(required=True, validate=validate.OneOf(QUESTION_LABELS))
    label = fields.String(required=True, validate=validate.Length(1, 300))
    help = fields.String(load_default="", validate=validate.Length(max=500))
    required = fields.Boolean(load_default=False)
    options = fields.List(fields.Nested(OptionInputSchema), load_default=list, validate=validate.Length(max=100))
    minimum = fields.Integer(load_default=None, allow_none=True)
    maximum = fields.Integer(load_default=None, allow_none=True)


class CategoryInputSchema(CreateSubSchema):
    """A category; without ``parent_id`` a main one. Its ``code`` stays for good."""

    parent_id = reference_field(_("Onder welke hoofdcategorie?"))
    icon = choice_field(ICON_LABELS, _("Plaatje"), default="")
    words = fields.List(  # type: ignore[assignment]
        fields.String(validate=validate.Length(1, 100)),
        load_default=list,
        validate=validate.Length(max=MOST_WORDS),
        metadata={"description": "Other words for it."},
    )
    questions = fields.List(
        fields.Nested(QuestionInputSchema),
        load_default=None,
        allow_none=True,
        metadata={"description": "All extra questions; left out, they stay as they are."},
    )

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> SaveCategory:
        questions = data.pop("questions")
        form = None if questions is None else {"questions": [_without_nothing(question) for question in questions]}
        return SaveCategory(**{**data, "words": "\n".join(data["words"]), "form": form})


class UpdateCategoryInputSchema(CategoryInputSchema):
    """What a category is from now on."""

    class Meta:
        """The code stays."""

        exclude = ("code",)

    version = version_field()


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchOn:
    """Offer a category again."""

    version: int


class SwitchOnSchema(CommandSchema):
    """The command to offer a category again."""

    command: ClassVar[type[Any]] = SwitchOn

    version = version_field()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCategories:
    """The order of the categories under a main one, or of the main ones."""

    ids: tuple[uuid.UUID, ...]
    parent_id: uuid.UUID | None = None


class OrderCategoriesSchema(CommandSchema):
    """The command to order categories."""

    command: ClassVar[type[Any]] = OrderCategories

    ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, 500))
    parent_id = fields.UUID(load_default=None, allow_none=True)


def _without_nothing(question: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in question.items() if value not in (None, "", [])}
