"""The blueprint, and what its pages share."""

from __future__ import annotations

from samen_beleidsagenda import paths
from samen_beleidsagenda.permissions import DECIDE, DEFINE, IMPORT, RECORD, WRITE
from samen_core.api import Actor, Permission, Text, _
from samen_core.web.api import BlockBlueprint, page_url

pages = BlockBlueprint("beleidsagenda", __name__)
LABEL = _("Beleidsagenda")
TABS: tuple[tuple[Text, str], ...] = (
    (_("Nu en straks"), paths.HOME),
    (_("Kalender"), paths.CALENDAR),
    (_("Termijnagenda"), paths.PLANNING),
    (_("Dossiers"), paths.DOSSIERS),
    (_("Thema's en wijken"), paths.THEMES),
    (_("Vergaderingen"), paths.MEETINGS),
    (_("Stukken"), paths.DOCUMENTS),
    (_("Besluiten"), paths.DECISIONS),
    (_("Toezeggingen en moties"), paths.PROMISES),
)
REGISTER: tuple[tuple[Text, str], ...] = ((_("Toezeggingen en moties"), paths.PROMISES), (_("Vragen van raadsleden"), paths.QUESTIONS))
DESK = _("Werkplek")
DESK_TABS: tuple[tuple[Text, str, Permission], ...] = (
    (_("Overzicht"), paths.DESK, WRITE),
    (_("Planbord"), f"{paths.DESK}/planbord", WRITE),
    (_("Drukte"), f"{paths.DESK}/drukte", WRITE),
    (_("Toezeggingen die te laat zijn"), paths.LATE, RECORD),
    (_("Afdoen door de raad"), paths.SETTLE, DECIDE),
    (_("Inlezen"), paths.IMPORTS, IMPORT),
    (_("Organen"), f"{paths.DESK}/organen", DEFINE),
    (_("Thema's"), f"{paths.DESK}/themas", DEFINE),
)


def tabs(actor: Actor, path: str) -> list[tuple[Text, str, bool]]:
    """The parts of the agenda, for ``layout.subnav``; who works on it has a desk too."""
    found = [(label, page_url(there), there == path) for label, there in TABS]
    if WRITE.somewhere(actor) or RECORD.somewhere(actor):
        found.append((DESK, page_url(paths.DESK), path.startswith(paths.DESK)))
    return found


def register_views(path: str) -> list[tuple[Text, str, bool]]:
    """The registers of what council and college ask and promise, for ``layout.subnav``."""
    return [(label, page_url(there), there == path) for label, there in REGISTER]


def desk_tabs(actor: Actor, path: str) -> list[tuple[Text, str, bool]]:
    """The parts of the desk that the actor may use, for ``layout.subnav``."""
    return [(label, page_url(there), there == path) for label, there, right in DESK_TABS if right.somewhere(actor)]
