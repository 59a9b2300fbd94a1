"""Flask-Security: who is logged in, how fresh the log-in is, and later a second factor. None of its own pages is reachable.

Its pages act on a GET from a mail, keep links usable more than once, set a cookie on the log-in page and hold inline style; ours are in
``accounts.web``. Passwords are checked by ``accounts.passwords``, in the same argon2 format.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, cast

from flask import Flask
from flask_security import RoleMixin, Security, UserMixin
from flask_security.datastore import SQLAlchemySessionUserDatastore
from flask_security.utils import check_and_update_authn_fresh, login_user, logout_user
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from samen_core.accounts.models import User
from samen_core.web.context import current_uow

FRESH = timedelta(minutes=30)
"""How long after logging in something sensitive may be done without logging in again."""


class LoginUser(UserMixin):
    """An account as Flask-Security sees it. The mapped row knows no Flask; reading and writing attributes goes to the row."""

    roles: list[Any] = []  # noqa: RUF012 its type in UserMixin; roles here are grants

    def __init__(self, account: User) -> None:
        object.__setattr__(self, "account", account)

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "account"), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.account, name, value)

    @property
    def is_active(self) -> bool:
        """Whether this account may be logged in."""
        return bool(self.account.active and self.account.state == "active")


class RequestDatastore(SQLAlchemySessionUserDatastore):
    """Flask-Security's datastore on the request's unit of work, which alone commits."""

    def __init__(self) -> None:
        # The model is only looked at for its attributes; there are no roles of Flask-Security's kind.
        super().__init__(cast("scoped_session[Session]", None), cast("type[UserMixin]", User), RoleMixin)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> LoginUser | None:  # noqa: ARG002 their signature
        """The account with this attribute; e-mail addresses are stored in lower case."""
        (name, value), *_others = kwargs.items()
        account = current_uow().session.scalar(select(User).where(getattr(User, name) == value))
        return LoginUser(account) if account else None

    def put(self, model: Any) -> Any:
        """Add to the unit of work."""
        current_uow().session.add(model.account if isinstance(model, LoginUser) else model)
        return model

    def commit(self) -> None:
        """Only flush: the unit of work commits."""
        current_uow().session.flush()


def init_security(app: Flask) -> None:
    """Set Flask-Security up without any of its routes, and without work per request."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 the name of the hash
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
        SECURITY_API_ENABLED_METHODS=["session"],
    )
    security = Security(app, RequestDatastore(), register_blueprint=False)
    manager = security.login_manager
    manager.session_protection = None
    manager.request_loader(lambda _request: None)
    # It would keep a hash of the network address in every session.
    manager._session_identifier_generator = lambda: ""
    # Principal would load the account on every request; permissions here are Permission objects.
    app.before_request_funcs[None].remove(security.principal._on_before_request)


def start_log_in(account: User, way: str) -> None:
    """Note in the (new) session that this account logged in, just now and this way (``password``, ``link``)."""
    login_user(LoginUser(account), remember=False, authn_via=[way])


def forget_log_in() -> None:
    """Take the log-in out of the session."""
    logout_user()


def is_fresh() -> bool:
    """Whether the visitor logged in recently enough to do something sensitive."""
    from flask_login import current_user

    return bool(current_user.is_authenticated) and check_and_update_authn_fresh(FRESH, FRESH)


def new_uniquifier() -> str:
    """A new random value that ties sessions and links to one state of the account."""
    return secrets.token_hex(32)
