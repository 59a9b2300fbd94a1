"""The pages, one module a part of the table."""

from samen_samenspreker.web.frame import pages

__all__ = ["pages"]
