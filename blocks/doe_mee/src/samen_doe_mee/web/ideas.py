"""The list of ideas, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import bindparam, select

from citycontent.api import SECTOR_LABELS
from citycontent.web.api import (
    Atlas,
    area_field,
    area_path,
    atlas,
    chips,
    filters_part,
    in_words,
    list_page,
    one_of,
    search_field,
    small_map,
    theme_field,
)
from samen_core.api import (
    CITY_TIME_ZONE,
    NotFound,
    SubjectCard,
    Text,
    UnitOfWork,
    _,
    cards,
    format_date,
    format_day,
    hidden_reasons,
    stored_files,
)
from samen_core.web.api import BoundField, crumbs, current_uow, go, page_url, render, render_status
from samen_doe_mee import paths
from samen_doe_mee.labels import IDEA_KIND_LABELS, IDEA_STATUS_LABELS
from samen_doe_mee.models import Idea
from samen_doe_mee.queries import ideas as queries
from samen_doe_mee.schemas.ideas import ChallengeSchema
from samen_doe_mee.services.idea_common import is_author, may_handle, may_see, today
from samen_doe_mee.services.ideas import can_edit, can_withdraw
from samen_doe_mee.services.sharing import of_idea
from samen_doe_mee.web import idea_parts
from samen_doe_mee.web.common import LABEL, pages, tabs
from samen_doe_mee.web.idea_codes import code_for
from samen_doe_mee.web.idea_parts_inside import inside
from samen_doe_mee.web.share import share_tags

TITLE = _("Ideeën van inwoners")
EMPTY = (
    _("Er zijn nog geen ideeën"),
    _("Wat inwoners willen voor hun buurt of de stad, komt hier te staan. Dien als eerste een idee in."),
)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that became of an idea: when, what in words, the text for everybody, and what it led to ("" for no page)."""

    day: str
    title: Text
    text: str
    name: str = ""
    url: str = ""


@pages.route(paths.IDEAS, public=True)
def idea_list() -> ResponseReturnValue:
    """Ideas of residents, with search, filters and three orders."""
    uow = current_uow()
    book, day = atlas(uow), today(uow)
    where = list_page(paths.IDEAS, *idea_parts.FILTERS, "volgorde")
    chosen = idea_parts.narrowed(book, where)
    order = one_of(where.values.get("volgorde", ""), [name for name in queries.ORDERS if name])
    found = queries.list_ideas(uow, chosen.filter, day, where.request(), order or "")
    picked = chips(where, chosen.picked)

    def fields() -> list[BoundField]:
        return [
            search_field(where, _("Zoek in ideeën")),
            theme_field(book, where),
            area_field(book, where),
            idea_parts.status_field(where),
            idea_parts.term_field(where),
            idea_parts.kind_field(where),
        ]

    return render(
        "doe_mee/ideas.html",
        title=TITLE,
        lead=_("Wat inwoners willen voor hun buurt of de stad. Steun een idee, of kom met uw eigen."),
        tabs=tabs(uow.actor, paths.IDEAS),
        list_url=page_url(paths.IDEAS),
        map_url=page_url(f"{paths.MAP}?soort=idee"),
        new=(page_url(paths.NEW_IDEA), _("Dien een idee in")),
        code_url=page_url(CODE),
        filters=filters_part(where, fields, len(picked), ("volgorde",), book=book, key="doe_mee.ideas"),
        chips=picked,
        count=in_words(found.count, _("idee"), _("ideeën")),
        sorts=where.sorts("volgorde", (("", _("Nieuwste eerst")), ("steun", _("Meeste steun eerst")), ("einde", _("Bijna voorbij eerst")))),
        rows=idea_parts.idea_rows(book, found.items, day),
        empty=EMPTY,
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
        **where.pager(found),
    )


CODE = f"{paths.IDEAS}/mijn-code"
_BY_SLUG = select(Idea).where(Idea.slug == bindparam("slug"))


@pages.route(paths.idea("<slug>"), public=True, cache=False)
def idea_page(slug: str) -> ResponseReturnValue:
    """One idea: what and where, how it stands, what was done with it, and how to take part."""
    uow = current_uow()
    idea = uow.session.execute(_BY_SLUG, {"slug": slug}).scalar_one_or_none()
    if idea is None:
        raise NotFound
    code = code_for(uow, idea)
    if not may_see(uow, idea, code):
        raise NotFound
    handles, own = may_handle(uow, idea), is_author(uow, idea, code)
    shows = handles or request.args.get("bekijk") == "ja"
    if idea.state == "merged" and not shows and (into := queries.idea_link(uow, idea.merged_into_id)):
        return go(paths.idea(into.slug))
    if idea.state == "withdrawn" and not handles:
        return _withdrawn(uow, idea)
    return _page(uow, idea, handles=handles, own=own)


def _withdrawn(uow: UnitOfWork, idea: Idea) -> ResponseReturnValue:
    """What is left of an idea that was taken back: that it was, and why when its author told."""
    steps = [row for row in queries.steps_of(uow, idea.id) if row.kind == "withdrawn"]
    return render_status(
        410,
        "doe_mee/idea_withdrawn.html",
        title=_("Dit idee is ingetrokken"),
        day=format_date(steps[-1].at.astimezone(CITY_TIME_ZONE)) if steps else "",
        reason=steps[-1].text if steps else "",
        list_url=page_url(paths.IDEAS),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.IDEAS), (_("Ingetrokken"), None)),
    )


