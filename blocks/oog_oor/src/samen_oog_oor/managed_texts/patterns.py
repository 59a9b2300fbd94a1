"""The mail to reporters when much of the same becomes a question for the city."""

from __future__ import annotations

from samen_core.api import ManagedText, Placeholder, _

PROPOSED = "oog_oor.mail_pattern"

_SITE = "https://www.voorbeeld.nl"

TEXTS = (
    ManagedText(
        PROPOSED,
        _("Mail: veel van hetzelfde wordt een vraag"),
        _("Gaat naar elke melder van een zaak die bij een patroon hoort, als dat patroon wordt voorgelegd als vraag aan de stad."),
        (
            _("Hallo,"),
            _("U meldde iets onder nummer {number}. Meer mensen melden hetzelfde: {title}."),
            _("Daarom is deze vraag voorgelegd om samen aan te werken:"),
            "{question}",
            _("Hier leest u welke zaken erbij horen en wat er met de vraag gebeurt:"),
            "{link}",
            _("Uw eigen melding gaat gewoon door. Uw code is {code}."),
            "{city}",
        ),
        _("Uw melding wordt een vraag aan de stad"),
        (
            Placeholder("number", _("het nummer van de zaak"), "2026-1042", required=True),
            Placeholder("title", _("waar het patroon over gaat"), "Straatverlichting in Palenstein", required=True),
            Placeholder("question", _("de vraag die is voorgelegd"), "Hoe houden we het plein licht?", required=True),
            Placeholder("link", _("de link naar het patroon"), f"{_SITE}/oog-en-oor/patronen/voorbeeld", required=True),
            Placeholder("code", _("de code van de melding"), "7F4K-9Q2M-X3TB"),
        ),
    ),
)
