"""The pages."""

from __future__ import annotations

from samen_beleidsagenda.web import (
    approval,
    dossier,
    dossier_forms,
    dossiers,
    downloads,
    feeds,
    following,
    participation,
)
from samen_beleidsagenda.web.common import pages

__all__ = ["approval", "dossier", "dossier_forms", "dossiers", "downloads", "feeds", "following", "pages", "participation"]
