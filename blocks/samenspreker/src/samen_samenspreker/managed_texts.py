"""The texts that a city may make its own: every mail of the block, and what is said to who asks a question."""

from __future__ import annotations

from datetime import UTC, date, datetime

from samen_core.api import ManagedText, Placeholder, Text, _
from samen_samenspreker.texts import Day, When

ASK = "samenspreker.ask"
ASKED = "samenspreker.asked"
RECEIPT = "samenspreker.mail_receipt"
CONFIRM = "samenspreker.mail_confirm"
ACCEPTED = "samenspreker.mail_accepted"
REFUSED = "samenspreker.mail_refused"
MERGED = "samenspreker.mail_merged"
JOINED = "samenspreker.mail_joined"
UNMERGED = "samenspreker.mail_unmerged"
SEAT = "samenspreker.mail_seat"
SEAT_AGAIN = "samenspreker.mail_seat_again"
ALTERNATE = "samenspreker.mail_alternate"
ALTERNATE_ANSWER = "samenspreker.mail_alternate_answer"
STEP = "samenspreker.mail_step"
STEP_BACK = "samenspreker.mail_step_back"
CLOSED = "samenspreker.mail_closed"
DECISION = "samenspreker.mail_decision"
REPORT = "samenspreker.mail_report"
SURVEY = "samenspreker.mail_survey"
COUNCIL = "samenspreker.mail_council"
MEETING = "samenspreker.mail_meeting"
MEETING_CHANGED = "samenspreker.mail_meeting_changed"
MEETING_CANCELLED = "samenspreker.mail_meeting_cancelled"
MEETING_POSTPONED = "samenspreker.mail_meeting_postponed"

STOP_QUESTION = _("Wilt u geen mail meer over deze vraag? Klik dan hier:")
STOP_ALL = _("Wilt u hierover geen mail meer? Klik dan op deze link:")
STOP_ALTERNATE = _("Wilt u geen vervanger meer zijn? Dat stelt u hier in:")

_HELLO = _("Hallo,")
_WHY = _("De reden:")
_READ = _("Lees meer op deze pagina:")
_DECIDED = _("Iemand van de gemeente heeft uw vraag gelezen en een besluit genomen:")
_SITE = "https://www.voorbeeld.nl/samenspreker"

_TITLE = Placeholder("title", _("de vraag aan de stad"), _("Hoe maken we de Dorpsstraat veilig?"))
_OTHER = Placeholder("other", _("de andere vraag"), _("Kan de Dorpsstraat autovrij worden?"))
_REASON = Placeholder("reason", _("de reden die erbij is geschreven"), _("Veel mensen hebben hier last van."), required=True)
_LINK = Placeholder("link", _("de link naar de pagina"), f"{_SITE}/veilige-dorpsstraat", required=True)
_STOP = Placeholder(
    "stop",
    _("hoe de ontvanger stopt met deze mail; leeg voor wie dat op de website regelt"),
    (STOP_ALL, f"{_SITE}/mail/stop/voorbeeld"),
    required=True,
)


def _of_asker(key: str, label: Text, explanation: Text, subject: Text, *body: Text, other: bool = False) -> ManagedText:
    """A mail to who put the question, about what was decided."""
    placeholders = (_TITLE, *((_OTHER,) if other else ()), _REASON, _LINK, _STOP)
    return ManagedText(key, label, explanation, (*body, _WHY, "{reason}", _READ, "{link}", "{stop}"), subject, placeholders)


