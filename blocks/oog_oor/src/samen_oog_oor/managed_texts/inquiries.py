"""The mails with a question about a case: to a reporter, and to somebody outside who has no account."""

from __future__ import annotations

from samen_core.api import ManagedText, Placeholder, _
from samen_oog_oor.managed_texts.steps import WHAT

REPORTER = "oog_oor.mail_question"
THIRD_PARTY = "oog_oor.mail_third_party"

_LINK = Placeholder(
    "link", _("de link waarmee één keer geantwoord kan worden"), "https://www.voorbeeld.nl/oog-en-oor/vraag/voorbeeld", required=True
)
_SHARED = (
    Placeholder("number", _("het nummer van de zaak"), "2026-1042", required=True),
    Placeholder("text", _("wat een medewerker schreef"), _("Wij hebben de lamp niet gevonden."), required=True),
    Placeholder("questions", _("de vragen"), _("Bij welk huisnummer staat de lamp?"), required=True),
    Placeholder("day", _("de laatste dag om te antwoorden"), _("9 oktober 2026"), required=True),
    Placeholder("again", _("een zin, alleen als het een herinnering is"), _("Dit is een herinnering.")),
    _LINK,
)

TEXTS = (
    ManagedText(
        REPORTER,
        _("Mail: een vraag aan de melder"),
        _("Gaat naar een melder als een medewerker iets wil weten, en nog een keer als er geen antwoord komt."),
        (
            _("Hallo,"),
            "{again}",
            _("Wij hebben een vraag over uw melding {number}."),
            _("Het gaat over: {what}."),
            "{text}",
            "{questions}",
            _("Antwoord op deze pagina. Dat kan één keer, tot en met {day}. Met uw antwoord gaan wij verder."),
            "{link}",
            "{city}",
        ),
        _("Een vraag over uw melding"),
        (*_SHARED, WHAT),
    ),
    ManagedText(
        THIRD_PARTY,
        _("Mail: een vraag aan iemand buiten de organisatie"),
        _("Gaat naar iemand zonder account die iets moet doen of weten, zoals een aannemer of een woningcorporatie."),
        (
            _("Hallo,"),
            "{again}",
            _("Wij vragen uw hulp bij zaak {number}: {title}. De plek is: {place}."),
            "{text}",
            "{questions}",
            _("Antwoord op deze pagina. U hebt geen account nodig. Dat kan één keer, tot en met {day}."),
            _("Geef de link niet door aan anderen."),
            "{link}",
            "{city}",
        ),
        _("Een vraag over een melding in de buurt"),
        (
            *_SHARED,
            Placeholder("title", _("hoe de zaak heet"), _("Straatverlichting, Markt 10"), required=True),
            Placeholder("place", _("waar het is"), _("Markt 10")),
        ),
    ),
)
