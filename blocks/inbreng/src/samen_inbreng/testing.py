"""Short ways to make what a test needs: activities and contributions."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from samen_core.api import Actor, Form, Platform, Question, anonymous, system
from samen_inbreng.models import Activity, Contribution
from samen_inbreng.schemas.activity import CreateActivity
from samen_inbreng.schemas.contribution import Contribute, EnterContribution
from samen_inbreng.services.activities import create_activity
from samen_inbreng.services.contributions import Given, contribute
from samen_inbreng.services.entry import enter_contribution

FORM = Form(
    (
        Question("gebruik", "one_choice", "Hoe vaak komt u er?", options=(("dagelijks", "Elke dag"), ("soms", "Soms"))),
        Question("wensen", "several_choices", "Wat mist u?", options=(("bank", "Een bank"), ("boom", "Een boom"), ("licht", "Meer licht"))),
        Question("cijfer", "scale", "Welk cijfer geeft u?", minimum=1, maximum=5),
    )
)


def an_activity(platform: Platform, subject_id: uuid.UUID, **values: Any) -> Activity:
    """An open activity on this subject, committed; ``values`` are those of :class:`CreateActivity`."""
    with platform.unit_of_work(system("test")) as uow:
        term = {"opens_at": uow.now - timedelta(days=1), "closes_at": uow.now + timedelta(days=5)}
        return create_activity(uow, CreateActivity(subject_id=subject_id, **{"title": "Wat moet er in het park komen?", **term, **values}))


def a_contribution(platform: Platform, activity: Activity, text: str = "Meer bomen.", actor: Actor | None = None, **values: Any) -> Given:
    """A contribution (anonymous, unless an actor is given), committed."""
    with platform.unit_of_work(actor or anonymous("test")) as uow:
        return contribute(uow, activity.id, Contribute(text=text, **values))


def an_entry(platform: Platform, activity: Activity, text: str = "Meer licht.", actor: Actor | None = None, **values: Any) -> Contribution:
    """What staff entered for somebody else, committed."""
    given = {"channel": "letter", "received_on": date(2026, 1, 2), **values}
    with platform.unit_of_work(actor or system("test")) as uow:
        return enter_contribution(uow, activity.id, EnterContribution(text=text, **given)).contribution