_OF_ASKER = (
    ManagedText(
        RECEIPT,
        _("Mail: code van de vraag"),
        _("Gaat naar wie een vraag stelde en de code gemaild wil krijgen."),
        (
            _("Bedankt voor uw vraag aan de stad. Met deze code volgt u wat ermee gebeurt:"),
            "{code}",
            _("Vul de code in op deze pagina:"),
            "{link}",
        ),
        _("De code van uw vraag aan de stad"),
        (
            Placeholder("code", _("de code van de vraag"), "7F4K-9Q2M-X3TB", required=True),
            Placeholder("link", _("de link naar de pagina waar de code wordt ingevuld"), f"{_SITE}/volgen", required=True),
        ),
    ),
    ManagedText(
        CONFIRM,
        _("Mail: e-mailadres bevestigen bij een vraag"),
        _("Gaat naar het adres dat iemand zonder account invulde bij een vraag."),
        (
            _("Iemand vulde dit e-mailadres in bij een vraag aan de stad: “{title}”."),
            _("Was u dat? Klik dan op de link. Pas daarna sturen wij u mail over deze vraag."),
            "{link}",
            _("Was u dit niet? Dan hoeft u niets te doen. U krijgt dan geen mail van ons over deze vraag."),
        ),
        _("Wilt u mail over uw vraag aan de stad?"),
        (_TITLE, Placeholder("link", _("de link waarop de ontvanger klikt"), f"{_SITE}/mail/ja/voorbeeld", required=True)),
    ),
    _of_asker(
        ACCEPTED,
        _("Mail: vraag aangenomen"),
        _("Gaat naar wie de vraag stelde als de vraag op de agenda komt."),
        _("Uw vraag aan de stad is aangenomen"),
        _DECIDED,
        _("Uw vraag “{title}” is aangenomen. Hij staat nu op de agenda van de stad."),
    ),
    _of_asker(
        REFUSED,
        _("Mail: vraag niet aangenomen"),
        _("Gaat naar wie de vraag stelde als de vraag niet op de agenda komt."),
        _("Uw vraag aan de stad is niet aangenomen"),
        _DECIDED,
        _("Uw vraag “{title}” is niet aangenomen."),
    ),
    _of_asker(
        MERGED,
        _("Mail: vraag gaat samen verder"),
        _("Gaat naar wie een vraag stelde die bij een andere wordt gevoegd."),
        _("Uw vraag aan de stad gaat verder met een andere vraag"),
        _("Uw vraag “{title}” gaat verder samen met een andere vraag: “{other}”."),
        other=True,
    ),
    _of_asker(
        JOINED,
        _("Mail: andere vraag erbij"),
        _("Gaat naar wie een vraag stelde als er een andere bij wordt gevoegd."),
        _("Een andere vraag is bij uw vraag gevoegd"),
        _("Een andere vraag is bij uw vraag “{title}” gevoegd: “{other}”."),
        other=True,
    ),
    _of_asker(
        UNMERGED,
        _("Mail: vraag gaat weer apart verder"),
        _("Gaat naar wie een vraag stelde die weer losgemaakt is van een andere."),
        _("Uw vraag aan de stad gaat weer apart verder"),
        _("Uw vraag “{title}” gaat toch weer apart verder."),
    ),
)

_SEAT_LINK = _("Op deze pagina leest u wat het inhoudt. Daar zegt u ook ja of nee:")
_NO_ACCOUNT = _("Nee zeggen kan zonder account. Zegt u ja, dan maakt u een account met dit e-mailadres, of u logt in.")
_VALID = _("De link werkt tot en met {day}, en één keer.")
_INVITATION = Placeholder("link", _("de link naar de uitnodiging"), f"{_SITE}/uitnodiging/voorbeeld", required=True)
_DAY = Placeholder("day", _("tot wanneer de link werkt"), Day(date(2026, 12, 17)))


def _seat(key: str, label: Text, explanation: Text, subject: Text) -> ManagedText:
    body = (
        "{greeting}",
        _("{city} nodigt u uit om mee te praten over deze vraag:"),
        "“{title}”",
        "{seat}",
        "{asked}",
        _SEAT_LINK,
        "{link}",
        _VALID,
        _NO_ACCOUNT,
        "{city}",
    )
    placeholders = (
        Placeholder("greeting", _("de begroeting, met de naam als wij die weten"), _("Beste {name},", name="Fatima Aydın")),
        _TITLE,
        Placeholder(
            "seat",
            _("voor wie de stoel is, en de rol"),
            _("Uw stoel is voor: {seat}. Uw rol: {role}.", seat=_("Ondernemersvereniging"), role=_("Deelnemer")),
        ),
        Placeholder(
            "asked",
            _("wat er gevraagd wordt; leeg als dat niet is ingevuld"),
            (_("Dit wordt van u gevraagd:"), _("Spreken namens uw buurt.")),
        ),
        _INVITATION,
        _DAY,
    )
    return ManagedText(key, label, explanation, body, subject, placeholders)


