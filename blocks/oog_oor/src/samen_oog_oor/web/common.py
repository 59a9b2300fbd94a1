"""The blueprint, and what its pages share."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, request

from samen_core.api import Actor, Permission, Text, UnitOfWork, _
from samen_core.web.api import BlockBlueprint, BoundForm, page_url
from samen_oog_oor import paths
from samen_oog_oor.permissions import DEFINE, HANDLE, TRIAGE

pages = BlockBlueprint("oog_oor", __name__)
LABEL = _("Oog & Oor")


@pages.after_request
def keep_out_of_search(response: Response) -> Response:
    """What stands at the key of somebody is for nobody else, also when they put the link somewhere."""
    if "key" in (request.view_args or {}):
        response.headers["X-Robots-Tag"] = "noindex"
    return response


TABS: tuple[tuple[Text, str], ...] = (
    (_("Overzicht"), paths.HOME),
    (_("Zaken"), paths.CASES),
    (_("Kaart"), paths.MAP),
    (_("Cijfers"), paths.FIGURES),
    (_("Patronen"), paths.PATTERNS),
)
DESK = _("Werkplek")
SMALL_MAP = "oog-small-map"
"""The class of a drawing of where something is."""

DESK_TABS: tuple[tuple[Text, str, Permission], ...] = (
    (_("Zaken"), paths.DESK, HANDLE),
    (_("Melding invoeren"), paths.ENTER, HANDLE),
    (_("Regels"), paths.RULES, DEFINE),
    (_("Categorieën"), paths.CATEGORIES, DEFINE),
    (_("Teksten"), paths.TEXTS, TRIAGE),
    (_("Koppelingen"), paths.SERVERS, DEFINE),
)


def told_sizes(uow: UnitOfWork, form: BoundForm) -> BoundForm:
    """The form, of which each input for pictures says beforehand how big one may be."""
    size = uow.platform.config.limits.upload_bytes // 1_000_000
    form.fields = tuple(
        replace(item, help=_("{help} Elk bestand mag hoogstens {n} MB zijn.", help=item.help, n=size)) if item.widget == "file" else item
        for item in form.fields
    )
    return form


def tabs(actor: Actor, path: str) -> list[tuple[Text, str, bool]]:
    """The parts of the block, for ``layout.subnav``; who works at cases has a desk too."""
    found = [(label, page_url(there), there == path) for label, there in TABS]
    if HANDLE.somewhere(actor):
        found.append((DESK, page_url(paths.DESK), path.startswith(paths.DESK)))
    return found


def desk_tabs(actor: Actor, path: str) -> list[tuple[Text, str, bool]]:
    """The parts of the desk that the actor may use; the map and the board are other ways to look at the cases."""
    return [(label, page_url(there), there == path) for label, there, right in DESK_TABS if right.somewhere(actor)]
