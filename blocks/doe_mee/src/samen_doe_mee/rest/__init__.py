"""The REST resources."""

from __future__ import annotations

from samen_doe_mee.rest.common import rest

__all__ = ["rest"]
