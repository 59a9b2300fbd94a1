"""The agenda on pages of the city: what is to come and what runs in an area, on a theme, in a project, and what a body does."""

from __future__ import annotations

import uuid
from typing import Any

from citycontent.web.api import atlas
from samen_beleidsagenda import paths
from samen_beleidsagenda.queries.dossiers import DossierFilter, list_dossiers
from samen_beleidsagenda.queries.entries import EntryFilter, first_entries
from samen_beleidsagenda.queries.lights import city_day
from samen_beleidsagenda.queries.structure import body_by_id
from samen_beleidsagenda.web.dossiers import dossier_rows
from samen_beleidsagenda.web.moments import entry_row
from samen_core.api import PageRequest, Text, UnitOfWork, _
from samen_core.web.api import SlotFill, page_url, render_part

MOST = 3
TITLE = _("Op de beleidsagenda")


def of_area(uow: UnitOfWork, subject_id: uuid.UUID, **_values: Any) -> str | None:
    """What the city works on in a wijk or buurt. At most five statements."""
    tree = atlas(uow).tree
    area = tree.get(subject_id)
    if area is None:
        return None
    ids = tree.within(area.id)
    title = _("Waar werkt de gemeente hier aan?")
    return _part(uow, title, DossierFilter(area_ids=ids, running=True), EntryFilter(area_ids=ids), f"{paths.AREAS}/{area.slug}")


def of_theme(uow: UnitOfWork, subject_id: uuid.UUID, **_values: Any) -> str | None:
    """What the city works on about a theme. At most five statements."""
    theme = atlas(uow).themes.get(subject_id)
    if theme is None:
        return None
    chosen = DossierFilter(theme_id=subject_id, running=True)
    return _part(uow, TITLE, chosen, EntryFilter(theme_id=subject_id), f"{paths.THEMES}/{theme.slug}")


def of_project(uow: UnitOfWork, subject_id: uuid.UUID, **_values: Any) -> str | None:
    """The dossiers that a project belongs to. At most four statements."""
    found = list_dossiers(uow, DossierFilter(project_id=subject_id), PageRequest(limit=MOST), with_count=False)
    if not found.items:
        return None
    rows = dossier_rows(uow, atlas(uow), found.items)
    return render_part("beleidsagenda/slots/agenda.html", title=TITLE, dossiers=rows, moments=[], more_url=None)


def of_body(uow: UnitOfWork, subject_id: uuid.UUID, **_values: Any) -> str | None:
    """What a body is going to do. At most two statements."""
    body = body_by_id(uow, subject_id)
    if body is None:
        return None
    moments = first_entries(uow, EntryFilter(body_id=subject_id, ends_from=city_day(uow), going_on=True), MOST)
    url = page_url(f"{paths.BODIES}/{body.slug}")
    return render_part(
        "beleidsagenda/slots/agenda.html", title=TITLE, dossiers=[], moments=[entry_row(row) for row in moments], more_url=url
    )


def _part(uow: UnitOfWork, title: Text, chosen: DossierFilter, coming: EntryFilter, path: str) -> str | None:
    found = list_dossiers(uow, chosen, PageRequest(limit=MOST), order="changed", with_count=False)
    if not found.items:
        return None
    narrowed = EntryFilter(area_ids=coming.area_ids, theme_id=coming.theme_id, ends_from=city_day(uow), going_on=True)
    moments = first_entries(uow, narrowed, MOST)
    return render_part(
        "beleidsagenda/slots/agenda.html",
        title=title,
        dossiers=dossier_rows(uow, atlas(uow), found.items),
        moments=[entry_row(row) for row in moments],
        more_url=page_url(path),
    )


STRUCTURE_SLOTS = (
    SlotFill("subject.main", of_area, order=30, subject_types=("area",)),
    SlotFill("subject.main", of_theme, order=30, subject_types=("theme",)),
    SlotFill("subject.main", of_project, order=30, subject_types=("project",)),
    SlotFill("subject.main", of_body, order=30, subject_types=("organization",)),
)
