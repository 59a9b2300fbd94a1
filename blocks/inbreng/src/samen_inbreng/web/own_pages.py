"""What people do with their own contribution, and moderators with anybody's: changing, taking back, hiding, showing again.

Who has no account shows the code of the receipt, which travels in the form and never in an address.
"""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_core.api import MODERATE as HIDE
from samen_core.api import Conflict, Invalid, NotAllowed, Text, UnitOfWork, _, clean_code, form_from_json, stored_files
from samen_core.web.api import BoundForm, crumbs, current_uow, go, limit_visitor, page_url, receive_files, render_status, say
from samen_inbreng import paths
from samen_inbreng.models import Activity, Contribution
from samen_inbreng.schemas.activity import NO_QUESTIONS
from samen_inbreng.schemas.contribution import (
    PREFIX,
    EditContributionSchema,
    HideContribution,
    HideContributionSchema,
    ShowContribution,
    ShowContributionSchema,
    WithdrawContributionSchema,
    with_questions,
)
from samen_inbreng.services.common import find_activity, get_contribution
from samen_inbreng.services.moderating import hide_contribution, show_contribution
from samen_inbreng.services.own import edit_contribution, editable_until, is_author, withdraw_contribution
from samen_inbreng.services.receipts import TRIES, WINDOW
from samen_inbreng.web.activity_page import LABEL
from samen_inbreng.web.common import pages
from samen_inbreng.web.contribution_page import PATH, find_row
from samen_inbreng.web.give_form import form_errors


@pages.route(f"{PATH}/aanpassen", public=True, cache=False, methods=["GET", "POST"])
def edit_page(slug: str, number: int) -> ResponseReturnValue:
    """Change one's own words."""
    _limit_codes()
    uow = current_uow()
    activity, contribution, code = _mine(uow, slug, number)
    schema = edit_schema(activity, contribution)
    if request.method == "GET" or request.form.get("open"):
        values = {PREFIX + name: value for name, value in contribution.answers.items()}
        files = {file.id: file for file in stored_files(uow, [contribution.id])[contribution.id]}
        values |= {"text": contribution.text, "code": code}
        form = BoundForm(schema, data=values, version=contribution.version, files=files)
        return _edit_form(uow, activity, contribution, form, 200)
    path = paths.contribution(slug, number)
    received = receive_files(uow, schema, contribution.id)
    try:
        edit_contribution(uow, contribution.id, received.parse(schema))
    except (Invalid, Conflict) as error:
        uow.rollback()
        activity, contribution, code = _mine(uow, slug, number)
        wrong = form_errors(error.errors) if isinstance(error, Invalid) else None
        current = error.current if isinstance(error, Conflict) else None
        version = error.version if isinstance(error, Conflict) else request.form.get("version", type=int)
        form = BoundForm(schema, data=received.form, errors=wrong, version=version, conflict=current, files=received.files)
        return _edit_form(uow, activity, contribution, form, error.status)
    say(_("Uw bijdrage is aangepast."))
    return go(path)


@pages.route(f"{PATH}/intrekken", public=True, cache=False, methods=["GET", "POST"])
def withdraw_page(slug: str, number: int) -> ResponseReturnValue:
    """Take one's own contribution back, after asking."""
    _limit_codes()
    uow = current_uow()
    activity, contribution, code = _mine(uow, slug, number)
    if request.method == "POST" and not request.form.get("open"):
        received = receive_files(uow, WithdrawContributionSchema)
        withdraw_contribution(uow, contribution.id, received.parse(WithdrawContributionSchema))
        say(_("Uw bijdrage is ingetrokken. De tekst is weg."))
        return go(paths.contribution(slug, number))
    form = BoundForm(WithdrawContributionSchema, data={"code": code}, version=contribution.version)
    page = _page(
        activity,
        contribution,
        "intrekken",
        title=_("Bijdrage {n} intrekken", n=number),
        lead=_("De tekst en uw naam gaan weg, voorgoed. Alleen het nummer van de bijdrage en de reacties van anderen blijven."),
        submit=_("Trek de bijdrage in"),
    )
    return _ask(page, form)


