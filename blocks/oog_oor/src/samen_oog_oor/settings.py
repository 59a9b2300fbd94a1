"""What a city may set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samen_core.api import Question, Setting, _, slugify

if TYPE_CHECKING:
    from samen_core.api import UnitOfWork

GROUP = _("Oog & Oor")

CITY_ORGANIZATION = Setting(
    key="oog_oor.city_organization",
    question=Question(
        name="city_organization",
        kind="short_text",
        label=_("Welke organisatie krijgt meldingen waar geen andere voor is aangewezen?"),
        help=_("De naam van een organisatie, of het webadres van haar pagina. Is dit leeg? Dan zoekt een medewerker uit wie een melding oppakt."),
    ),
    default="",
    group=GROUP,
)

SETTINGS: tuple[Setting, ...] = (CITY_ORGANIZATION,)


def city_organization_slug(uow: UnitOfWork) -> str:
    """The end of the address of the organisation that gets what nobody else gets; empty when none was set."""
    typed = str(uow.platform.setting(CITY_ORGANIZATION.key) or "").strip()
    if "/" in typed:
        return typed.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]
    return slugify(typed, "") if typed else ""
