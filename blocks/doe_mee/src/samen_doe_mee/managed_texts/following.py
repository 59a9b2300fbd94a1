"""The mails to who supports an idea, to who proposed it, and to who is asked to carry it too."""

from __future__ import annotations

from samen_core.api import ManagedText, Placeholder, Text, _

CONFIRM_SUPPORT = "doe_mee.mail_confirm_support"
REACHED_AUTHOR, REACHED = "doe_mee.mail_reached_author", "doe_mee.mail_reached"
STEP_AUTHOR, STEP = "doe_mee.mail_step_author", "doe_mee.mail_step"
NEWS = "doe_mee.mail_idea_news"
INVITE = "doe_mee.mail_invite_co_initiator"

_HELLO = _("Hallo,")
_SITE = "https://www.voorbeeld.nl"
_TITLE = Placeholder("title", _("de titel van het idee"), _("Een bankje bij de vijver"), required=True)
_LINK = Placeholder("link", _("de link naar het idee"), f"{_SITE}/doe-mee/ideeen/een-bankje-bij-de-vijver", required=True)
_STATUS = Placeholder("status", _("hoe het met het idee staat"), _("In gesprek"))
_SAID = Placeholder("text", _("wat de gemeente erover schreef"), _("Wij praten hierover met wie er wonen."))
_STOP = Placeholder("stop", _("de link om geen mail meer te krijgen"), f"{_SITE}/doe-mee/bevestigen/voorbeeld", required=True)
_NUMBER = Placeholder("number", _("hoeveel mensen het idee steunen"), "100")
_NO_MORE = _("Wilt u hierover geen mail meer? Dat regelt u hier:")


def _of_idea(key: str, label: Text, explanation: Text, said: tuple[Text | str, ...], subject: Text, *more: Placeholder) -> ManagedText:
    """A mail about what happened to an idea, with the way to get no more of them."""
    body = (_HELLO, *said, _("Lees alles over het idee:"), "{link}", _NO_MORE, "{stop}", "{city}")
    return ManagedText(key, label, explanation, body, subject, (_TITLE, _LINK, _STOP, *more))


FOLLOWING_TEXTS = (
    ManagedText(
        CONFIRM_SUPPORT,
        _("Mail: steun voor een idee bevestigen"),
        _("Gaat naar wie zonder account een idee steunt en een e-mailadres invult."),
        (
            _HELLO,
            _("U steunt het idee: {title}. Klik op de link en dan op de knop. Pas daarna telt uw steun mee."),
            "{link}",
            _("Op dezelfde pagina kunt u uw steun later intrekken. U hebt 14 dagen om te bevestigen."),
            _("Hebt u dit niet gevraagd? Dan hoeft u niets te doen."),
            "{city}",
        ),
        _("Bevestig uw steun voor een idee"),
        (_TITLE, Placeholder("link", _("de link waarop de ontvanger klikt"), f"{_SITE}/doe-mee/bevestigen/voorbeeld", required=True)),
    ),
    _of_idea(
        REACHED_AUTHOR,
        _("Mail: uw idee heeft genoeg steun"),
        _("Gaat naar wie een idee indiende of mee draagt, als het genoeg steun heeft."),
        (_("Goed nieuws: uw idee heeft genoeg steun: {title}. {number} mensen steunen het."), _("De gemeente geeft nu antwoord.")),
        _("Uw idee heeft genoeg steun"),
        _NUMBER,
    ),
    _of_idea(
        REACHED,
        _("Mail: een idee dat u steunt, heeft genoeg steun"),
        _("Gaat naar wie een idee steunt en nieuws wil, als het genoeg steun heeft."),
        (_("Het idee dat u steunt, heeft genoeg steun: {title}. {number} mensen steunen het."), _("De gemeente geeft nu antwoord.")),
        _("Een idee dat u steunt, heeft genoeg steun"),
        _NUMBER,
    ),
    _of_idea(
        STEP_AUTHOR,
        _("Mail: er is nieuws van de gemeente over uw idee"),
        _("Gaat naar wie een idee indiende of mee draagt, bij elke stap en elk antwoord."),
        (_("Er is nieuws over uw idee: {title}."), _("Zo staat het ermee: {status}."), "{text}"),
        _("Nieuws over uw idee"),
        _STATUS,
        _SAID,
    ),
    _of_idea(
        STEP,
        _("Mail: er is nieuws van de gemeente over een idee dat u steunt"),
        _("Gaat naar wie een idee steunt en nieuws wil, bij elke stap en elk antwoord."),
        (_("Er is nieuws over het idee dat u steunt: {title}."), _("Zo staat het ermee: {status}."), "{text}"),
        _("Nieuws over een idee dat u steunt"),
        _STATUS,
        _SAID,
    ),
    _of_idea(
        NEWS,
        _("Mail: nieuws van wie een idee indiende"),
        _("Gaat naar wie een idee steunt en nieuws wil, hoogstens eens in de drie dagen per idee."),
        (_("Wie het idee indiende, schreef er nieuws over: {title}."), "{text}"),
        _("Nieuws over een idee dat u steunt"),
        Placeholder("text", _("het nieuws"), _("Wij hebben al tien helpers gevonden."), required=True),
    ),
    ManagedText(
        INVITE,
        _("Mail: gevraagd om een idee mee te dragen"),
        _("Gaat naar wie door de indiener van een idee wordt gevraagd om het samen te doen."),
        (
            _HELLO,
            _("{name} vraagt of u dit idee mee wilt dragen: {title}. U kunt er dan nieuws over schrijven, en uw naam staat erbij."),
            _("Wilt u dat? Klik op de link. U hebt er een account voor nodig."),
            "{link}",
            _("Wilt u het niet? Dan hoeft u niets te doen. De uitnodiging vervalt na 30 dagen."),
            "{city}",
        ),
        _("Draagt u een idee mee?"),
        (
            _TITLE,
            Placeholder("name", _("wie het vraagt"), _("De indiener"), required=True),
            Placeholder("link", _("de link waarop de ontvanger klikt"), f"{_SITE}/doe-mee/meedragen/voorbeeld", required=True),
        ),
    ),
)
