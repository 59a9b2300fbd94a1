"""REST: ``/api/v1/samenspreker``."""

from samen_samenspreker.rest import gates, meetings, proposals, questions, seats  # noqa: F401 - each adds its own
from samen_samenspreker.rest.common import rest

__all__ = ["rest"]
