"""Blueprints at the desk: the list, changing one, making one of a plan."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_core.api import LOGGED_IN, Text, _, n_
from samen_core.web.api import Row, crumbs, current_uow, go, page_url, render, say
from samen_doe_mee import paths
from samen_doe_mee.permissions import DEFINE
from samen_doe_mee.permissions import PLAN as MAY_PLAN
from samen_doe_mee.schemas.blueprints import SaveBlueprint, SaveBlueprintSchema
from samen_doe_mee.services.activity_types import BY_CODE
from samen_doe_mee.services.blueprints import (
    BlueprintView,
    all_blueprints,
    blueprint_of_plan,
    blueprint_values,
    get_blueprint,
    save_blueprint,
)
from samen_doe_mee.web.common import DESK, LABEL, desk_tabs, pages
from samen_doe_mee.web.desk_plan_frame import plan_at_desk

TITLE = _("Blauwdrukken")
SPEC = FormSpec(SaveBlueprintSchema)
SECTIONS = (
    Section(_("De blauwdruk"), ("name", "note", "active")),
    Section(_("Teksten waarmee een plan begint"), ("summary", "about", "fixed", "open", "level", "form")),
    Section(_("Aanpak"), ("approach", "methods_online", "methods_offline", "communication")),
    Section(_("Rondes"), ("rounds",)),
)


@pages.route(paths.BLUEPRINTS, permission=MAY_PLAN)
def blueprint_list() -> ResponseReturnValue:
    """All blueprints, with what is in them."""
    uow = current_uow()
    defines = DEFINE.allows(uow.actor)
    found = [one for one in all_blueprints(uow) if one.active or defines]
    return render(
        "doe_mee/desk_blueprints.html",
        title=TITLE,
        tabs=desk_tabs(uow.actor, paths.BLUEPRINTS),
        rows=[(one, _row(one, defines=defines), _rounds(one)) for one in found],
        begin_url=f"{page_url(paths.DESK_PLANS)}/nieuw?van=blauwdruk:",
        new_url=page_url(f"{paths.BLUEPRINTS}/nieuw") if defines else None,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK_PLANS), (TITLE, None)),
    )


def _row(one: BlueprintView, *, defines: bool) -> Row:
    badges: tuple[tuple[Text | str, str], ...] = () if one.active else ((_("Uitgezet"), "neutral"),)
    url = page_url(f"{paths.BLUEPRINTS}/{one.key}") if defines else ""
    return Row(one.name, url, one.summary, badges)


def _rounds(one: BlueprintView) -> list[tuple[str, Text, list[Text | str]]]:
    """The rounds of a blueprint: title, length, and the kinds of their activities."""
    found = []
    for content in one.content.get("rounds", ()):
        known = [BY_CODE[activity["type"]] for activity in content.get("activities", ()) if activity["type"] in BY_CODE]
        kinds: list[Text | str] = [kind.label for kind in known]
        found.append((content["title"], n_("{n} dag", "{n} dagen", int(content.get("days", 14))), kinds))
    return found


@pages.route(f"{paths.BLUEPRINTS}/nieuw", permission=DEFINE, methods=["GET", "POST"])
def blueprint_new() -> ResponseReturnValue:
    """Make a blueprint."""
    return _edit(None, {"active": True}, _("Nieuwe blauwdruk"))


@pages.route(f"{paths.BLUEPRINTS}/<key>", permission=DEFINE, methods=["GET", "POST"])
def blueprint_edit(key: str) -> ResponseReturnValue:
    """Change a blueprint, or switch it off."""
    one = get_blueprint(current_uow(), key)
    return _edit(key, blueprint_values(one), one.name)


def _edit(key: str | None, values: dict[str, Any], title: Text | str) -> ResponseReturnValue:
    uow = current_uow()
    DEFINE.require(uow.actor)

    def write(command: SaveBlueprint) -> str:
        save_blueprint(uow, key, command)
        return paths.BLUEPRINTS

    page = FormPage(
        title=title if isinstance(title, Text) else _("Blauwdruk: {name}", name=title),
        submit=_("Bewaar de blauwdruk"),
        done=_("De blauwdruk is bewaard. Plannen die er al mee begonnen zijn, veranderen niet."),
        path=f"{paths.BLUEPRINTS}/{key or 'nieuw'}",
        back=paths.BLUEPRINTS,
        trail=((LABEL, paths.HOME), (DESK, paths.DESK_PLANS), (TITLE, paths.BLUEPRINTS), (title, None)),
        lead=_("Activiteiten neemt u over van een plan: maak van dat plan een blauwdruk."),
    )
    return form_page(uow, page, SPEC, SECTIONS, write, values=values)


@pages.route(f"{paths.DESK_PLANS}/<slug>/blauwdruk", permission=LOGGED_IN, methods=["POST"])
def blueprint_from_plan(slug: str) -> ResponseReturnValue:
    """Make a blueprint of a plan, to be looked through at once."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug)
    one = blueprint_of_plan(uow, plan.id, plan.title[:120])
    say(_("De blauwdruk is gemaakt. Kijk na of er niets in staat dat alleen voor dit plan geldt."))
    return go(f"{paths.BLUEPRINTS}/{one.key}")
