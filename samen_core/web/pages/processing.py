"""The register of processing for everybody: as a page, JSON and a table."""

from __future__ import annotations

from itertools import groupby

from flask.typing import ResponseReturnValue

from samen_core.i18n import Text, _
from samen_core.privacy.register import Processing, register_of_processing
from samen_core.texts.core import TRANSFERS
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.city_texts import plain_city_text
from samen_core.web.context import current_platform, current_uow
from samen_core.web.layout import crumbs, render
from samen_core.web.tables import csv_file, json_file

pages = BlockBlueprint("processing", __name__)
HEAD: tuple[tuple[str, Text], ...] = (
    ("purpose", _("Waarvoor")),
    ("fields", _("Welke gegevens")),
    ("people", _("Van wie")),
    ("basis", _("Grondslag")),
    ("receivers", _("Wie ze ziet")),
    ("retention", _("Hoe lang")),
    ("erase", _("Als u uw account verwijdert")),
)


@pages.route("/privacy/verwerkingen", public=True)
def index() -> ResponseReturnValue:
    """For what the platform uses which data of whom."""
    found = register_of_processing(current_uow())
    groups = [(items[0], items) for _owner, group in groupby(found, key=lambda item: item.owner) for items in [list(group)]]
    trail = crumbs((_("Privacy"), "/privacy"), (_("Register van verwerkingen"), None))
    return render("core/processing.html", groups=groups, head=HEAD, words=_words, breadcrumbs=trail)


@pages.route("/privacy/verwerkingen.json", public=True)
def as_json() -> ResponseReturnValue:
    """The same for programs."""
    platform = current_platform()
    city = platform.config.city
    found = [
        {"block": item.owner, "label": str(item.block), "installed": item.installed, **{name: _values(item, name) for name, _label in HEAD}}
        for item in register_of_processing(current_uow())
    ]
    controller = {"name": city.name, "email": city.contact_email, "url": city.contact_url}
    return json_file("verwerkingen.json", {"controller": controller, "transfers_outside_eu": _transfers(), "processings": found})


@pages.route("/privacy/verwerkingen.csv", public=True)
def as_csv() -> ResponseReturnValue:
    """The same as a table for a spreadsheet."""
    transfers = _transfers()
    rows = [[item.block, *(_words(item, name) for name, _label in HEAD), transfers] for item in register_of_processing(current_uow())]
    head = [_("Bouwsteen"), *(label for _name, label in HEAD), _("Naar landen buiten de EU")]
    return csv_file("verwerkingen.csv", head, rows)


def _transfers() -> str:
    """What the city says of data that leaves the EU: it alone knows where its servers and its mail are."""
    return plain_city_text(current_platform(), TRANSFERS)


def _values(item: Processing, name: str) -> str | list[str]:
    value = getattr(item, name)
    return [str(part) for part in value] if isinstance(value, tuple) else str(value)


def _words(item: Processing, name: str) -> str:
    value = getattr(item, name)
    return "; ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)
