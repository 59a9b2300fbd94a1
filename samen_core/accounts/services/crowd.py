"""Invented residents for the demonstration city."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from samen_core.accounts.models import User
from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.db.unit_of_work import UnitOfWork

DEMO_DOMAIN = "samen.example"


def demo_crowd(uow: UnitOfWork, number: int) -> list[uuid.UUID]:
    """Accounts of invented residents, at most one for each number: for support that counts once per account. Nobody can log in to them."""
    addresses = [f"bewoner-{serial:03}@{DEMO_DOMAIN}" for serial in range(1, number + 1)]
    known = {row.email: row.id for row in uow.session.execute(select(User.email, User.id).where(User.email.in_(addresses)))}
    return [known.get(address) or create_account(uow, CreateAccount(email=address, display_name="Bewoner")).id for address in addresses]
