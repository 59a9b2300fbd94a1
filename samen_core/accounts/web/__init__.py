"""The pages of accounts: logging in, registering, one's own account, and the manager's pages of users and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from samen_core.platform import Platform


def init_accounts(app: Flask, platform: Platform) -> None:
    """Give the application its sessions, Flask-Security and the account pages. Raises StartupError without a secret key."""
    from samen_core.accounts.security import init_security
    from samen_core.accounts.sessions import ServerSessions
    from samen_core.accounts.web import account, devices, log_in, manage, own_data, password, registration, roles, tokens
    from samen_core.errors import StartupError

    if not platform.config.secret_key:
        raise StartupError("there is no secret key: set SAMEN_SECRET_KEY or SAMEN_SECRET_KEY_FILE (make one with 'openssl rand -hex 32')")
    app.session_interface = ServerSessions()
    init_security(app)
    for module in (log_in, registration, password, account, devices, tokens, own_data, manage, roles):
        app.register_blueprint(module.pages)
