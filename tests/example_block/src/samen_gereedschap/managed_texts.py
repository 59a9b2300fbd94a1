"""The texts that a city may make its own: the rules of lending, and every mail of the block."""

from __future__ import annotations

from samen_core.api import ManagedText, Placeholder, _

RULES = "gereedschap.rules"
REQUESTED = "gereedschap.mail_requested"
CANCELLED = "gereedschap.mail_cancelled"
AGREED = "gereedschap.mail_agreed"
REFUSED = "gereedschap.mail_refused"
LAPSED = "gereedschap.mail_lapsed"
REMINDER = "gereedschap.mail_reminder"

_HELLO = _("Hallo,")
_TOOL = Placeholder("tool", _("wat er geleend wordt"), "Schuifladder van 6 meter", required=True)
_FIRST = Placeholder("first", _("de eerste dag"), "vrijdag 4 december 2026")
_LAST = Placeholder("last", _("de laatste dag"), "zondag 6 december 2026")
_OWNER = Placeholder("organization", _("de organisatie die uitleent"), "Buurthuis De Ster")
_ANSWER = Placeholder("answer", _("wat wie uitleent erbij schreef"), "Het staat vanaf 10 uur klaar.")
_PAGE = Placeholder("link", _("de link naar de lening"), "https://www.voorbeeld.nl/gereedschap/leningen/12", required=True)

TEXTS = (
    ManagedText(
        RULES,
        _("Afspraken over lenen"),
        _("Staat bij elk gereedschap en in het formulier om iets te lenen. Wie iets aanvraagt, gaat hiermee akkoord."),
        (
            _("Haal het gereedschap op de afgesproken dag op en breng het schoon en heel terug. Leen het niet door aan anderen."),
            _("Gaat er iets kapot? Zeg het meteen: dan zoeken we samen een oplossing."),
        ),
    ),
    ManagedText(
        REQUESTED,
        _("Mail: iemand wil iets lenen"),
        _("Gaat naar het e-mailadres van de organisatie die uitleent."),
        (
            _HELLO,
            _("Er is een aanvraag voor: {tool}, van {first} tot en met {last}."),
            _("Lees de aanvraag en laat weten of het kan:"),
            "{link}",
            "{city}",
        ),
        _("Iemand wil gereedschap van u lenen"),
        (_TOOL, _FIRST, _LAST, _PAGE),
    ),
    ManagedText(
        CANCELLED,
        _("Mail: een aanvraag is afgezegd"),
        _("Gaat naar het e-mailadres van de organisatie die uitleent."),
        (_HELLO, _("Dit is niet meer nodig: {tool}, van {first} tot en met {last}."), "{link}", "{city}"),
        _("Een aanvraag voor gereedschap is afgezegd"),
        (_TOOL, _FIRST, _LAST, _PAGE),
    ),
    ManagedText(
        AGREED,
        _("Mail: u kunt het lenen"),
        _("Gaat naar wie iets aanvroeg, zodra de organisatie het toezegt."),
        (
            _HELLO,
            _("{organization} leent u dit uit: {tool}, van {first} tot en met {last}."),
            "{answer}",
            _("Hier staat uw lening:"),
            "{link}",
            "{city}",
        ),
        _("U kunt het gereedschap lenen"),
        (_OWNER, _TOOL, _FIRST, _LAST, _ANSWER, _PAGE),
    ),
    ManagedText(
        REFUSED,
        _("Mail: u kunt het niet lenen"),
        _("Gaat naar wie iets aanvroeg, als de organisatie het afwijst."),
        (
            _HELLO,
            _("{organization} leent u dit niet uit: {tool}, van {first} tot en met {last}."),
            "{answer}",
            _("Hier staat uw aanvraag:"),
            "{link}",
            "{city}",
        ),
        _("U kunt het gereedschap niet lenen"),
        (_OWNER, _TOOL, _FIRST, _LAST, _ANSWER, _PAGE),
    ),
    ManagedText(
        LAPSED,
        _("Mail: een lening is verlopen"),
        _("Gaat naar wie iets aanvroeg, als de laatste dag voorbij is en niemand de aanvraag heeft afgehandeld."),
        (
            _HELLO,
            _("Dit staat niet meer open: {tool} van {organization}, van {first} tot en met {last}. De laatste dag is voorbij."),
            _("Hebt u het gereedschap nog? Neem dan contact op met de gemeente. Anders hoeft u niets te doen."),
            "{link}",
            "{city}",
        ),
        _("Uw aanvraag voor gereedschap is verlopen"),
        (_OWNER, _TOOL, _FIRST, _LAST, _PAGE),
    ),
    ManagedText(
        REMINDER,
        _("Mail: morgen terugbrengen"),
        _("Gaat naar wie iets leent, op de dag voor de laatste dag."),
        (
            _HELLO,
            _("U leent: {tool}. Breng het {last} terug bij {organization}."),
            _("Lukt dat niet? Bel dan op tijd. Hier staat uw lening:"),
            "{link}",
            "{city}",
        ),
        _("Morgen brengt u gereedschap terug"),
        (_TOOL, _LAST, _OWNER, _PAGE),
    ),
)