def _page(uow: UnitOfWork, idea: Idea, *, handles: bool, own: bool) -> ResponseReturnValue:
    book, day = atlas(uow), today(uow)
    area = book.tree.get(idea.area_id)
    theme = book.themes.get(idea.theme_id) if idea.theme_id else None
    office = queries.organization(uow, idea.owner_organization_id)
    behalf = cards(uow, [idea.on_behalf_of_id]).get(idea.on_behalf_of_id) if idea.on_behalf_of_id else None
    into = queries.idea_link(uow, idea.merged_into_id)
    edit = own and can_edit(uow, idea)
    return render(
        "doe_mee/idea.html",
        idea=idea,
        title=idea.title,
        kind=IDEA_KIND_LABELS[idea.kind],
        badges=idea_parts.badges(idea, day),
        status=IDEA_STATUS_LABELS[idea.status],
        meaning=idea_parts.STATUS_MEANING[idea.status],
        progress=idea_parts.progress(idea, day),
        facts=_handling(idea, day),
        office=office,
        office_url=page_url(f"/organisaties/{office.slug}") if office else "",
        place=idea_parts.place_words(book, idea),
        area=area,
        area_url=page_url(area_path(area)) if area else "",
        theme=theme,
        theme_url=page_url(theme.path) if theme else "",
        map=_map(book, idea),
        pictures=[file for file in stored_files(uow, [idea.id])[idea.id] if file.kind == "picture"],
        challenge=challenge_lines(idea),
        author=idea.author_name or _("Anoniem"),
        behalf=behalf,
        sector=(idea.sector, SECTOR_LABELS[idea.sector]),
        published=format_date(idea.published_at.astimezone(CITY_TIME_ZONE)) if idea.published_at else "",
        edited=format_date(idea.edited_at.astimezone(CITY_TIME_ZONE)) if idea.edited_at else "",
        steps=steps_of(uow, idea),
        into=into,
        into_url=page_url(paths.idea(into.slug)) if into else "",
        hidden=hidden_reasons(uow, [idea.id]).get(idea.id) if idea.state == "hidden" else None,
        own=own,
        edit_url=page_url(paths.idea(idea.slug, "bewerken")) if edit else "",
        withdraw_url=page_url(paths.idea(idea.slug, "intrekken")) if own and can_withdraw(idea) else "",
        work_url=page_url(paths.desk_idea(idea.slug)) if handles else "",
        own_url=page_url(CODE),
        share=share_tags(of_idea(uow, idea)) if idea.state == "published" else None,
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.IDEAS), (idea.title, None)),
        **inside(uow, idea),
    )


def _handling(idea: Idea, day: date) -> list[tuple[Text, Text | str]]:
    """Until when there will be an answer, and since when it is late."""
    found: list[tuple[Text, Text | str]] = []
    if idea.decide_by is not None and idea.status in ("received", "in_conversation"):
        late = idea.decide_by < day
        found.append((_("Besluit was er uiterlijk op") if late else _("Besluit uiterlijk op"), _until(idea.decide_by, late=late)))
    elif idea.answer_by is not None and idea.status == "received":
        late = idea.answer_by < day
        found.append((_("Antwoord was er uiterlijk op") if late else _("Antwoord uiterlijk op"), _until(idea.answer_by, late=late)))
    return found


def _until(on: date, *, late: bool) -> Text | str:
    return _("{day} (dit is te laat)", day=format_day(on)) if late else format_day(on)


def _map(book: Atlas, idea: Idea) -> Any:
    return small_map(book, [(idea.lat, idea.lon)], _("Waar het is")) if idea.lat is not None and idea.lon is not None else ""


def challenge_lines(idea: Idea) -> list[tuple[Text, Any]]:
    """The own fields of a challenge with their labels."""
    if not idea.challenge:
        return []
    stored = idea.challenge
    labels = {name: item.metadata["label"] for name, item in ChallengeSchema().load_fields.items()}
    return [(labels[name], stored[name]) for name in labels if stored.get(name) not in (None, "")]


def steps_of(uow: UnitOfWork, idea: Idea) -> list[Step]:
    """What became of it, first to last. At most two statements."""
    rows = queries.steps_of(uow, idea.id)
    found = cards(uow, [row.subject_id for row in rows if row.subject_id])
    return [_step(row, found.get(row.subject_id)) for row in rows]


def _step(row: Any, card: SubjectCard | None) -> Step:
    url = page_url(card.url) if card is not None and card.url and card.state in ("active", "merged") else ""
    if url and card is not None and card.state == "merged":
        # Its page leads to the idea that it became part of; who wants to see what was said there asks for it.
        url += "?bekijk=ja"
    day = format_date(row.at.astimezone(CITY_TIME_ZONE))
    return Step(day, step_title(row.kind, row.status), row.text, card.title if card else "", url)


def step_title(kind: str, status: str) -> Text:
    """What a step is called."""
    known = {
        "received": _("Ingediend"),
        "reached": _("Genoeg mensen steunen dit idee"),
        "went_to": _("Het idee gaat verder"),
        "merged": _("Samengevoegd met een ander idee"),
        "unmerged": _("Weer een eigen idee"),
        "joined": _("Een ander idee hoort nu hierbij"),
        "withdrawn": _("Ingetrokken door de indiener"),
    }
    return known.get(kind) or IDEA_STATUS_LABELS[status]
