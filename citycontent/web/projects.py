"""Pages of projects: the list, one project, and editing it."""

from __future__ import annotations

import uuid

from flask.typing import ResponseReturnValue

from citycontent.models import Project
from citycontent.models.project import PROJECT_STATUSES
from citycontent.paths import page as page_path
from citycontent.permissions import EDIT_PROJECT
from citycontent.queries import events, lookups, organizations, projects
from citycontent.queries.counters import facet
from citycontent.queries.events import EventFilter
from citycontent.queries.projects import ProjectFilter
from citycontent.schemas import PROJECT_STATUS_LABELS, CreateProject, CreateProjectSchema, UpdateProject, UpdateProjectSchema
from citycontent.services.projects import create_project, delete_project, project_values, update_project
from citycontent.web import parts
from citycontent.web.atlas import Atlas, atlas
from citycontent.web.dates import partial
from citycontent.web.editing import FormPage, Section, delete_page, form_page
from citycontent.web.forms import FormSpec, Named, Options
from citycontent.web.listing import (
    area_choices,
    area_field,
    area_filter,
    chips,
    counted,
    filters_part,
    in_words,
    list_page,
    one_of,
    search_field,
    select_field,
    theme_choices,
    theme_field,
    theme_filter,
    unknown_filter,
)
from citycontent.web.pages import data_links, lost, pages, to_edit
from samen_core.api import PageRequest, Text, UnitOfWork, _, format_number, latest_lines
from samen_core.web.api import crumbs, current_uow, page_url, render

PATH = "/projecten"
LABEL = _("Projecten")
ORDERS = {"": "name", "nieuwste": "newest"}
NAMED = {"lead_organization_id": Named("organization"), "partner_organization_ids": Named("organization", many=True)}
NEW, CHANGED = FormSpec(CreateProjectSchema, NAMED), FormSpec(UpdateProjectSchema, NAMED)
SECTIONS = (
    Section(_("Wat is het?"), ("name", "status", "summary", "description", "picture", "theme_ids")),
    Section(_("Wie doet het?"), ("lead_organization_id", "partner_organization_ids")),
    Section(_("Waar en wanneer?"), ("area_ids", "start_date", "end_date")),
    Section(_("Meer gegevens"), ("budget", "homepage", "identifiers", "links", "sources"), folded=True),
)
MOST_EVENTS = 6


def tabs(path: str) -> list[tuple[Text, str, bool]]:
    """Projects and themes, beside each other."""
    return [(label, page_url(there), there == path) for label, there in ((LABEL, PATH), (_("Thema's"), "/themas"))]


def organization_filter(uow: UnitOfWork, slug: str) -> tuple[uuid.UUID, str] | None:
    """The organisation that a list is narrowed to, with its name. Raises Invalid for one that does not exist."""
    if not slug:
        return None
    row = organizations.organization_by_slug(uow, slug)
    if row is None:
        raise unknown_filter()
    return row.id, row.name


