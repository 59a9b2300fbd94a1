"""The mails of the block, as the city finds them and may write them anew."""

from __future__ import annotations

from samen_core.api import ManagedText, Placeholder, _

ON_SITE = "voorbeeld_blok.mail_on_site"
HIDDEN = "voorbeeld_blok.mail_hidden"
SHOWN_AGAIN = "voorbeeld_blok.mail_shown_again"

_HELLO = _("Hallo,")
_TITLE = Placeholder("title", _("de titel van het voorstel"), _("Een bankje bij de vijver"))
_PAGE = Placeholder("link", _("de link naar het voorstel"), "https://www.voorbeeld.nl/voorbeeld-blok/12", required=True)
_WHY = Placeholder(
    "explanation",
    _("wat er is gebeurd, waarom, en wat de inwoner ertegen kan doen"),
    _("De reden: reclame. Dit past niet bij de spelregels van deze website."),
    required=True,
)
_REASON = Placeholder("reason", _("de reden die de moderator opschreef"), _("Bij nader inzien past dit binnen de spelregels."))

TEXTS = (
    ManagedText(
        ON_SITE,
        _("Mail: uw voorstel staat op de website"),
        _("Gaat naar wie een voorstel doet, zodra het op de website staat."),
        (_HELLO, _("Bedankt voor uw voorstel “{title}”. Iedereen kan het nu lezen op de website."), "{link}", "{city}"),
        _("Uw voorstel staat op de website"),
        (_TITLE, _PAGE),
    ),
    ManagedText(
        HIDDEN,
        _("Mail: uw voorstel is verborgen"),
        _("Gaat naar wie een voorstel deed dat een moderator verbergt. De uitleg is verplicht volgens de wet (DSA)."),
        (_HELLO, _("Dit gaat over uw voorstel: “{title}”."), "{explanation}", "{city}"),
        _("Uw voorstel is verborgen"),
        (_TITLE, _WHY),
    ),
    ManagedText(
        SHOWN_AGAIN,
        _("Mail: uw voorstel staat er weer"),
        _("Gaat naar wie een verborgen voorstel deed dat een moderator weer laat zien."),
        (_HELLO, _("Iedereen kan uw voorstel “{title}” weer lezen."), "{reason}", "{link}", "{city}"),
        _("Uw voorstel staat er weer"),
        (_TITLE, _REASON, _PAGE),
    ),
)
