"""The pages."""

from __future__ import annotations

from samen_beleidsagenda.web import (
    approval,
    board,
    calendar,
    desk,
    dossier,
    dossier_forms,
    dossiers,
    downloads,
    embed,
    feeds,
    following,
    home,
    moment,
    moment_forms,
    participation,
    planning,
)
from samen_beleidsagenda.web.common import pages

__all__ = [
    "approval",
    "board",
    "calendar",
    "desk",
    "dossier",
    "dossier_forms",
    "dossiers",
    "downloads",
    "embed",
    "feeds",
    "following",
    "home",
    "moment",
    "moment_forms",
    "pages",
    "participation",
    "planning",
]
