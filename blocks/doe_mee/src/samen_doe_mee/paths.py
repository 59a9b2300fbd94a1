"""The addresses of pages, without language prefix."""

from __future__ import annotations

import uuid

HOME = "/doe-mee"
IDEAS = f"{HOME}/ideeen"
NEW_IDEA = f"{IDEAS}/nieuw"
PLANS = f"{HOME}/plannen"
ACTIVITIES = f"{HOME}/meedoen"
MEETINGS = f"{HOME}/bijeenkomsten"
REGISTRATION = f"{MEETINGS}/aanmelding"
"""The own page of who registered for a meeting, at a key."""
DONE = f"{HOME}/gedaan"
"""What was done with what people said, for the whole city."""
NEAR_ME = f"{HOME}/bij-mij"
MAP = f"{HOME}/kaart"
OWN = f"{HOME}/van-mij"
FEEDS = f"{HOME}/feeds"
SHORT = "/dm"
"""Short addresses for posters: ``/dm/<code>``."""
CONFIRM = f"{HOME}/bevestigen"
"""Where links in mails lead that confirm support, an idea or a registration."""
NO_IDEA_MAIL = f"{CONFIRM}/geen-mail"
"""Where who proposed or carries an idea says that they want no more mail about it."""
CARRY = f"{HOME}/meedragen"
"""Where the link in an invitation to carry an idea leads."""
NO_MAIL = f"{HOME}/geen-mail"
"""Where links in mails lead that end mail about a plan."""
DESK = f"{HOME}/werk"
DESK_IDEAS = f"{DESK}/ideeen"
DESK_PLANS = f"{DESK}/plannen"
DESK_ANSWERS = f"{DESK}/antwoorden"
DESK_TEXTS = f"{DESK}/teksten"
BLUEPRINTS = f"{DESK}/blauwdrukken"


def idea(slug: str, part: str = "") -> str:
    """The page of an idea."""
    return _of(IDEAS, slug, part)


def desk_idea(slug: str, part: str = "") -> str:
    """The page on which staff work at an idea."""
    return _of(DESK_IDEAS, slug, part)


def plan(slug: str, part: str = "") -> str:
    """The page of a plan."""
    return _of(PLANS, slug, part)


def desk_plan(slug: str, part: str = "") -> str:
    """The page on which staff work at a plan."""
    return _of(DESK_PLANS, slug, part)


def activity(slug: str, part: str = "") -> str:
    """The page on which people take part in an activity."""
    return _of(ACTIVITIES, slug, part)


def desk_activity(slug: str, part: str = "") -> str:
    """The page on which staff work at an activity."""
    return _of(f"{DESK}/activiteiten", slug, part)


def meeting(id: uuid.UUID, part: str = "") -> str:
    """The page of a meeting for who comes."""
    return _of(MEETINGS, str(id), part)


def desk_meeting(id: uuid.UUID, part: str = "") -> str:
    """The page on which staff work at a meeting."""
    return _of(f"{DESK}/bijeenkomsten", str(id), part)


def _of(base: str, name: str, part: str) -> str:
    return f"{base}/{name}/{part}" if part else f"{base}/{name}"
