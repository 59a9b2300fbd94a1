"""What the agenda adds to the themes of the city: their place, their task field and who holds them."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from citycontent.api import PartialDate, Theme
from samen_beleidsagenda.models import ThemeHolder, ThemeProfile
from samen_beleidsagenda.permissions import DEFINE
from samen_beleidsagenda.schemas.structure import EndHolder, NameHolder, SetThemeProfile
from samen_beleidsagenda.services.references import check_references
from samen_core.api import Conflict, Invalid, NotFound, UnitOfWork, _, cards, uuid7

FIELDS = ("position", "task_field")


def set_profile(uow: UnitOfWork, theme_id: uuid.UUID, command: SetThemeProfile) -> ThemeProfile:
    """Say what the agenda knows of a theme. Raises NotFound, NotAllowed, and Conflict with the values of now."""
    _theme(uow, theme_id)
    statement = select(ThemeProfile).where(ThemeProfile.theme_id == theme_id).with_for_update().execution_options(populate_existing=True)
    profile = uow.session.execute(statement).scalar_one_or_none()
    if (profile.version if profile else 0) != command.version:
        raise Conflict(current=profile_values(profile), version=profile.version if profile else 0)
    if profile is None:
        profile = ThemeProfile(theme_id=theme_id)
        uow.session.add(profile)
    for name in FIELDS:
        setattr(profile, name, getattr(command, name))
    uow.record_change("beleidsagenda.theme.updated", profile, theme_id)
    uow.session.flush()
    return profile


def name_holder(uow: UnitOfWork, theme_id: uuid.UUID, command: NameHolder) -> ThemeHolder:
    """Give a theme to a post for a period. Raises NotFound, NotAllowed, and Invalid when the post holds it then already."""
    _theme(uow, theme_id)
    check_references(uow, [("post_id", "post", command.post_id)])
    same = select(ThemeHolder).where(ThemeHolder.theme_id == theme_id, ThemeHolder.post_id == command.post_id)
    for other in uow.session.execute(same).scalars():
        if _overlap((other.start_date, other.end_date), (command.start_date, command.end_date)):
            raise Invalid({"post_id": [_("Deze functie heeft dit thema in deze periode al.")]})
    holder = ThemeHolder(id=uuid7(), theme_id=theme_id, post_id=command.post_id, start_date=command.start_date, end_date=command.end_date)
    uow.session.add(holder)
    post = cards(uow, [command.post_id])[command.post_id]
    sentence = _("Portefeuillehouder: {post}.", post=post.title)
    after = {"post_id": command.post_id, "start_date": command.start_date, "end_date": command.end_date}
    uow.record("beleidsagenda.holder.named", theme_id, after=after, public=True, sentence=sentence)
    uow.session.flush()
    return holder


def end_holder(uow: UnitOfWork, id: uuid.UUID, command: EndHolder) -> ThemeHolder:
    """Say until when a post holds a theme. Raises NotFound, NotAllowed, and Invalid for an end before the start."""
    holder = uow.session.get(ThemeHolder, id, with_for_update=True, populate_existing=True)
    if holder is None:
        raise NotFound
    DEFINE.require(uow.actor, holder.theme_id)
    if holder.start_date and command.end_date.last_day < holder.start_date.first_day:
        raise Invalid({"end_date": [_("De einddatum ligt voor de begindatum.")]})
    holder.end_date = command.end_date
    uow.record_change("beleidsagenda.holder.ended", holder, holder.theme_id)
    uow.session.flush()
    return holder


def profile_values(profile: ThemeProfile | None) -> dict[str, Any]:
    """What the form of a theme shows; version 0 when the agenda knows nothing of it yet."""
    if profile is None:
        return {"position": 0, "task_field": "", "version": 0}
    return {name: getattr(profile, name) for name in (*FIELDS, "version")}


def _theme(uow: UnitOfWork, theme_id: uuid.UUID) -> Theme:
    theme = uow.session.get(Theme, theme_id)
    if theme is None or theme.state != "active":
        raise NotFound
    DEFINE.require(uow.actor, theme_id)
    return theme


def _overlap(one: tuple[PartialDate | None, PartialDate | None], other: tuple[PartialDate | None, PartialDate | None]) -> bool:
    def ends_before(end: PartialDate | None, start: PartialDate | None) -> bool:
        return end is not None and start is not None and end.last_day < start.first_day

    return not ends_before(one[1], other[0]) and not ends_before(other[1], one[0])
