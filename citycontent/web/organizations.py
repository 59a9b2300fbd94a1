"""Pages of organisations: the list, one organisation, and editing it."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from citycontent.models import Organization
from citycontent.models.organization import SECTORS
from citycontent.paths import page as page_path
from citycontent.permissions import EDIT_ORGANIZATION
from citycontent.queries import events, lookups, memberships, organizations, projects
from citycontent.queries.counters import facet
from citycontent.queries.events import EventFilter
from citycontent.queries.organizations import OrganizationFilter
from citycontent.schemas import CreateOrganization, CreateOrganizationSchema, UpdateOrganization, UpdateOrganizationSchema
from citycontent.schemas.organization import SECTOR_LABELS
from citycontent.services.organizations import create_organization, delete_organization, organization_values, update_organization
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
)
from citycontent.web.pages import data_links, lost, pages, to_edit
from samen_core.api import PageRequest, Text, _, latest_lines
from samen_core.web.api import crumbs, current_uow, page_url, render

PATH = "/organisaties"
LABEL = _("Organisaties")
ORDERS = {"": "name", "nieuwste": "newest"}
NAMED = {"parent_id": Named("organization")}
NEW = FormSpec(CreateOrganizationSchema, NAMED)
CHANGED = FormSpec(UpdateOrganizationSchema, NAMED)
SECTIONS = (
    Section(_("Wat is het?"), ("name", "sector", "classification", "abstract", "description", "picture", "theme_ids")),
    Section(_("Waar en hoe te bereiken?"), ("area_id", "address", "email", "phone", "homepage")),
    Section(
        _("Meer gegevens"),
        ("parent_id", "legal_form", "founding_date", "dissolution_date", "other_names", "identifiers", "links", "sources"),
        folded=True,
    ),
)


def tabs(path: str) -> list[tuple[Text, str, bool]]:
    """Organisations and persons, beside each other."""
    return [(label, page_url(there), there == path) for label, there in ((LABEL, PATH), (_("Personen"), "/personen"))]


@pages.route(PATH, public=True)
def organization_list() -> ResponseReturnValue:
    """Organisations with search and filters."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(PATH, "q", "sector", "gebied", "thema", "onvolledig", "volgorde")
    text, sector = where.values.get("q", ""), one_of(where.values.get("sector", ""), SECTORS)
    area, theme = area_filter(book, where), theme_filter(book, where)
    one_of(where.values.get("volgorde", ""), ORDERS)
    incomplete = one_of(where.values.get("onvolledig", ""), ("ja",)) is not None and EDIT_ORGANIZATION.somewhere(uow.actor)
    chosen = OrganizationFilter(
        sector, book.tree.within(area.id) if area else None, theme.id if theme else None, text=text, incomplete=incomplete
    )
    found = organizations.list_organizations(uow, chosen, where.request(), order=ORDERS[where.values.get("volgorde", "")])
    numbers = facet(uow, "organization.sector")
    sectors = [(code, counted(SECTOR_LABELS[code], numbers.get(code, 0))) for code in SECTORS]
    picked: list[tuple[str, Text | str | None]] = [("q", text), ("sector", SECTOR_LABELS.get(sector or ""))]
    picked += [("gebied", area.name if area else None), ("thema", theme.name if theme else None)]
    picked += [("onvolledig", _("Zonder beschrijving of contactgegevens") if incomplete else None)]
    picked_chips = chips(where, picked)
    return render(
        "citycontent/list.html",
        title=LABEL,
        lead=_("Wie zijn er actief in de stad? Overheid, bedrijven, maatschappelijke organisaties en groepen van inwoners."),
        tabs=tabs(PATH),
        list_url=page_url(PATH),
        new=(page_url(f"{PATH}/nieuw"), _("Voeg een organisatie toe")) if EDIT_ORGANIZATION.allows(uow.actor) else None,
        filters=filters_part(
            where,
            lambda: [
                search_field(where, _("Zoek op naam of soort")),
                select_field(where, "sector", _("Sector"), sectors, _("Alle sectoren")),
                area_field(book, where),
                theme_field(book, where),
            ],
            len(picked_chips),
            (
                "volgorde",
                "onvolledig",
            ),
            book=book,
            key=tuple(numbers.items()),
        ),
        chips=picked_chips,
        count=in_words(found.count, _("organisatie"), _("organisaties")),
        sorts=where.sorts("volgorde", (("", _("Op naam")), ("nieuwste", _("Nieuwste eerst")))),
        rows=[parts.organization_row(book, row) for row in found.items],
        empty=(_("Er staan nog geen organisaties in"), _("Verenigingen, bedrijven, instellingen en overheden komen hier te staan.")),
        breadcrumbs=crumbs((LABEL, None)),
        **where.pager(found),
    )


