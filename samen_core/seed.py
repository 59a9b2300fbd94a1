"""The demonstration city: accounts for every role, then the content of every block (hook ``samen_seed``)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from samen_core.accounts.models import User
from samen_core.accounts.schemas import GrantRole
from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.accounts.services.crowd import DEMO_DOMAIN
from samen_core.accounts.services.grants import grant_role
from samen_core.actor import Actor, system
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import StartupError
from samen_core.permissions import ROLES
from samen_core.platform import Platform

LOGINS_FILE = "demo-logins.txt"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A demonstration account: its role (also the local part of the address) and an invented name."""

    role: str
    name: str

    @property
    def email(self) -> str:
        """The address it logs in with."""
        return f"{self.role.replace('_', '-')}@{DEMO_DOMAIN}"


DEMO_ACCOUNTS = (
    DemoAccount("resident", "Sanne Bloemkolk"),
    DemoAccount("facilitator", "Ruth Vlaswinkel"),
    DemoAccount("decision_maker", "Joost van der Hulk"),
    DemoAccount("moderator", "Farida Lamsoudi"),
    DemoAccount("manager", "Wouter Achtienribbe"),
)


def is_empty(platform: Platform) -> bool:
    """Whether there is no account yet."""
    with platform.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(User)).scalar() == 0


def seed_demo(platform: Platform, progress: Callable[[str], None] = lambda _line: None) -> Path:
    """Fill an empty database with the demonstration; the file with the log-ins (mode 0600). Raises StartupError when not empty."""
    if not is_empty(platform):
        raise StartupError("the database already has accounts: run 'make demo-reset' for a fresh demonstration")
    passwords = {account.email: secrets.token_urlsafe(12) for account in DEMO_ACCOUNTS}
    logins = _write_logins(platform.config.folder / LOGINS_FILE, passwords)
    actor = Actor(kind="system", origin="cli")
    with platform.unit_of_work(actor) as uow:
        progress("demonstration accounts")
        for account in DEMO_ACCOUNTS:
            user = create_account(uow, CreateAccount(email=account.email, display_name=account.name, password=passwords[account.email]))
            if account.role != "resident":
                grant_role(uow, GrantRole(account_id=user.id, role=account.role, reason="Demonstratie"))
        # In the same transaction: a start that is broken off leaves nothing, so that the next one fills the city.
        with uow.acting(system("import")):
            for block in platform.blocks:
                _seed_block(uow, block.name, progress)
    return logins


def _seed_block(uow: UnitOfWork, name: str, progress: Callable[[str], None]) -> None:
    plugin = uow.platform.registry.manager.get_plugin(name)
    if plugin is not None and hasattr(plugin, "samen_seed"):
        progress(f"content of block {name}")
        plugin.samen_seed(uow=uow)


def _write_logins(path: Path, passwords: dict[str, str]) -> Path:
    lines = [f"{ROLES[account.role]!s:24} {account.email:32} {passwords[account.email]}" for account in DEMO_ACCOUNTS]
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
