"""Where a manager sets up the agenda: which organisations are bodies, and the place and portfolio holders of themes."""

from __future__ import annotations

import uuid
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Named, Section, ThemeView, atlas, delete_page, form_page
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import BODY_KIND_LABELS
from samen_beleidsagenda.models import Body, ThemeHolder
from samen_beleidsagenda.permissions import DEFINE
from samen_beleidsagenda.queries import structure
from samen_beleidsagenda.schemas.structure import (
    DefineBody,
    DefineBodySchema,
    EndHolder,
    EndHolderSchema,
    NameHolder,
    NameHolderSchema,
    SetThemeProfile,
    SetThemeProfileSchema,
    UpdateBody,
    UpdateBodySchema,
)
from samen_beleidsagenda.services.bodies import body_values, define_body, remove_body, update_body
from samen_beleidsagenda.services.themes import end_holder, name_holder, profile_values, set_profile
from samen_beleidsagenda.web.common import DESK, LABEL, desk_tabs, pages, tabs
from samen_beleidsagenda.web.structure import BODIES, THEMES
from samen_beleidsagenda.web.words import years
from samen_core.api import NotFound, Text, UnitOfWork, _
from samen_core.web.api import crumbs, current_uow, page_url, render

BODIES_DESK, THEMES_DESK = f"{paths.DESK}/organen", f"{paths.DESK}/themas"
NEW_BODY = FormSpec(DefineBodySchema, {"organization_id": Named("organization")})
Trail = tuple[tuple[Text | str, str | None], ...]


def _trail(label: Text, path: str, *more: tuple[Text | str, str | None]) -> Trail:
    return (LABEL, paths.HOME), (DESK, paths.DESK), (label, path), *more


@pages.route(BODIES_DESK, permission=DEFINE)
def desk_bodies() -> ResponseReturnValue:
    """Every body, to add and change them."""
    uow = current_uow()
    DEFINE.require(uow.actor)
    return render(
        "beleidsagenda/desk_bodies.html",
        title=BODIES.title,
        tabs=tabs(uow.actor, paths.DESK),
        desk_tabs=desk_tabs(uow.actor, BODIES_DESK),
        lines=[(row, BODY_KIND_LABELS[row.kind], page_url(f"{BODIES_DESK}/{row.slug}")) for row in structure.bodies(uow)],
        new_url=page_url(f"{BODIES_DESK}/nieuw"),
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (BODIES.title, None)),
    )


@pages.route(f"{BODIES_DESK}/nieuw", permission=DEFINE, methods=["GET", "POST"])
def body_new() -> ResponseReturnValue:
    """Make a body of an organisation."""
    uow = current_uow()
    DEFINE.require(uow.actor)
    page = FormPage(
        title=_("Een orgaan toevoegen"),
        lead=_(
            "Een orgaan is een organisatie die besluit of adviseert: de raad, het college, een commissie. Voeg eerst de organisatie toe."
        ),
        submit=_("Voeg het orgaan toe"),
        done=_("Het orgaan is toegevoegd."),
        path=f"{BODIES_DESK}/nieuw",
        back=BODIES_DESK,
        trail=_trail(BODIES.title, BODIES_DESK, (_("Toevoegen"), None)),
    )

    def write(command: DefineBody) -> str:
        define_body(uow, command)
        return BODIES_DESK

    sections = (Section(_("Het orgaan"), ("organization_id", "kind", "position", "source_url")),)
    return form_page(uow, page, NEW_BODY, sections, write, values={"position": 0})


@pages.route(f"{BODIES_DESK}/<slug>", permission=DEFINE, methods=["GET", "POST"])
def body_edit(slug: str) -> ResponseReturnValue:
    """Change what is known of a body."""
    uow = current_uow()
    row, body = _body(uow, slug)
    page = FormPage(
        title=_("{name} bewerken", name=row.name),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=f"{BODIES_DESK}/{slug}",
        back=BODIES_DESK,
        trail=_trail(BODIES.title, BODIES_DESK, (row.name, None)),
    )

    def write(command: UpdateBody) -> str:
        update_body(uow, body.organization_id, command)
        return BODIES_DESK

    sections = (Section(_("Het orgaan"), ("kind", "position", "source_url")),)
    return form_page(uow, page, FormSpec(UpdateBodySchema), sections, write, values=body_values(body))


@pages.route(f"{BODIES_DESK}/<slug>/weghalen", permission=DEFINE, methods=["GET", "POST"])
def body_remove(slug: str) -> ResponseReturnValue:
    """Say that an organisation is no body after all."""
    uow = current_uow()
    row, body = _body(uow, slug)
    page = FormPage(
        title=_("{name} weghalen als orgaan", name=row.name),
        lead=_("De organisatie blijft bestaan. Dit kan alleen als het orgaan nog niets heeft gepland of besloten."),
        submit=_("Haal het orgaan weg"),
        done=_("De organisatie is geen orgaan meer."),
        path=f"{BODIES_DESK}/{slug}/weghalen",
        back=BODIES_DESK,
        trail=_trail(BODIES.title, BODIES_DESK, (row.name, f"{BODIES_DESK}/{slug}"), (_("Weghalen"), None)),
    )
    return delete_page(uow, page, body.version, lambda command: remove_body(uow, body.organization_id, command.version), BODIES_DESK)


