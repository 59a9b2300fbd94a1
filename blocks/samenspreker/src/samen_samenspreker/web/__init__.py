"""The pages, one module a part of the table."""

from samen_samenspreker.web import (  # noqa: F401 - each adds its own
    actions,
    asking,
    collected,
    decisions,
    desk,
    evaluations,
    following,
    invitations,
    judging,
    mail_stop,
    meetings,
    option_forms,
    options,
    own_seat,
    process,
    proposals,
    questions,
    reports,
    round_activities,
    rounds,
    seats,
    steps,
    trails,
)
from samen_samenspreker.web.frame import pages

__all__ = ["pages"]
