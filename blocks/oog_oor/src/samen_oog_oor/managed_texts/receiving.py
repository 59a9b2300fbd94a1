"""The mails of coming in: the receipt, the request to confirm, and the links again for who lost them."""

from __future__ import annotations

from samen_core.api import ManagedText, Placeholder, _
from samen_oog_oor.managed_texts.steps import HELLO, LINK

RECEIPT = "oog_oor.mail_receipt"
CONFIRM = "oog_oor.mail_confirm"
LINKS = "oog_oor.mail_links"
NEW_ADDRESS = "oog_oor.mail_new_address"
OLD_ADDRESS = "oog_oor.mail_old_address"

_NUMBER = Placeholder("number", _("het nummer van de zaak"), "ZM-2026-000123", required=True)

TEXTS = (
    ManagedText(
        RECEIPT,
        _("Mail: melding ontvangen"),
        _("Gaat naar wie iets meldt en een e-mailadres achterlaat."),
        (
            HELLO,
            _("Bedankt voor uw melding. Het nummer is {number}."),
            "{promise}",
            _("Wij verwachten dat het uiterlijk klaar is op {day}."),
            _("Op deze pagina ziet u wat ermee gebeurt:"),
            "{link}",
            _("Zonder deze link vindt u uw melding terug met de code {code}. Vul dan ook dit e-mailadres in, of log in."),
            "{city}",
        ),
        _("Wij hebben uw melding ontvangen"),
        (
            _NUMBER,
            LINK,
            Placeholder("code", _("de code van de melding"), "7F4K-9Q2M-X3TB", required=True),
            Placeholder("promise", _("wat de gemeente bij deze categorie belooft"), _("Wij maken verlichting binnen vijf werkdagen.")),
            Placeholder("day", _("de dag waarop het klaar moet zijn"), _("vrijdag 9 oktober 2026")),
        ),
    ),
    ManagedText(
        CONFIRM,
        _("Mail: melding bevestigen"),
        _("Gaat naar wie iets meldt in een categorie waarvoor een bevestiging nodig is."),
        (
            HELLO,
            _("U deed een melding. Klik op de link om uw melding te bevestigen. Daarna gaan wij ermee aan de slag."),
            "{link}",
            _("Hebt u niets gemeld? Dan hoeft u niets te doen. Zonder uw klik doen wij niets met de melding."),
            "{city}",
        ),
        _("Bevestig uw melding"),
        (
            Placeholder(
                "link",
                _("de link waarop de ontvanger klikt"),
                "https://www.voorbeeld.nl/oog-en-oor/mijn-melding/voorbeeld/bevestigen",
                required=True,
            ),
        ),
    ),
    ManagedText(
        NEW_ADDRESS,
        _("Mail: e-mailadres bevestigen"),
        _("Gaat naar het adres dat iemand bij een eigen melding invult."),
        (
            HELLO,
            _("Iemand wil op dit adres bericht krijgen over melding {number}. Was u dat? Klik dan op de link. Die werkt twee dagen."),
            "{link}",
            _("Was u dat niet? Dan hoeft u niets te doen. Wij gebruiken uw adres dan niet."),
            "{city}",
        ),
        _("Bevestig uw e-mailadres"),
        (
            _NUMBER,
            Placeholder(
                "link",
                _("de link waarop de ontvanger klikt"),
                "https://www.voorbeeld.nl/oog-en-oor/mijn-melding/voorbeeld/mailadres/voorbeeld",
                required=True,
            ),
        ),
    ),
    ManagedText(
        OLD_ADDRESS,
        _("Mail: ander e-mailadres bij een melding"),
        _("Gaat naar het adres dat eerst bij een melding stond, als er een ander adres voor in de plaats komt."),
        (
            HELLO,
            _("Bij melding {number} staat vanaf nu een ander e-mailadres. Op dit adres krijgt u er geen bericht meer over."),
            _("Deed u dat niet zelf? Neem dan contact op met de gemeente."),
            "{city}",
        ),
        _("Ander e-mailadres bij uw melding"),
        (_NUMBER,),
    ),
    ManagedText(
        LINKS,
        _("Mail: links naar uw meldingen"),
        _("Gaat naar wie de code van een melding niet meer heeft en daarom vraagt."),
        (
            HELLO,
            _("U vroeg om de links naar uw meldingen. Dit zijn ze:\n{signals}"),
            _("Geef deze links niet door: wie een link heeft, kan uw melding lezen en wijzigen."),
            _("Vroeg u hier niet om? Dan hoeft u niets te doen."),
            "{city}",
        ),
        _("De links naar uw meldingen"),
        (
            Placeholder(
                "signals",
                _("de meldingen van de laatste twaalf maanden, elk met code en link"),
                "ZM-2026-000123: https://www.voorbeeld.nl/oog-en-oor/mijn-melding/voorbeeld",
                required=True,
            ),
        ),
    ),
)
