"""REST: ``/api/v1/samenspreker``."""

from samen_samenspreker.rest.common import rest

__all__ = ["rest"]
