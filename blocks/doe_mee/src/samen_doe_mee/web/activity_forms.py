"""The form of an activity of any type, from the schema of its settings: the same in the wizard of a plan and on the page of an activity.

A field of a type with the widget ``questions`` is a form of its own: its buttons send the whole form, which is shown again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from marshmallow import Schema
from werkzeug.datastructures import MultiDict

from samen_core.api import Invalid, Text, UnitOfWork, _, parse
from samen_core.web.api import BoundField, BoundForm
from samen_doe_mee.models import Activity
from samen_doe_mee.schemas.activities import ActivityFields, ActivityFieldsSchema, CreateActivity, UpdateActivity
from samen_doe_mee.services.activities import activity_values
from samen_doe_mee.services.activity_types import ActivityType, type_of
from samen_inbreng.web.api import builder

QUESTIONS = "questions"
"""The widget of questions that one makes up."""

COMMON = ("title", "intro", "minutes", "opens_at", "closes_at", "anonymous")
OFFLINE = ("title", "intro", "opens_at", "closes_at")
"""What is asked of every activity, and of one that nobody does online."""

Values = MultiDict[str, str]
Errors = Mapping[str, list[Text]]


@dataclass(frozen=True, slots=True)
class ActivityForm:
    """The form, ready to render with ``doe_mee/macros/activity_form.html``.

    ``common`` are the fields of every activity, ``own`` those of its type. ``drafts`` are its questions, None for a type without;
    ``place`` is the question to show. ``summary`` has the errors of all of it.
    """

    kind: ActivityType
    form: BoundForm
    common: tuple[BoundField, ...]
    own: tuple[BoundField, ...]
    drafts: list[builder.Draft] | None
    kinds: tuple[tuple[str, Text], ...]
    place: int | None
    summary: Summary


@dataclass(frozen=True, slots=True)
class Summary:
    """What ``forms.summary`` reads: all that is wrong, and what somebody else stored."""

    errors: list[tuple[str, Text]] = field(default_factory=list)
    conflict: Mapping[str, Any] | None = None


@lru_cache(maxsize=64)
def activity_schema(kind: ActivityType) -> type[Schema]:
    """The schema of the form of this type: what every activity has and its own settings beside each other."""
    own = tuple(kind.options().fields)

    def command(**values: Any) -> ActivityFields:
        options = kind.options().dump({name: values.pop(name) for name in own if name in values})
        return ActivityFields(**values, options=options)

    return type(f"{kind.code.title()}ActivitySchema", (ActivityFieldsSchema, kind.options), {"command": staticmethod(command)})


def activity_form(
    uow: UnitOfWork,
    kind: ActivityType,
    values: Mapping[str, Any] | None = None,
    *,
    typed: Values | None = None,
    errors: Errors | None = None,
    conflict: Mapping[str, Any] | None = None,
    version: int | None = None,
    place: int | None = None,
) -> ActivityForm:
    """The form with these values, or as it was typed with what is wrong."""
    del uow
    schema = activity_schema(kind)
    name = questions_of(kind)
    drafts = None
    if name is not None:
        drafts = builder.read(typed) if typed is not None else builder.drafts_of((values or {}).get(name) or {})
        if typed is not None:
            _mark_wrong(drafts, version or 1)
    own_errors = {key: texts for key, texts in (errors or {}).items() if not key.startswith("form.questions.")}
    first = {"minutes": kind.minutes, **(values or {})}
    form = BoundForm(schema, data=typed if typed is not None else first, errors=own_errors, conflict=conflict, version=version)
    common = tuple(form[key] for key in (COMMON if kind.takes_part_online else OFFLINE))
    own = tuple(item for item in form.fields if item.name in kind.options().fields and item.name != name)
    wrong = list(form.errors) + (list(builder.problems(drafts)) if drafts and errors else [])
    shown = builder.with_spare(drafts) if drafts is not None else None
    return ActivityForm(kind, form, common, own, shown, tuple(builder.KIND_LABELS.items()), place, Summary(wrong, conflict))


def form_of(uow: UnitOfWork, activity: Activity) -> ActivityForm:
    """The form that changes an activity, as it is stored."""
    return activity_form(uow, type_of(activity.type), activity_values(uow, activity), version=activity.version)


def pressed(typed: Values) -> tuple[str, str] | None:
    """The button that changes the questions, as (what, which); None for the button that saves."""
    return builder.pressed(typed)


def changed_questions(uow: UnitOfWork, kind: ActivityType, typed: Values, *, version: int | None = None) -> ActivityForm:
    """The form after a button of its questions was pressed, with everything that was typed."""
    found = activity_form(uow, kind, typed=typed, version=version)
    drafts, action = builder.read(typed), builder.pressed(typed)
    place = builder.apply(drafts, action) if action is not None else None
    shown = builder.with_spare(drafts)
    return ActivityForm(kind, found.form, found.common, found.own, shown, found.kinds, place, Summary())


def read_new(kind: ActivityType, typed: Values) -> CreateActivity:
    """The command that makes what was typed. Raises Invalid with everything that is wrong."""
    return CreateActivity(type=kind.code, **_fields(_read(kind, typed)))


def read_change(kind: ActivityType, typed: Values) -> UpdateActivity:
    """The command that changes an activity into what was typed. Raises Invalid with everything that is wrong."""
    version = typed.get("version", type=int)
    if version is None:
        raise Invalid(_("Open deze pagina opnieuw: wij weten niet wat u veranderde."))
    return UpdateActivity(version=version, **_fields(_read(kind, typed)))


def questions_of(kind: ActivityType) -> str | None:
    """The name of the field with questions that one makes up; None for a type without."""
    fields = kind.options().fields.items()
    return next((name for name, item in fields if item.metadata.get("widget") == QUESTIONS), None)


def _read(kind: ActivityType, typed: Values) -> ActivityFields:
    errors: dict[str, list[Text]] = {}
    name, made = questions_of(kind), None
    if name is not None:
        try:
            made = builder.to_form(builder.read(typed))
        except Invalid as error:
            errors |= error.errors
    plain = MultiDict([(key, value) for key, value in typed.items(multi=True) if key != name])
    try:
        found: ActivityFields = parse(activity_schema(kind), plain)
    except Invalid as error:
        raise Invalid({**errors, **error.errors}) from None
    if errors:
        raise Invalid(errors)
    if name is None:
        return found
    options = {**found.options, name: kind.options().dump({name: made})[name]}
    return ActivityFields(**{**_fields(found), "options": options})


def _fields(found: ActivityFields) -> dict[str, Any]:
    return {name: getattr(found, name) for name in ActivityFields.__slots__}


def _mark_wrong(drafts: list[builder.Draft], version: int) -> None:
    """Let each question hold what is wrong with it."""
    try:
        builder.to_form(drafts, version)
    except Invalid:
        return