@pages.route(f"{PATH}/verbergen", permission=HIDE, methods=["GET", "POST"])
def hide_page(slug: str, number: int) -> ResponseReturnValue:
    """Hide a contribution, for a reason."""
    uow = current_uow()
    activity = find_activity(uow, slug)
    row = find_row(uow, activity, number)
    page = _page(
        activity,
        row,
        "verbergen",
        title=_("Bijdrage {n} verbergen", n=number),
        lead=_("Anderen kunnen de bijdrage niet meer lezen. Er staat dan de reden. Wie de bijdrage schreef, krijgt uw uitleg."),
        submit=_("Verberg de bijdrage"),
        done=_("De bijdrage is verborgen."),
    )

    def write(command: HideContribution) -> str:
        hide_contribution(uow, row.id, command)
        return paths.contribution(slug, number)

    sections = (Section(Text(""), ("code", "reason")),)
    return form_page(uow, page, FormSpec(HideContributionSchema), sections, write, values={"version": row.version})


@pages.route(f"{PATH}/tonen", permission=HIDE, methods=["GET", "POST"])
def show_again_page(slug: str, number: int) -> ResponseReturnValue:
    """Show a hidden contribution again, for a reason."""
    uow = current_uow()
    activity = find_activity(uow, slug)
    row = find_row(uow, activity, number)
    page = _page(
        activity,
        row,
        "tonen",
        title=_("Bijdrage {n} weer laten zien", n=number),
        lead=_("Iedereen kan de bijdrage weer lezen. Wie de bijdrage schreef krijgt uw uitleg."),
        submit=_("Laat de bijdrage weer zien"),
        done=_("De bijdrage staat er weer."),
    )

    def write(command: ShowContribution) -> str:
        show_contribution(uow, row.id, command)
        return paths.contribution(slug, number)

    return form_page(uow, page, FormSpec(ShowContributionSchema), (Section(Text(""), ("reason",)),), write, values={"version": row.version})


def edit_schema(activity: Activity, contribution: Contribution) -> type[Schema]:
    """The form that changes this contribution."""
    is_reply = contribution.parent_id is not None
    questions = NO_QUESTIONS if is_reply else form_from_json(activity.form)
    return with_questions(EditContributionSchema, questions, asks_text=is_reply or activity.asks_text)


def _limit_codes() -> None:
    """Count a try with a code, together with those on the page to follow by code. Raises TooMany."""
    if request.form.get("code"):
        limit_visitor("inbreng.receipt", TRIES, WINDOW)


def _mine(uow: UnitOfWork, slug: str, number: int) -> tuple[Activity, Contribution, str]:
    """The activity, the contribution and the code that was sent along. Raises NotAllowed for who did not write it."""
    activity = find_activity(uow, slug)
    contribution = get_contribution(uow, find_row(uow, activity, number).id)
    code = clean_code(request.form.get("code", "")[:40]) or "" if request.method == "POST" else ""
    if not is_author(uow, contribution, code):
        raise NotAllowed(_("Dit kan alleen wie de bijdrage schreef. Hebt u een ontvangstcode? Ga dan naar “Volgen met uw code”."))
    return activity, contribution, code


def _edit_form(uow: UnitOfWork, activity: Activity, contribution: Contribution, form: BoundForm, status: int) -> ResponseReturnValue:
    path = paths.contribution(activity.slug, contribution.number)
    shown = [item for item in form.fields if item.name != "text" or activity.asks_text or contribution.parent_id is not None]
    return render_status(
        status,
        "inbreng/edit_own.html",
        form=form,
        fields=shown,
        until=editable_until(uow, contribution),
        number=contribution.number,
        action=page_url(f"{path}/aanpassen"),
        cancel_url=page_url(path),
        breadcrumbs=crumbs((LABEL, paths.HOME), (activity.title, paths.activity(activity.slug)), (_("Aanpassen"), None)),
    )


def _page(activity: Activity, contribution: Any, part: str, **texts: Text) -> FormPage:
    path = paths.contribution(activity.slug, contribution.number)
    trail = (
        (LABEL, paths.HOME),
        (activity.title, paths.activity(activity.slug)),
        (_("Bijdrage {n}", n=contribution.number), path),
        (texts["title"], None),
    )
    return FormPage(path=f"{path}/{part}", back=path, trail=trail, **{"done": Text(""), **texts})


def _ask(page: FormPage, form: BoundForm) -> ResponseReturnValue:
    return render_status(
        200,
        "citycontent/delete.html",
        page=page,
        form=form,
        action=page_url(page.path),
        cancel_url=page_url(page.back),
        breadcrumbs=crumbs(*page.trail),
    )
