"""What the public logbook says about seats and meetings. Never a name of a person: a person's seat is told by its sector."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from citycontent.api import SECTOR_LABELS
from samen_core.api import Text, _
from samen_samenspreker.events import MeetingPlanned, MeetingReported, SeatAccepted, SeatDeclined, SeatEnded, SeatHandedOver, SeatOffered
from samen_samenspreker.texts import When

SEAT_ADDED = "samenspreker.seat.added"
SEAT_UPDATED = "samenspreker.seat.updated"
OFFER_WITHDRAWN = "samenspreker.seat.offer_withdrawn"
TAKEN_BACK = "samenspreker.seat.taken_back"
MEETING_UPDATED = "samenspreker.meeting.updated"
MEETING_CANCELLED = "samenspreker.meeting.cancelled"
ATTENDANCE_RECORDED = "samenspreker.meeting.attendance"

Facts = Mapping[str, Any]


def seat_words(facts: Facts) -> Text | str:
    """Whose seat it is: the organisation or the title of a free seat, else the sector."""
    return facts["seat"] or _("iemand uit de sector {sector}", sector=SECTOR_LABELS[facts["sector"]])


def _when(facts: Facts) -> dict[str, Any]:
    return {"title": facts["title"], "when": When(datetime.fromisoformat(facts["start_date"]))}


SENTENCES: dict[str, Callable[[Facts], Text]] = {
    SEAT_ADDED: lambda facts: _("Er is een stoel bij aan tafel, voor {seat}.", seat=seat_words(facts)),
    SEAT_UPDATED: lambda facts: _("De stoel voor {seat} is gewijzigd.", seat=seat_words(facts)),
    SeatOffered.type: lambda facts: _("Een stoel is aangeboden aan {seat}.", seat=seat_words(facts)),
    OFFER_WITHDRAWN: lambda facts: _("De uitnodiging aan {seat} is ingetrokken.", seat=seat_words(facts)),
    SeatAccepted.type: lambda facts: _("Aan tafel gekomen: {seat}.", seat=seat_words(facts)),
    SeatDeclined.type: lambda facts: _("Niet aan tafel gekomen: {seat}.", seat=seat_words(facts)),
    SeatHandedOver.type: lambda facts: _("De stoel van {seat} heeft een vervanger.", seat=seat_words(facts)),
    TAKEN_BACK: lambda facts: _("De stoel van {seat} heeft geen vervanger meer.", seat=seat_words(facts)),
    SeatEnded.type: lambda facts: _("Niet meer aan tafel: {seat}.", seat=seat_words(facts)),
    MeetingPlanned.type: lambda facts: _("Bijeenkomst gepland: “{title}”, {when}.", **_when(facts)),
    MEETING_UPDATED: lambda facts: _("Bijeenkomst gewijzigd: “{title}”, {when}.", **_when(facts)),
    MEETING_CANCELLED: lambda facts: _("Bijeenkomst gaat niet door: “{title}”, {when}.", **_when(facts)),
    ATTENDANCE_RECORDED: lambda facts: _("Vastgelegd wie er was bij “{title}”, {when}.", **_when(facts)),
    MeetingReported.type: lambda facts: _("Verslag gepubliceerd van “{title}”, {when}.", **_when(facts)),
}


def seat_sentence(action: str, facts: Facts | None) -> Text | None:
    """The sentence for a log row with these facts in ``after``; None for a row of another kind, or of an older form."""
    made = SENTENCES.get(action)
    try:
        return made(facts or {}) if made else None
    except KeyError:
        return None
