"""What staff can do with an activity that collects contributions, besides what one can do with every activity."""

from __future__ import annotations

from samen_core.api import Text, UnitOfWork, _
from samen_core.web.api import page_url
from samen_doe_mee import paths
from samen_doe_mee.services.activities import Placed
from samen_doe_mee.services.plans import may_work
from samen_doe_mee.services.talks import talk_of
from samen_inbreng.api import subject_path

ENTERERS = ("lead", "editor", "answerer")
"""The roles of colleagues who may enter what somebody else said."""


def result_link(placed: Placed) -> tuple[str, Text, str]:
    """Where one writes what came out of an activity, whatever its type."""
    label = _("Schrijf de uitslag") if placed.activity.result_at is None else _("Pas de uitslag aan")
    return ("message-square-quote", label, page_url(paths.desk_activity(placed.activity.slug, "uitslag")))


def links_of_talk(uow: UnitOfWork, placed: Placed) -> list[tuple[str, Text, str]]:
    """What staff can do with an activity that collects contributions."""
    if talk_of(uow, placed.activity) is None:
        return []
    found: list[tuple[str, Text, str]] = []
    if may_work(uow, placed.plan, *ENTERERS):
        found.append(
            ("clipboard-list", _("Voer in wat iemand anders zei"), page_url(paths.desk_activity(placed.activity.slug, "invoeren")))
        )
    found.append(("reply", _("Beantwoord de reacties"), f"{page_url(paths.DESK_ANSWERS)}?activiteit={placed.activity.slug}"))
    found.append(("table", _("Reacties en antwoorden naast elkaar"), page_url(subject_path(placed.activity.id, "verslag"))))
    return found


def links_of_questionnaire(uow: UnitOfWork, placed: Placed) -> list[tuple[str, Text, str]]:
    """What staff can do with a questionnaire: enter what came on paper, print an empty one."""
    found: list[tuple[str, Text, str]] = [
        ("printer", _("Druk een lege vragenlijst af"), page_url(paths.activity(placed.activity.slug, "papier")))
    ]
    if talk_of(uow, placed.activity) is not None and may_work(uow, placed.plan, *ENTERERS):
        url = page_url(paths.desk_activity(placed.activity.slug, "lijst-invoeren"))
        found.append(("clipboard-list", _("Voer een lijst van papier in"), url))
    return found