@pages.route(f"{PATH}/<slug>", public=True)
def organization_page(slug: str) -> ResponseReturnValue:
    """One organisation, with its people, projects, events and what other blocks know of it."""
    uow = current_uow()
    row = organizations.organization_by_slug(uow, slug)
    if row is None:
        raise lost(uow, "organization", slug)
    book = atlas(uow)
    links = lookups.links(uow, "organization", row.id)
    own_projects = projects.projects_of(uow, row.id, 7)
    own_events = events.list_events(uow, EventFilter(period="upcoming", organization_id=row.id), PageRequest(limit=4), with_count=False)
    lines, more_lines = latest_lines(uow, row.id)
    path = page_path("organization", slug)
    return render(
        "citycontent/organization.html",
        organization=row,
        sector=SECTOR_LABELS[row.sector],
        classification=parts.capital(row.classification),
        address=parts.address_lines(row),
        areas=parts.area_links(book, [row.area_id]),
        themes=parts.theme_links(book, links.theme_ids),
        parent=parts.thing_link("organization", row.parent_name, row.parent_slug),
        children=[parts.thing_link("organization", part.name, part.slug) for part in organizations.suborganizations(uow, row.id)],
        roles=parts.roles(memberships.people_of(uow, row.id)),
        projects=[parts.project_row(book, project) for project in own_projects[:6]],
        projects_url=f"{page_url('/projecten')}?organisatie={slug}" if len(own_projects) > 6 else None,
        events=[parts.event_row(book, event) for event in own_events.items],
        events_url=f"{page_url('/agenda')}?organisatie={slug}" if own_events.next else None,
        founded=partial(row.founding_date),
        dissolved=partial(row.dissolution_date),
        identifiers=[f"{scheme.upper()} {number}" for scheme, number in links.identifiers],
        data_links=data_links("organization", row.id),
        log=lines,
        more_log=more_lines,
        may_edit=EDIT_ORGANIZATION.allows(uow.actor, row.id),
        path=path,
        breadcrumbs=crumbs((LABEL, PATH), (row.name, None)),
    )


def _options(book: Atlas) -> Options:
    return {"area_id": area_choices(book), "theme_ids": theme_choices(book)}


@pages.route(f"{PATH}/nieuw", permission=EDIT_ORGANIZATION, methods=["GET", "POST"])
def organization_new() -> ResponseReturnValue:
    """Add an organisation."""
    uow = current_uow()
    EDIT_ORGANIZATION.require(uow.actor)
    page = FormPage(
        title=_("Organisatie toevoegen"),
        submit=_("Voeg de organisatie toe"),
        done=_("De organisatie staat erin. Iedereen kan haar nu vinden."),
        path=f"{PATH}/nieuw",
        back=PATH,
        trail=((LABEL, PATH), (_("Toevoegen"), None)),
    )

    def write(command: CreateOrganization) -> str:
        return page_path("organization", create_organization(uow, command).slug)

    return form_page(uow, page, NEW, SECTIONS, write, values={}, options=_options(atlas(uow)))


@pages.route(f"{PATH}/<slug>/bewerken", permission=EDIT_ORGANIZATION, methods=["GET", "POST"])
def organization_edit(slug: str) -> ResponseReturnValue:
    """Change an organisation."""
    uow = current_uow()
    organization = to_edit(uow, Organization, "organization", slug)
    id, name, path = organization.id, organization.name, page_path("organization", slug)
    EDIT_ORGANIZATION.require(uow.actor, id)
    page = FormPage(
        title=_("{name} bewerken", name=name),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=f"{path}/bewerken",
        back=path,
        trail=((LABEL, PATH), (name, path), (_("Bewerken"), None)),
    )

    def write(command: UpdateOrganization) -> str:
        return page_path("organization", update_organization(uow, id, command).slug)

    values = organization_values(uow, organization)
    return form_page(uow, page, CHANGED, SECTIONS, write, values=values, options=_options(atlas(uow)), owner=id)


@pages.route(f"{PATH}/<slug>/verwijderen", permission=EDIT_ORGANIZATION, methods=["GET", "POST"])
def organization_delete(slug: str) -> ResponseReturnValue:
    """Take an organisation away, after asking."""
    uow = current_uow()
    organization = to_edit(uow, Organization, "organization", slug)
    id, name, path = organization.id, organization.name, page_path("organization", slug)
    EDIT_ORGANIZATION.require(uow.actor, id)
    page = FormPage(
        title=_("{name} verwijderen", name=name),
        lead=_("De pagina verdwijnt en alle functies en lidmaatschappen eindigen vandaag. Projecten en bijeenkomsten blijven staan."),
        submit=_("Verwijder de organisatie"),
        done=_("De organisatie is verwijderd."),
        path=f"{path}/verwijderen",
        back=path,
        trail=((LABEL, PATH), (name, path), (_("Verwijderen"), None)),
    )
    return delete_page(uow, page, organization.version, lambda command: delete_organization(uow, id, command), PATH)
