"""The picture of a thing, beside its other facts."""

from __future__ import annotations

from samen_core.api import File

PICTURE_COLUMNS = (
    File.alt.label("picture_alt"),
    File.media_type.label("picture_media_type"),
    File.width.label("picture_width"),
    File.height.label("picture_height"),
)
"""Of a statement that is joined with ``File`` on ``picture_id``; all None without picture."""
