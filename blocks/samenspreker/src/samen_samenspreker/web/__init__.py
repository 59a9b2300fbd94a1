"""The pages, one module a part of the table."""

from samen_samenspreker.web import (  # noqa: F401 - each adds its own
    actions,
    asking,
    following,
    invitations,
    judging,
    meetings,
    own_seat,
    process,
    proposals,
    questions,
    round_activities,
    rounds,
    seats,
    steps,
)
from samen_samenspreker.web.frame import pages

__all__ = ["pages"]
