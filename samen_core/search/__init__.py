"""Search."""

from samen_core.search.models import IndexedText

__all__ = ["IndexedText"]
