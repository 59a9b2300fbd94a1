"""Pages of themes: what there is about housing, traffic or green."""

from __future__ import annotations

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from citycontent.models import Theme
from citycontent.paths import page as page_path
from citycontent.permissions import EDIT_THEME
from citycontent.queries import events, organizations, projects
from citycontent.queries.events import EventFilter
from citycontent.queries.organizations import OrganizationFilter
from citycontent.queries.projects import ProjectFilter
from citycontent.schemas import CreateTheme, CreateThemeSchema, UpdateTheme, UpdateThemeSchema
from citycontent.services.themes import create_theme, delete_theme, theme_values, update_theme
from citycontent.web import parts
from citycontent.web.atlas import Atlas, atlas
from citycontent.web.editing import FormPage, Section, delete_page, form_page
from citycontent.web.forms import FormSpec, Options
from citycontent.web.listing import theme_choices
from citycontent.web.pages import data_links, lost, pages, to_edit
from citycontent.web.projects import tabs
from samen_core.api import PageRequest, _
from samen_core.web.api import crumbs, current_uow, page_url, render

PATH = "/themas"
LABEL = _("Thema's")
MOST = 5
NEW, CHANGED = FormSpec(CreateThemeSchema), FormSpec(UpdateThemeSchema)
SECTIONS = (
    Section(_("Wat is het?"), ("name", "description", "parent_id")),
    Section(_("Meer gegevens"), ("alternative_names", "exact_match"), folded=True),
)


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme in the list, with the narrower ones under it."""

    link: parts.Link
    description: str
    below: list[parts.Link]


@pages.route(PATH, public=True)
def theme_list() -> ResponseReturnValue:
    """Every theme."""
    uow = current_uow()
    book = atlas(uow)
    lines = [
        ThemeLine(
            parts.Link(theme.name, page_url(theme.path)),
            theme.description,
            [parts.Link(below.name, page_url(below.path)) for below in book.subthemes(theme)],
        )
        for theme in book.themes.values()
        if theme.parent_id not in book.themes
    ]
    return render(
        "citycontent/themes.html",
        lines=lines,
        tabs=tabs(PATH),
        new_url=page_url(f"{PATH}/nieuw") if EDIT_THEME.allows(uow.actor) else None,
        breadcrumbs=crumbs((LABEL, None)),
    )


@pages.route(f"{PATH}/<slug>", public=True)
def theme_page(slug: str) -> ResponseReturnValue:
    """One theme: what is on, what is being done and who is about it."""
    uow = current_uow()
    book = atlas(uow)
    theme = book.theme_by_slug.get(slug)
    if theme is None:
        raise lost(uow, "theme", slug)
    request = PageRequest(limit=MOST)
    planned = events.list_events(uow, EventFilter(period="upcoming", theme_id=theme.id), request, with_count=False)
    running = projects.list_projects(uow, ProjectFilter(theme_id=theme.id), request, with_count=False)
    active = organizations.list_organizations(uow, OrganizationFilter(theme_id=theme.id), request, with_count=False)
    areas_of = projects.areas_of(uow, [row.id for row in running.items])
    parent = book.themes.get(theme.parent_id) if theme.parent_id else None
    here = f"?thema={slug}"
    return render(
        "citycontent/theme.html",
        theme=theme,
        parent=parts.Link(parent.name, page_url(parent.path)) if parent else None,
        below=[parts.Link(other.name, page_url(other.path)) for other in book.subthemes(theme)],
        events=[parts.event_row(book, row) for row in planned.items],
        events_url=page_url("/agenda") + here if planned.next else None,
        projects=[parts.project_row(book, row, areas_of.get(row.id, ())) for row in running.items],
        projects_url=page_url("/projecten") + here if running.next else None,
        organizations=[parts.organization_row(book, row) for row in active.items],
        organizations_url=page_url("/organisaties") + here if active.next else None,
        data_links=data_links("theme", theme.id),
        may_edit=EDIT_THEME.allows(uow.actor, theme.id),
        path=theme.path,
        breadcrumbs=crumbs((LABEL, PATH), *([(parent.name, parent.path)] if parent else []), (theme.name, None)),
    )


def _options(book: Atlas) -> Options:
    return {"parent_id": theme_choices(book)}


@pages.route(f"{PATH}/nieuw", permission=EDIT_THEME, methods=["GET", "POST"])
def theme_new() -> ResponseReturnValue:
    """Add a theme."""
    uow = current_uow()
    EDIT_THEME.require(uow.actor)
    page = FormPage(
        title=_("Thema toevoegen"),
        submit=_("Voeg het thema toe"),
        done=_("Het thema is toegevoegd."),
        path=f"{PATH}/nieuw",
        back=PATH,
        trail=((LABEL, PATH), (_("Toevoegen"), None)),
    )

    def write(command: CreateTheme) -> str:
        return page_path("theme", create_theme(uow, command).slug)

    return form_page(uow, page, NEW, SECTIONS, write, values={}, options=_options(atlas(uow)))


@pages.route(f"{PATH}/<slug>/bewerken", permission=EDIT_THEME, methods=["GET", "POST"])
def theme_edit(slug: str) -> ResponseReturnValue:
    """Change a theme."""
    uow = current_uow()
    theme = to_edit(uow, Theme, "theme", slug)
    id, name, path = theme.id, theme.name, page_path("theme", slug)
    EDIT_THEME.require(uow.actor, id)
    page = FormPage(
        title=_("{name} bewerken", name=name),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=f"{path}/bewerken",
        back=path,
        trail=((LABEL, PATH), (name, path), (_("Bewerken"), None)),
    )

    def write(command: UpdateTheme) -> str:
        return page_path("theme", update_theme(uow, id, command).slug)

    return form_page(uow, page, CHANGED, SECTIONS, write, values=theme_values(theme), options=_options(atlas(uow)))


@pages.route(f"{PATH}/<slug>/verwijderen", permission=EDIT_THEME, methods=["GET", "POST"])
def theme_delete(slug: str) -> ResponseReturnValue:
    """Take a theme away, after asking."""
    uow = current_uow()
    theme = to_edit(uow, Theme, "theme", slug)
    id, name, path = theme.id, theme.name, page_path("theme", slug)
    EDIT_THEME.require(uow.actor, id)
    page = FormPage(
        title=_("{name} verwijderen", name=name),
        lead=_("De pagina van het thema verdwijnt. Wat erover ging, blijft staan."),
        submit=_("Verwijder het thema"),
        done=_("Het thema is verwijderd."),
        path=f"{path}/verwijderen",
        back=path,
        trail=((LABEL, PATH), (name, path), (_("Verwijderen"), None)),
    )
    return delete_page(uow, page, theme.version, lambda command: delete_theme(uow, id, command), PATH)
