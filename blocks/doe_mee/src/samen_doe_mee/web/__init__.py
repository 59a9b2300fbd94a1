"""The pages."""

from __future__ import annotations

from samen_doe_mee.web import (
    activity,
    confirm,
    desk_activity,
    desk_answer,
    desk_answers,
    desk_closing,
    desk_entry,
    desk_results,
    desk_texts,
    done,
    home,
    idea_confirm,
    idea_new,
    idea_own,
    idea_support,
    idea_talk,
    ideas,
    near,
    poster_desk,
    share,
)
from samen_doe_mee.web.common import pages

__all__ = [
    "activity",
    "confirm",
    "desk_activity",
    "desk_answer",
    "desk_answers",
    "desk_closing",
    "desk_entry",
    "desk_results",
    "desk_texts",
    "done",
    "home",
    "idea_confirm",
    "idea_new",
    "idea_own",
    "idea_support",
    "idea_talk",
    "ideas",
    "near",
    "pages",
    "poster_desk",
    "share",
]
