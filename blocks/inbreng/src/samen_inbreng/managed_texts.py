"""The texts that a city may make its own: every mail of the block, and what is said after giving."""

from __future__ import annotations

from samen_core.api import ManagedText, Placeholder, _, n_

CONFIRM = "inbreng.mail_confirm"
RECEIPT = "inbreng.mail_receipt"
HIDDEN = "inbreng.mail_hidden"
SHOWN_AGAIN = "inbreng.mail_shown_again"
ANSWER = "inbreng.mail_answer"
THANKS = "inbreng.thanks"
HOW_IT_GOES = "inbreng.how_it_goes"

_HELLO = _("Hallo,")
_SITE = "https://www.voorbeeld.nl"
_PAGE = Placeholder("link", _("de link naar de pagina van de bijdrage"), f"{_SITE}/inbreng/groene-markt/bijdragen/12", required=True)

TEXTS = (
    ManagedText(
        THANKS,
        _("Na het geven: bedankt"),
        _("De zin onder de kop na het geven van een reactie die meteen voor iedereen op de website staat."),
        (_("Uw reactie staat op de pagina. Iedereen kan die lezen."),),
        line=True,
    ),
    ManagedText(
        HOW_IT_GOES,
        _("Na het geven: wat u nog wilt zeggen"),
        _(
            "Staat onder “Zo gaat het verder” op de pagina die iemand ziet na het geven van een reactie. "
            "Noem bijvoorbeeld binnen hoeveel weken u antwoordt."
        ),
        (),
    ),
    ManagedText(
        CONFIRM,
        _("Mail: e-mailadres bevestigen"),
        _("Gaat naar wie een reactie gaf zonder account en daar mail over wil."),
        (
            _HELLO,
            _("U gaf inbreng en vroeg om mail. Klik op de link om uw e-mailadres te bevestigen. De link blijft 7 dagen geldig."),
            "{link}",
            _("Hebt u dit niet gevraagd? Dan hoeft u niets te doen. Zonder uw klik sturen wij u geen mail meer."),
            "{city}",
        ),
        _("Bevestig uw e-mailadres"),
        (Placeholder("link", _("de link waarop de ontvanger klikt"), f"{_SITE}/inbreng/bevestigen/voorbeeld", required=True),),
    ),
    ManagedText(
        RECEIPT,
        _("Mail: ontvangstcode"),
        _("Gaat naar wie een reactie gaf en de ontvangstcode gemaild wil krijgen."),
        (
            _HELLO,
            _("Bedankt voor uw inbreng. Met deze ontvangstcode volgt u wat ermee gebeurt:"),
            "{code}",
            _("Vul de code in op deze pagina:"),
            "{link}",
            "{city}",
        ),
        _("Uw ontvangstcode"),
        (
            Placeholder("code", _("de ontvangstcode"), "7F4K-9Q2M-X3TB", required=True),
            Placeholder("link", _("de link naar de pagina waar de code wordt ingevuld"), f"{_SITE}/inbreng/volgen", required=True),
        ),
    ),
    ManagedText(
        HIDDEN,
        _("Mail: bijdrage verborgen"),
        _("Gaat naar de schrijver van een bijdrage die een moderator verbergt. De uitleg is verplicht volgens de wet (DSA)."),
        (_HELLO, _("Het gaat over deze bijdrage:"), "{link}", "{explanation}", "{city}"),
        _("Uw bijdrage is verborgen"),
        (
            _PAGE,
            Placeholder(
                "explanation",
                _("wat er is gebeurd, waarom, en wat de schrijver ertegen kan doen"),
                (_("De reden: {reason}. {ground}", reason=_("Reclame"), ground=_("Dit past niet bij de spelregels van deze website.")),),
                required=True,
            ),
        ),
    ),
    ManagedText(
        SHOWN_AGAIN,
        _("Mail: bijdrage staat er weer"),
        _("Gaat naar de schrijver van een verborgen bijdrage die een moderator weer laat zien."),
        (_HELLO, _("Iedereen kan deze bijdrage weer lezen:"), "{link}", "{reason}", "{city}"),
        _("Uw bijdrage staat er weer"),
        (_PAGE, Placeholder("reason", _("de reden die de moderator opschreef"), _("Bij nader inzien past dit binnen de spelregels."))),
    ),
    ManagedText(
        ANSWER,
        _("Mail: antwoord op een bijdrage"),
        _("Gaat naar wie een bijdrage gaf en mail wil, als er een antwoord is."),
        (
            _HELLO,
            _("U gaf {contributions} over “{subject}”. Er is een antwoord."),
            _("Wat is ermee gedaan? {outcome}."),
            "{reason}",
            _("Lees uw bijdrage met het antwoord op deze pagina:"),
            "{links}",
            "{more}",
            "{city}",
            _("Wilt u hierover geen mail meer? Klik dan op deze link:"),
            "{stop}",
        ),
        _("Er is een antwoord op uw bijdrage"),
        (
            Placeholder("contributions", _("hoeveel bijdragen de ontvanger gaf"), n_("een bijdrage", "{n} bijdragen", 2)),
            Placeholder("subject", _("waar de bijdrage over gaat"), _("Een groenere markt")),
            Placeholder("outcome", _("wat er met de bijdrage is gedaan"), _("Overgenomen")),
            Placeholder("reason", _("het antwoord zelf"), _("Wij planten dit najaar tien bomen op de markt."), required=True),
            Placeholder("links", _("de links naar de bijdragen, hoogstens vijf"), _PAGE.example, required=True),
            Placeholder("more", _("hoeveel bijdragen er nog meer zijn; meestal leeg"), ""),
            Placeholder("stop", _("de link waarmee de ontvanger stopt met deze mail"), f"{_SITE}/inbreng/stop/voorbeeld", required=True),
        ),
    ),
)
