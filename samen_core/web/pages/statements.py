"""The statements that every public site has: accessibility, privacy, open source."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from sqlalchemy import select

from samen_core import __version__
from samen_core.i18n import Text, _
from samen_core.privacy import PersonalField
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_platform, current_uow
from samen_core.web.layout import crumbs, render

pages = BlockBlueprint("statements", __name__)
_FIELDS = select(
    PersonalField.owner,
    PersonalField.table_name,
    PersonalField.column_name,
    PersonalField.purpose,
    PersonalField.basis,
    PersonalField.retention,
).order_by(PersonalField.owner, PersonalField.table_name, PersonalField.column_name)

BASES = {
    "public_task": _("publieke taak"),
    "consent": _("toestemming"),
    "legal_obligation": _("wettelijke plicht"),
    "agreement": _("overeenkomst"),
    "legitimate_interest": _("gerechtvaardigd belang"),
}


@pages.route("/toegankelijkheid", public=True)
def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return render("core/accessibility.html", breadcrumbs=crumbs((_("Toegankelijkheid"), None)))


@pages.route("/privacy", public=True)
def privacy() -> ResponseReturnValue:
    """The privacy statement, with every personal field that the blocks declare."""
    labels = {block.name: block.block.label for block in current_platform().blocks if block.block}
    rows = [
        {
            "owner": labels.get(row.owner, _("Platform")),
            "purpose": Text(row.purpose),
            "basis": BASES[row.basis],
            "retention": Text(row.retention),
        }
        for row in current_uow().session.execute(_FIELDS)
    ]
    unique = list({(str(row["owner"]), row["purpose"], row["retention"]): row for row in rows}.values())
    return render("core/privacy.html", fields=unique, breadcrumbs=crumbs((_("Privacy"), None)))


@pages.route("/contact", public=True)
def contact() -> ResponseReturnValue:
    """How to reach the city."""
    return render("core/contact_page.html", breadcrumbs=crumbs((_("Contact"), None)))


@pages.route("/open-source", public=True)
def open_source() -> ResponseReturnValue:
    """What this is made of, and under which licence."""
    return render(
        "core/opensource.html", version=__version__, blocks=current_platform().blocks, breadcrumbs=crumbs((_("Open source"), None))
    )
