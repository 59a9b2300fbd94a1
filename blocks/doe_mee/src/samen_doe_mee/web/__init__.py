"""The pages."""

from __future__ import annotations

from samen_doe_mee.web import (
    activity,
    confirm,
    home,
    idea_confirm,
    idea_new,
    idea_own,
    idea_support,
    ideas,
    near,
)
from samen_doe_mee.web.common import pages

__all__ = [
    "activity",
    "confirm",
    "home",
    "idea_confirm",
    "idea_new",
    "idea_own",
    "idea_support",
    "ideas",
    "near",
    "pages",
]
