"""Extra questions that the delivered categories ask, by name; a city changes them per category as it likes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from samen_core.api import Form, Question, Text, _, form_to_json

_ROAD: tuple[tuple[str, Text], ...] = (
    ("carriageway", _("Rijbaan")),
    ("cycle_path", _("Fietspad")),
    ("pavement", _("Stoep of voetpad")),
    ("square", _("Plein")),
    ("parking", _("Parkeerplaats")),
    ("path", _("Pad in het groen")),
)
_WASTE: tuple[tuple[str, Text], ...] = (
    ("residual", _("Restafval")),
    ("organic", _("Groente, fruit en tuinafval")),
    ("paper", _("Papier en karton")),
    ("plastic", _("Plastic, blik en pakken")),
    ("glass", _("Glas")),
    ("textile", _("Kleding")),
)
_OFTEN: tuple[tuple[str, Text], ...] = (
    ("now", _("Het is nu bezig")),
    ("once", _("Het is één keer gebeurd")),
    ("weekly", _("Elke week")),
    ("daily", _("Elke dag")),
)

READY: dict[str, Question] = {
    question.name: question
    for question in (
        Question("danger", "yes_no", _("Kan er nu iemand door vallen of gewond raken?"), _("Is er nu iemand in gevaar? Bel 112.")),
        Question("lamp_number", "short_text", _("Welk nummer staat op de lantaarnpaal?"), _("Op een plaatje, op ooghoogte."), maximum=20),
        Question(
            "lamps",
            "one_choice",
            _("Hoeveel lampen zijn het?"),
            options=(("one", _("Eén")), ("some", _("Twee of drie")), ("street", _("Een hele straat"))),
            required=True,
        ),
        Question("container_number", "short_text", _("Welk nummer staat op de container?"), maximum=20),
        Question("waste", "one_choice", _("Waar is de container voor?"), options=_WASTE, required=True),
        Question(
            "waste_kind",
            "several_choices",
            _("Wat ligt er?"),
            options=(
                ("bags", _("Vuilniszakken")),
                ("furniture", _("Meubels")),
                ("appliances", _("Koelkast of ander apparaat")),
                ("rubble", _("Puin of hout")),
                ("garden", _("Takken of tuinafval")),
                ("boxes", _("Dozen")),
                ("other", _("Iets anders")),
            ),
        ),
        Question(
            "amount",
            "one_choice",
            _("Hoeveel is het ongeveer?"),
            options=(("little", _("Past in een emmer")), ("some", _("Past in een kruiwagen")), ("much", _("Meer dan een kruiwagen"))),
        ),
        Question("private_ground", "yes_no", _("Ligt het op de grond van iemand zelf?")),
        Question("surface", "one_choice", _("Waar is het?"), options=_ROAD, required=True),
        Question("depth", "number", _("Hoe diep of hoog is het, in centimeters?"), _("Ongeveer is goed."), minimum=0, maximum=300),
        Question("light_number", "short_text", _("Welk nummer staat op de paal?"), _("Vaak op een sticker."), maximum=20),
        Question(
            "for_whom",
            "several_choices",
            _("Wie heeft er last van?"),
            options=(
                ("walkers", _("Voetgangers")),
                ("cyclists", _("Fietsers")),
                ("drivers", _("Automobilisten")),
                ("wheelchair", _("Mensen met een rolstoel of rollator")),
                ("blind", _("Mensen die slecht zien")),
            ),
        ),
        Question("sign_text", "short_text", _("Wat staat er op het bord?"), maximum=100),
        Question("often", "one_choice", _("Hoe vaak gebeurt het?"), options=_OFTEN, required=True),
        Question("when", "short_text", _("Op welke dagen en tijden merkt u het?"), _("Bijvoorbeeld: vrijdag na 22.00 uur."), maximum=150),
        Question("group", "number", _("Met hoeveel mensen zijn ze ongeveer?"), minimum=1, maximum=500),
        Question("since", "date", _("Sinds welke dag is dit zo?"), _("Ongeveer is goed.")),
        Question("how_many", "number", _("Hoeveel zijn het er ongeveer?"), minimum=1, maximum=1_000),
        Question(
            "vehicle",
            "one_choice",
            _("Wat voor voertuig is het?"),
            options=(
                ("car", _("Auto")),
                ("van", _("Bestelbus")),
                ("truck", _("Vrachtwagen")),
                ("trailer", _("Aanhanger of caravan")),
                ("scooter", _("Scooter of brommer")),
                ("other", _("Iets anders")),
            ),
        ),
        Question("flat_tyres", "yes_no", _("Is het voertuig kapot, bijvoorbeeld met lege banden?")),
        Question("labelled", "yes_no", _("Hangt er een label van de gemeente aan?")),
        Question(
            "tree_part",
            "one_choice",
            _("Wat is er met de boom?"),
            options=(
                ("branch", _("Een tak hangt los of is gevallen")),
                ("fallen", _("De boom is omgevallen of staat scheef")),
                ("dead", _("De boom is ziek of dood")),
                ("other", _("Iets anders")),
            ),
            required=True,
        ),
        Question("blocked", "yes_no", _("Verspert het de weg of het pad?")),
        Question("device", "short_text", _("Welk toestel of onderdeel is het?"), _("Bijvoorbeeld: de schommel."), maximum=100),
        Question(
            "hole_kind",
            "one_choice",
            _("Waar ziet u de ratten?"),
            options=(("garden", _("In een tuin")), ("street", _("Op straat")), ("home", _("In een gebouw")), ("water", _("Bij het water"))),
        ),
        Question(
            "noise_source",
            "one_choice",
            _("Waar komt het geluid vandaan?"),
            options=(
                ("homes", _("Buren")),
                ("venue", _("Café, restaurant of terras")),
                ("company", _("Bedrijf")),
                ("event", _("Evenement")),
                ("works", _("Bouw of wegwerk")),
                ("traffic", _("Verkeer")),
                ("other", _("Iets anders")),
            ),
            required=True,
        ),
        Question("offensive", "yes_no", _("Is de tekst of tekening kwetsend, of discrimineert die?"), _("Dan halen wij die sneller weg.")),
        Question(
            "water_kind",
            "one_choice",
            _("Waar staat het water?"),
            options=(
                ("road", _("Op straat")),
                ("path", _("Op een fietspad of voetpad")),
                ("garden", _("In een tuin of huis")),
                ("green", _("In het groen")),
            ),
            required=True,
        ),
        Question("line", "short_text", _("Welke lijn of halte is het?"), maximum=80),
        Question("company", "short_text", _("Welk bedrijf of welke zaak is het?"), maximum=120),
        Question("works", "short_text", _("Voor welk werk is het? Staat er een naam op het bord?"), maximum=120),
        Question("about_service", "short_text", _("Welke dienst of welk loket is het?"), maximum=120),
        Question("safe_feeling", "scale", _("Hoe veilig voelt u zich hier?"), options=(("1", _("Heel onveilig")), ("5", _("Heel veilig")))),
    )
}


def ready_form(names: Iterable[str]) -> dict[str, Any]:
    """The questions with these names as a form to store; nothing without names."""
    questions = tuple(READY[name] for name in names)
    return form_to_json(Form(questions)) if questions else {}
