"""The agenda by theme, area, portfolio holder and body: overviews, and one page of each with its dossiers and coming moments."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import Atlas, Link, area_path, atlas, thing_link
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import BODY_KIND_LABELS
from samen_beleidsagenda.permissions import DEFINE, WRITE
from samen_beleidsagenda.queries import structure
from samen_beleidsagenda.queries.dossiers import DossierFilter, holders, list_dossiers
from samen_beleidsagenda.queries.entries import EntryFilter, first_entries
from samen_beleidsagenda.queries.lights import city_day
from samen_beleidsagenda.web.common import LABEL, pages, tabs
from samen_beleidsagenda.web.dossiers import dossier_rows
from samen_beleidsagenda.web.goals import goal_rows
from samen_beleidsagenda.web.moments import entry_row
from samen_beleidsagenda.web.participation_parts import follow_part
from samen_beleidsagenda.web.words import years
from samen_core.api import NotFound, PageRequest, Text, UnitOfWork, _, n_
from samen_core.web.api import Row, crumbs, current_uow, page_url, render

MOST = 8
NOTHING = (_("Hier staat nog niets op de agenda"), _("Dossiers en geplande momenten komen hier te staan zodra ze bekend zijn."))
Section = tuple[Text, str, list[Row], str | None, Text]
"""Title, id, rows, the address of all of them and what that is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A way into the agenda: the list of all themes, areas, portfolio holders or bodies. ``manage`` is the page where they are kept."""

    title: Text
    path: str
    lead: Text
    empty: tuple[Text, Text]
    manage: str = ""


THEMES = Overview(
    title=_("Thema's"),
    path=paths.THEMES,
    lead=_("Waar gaat het over? Per thema ziet u de doelen, de dossiers en wat er komt."),
    empty=(_("Er zijn nog geen thema's"), _("Zodra de stad thema's heeft, staan ze hier.")),
    manage=f"{paths.DESK}/themas",
)
AREAS = Overview(
    title=_("Wijken en buurten"),
    path=paths.AREAS,
    lead=_("Wat speelt er bij u? Kies uw wijk en zie waar de gemeente daar aan werkt."),
    empty=(_("Er zijn nog geen wijken"), _("Zodra de stad is ingedeeld in wijken en buurten, staan ze hier.")),
)
HOLDERS = Overview(
    title=_("Portefeuillehouders"),
    path=paths.HOLDERS,
    lead=_("Wie gaat waarover? Per portefeuillehouder ziet u de dossiers en wat er komt."),
    empty=(_("Nog niemand heeft een portefeuille"), _("Zodra bekend is wie waarover gaat, staat dat hier.")),
    manage=f"{paths.DESK}/themas",
)
BODIES = Overview(
    title=_("Organen"),
    path=paths.BODIES,
    lead=_("Wie beslist er? Per orgaan ziet u wat het gaat bespreken en besluiten."),
    empty=(_("Er zijn nog geen organen"), _("De raad, het college en de commissies komen hier te staan.")),
    manage=f"{paths.DESK}/organen",
)
OVERVIEWS = (THEMES, AREAS, HOLDERS, BODIES)


@pages.route(paths.THEMES, public=True)
def theme_overview() -> ResponseReturnValue:
    """Every theme with how many dossiers run on it."""
    uow = current_uow()
    book, held = atlas(uow), structure.holding_posts(uow)
    posts = holders(uow, held)
    by_theme: dict[uuid.UUID, list[str]] = {}
    for post_id, theme_ids in held.items():
        for theme_id in theme_ids if post_id in posts else ():
            by_theme.setdefault(theme_id, []).append(posts[post_id].label)
    rows = []
    for row in structure.themes(uow):
        if not row.running and not row.version and row.id in book.themes and book.themes[row.id].parent_id is not None:
            continue  # A part of another theme that the agenda does not use.
        running = n_("{n} lopend dossier", "{n} lopende dossiers", row.running) if row.running else _("Nog geen lopende dossiers")
        meta: list[tuple[str, Text | str]] = [("folder", running)]
        if row.id in by_theme:
            meta.append(("user-round", ", ".join(sorted(by_theme[row.id]))))
        rows.append(Row(row.name, page_url(f"{paths.THEMES}/{row.slug}"), row.description, meta=tuple(meta)))
    return _overview(uow, THEMES, rows)


@pages.route(paths.BODIES, public=True)
def body_overview() -> ResponseReturnValue:
    """Who decides: every body."""
    uow = current_uow()
    rows = [
        Row(row.name, page_url(f"{paths.BODIES}/{row.slug}"), row.abstract, badges=((BODY_KIND_LABELS[row.kind], "neutral"),))
        for row in structure.bodies(uow)
    ]
    return _overview(uow, BODIES, rows)


@pages.route(paths.HOLDERS, public=True)
def holder_overview() -> ResponseReturnValue:
    """Who holds which portfolio."""
    uow = current_uow()
    book = atlas(uow)
    held = structure.holding_posts(uow)
    rows = []
    for holder in sorted(holders(uow, held).values(), key=lambda holder: holder.label):
        names = sorted(book.themes[id].name for id in held[holder.id] if id in book.themes)
        people = ", ".join(name for name, _slug in holder.people)
        meta: tuple[tuple[str, Text | str], ...] = (("tag", ", ".join(names)),) if names else ()
        rows.append(Row(holder.label, page_url(f"{paths.HOLDERS}/{holder.id}"), people or holder.portfolio, meta=meta))
    return _overview(uow, HOLDERS, rows)


@pages.route(paths.AREAS, public=True)
def area_overview() -> ResponseReturnValue:
    """Every wijk with its buurten, to choose one's own."""
    uow = current_uow()
    book = atlas(uow)
    rows = [
        Row(wijk.name, page_url(f"{paths.AREAS}/{wijk.slug}"), ", ".join(buurt.name for buurt in book.inside(wijk))) for wijk in book.wijken
    ]
    return _overview(uow, AREAS, rows)


