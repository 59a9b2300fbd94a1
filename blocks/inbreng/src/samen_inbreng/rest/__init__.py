"""REST: ``/api/v1/inbreng``."""

from samen_inbreng.rest.common import rest

__all__ = ["rest"]
