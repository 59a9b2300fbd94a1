"""For tests: an idea that can be supported, with who wrote it, as a row; how ideas come in is tested elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from samen_core.api import Platform, UnitOfWork, register, system, uuid7
from samen_doe_mee.models import Idea
from samen_doe_mee.services.idea_common import idea_ref, today
from samen_doe_mee.services.kinds import idea_card

TITLE = "Een bankje bij de vijver"


def an_idea(platform: Platform, title: str = TITLE, **values: Any) -> Idea:
    """A published idea, that needs three voices within ninety days unless ``values`` say otherwise."""
    with platform.unit_of_work(system("test")) as uow:
        return add_idea(uow, title, **values)


def add_idea(uow: UnitOfWork, title: str = TITLE, **values: Any) -> Idea:
    """As :func:`an_idea`, in a transaction that is there."""
    number = max(uow.session.execute(select(func.max(Idea.number))).scalar_one() or 0, 90_000) + 1
    first: dict[str, Any] = {
        "kind": "idea",
        "state": "published",
        "status": "received",
        "text": "Dan kunnen mensen daar zitten.",
        "whole_city": True,
        "needed": 3,
        "ends_on": today(uow) + timedelta(days=90),
        "published_at": uow.now,
    }
    idea = Idea(id=uuid7(), number=number, slug=f"idee-{number}", title=title, created_at=uow.now, **{**first, **values})
    register(uow, idea_ref(idea), idea_card(idea))
    uow.session.add(idea)
    uow.session.flush()
    return idea
