"""The pages."""

from __future__ import annotations

from samen_doe_mee.web import (
    activity,
    confirm,
    desk_activity,
    desk_closing,
    desk_entry,
    desk_results,
    done,
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
    "desk_activity",
    "desk_closing",
    "desk_entry",
    "desk_results",
    "done",
    "home",
    "idea_confirm",
    "idea_new",
    "idea_own",
    "idea_support",
    "ideas",
    "near",
    "pages",
]
