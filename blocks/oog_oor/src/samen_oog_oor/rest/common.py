"""What the resources share."""

from __future__ import annotations

import uuid
from datetime import date

from marshmallow import ValidationError

from samen_core.api import NotFound, UnitOfWork, _
from samen_core.rest.api import RestBlueprint, current_platform
from samen_oog_oor.models import Case
from samen_oog_oor.services.common import may_see, may_work
from samen_oog_oor.services.viewings import note_viewing

API = "/api/v1/oog-oor"
rest = RestBlueprint("oog_oor", __name__, description="What people see in their neighbourhood, who handles it and what became of it.")


def in_time(day: date) -> None:
    """A validator of days in an address: where no city reports, no moment can be worked out either."""
    if not 1990 <= day.year <= 2200:
        raise ValidationError([_("Kies een dag tussen 1990 en 2200.")])


def base_url() -> str:
    """The address of the platform, without a slash at its end."""
    return current_platform().config.web.base_url.rstrip("/")


def visible_case(uow: UnitOfWork, id: uuid.UUID) -> tuple[Case, bool]:
    """A case that the caller may read, and whether they work at it. Raises NotFound.

    That somebody opened a confidential one is written down.
    """
    case = uow.session.get(Case, id)
    if case is None or not may_see(uow, case):
        raise NotFound
    works = may_work(uow, case)
    if case.confidential:
        note_viewing(uow, case.id, "confidential")
    return case, works


def staff_case(uow: UnitOfWork, id: uuid.UUID) -> Case:
    """A case that the caller works at. Raises NotFound, also for who may only read it."""
    case, works = visible_case(uow, id)
    if not works:
        raise NotFound
    return case
