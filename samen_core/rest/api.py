"""What the REST resources of building blocks may import from the platform, besides :mod:`samen_core.api`."""

from __future__ import annotations

from samen_core.rest.resource import RestBlueprint, required_version
from samen_core.rest.responses import RowWriter, moment, no_content, reply, reply_page, written
from samen_core.rest.schemas import MomentField, PageArgumentsSchema
from samen_core.web.context import current_actor, current_platform, current_uow
from samen_core.web.limits import limit_visitor

__all__ = [
    "MomentField",
    "PageArgumentsSchema",
    "RestBlueprint",
    "RowWriter",
    "current_actor",
    "current_platform",
    "current_uow",
    "limit_visitor",
    "moment",
    "no_content",
    "reply",
    "reply_page",
    "required_version",
    "written",
]