_SEATS = (
    _seat(
        SEAT,
        _("Mail: uitnodiging voor een stoel"),
        _("Gaat naar wie gevraagd wordt voor een stoel aan tafel."),
        _("Wilt u een stoel aan tafel?"),
    ),
    _seat(
        SEAT_AGAIN,
        _("Mail: herinnering aan de uitnodiging"),
        _("Gaat naar wie gevraagd is voor een stoel en nog niet antwoordde."),
        _("Herinnering: wilt u een stoel aan tafel?"),
    ),
    ManagedText(
        ALTERNATE,
        _("Mail: gevraagd als vervanger"),
        _("Gaat naar wie gevraagd wordt om iemand aan tafel te vervangen."),
        (
            _HELLO,
            _("Iemand die meepraat over deze vraag van de stad wil u als vervanger:"),
            "“{title}”",
            _("Een vervanger gaat naar een bijeenkomst als de ander niet kan."),
            _SEAT_LINK,
            "{link}",
            _VALID,
            _NO_ACCOUNT,
            "{city}",
        ),
        _("Wilt u iemand aan tafel vervangen?"),
        (_TITLE, _INVITATION, _DAY),
    ),
    ManagedText(
        ALTERNATE_ANSWER,
        _("Mail: antwoord van de vervanger"),
        _("Gaat naar wie een vervanger vroeg, als die ja of nee zegt."),
        ("{answer}", _("Het gaat om uw stoel aan tafel bij deze vraag: “{title}”."), _("Uw stoel vindt u hier:"), "{link}"),
        _("Antwoord van uw vervanger aan tafel"),
        (
            Placeholder("answer", _("wat de vervanger zei"), _("Wie u vroeg als vervanger, heeft ja gezegd."), required=True),
            _TITLE,
            _LINK,
        ),
    ),
)


def _news(key: str, label: Text, explanation: Text, subject: Text, lines: tuple[Text | str, ...], *more: Placeholder) -> ManagedText:
    """A mail to everybody who takes part in a table."""
    body = (
        _HELLO,
        *lines,
        _READ,
        "{link}",
        _("U krijgt deze mail omdat u meedoet aan de vraag “{title}” en mail daarover wilt."),
        "{city}",
        "{stop}",
    )
    return ManagedText(key, label, explanation, body, subject, (_TITLE, *more, _LINK, _STOP))


_BEFORE = Placeholder("before", _("de stap waar de vraag in was"), _("Oplossing zoeken"))
_AFTER = Placeholder("after", _("de stap waar de vraag nu in is"), _("Besluit"))
_NEWS = (
    _news(
        STEP,
        _("Mail: de vraag gaat een stap verder"),
        _("Gaat naar iedereen die meedoet aan een vraag en mail wil."),
        _("Een vraag waaraan u meedoet, gaat verder"),
        (_("De vraag “{title}” ging van stap “{before}” naar “{after}”."),),
        _BEFORE,
        _AFTER,
    ),
    _news(
        STEP_BACK,
        _("Mail: de vraag gaat een stap terug"),
        _("Gaat naar iedereen die meedoet aan een vraag en mail wil."),
        _("Een vraag waaraan u meedoet, gaat terug"),
        (_("De vraag “{title}” ging terug van stap “{before}” naar “{after}”."), _("De reden: {reason}")),
        _BEFORE,
        _AFTER,
        _REASON,
    ),
    _news(
        CLOSED,
        _("Mail: de vraag is afgerond"),
        _("Gaat naar iedereen die meedoet aan een vraag en mail wil."),
        _("Een vraag waaraan u meedoet, is afgerond"),
        (_("De vraag “{title}” is afgerond."),),
    ),
    _news(
        DECISION,
        _("Mail: er is een besluit"),
        _("Gaat naar iedereen die meedoet aan een vraag en mail wil."),
        _("Er is een besluit over een vraag waaraan u meedoet"),
        (_("Er is een besluit over de vraag “{title}”."), "{decided}", _("U leest daar ook wat er met uw inbreng is gedaan.")),
        Placeholder(
            "decided",
            _("wie er wanneer besloot; leeg als dat niet is ingevuld"),
            _("Wie besloot: {body}. Wanneer: {day}.", body=_("De gemeenteraad"), day=Day(date(2026, 12, 7))),
        ),
    ),
    _news(
        COUNCIL,
        _("Mail: de raad of het college heeft besloten"),
        _("Gaat naar iedereen die meedoet aan een vraag en mail wil, als op de beleidsagenda over die vraag is besloten."),
        _("Er is besloten over iets waarover u meepraatte"),
        (_("Er is besloten over iets waarover u meepraatte: de vraag “{title}”."), "{decided}", "{decision}", "{text}", "{done}"),
        Placeholder(
            "decided",
            _("wie er wanneer besloot; leeg als dat niet bekend is"),
            _("Wie besloot: {body}. Wanneer: {day}.", body=_("De gemeenteraad"), day=Day(date(2026, 12, 7))),
        ),
        Placeholder(
            "decision", _("wat er is besloten"), _("Het besluit: {title}", title=_("De Dorpsstraat wordt een fietsstraat")), required=True
        ),
        Placeholder("text", _("het begin van het besluit; leeg als dat er niet is"), _("De raad stemt in met het voorstel.")),
        Placeholder(
            "done",
            _("wat er met de inbreng is gedaan; leeg als dat niet is opgeschreven"),
            (_("Wat er met de inbreng is gedaan:"), _("De oversteek bij de school wordt breder, zoals veel mensen vroegen.")),
        ),
    ),
    _news(
        REPORT,
        _("Mail: het eindverslag is klaar"),
        _("Gaat naar iedereen die meedoet aan een vraag en mail wil."),
        _("Het eindverslag is klaar"),
        (_("Het eindverslag over de vraag “{title}” is klaar. Ook uw inbreng en het antwoord daarop staan erin."),),
    ),
    _news(
        SURVEY,
        _("Mail: hoe was het om mee te doen?"),
        _("Gaat naar iedereen die meedoet aan een vraag en mail wil, als de enquête open gaat."),
        _("Hoe was het om mee te doen?"),
        (
            _("U deed mee aan de vraag “{title}”. Wij willen graag weten hoe dat voor u was."),
            _("Invullen duurt een paar minuten. Uw antwoorden staan los van uw naam."),
        ),
    ),
)


