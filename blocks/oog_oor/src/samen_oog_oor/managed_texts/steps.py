"""The mails about the life of a case: to reporters at each step, and to staff about what is late."""

from __future__ import annotations

from samen_core.api import ManagedText, Placeholder, _

STEP = "oog_oor.mail_step"
CLOSED = "oog_oor.mail_closed"
NOT_REOPENED = "oog_oor.mail_not_reopened"
SILENCE = "oog_oor.mail_silence"
DEADLINES = "oog_oor.mail_deadlines"

HELLO = _("Hallo,")
_SITE = "https://www.voorbeeld.nl"
NUMBER = Placeholder("number", _("het nummer van de zaak"), "2026-1042", required=True)
WHAT = Placeholder("what", _("het onderwerp van de melding; leeg bij wat vertrouwelijk is"), _("Lantaarnpaal doet het niet"))
REPORTED = Placeholder("reported", _("de dag waarop iemand het meldde"), _("2 oktober 2026"))
ABOUT = _("Het gaat over wat u meldde op {reported}: {what}.")
LINK = Placeholder("link", _("de link naar de eigen melding"), f"{_SITE}/oog-en-oor/mijn-melding/voorbeeld", required=True)
CODE = Placeholder("code", _("de code van de melding"), "7F4K-9Q2M-X3TB")
STATE = Placeholder("state", _("hoe het ervoor staat"), _("In behandeling"))
MEANING = Placeholder("meaning", _("wat dat betekent"), _("Er wordt aan gewerkt."))
TEXT = Placeholder("text", _("wat een medewerker schreef"), _("De aannemer komt donderdag. Dan doet de lamp het weer."))
ANSWER = Placeholder("text", _("wat een medewerker schreef"), _("De lamp is vervangen. Dank voor uw melding."), required=True)
DAY = Placeholder("day", _("de dag waarop het klaar moet zijn"), _("9 oktober 2026"))
PLANNED = Placeholder("planned", _("de dag van het werk, als die is afgesproken"), _("6 november 2026"))
_FOLLOW = (_("U leest alles over uw melding op deze pagina. Uw code is {code}."), "{link}", "{city}")

TEXTS = (
    ManagedText(
        STEP,
        _("Mail: nieuws over een melding"),
        _("Gaat naar elke melder van een zaak als er iets verandert of als een medewerker een bericht stuurt."),
        (
            HELLO,
            _("Er is nieuws over uw melding {number}."),
            ABOUT,
            _("Zo staat het ervoor: {state}. {meaning}"),
            _("Het werk gebeurt op {planned}."),
            "{text}",
            _("Wij verwachten dat het uiterlijk klaar is op {day}."),
            *_FOLLOW,
        ),
        _("Nieuws over uw melding"),
        (NUMBER, WHAT, REPORTED, STATE, MEANING, PLANNED, TEXT, DAY, CODE, LINK),
    ),
    ManagedText(
        CLOSED,
        _("Mail: melding afgesloten"),
        _("Gaat naar elke melder als een zaak wordt afgesloten, met het antwoord en de vraag of de melder tevreden is."),
        (
            HELLO,
            _("Uw melding {number} is afgesloten. Zo is het afgelopen: {state}. {resolution}."),
            ABOUT,
            "{text}",
            _("Bent u tevreden over hoe het is afgehandeld? Zeg ja of nee op de pagina van uw melding. Uw code is {code}."),
            "{link}",
            _("Moet er toch weer naar worden gekeken? Dat kunt u vragen tot en met {until}."),
            "{city}",
        ),
        _("Uw melding is afgesloten"),
        (
            NUMBER,
            WHAT,
            REPORTED,
            STATE,
            Placeholder("resolution", _("hoe het is afgelopen"), _("Hersteld"), required=True),
            ANSWER,
            Placeholder("until", _("de laatste dag om een heropening te vragen"), _("6 november 2026")),
            CODE,
            LINK,
        ),
    ),
    ManagedText(
        NOT_REOPENED,
        _("Mail: zaak gaat niet weer open"),
        _("Gaat naar wie vroeg om een afgesloten zaak weer te openen, als dat niet gebeurt."),
        (
            HELLO,
            _("U vroeg om weer naar uw melding {number} te kijken. Wij hebben dat gedaan. De zaak gaat niet weer open:"),
            "{text}",
            ABOUT,
            *_FOLLOW,
        ),
        _("Wij hebben weer naar uw melding gekeken"),
        (NUMBER, WHAT, REPORTED, ANSWER, CODE, LINK),
    ),
    ManagedText(
        SILENCE,
        _("Mail: nog geen nieuws"),
        _("Gaat vanzelf naar elke melder van een zaak waarover lang niets is gezegd. De instelling “zonder nieuws” bepaalt hoe lang."),
        (
            HELLO,
            _("Over uw melding {number} is een tijd geen nieuws geweest. Wij zijn uw melding niet vergeten."),
            ABOUT,
            _("Zo staat het ervoor: {state}. {meaning}"),
            _("Wij verwachten dat het uiterlijk klaar is op {day}."),
            _("Het had klaar moeten zijn op {late}. Dat is niet gelukt. Onze excuses daarvoor."),
            *_FOLLOW,
        ),
        _("Nog geen nieuws over uw melding"),
        (
            NUMBER,
            WHAT,
            REPORTED,
            STATE,
            MEANING,
            DAY,
            Placeholder("late", _("de beloofde dag, als die voorbij is"), _("9 oktober 2026")),
            CODE,
            LINK,
        ),
    ),
    ManagedText(
        DEADLINES,
        _("Mail: zaken die bijna of al te laat zijn"),
        _("Gaat elke dag naar wie zaken behandelt, als er iets bijna klaar moet zijn of te laat is."),
        (
            HELLO,
            _("Deze zaken hebben uw aandacht nodig."),
            _("Bijna te laat:\n{soon}"),
            _("Dit is de laatste dag, of die is net voorbij:\n{late}"),
            _("Veel te laat. Bespreek dit met uw leidinggevende:\n{very_late}"),
            "{city}",
        ),
        _("Meldingen die bijna of al te laat zijn"),
        (
            Placeholder(
                "soon", _("zaken die bijna klaar moeten zijn, elk met de link"), "2026-1042 Straatverlichting, Markt: 9 oktober 2026"
            ),
            Placeholder("late", _("zaken die te laat zijn, elk met de link"), "2026-1017 Afval, Dorpsstraat: 7 oktober 2026"),
            Placeholder("very_late", _("zaken die veel te laat zijn, elk met de link"), "2026-0871 Stoeptegel, Markt: 1 september 2026"),
        ),
    ),
)
