"""Management: the start page of the manager."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from samen_core.i18n import _
from samen_core.permissions import MANAGE
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_platform
from samen_core.web.layout import crumbs, page_url, render

pages = BlockBlueprint("admin", __name__)
ITEMS = (
    (_("Gebruikers en rollen"), "/beheer/gebruikers", "users", _("Accounts zoeken, rollen geven en intrekken.")),
    (
        _("Rollen en rechten"),
        "/beheer/rollen",
        "shield-check",
        _("Wie waar welke rol heeft, wat elke rol mag, en welke API-tokens er zijn."),
    ),
    (_("Instellingen"), "/beheer/instellingen", "settings", _("Wat een gemeente zelf kiest, per bouwsteen.")),
    (
        _("Teksten en mails"),
        "/beheer/teksten",
        "file-text",
        _("Wat op de pagina’s staat en wat wij mailen, in de woorden van uw gemeente."),
    ),
    (
        _("Bewaartermijnen"),
        "/beheer/bewaartermijnen",
        "calendar-days",
        _("Wat er weggaat omdat de termijn om is, en wat er wegging."),
    ),
    (
        _("Register van verwerkingen"),
        "/privacy/verwerkingen",
        "clipboard-list",
        _("Waarvoor de gemeente welke gegevens gebruikt, voor iedereen te lezen."),
    ),
    (
        _("Webhooks"),
        "/beheer/webhooks",
        "send",
        _("Welke programma’s elders meteen horen dat er iets gebeurt."),
    ),
    (_("Bouwstenen"), "/beheer/bouwstenen", "puzzle", _("Hoe het met elke bouwsteen gaat, en pauzeren.")),
)


@pages.route("/beheer", permission=MANAGE)
def index() -> ResponseReturnValue:
    """What a manager can do here."""
    return render(
        "core/admin/index.html",
        is_mail_kept=current_platform().config.is_mail_kept,
        items=[(label, page_url(path), icon, text) for label, path, icon, text in ITEMS],
        breadcrumbs=crumbs((_("Beheer"), None)),
    )
