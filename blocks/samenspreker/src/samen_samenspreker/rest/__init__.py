"""REST: ``/api/v1/samenspreker``."""

from samen_samenspreker.rest import actions, gates, meetings, proposals, questions, seats, steps  # noqa: F401 - each adds its own
from samen_samenspreker.rest.common import rest

__all__ = ["rest"]
