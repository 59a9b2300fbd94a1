"""The ideas that staff handles: a list with filters, and one colleague for several at once."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import (
    area_field,
    area_filter,
    atlas,
    chips,
    filters_part,
    in_words,
    list_page,
    one_of,
    search_field,
    select_field,
    theme_field,
    theme_filter,
)
from samen_core.api import Invalid, Text, UnitOfWork, _, format_date, n_
from samen_core.web.api import BoundField, crumbs, current_uow, go, page_url, render, say
from samen_doe_mee import paths
from samen_doe_mee.labels import IDEA_KIND_LABELS, IDEA_STATE_LABELS, IDEA_STATUS_LABELS
from samen_doe_mee.models import IDEA_KINDS, IDEA_STATUSES
from samen_doe_mee.permissions import HANDLE_IDEAS
from samen_doe_mee.queries.idea_desk import ORDERS, STATES, DeskFilter, is_late, list_desk
from samen_doe_mee.schemas.idea_handling import MOST_AT_ONCE, AssignMany
from samen_doe_mee.services.idea_common import today
from samen_doe_mee.services.idea_handling import assign_many, possible_owners
from samen_doe_mee.web.common import DESK, LABEL, desk_tabs, pages, tabs
from samen_doe_mee.web.idea_parts import STATUS_KINDS, place_words, progress

TITLE = _("Ideeën behandelen")
FILTERS = ("q", "status", "staat", "soort", "thema", "gebied", "behandelaar", "te-laat", "gehaald")
SORTS: tuple[tuple[str, Text], ...] = (
    ("nieuwste", _("Nieuwste eerst")),
    ("oudste", _("Oudste eerst")),
    ("termijn", _("Termijn die eerst afloopt")),
    ("steun", _("Meeste steun eerst")),
)
ME, NOBODY, YES, ALL = "ik", "geen", "ja", "alles"
PER_PAGE = 50
BULK = f"{paths.DESK_IDEAS}/samen"


@pages.route(paths.DESK_IDEAS, permission=HANDLE_IDEAS)
def desk_ideas() -> ResponseReturnValue:
    """The ideas that the actor handles; without a choice those that stand on the website, newest first."""
    uow = current_uow()
    book, day = atlas(uow), today(uow)
    where = list_page(paths.DESK_IDEAS, *FILTERS, "volgorde")
    owners = possible_owners(uow)
    filter, picked = _chosen(uow, where, owners)
    order = one_of(where.values.get("volgorde", ""), ORDERS) or "nieuwste"
    found = list_desk(uow, filter, day, where.request(PER_PAGE), order)
    found_chips = chips(where, picked)

    def fields() -> list[BoundField]:
        yes: list[tuple[str, Text]] = [(YES, _("Ja"))]
        others = [pair for pair in IDEA_STATE_LABELS.items() if pair[0] != "published"]
        people: list[tuple[str, Text | str]] = [(ME, _("Ik")), (NOBODY, _("Niemand")), *((str(id), name) for id, name in owners.items())]
        return [
            search_field(where, _("Zoek in ideeën")),
            select_field(where, "status", _("Antwoord"), tuple(IDEA_STATUS_LABELS.items()), _("Alles")),
            select_field(where, "behandelaar", _("Behandelaar"), people, _("Iedereen")),
            select_field(where, "te-laat", _("Te laat"), yes, _("Alles")),
            select_field(where, "gehaald", _("Genoeg steun"), yes, _("Alles")),
            select_field(where, "soort", _("Soort"), tuple(IDEA_KIND_LABELS.items()), _("Alles")),
            select_field(where, "staat", _("Op de website"), [*others, (ALL, _("Alles"))], IDEA_STATE_LABELS["published"]),
            theme_field(book, where),
            area_field(book, where),
        ]

    return render(
        "doe_mee/desk_ideas.html",
        title=TITLE,
        tabs=tabs(uow.actor, paths.DESK),
        desk_tabs=desk_tabs(uow.actor, paths.DESK_IDEAS),
        list_url=page_url(paths.DESK_IDEAS),
        filters=filters_part(where, fields, len(found_chips), ("volgorde",)),
        chips=found_chips,
        count=in_words(found.count, _("idee"), _("ideeën")),
        sorts=where.sorts("volgorde", SORTS),
        rows=[_row(book, row, day) for row in found.items],
        owners=[(str(id), name) for id, name in owners.items()],
        bulk_url=page_url(BULK),
        back=where.url().partition("?")[2],
        dense=True,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK_IDEAS), (TITLE, None)),
        **where.pager(found),
    )


@pages.route(BULK, permission=HANDLE_IDEAS, methods=["POST"])
def desk_ideas_assign() -> ResponseReturnValue:
    """Give the chosen ideas to one colleague."""
    uow = current_uow()
    ids = _ids(request.form.getlist("idee"))
    owner = request.form.get("behandelaar", "")
    query = request.form.get("terug", "")
    back = f"{paths.DESK_IDEAS}?{query}" if query and "\n" not in query and "\r" not in query else paths.DESK_IDEAS
    if not ids or not owner:
        say(_("Kies eerst een of meer ideeën en een behandelaar."), "warning")
        return go(back)
    owner_id = None if owner == NOBODY else uow.actor.account_id if owner == ME else next(iter(_ids([owner])), None)
    if owner not in (NOBODY,) and owner_id is None:
        raise Invalid(_("Deze collega behandelt geen ideeën."))
    changed = assign_many(uow, AssignMany(idea_ids=tuple(ids), owner_id=owner_id))
    say(n_("{n} idee heeft nu deze behandelaar.", "{n} ideeën hebben nu deze behandelaar.", changed))
    return go(back)


def _chosen(uow: UnitOfWork, where: Any, owners: dict[uuid.UUID, str]) -> tuple[DeskFilter, list[tuple[str, Text | str | None]]]:
    """What the address narrows the list to. Raises Invalid for what does not exist."""
    book = atlas(uow)
    area, theme = area_filter(book, where), theme_filter(book, where)
    status = one_of(where.values.get("status", ""), IDEA_STATUSES)
    state = one_of(where.values.get("staat", ""), (*STATES, ALL))
    kind = one_of(where.values.get("soort", ""), IDEA_KINDS)
    who = one_of(where.values.get("behandelaar", ""), (ME, NOBODY, *(str(id) for id in owners)))
    late, reached = (one_of(where.values.get(name, ""), (YES,)) for name in ("te-laat", "gehaald"))
    owner: uuid.UUID | str | None = None
    if who:
        owner = "none" if who == NOBODY else uow.actor.account_id if who == ME else uuid.UUID(who)
    themes = [theme, *book.subthemes(theme)] if theme else []
    found = DeskFilter(
        text=where.values.get("q", ""),
        statuses=(status,) if status else (),
        states=() if state == ALL else (state,) if state else ("published",),
        kind=kind,
        owner_id=owner,
        area_ids=tuple(book.tree.within(area.id)) if area else None,
        theme_ids=tuple(each.id for each in themes) or None,
        late=bool(late),
        reached=bool(reached),
    )
    named = {ME: _("Van mij"), NOBODY: _("Van niemand")}
    return found, [
        ("q", where.values.get("q")),
        ("status", IDEA_STATUS_LABELS[status] if status else None),
        ("staat", (_("Alles") if state == ALL else IDEA_STATE_LABELS[state]) if state else None),
        ("soort", IDEA_KIND_LABELS[kind] if kind else None),
        ("behandelaar", (named.get(who) or owners[uuid.UUID(who)]) if who else None),
        ("te-laat", _("Te laat") if late else None),
        ("gehaald", _("Genoeg steun") if reached else None),
        ("thema", theme.name if theme else None),
        ("gebied", area.name if area else None),
    ]


def _row(book: Any, row: Any, day: Any) -> dict[str, Any]:
    flags: list[tuple[Text, str]] = [(IDEA_STATUS_LABELS[row.status], STATUS_KINDS[row.status])]
    if is_late(row, day):
        flags.append((_("Te laat"), "danger"))
    if row.reached_at is not None:
        flags.append((_("Genoeg steun"), "warm"))
    if row.kind == "challenge":
        flags.append((IDEA_KIND_LABELS["challenge"], "info"))
    if row.state != "published":
        flags.append((IDEA_STATE_LABELS[row.state], "warning"))
    due = row.answer_by or row.decide_by
    stand = progress(row, day)
    return {
        "id": row.id,
        "number": row.number,
        "title": row.title,
        "url": page_url(paths.desk_idea(row.slug)),
        "flags": flags,
        "where": place_words(book, row),
        "supports": stand.count if stand else "",
        "came": format_date(row.created_at),
        "due": format_date(due) if due else "",
        "owner": row.owner_name or "",
        "organization": row.organization_name or "",
    }


def _ids(values: list[str]) -> list[uuid.UUID]:
    found = []
    for text in values[:MOST_AT_ONCE]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
