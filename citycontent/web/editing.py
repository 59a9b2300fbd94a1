"""The pages that add, change and take away: one template for every form, and one that asks before something goes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.schemas import DeleteSchema
from citycontent.web.forms import FormSpec, Options, Shown, send, show, suggestions
from samen_core.api import Text, UnitOfWork
from samen_core.web.api import BoundField, BoundForm, Crumb, crumbs, go, page_url, render_status, say


@dataclass(frozen=True, slots=True)
class Section:
    """Fields of a form under one heading; a ``folded`` one opens when asked, or when there is something wrong inside."""

    title: Text
    names: tuple[str, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section as the template shows it."""

    title: Text
    fields: tuple[BoundField, ...]
    folded: bool
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A page with a form. ``path`` is where it is sent to, ``back`` where "Annuleren" leads, ``done`` what is said when it worked."""

    title: Text
    submit: Text
    done: Text
    path: str
    back: str
    trail: Sequence[Crumb]
    lead: Text | str = ""


def form_page(
    uow: UnitOfWork,
    page: FormPage,
    spec: FormSpec,
    sections: Sequence[Section],
    write: Callable[[Any], str],
    *,
    values: Mapping[str, Any],
    options: Options | None = None,
    owner: uuid.UUID | None = None,
) -> ResponseReturnValue:
    """Show the form, or do what it asks. ``write`` takes the command and gives the path of the page to go to.

    ``owner`` is the thing that a form with files changes.
    """
    if request.method == "GET":
        answer: str | Shown = show(uow, spec, values, options, owner)
    else:
        answer = send(uow, spec, write, options, values, owner=owner)
    if isinstance(answer, str):
        say(page.done)
        return go(answer)
    return render_status(
        answer.status,
        "citycontent/edit.html",
        page=page,
        form=answer.form,
        sections=[_view(section, answer.form) for section in sections],
        suggestions=suggestions(uow, spec),
        action=page_url(page.path),
        cancel_url=page_url(page.back),
        breadcrumbs=crumbs(*page.trail),
    )


def delete_page(
    uow: UnitOfWork,
    page: FormPage,
    version: int,
    write: Callable[[Any], None],
    after: str,
    *,
    schema: type[DeleteSchema] = DeleteSchema,
) -> ResponseReturnValue:
    """Ask for a reason before something goes; when answered, take it away and go to the path ``after``."""
    spec = FormSpec(schema)

    def done(command: Any) -> str:
        write(command)
        return after

    answer = show(uow, spec, {"version": version}) if request.method == "GET" else send(uow, spec, done)
    if isinstance(answer, str):
        say(page.done)
        return go(answer)
    return render_status(
        answer.status,
        "citycontent/delete.html",
        page=page,
        form=answer.form,
        action=page_url(page.path),
        cancel_url=page_url(page.back),
        breadcrumbs=crumbs(*page.trail),
    )


def _view(section: Section, form: BoundForm) -> SectionView:
    fields = tuple(form[name] for name in section.names)
    inner = [item for bound in fields for item in (bound, *bound.fields)]
    calls = any(item.errors or item.current is not None for item in inner)
    return SectionView(section.title, fields, section.folded, calls)
