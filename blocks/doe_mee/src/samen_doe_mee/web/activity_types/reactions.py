"""Reactions: the form of inbreng, and what others said."""

from __future__ import annotations

from samen_doe_mee.web.activity_types.shape import TypePage
from samen_doe_mee.web.desk_links import links_of_talk
from samen_doe_mee.web.talk_page import receive_reaction, send_reaction, show_reactions

PAGE = TypePage(
    code="reactions",
    template="doe_mee/activity_reactions.html",
    show=show_reactions,
    receive=receive_reaction,
    send=send_reaction,
    desk_links=links_of_talk,
)
