"""The texts of the pages of the city in which cities differ."""

from __future__ import annotations

from samen_core.api import ManagedText, _

AREAS = "citycontent.areas"
MY_AREA = "citycontent.my_area"

TEXTS = (
    ManagedText(
        AREAS,
        _("Inleiding bij wijken en buurten"),
        _("Staat boven de lijst en de kaart van wijken en buurten."),
        (_("Kies een wijk of buurt en zie wat er speelt, wie er actief zijn en wat er te doen is."),),
        line=True,
    ),
    ManagedText(
        MY_AREA,
        _("Inleiding bij Mijn buurt"),
        _("Staat boven het formulier waarmee iemand de eigen buurt vindt. Zeg erbij dat u het adres niet bewaart."),
        (_("Vul uw postcode en huisnummer in. Wij laten zien wat er bij u in de buurt speelt en bewaren niets."),),
        line=True,
    ),
)
