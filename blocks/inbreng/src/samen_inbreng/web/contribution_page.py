"""The page of one contribution: what was said, the replies, and what its reader may do with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import list_page
from samen_core.api import Gone, Invalid, NotFound, PageRequest, Text, UnitOfWork, _, latest_lines
from samen_core.web.api import Received, crumbs, current_uow, go, page_url, receive_files, render_status, say
from samen_inbreng import paths
from samen_inbreng.models import Activity
from samen_inbreng.permissions import ANSWER, MODERATE, SUPPORT
from samen_inbreng.queries.contributions import by_id, by_number, thread
from samen_inbreng.services.common import allows, find_activity, find_activity_to_join, get_contribution
from samen_inbreng.services.own import may_edit
from samen_inbreng.services.support import support, take_back
from samen_inbreng.web.activity_page import LABEL, acts_for
from samen_inbreng.web.common import pages
from samen_inbreng.web.give_form import GiveForm, give, give_form, give_schema, limit_mail, too_late
from samen_inbreng.web.sent import thank_for
from samen_inbreng.web.views import contribution_views

PATH = f"{paths.HOME}/<slug>/bijdragen/<int:number>"
MOST_REPLIES = 50


def find_row(uow: UnitOfWork, activity: Activity, number: int) -> Any:
    """The contribution with this number. Raises NotFound."""
    row = by_number(uow, activity.id, number) if number < 2**31 else None
    if row is None:
        raise NotFound
    return row


@pages.route(PATH, public=True, cache=False)
def contribution_page(slug: str, number: int) -> ResponseReturnValue:
    """One contribution with everything that was said under it."""
    uow = current_uow()
    activity = find_activity(uow, slug)
    return show_contribution(uow, activity, find_row(uow, activity, number))


@pages.route(PATH, public=True, cache=False, methods=["POST"])
def reply_page(slug: str, number: int) -> ResponseReturnValue:
    """Reply to a contribution."""
    limit_mail()
    uow = current_uow()
    activity = find_activity_to_join(uow, slug)
    row = find_row(uow, activity, number)
    schema = give_schema(uow, activity, reply=True)
    received = receive_files(uow, schema)
    try:
        given = give(uow, activity, received, schema, row.id)
    except (Invalid, Gone) as error:
        uow.rollback()
        activity = find_activity(uow, slug)
        if isinstance(error, Gone):
            return too_late(uow, activity, received, error.message, reply=True)
        return show_contribution(uow, activity, find_row(uow, activity, number), received, error.errors)
    return thank_for(slug, given)


@pages.route(f"{PATH}/steun", permission=SUPPORT, methods=["POST"])
def support_page(slug: str, number: int) -> ResponseReturnValue:
    """Support a contribution, or take that back."""
    uow = current_uow()
    row = find_row(uow, find_activity(uow, slug), number)
    if request.form.get("terug"):
        take_back(uow, row.id)
        say(_("U steunt deze bijdrage niet meer."))
    else:
        support(uow, row.id)
        say(_("U steunt deze bijdrage."))
    return go(paths.contribution(slug, number))


def show_contribution(
    uow: UnitOfWork,
    activity: Activity,
    row: Any,
    received: Received | None = None,
    errors: Mapping[str, list[Text]] | None = None,
) -> ResponseReturnValue:
    """The page, with the form to reply when asked for or when something is wrong with it."""
    path = paths.contribution(activity.slug, row.number)
    where = list_page(path, "reageer")
    root = (by_id(uow, row.root_id) if row.root_id else None) or row
    replies = thread(uow, root.id, PageRequest(MOST_REPLIES, where.values.get("cursor", "")))
    shown = contribution_views(uow, activity, [root, *_in_order(root, replies.items)])
    one = next((item for item in shown if item.id == row.id), None) or contribution_views(uow, activity, [row])[0]
    form: GiveForm | None = None
    if (
        one.may_reply
        and not (activity.access == "logged_in" and uow.actor.is_anonymous)
        and (errors or row.root_id is None or where.values.get("reageer"))
    ):
        form = give_form(uow, activity, path, reply=True, received=received, errors=errors, acts_for=acts_for())
    lines, more_lines = latest_lines(uow, row.id)
    return render_status(
        400 if errors else 200,
        "inbreng/contribution.html",
        activity=activity,
        one=one,
        root=shown[0],
        replies=shown[1:],
        give=form,
        form=form.form if form else None,
        own=_own_links(uow, activity, row, one.mine),
        log=lines,
        more_log=more_lines,
        activity_url=page_url(paths.activity(activity.slug)),
        breadcrumbs=crumbs((LABEL, paths.HOME), (activity.title, paths.activity(activity.slug)), (_("Bijdrage {n}", n=row.number), None)),
        **where.pager(replies),
    )


def _in_order(root: Any, rows: Any) -> list[Any]:
    """Replies each under what they reply to, the oldest first; one whose parent is on another page stands by itself."""
    below: dict[Any, list[Any]] = {}
    here = {row.id for row in rows} | {root.id}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in here else root.id, []).append(row)
    found: list[Any] = []
    waiting = list(reversed(below.get(root.id, [])))
    while waiting:
        row = waiting.pop()
        found.append(row)
        waiting += reversed(below.get(row.id, []))
    return found


def _own_links(uow: UnitOfWork, activity: Activity, row: Any, mine: bool) -> list[tuple[str, Text, str]]:
    """What the reader may do with this contribution: icon, text and address."""
    path = paths.contribution(activity.slug, row.number)
    found: list[tuple[str, Text, str]] = []
    if mine and row.state != "withdrawn":
        if may_edit(uow, get_contribution(uow, row.id)):
            found.append(("pencil", _("Pas aan"), page_url(f"{path}/aanpassen")))
        found.append(("undo-2", _("Trek in"), page_url(f"{path}/intrekken")))
    if allows(uow, ANSWER, activity) and row.parent_id is None and row.state == "published":
        found.append(("reply", _("Beantwoorden"), page_url(paths.subject(activity.subject_id, f"antwoord?bijdrage={row.id}"))))
    if allows(uow, MODERATE, activity) and row.state == "published":
        found.append(("eye-off", _("Verberg"), page_url(f"{path}/verbergen")))
    if allows(uow, MODERATE, activity) and row.state == "hidden":
        found.append(("eye", _("Laat weer zien"), page_url(f"{path}/tonen")))
    return found