@pages.route(THEMES_DESK, permission=DEFINE)
def desk_themes() -> ResponseReturnValue:
    """Every theme, to set its place and who holds it."""
    uow = current_uow()
    DEFINE.require(uow.actor)
    held: dict[uuid.UUID, list[str]] = {}
    for row in structure.holdings(uow):
        if row.now:
            held.setdefault(row.theme_id, []).append(row.post)
    return render(
        "beleidsagenda/desk_themes.html",
        title=THEMES.title,
        tabs=tabs(uow.actor, paths.DESK),
        desk_tabs=desk_tabs(uow.actor, THEMES_DESK),
        lines=[(row, ", ".join(held.get(row.id, ())), page_url(f"{THEMES_DESK}/{row.slug}")) for row in structure.themes(uow)],
        new_url=page_url("/themas/nieuw"),
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (THEMES.title, None)),
    )


@pages.route(f"{THEMES_DESK}/<slug>", permission=DEFINE)
def desk_theme(slug: str) -> ResponseReturnValue:
    """One theme: its place, its task field and its portfolio holders by period."""
    uow = current_uow()
    theme = _theme(uow, slug)
    there = f"{THEMES_DESK}/{slug}"
    return render(
        "beleidsagenda/desk_theme.html",
        theme=theme,
        profile=profile_values(structure.theme_profile(uow, theme.id)),
        holders=[
            (row, years(row.start_date, row.end_date) or _("zonder einde"), page_url(f"{paths.DESK}/portefeuilles/{row.id}"))
            for row in structure.holdings(uow, theme_id=theme.id)
        ],
        tabs=tabs(uow.actor, paths.DESK),
        desk_tabs=desk_tabs(uow.actor, THEMES_DESK),
        profile_url=page_url(f"{there}/bewerken"),
        holder_url=page_url(f"{there}/portefeuillehouder"),
        public_url=page_url(f"{paths.THEMES}/{slug}"),
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (THEMES.title, THEMES_DESK), (theme.name, None)),
    )


@pages.route(f"{THEMES_DESK}/<slug>/bewerken", permission=DEFINE, methods=["GET", "POST"])
def theme_profile(slug: str) -> ResponseReturnValue:
    """Set the place and the task field of a theme."""
    uow = current_uow()
    theme = _theme(uow, slug)
    there = f"{THEMES_DESK}/{slug}"
    page = FormPage(
        title=_("{name} op de beleidsagenda", name=theme.name),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=f"{there}/bewerken",
        back=there,
        trail=_trail(THEMES.title, THEMES_DESK, (theme.name, there), (_("Bewerken"), None)),
    )

    def write(command: SetThemeProfile) -> str:
        set_profile(uow, theme.id, command)
        return there

    values = profile_values(structure.theme_profile(uow, theme.id))
    sections = (Section(_("Het thema"), ("position", "task_field")),)
    return form_page(uow, page, FormSpec(SetThemeProfileSchema), sections, write, values=values)


@pages.route(f"{THEMES_DESK}/<slug>/portefeuillehouder", permission=DEFINE, methods=["GET", "POST"])
def holder_new(slug: str) -> ResponseReturnValue:
    """Give a theme to a post, for a period."""
    uow = current_uow()
    theme = _theme(uow, slug)
    there = f"{THEMES_DESK}/{slug}"
    page = FormPage(
        title=_("Wie gaat over {theme}?", theme=theme.name),
        lead=_("U kiest een functie bij een orgaan, bijvoorbeeld wethouder verkeer. Wie de functie heeft, komt er vanzelf bij te staan."),
        submit=_("Geef het thema aan deze functie"),
        done=_("De portefeuillehouder staat erbij."),
        path=f"{there}/portefeuillehouder",
        back=there,
        trail=_trail(THEMES.title, THEMES_DESK, (theme.name, there), (_("Portefeuillehouder"), None)),
    )

    def write(command: NameHolder) -> str:
        name_holder(uow, theme.id, command)
        return there

    posts = [
        (post.id, _("{post}, {organization}", post=post.label, organization=post.organization)) for post in structure.portfolio_posts(uow)
    ]
    sections = (Section(_("De portefeuillehouder"), ("post_id", "start_date", "end_date")),)
    return form_page(uow, page, FormSpec(NameHolderSchema), sections, write, values={}, options={"post_id": posts})


@pages.route(f"{paths.DESK}/portefeuilles/<uuid:id>", permission=DEFINE, methods=["GET", "POST"])
def holder_end(id: uuid.UUID) -> ResponseReturnValue:
    """Say until when a post holds a theme."""
    uow = current_uow()
    holder = uow.session.get(ThemeHolder, id)
    theme = atlas(uow).themes.get(holder.theme_id) if holder else None
    if holder is None or theme is None:
        raise NotFound
    DEFINE.require(uow.actor, theme.id)
    there = f"{THEMES_DESK}/{theme.slug}"
    page = FormPage(
        title=_("Tot wanneer?"),
        lead=_("De portefeuillehouder van {theme} blijft met de periode op de pagina van het thema staan.", theme=theme.name),
        submit=_("Bewaar de einddatum"),
        done=_("De einddatum is bewaard."),
        path=f"{paths.DESK}/portefeuilles/{id}",
        back=there,
        trail=_trail(THEMES.title, THEMES_DESK, (theme.name, there), (_("Einddatum"), None)),
    )

    def write(command: EndHolder) -> str:
        end_holder(uow, id, command)
        return there

    sections = (Section(_("Einde"), ("end_date",)),)
    return form_page(uow, page, FormSpec(EndHolderSchema), sections, write, values={"end_date": holder.end_date})


def _theme(uow: UnitOfWork, slug: str) -> ThemeView:
    theme = atlas(uow).theme_by_slug.get(slug)
    if theme is None:
        raise NotFound
    DEFINE.require(uow.actor, theme.id)
    return theme


def _body(uow: UnitOfWork, slug: str) -> tuple[Any, Body]:
    row = structure.body_by_slug(uow, slug)
    if row is None:
        raise NotFound
    DEFINE.require(uow.actor, row.organization_id)
    return row, uow.session.get_one(Body, row.organization_id)
