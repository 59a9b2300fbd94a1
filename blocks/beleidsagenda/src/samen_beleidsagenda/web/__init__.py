"""The pages."""

from __future__ import annotations

from samen_beleidsagenda.web.common import pages

__all__ = ["pages"]
