"""The statements that every public site has: accessibility, privacy, open source."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from samen_core import __version__
from samen_core.i18n import _
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_platform
from samen_core.web.layout import crumbs, render

pages = BlockBlueprint("statements", __name__)


@pages.route("/toegankelijkheid", public=True)
def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return render("core/accessibility.html", breadcrumbs=crumbs((_("Toegankelijkheid"), None)))


@pages.route("/privacy", public=True)
def privacy() -> ResponseReturnValue:
    """The privacy statement."""
    return render("core/privacy.html", breadcrumbs=crumbs((_("Privacy"), None)))


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
