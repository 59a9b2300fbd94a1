"""The forms by which samenspraak is tied to a dossier."""

from __future__ import annotations

import uuid

from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, delete_page, form_page
from samen_beleidsagenda import paths
from samen_beleidsagenda.permissions import WRITE
from samen_beleidsagenda.schemas.participation import (
    ChangeParticipation,
    ChangeParticipationSchema,
    LinkParticipation,
    LinkParticipationSchema,
    Unlink,
    UnlinkSchema,
)
from samen_beleidsagenda.services.common import require_write
from samen_beleidsagenda.services.participation import get_link, link, link_values, tell_done, unlink
from samen_beleidsagenda.web.common import LABEL, pages
from samen_beleidsagenda.web.dossier import dossier_at
from samen_core.api import NotFound, Text, _, cards
from samen_core.web.api import Crumb, current_uow

PART = f"{paths.DOSSIERS}/<slug>/samenspraak"
LINK, CHANGE = FormSpec(LinkParticipationSchema), FormSpec(ChangeParticipationSchema)


@pages.route(f"{PART}/nieuw", permission=WRITE, methods=["GET", "POST"])
def link_participation(slug: str) -> ResponseReturnValue:
    """Tie something at which people have their say to a dossier."""
    uow = current_uow()
    dossier = dossier_at(uow, slug)
    require_write(uow, dossier)
    title = _("Koppel samenspraak aan dit dossier")
    page = FormPage(
        title=title,
        submit=_("Koppel dit"),
        done=_("De samenspraak is gekoppeld."),
        path=paths.dossier(slug, "samenspraak/nieuw"),
        back=paths.dossier(slug),
        trail=_trail(dossier.title, slug, title),
        lead=_("Inwoners zien op het dossier waar zij kunnen meepraten, en daar dat dit dossier erbij hoort."),
    )

    def write(command: LinkParticipation) -> str:
        link(uow, dossier.id, command)
        return f"{paths.dossier(slug)}#samenspraak"

    return form_page(uow, page, LINK, (Section(_("Samenspraak"), ("thing", "asked", "done")),), write, values={})


@pages.route(f"{PART}/<uuid:id>/bewerken", permission=WRITE, methods=["GET", "POST"])
def change_participation(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Say what is asked at a linked thing, and what was done with it."""
    uow = current_uow()
    found, dossier = get_link(uow, id)
    if dossier.slug != slug:
        raise NotFound
    title = _("Wat is ermee gedaan?")
    page = FormPage(
        title=title,
        submit=_("Bewaar de uitleg"),
        done=_("De uitleg is bewaard."),
        path=paths.dossier(slug, f"samenspraak/{id}/bewerken"),
        back=paths.dossier(slug),
        trail=_trail(dossier.title, slug, title),
        lead=_name(found.subject_id),
    )

    def write(command: ChangeParticipation) -> str:
        tell_done(uow, id, command)
        return f"{paths.dossier(slug)}#samenspraak"

    return form_page(uow, page, CHANGE, (Section(_("Samenspraak"), ("asked", "done")),), write, values=link_values(found))


@pages.route(f"{PART}/<uuid:id>/losmaken", permission=WRITE, methods=["GET", "POST"])
def unlink_participation(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Untie something from a dossier."""
    uow = current_uow()
    found, dossier = get_link(uow, id)
    if dossier.slug != slug:
        raise NotFound
    title = _("Maak samenspraak los van dit dossier")
    page = FormPage(
        title=title,
        submit=_("Maak los"),
        done=_("De samenspraak is losgemaakt."),
        path=paths.dossier(slug, f"samenspraak/{id}/losmaken"),
        back=paths.dossier(slug),
        trail=_trail(dossier.title, slug, title),
        lead=_("“{title}” verdwijnt van dit dossier, met de uitleg erbij. De pagina zelf blijft bestaan.", title=_name(found.subject_id)),
    )

    def write(command: Unlink) -> None:
        unlink(uow, id, command)

    return delete_page(uow, page, found.version, write, paths.dossier(slug), schema=UnlinkSchema)


def _trail(title: str, slug: str, here: Text) -> tuple[Crumb, ...]:
    return (LABEL, paths.HOME), (_("Dossiers"), paths.DOSSIERS), (title, paths.dossier(slug)), (here, None)


def _name(subject_id: uuid.UUID) -> str:
    card = cards(current_uow(), [subject_id]).get(subject_id)
    return card.title if card else ""
