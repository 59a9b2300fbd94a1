"""``samen users``: accounts and roles from the command line."""

from __future__ import annotations

import secrets
import sys
import uuid
from collections.abc import Iterable

import click

from samen_core.accounts.models import User
from samen_core.accounts.queries import account_by_email
from samen_core.accounts.schemas import GrantRole
from samen_core.accounts.services.accounts import CreateAccount, create_account, normalised_email
from samen_core.accounts.services.grants import grant_role
from samen_core.accounts.services.privacy import erase_account
from samen_core.actor import Actor
from samen_core.cli.common import open_platform
from samen_core.errors import SamenError, StartupError
from samen_core.permissions import ROLES
from samen_core.platform import Platform

CLI_ACTOR = Actor(kind="system", origin="cli")


@click.group()
def users() -> None:
    """Make accounts and give roles."""


@users.command()
@click.argument("email")
@click.option("--name", required=True, help="The name that others see.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one.")
def create(email: str, name: str, password_stdin: bool) -> None:
    """Make a confirmed account for EMAIL; prints the password that was made."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(12)
    with open_platform() as platform, platform.unit_of_work(CLI_ACTOR) as uow:
        create_account(uow, CreateAccount(email=email, display_name=name, password=password))
    click.echo("account made" if password_stdin else f"account made, password: {password}")


@users.command()
@click.argument("email")
@click.argument("role", type=click.Choice([role for role in ROLES if role != "resident"]))
@click.option("--subject", type=click.UUID, help="Only on this thing (its id); default: the whole city.")
def grant(email: str, role: str, subject: uuid.UUID | None) -> None:
    """Give the account of EMAIL a ROLE."""
    with open_platform() as platform, platform.unit_of_work(CLI_ACTOR) as uow:
        account = account_by_email(uow.session, normalised_email(email))
        if account is None:
            raise StartupError(f"there is no account {email}: run 'samen users create {email} --name ...' first")
        grant_role(uow, GrantRole(account_id=account.id, role=role, scope=subject, reason="command line"))
    click.echo(f"{email} is now {role}" + (f" of {subject}" if subject else ""))


@users.command()
@click.argument("accounts", type=click.UUID, nargs=-1, required=True)
@click.option("--reason", required=True, help="Why, for the log.")
@click.confirmation_option(prompt="This cannot be taken back. Erase these accounts?")
def erase(accounts: tuple[uuid.UUID, ...], reason: str) -> None:
    """Erase ACCOUNTS (ids) for good, each field as it declares; for who asked it, also of a back-up that was put back."""
    with open_platform() as platform:
        number = erase_accounts(platform, accounts, reason)
    click.echo(f"{number} accounts erased, {len(accounts) - number} were not there or erased already")


def erase_accounts(platform: Platform, accounts: Iterable[uuid.UUID], reason: str) -> int:
    """Erase each account that is there and was not erased; the number erased.

    Raises StartupError for one that may not be erased, such as the only manager; those before it are.
    """
    number = 0
    for id in accounts:
        with platform.translations.use("en"), platform.unit_of_work(CLI_ACTOR) as uow:
            account = uow.session.get(User, id)
            if account is None or account.state == "erased":
                continue
            try:
                erase_account(uow, id)
            except SamenError as error:
                raise StartupError(f"account {id} was not erased: {error}") from None
            uow.record("core.account.erased_by_operator", id, reason=reason)
            number += 1
    return number
