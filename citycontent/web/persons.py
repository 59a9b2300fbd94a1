"""Pages of persons who play a role in the city."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from citycontent.models import Person, is_valid_on
from citycontent.models.person import VISIBILITIES
from citycontent.paths import page as page_path
from citycontent.permissions import EDIT_PERSON, SEE_PRIVATE_PERSON
from citycontent.queries import memberships, persons
from citycontent.queries.persons import PersonFilter
from citycontent.schemas import CreatePerson, CreatePersonSchema, DeletePerson, DeletePersonSchema, UpdatePerson, UpdatePersonSchema
from citycontent.services.persons import create_person, delete_person, erase_person, person_values, update_person
from citycontent.web import parts
from citycontent.web.editing import FormPage, Section, delete_page, form_page
from citycontent.web.forms import FormSpec
from citycontent.web.listing import chips, filters_part, in_words, list_page, one_of, search_field, select_field
from citycontent.web.organizations import tabs
from citycontent.web.pages import data_links, lost, pages, to_edit
from samen_core.api import Text, _, latest_lines
from samen_core.web.api import crumbs, current_uow, page_url, render

PATH = "/personen"
LABEL = _("Personen")
NEW, CHANGED = FormSpec(CreatePersonSchema), FormSpec(UpdatePersonSchema)
SHORT_VISIBILITY: dict[str, Text] = {
    "public_officer": _("Openbaar ambt"),
    "known": _("Spreekt namens een organisatie"),
    "private": _("Niet openbaar"),
}
SECTIONS = (
    Section(_("Wie is het?"), ("given_name", "family_name_prefix", "family_name", "summary", "biography")),
    Section(_("Wie mag het zien?"), ("visibility",)),
    Section(_("Hoe te bereiken?"), ("email", "phone", "homepage")),
    Section(_("Meer gegevens"), ("name", "honorific_prefix", "honorific_suffix", "identifiers", "links", "sources"), folded=True),
)


@pages.route(PATH, public=True)
def person_list() -> ResponseReturnValue:
    """Persons with search and filters."""
    uow = current_uow()
    where = list_page(PATH, "q", "rol")
    text, visibility = where.values.get("q", ""), one_of(where.values.get("rol", ""), VISIBILITIES)
    found = persons.list_persons(uow, PersonFilter(visibility=visibility, text=text), where.request())
    shown = VISIBILITIES if SEE_PRIVATE_PERSON.allows(uow.actor) else VISIBILITIES[:-1]
    roles = memberships.current_roles(uow, [row.id for row in found.items])
    picked_chips = chips(where, (("q", text), ("rol", SHORT_VISIBILITY.get(visibility or ""))))
    return render(
        "citycontent/list.html",
        title=LABEL,
        lead=_("Wie besluit er mee in de stad en wie spreekt namens een organisatie? Andere inwoners staan hier niet in."),
        tabs=tabs(PATH),
        list_url=page_url(PATH),
        new=(page_url(f"{PATH}/nieuw"), _("Voeg een persoon toe")) if EDIT_PERSON.allows(uow.actor) else None,
        filters=filters_part(
            where,
            lambda: [
                search_field(where, _("Zoek op naam of rol")),
                select_field(where, "rol", _("In welke rol?"), [(code, SHORT_VISIBILITY[code]) for code in shown], _("Alle rollen")),
            ],
            len(picked_chips),
            (),
        ),
        chips=picked_chips,
        count=in_words(found.count, _("persoon"), _("personen")),
        sorts=(),
        rows=[parts.person_row(row, roles.get(row.id, ())) for row in found.items],
        empty=(_("Er staan nog geen personen in"), _("Bestuurders, raadsleden en contactpersonen van organisaties komen hier te staan.")),
        breadcrumbs=crumbs((LABEL, None)),
        **where.pager(found),
    )


@pages.route(f"{PATH}/<slug>", public=True)
def person_page(slug: str) -> ResponseReturnValue:
    """One person: the roles of today and before."""
    uow = current_uow()
    person = persons.person_by_slug(uow, slug)
    if person is None:
        raise lost(uow, "person", slug)
    today = uow.now.date()
    rows = memberships.memberships_of(uow, person["id"])
    lines, more_lines = latest_lines(uow, person["id"])
    return render(
        "citycontent/person.html",
        person=person,
        visibility=SHORT_VISIBILITY[person["visibility"]],
        roles=[parts.role_row(row) for row in rows if is_valid_on(row.start_date, row.end_date, today)],
        earlier=[parts.role_row(row) for row in rows if not is_valid_on(row.start_date, row.end_date, today)],
        data_links=data_links("person", person["id"]),
        log=lines,
        more_log=more_lines,
        may_edit=EDIT_PERSON.allows(uow.actor, person["id"]),
        path=page_path("person", slug),
        breadcrumbs=crumbs((LABEL, PATH), (person["name"], None)),
    )


@pages.route(f"{PATH}/nieuw", permission=EDIT_PERSON, methods=["GET", "POST"])
def person_new() -> ResponseReturnValue:
    """Add a person."""
    uow = current_uow()
    EDIT_PERSON.require(uow.actor)
    page = FormPage(
        title=_("Persoon toevoegen"),
        lead=_("Alleen voor wie een openbaar ambt heeft of namens een organisatie spreekt. Vraag eerst of het goed is."),
        submit=_("Voeg de persoon toe"),
        done=_("De persoon is toegevoegd."),
        path=f"{PATH}/nieuw",
        back=PATH,
        trail=((LABEL, PATH), (_("Toevoegen"), None)),
    )

    def write(command: CreatePerson) -> str:
        return page_path("person", create_person(uow, command).slug)

    return form_page(uow, page, NEW, SECTIONS, write, values={"visibility": "known"})


@pages.route(f"{PATH}/<slug>/bewerken", permission=EDIT_PERSON, methods=["GET", "POST"])
def person_edit(slug: str) -> ResponseReturnValue:
    """Change a person."""
    uow = current_uow()
    person = to_edit(uow, Person, "person", slug)
    id, name, path = person.id, person.name, page_path("person", slug)
    EDIT_PERSON.require(uow.actor, id)
    page = FormPage(
        title=_("{name} bewerken", name=name),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=f"{path}/bewerken",
        back=path,
        trail=((LABEL, PATH), (name, path), (_("Bewerken"), None)),
    )

    def write(command: UpdatePerson) -> str:
        return page_path("person", update_person(uow, id, command).slug)

    return form_page(uow, page, CHANGED, SECTIONS, write, values=person_values(uow, person))


@pages.route(f"{PATH}/<slug>/verwijderen", permission=EDIT_PERSON, methods=["GET", "POST"])
def person_delete(slug: str) -> ResponseReturnValue:
    """Take a person away, after asking."""
    uow = current_uow()
    person = to_edit(uow, Person, "person", slug)
    id, name, path = person.id, person.name, page_path("person", slug)
    EDIT_PERSON.require(uow.actor, id)
    page = FormPage(
        title=_("{name} verwijderen", name=name),
        lead=_("De pagina verdwijnt, met alle rollen van deze persoon. Dat kunt u niet ongedaan maken."),
        submit=_("Verwijder de persoon"),
        done=_("De persoon is verwijderd."),
        path=f"{path}/verwijderen",
        back=path,
        trail=((LABEL, PATH), (name, path), (_("Verwijderen"), None)),
    )

    def write(command: DeletePerson) -> None:
        (erase_person if command.erase else delete_person)(uow, id, command)

    return delete_page(uow, page, person.version, write, PATH, schema=DeletePersonSchema)