def _meeting(key: str, label: Text, subject: Text, said: Text, *, planned: bool) -> ManagedText:
    body: tuple[Text | str, ...] = (
        _HELLO,
        said,
        "{meeting}",
        *(("{when}", "{where}") if planned else ()),
        _("De tafel werkt aan deze vraag: “{title}”."),
        _("Alles over de bijeenkomst staat hier:"),
        "{link}",
        "{city}",
        "{stop}",
    )
    when = _("Wanneer: {when}.", when=When(datetime(2026, 12, 3, 18, 30, tzinfo=UTC)))
    placeholders = (
        Placeholder("meeting", _("hoe de bijeenkomst heet"), _("Eerste avond aan tafel"), required=True),
        Placeholder("when", _("wanneer de bijeenkomst is; leeg als dat niet bekend is"), when, required=planned),
        Placeholder(
            "where",
            _("waar de bijeenkomst is; leeg als dat niet is ingevuld"),
            _("Waar: {place}.", place=_("Het stadhuis")),
            required=planned,
        ),
        _TITLE,
        _LINK,
        _STOP,
    )
    return ManagedText(key, label, _("Gaat naar iedereen aan tafel die mail wil."), body, subject, placeholders)


_MEETINGS = (
    _meeting(
        MEETING,
        _("Mail: uitnodiging voor een bijeenkomst"),
        _("Uitnodiging voor een bijeenkomst"),
        _("Er is een bijeenkomst van uw tafel gepland:"),
        planned=True,
    ),
    _meeting(
        MEETING_CHANGED,
        _("Mail: bijeenkomst gewijzigd"),
        _("Bijeenkomst gewijzigd"),
        _("Deze bijeenkomst van uw tafel heeft een andere tijd of plek:"),
        planned=True,
    ),
    _meeting(
        MEETING_CANCELLED,
        _("Mail: bijeenkomst gaat niet door"),
        _("Bijeenkomst gaat niet door"),
        _("Deze bijeenkomst van uw tafel gaat niet door:"),
        planned=False,
    ),
    _meeting(
        MEETING_POSTPONED,
        _("Mail: bijeenkomst uitgesteld"),
        _("Bijeenkomst is uitgesteld"),
        _("Deze bijeenkomst van uw tafel is uitgesteld. De nieuwe datum is nog niet bekend:"),
        planned=False,
    ),
)
_PAGES = (
    ManagedText(
        ASK,
        _("Uitleg bij het stellen van een vraag"),
        _("Staat boven het formulier waarmee iemand een vraag aan de stad stelt."),
        (
            _(
                "Ziet u een probleem of een kans in de stad? Leg het hier voor. "
                "Is de vraag van veel mensen, dan zoeken we samen een oplossing."
            ),
        ),
        line=True,
    ),
    ManagedText(
        ASKED,
        _("Na het stellen van een vraag: wat u nog wilt zeggen"),
        _(
            "Staat onder “Wat gebeurt er nu?” op de pagina die iemand zonder account ziet na het stellen van een vraag. "
            "Noem bijvoorbeeld binnen hoeveel weken u antwoordt."
        ),
        (),
    ),
)

TEXTS = (*_PAGES, *_OF_ASKER, *_SEATS, *_NEWS, *_MEETINGS)
