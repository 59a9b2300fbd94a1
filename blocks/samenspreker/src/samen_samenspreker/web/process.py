"""The process of this city: explained to everybody in its own words, and set up by its manager."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_core.api import Conflict, Text, UnitOfWork, _, parse
from samen_core.web.api import crumbs, current_uow, go, page_url, render, say
from samen_samenspreker.models import LEVELS, STEPS, Gate
from samen_samenspreker.paths import HOME, NEW, PROCESS
from samen_samenspreker.permissions import DEFINE_PROCESS
from samen_samenspreker.queries.definitions import city_gates
from samen_samenspreker.schemas.definitions import GATE_ROLES, CreateGateSchema, PlaceGateSchema, UpdateGateSchema
from samen_samenspreker.services.definitions import create_gate, gate_values, get_gate, place_gate, update_gate
from samen_samenspreker.settings import LEVEL_MEANINGS, level_name, step_meaning, step_name
from samen_samenspreker.web.frame import LABEL, pages

TITLE = _("Zo werkt het")
SET_UP = f"{PROCESS}/inrichten"
SET_UP_TITLE = _("Het proces van uw stad")
SECTIONS = (Section(_("De controle"), ("step", "title", "help", "role", "needs_document", "active")),)
ALWAYS: dict[str, tuple[Text, ...]] = {
    "agenda": (
        _("Er staat bij wat de vraag is, waarom nu, waar en wie het aangaat."),
        _("Er is een procesvoorstel en een tafel met stoelen."),
        _("De gemeenteraad kreeg een memo."),
    ),
    "solve": (_("Elke ronde is afgesloten."), _("Elke bijdrage heeft een antwoord."), _("Er liggen oplossingen op tafel.")),
    "decide": (_("Het besluit is gepubliceerd, met de reden en met wat er met elke oplossing is gedaan."),),
    "execute": (_("Elke actie is klaar, of er staat bij waarom hij niet doorgaat."),),
    "evaluate": (_("De evaluatie en het eindverslag zijn gepubliceerd."),),
}
"""What every city asks before a step is left (DOMAIN.md), in short."""


@pages.route(PROCESS, public=True)
def process_page() -> ResponseReturnValue:
    """The five steps and the levels of influence, as this city calls and explains them."""
    uow = current_uow()
    gates = city_gates(uow, only_active=True)
    return render(
        "samenspreker/process.html",
        title=TITLE,
        steps=[
            (step_name(uow, code), step_meaning(uow, code), ALWAYS[code], [(row.title, GATE_ROLES[row.role]) for row in gates[code]])
            for code in STEPS[:5]
        ],
        levels=[(level_name(uow, code), LEVEL_MEANINGS[code]) for code in LEVELS],
        new_url=page_url(NEW),
        set_up_url=page_url(SET_UP) if DEFINE_PROCESS.allows(uow.actor) else "",
        breadcrumbs=crumbs((LABEL, HOME), (TITLE, None)),
    )


@pages.route(SET_UP, permission=DEFINE_PROCESS)
def process_set_up() -> ResponseReturnValue:
    """The gates of the city per step, and where its names are changed."""
    uow = current_uow()
    gates = city_gates(uow)
    return render(
        "samenspreker/set_up.html",
        title=SET_UP_TITLE,
        steps=[
            (step_name(uow, code), [_gate(row, position, len(gates[code])) for position, row in enumerate(gates[code])]) for code in gates
        ],
        levels=[level_name(uow, code) for code in LEVELS],
        new_url=page_url(f"{SET_UP}/nieuw"),
        settings_url=page_url("/beheer/instellingen"),
        process_url=page_url(PROCESS),
        breadcrumbs=crumbs((LABEL, HOME), (SET_UP_TITLE, None)),
    )


@pages.route(f"{SET_UP}/nieuw", permission=DEFINE_PROCESS, methods=["GET", "POST"])
def gate_new() -> ResponseReturnValue:
    """Add a gate."""
    uow = current_uow()
    page = FormPage(
        title=_("Controle toevoegen"),
        lead=_("Zolang deze controle niet is afgevinkt, kan een vraag niet naar de volgende stap. Dat geldt ook voor vragen die al lopen."),
        submit=_("Voeg de controle toe"),
        done=_("De controle geldt nu."),
        path=f"{SET_UP}/nieuw",
        back=SET_UP,
        trail=((LABEL, HOME), (SET_UP_TITLE, SET_UP), (_("Toevoegen"), None)),
    )

    def write(command: Any) -> str:
        create_gate(uow, command)
        return SET_UP

    return form_page(uow, page, FormSpec(CreateGateSchema), SECTIONS, write, values={"active": True}, options=_options(uow))


@pages.route(f"{SET_UP}/<uuid:id>", permission=DEFINE_PROCESS, methods=["GET", "POST"])
def gate_edit(id: uuid.UUID) -> ResponseReturnValue:
    """Change a gate, or switch it on or off."""
    uow = current_uow()
    gate: Gate = get_gate(uow, id)
    page = FormPage(
        title=_("Controle wijzigen"),
        submit=_("Bewaar de controle"),
        done=_("De controle is gewijzigd."),
        path=f"{SET_UP}/{id}",
        back=SET_UP,
        trail=((LABEL, HOME), (SET_UP_TITLE, SET_UP), (gate.title, None)),
    )

    def write(command: Any) -> str:
        update_gate(uow, id, command)
        return SET_UP

    return form_page(uow, page, FormSpec(UpdateGateSchema), SECTIONS, write, values=gate_values(gate), options=_options(uow))


@pages.route(f"{SET_UP}/<uuid:id>/plaats", permission=DEFINE_PROCESS, methods=["POST"])
def gate_place(id: uuid.UUID) -> ResponseReturnValue:
    """Put a gate a place earlier or later."""
    uow = current_uow()
    try:
        place_gate(uow, id, parse(PlaceGateSchema, request.form))
    except Conflict:
        uow.rollback()
        say(_("Iemand anders heeft deze controle intussen gewijzigd. Kijk of de volgorde nog klopt."), "warning")
    return go(SET_UP)


def _options(uow: UnitOfWork) -> dict[str, list[tuple[str, Text | str]]]:
    return {"step": [(code, step_name(uow, code)) for code in STEPS[:5]]}


def _gate(row: Any, position: int, number: int) -> dict[str, Any]:
    url = page_url(f"{SET_UP}/{row.id}")
    return {
        "row": row,
        "role": GATE_ROLES[row.role],
        "url": url,
        "place_url": f"{url}/plaats",
        "first": position == 0,
        "last": position == number - 1,
    }
