"""Lists that are imported: which there are, what each is, and sending a file for one."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_beleidsagenda import paths
from samen_beleidsagenda.exchange.receiving import receive
from samen_beleidsagenda.models import ImportList
from samen_beleidsagenda.permissions import IMPORT
from samen_beleidsagenda.queries.imports import last_runs, list_lists
from samen_beleidsagenda.queries.structure import bodies
from samen_beleidsagenda.schemas.import_mapping import FIELD_LABELS, mapping_from
from samen_beleidsagenda.schemas.imports import FORMAT_LABELS, GONE_LABELS, CreateListSchema, UpdateListSchema
from samen_beleidsagenda.services.imports.lists import create_list, get_list, list_values, update_list
from samen_beleidsagenda.web.common import DESK, LABEL, desk_tabs, pages, tabs
from samen_beleidsagenda.web.papers import body_options
from samen_core.api import MAX_SPREADSHEET_ROWS, Invalid, PageRequest, Text, UnitOfWork, _, format_moment, format_number
from samen_core.web.api import Row, crumbs, current_platform, current_uow, go, page_url, render, render_status

TITLE = _("Inlezen")
ONE = f"{paths.IMPORTS}/<uuid:id>"
RUN_STATES: dict[str, tuple[Text, str]] = {
    "mapping": (_("Kolommen kiezen"), "warm"),
    "checked": (_("Nog niet overgenomen"), "warm"),
    "applying": (_("Wordt overgenomen"), "info"),
    "applied": (_("Al overgenomen"), "success"),
    "failed": (_("Mislukt"), "danger"),
    "undoing": (_("Wordt teruggedraaid"), "info"),
    "undone": (_("Teruggedraaid"), "neutral"),
}
SECTIONS = (
    Section(_("Wat is het?"), ("name", "format", "body_id")),
    Section(_("Hoe nemen wij het over?"), ("publish", "gone", "year")),
)
ENDINGS = {"table": ".xlsx,.csv", "popolo": ".json,.gz", "notubiz": ".json,.gz", "ori": ".json,.gz"}


def list_path(id: uuid.UUID, part: str = "") -> str:
    """The page of a list."""
    return f"{paths.IMPORTS}/{id}/{part}" if part else f"{paths.IMPORTS}/{id}"


def run_path(id: uuid.UUID, part: str = "") -> str:
    """The report of a file."""
    return f"{paths.IMPORTS}/bestand/{id}/{part}" if part else f"{paths.IMPORTS}/bestand/{id}"


def trail(*more: Any) -> Any:
    """Where one is."""
    return crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (TITLE, paths.IMPORTS if more else None), *more)


@pages.route(paths.IMPORTS, permission=IMPORT)
def imports() -> ResponseReturnValue:
    """The lists that one may import."""
    uow = current_uow()
    page = list_lists(uow, PageRequest(limit=50, cursor=request.args.get("cursor", "")))
    names = {row.organization_id: row.name for row in bodies(uow)}
    there = page_url(paths.IMPORTS)
    return render(
        "beleidsagenda/imports.html",
        dense=True,
        tabs=tabs(uow.actor, paths.DESK),
        desk_tabs=desk_tabs(uow.actor, paths.IMPORTS),
        rows=[_row(row, names) for row in page.items],
        new_url=page_url(f"{paths.IMPORTS}/nieuw"),
        previous_url=f"{there}?cursor={page.previous}" if page.previous else None,
        next_url=f"{there}?cursor={page.next}" if page.next else None,
        breadcrumbs=trail(),
    )


def _row(row: Any, names: dict[uuid.UUID, str]) -> Row:
    last = _("Laatst overgenomen: {when}", when=format_moment(row.imported_at)) if row.imported_at else _("Nog nooit overgenomen")
    body = (("landmark", names[row.body_id]),) if row.body_id in names else ()
    return Row(title=row.name, url=page_url(list_path(row.id)), meta=(*body, ("file-text", FORMAT_LABELS[row.format]), ("clock", last)))


@pages.route(f"{paths.IMPORTS}/nieuw", permission=IMPORT, methods=["GET", "POST"])
def import_new() -> ResponseReturnValue:
    """Add a list."""
    uow = current_uow()
    page = FormPage(
        title=_("Een lijst om in te lezen"),
        lead=_("U maakt een lijst één keer. Daarna stuurt u steeds het nieuwste bestand, en nemen wij over wat er veranderd is."),
        submit=_("Bewaar de lijst"),
        done=_("De lijst is bewaard. Kies nu een bestand."),
        path=f"{paths.IMPORTS}/nieuw",
        back=paths.IMPORTS,
        trail=((LABEL, paths.HOME), (DESK, paths.DESK), (TITLE, paths.IMPORTS), (_("Nieuw"), None)),
    )

    def write(command: Any) -> str:
        return list_path(create_list(uow, command).id)

    options = {"body_id": body_options(uow, IMPORT)}
    return form_page(uow, page, FormSpec(CreateListSchema), SECTIONS, write, values={"format": "table", "gone": "keep"}, options=options)


@pages.route(f"{ONE}/bewerken", permission=IMPORT, methods=["GET", "POST"])
def import_edit(id: uuid.UUID) -> ResponseReturnValue:
    """Change a list."""
    uow = current_uow()
    of = get_list(uow, id)
    page = FormPage(
        title=_("Lijst bewerken"),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=list_path(id, "bewerken"),
        back=list_path(id),
        trail=((LABEL, paths.HOME), (DESK, paths.DESK), (TITLE, paths.IMPORTS), (of.name, list_path(id)), (_("Bewerken"), None)),
    )

    def write(command: Any) -> str:
        update_list(uow, id, command)
        return list_path(id)

    spec = FormSpec(UpdateListSchema, fixed=("format",))
    return form_page(uow, page, spec, SECTIONS, write, values=list_values(of), options={"body_id": body_options(uow, IMPORT)})


@pages.route(ONE, permission=IMPORT, methods=["GET", "POST"])
def import_list(id: uuid.UUID) -> ResponseReturnValue:
    """A list with its files; sending a new one reads it."""
    uow = current_uow()
    of = get_list(uow, id)
    if request.method == "GET":
        return render("beleidsagenda/import_list.html", **_context(uow, of))
    upload = request.files.get("file")
    limit = current_platform().config.limits.upload_bytes
    try:
        if upload is None or not upload.filename:
            raise Invalid({"file": [_("Kies een bestand.")]})
        run = receive(uow, of, upload.stream.read(limit + 1), upload.filename, request.form.get("sheet", "").strip()[:100])
        uow.session.flush()
    except Invalid as error:
        uow.rollback()
        of = get_list(uow, id)
        problems = [text for texts in error.errors.values() for text in texts]
        return render_status(400, "beleidsagenda/import_list.html", **_context(uow, of, problems))
    return go(run_path(run.id, "kolommen") if run.state == "mapping" else run_path(run.id))


def _context(uow: UnitOfWork, of: ImportList, problems: list[Text] | None = None) -> dict[str, Any]:
    mapping = mapping_from(of.mapping or {})
    body = next((row.name for row in bodies(uow) if row.organization_id == of.body_id), "")
    columns = [f"{item.name}: {FIELD_LABELS[item.field]}" for item in mapping.columns if item.field]
    return {
        "dense": True,
        "list": of,
        "facts": [
            (_("Bestand"), FORMAT_LABELS[of.format]),
            (_("Orgaan"), body),
            (_("Komt binnen als"), _("meteen openbaar") if mapping.publish else _("concept")),
            (_("Moment niet meer in de lijst"), GONE_LABELS[mapping.gone] if of.format == "table" else ""),
            (_("Jaar"), str(mapping.year) if mapping.year else ""),
            (_("Kolommen"), "; ".join(columns)),
        ],
        "problems": problems or [],
        "runs": [_run_row(row) for row in last_runs(uow, of.id)],
        "endings": ENDINGS[of.format],
        "most_rows": format_number(MAX_SPREADSHEET_ROWS),
        "most_megabytes": current_platform().config.limits.upload_bytes // 1_000_000,
        "upload_url": page_url(list_path(of.id)),
        "edit_url": page_url(list_path(of.id, "bewerken")),
        "words_url": page_url(list_path(of.id, "woorden")) if of.format in ("notubiz", "ori") else None,
        "breadcrumbs": trail((of.name, None)),
    }


def _run_row(row: Any) -> Row:
    part = "kolommen" if row.state == "mapping" else ""
    text = _("{done} van {rows} rijen gedaan", done=row.done, rows=row.rows) if row.state == "applying" else ""
    return Row(
        title=row.file_name or _("Bestand"),
        url=page_url(run_path(row.id, part)),
        text=text,
        badges=(RUN_STATES[row.state],),
        meta=(("clock", format_moment(row.at)),),
    )
