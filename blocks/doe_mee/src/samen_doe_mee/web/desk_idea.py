"""The page on which staff work at one idea: answering it, saying who handles it, merging, hiding."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from citycontent.api import Organization
from citycontent.web.api import FormPage, FormSpec, Section, area_path, atlas, form_page, send, show
from samen_core.api import CITY_TIME_ZONE, MODERATE, Text, UnitOfWork, _, cards, format_date, hidden_reasons, stored_files
from samen_core.web.api import crumbs, current_uow, go, page_url, render_status, say
from samen_doe_mee import paths
from samen_doe_mee.labels import IDEA_KIND_LABELS, IDEA_STATE_LABELS
from samen_doe_mee.models import ENDED_STATUSES, Idea
from samen_doe_mee.permissions import HANDLE_IDEAS
from samen_doe_mee.queries import ideas as queries
from samen_doe_mee.schemas.idea_handling import (
    AssignIdeaSchema,
    GiveStatusSchema,
    HideIdeaSchema,
    MergeIdeaSchema,
    ShowIdeaSchema,
    UnmergeIdeaSchema,
)
from samen_doe_mee.services.idea_common import require_handler, scopes_of, today, visible_idea
from samen_doe_mee.services.idea_handling import assign_idea, give_status, hide_idea, possible_owners, show_idea
from samen_doe_mee.services.idea_merging import merge_idea, unmerge_idea
from samen_doe_mee.services.ready_texts import LANGUAGE, fill, ready_texts
from samen_doe_mee.web import idea_parts
from samen_doe_mee.web.common import DESK, LABEL, desk_tabs, pages
from samen_doe_mee.web.desk_ideas import TITLE as LIST_TITLE
from samen_doe_mee.web.ideas import challenge_lines, steps_of


@dataclass(frozen=True, slots=True)
class _Act:
    """An act with a page of its own: its part of the address, its title, its button, what is said after it, and what it does."""

    part: str
    title: Text
    submit: Text
    done: Text
    lead: Text | str = ""


_MERGE = _Act(
    "samenvoegen",
    _("Idee samenvoegen"),
    _("Voeg samen"),
    _("De ideeën zijn samengevoegd."),
    _(
        "De steun gaat mee naar het andere idee; wie beide steunt, telt één keer. De pagina van dit idee leidt daarheen. "
        "U kunt dit ongedaan maken."
    ),
)
_UNMERGE = _Act(
    "losmaken",
    _("Idee weer losmaken"),
    _("Maak los"),
    _("Het idee staat weer op zichzelf."),
    _("De steun die van dit idee kwam, gaat terug. Wat er daarna bij kwam, blijft bij het andere idee."),
)
_HIDE = _Act(
    "verbergen",
    _("Idee verbergen"),
    _("Verberg het idee"),
    _("Het idee is verborgen. De indiener krijgt de uitleg per mail, als wij een adres hebben."),
    _("Verberg alleen wat niet mag volgens de wet of de spelregels. Bent u het niet eens met een idee? Geef dan antwoord."),
)
_SHOW = _Act("tonen", _("Idee weer tonen"), _("Toon het idee weer"), _("Het idee staat er weer."))
ANSWER, ASSIGN = FormSpec(GiveStatusSchema), FormSpec(AssignIdeaSchema)
MOST_ORGANIZATIONS = 500
_ORGANIZATIONS = (
    select(Organization.id, Organization.name).where(Organization.state == "active").order_by(Organization.name).limit(MOST_ORGANIZATIONS)
)


@pages.route(paths.desk_idea("<slug>"), permission=HANDLE_IDEAS)
def desk_idea(slug: str) -> ResponseReturnValue:
    """One idea with the forms to answer it and to say who handles it."""
    uow = current_uow()
    return _page(uow, _idea(uow, slug))


@pages.route(paths.desk_idea("<slug>", "antwoord"), permission=HANDLE_IDEAS, methods=["POST"])
def desk_idea_answer(slug: str) -> ResponseReturnValue:
    """Answer it."""
    uow = current_uow()
    idea = _idea(uow, slug)
    id, stored = idea.id, _answer_values(idea)
    answer = send(uow, ANSWER, lambda command: give_status(uow, id, command), stored=stored)
    if isinstance(answer, Idea):
        say(_("Het antwoord staat op de pagina van het idee. De indiener en volgers krijgen bericht."))
        return go(paths.desk_idea(slug))
    return _page(uow, _idea(uow, slug), answer.status, answer=answer.form)


@pages.route(paths.desk_idea("<slug>", "behandelaar"), permission=HANDLE_IDEAS, methods=["POST"])
def desk_idea_assign(slug: str) -> ResponseReturnValue:
    """Say who handles it."""
    uow = current_uow()
    idea = _idea(uow, slug)
    id, options = idea.id, _options(uow)
    answer = send(uow, ASSIGN, lambda command: assign_idea(uow, id, command), options, _assign_values(idea))
    if isinstance(answer, Idea):
        say(_("Dit is bewaard."))
        return go(paths.desk_idea(slug))
    return _page(uow, _idea(uow, slug), answer.status, assign=answer.form)


@pages.route(paths.desk_idea("<slug>", "samenvoegen"), permission=HANDLE_IDEAS, methods=["GET", "POST"])
def desk_idea_merge(slug: str) -> ResponseReturnValue:
    """Make it part of another idea."""
    uow = current_uow()
    idea = _idea(uow, slug)
    id = idea.id
    into = request.args.get("met", "")
    page = _form_of(idea, _MERGE)
    values = {"version": idea.version, "into": int(into) if into.isdecimal() and len(into) < 9 else None}
    sections = (Section(_("Samenvoegen"), ("into", "reason")),)

    def write(command: Any) -> str:
        return paths.desk_idea(merge_idea(uow, id, command).slug)

    return form_page(uow, page, FormSpec(MergeIdeaSchema), sections, write, values=values)


@pages.route(paths.desk_idea("<slug>", "losmaken"), permission=HANDLE_IDEAS, methods=["GET", "POST"])
def desk_idea_unmerge(slug: str) -> ResponseReturnValue:
    """Make it its own idea again."""
    uow = current_uow()
    idea = _idea(uow, slug)
    return _simple(uow, idea, _UNMERGE, (UnmergeIdeaSchema, ("reason",), unmerge_idea))


@pages.route(paths.desk_idea("<slug>", "verbergen"), permission=MODERATE, methods=["GET", "POST"])
def desk_idea_hide(slug: str) -> ResponseReturnValue:
    """Take it out of sight."""
    uow = current_uow()
    idea = _idea(uow, slug)
    return _simple(uow, idea, _HIDE, (HideIdeaSchema, ("code", "reason"), hide_idea))


@pages.route(paths.desk_idea("<slug>", "tonen"), permission=MODERATE, methods=["GET", "POST"])
def desk_idea_show(slug: str) -> ResponseReturnValue:
    """Show it again."""
    uow = current_uow()
    idea = _idea(uow, slug)
    return _simple(uow, idea, _SHOW, (ShowIdeaSchema, ("reason",), show_idea))


def _simple(uow: UnitOfWork, idea: Idea, act: _Act, how: tuple[Any, tuple[str, ...], Callable[..., Idea]]) -> ResponseReturnValue:
    schema, names, do = how
    id, slug = idea.id, idea.slug

    def write(command: Any) -> str:
        do(uow, id, command)
        return paths.desk_idea(slug)

    sections = (Section(act.title, names),)
    return form_page(uow, _form_of(idea, act), FormSpec(schema), sections, write, values={"version": idea.version})


def _form_of(idea: Idea, act: _Act) -> FormPage:
    back = paths.desk_idea(idea.slug)
    return FormPage(
        title=act.title,
        submit=act.submit,
        done=act.done,
        lead=act.lead,
        path=paths.desk_idea(idea.slug, act.part),
        back=back,
        trail=((LABEL, paths.HOME), (LIST_TITLE, paths.DESK_IDEAS), (idea.title, back), (act.title, None)),
    )


def _idea(uow: UnitOfWork, slug: str) -> Idea:
    """An idea that the actor handles. Raises NotFound and NotAllowed."""
    idea = visible_idea(uow, slug)
    require_handler(uow, idea)
    return idea


def _page(uow: UnitOfWork, idea: Idea, status: int = 200, *, answer: Any = None, assign: Any = None) -> ResponseReturnValue:
    book, day = atlas(uow), today(uow)
    area, theme = book.tree.get(idea.area_id), book.themes.get(idea.theme_id) if idea.theme_id else None
    behalf = cards(uow, [idea.on_behalf_of_id]).get(idea.on_behalf_of_id) if idea.on_behalf_of_id else None
    options = _options(uow)
    texts = ready_texts(uow)
    moderates = MODERATE.allows(uow.actor, idea.id, scopes=scopes_of(idea))
    live = idea.state == "published"
    return render_status(
        status,
        "doe_mee/desk_idea.html",
        title=idea.title,
        idea=idea,
        kind=IDEA_KIND_LABELS[idea.kind],
        state=IDEA_STATE_LABELS[idea.state],
        badges=idea_parts.badges(idea, day),
        progress=idea_parts.progress(idea, day),
        place=idea_parts.place_words(book, idea),
        area=area,
        area_url=page_url(area_path(area)) if area else "",
        theme=theme,
        author=idea.author_name or _("Anoniem"),
        behalf=behalf,
        reachable=bool(idea.account_id or (idea.email and idea.email_confirmed_at)),
        pictures=[file for file in stored_files(uow, [idea.id])[idea.id] if file.kind == "picture"],
        challenge=challenge_lines(idea),
        decide_by=format_date(idea.decide_by) if idea.decide_by else "",
        came=format_date(idea.created_at.astimezone(CITY_TIME_ZONE)),
        steps=steps_of(uow, idea),
        doubles=[(row.number, row.title, page_url(paths.desk_idea(row.slug))) for row in queries.doubles_of(uow, idea.id)],
        similar=idea_parts.similar_views(
            book, queries.similar_ideas(uow, idea.title, idea.text, area_id=idea.area_id, theme_id=idea.theme_id, leave_out=(idea.id,)), day
        )
        if live
        else [],
        hidden=hidden_reasons(uow, [idea.id]).get(idea.id) if idea.state == "hidden" else None,
        form=answer or (assign if assign is not None and assign.errors else None),
        answer=answer or _answer_form(uow, idea, texts),
        assign=assign or show(uow, ASSIGN, _assign_values(idea), options).form,
        may_answer=live,
        texts=[(str(text.id), text.name) for text in texts if text.outcome == ""],
        texts_url=page_url(paths.desk_idea(idea.slug)),
        answer_url=page_url(paths.desk_idea(idea.slug, "antwoord")),
        assign_url=page_url(paths.desk_idea(idea.slug, "behandelaar")),
        public_url=page_url(paths.idea(idea.slug)) + ("?bekijk=ja" if idea.state == "merged" else ""),
        merge_url=page_url(paths.desk_idea(idea.slug, "samenvoegen")) if live and idea.status not in ENDED_STATUSES else "",
        unmerge_url=page_url(paths.desk_idea(idea.slug, "losmaken")) if idea.state == "merged" else "",
        hide_url=page_url(paths.desk_idea(idea.slug, "verbergen")) if live and moderates else "",
        show_url=page_url(paths.desk_idea(idea.slug, "tonen")) if idea.state == "hidden" and moderates else "",
        desk_tabs=desk_tabs(uow.actor, paths.DESK_IDEAS),
        dense=True,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK_IDEAS), (idea.title, None)),
    )


def _answer_form(uow: UnitOfWork, idea: Idea, texts: list[Any]) -> Any:
    values = _answer_values(idea)
    chosen = next((text for text in texts if str(text.id) == request.args.get("tekst", "")), None)
    if chosen is not None:
        values["text"] = fill(chosen.text, _places(uow, idea))
    return show(uow, ANSWER, values).form


def _places(uow: UnitOfWork, idea: Idea) -> dict[str, str]:
    """What comes in the places of a ready text. In Dutch, whoever writes: that is what people get."""
    with uow.platform.translations.use(LANGUAGE):
        return {
            "nummer": str(idea.number),
            "naam": idea.author_name or str(_("inwoner")),
            "onderwerp": idea.title,
            "plan": "",
            "dag": format_date(idea.created_at.astimezone(CITY_TIME_ZONE)),
        }


def _answer_values(idea: Idea) -> dict[str, Any]:
    return {"status": idea.status if idea.status_text else "", "text": "", "version": idea.version}


def _assign_values(idea: Idea) -> dict[str, Any]:
    return {name: getattr(idea, name) for name in ("owner_id", "owner_organization_id", "answer_by", "version")}


def _options(uow: UnitOfWork) -> dict[str, list[tuple[uuid.UUID, str]]]:
    return {
        "owner_id": list(possible_owners(uow).items()),
        "owner_organization_id": [(row.id, row.name) for row in uow.session.execute(_ORGANIZATIONS)],
    }
