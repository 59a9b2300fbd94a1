"""The mails to who proposed an idea without account."""

from __future__ import annotations

from samen_core.api import ManagedText, Placeholder, _

CONFIRM_IDEA = "doe_mee.mail_confirm_idea"
CONFIRM_ADDRESS = "doe_mee.mail_confirm_idea_address"
HIDDEN_IDEA = "doe_mee.mail_idea_hidden"

HELLO = _("Hallo,")
_SITE = "https://www.voorbeeld.nl"
_TITLE = Placeholder("title", _("de titel van het idee"), _("Een bankje bij de vijver"), required=True)
_LINK = Placeholder("link", _("de link waarop de ontvanger klikt"), f"{_SITE}/doe-mee/bevestigen/idee/voorbeeld/voorbeeld", required=True)

IDEA_TEXTS = (
    ManagedText(
        CONFIRM_IDEA,
        _("Mail: idee bevestigen"),
        _("Gaat naar wie zonder account een idee indient, als de gemeente daarvoor een bevestiging vraagt."),
        (
            HELLO,
            _("U stuurde een idee in: {title}. Klik op de link om het te bevestigen. Daarna kan iedereen het lezen en steunen."),
            "{link}",
            _("Hebt u geen idee ingestuurd? Dan hoeft u niets te doen. Zonder uw klik komt het niet op de website."),
            "{city}",
        ),
        _("Bevestig uw idee"),
        (_TITLE, _LINK),
    ),
    ManagedText(
        CONFIRM_ADDRESS,
        _("Mail: e-mailadres bij een idee bevestigen"),
        _("Gaat naar wie zonder account een idee indient en mail wil krijgen."),
        (
            HELLO,
            _("Uw idee staat op de website: {title}. Wilt u mail krijgen over wat ermee gebeurt? Klik dan op de link."),
            "{link}",
            _("Hebt u geen idee ingestuurd? Dan hoeft u niets te doen. U krijgt dan geen mail meer hierover."),
            "{city}",
        ),
        _("Uw idee: wilt u bericht krijgen?"),
        (_TITLE, _LINK),
    ),
    ManagedText(
        HIDDEN_IDEA,
        _("Mail: idee verborgen"),
        _("Gaat naar wie een idee indiende dat een medewerker verbergt, met de reden en hoe bezwaar te maken is."),
        (
            HELLO,
            _("Wij hebben uw idee verborgen: {title}."),
            "{explanation}",
            "{city}",
        ),
        _("Uw idee is verborgen"),
        (_TITLE, Placeholder("explanation", _("waarom, en wat de indiener kan doen"), _("De reden: reclame."), required=True)),
    ),
)
