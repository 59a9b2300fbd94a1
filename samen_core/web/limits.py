"""Rate limits on writing requests of pages and API; counted per visitor in the database, so that all processes share them."""

from __future__ import annotations

from flask import Flask, request

from samen_core.limits import hit, who_hash
from samen_core.web.blueprint import COUNTED
from samen_core.web.context import READING, current_actor, current_platform

MINUTE = 60


def init_limits(app: Flask) -> None:
    """Refuse (429) more writing requests a minute than the configuration allows, per account or per address."""

    @app.before_request
    def limit() -> None:
        platform = current_platform()
        if request.method in READING or not platform.config.limits.enabled or not _is_counted(app):
            return
        actor = current_actor()
        who = str(actor.account_id or request.remote_addr or "")
        hit(platform, "post", who_hash(platform, who), platform.config.limits.posts_per_minute, MINUTE)


def _is_counted(app: Flask) -> bool:
    """Whether a request counts here: the view that handles it does not count by itself."""
    view = app.view_functions.get(request.endpoint) if request.endpoint else None
    return bool(getattr(view, COUNTED, True))


def limit_visitor(bucket: str, most: int, seconds: int) -> None:
    """Count one more of ``bucket`` for the account or address of this request. Raises TooMany beyond ``most`` in that many seconds.

    Call it before the unit of work of the request has read or written anything: SQLite knows one writer.
    """
    platform = current_platform()
    if platform.config.limits.enabled:
        who = str(current_actor().account_id or request.remote_addr or "")
        hit(platform, bucket, who_hash(platform, who), most, seconds)
