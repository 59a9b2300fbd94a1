"""News about an idea and who carries it, on its page: writing and taking back, asking others, accepting, leaving."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import bindparam, select

from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_core.api import CITY_TIME_ZONE, LOGGED_IN, MODERATE, Invalid, Text, UnitOfWork, _, format_date, hidden_reasons, parse
from samen_core.web.api import BoundForm, crumbs, current_platform, current_uow, go, limit_visitor, page_url, render, render_status, say
from samen_doe_mee import paths
from samen_doe_mee.models import CoInitiator, Idea, IdeaNews
from samen_doe_mee.schemas.idea_team import AskCoInitiatorSchema, CarrySchema, HideNewsSchema, ShowNewsSchema, WriteIdeaNewsSchema
from samen_doe_mee.services import co_initiators, idea_news
from samen_doe_mee.services.idea_common import is_author, scopes_of
from samen_doe_mee.services.mail_limits import limit_mail_to
from samen_doe_mee.web.common import LABEL, pages
from samen_doe_mee.web.idea_codes import code_for
from samen_doe_mee.web.idea_inside import idea_here, refused, show_again

NEWS, TEAM = "nieuws", "team"
TIMES, HOUR = 20, 60 * 60
MOST_SHOWN = 50
_TOLD = (
    select(IdeaNews)
    .where(IdeaNews.idea_id == bindparam("idea_id"), IdeaNews.state != "withdrawn")
    .order_by(IdeaNews.at.desc(), IdeaNews.id.desc())
    .limit(MOST_SHOWN)
)


@dataclass(frozen=True, slots=True)
class NewsLine:
    """Something that was told: when and what; ``gone`` says why there is nothing to read. What one may do with it has an address."""

    id: uuid.UUID
    day: str
    text: str
    gone: Any
    back_url: str
    hide_url: str
    show_url: str


@dataclass(frozen=True, slots=True)
class NewsView:
    """News as the page of an idea shows it; ``form`` is for who carries the idea."""

    lines: tuple[NewsLine, ...]
    form: BoundForm | None
    action: str


@dataclass(frozen=True, slots=True)
class TeamView:
    """Who carries an idea: their names; for its author also who was asked, with the form to ask others."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, bool, str], ...]
    form: BoundForm | None
    action: str
    leave_url: str


def news_and_team(uow: UnitOfWork, idea: Idea) -> dict[str, Any]:
    """The parts about news and about who carries it. Two statements, and one where something was hidden."""
    people = co_initiators.team(uow, idea.id)
    author = is_author(uow, idea, code_for(uow, idea))
    account = uow.actor.account_id
    member = account is not None and any(row.account_id == account for row in people)
    return {"news": _news(uow, idea, author=author, member=member), "team": _team(idea, people, author=author, member=member)}


def _news(uow: UnitOfWork, idea: Idea, *, author: bool, member: bool) -> NewsView:
    rows = uow.session.execute(_TOLD, {"idea_id": idea.id}).scalars().all()
    why = hidden_reasons(uow, [row.id for row in rows if row.state == "hidden"])
    moderates = MODERATE.allows(uow.actor, idea.id, scopes=scopes_of(idea))
    form = None
    if (author or member) and idea.state == "published":
        typed = refused(NEWS)
        form = BoundForm(WriteIdeaNewsSchema, data=typed.typed if typed else {}, errors=dict(typed.errors) if typed else {})
    lines = []
    for row in rows:
        shown = row.state == "published"
        own = shown and (author or (row.account_id is not None and row.account_id == uow.actor.account_id))
        reason = why.get(row.id)
        gone = None if shown else _("Dit nieuws is verborgen door een moderator. Reden: {reason}.", reason=reason.label if reason else "")
        part = f"{NEWS}/{row.id}"
        lines.append(
            NewsLine(
                row.id,
                format_date(row.at.astimezone(CITY_TIME_ZONE)),
                row.text if shown else "",
                gone,
                page_url(paths.idea(idea.slug, f"{part}/intrekken")) if own else "",
                page_url(paths.idea(idea.slug, f"{part}/verbergen")) if shown and moderates else "",
                page_url(paths.idea(idea.slug, f"{part}/tonen")) if not shown and moderates else "",
            )
        )
    return NewsView(tuple(lines), form, page_url(paths.idea(idea.slug, NEWS)))


