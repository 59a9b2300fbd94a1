"""What the page of an idea shows of support, reactions, news, who carries it, and where it went."""

from __future__ import annotations

from typing import Any

from samen_core.api import UnitOfWork
from samen_doe_mee.models import Idea
from samen_doe_mee.web.idea_support import support_part
from samen_doe_mee.web.idea_talk import talk_part
from samen_doe_mee.web.idea_team import news_and_team


def inside(uow: UnitOfWork, idea: Idea) -> dict[str, Any]:
    """The parts, for the templates of the same names."""
    return {"support": support_part(uow, idea), "talk": talk_part(uow, idea), **news_and_team(uow, idea)}
