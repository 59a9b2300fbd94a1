"""What the form of a process proposal explains: an introduction per part, and an example per text."""

from __future__ import annotations

from samen_core.api import Text, _

INTRODUCTIONS: dict[str, Text] = {
    "A": _("Vertel waar samenspraak over gaat, en vooral ook waar het niet over gaat. Dat voorkomt teleurstelling."),
    "B": _("Waarom vraagt u mensen om mee te denken? Aan het eind kijkt u of deze doelen gehaald zijn."),
    "C": _("Gaat het om een straat of om de hele stad? Daarvan hangt af wie u vraagt."),
    "D": _("Bedenk per groep wie u vraagt en hoe u hen bereikt. De vier groepen zitten naast elkaar aan tafel."),
    "E": _("Spreek van tevoren af hoeveel invloed deelnemers hebben. Dit bepaalt ook wat u later bij het besluit moet doen."),
    "F": _("Hoe gaat het in zijn werk, wanneer, en wat kost het?"),
}

EXAMPLES: dict[str, Text] = {
    "subject": _(
        "In de Dorpsstraat gebeuren elk jaar ongelukken met fietsers. Wij zoeken met bewoners, winkeliers en de school naar een veilige "
        "inrichting van de straat tussen de kerk en de markt."
    ),
    "not_about": _("Het gaat niet over de parkeertarieven. Ook staat vast dat de bus door de straat blijft rijden."),
    "leeway": _(
        "Wij kunnen nog kiezen waar fietsers rijden, waar auto's staan en hoe hard er gereden mag worden. Het plan mag hoogstens "
        "€ 400.000 kosten."
    ),
    "goals.widen_support": _("Bewoners en winkeliers willen niet hetzelfde. Wij zoeken een plan waar beide mee verder kunnen."),
    "goals.collect_ideas": _("De mensen die er elke dag fietsen, weten het best waar het misgaat."),
    "scale_note": _(
        "Het gaat om de Dorpsstraat zelf. Wij vragen ook mensen uit de wijk Centrum, omdat zij hier naar school en naar de winkel gaan."
    ),
    "participants.government": _("De verkeersadviseur van de gemeente en de wijkagent. Wij spreken hen elke maand."),
    "participants.business": _("Alle 34 winkeliers. Wij gaan bij hen langs en overleggen met de winkeliersvereniging."),
    "participants.civil_society": _("De basisschool en de Fietsersbond. Wij bellen de directeur en de voorzitter."),
    "participants.citizens": _(
        "Bewoners van de straat en de wijk. Zij krijgen een brief, en wij staan twee keer met een kraam op de markt. "
        "Jongeren vragen wij op school."
    ),
    "level_reason": _(
        "Er is nog veel te kiezen, maar de gemeenteraad moet het geld geven. Daarom volgen wij het advies, tenzij het niet te betalen is."
    ),
    "approach": _("Wij beginnen met kijken wat er misgaat. Daarna verzamelen wij ideeën, en met de tafel werken wij er drie uit."),
    "methods_online": _("Op deze website kan iedereen reageren en op de kaart aanwijzen waar het gevaarlijk is."),
    "methods_offline": _("Twee avonden in het buurthuis, een kraam op de markt en een wandeling met de school."),
    "planning": _("Ronde 1: maart. Ronde 2: april en mei. Ronde 3: juni. Het college besluit in september."),
    "communication": _("Bij elke ronde een brief en een bericht in de wijkkrant. Wie meedeed, krijgt bericht over het besluit."),
    "costs": _("€ 6.000 voor zaal, drukwerk en begeleiding, en 120 uur werk. De gemeente betaalt dit."),
}
"""By the name of the field in the form."""
