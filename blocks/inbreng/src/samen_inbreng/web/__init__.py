"""The pages, one module a concept."""

from samen_inbreng.web.common import pages

__all__ = ["pages"]
