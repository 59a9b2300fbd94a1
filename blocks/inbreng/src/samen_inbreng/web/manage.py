"""Pages for staff: asking something, changing it, closing it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.api import CommandSchema, reference_field
from citycontent.web.api import FormPage, FormSpec, Named, Section, area_choices, atlas, form_page
from samen_core.api import Conflict, Form, Invalid, NotFound, Text, UnitOfWork, _, cards, parse
from samen_core.web.api import BoundForm, crumbs, current_uow, go, page_url, render_status, say
from samen_inbreng import paths
from samen_inbreng.permissions import MANAGE_ACTIVITY
from samen_inbreng.schemas.activity import (
    ActivityFieldsSchema,
    CloseActivity,
    CloseActivitySchema,
    CreateActivitySchema,
    UpdateActivitySchema,
)
from samen_inbreng.services.activities import activity_values, close_activity, create_activity, update_activity
from samen_inbreng.services.common import find_activity, page_elsewhere, require
from samen_inbreng.web import builder
from samen_inbreng.web.activity_page import LABEL
from samen_inbreng.web.builder import Draft
from samen_inbreng.web.common import pages

ABOUT = ("title", "intro")
WHEN = ("opens_at", "closes_at", "access", "area_id")
HOW = ("asks_text", "allows_replies", "allows_support")


@dataclass(frozen=True, slots=True)
class ChooseSubject:
    """What an activity will be about."""

    project_id: uuid.UUID


class ChooseSubjectSchema(CommandSchema):
    """What an activity will be about, by the name of the project."""

    command = ChooseSubject

    project_id = reference_field(_("Over welk project gaat het?"), required=True)


@dataclass(frozen=True, slots=True)
class Summary:
    """What ``forms.summary`` shows."""

    errors: list[tuple[str, Text]]
    conflict: Mapping[str, Any] | None = None


@pages.route(paths.NEW, permission=MANAGE_ACTIVITY, methods=["GET", "POST"])
def new_page() -> ResponseReturnValue:
    """Ask something about a thing; without one, first choose which."""
    uow = current_uow()
    subject_id = _subject_id(request.values.get("onderwerp") or request.form.get("subject_id", ""))
    if subject_id is None:
        return _choose(uow)
    subject = cards(uow, [subject_id]).get(subject_id)
    if subject is None or not subject.is_live:
        raise NotFound
    MANAGE_ACTIVITY.require(uow.actor, subject_id)

    def write(form: Form) -> str:
        command = parse(CreateActivitySchema, request.form)
        return create_activity(uow, replace(command, form=form)).slug

    first = {"subject_id": subject_id, "opens_at": uow.now, "access": "everyone", "kind": "reactions"}
    page = FormPage(
        title=_("Vraag om inbreng"),
        lead=_("Over: {subject}", subject=subject.title),
        submit=_("Zet de vraag open"),
        done=_("De vraag staat erop."),
        path=paths.NEW,
        back=subject.url,
        trail=((LABEL, paths.HOME), (_("Vraag om inbreng"), None)),
    )
    return _form(uow, page, CreateActivitySchema, first, write, more=("kind",))


@pages.route(f"{paths.HOME}/<slug>/bewerken", permission=MANAGE_ACTIVITY, methods=["GET", "POST"])
def edit_activity_page(slug: str) -> ResponseReturnValue:
    """Change what is asked."""
    uow = current_uow()
    activity = find_activity(uow, slug)
    require(uow, MANAGE_ACTIVITY, activity)
    if elsewhere := page_elsewhere(uow, activity):
        return go(elsewhere)
    id = activity.id

    def write(form: Form) -> str:
        return update_activity(uow, id, replace(parse(UpdateActivitySchema, request.form), form=form)).slug

    path = paths.activity(slug)
    page = FormPage(
        title=_("{title} bewerken", title=activity.title),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=f"{path}/bewerken",
        back=path,
        trail=((LABEL, paths.HOME), (activity.title, path), (_("Bewerken"), None)),
    )
    return _form(uow, page, UpdateActivitySchema, activity_values(activity), write, drafts=builder.drafts_of(activity.form))


@pages.route(f"{paths.HOME}/<slug>/sluiten", permission=MANAGE_ACTIVITY, methods=["GET", "POST"])
def close_page(slug: str) -> ResponseReturnValue:
    """Close an activity before its date, after asking."""
    uow = current_uow()
    activity = find_activity(uow, slug)
    require(uow, MANAGE_ACTIVITY, activity)
    if elsewhere := page_elsewhere(uow, activity):
        return go(elsewhere)
    id, path = activity.id, paths.activity(slug)
    page = FormPage(
        title=_("{title} nu sluiten", title=activity.title),
        lead=_("Daarna kan niemand meer reageren of steunen. Wat er is gezegd blijft staan. Wat nog per brief komt, kunt u wel invoeren."),
        submit=_("Sluit de vraag nu"),
        done=_("De vraag is gesloten."),
        path=f"{path}/sluiten",
        back=path,
        trail=((LABEL, paths.HOME), (activity.title, path), (_("Nu sluiten"), None)),
    )

    def write(command: CloseActivity) -> str:
        close_activity(uow, id, command)
        return path

    return form_page(uow, page, FormSpec(CloseActivitySchema), (), write, values={"version": activity.version})


def _choose(uow: UnitOfWork) -> ResponseReturnValue:
    page = FormPage(
        title=_("Vraag om inbreng"),
        lead=_(
            "U vraagt altijd inbreng over iets: kies een project. "
            "Gaat het over een organisatie, een wijk of een vraag aan tafel? Open dan die pagina."
        ),
        submit=_("Ga verder"),
        done=_("Stel nu uw vraag."),
        path=paths.NEW,
        back=paths.HOME,
        trail=((LABEL, paths.HOME), (_("Vraag om inbreng"), None)),
    )
    spec = FormSpec(ChooseSubjectSchema, {"project_id": Named("project")})
    sections = (Section(Text(""), ("project_id",)),)

    def write(command: ChooseSubject) -> str:
        return f"{paths.NEW}?onderwerp={command.project_id}"

    return form_page(uow, page, spec, sections, write, values={})


def _form(
    uow: UnitOfWork,
    page: FormPage,
    schema: type[ActivityFieldsSchema],
    values: Mapping[str, Any],
    write: Callable[[Form], str],
    *,
    drafts: Sequence[Draft] = (),
    more: Sequence[str] = (),
) -> ResponseReturnValue:
    """The form with its questions: a button of a question changes them and shows the form again; the other button saves."""
    status, errors, conflict = 200, dict[str, list[Text]](), None
    drafts = list(drafts)
    version = values.get("version")
    place: int | None = None
    if request.method == "POST":
        drafts = builder.read(request.form)
        version = request.form.get("version", type=int)
        action = builder.pressed(request.form)
        if action is not None:
            place = builder.apply(drafts, action)
        else:
            try:
                slug = _write(schema, drafts, write)
                say(page.done)
                return go(paths.activity(slug))
            except Invalid as error:
                uow.rollback()
                status, errors = 400, error.errors
            except Conflict as error:
                uow.rollback()
                status, conflict, version = 409, error.current, error.version
    data: Any = request.form if request.method == "POST" else values
    own = {name: texts for name, texts in errors.items() if not name.startswith("form.questions.")}
    made = schema()
    for item in made.load_fields.values():
        # A choice that is made already cannot be left out, so the form does not call it optional.
        if item.validators and isinstance(item.load_default, str) and item.load_default:
            item.required = True
    form = BoundForm(made, data=data, errors=own, version=version, conflict=conflict, options={"area_id": area_choices(atlas(uow))})
    return render_status(
        status,
        "inbreng/activity_form.html",
        page=page,
        form=form,
        summary=Summary([*form.errors, *builder.problems(drafts)], conflict),
        groups=[(_("Wat vraagt u?"), [form[name] for name in (*more, *ABOUT)]), (_("Wanneer en wie?"), [form[name] for name in WHEN])],
        how=[form[name] for name in HOW],
        subject=next((item for item in form.fields if item.name == "subject_id"), None),
        drafts=builder.with_spare(drafts),
        place=place,
        kinds=list(builder.KIND_LABELS.items()),
        action=page_url(page.path),
        cancel_url=page_url(page.back),
        breadcrumbs=crumbs(*page.trail),
    )


def _write(schema: type[ActivityFieldsSchema], drafts: list[Draft], write: Callable[[Form], str]) -> str:
    """Check the fields and the questions, and save. Raises Invalid with everything that is wrong, and Conflict."""
    errors: dict[str, list[Text]] = {}
    form = Form(())
    try:
        form = builder.to_form(drafts)
    except Invalid as error:
        errors |= error.errors
    try:
        parse(schema, request.form)
    except Invalid as error:
        errors |= error.errors
    if errors:
        raise Invalid(errors)
    return write(form)


def _subject_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
