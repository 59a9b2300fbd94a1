"""The mails about meetings: confirming, being on the list, waiting, moving up, the reminder, another moment, called off, the report."""

from __future__ import annotations

from samen_core.api import ManagedText, Placeholder, _

CONFIRM = "doe_mee.meeting_confirm"
REGISTERED = "doe_mee.meeting_registered"
WAITING = "doe_mee.meeting_waiting"
MOVED_UP = "doe_mee.meeting_moved_up"
REMINDER = "doe_mee.meeting_reminder"
CHANGED = "doe_mee.meeting_changed"
CANCELLED = "doe_mee.meeting_cancelled"
POSTPONED = "doe_mee.meeting_postponed"
REPORT = "doe_mee.meeting_report"

HELLO = _("Hallo,")
CITY = "{city}"
_SITE = "https://www.voorbeeld.nl/doe-mee"
_MEETING = Placeholder("meeting", _("de naam van de bijeenkomst"), _("Ontwerpavond voor het park"), required=True)
_WHEN = Placeholder("when", _("wanneer het is"), _("donderdag 3 december 2026, 19.30 tot 21.30 uur"), required=True)
_WHERE = Placeholder("where", _("waar het is"), _("Buurthuis De Ster, Dorpsstraat 1"))
_PEOPLE = Placeholder("people", _("met hoeveel mensen de ontvanger komt"), "2")
_LINK = Placeholder(
    "link",
    _("de link naar de eigen aanmelding"),
    f"{_SITE}/bijeenkomsten/aanmelding/voorbeeld",
    required=True,
)
_PLACED = (_("Wanneer: {when}"), _("Waar: {where}"))
_OWN = _("Komt u toch niet, of met een ander aantal mensen? Laat het weten op uw eigen pagina:")
_FACTS = (_MEETING, _WHEN, _WHERE, _PEOPLE, _LINK)

MEETING_TEXTS = (
    ManagedText(
        CONFIRM,
        _("Mail: aanmelding voor een bijeenkomst bevestigen"),
        _("Gaat naar wie zich zonder account aanmeldt."),
        (
            HELLO,
            _("Iemand meldde zich met dit adres aan voor {meeting}. Was u dat? Bevestig het dan op deze pagina:"),
            "{link}",
            *_PLACED,
            _("Was u het niet? Dan hoeft u niets te doen. Zonder bevestiging staat u niet op de lijst."),
            CITY,
        ),
        _("Bevestig uw aanmelding"),
        (_MEETING, _WHEN, _WHERE, _LINK),
    ),
    ManagedText(
        REGISTERED,
        _("Mail: u staat op de lijst voor een bijeenkomst"),
        _("Gaat naar wie een plaats heeft."),
        (HELLO, _("U staat op de lijst voor {meeting}."), *_PLACED, _("Aantal mensen: {people}"), _OWN, "{link}", CITY),
        _("U staat op de lijst"),
        _FACTS,
    ),
    ManagedText(
        WAITING,
        _("Mail: u staat op de wachtlijst voor een bijeenkomst"),
        _("Gaat naar wie zich aanmeldt als er geen plaats meer is."),
        (
            HELLO,
            _("{meeting} zit vol. U staat op de wachtlijst. Komt er plaats vrij, dan krijgt u vanzelf een mail."),
            *_PLACED,
            _("Aantal mensen: {people}"),
            _OWN,
            "{link}",
            CITY,
        ),
        _("U staat op de wachtlijst"),
        _FACTS,
    ),
    ManagedText(
        MOVED_UP,
        _("Mail: er is plaats bij een bijeenkomst"),
        _("Gaat naar wie op de wachtlijst stond en nu een plaats heeft."),
        (
            HELLO,
            _("Er is een plaats vrij bij {meeting}. U staat nu op de lijst."),
            *_PLACED,
            _("Aantal mensen: {people}"),
            _("Kunt u niet meer? Meld u dan af op uw eigen pagina, dan kan een ander komen:"),
            "{link}",
            CITY,
        ),
        _("Er is plaats voor u"),
        _FACTS,
    ),
    ManagedText(
        REMINDER,
        _("Mail: herinnering aan een bijeenkomst"),
        _("Gaat vlak voor de bijeenkomst naar wie op de lijst staat."),
        (HELLO, _("Binnenkort is het zover: {meeting}."), *_PLACED, _("Aantal mensen: {people}"), _OWN, "{link}", CITY),
        _("Tot binnenkort"),
        _FACTS,
    ),
    ManagedText(
        CHANGED,
        _("Mail: andere tijd of plek van een bijeenkomst"),
        _("Gaat naar wie zich aanmeldde, als de tijd of de plek verandert."),
        (HELLO, _("Er is iets veranderd aan {meeting}. Zo is het nu:"), *_PLACED, _OWN, "{link}", CITY),
        _("Andere tijd of plek"),
        (_MEETING, _WHEN, _WHERE, _LINK),
    ),
    ManagedText(
        CANCELLED,
        _("Mail: een bijeenkomst gaat niet door"),
        _("Gaat naar wie zich aanmeldde, als de bijeenkomst wordt afgelast."),
        (
            HELLO,
            _("{meeting} van {when} gaat niet door."),
            _("Op deze pagina leest u meer over het plan:"),
            "{link}",
            CITY,
        ),
        _("De bijeenkomst gaat niet door"),
        (
            _MEETING,
            _WHEN,
            Placeholder("link", _("de link naar het plan"), f"{_SITE}/plannen/voorbeeld", required=True),
        ),
    ),
    ManagedText(
        POSTPONED,
        _("Mail: een bijeenkomst komt later"),
        _("Gaat naar wie zich aanmeldde, als de bijeenkomst later komt en de datum nog niet bekend is."),
        (
            HELLO,
            _("{meeting} van {when} gaat nu niet door, maar komt later. U blijft op de lijst en hoort de nieuwe datum van ons."),
            _OWN,
            "{link}",
            CITY,
        ),
        _("De bijeenkomst komt later"),
        (_MEETING, _WHEN, _LINK),
    ),
    ManagedText(
        REPORT,
        _("Mail: verslag van een bijeenkomst"),
        _("Gaat naar wie er was en het verslag wilde krijgen."),
        (
            HELLO,
            _("U was bij {meeting}. Het verslag staat op deze pagina:"),
            "{link}",
            CITY,
        ),
        _("Het verslag is er"),
        (
            _MEETING,
            Placeholder("link", _("de link naar het verslag"), f"{_SITE}/bijeenkomsten/voorbeeld", required=True),
        ),
    ),
)
