"""Short ways to make what a test of lists needs."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from citycontent.api import Organization
from samen_core.api import Actor, UnitOfWork, demo_crowd
from samen_gereedschap.models import Tool
from samen_gereedschap.schemas import OfferTool, RequestLoan
from samen_gereedschap.services.common import today
from samen_gereedschap.services.loans import request_loan
from samen_gereedschap.services.tools import offer_tool

FAR = 90
"""Days ahead: beyond the loans of the demonstration."""


def make_many(uow: UnitOfWork, number: int) -> None:
    """So many more tools of one organisation, each asked for by another resident."""
    owner = uow.session.execute(
        select(Organization.id).where(Organization.state == "active").order_by(Organization.id).limit(1)
    ).scalar_one()
    before = len(uow.session.execute(select(Tool.id)).all())
    for index, account_id in enumerate(demo_crowd(uow, number)):
        tool = offer_tool(uow, OfferTool(organization_id=owner, name=f"Ladder {before + index}", kind="ladder"))
        day = today(uow) + timedelta(days=FAR)
        with uow.acting(Actor(kind="account", account_id=account_id)):
            request_loan(uow, tool.id, RequestLoan(first_day=day, last_day=day, name="Bewoner", phone="079 123 45 67", rules=True))