def _overview(uow: UnitOfWork, shown: Overview, rows: list[Row]) -> ResponseReturnValue:
    return render(
        "beleidsagenda/structure_list.html",
        title=shown.title,
        lead=shown.lead,
        tabs=tabs(uow.actor, shown.path),
        beside=[(other.title, page_url(other.path), other is shown) for other in OVERVIEWS],
        rows=rows,
        empty=shown.empty,
        manage_url=page_url(shown.manage) if shown.manage and DEFINE.allows(uow.actor) else None,
        breadcrumbs=crumbs((LABEL, paths.HOME), (shown.title, None)),
    )


@pages.route(f"{paths.THEMES}/<slug>", public=True)
def theme_of_agenda(slug: str) -> ResponseReturnValue:
    """A theme: its goals, who holds it, its dossiers and what is to come."""
    uow = current_uow()
    book = atlas(uow)
    theme = book.theme_by_slug.get(slug)
    if theme is None:
        raise NotFound
    profile, held = structure.theme_profile(uow, theme.id), structure.holdings(uow, theme_id=theme.id)
    goals = goal_rows(uow, theme.id)
    facts: list[tuple[Text, Any]] = [
        (_("Portefeuillehouder"), [_held_link(row) for row in held if row.now]),
        (_("Eerder"), [_held_link(row) for row in held if not row.now]),
        (_("Taakveld in de begroting"), profile.task_field if profile else ""),
        (_("Ook op deze website"), [Link(_("Alles over {theme}", theme=theme.name), page_url(theme.path))]),
    ]
    sections: list[Section] = [(_("Doelen"), "doelen", goals, None, _("Alle doelen"))] if goals else []
    sections += _sections(uow, book, DossierFilter(theme_id=theme.id), EntryFilter(theme_id=theme.id), f"thema={slug}")
    return _page(
        uow,
        THEMES,
        slug,
        title=theme.name,
        lead=theme.description,
        sections=sections,
        facts=facts,
        subject=theme.id,
        feed=f"thema={slug}",
        new=(page_url(f"{paths.THEMES}/{slug}/doel"), _("Voeg een doel toe")) if WRITE.somewhere(uow.actor) else None,
        manage=page_url(f"{paths.DESK}/themas/{slug}") if DEFINE.allows(uow.actor, theme.id) else None,
    )


@pages.route(f"{paths.AREAS}/<slug>", public=True)
def area_of_agenda(slug: str) -> ResponseReturnValue:
    """What happens in a wijk or buurt, and in what lies in it."""
    uow = current_uow()
    book = atlas(uow)
    area = book.tree.by_slug.get(slug)
    if area is None:
        raise NotFound
    ids = book.tree.within(area.id)
    outer = [other for other in book.tree.trail(area.id) if other.id != area.id]
    facts: list[tuple[Text, Any]] = [
        (_("Ligt in"), [Link(other.name, page_url(f"{paths.AREAS}/{other.slug}")) for other in outer]),
        (_("Hierbinnen"), [Link(other.name, page_url(f"{paths.AREAS}/{other.slug}")) for other in book.inside(area)]),
        (_("Ook op deze website"), [Link(_("Alles over {area}", area=area.name), page_url(area_path(area)))]),
    ]
    sections = _sections(uow, book, DossierFilter(area_ids=ids), EntryFilter(area_ids=ids), f"gebied={slug}")
    title = _("Op de agenda in {area}", area=area.name)
    return _page(uow, AREAS, slug, title=title, lead="", sections=sections, facts=facts, subject=area.id, feed=f"gebied={slug}")


