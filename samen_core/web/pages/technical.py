"""Addresses for machines: static files, health, metrics, security.txt, robots.txt."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from samen_core.db.migrate import require_current
from samen_core.errors import NotFound, StartupError
from samen_core.web.assets import Assets
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_platform

pages = BlockBlueprint("technical", __name__)


@pages.route("/static/<path:address>", public=True, cache=False)
def static_file(address: str) -> ResponseReturnValue:
    """A static file of core, a block or the city."""
    from flask import current_app

    assets: Assets = current_app.extensions["samen_assets"]
    return assets.serve(address)


@pages.route("/health/live", public=True, cache=False)
def live() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@pages.route("/health/ready", public=True, cache=False)
def ready() -> ResponseReturnValue:
    """The database answers and is up to date."""
    platform = current_platform()
    try:
        with platform.engine.connect() as connection:
            connection.execute(select(1))
        require_current(platform)
    except StartupError:
        return jsonify(status="database not current"), 503
    except Exception:
        platform.log.exception("not_ready")
        return jsonify(status="database does not answer"), 503
    return jsonify(status="ok")


@pages.route("/metrics", public=True, cache=False)
def metrics() -> ResponseReturnValue:
    """Prometheus metrics, when the configuration switches them on (reach it from inside only)."""
    platform = current_platform()
    if not platform.config.web.metrics:
        raise NotFound
    from samen_core.metrics import exposition

    body, content_type = exposition(platform)
    return Response(body, content_type=content_type)


@pages.route("/.well-known/security.txt", public=True, cache=False)
def security_txt() -> ResponseReturnValue:
    """Where to report a weakness (RFC 9116); expires within a year."""
    config = current_platform().config
    contact = f"mailto:{config.city.contact_email}" if config.city.contact_email else config.city.contact_url
    if not contact:
        raise NotFound
    expires = (current_platform().clock() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires}",
        "Preferred-Languages: nl, en",
        f"Canonical: {request.host_url}.well-known/security.txt",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@pages.route("/robots.txt", public=True, cache=False)
def robots() -> ResponseReturnValue:
    """Search engines may read the public pages, not the account and management ones."""
    closed = ("/account", "/beheer", "/inloggen", "/zoeken", "/en/account", "/en/beheer", "/en/inloggen", "/en/zoeken")
    return Response("User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in closed), content_type="text/plain; charset=utf-8")


@pages.route("/favicon.ico", public=True, cache=False)
def favicon() -> ResponseReturnValue:
    """The mark, for browsers that ask here."""
    from flask import current_app

    assets: Assets = current_app.extensions["samen_assets"]
    return assets.serve("core/favicon.svg")
