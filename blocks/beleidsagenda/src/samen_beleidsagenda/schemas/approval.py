"""The steps by which a thing becomes public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from citycontent.api import CommandSchema, prose_field, version_field
from samen_core.api import _

REASON_LENGTH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """A step on the way to the public, of the thing that was at ``version``; ``reason`` where one is needed."""

    version: int
    reason: str = ""


class ApproveSchema(CommandSchema):
    """A step that needs no words."""

    command: ClassVar[type[Any]] = Approve

    version = version_field()


class ApproveWithReasonSchema(ApproveSchema):
    """A step with a reason."""

    reason = prose_field(_("Waarom?"), _("Schrijf op wat een ander hierover moet weten."), REASON_LENGTH, 3)
