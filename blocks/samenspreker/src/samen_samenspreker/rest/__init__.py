"""REST: ``/api/v1/samenspreker``."""

from samen_samenspreker.rest import (  # noqa: F401 - each adds its own
    actions,
    decisions,
    evaluations,
    gates,
    meetings,
    options,
    proposals,
    questions,
    reports,
    rounds,
    seats,
    steps,
)
from samen_samenspreker.rest.common import rest

__all__ = ["rest"]
