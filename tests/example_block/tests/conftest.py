"""The platform with the city database and this block, and a tool to lend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from samen_gereedschap.schemas import MoveLoan, OfferTool, RequestLoan
from samen_gereedschap.services.common import today
from samen_gereedschap.services.loans import move_loan, request_loan
from samen_gereedschap.services.tools import offer_tool

from samen_core.api import Actor, system

if TYPE_CHECKING:
    from samen_gereedschap.models import Loan, Tool

    from citycontent.api import Organization
    from samen_core.api import Platform


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """The city database and this block."""
    return {"blocks": ["citycontent", "gereedschap"]}


@pytest.fixture
def tool(platform: Platform, organization: Organization) -> Tool:
    """A ladder of ``organization``, already committed."""
    with platform.unit_of_work(system("test")) as uow:
        return offer_tool(
            uow, OfferTool(organization_id=organization.id, name="Schuifladder", kind="ladder", description="Zes meter.", max_days=5)
        )


def day(platform: Platform, number: int) -> date:
    """The day so many days from today."""
    with platform.read(system("test")) as uow:
        return today(uow) + timedelta(days=number)


def asked(platform: Platform, first: int = 1, length: int = 1, **values: Any) -> RequestLoan:
    """A request for some days from now."""
    start = day(platform, first)
    end = start + timedelta(days=length - 1)
    return RequestLoan(**{"first_day": start, "last_day": end, "name": "Sanne de Wit", "phone": "06 12345678", "rules": True, **values})


@pytest.fixture
def lend(platform: Platform, tool: Tool) -> Callable[..., Loan]:
    """``lend(actor, first, length, *steps, **values)``: a loan of ``tool`` after these steps, already committed."""

    def make(actor: Actor, first: int = 1, length: int = 1, *steps: str, **values: Any) -> Loan:
        with platform.unit_of_work(actor) as uow:
            loan = request_loan(uow, tool.id, asked(platform, first, length, **values))
        for step in steps:
            with platform.unit_of_work(system("test")) as uow:
                loan = move_loan(uow, loan.id, step, MoveLoan(version=loan.version))
        return loan

    return make
