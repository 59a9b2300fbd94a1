"""The building blocks for the manager: what each is and does here, and pausing and activating them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from samen_core.blocks.discovery import Installed
from samen_core.blocks.overview import Added, Overview, added, overviews
from samen_core.blocks.quality import quality_of
from samen_core.blocks.schemas import ActivateBlock, ActivateSchema, PauseBlock, PauseSchema
from samen_core.blocks.services import ACTIVATED, PAUSED, activate_block, block_history, dependants, pause_block, state_now
from samen_core.errors import Conflict, Invalid, NotFound
from samen_core.forms import BoundForm, parse
from samen_core.i18n import Text, _, format_number
from samen_core.logbook import LogLine
from samen_core.permissions import MANAGE
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_actor, current_platform, current_uow
from samen_core.web.layout import crumbs, go, page_url, render, render_status, say
from samen_core.web.pages.catalogue import MATURITIES
from samen_core.web.slots import Slots

pages = BlockBlueprint("blocks", __name__)
HOME = "/beheer/bouwstenen"
STATES: dict[str, tuple[Text, str]] = {
    "enabled": (_("in gebruik"), "success"),
    "paused": (_("op pauze"), "warning"),
    "disabled": (_("uitgezet, gegevens bewaard"), "neutral"),
    "installed": (_("geïnstalleerd, niet in gebruik"), "neutral"),
    "orphan": (_("gegevens zonder bouwsteen"), "warning"),
    "broken": (_("werkt niet"), "danger"),
}
SAID = {PAUSED: _("Op pauze gezet"), ACTIVATED: _("Weer actief gemaakt")}


@pages.route(HOME, permission=MANAGE)
def index() -> ResponseReturnValue:
    """Every block with its state, size and health."""
    found = overviews(current_uow())
    return render(
        "core/admin/blocks.html",
        found=[item for item in found if item.entry.state != "orphan"],
        orphans=[item for item in found if item.entry.state == "orphan"],
        states=STATES,
        maturities=MATURITIES,
        tier=_tier,
        amount=_amount,
        size=_size,
        address=lambda item: page_url(_path(item.entry.name)),
        breadcrumbs=crumbs((_("Beheer"), "/beheer"), (_("Bouwstenen"), None)),
    )


@pages.route(f"{HOME}/<name>", permission=MANAGE)
def block(name: str) -> ResponseReturnValue:
    """One block: what it adds, what it keeps, how it is, and what happened to it."""
    uow, platform = current_uow(), current_platform()
    item = next((item for item in overviews(uow) if item.entry.name.replace("_", "-") == name and item.entry.found), None)
    if item is None or item.entry.found is None:
        raise NotFound
    found = item.entry.found
    enabled = item.entry.state in ("enabled", "paused")
    return render(
        "core/admin/block.html",
        item=item,
        block=found,
        label=_label(found),
        state=STATES[item.entry.state],
        facts=_facts(item, found),
        added=[*_pages(found.name), *added(platform, found.name)] if enabled else [],
        size=_size,
        cause=_label(platform.installed[item.entry.pause.cause]) if item.entry.pause else "",
        is_own_pause=bool(item.entry.pause and item.entry.pause.cause == found.name),
        lines=[LogLine(row.at, str(SAID.get(row.action, row.action)), row.reason) for row in block_history(uow, found.name)],
        here=page_url(_path(found.name)),
        catalogue_url=page_url(f"/bouwstenen/{name}") if found.block and not found.problem else None,
        breadcrumbs=crumbs((_("Beheer"), "/beheer"), (_("Bouwstenen"), HOME), (_label(found), None)),
    )


@pages.route(f"{HOME}/<name>/pauzeren", permission=MANAGE, methods=["GET", "POST"])
def pause(name: str) -> ResponseReturnValue:
    """Ask for the reason, name what pauses along, and pause."""
    found = _enabled(name)
    label = _label(found)
    along = [_label(other) for other in dependants(current_platform().blocks, found.name)]
    words = {
        "title": _("{block} op pauze zetten", block=label),
        "text": _("De pagina’s gaan dicht en het werk op de achtergrond wacht. Alle gegevens blijven bewaard."),
        "button": _("Zet op pauze"),
        "along": along,
    }

    def act(values: dict[str, Any]) -> None:
        pause_block(current_uow(), PauseBlock(found.name, values["reason"], values["version"]))

    return _decide(found, PauseSchema, act, words, _("{block} staat nu op pauze. Dat geldt binnen vijf seconden overal.", block=label))


@pages.route(f"{HOME}/<name>/activeren", permission=MANAGE, methods=["GET", "POST"])
def activate(name: str) -> ResponseReturnValue:
    """Ask whether to end the pause, and end it."""
    found = _enabled(name)
    label = _label(found)
    words = {
        "title": _("{block} weer actief maken", block=label),
        "text": _("De pagina’s gaan weer open, en wat wachtte wordt alsnog gedaan."),
        "button": _("Maak actief"),
        "along": [],
    }

    def act(values: dict[str, Any]) -> None:
        activate_block(current_uow(), ActivateBlock(found.name, values["reason"], values["version"]))

    return _decide(found, ActivateSchema, act, words, _("{block} is weer actief.", block=label))


def _decide(found: Installed, schema: Any, act: Callable[[dict[str, Any]], None], words: dict[str, Any], done: Text) -> ResponseReturnValue:
    """The confirmation page on GET, the decision on POST; mistakes and a manager who was first keep what was typed."""
    path = _path(found.name)
    status = 200
    bound: dict[str, Any] = {}
    if request.method == "POST":
        try:
            act(parse(schema, request.form))
        except Conflict:
            current_uow().rollback()
            status, bound = 409, {"data": request.form}
        except Invalid as error:
            current_uow().rollback()
            status, bound = 400, {"data": request.form, "errors": error.errors}
        else:
            say(done)
            return go(path)
    now = state_now(current_uow(), found.name)
    if schema is PauseSchema and now.paused and not bound:
        bound = {"data": {"reason": now.reason}}
    return render_status(
        status,
        "core/admin/block_decide.html",
        form=BoundForm(schema, **bound),
        version=now.version,
        now=now,
        is_conflict=status == 409,
        action=request.script_root + request.path,
        cancel_url=page_url(path),
        breadcrumbs=crumbs((_("Beheer"), "/beheer"), (_("Bouwstenen"), HOME), (_label(found), path), (words["button"], None)),
        **words,
    )


def _enabled(name: str) -> Installed:
    found = next((item for item in current_platform().blocks if item.name.replace("_", "-") == name), None)
    if found is None:
        raise NotFound
    return found


def _path(name: str) -> str:
    return f"{HOME}/{name.replace('_', '-')}"


def _label(found: Installed) -> Text | str:
    return found.block.label if found.block else found.name


def _tier(found: Installed) -> Text | str:
    return quality_of(found).label or ""


def _amount(item: Overview) -> str:
    return ("± " if item.is_estimate else "") + format_number(item.rows)


def _size(number: int) -> str:
    """Bytes in the largest unit in which they are at least one."""
    value, unit = float(number), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{format_number(round(value, 1) if value < 10 else round(value))} {unit}"


def _facts(item: Overview, found: Installed) -> list[tuple[Text, Any]]:
    platform = current_platform()
    facts: list[tuple[Text, Any]] = [(_("Versie"), found.version), (_("Distributie"), found.distribution)]
    if found.block:
        needing = [other.name for other in platform.installed.values() if other.block and found.name in other.block.requires]
        facts += [
            (_("Rijpheid"), MATURITIES[found.block.maturity]),
            (_("Kwaliteit"), _tier(found)),
            (_("Heeft nodig"), _links(found.block.requires)),
            (_("Nodig voor"), _links(needing)),
            (_("Verwerkt persoonsgegevens"), _("ja") if found.block.personal_data else _("nee")),
        ]
    if item.files:
        facts.append((_("Bestanden"), _("{n}, samen {size}", n=format_number(item.files), size=_size(item.file_bytes))))
    if item.waiting:
        facts.append((_("Wachtende berichten"), format_number(item.waiting)))
    return facts


def _links(names: Any) -> Markup:
    """The labels of blocks, each with a link where it is installed."""
    installed = current_platform().installed
    link = Markup('<a class="nl-link" href="{}">{}</a>')
    return Markup(", ").join(link.format(page_url(_path(name)), _label(installed[name])) if name in installed else name for name in names)


def _pages(name: str) -> list[Added]:
    """The pages, REST resources, slots and menu entries of a block."""
    app: Any = current_app
    rules: dict[bool, set[str]] = {True: set(), False: set()}
    for rule in app.url_map.iter_rules():
        if "." in rule.endpoint and app.owner_of(rule.endpoint.split(".")[:1]) == name:
            rules[rule.rule.startswith("/api/")].add(rule.rule)
    slots: Slots = app.extensions["samen_slots"]
    menu = current_platform().registry.ask("samen_navigation", actor=current_actor())
    return [
        Added(_("Pagina’s"), tuple(sorted(rules[False]))),
        Added(_("API"), tuple(sorted(rules[True]))),
        Added(_("Plekken op andere pagina’s"), slots.filled_by(name)),
        Added(_("In het menu"), tuple(f"{item.label} ({item.path})" for owner, item in menu if owner == name)),
    ]
