"""What a city may set about its own data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from samen_core.api import STAFF, Actor, Question, Setting, _

if TYPE_CHECKING:
    from samen_core.api import UnitOfWork

_GROUP = _("Stadsgegevens")

CONTACT_AUDIENCE = Setting(
    key="citycontent.contact_audience",
    question=Question(
        name="contact_audience",
        kind="one_choice",
        label=_("Wie ziet e-mail en telefoon van bekende personen?"),
        help=_("Bekende personen spreken namens een organisatie. Van wie een openbaar ambt heeft, ziet iedereen de contactgegevens."),
        required=True,
        options=(
            ("everyone", _("Iedereen")),
            ("logged_in", _("Wie is ingelogd")),
            ("staff", _("Alleen medewerkers")),
        ),
    ),
    default="staff",
    group=_GROUP,
)

DAYS_AHEAD = Setting(
    key="citycontent.days_ahead",
    question=Question(
        name="days_ahead",
        kind="number",
        label=_("Hoeveel dagen vooruit laat de startpagina de agenda zien?"),
        required=True,
        minimum=1,
        maximum=365,
    ),
    default=30,
    group=_GROUP,
)

SETTINGS = (CONTACT_AUDIENCE, DAYS_AHEAD)


def days_ahead(uow: UnitOfWork) -> int:
    """How many days ahead the home page shows events."""
    return cast("int", uow.platform.setting(DAYS_AHEAD.key))


def sees_contact(uow: UnitOfWork, visibility: str) -> bool:
    """Whether the actor sees e-mail, telephone and links of a person with this visibility."""
    if visibility == "public_officer":
        return True
    if visibility != "known":
        return False
    return _in_audience(uow.actor, cast("Literal['everyone', 'logged_in', 'staff']", uow.platform.setting(CONTACT_AUDIENCE.key)))


def _in_audience(actor: Actor, audience: Literal["everyone", "logged_in", "staff"]) -> bool:
    if audience == "everyone":
        return True
    if audience == "logged_in":
        return not actor.is_anonymous
    return STAFF.somewhere(actor)
