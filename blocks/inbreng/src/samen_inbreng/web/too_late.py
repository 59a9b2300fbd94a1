"""What is answered when one can no longer take part by the time the form is sent: why, and what was typed, to keep or send on."""

from __future__ import annotations

from collections.abc import Iterable

from flask.typing import ResponseReturnValue

from samen_core.api import Text, _
from samen_core.web.api import BoundField, crumbs, page_url, render_status
from samen_inbreng import paths
from samen_inbreng.models import Activity


def too_late_page(activity: Activity, why: Text, fields: Iterable[BoundField]) -> ResponseReturnValue:
    """The page with what was filled in in these fields; a tick alone says nothing and is left out."""
    typed = [(item.label, item.in_words) for item in fields if item.widget not in ("checkbox", "hidden") and str(item.in_words).strip()]
    is_list = activity.kind == "questionnaire"
    return render_status(
        410,
        "inbreng/too_late.html",
        why=why,
        typed=typed,
        read=(
            page_url(paths.activity(activity.slug, "uitslag" if is_list else "")),
            _("Bekijk de uitslag") if is_list else _("Lees wat er is gezegd"),
        ),
        is_list=is_list,
        breadcrumbs=crumbs((_("Inbreng"), paths.HOME), (activity.title, paths.activity(activity.slug)), (_("U bent net te laat"), None)),
    )
