"""The pages, one module a part of the table."""

from samen_samenspreker.web import proposals  # noqa: F401 - each adds its own
from samen_samenspreker.web.frame import pages

__all__ = ["pages"]
