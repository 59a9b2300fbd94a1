"""The mails about what was done with what people said: to who took part, and to who has to tell it."""

from __future__ import annotations

from samen_core.api import ManagedText, Placeholder, _

RESULT = "doe_mee.mail_result"
REMINDER = "doe_mee.mail_result_reminder"

_SITE = "https://www.voorbeeld.nl"

RESULT_TEXTS = (
    ManagedText(
        RESULT,
        _("Mail: wat er met de inbreng is gedaan"),
        _("Gaat naar iedereen die meedeed aan een ronde en dat wilde horen, als de ronde wordt afgesloten."),
        (
            _("Hallo,"),
            _("U deed mee met {plan}: {round}. Bedankt daarvoor."),
            "{again}",
            _("Dit hebben wij gehoord:"),
            "{heard}",
            _("Dit doen wij ermee:"),
            "{done}",
            _("Alles over deze ronde leest u hier:"),
            "{link}",
            _("Wilt u hierover geen mail meer? Dat regelt u hier: {stop}"),
            "{city}",
        ),
        _("Dit is er met uw inbreng gedaan"),
        (
            Placeholder("plan", _("de titel van het plan"), _("De Dorpsstraat opnieuw"), required=True),
            Placeholder("round", _("de naam van de ronde"), _("Eerste ronde"), required=True),
            Placeholder("again", _("een zin, alleen als de tekst opnieuw is geschreven"), _("De tekst is nieuw: lees hem opnieuw.")),
            Placeholder("heard", _("wat er is gehoord"), _("Veel mensen willen meer groen en minder auto's."), required=True),
            Placeholder(
                "done", _("wat ermee wordt gedaan"), _("Wij planten veertig bomen en halen tien parkeerplaatsen weg."), required=True
            ),
            Placeholder("link", _("de link naar de ronde"), f"{_SITE}/doe-mee/plannen/voorbeeld", required=True),
            Placeholder("stop", _("de link waarmee mail stopt"), f"{_SITE}/doe-mee/geen-mail/voorbeeld", required=True),
        ),
    ),
    ManagedText(
        REMINDER,
        _("Mail: de uitslag ontbreekt nog"),
        _("Gaat een week na het einde van een ronde of activiteit naar wie het plan trekt, als er nog niet staat wat ermee is gedaan."),
        (
            _("Hallo,"),
            _("Bij dit plan wachten mensen op wat er met hun inbreng is gedaan: {plan}."),
            "{lines}",
            _("Uiterlijk {day} hoort het er te staan. Daarna ziet iedereen hoeveel dagen het te laat is."),
            _("Hier schrijft u het op:"),
            "{link}",
            "{city}",
        ),
        _("Een uitslag ontbreekt nog"),
        (
            Placeholder("plan", _("de titel van het plan"), _("De Dorpsstraat opnieuw"), required=True),
            Placeholder("lines", _("wat ontbreekt, op elke regel één"), (_("De ronde “Eerste ronde”"),), required=True),
            Placeholder("day", _("de laatste dag"), _("9 oktober 2026"), required=True),
            Placeholder("link", _("de link naar de werkplek van het plan"), f"{_SITE}/doe-mee/werk/plannen/voorbeeld", required=True),
        ),
    ),
)
