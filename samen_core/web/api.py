"""What the pages of building blocks may import from the platform, besides :mod:`samen_core.api`, which knows no web framework."""

from __future__ import annotations

from samen_core.forms import BoundField, BoundForm, Option
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_actor, current_platform, current_uow
from samen_core.web.differences import marked_differences
from samen_core.web.files import file_response
from samen_core.web.headers import allow_embedding
from samen_core.web.layout import Crumb, crumbs, go, page_url, render, render_part, render_status, say, static_url
from samen_core.web.limits import limit_visitor
from samen_core.web.parts import Card, Row
from samen_core.web.slots import SlotFill
from samen_core.web.tables import csv_file
from samen_core.web.uploads import Received, receive_files

__all__ = [
    "BlockBlueprint",
    "BoundField",
    "BoundForm",
    "Card",
    "Crumb",
    "Option",
    "Received",
    "Row",
    "SlotFill",
    "allow_embedding",
    "crumbs",
    "csv_file",
    "current_actor",
    "current_platform",
    "current_uow",
    "file_response",
    "go",
    "limit_visitor",
    "marked_differences",
    "page_url",
    "receive_files",
    "render",
    "render_part",
    "render_status",
    "say",
    "static_url",
]
