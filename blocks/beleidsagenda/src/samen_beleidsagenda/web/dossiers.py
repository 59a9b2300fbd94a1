"""The list of dossiers, with search and filters."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import (
    Atlas,
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
    unknown_filter,
)
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import LIGHT_LABELS, PHASE_LABELS, STATE_LABELS
from samen_beleidsagenda.models import PHASES, SIDE_PHASES
from samen_beleidsagenda.permissions import WRITE
from samen_beleidsagenda.queries.dossiers import DossierFilter, areas_of, list_dossiers
from samen_beleidsagenda.queries.lights import LIGHTS
from samen_beleidsagenda.queries.planning import holders as holder_choices
from samen_beleidsagenda.queries.say import LastSay, last_say
from samen_beleidsagenda.web.common import LABEL, pages, tabs
from samen_beleidsagenda.web.words import light_badge, phase_badge, state_badges
from samen_core.api import Text, UnitOfWork, _, format_date
from samen_core.web.api import BoundField, Row, crumbs, current_uow, page_url, render

TITLE = _("Dossiers")
SORTS = {"": "title", "gewijzigd": "changed"}
STATES = {"concept": "draft", "wacht": "submitted"}
EMPTY = (_("Er staan nog geen dossiers in"), _("Waar de gemeente aan werkt, komt hier te staan: van verkenning tot evaluatie."))


@pages.route(paths.DOSSIERS, public=True)
def dossier_list() -> ResponseReturnValue:
    """What the city works on."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(paths.DOSSIERS, "q", "fase", "thema", "gebied", "portefeuille", "licht", "staat", "volgorde")
    phase, light = one_of(where.values.get("fase", ""), (*PHASES, *SIDE_PHASES)), one_of(where.values.get("licht", ""), LIGHTS)
    order, state = one_of(where.values.get("volgorde", ""), SORTS), one_of(where.values.get("staat", ""), STATES)
    area, theme = area_filter(book, where), theme_filter(book, where)
    posts = [(str(post.id), post.label) for post in holder_choices(uow)]
    holder = _holder(where.values.get("portefeuille", ""), posts)
    writes = WRITE.somewhere(uow.actor)
    chosen = DossierFilter(
        text=where.values.get("q", ""),
        phase=phase,
        light=light,
        theme_id=theme.id if theme else None,
        area_ids=book.tree.within(area.id) if area else None,
        holder_id=holder[0] if holder else None,
        states=(STATES[state],) if state else ("published",),
    )
    found = list_dossiers(uow, chosen, where.request(), order=SORTS[order or ""])
    picked: list[tuple[str, Text | str | None]] = [("q", where.values.get("q")), ("fase", PHASE_LABELS[phase] if phase else None)]
    picked += [("licht", LIGHT_LABELS[light] if light else None), ("thema", theme.name if theme else None)]
    picked += [("gebied", area.name if area else None), ("portefeuille", holder[1] if holder else None)]
    picked += [("staat", STATE_LABELS[STATES[state]] if state else None)]
    picked_chips = chips(where, picked)

    def fields() -> list[BoundField]:
        made = [
            search_field(where, _("Zoek in dossiers")),
            select_field(where, "licht", _("Hoe staat het ervoor?"), [(code, LIGHT_LABELS[code]) for code in LIGHTS], _("Alles")),
            select_field(where, "fase", _("Fase"), PHASE_LABELS.items(), _("Alle fasen")),
            theme_field(book, where),
            area_field(book, where),
            select_field(where, "portefeuille", _("Portefeuillehouder"), posts, _("Iedereen")),
        ]
        if writes:
            states = [(code, STATE_LABELS[stored]) for code, stored in STATES.items()]
            made.append(select_field(where, "staat", _("Openbaar?"), states, _("Alleen wat openbaar is")))
        return made

    return render(
        "citycontent/list.html",
        title=TITLE,
        lead=_("Waar werkt de gemeente aan, hoe staat het ervoor, en wanneer kunt u meepraten?"),
        tabs=tabs(uow.actor, paths.DOSSIERS),
        list_url=page_url(paths.DOSSIERS),
        new=(page_url(f"{paths.DOSSIERS}/nieuw"), _("Leg een dossier aan")) if writes else None,
        filters=filters_part(where, fields, len(picked_chips), ("volgorde",), book=book, key=(writes, tuple(posts))),
        chips=picked_chips,
        count=in_words(found.count, _("dossier"), _("dossiers")),
        sorts=where.sorts("volgorde", (("", _("Op titel")), ("gewijzigd", _("Laatst gewijzigd eerst")))),
        rows=dossier_rows(uow, book, found.items),
        empty=EMPTY,
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
        **where.pager(found),
    )


def dossier_rows(uow: UnitOfWork, book: Atlas, rows: Sequence[Any]) -> list[Row]:
    """Dossiers in a list. Three statements, whatever the number."""
    ids = [row.id for row in rows]
    areas, says = (areas_of(uow, ids), last_say(uow, ids)) if ids else ({}, {})
    return [dossier_row(book, row, areas.get(row.id, ()), says.get(row.id)) for row in rows]


def dossier_row(book: Atlas, row: Any, area_ids: Iterable[uuid.UUID] = (), say: LastSay | None = None) -> Row:
    """A dossier in a list: how it stands, who holds it, where it is about, and until when one can have a say."""
    meta: list[tuple[str, Text | str]] = []
    if say is not None:
        meta.append(("messages-square", say_line(say)))
    if row.holder:
        meta.append(("user-round", row.holder))
    names = sorted(area.name for area in (book.tree.get(id) for id in area_ids) if area)
    if names:
        meta.append(("map-pin", ", ".join(names[:3]) + (" …" if len(names) > 3 else "")))
    badges = [phase_badge(row.phase)]
    if row.phase not in ("completed", "withdrawn"):
        badges.append(light_badge(row.light))
    return Row(row.title, page_url(paths.dossier(row.slug)), _short(row.summary), badges=(*badges, *state_badges(row)), meta=tuple(meta))


def say_line(say: LastSay) -> Text:
    """Until when one can have a say, in a few words."""
    if say.day is None:
        return _("Meepraten kan nu") if say.now else _("Meepraten kan vanaf {day}", day=format_date(say.start))
    return _("Meepraten kan tot en met {day}", day=format_date(say.day))


def _short(text: str, longest: int = 220) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest].rpartition(" ")[0] + " …"


def _holder(value: str, posts: Iterable[tuple[str, str]]) -> tuple[uuid.UUID, str] | None:
    """The post that the list is narrowed to. Raises Invalid for one that holds nothing."""
    if not value:
        return None
    label = dict(posts).get(value)
    if label is None:
        raise unknown_filter()
    return uuid.UUID(value), label
