"""The pages."""

from __future__ import annotations

from samen_beleidsagenda.web import downloads, feeds
from samen_beleidsagenda.web.common import pages

__all__ = ["downloads", "feeds", "pages"]