def _team(idea: Idea, people: list[CoInitiator], *, author: bool, member: bool) -> TeamView:
    names = tuple(row.name or str(_("Anoniem")) for row in people if row.accepted_at is not None)
    rows: tuple[tuple[str, bool, str], ...] = ()
    form = None
    if author:
        there = ((row.name or row.email, row.accepted_at is not None, row.id) for row in people)
        rows = tuple((name, accepted, page_url(paths.idea(idea.slug, f"{TEAM}/{id}/weg"))) for name, accepted, id in there)
        if idea.state == "published":
            typed = refused(TEAM)
            form = BoundForm(AskCoInitiatorSchema, data=typed.typed if typed else {}, errors=dict(typed.errors) if typed else {})
    leave = page_url(f"{paths.CARRY}/verlaten/{idea.id}") if member else ""
    return TeamView(names, rows, form, page_url(paths.idea(idea.slug, TEAM)), leave)


@pages.route(paths.idea("<slug>", NEWS), public=True, cache=False, methods=["POST"])
def idea_news_write(slug: str) -> ResponseReturnValue:
    """Tell news."""
    limit_visitor("doe_mee.news", TIMES, HOUR)
    uow = current_uow()
    idea, code = idea_here(slug, uow)
    try:
        idea_news.tell_news(uow, idea.id, parse(WriteIdeaNewsSchema, request.form), code=code)
    except Invalid as error:
        uow.rollback()
        return show_again(slug, NEWS, request.form, error)
    say(_("Uw nieuws staat erbij. Wie nieuws wil, krijgt het per mail."))
    return go(f"{paths.idea(slug)}#nieuws")


