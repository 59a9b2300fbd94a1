"""The texts that a city may make its own: the mails of the agenda."""

from __future__ import annotations

from samen_core.api import ManagedText, Placeholder, _

REMINDER = "beleidsagenda.mail_reminder"

TEXTS = (
    ManagedText(
        REMINDER,
        _("Mail: dit is te laat"),
        _("Gaat naar de medewerkers van een portefeuillehouder, als iemand op de lijst van wat te laat is op “Herinner” drukt."),
        (
            _("Hallo,"),
            _("Dit had al klaar moeten zijn, en hoort bij de portefeuille van: {holder}."),
            "{items}",
            _("Is het klaar? Stel dan op de pagina voor om het af te doen. Lukt het niet op tijd? Kies dan een nieuwe dag, met de reden."),
            "{city}",
        ),
        _("Toezeggingen, moties of vragen zijn te laat"),
        (
            Placeholder("holder", _("de portefeuillehouder"), "Wethouder verkeer", required=True),
            Placeholder(
                "items",
                _("wat er te laat is, elk met de link"),
                "Toezegging: De raad krijgt een brief over de verlichting. Klaar voor: 1 december 2026.",
                required=True,
            ),
        ),
    ),
)
