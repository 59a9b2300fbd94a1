"""The catalogue: every installed building block with its description, process description and implementation guide."""

from __future__ import annotations

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from samen_core.blocks.discovery import Installed
from samen_core.blocks.quality import quality_of
from samen_core.errors import NotFound
from samen_core.i18n import Text, _
from samen_core.manifest import Block
from samen_core.permissions import MANAGE
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_actor, current_platform
from samen_core.web.layout import crumbs, page_url, render
from samen_core.web.rendering import markdown

pages = BlockBlueprint("catalogue", __name__)
DOCUMENTS = (("proces", "proces.nl.md", _("Procesbeschrijving")), ("invoering", "invoering.nl.md", _("Invoering")))
NOT_KEPT = {"todo": _("nog niet"), "exempt": _("hoeft niet")}
MATURITIES = {"alpha": _("in ontwikkeling"), "beta": _("proef"), "stable": _("beproefd")}


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block as the catalogue shows it."""

    label: Text
    summary: Text
    url: str
    icon: str
    version: str
    maturity: Text
    enabled: bool
    licence: str
    authors: str
    requires: list[tuple[Text | str, str | None]]
    home_url: str | None = None
    pause_reason: str | None = None
    manage_url: str | None = None


def _usable() -> dict[str, tuple[Installed, Block]]:
    installed = current_platform().installed.items()
    return {name: (found, found.block) for name, found in installed if found.block and not found.problem}


def _view(found: Installed, block: Block) -> BlockView:
    others = _usable()
    needs: list[tuple[Text | str, str | None]] = [
        (others[name][1].label, page_url(f"/bouwstenen/{others[name][1].url_name}")) if name in others else (name, None)
        for name in block.requires
    ]
    return BlockView(
        label=block.label,
        summary=block.summary,
        url=page_url(f"/bouwstenen/{block.url_name}"),
        icon=block.icon,
        version=found.version,
        maturity=MATURITIES[block.maturity],
        enabled=found.name in current_platform().registry.names(),
        licence=found.licence,
        authors=found.authors,
        requires=needs,
        pause_reason=pause.reason if (pause := current_platform().block_states.paused().get(found.name)) else None,
        manage_url=page_url(f"/beheer/bouwstenen/{block.url_name}") if MANAGE.allows(current_actor()) else None,
    )


@pages.route("/bouwstenen", public=True)
def index() -> ResponseReturnValue:
    """All blocks."""
    items = [_view(found, block) for found, block in _usable().values()]
    return render("core/catalogue.html", items=items, breadcrumbs=crumbs((_("Bouwstenen"), None)))


@pages.route("/bouwstenen/<name>", public=True)
def block(name: str) -> ResponseReturnValue:
    """One block with its documents."""
    chosen = next(((found, block) for found, block in _usable().values() if block.url_name == name), None)
    if chosen is None:
        raise NotFound
    found, manifest = chosen
    quality = quality_of(found)
    documents = [
        (anchor, title, markdown(path.read_text(encoding="utf-8"))) for anchor, file, title in DOCUMENTS if (path := found.document(file))
    ]
    return render(
        "core/catalogue_block.html",
        block=_view(found, manifest),
        facts=[
            (_("Verwerkt persoonsgegevens"), _("ja") if manifest.personal_data else _("nee")),
            (_("Kwaliteit volgens de maker"), quality.label or _("niet opgegeven")),
        ],
        exceptions=[(mark.code, NOT_KEPT[mark.status], mark.reason) for mark in quality.exceptions],
        documents=documents,
        breadcrumbs=crumbs((_("Bouwstenen"), "/bouwstenen"), (manifest.label, None)),
    )
