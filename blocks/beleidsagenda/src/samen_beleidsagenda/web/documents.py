"""Pages of papers: the list, one with its versions, and their forms."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import (
    FormPage,
    FormSpec,
    ListPage,
    Section,
    chips,
    form_page,
    in_words,
    list_page,
    one_of,
    search_field,
    select_field,
    when,
)
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import DOCUMENT_TYPE_LABELS, ROLE_LABELS
from samen_beleidsagenda.models import Document, DocumentVersion
from samen_beleidsagenda.permissions import APPROVE, SEE_CONFIDENTIAL, WRITE
from samen_beleidsagenda.queries.documents import DocumentFilter, dossier_choices, dossiers_of_document, list_documents
from samen_beleidsagenda.queries.meetings import places_of_document
from samen_beleidsagenda.schemas.approval import Approve, ApproveWithReasonSchema
from samen_beleidsagenda.schemas.documents import AddVersionSchema, ChangeDocumentSchema, EnterDocumentSchema
from samen_beleidsagenda.services.common import may_write, require_write, scopes_of, today
from samen_beleidsagenda.services.documents import (
    add_version,
    change_document,
    document_values,
    enter_document,
    versions_of,
    withdraw_version,
)
from samen_beleidsagenda.web.approval import acts_of
from samen_beleidsagenda.web.common import LABEL, pages, tabs
from samen_beleidsagenda.web.papers import document_row, dossier_link, seen, size_words, state_field, state_filter
from samen_beleidsagenda.woo import COUNCIL_PAPERS, WOO_CATEGORIES
from samen_core.api import NotFound, Text, UnitOfWork, _, latest_lines
from samen_core.web.api import crumbs, current_uow, page_url, render

TITLE = _("Stukken")
NEW = f"{paths.DOCUMENTS}/nieuw"
ONE = f"{paths.DOCUMENTS}/<uuid:id>"
FEW = 8
FILTERS = ("q", "soort", "categorie", "toestand")
ORDERS = {"": _("Nieuwste eerst"), "oudste": _("Oudste eerst")}
WHAT = Section(_("Het stuk"), ("type", "title", "date", "reference", "summary"))
FILE = Section(_("Het bestand"), ("file", "url", "sha256"))
MORE = Section(_("Meer gegevens"), ("woo_category", "language", "licence", "page_url"), folded=True)
CLOSED = Section(_("Openbaar of niet"), ("confidential",))


@pages.route(paths.DOCUMENTS, public=True)
def document_list() -> ResponseReturnValue:
    """Papers, newest first."""
    uow = current_uow()
    where = list_page(paths.DOCUMENTS, *FILTERS, "volgorde")
    values = where.values
    type, category = one_of(values.get("soort", ""), DOCUMENT_TYPE_LABELS), one_of(values.get("categorie", ""), WOO_CATEGORIES)
    order = one_of(values.get("volgorde", ""), ORDERS) or ""
    chosen = DocumentFilter(text=values.get("q", ""), type=type, woo_category=category, state=state_filter(where, uow.actor, WRITE))
    found = list_documents(uow, chosen, where.request(), order="oldest" if order else "newest")
    picked = (
        ("q", chosen.text),
        ("soort", DOCUMENT_TYPE_LABELS.get(type or "")),
        ("categorie", WOO_CATEGORIES.get(category or "")),
        ("toestand", _("Nog niet openbaar") if chosen.state != "published" else None),
    )
    writes = WRITE.somewhere(uow.actor)
    return render(
        "beleidsagenda/overview.html",
        title=TITLE,
        lead=_("Voorstellen, brieven, verslagen en andere stukken van de raad, de commissies en het college."),
        new=(page_url(NEW), _("Voer een stuk in")) if writes else None,
        new_icon="file-text",
        tabs=tabs(uow.actor, paths.DOCUMENTS),
        views=(),
        list_url=page_url(paths.DOCUMENTS),
        fields=_fields(where, writes),
        hidden=where.hidden("volgorde"),
        chips=chips(where, picked),
        count=in_words(found.count, _("stuk"), _("stukken")),
        sorts=where.sorts("volgorde", ORDERS.items()),
        groups=[("", [document_row(row) for row in found.items])],
        empty=(_("Er zijn nog geen stukken"), _("Hier komen de stukken te staan waar de raad en het college over beslissen.")),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
        **where.pager(found),
    )


def _fields(where: ListPage, writes: bool) -> list[Any]:
    found = [
        search_field(where, _("Zoek een stuk")),
        select_field(where, "soort", _("Soort stuk"), tuple(DOCUMENT_TYPE_LABELS.items()), _("Alle soorten")),
        select_field(where, "categorie", _("Woo-categorie"), tuple(WOO_CATEGORIES.items()), _("Alle categorieën")),
    ]
    return [*found, state_field(where)] if writes else found


@pages.route(ONE, public=True)
def document_page(id: uuid.UUID) -> ResponseReturnValue:
    """One paper: what it is, its versions, where it is treated and the dossiers that it belongs to."""
    uow = current_uow()
    document = seen(uow, Document, id)
    lines, more_lines = latest_lines(uow, id)
    writes = not uow.actor.is_anonymous and may_write(uow, document)
    return render(
        "beleidsagenda/document.html",
        document=document,
        type=DOCUMENT_TYPE_LABELS[document.type],
        category=WOO_CATEGORIES.get(document.woo_category, document.woo_category),
        versions=[_version_view(version) for version in versions_of(uow, [id]).get(id, ())],
        places=[_place_view(row) for row in places_of_document(uow, id)],
        dossiers=[dossier_link(row) for row in dossiers_of_document(uow, id)],
        path=paths.document(id),
        acts=acts_of(uow, document),
        writes=writes,
        approves=writes and APPROVE.allows(uow.actor, id, scopes=scopes_of(uow, document)),
        log=lines,
        more_log=more_lines,
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.DOCUMENTS), (document.title, None)),
    )


def _version_view(version: DocumentVersion) -> dict[str, Any]:
    url = f"/files/{version.file_id}" if version.file_id else version.url
    kind = version.name.rpartition(".")[2].lower() if version.file_id else ""
    about = ", ".join(part for part in (kind, size_words(version.size)) if part)
    return {"number": version.number, "url": url, "own": bool(version.file_id), "about": about, "version": version}


def _place_view(row: Any) -> dict[str, Any]:
    return {
        "title": f"{row.number} {row.title}".strip(),
        "url": page_url(paths.agenda_item(row.item_id)),
        "meeting": row.name,
        "meeting_url": page_url(paths.meeting(row.event_id)),
        "when": when(row.start_date, None),
        "role": ROLE_LABELS[row.role],
        "decides": row.authoritative and row.role == "decision",
        "outcome": row.outcome,
    }


@pages.route(NEW, permission=WRITE, methods=["GET", "POST"])
def document_new() -> ResponseReturnValue:
    """Enter a paper; ``dossier`` in the address ties it to one."""
    uow = current_uow()
    choices = dossier_choices(uow)
    page = FormPage(
        title=_("Een stuk invoeren"),
        lead=_("Het stuk is eerst een concept. Daarna maakt u het openbaar of legt u het voor."),
        submit=_("Voer het stuk in"),
        done=_("Het stuk is ingevoerd. Het is nog niet openbaar."),
        path=NEW,
        back=paths.DOCUMENTS,
        trail=((LABEL, paths.HOME), (TITLE, paths.DOCUMENTS), (_("Invoeren"), None)),
    )
    closed = (CLOSED,) if SEE_CONFIDENTIAL.somewhere(uow.actor) else ()

    def write(command: Any) -> str:
        return paths.document(enter_document(uow, command).id)

    values = {
        "date": today(uow),
        "woo_category": COUNCIL_PAPERS,
        "language": "nl",
        "dossier_ids": [id for id, _title in choices if str(id) == request.args.get("dossier", "")],
        "type": one_of(request.args.get("soort", ""), DOCUMENT_TYPE_LABELS),
    }
    sections = (WHAT, FILE, *_about(choices, values["dossier_ids"]), MORE, *closed)
    return form_page(uow, page, FormSpec(EnterDocumentSchema), sections, write, values=values, options={"dossier_ids": choices})


@pages.route(f"{ONE}/bewerken", permission=WRITE, methods=["GET", "POST"])
def document_edit(id: uuid.UUID) -> ResponseReturnValue:
    """Change what is known of a paper."""
    uow = current_uow()
    document = _writable(uow, id)
    page = _page(document, "bewerken", _("Stuk bewerken"), _("Bewaar de wijzigingen"), _("Uw wijzigingen zijn bewaard."))
    values = document_values(uow, document)
    choices = dossier_choices(uow, values["dossier_ids"])
    sees = SEE_CONFIDENTIAL.allows(uow.actor, id, scopes=scopes_of(uow, document))
    sections = (WHAT, *_about(choices, values["dossier_ids"]), MORE, *((CLOSED,) if sees else ()))

    def write(command: Any) -> str:
        return paths.document(change_document(uow, id, command).id)

    return form_page(uow, page, FormSpec(ChangeDocumentSchema), sections, write, values=values, options={"dossier_ids": choices})


@pages.route(f"{ONE}/versie", permission=WRITE, methods=["GET", "POST"])
def document_version(id: uuid.UUID) -> ResponseReturnValue:
    """Add a newer version."""
    uow = current_uow()
    document = _writable(uow, id)
    page = _page(
        document,
        "versie",
        _("Een nieuwe versie toevoegen"),
        _("Voeg de versie toe"),
        _("De nieuwe versie staat erbij."),
        lead=_("De vorige versies blijven staan. Van een openbaar stuk is de nieuwe versie meteen openbaar."),
    )
    sections = (Section(_("De nieuwe versie"), ("file", "url", "sha256", "note")),)

    def write(command: Any) -> str:
        add_version(uow, id, command)
        return paths.document(id)

    return form_page(uow, page, FormSpec(AddVersionSchema), sections, write, values={"version": document.version})


@pages.route(f"{ONE}/versies/<int:number>/weghalen", permission=WRITE, methods=["GET", "POST"])
def document_withdraw(id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Take a version away that should not be there."""
    uow = current_uow()
    document = _writable(uow, id)
    if all(version.number != number for version in versions_of(uow, [id]).get(id, ())):
        raise NotFound
    page = _page(
        document,
        f"versies/{number}/weghalen",
        _("Versie {number} weghalen", number=number),
        _("Haal de versie weg"),
        _("De versie is weggehaald."),
        lead=_("Doe dit alleen als deze versie er nooit had mogen staan, bijvoorbeeld omdat er persoonsgegevens in staan."),
    )
    sections = (Section(_("Waarom?"), ("reason",)),)

    def write(command: Approve) -> str:
        withdraw_version(uow, id, number, command)
        return paths.document(id)

    return form_page(
        uow, page, FormSpec(ApproveWithReasonSchema, required=("reason",)), sections, write, values={"version": document.version}
    )


def _about(choices: Sequence[Any], chosen: Any) -> tuple[Section, ...]:
    """The dossiers to choose from, folded away while none is chosen of many."""
    return (Section(_("Bij welke dossiers hoort het?"), ("dossier_ids",), folded=not chosen and len(choices) > FEW),) if choices else ()


def _writable(uow: UnitOfWork, id: uuid.UUID) -> Document:
    document = seen(uow, Document, id)
    require_write(uow, document)
    return document


def _page(document: Document, part: str, *said: Text, lead: Text | str = "") -> FormPage:
    title, submit, done = said
    path = paths.document(document.id)
    return FormPage(
        title=title,
        lead=lead or _("Het gaat over “{title}”.", title=document.title),
        submit=submit,
        done=done,
        path=f"{path}/{part}",
        back=path,
        trail=((LABEL, paths.HOME), (TITLE, paths.DOCUMENTS), (document.title, path), (title, None)),
    )
