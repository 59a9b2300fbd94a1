"""The form with which people contribute or reply: short, with the rest folded away, and kept as it was typed when something is wrong."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from sqlalchemy.exc import IntegrityError

from citycontent.web.api import area_choices, atlas
from samen_core.api import Form, Invalid, Text, UnitOfWork, current_language, form_from_json
from samen_core.web.api import BoundField, BoundForm, Received, current_actor, current_platform, page_url
from samen_inbreng.models import Activity
from samen_inbreng.schemas.activity import NO_QUESTIONS
from samen_inbreng.schemas.contribution import PREFIX, Contribute, ContributeSchema, with_questions
from samen_inbreng.services.contributions import CONTRIBUTED, Given, contribute, require_open
from samen_inbreng.services.guard import check_mark, count_mail, new_mark
from samen_inbreng.web.too_late import too_late_page

MARK, TRAP = "formulier", "website"
Errors = Mapping[str, list[Text]]


@dataclass(frozen=True, slots=True, eq=False)
class GiveFields:
    """The fields: all of them, those that always show, and those that are folded away. Each is another, so that it can be drawn once."""

    form: BoundForm
    main: tuple[BoundField, ...]
    more: tuple[BoundField, ...]
    more_open: bool


@dataclass(frozen=True, slots=True)
class GiveForm:
    """The form, ready to render. ``shared`` are the same fields, when it is the empty form of everybody without account."""

    form: BoundForm
    main: tuple[BoundField, ...]
    more: tuple[BoundField, ...]
    more_open: bool
    action: str
    mark: str
    acts_for: str = ""
    shared: GiveFields | None = None


def give_schema(uow: UnitOfWork, activity: Activity, *, reply: bool = False) -> type[Schema]:
    """The schema of the form for this activity and this visitor."""
    anonymous = uow.actor.account_id is None
    questions = NO_QUESTIONS if reply else form_from_json(activity.form)
    named = anonymous and activity.access == "named"
    return with_questions(ContributeSchema, questions, asks_text=reply or activity.asks_text, named=named, anonymous=anonymous)


def give_form(
    uow: UnitOfWork,
    activity: Activity,
    action: str,
    *,
    reply: bool = False,
    received: Received | None = None,
    errors: Errors | None = None,
    acts_for: str = "",
) -> GiveForm:
    """The empty form, or as it was typed with what is wrong."""
    schema = give_schema(uow, activity, reply=reply)

    def make() -> GiveFields:
        made = bound(uow, schema, received, errors, {"name": uow.actor.label})
        shown = main_names(activity, reply=reply, named="email" in _required(made))
        if not (reply or activity.asks_text):
            shown = tuple(name for name in shown if name != "text")
        more = ("wants_mail",) if uow.actor.account_id is not None else tuple(name for name in ("email", "wants_mail") if name not in shown)
        if not reply:
            more = ("place", "area_id", *more)
        folded = tuple(made[name] for name in more)
        return GiveFields(made, tuple(made[name] for name in shown), folded, any(item.errors for item in folded))

    shared: GiveFields | None = None
    if uow.actor.is_anonymous and received is None and not errors:
        # The schema is the same object for the same questions, and the areas to choose from are those of the atlas.
        shared = atlas(uow).keep(("inbreng.give", schema, reply, activity.asks_text, current_language()), make)
    found = shared or make()
    mark = request.form.get(MARK, "") if errors else ""
    if not mark or check_mark(uow, activity.id, mark, "")[0] == "":
        mark = new_mark(uow, activity.id)
    return GiveForm(found.form, found.main, found.more, found.more_open, page_url(action), mark, acts_for, shared)


def bound(uow: UnitOfWork, schema: type[Schema], received: Received | None, errors: Errors | None, values: Mapping[str, Any]) -> BoundForm:
    """A schema with questions, bound to what was typed or to these first values."""
    options = {"area_id": area_choices(atlas(uow))}
    data: Any = received.form if received is not None else values
    files = received.files if received is not None else None
    return BoundForm(schema, data=data, errors=form_errors(errors or {}), options=options, files=files)


def main_names(activity: Activity, *, reply: bool = False, named: bool = False) -> tuple[str, ...]:
    """The fields that are not folded away: the words, the questions, the name."""
    questions: Form = NO_QUESTIONS if reply else form_from_json(activity.form)
    return ("text", *(PREFIX + question.name for question in questions.questions), "name", *(("email",) if named else ()))


def form_errors(errors: Errors) -> dict[str, list[Text]]:
    """The errors of a service by the names of the form: ``answers.x`` is ``q_x``."""
    return {PREFIX + name.removeprefix("answers.") if name.startswith("answers.") else name: texts for name, texts in errors.items()}


def too_late(uow: UnitOfWork, activity: Activity, received: Received, why: Text, *, reply: bool = False) -> ResponseReturnValue:
    """What is answered when one can no longer take part by the time the form is sent: why, and what was typed, to keep or send on."""
    made = bound(uow, give_schema(uow, activity, reply=reply), received, None, {})
    names = (*main_names(activity, reply=reply), "place")
    return too_late_page(activity, why, [item for item in made.fields if item.name in names])


def limit_mail() -> None:
    """Count the mail that the form asks for to an address that nobody proved to be theirs. Raises TooMany."""
    if current_actor().is_anonymous and request.form.get("wants_mail"):
        count_mail(current_platform(), request.form.get("email", ""))


def give(uow: UnitOfWork, activity: Activity, received: Received, schema: type[Schema], parent_id: uuid.UUID | None = None) -> Given:
    """Do what the form asks. Raises Gone when the term is over, and Invalid with everything that is wrong."""
    require_open(uow, activity)
    errors: dict[str, list[Text]] = {}
    command: Contribute | None = None
    try:
        command = received.parse(schema)
    except Invalid as error:
        errors |= error.errors
    nonce, wrong = check_mark(uow, activity.id, request.form.get(MARK, ""), request.form.get(TRAP, ""))
    # Who was too fast (the mark itself is good) but has something to mend anyway, needs not be told.
    if wrong is not None and not (errors and nonce):
        errors[""] = [wrong]
    if errors or command is None:
        raise Invalid(errors)
    if parent_id is not None:
        command = Contribute(text=command.text, name=command.name, email=command.email, wants_mail=command.wants_mail, parent_id=parent_id)
    try:
        given = contribute(uow, activity.id, command, nonce=nonce, again=False)
    except IntegrityError:
        # The same form came before, perhaps in this same moment; what it gave is stored now, and found by its mark.
        uow.rollback()
        return contribute(uow, activity.id, command, nonce=nonce)
    uow.send(CONTRIBUTED, contribution=given.contribution, address=request.remote_addr or "")
    return given


def _required(form: BoundForm) -> set[str]:
    return {item.name for item in form.fields if item.required}