@pages.route(PATH, public=True)
def project_list() -> ResponseReturnValue:
    """Projects with search and filters."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(PATH, "q", "status", "gebied", "thema", "organisatie", "volgorde")
    text, status = where.values.get("q", ""), one_of(where.values.get("status", ""), PROJECT_STATUSES)
    area, theme = area_filter(book, where), theme_filter(book, where)
    one_of(where.values.get("volgorde", ""), ORDERS)
    organization = organization_filter(uow, where.values.get("organisatie", ""))
    chosen = ProjectFilter(
        status,
        book.tree.within(area.id) if area else None,
        theme.id if theme else None,
        organization[0] if organization else None,
        text,
    )
    found = projects.list_projects(uow, chosen, where.request(), order=ORDERS[where.values.get("volgorde", "")])
    areas = projects.areas_of(uow, [row.id for row in found.items])
    numbers = facet(uow, "project.status")
    picked: list[tuple[str, Text | str | None]] = [("q", text), ("status", PROJECT_STATUS_LABELS.get(status or ""))]
    picked += [("gebied", area.name if area else None), ("thema", theme.name if theme else None)]
    picked += [("organisatie", organization[1] if organization else None)]
    picked_chips = chips(where, picked)
    return render(
        "citycontent/list.html",
        title=LABEL,
        lead=_("Wat gebeurt er in de stad, hoe ver is het en wie doen er mee?"),
        tabs=tabs(PATH),
        list_url=page_url(PATH),
        new=(page_url(f"{PATH}/nieuw"), _("Voeg een project toe")) if EDIT_PROJECT.somewhere(uow.actor) else None,
        filters=filters_part(
            where,
            lambda: [
                search_field(where, _("Zoek in projecten")),
                select_field(
                    where,
                    "status",
                    _("Hoe ver is het?"),
                    [(code, counted(PROJECT_STATUS_LABELS[code], numbers.get(code, 0))) for code in PROJECT_STATUSES],
                    _("Alles"),
                ),
                area_field(book, where),
                theme_field(book, where),
            ],
            len(picked_chips),
            (
                "volgorde",
                "organisatie",
            ),
            book=book,
            key=tuple(numbers.items()),
        ),
        chips=picked_chips,
        count=in_words(found.count, _("project"), _("projecten")),
        sorts=where.sorts("volgorde", (("", _("Op naam")), ("nieuwste", _("Nieuwste eerst")))),
        rows=[parts.project_row(book, row, areas.get(row.id, ())) for row in found.items],
        empty=(_("Er staan nog geen projecten in"), _("Plannen en werk in de stad komen hier te staan, van idee tot afgerond.")),
        breadcrumbs=crumbs((LABEL, None)),
        **where.pager(found),
    )


@pages.route(f"{PATH}/<slug>", public=True)
def project_page(slug: str) -> ResponseReturnValue:
    """One project: how far it is, who does it, where, and what is on the calendar."""
    uow = current_uow()
    row = projects.project_by_slug(uow, slug)
    if row is None:
        raise lost(uow, "project", slug)
    book = atlas(uow)
    links = lookups.links(uow, "project", row.id)
    partners = organizations.partners_of(uow, row.id) if links.partner_organization_ids else ()
    filter = EventFilter(project_id=row.id)
    planned = events.list_events(uow, filter, PageRequest(limit=MOST_EVENTS), order="latest", with_count=False)
    coming, past = parts.split_events(book, planned.items, uow.now)
    lines, more_lines = latest_lines(uow, row.id)
    return render(
        "citycontent/project.html",
        project=row,
        status=PROJECT_STATUS_LABELS[row.status],
        status_kind=parts.PROJECT_KINDS[row.status],
        lead=parts.thing_link("organization", row.lead_organization_name, row.lead_organization_slug),
        partners=[parts.thing_link("organization", partner.name, partner.slug) for partner in partners],
        areas=parts.area_links(book, links.area_ids),
        themes=parts.theme_links(book, links.theme_ids),
        start=partial(row.start_date),
        end=partial(row.end_date),
        budget=format_number(row.budget) if row.budget is not None else "",
        identifiers=[f"{scheme.upper()} {number}" for scheme, number in links.identifiers],
        events=coming,
        past_events=past,
        events_url=f"{page_url('/agenda')}?project={slug}" if planned.next else None,
        data_links=data_links("project", row.id),
        log=lines,
        more_log=more_lines,
        may_edit=EDIT_PROJECT.allows(uow.actor, row.id, scopes=scopes(row.lead_organization_id)),
        path=page_path("project", slug),
        breadcrumbs=crumbs((LABEL, PATH), (row.name, None)),
    )


def scopes(organization_id: uuid.UUID | None) -> tuple[uuid.UUID, ...]:
    """What else a grant may be on to edit a project: the organisation that leads it."""
    return (organization_id,) if organization_id else ()


def _options(book: Atlas) -> Options:
    return {"area_ids": area_choices(book), "theme_ids": theme_choices(book)}


@pages.route(f"{PATH}/nieuw", permission=EDIT_PROJECT, methods=["GET", "POST"])
def project_new() -> ResponseReturnValue:
    """Add a project."""
    uow = current_uow()
    page = FormPage(
        title=_("Project toevoegen"),
        submit=_("Voeg het project toe"),
        done=_("Het project staat erin. Iedereen kan het nu vinden."),
        path=f"{PATH}/nieuw",
        back=PATH,
        trail=((LABEL, PATH), (_("Toevoegen"), None)),
    )

    def write(command: CreateProject) -> str:
        return page_path("project", create_project(uow, command).slug)

    return form_page(uow, page, NEW, SECTIONS, write, values={}, options=_options(atlas(uow)))


@pages.route(f"{PATH}/<slug>/bewerken", permission=EDIT_PROJECT, methods=["GET", "POST"])
def project_edit(slug: str) -> ResponseReturnValue:
    """Change a project."""
    uow = current_uow()
    project = to_edit(uow, Project, "project", slug)
    id, name, path = project.id, project.name, page_path("project", slug)
    EDIT_PROJECT.require(uow.actor, id, scopes=scopes(project.lead_organization_id))
    page = FormPage(
        title=_("{name} bewerken", name=name),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=f"{path}/bewerken",
        back=path,
        trail=((LABEL, PATH), (name, path), (_("Bewerken"), None)),
    )

    def write(command: UpdateProject) -> str:
        return page_path("project", update_project(uow, id, command).slug)

    values = project_values(uow, project)
    return form_page(uow, page, CHANGED, SECTIONS, write, values=values, options=_options(atlas(uow)), owner=id)


@pages.route(f"{PATH}/<slug>/verwijderen", permission=EDIT_PROJECT, methods=["GET", "POST"])
def project_delete(slug: str) -> ResponseReturnValue:
    """Take a project away, after asking."""
    uow = current_uow()
    project = to_edit(uow, Project, "project", slug)
    id, name, path = project.id, project.name, page_path("project", slug)
    EDIT_PROJECT.require(uow.actor, id, scopes=scopes(project.lead_organization_id))
    page = FormPage(
        title=_("{name} verwijderen", name=name),
        lead=_(
            "De pagina verdwijnt. Is het project klaar of gestopt? Geef het dan die status, zodat iedereen kan lezen wat ervan geworden is."
        ),
        submit=_("Verwijder het project"),
        done=_("Het project is verwijderd."),
        path=f"{path}/verwijderen",
        back=path,
        trail=((LABEL, PATH), (name, path), (_("Verwijderen"), None)),
    )
    return delete_page(uow, page, project.version, lambda command: delete_project(uow, id, command), PATH)
