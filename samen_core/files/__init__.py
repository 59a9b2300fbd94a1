"""Uploaded files."""

from samen_core.files.models import File

__all__ = ["File"]
