"""Meetings as pages show them: in lists, on the page of a plan, with the words for how each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samen_core.api import Text, UnitOfWork, _, format_date, n_
from samen_core.web.api import Row, page_url, render_part
from samen_doe_mee import paths
from samen_doe_mee.models import Plan
from samen_doe_mee.services.meeting_common import Held, meetings_of
from samen_doe_mee.services.meeting_mails import moment_of

if TYPE_CHECKING:
    from datetime import datetime

Badge = tuple[Text | str, str]


def meetings_part(uow: UnitOfWork, plan: Plan) -> str:
    """The meetings of a plan, for its page: what comes first, then what was. "" when there are none. One statement."""
    found = meetings_of(uow, plan.id)
    if not found:
        return ""
    coming = [meeting_line(held, uow.now) for held in found if held.ends_at > uow.now]
    past = [meeting_line(held, uow.now) for held in reversed(found) if held.ends_at <= uow.now]
    return render_part("doe_mee/plan_meetings.html", coming=coming, past=past)


def meeting_line(held: Held, now: datetime) -> Row:
    """A meeting as a list shows it."""
    facts: list[tuple[str, Text | str]] = [("calendar-days", moment_of(held.event))]
    if held.event.location:
        facts.append(("map-pin", held.event.location))
    text = _report_text(held, now) or ""
    return Row(held.event.name, page_url(paths.meeting(held.meeting.id)), text, meeting_badges(held, now), meta=tuple(facts))


def meeting_badges(held: Held, now: datetime) -> tuple[Badge, ...]:
    """How it stands, in words."""
    if held.event.status == "cancelled":
        return ((_("Gaat niet door"), "danger"),)
    if held.event.status == "postponed":
        return ((_("Komt later"), "warning"),)
    if held.meeting.reported_at is not None:
        return ((_("Verslag"), "success"),)
    if held.ends_at <= now:
        return ((_("Verslag volgt"), "warning" if held.is_late(now) else "neutral"),)
    found: list[Badge] = [(_("Verplaatst"), "warning")] if held.event.status == "rescheduled" else []
    if held.closed_because(now) is None and held.free is not None:
        left = n_("Nog {n} plaats", "Nog {n} plaatsen", held.free) if held.free else _("Vol: wachtlijst")
        found.append((left, "info" if held.free else "warning"))
    return tuple(found)


def _report_text(held: Held, now: datetime) -> Text | None:
    if held.meeting.reported_at is not None and held.meeting.came is not None:
        return n_("Er kwam {n} mens.", "Er kwamen {n} mensen.", held.meeting.came)
    if held.is_late(now):
        return _("Het verslag had er op {day} moeten zijn.", day=format_date(held.report_by))
    if held.misses_report(now):
        return _("Het verslag staat hier uiterlijk op {day}.", day=format_date(held.report_by))
    return None