@pages.route(paths.idea("<slug>", f"{NEWS}/<uuid:id>/intrekken"), public=True, cache=False, methods=["POST"])
def idea_news_withdraw(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Take it back."""
    uow = current_uow()
    _idea, code = idea_here(slug, uow)
    idea_news.withdraw_news(uow, id, code=code)
    say(_("Het nieuws is weg."))
    return go(f"{paths.idea(slug)}#nieuws")


@pages.route(paths.idea("<slug>", f"{NEWS}/<uuid:id>/verbergen"), permission=MODERATE, methods=["GET", "POST"])
def idea_news_hide(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Hide it, with the reason."""
    words = (_("Nieuws verbergen"), _("Verberg het nieuws"), _("Het nieuws is verborgen."))
    page = _moderation_page(slug, id, "verbergen", words)

    def write(command: Any) -> str:
        idea_news.hide_news(current_uow(), id, command.code, command.reason)
        return page.back

    return form_page(current_uow(), page, FormSpec(HideNewsSchema), (Section(page.title, ("code", "reason")),), write, values={})


@pages.route(paths.idea("<slug>", f"{NEWS}/<uuid:id>/tonen"), permission=MODERATE, methods=["GET", "POST"])
def idea_news_show(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Show it again, with the reason."""
    words = (_("Nieuws weer tonen"), _("Toon het nieuws weer"), _("Het nieuws staat er weer."))
    page = _moderation_page(slug, id, "tonen", words)

    def write(command: Any) -> str:
        idea_news.show_news(current_uow(), id, command.reason)
        return page.back

    return form_page(current_uow(), page, FormSpec(ShowNewsSchema), (Section(page.title, ("reason",)),), write, values={})


def _moderation_page(slug: str, id: uuid.UUID, part: str, words: tuple[Text, Text, Text]) -> FormPage:
    idea, _code = idea_here(slug, current_uow())
    (title, submit, done), back = words, paths.idea(slug)
    return FormPage(
        title=title,
        submit=submit,
        done=done,
        lead="",
        path=paths.idea(slug, f"{NEWS}/{id}/{part}"),
        back=back,
        trail=((LABEL, paths.HOME), (idea.title, back), (title, None)),
    )


@pages.route(paths.idea("<slug>", TEAM), public=True, cache=False, methods=["POST"])
def idea_team_ask(slug: str) -> ResponseReturnValue:
    """Ask somebody to carry it too."""
    limit_visitor("doe_mee.invite", TIMES, HOUR)
    try:
        command = parse(AskCoInitiatorSchema, request.form)
        limit_mail_to(current_platform(), command.email)
        uow = current_uow()
        idea, code = idea_here(slug, uow)
        co_initiators.ask_to_carry(uow, idea.id, command, code=code)
    except Invalid as error:
        current_uow().rollback()
        return show_again(slug, TEAM, request.form, error)
    say(_("Wij stuurden de uitnodiging per mail."))
    return go(f"{paths.idea(slug)}#team")


@pages.route(paths.idea("<slug>", f"{TEAM}/<uuid:id>/weg"), public=True, cache=False, methods=["POST"])
def idea_team_remove(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Carry it without this person."""
    uow = current_uow()
    idea, code = idea_here(slug, uow)
    co_initiators.remove(uow, idea.id, id, code=code)
    say(_("Deze persoon draagt het idee niet meer mee."))
    return go(f"{paths.idea(slug)}#team")


@pages.route(f"{paths.CARRY}/verlaten/<uuid:id>", permission=LOGGED_IN, methods=["POST"])
def idea_team_leave(id: uuid.UUID) -> ResponseReturnValue:
    """Carry it no longer, also when it is hidden or withdrawn."""
    co_initiators.leave(current_uow(), id)
    say(_("U draagt dit idee niet meer mee."))
    return go(paths.CARRY)


@pages.route(paths.CARRY, permission=LOGGED_IN)
def carried_ideas() -> ResponseReturnValue:
    """The ideas that one carries for another, whatever became of them, with the way to leave."""
    found = co_initiators.carried(current_uow())
    return render(
        "doe_mee/carried.html",
        ideas=[(idea, page_url(paths.idea(idea.slug)), page_url(f"{paths.CARRY}/verlaten/{idea.id}")) for idea in found],
        list_url=page_url(paths.IDEAS),
        breadcrumbs=crumbs((LABEL, paths.HOME), (_("Ideeën die u mee draagt"), None)),
    )


@pages.route(f"{paths.CARRY}/<token>", permission=LOGGED_IN, methods=["GET", "POST"])
def carry_idea(token: str) -> ResponseReturnValue:
    """The invitation: carry it too, or not."""
    limit_visitor("doe_mee.invitation", TIMES, HOUR)
    uow = current_uow()
    idea = co_initiators.invitation_at(uow, token).idea
    title, slug = idea.title, idea.slug
    form, status = BoundForm(CarrySchema, data={"name": uow.actor.label}), 200
    if request.method == "POST":
        try:
            co_initiators.accept(uow, token, parse(CarrySchema, request.form))
        except Invalid as error:
            uow.rollback()
            form, status = BoundForm(CarrySchema, data=request.form, errors=error.errors), 400
        else:
            say(_("U draagt dit idee nu mee."))
            return go(paths.idea(slug))
    return render_status(
        status,
        "doe_mee/carry.html",
        idea_title=title,
        idea_url=page_url(paths.idea(slug)),
        form=form,
        action=page_url(f"{paths.CARRY}/{token}"),
        breadcrumbs=crumbs((LABEL, paths.HOME), (_("Draagt u dit idee mee?"), None)),
    )