@pages.route(f"{paths.HOLDERS}/<uuid:id>", public=True)
def holder_of_agenda(id: uuid.UUID) -> ResponseReturnValue:
    """A portfolio holder: who has the post, its themes, its dossiers and what is to come."""
    uow = current_uow()
    book = atlas(uow)
    holder = holders(uow, [id]).get(id)
    if holder is None:
        raise NotFound
    held = structure.holdings(uow, post_id=id)
    themes = [(row, book.themes[row.theme_id]) for row in held if row.theme_id in book.themes]
    facts: list[tuple[Text, Any]] = [
        (_("Wie is het?"), [thing_link("person", name, slug) for name, slug in holder.people] or _("Niemand op dit moment")),
        (_("Lid van"), [thing_link("organization", holder.organization, holder.organization_slug)]),
        (_("Thema's"), [Link(theme.name, page_url(f"{paths.THEMES}/{theme.slug}")) for row, theme in themes if row.now]),
        (_("Eerder"), [Link(theme.name, page_url(f"{paths.THEMES}/{theme.slug}")) for row, theme in themes if not row.now]),
    ]
    sections = _sections(uow, book, DossierFilter(holder_id=id), EntryFilter(holder_id=id), f"portefeuille={id}", with_holder=False)
    return _page(uow, HOLDERS, str(id), title=holder.label, lead=holder.portfolio, sections=sections, facts=facts)


@pages.route(f"{paths.BODIES}/<slug>", public=True)
def body_of_agenda(slug: str) -> ResponseReturnValue:
    """A body: what it is going to do."""
    uow = current_uow()
    body = structure.body_by_slug(uow, slug)
    if body is None:
        raise NotFound
    facts: list[tuple[Text, Any]] = [
        (_("Soort"), BODY_KIND_LABELS[body.kind]),
        (_("Wie zitten erin?"), [thing_link("organization", body.name, body.slug)]),
        (_("Website"), [Link(_("Vergaderingen op een andere website"), body.source_url)] if body.source_url else ""),
    ]
    coming = EntryFilter(body_id=body.organization_id)
    sections = [_moments(uow, coming, f"orgaan={slug}", with_body=False), _past_meetings(uow, coming, slug)]
    return _page(
        uow,
        BODIES,
        slug,
        title=body.name,
        lead=body.abstract,
        sections=[section for section in sections if section[2]],
        facts=facts,
        subject=body.organization_id,
        feed=f"orgaan={slug}",
        manage=page_url(f"{paths.DESK}/organen/{slug}") if DEFINE.allows(uow.actor, body.organization_id) else None,
    )


def _sections(
    uow: UnitOfWork, book: Atlas, dossiers: DossierFilter, coming: EntryFilter, query: str, *, with_holder: bool = True
) -> list[Section]:
    """The coming moments and the dossiers; only what there is. Five statements."""
    found = list_dossiers(uow, replace(dossiers, running=True), PageRequest(limit=MOST), order="changed", with_count=False)
    all_url = f"{page_url(paths.DOSSIERS)}?{query}"
    done: Section = (_("Dossiers"), "dossiers", dossier_rows(uow, book, found.items), all_url, _("Alle dossiers"))
    return [section for section in (_moments(uow, coming, query, with_holder=with_holder), done) if section[2]]


def _moments(uow: UnitOfWork, coming: EntryFilter, query: str, *, with_body: bool = True, with_holder: bool = True) -> Section:
    found = first_entries(uow, replace(coming, ends_from=city_day(uow), going_on=True), MOST)
    rows = [entry_row(row, with_body=with_body, with_holder=with_holder) for row in found]
    return _("Wat er komt"), "komt", rows, f"{page_url(paths.PLANNING)}?{query}", _("Heel de termijnagenda")


def _past_meetings(uow: UnitOfWork, coming: EntryFilter, slug: str) -> Section:
    rows = first_entries(uow, replace(coming, planned=False, end=city_day(uow)), MOST, order="latest")
    more = f"{page_url(paths.MEETINGS)}?orgaan={slug}"
    return (
        _("Vergaderingen tot nu toe"),
        "geweest",
        [entry_row(row, with_kind=False, with_body=False) for row in rows],
        more,
        _("Alle vergaderingen"),
    )


def _held_link(row: Any) -> Link:
    period = years(row.start_date, row.end_date)
    label = _("{post} ({period})", post=row.post, period=period) if period else row.post
    return Link(label, page_url(f"{paths.HOLDERS}/{row.post_id}"))


def _page(
    uow: UnitOfWork,
    inside: Overview,
    slug: str,
    *,
    title: Text | str,
    lead: str,
    sections: list[Section],
    facts: list[tuple[Text, Any]],
    subject: uuid.UUID | None = None,
    feed: str = "",
    new: tuple[str, Text] | None = None,
    manage: str | None = None,
) -> ResponseReturnValue:
    """One of these pages; ``slug`` is the end of its path."""
    return render(
        "beleidsagenda/structure.html",
        title=title,
        lead=lead,
        sections=sections,
        facts=[(name, value) for name, value in facts if value],
        nothing=NOTHING,
        follow=follow_part(uow, subject, f"{inside.path}/{slug}") if subject else "",
        feed_url=f"{page_url(paths.FEEDS)}?{feed}" if feed else None,
        new=new,
        manage_url=manage,
        breadcrumbs=crumbs((LABEL, paths.HOME), (inside.title, inside.path), (title, None)),
    )
