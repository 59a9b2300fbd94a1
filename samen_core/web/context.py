"""What a view needs of the request: the platform, the actor and the one unit of work of this request."""

from __future__ import annotations

from collections.abc import Callable

from flask import Request, g, has_request_context, request
from flask.ctx import AppContext
from flask.globals import app_ctx

from samen_core.actor import Actor, anonymous
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.platform import Platform

READING = frozenset({"GET", "HEAD", "OPTIONS"})
API_PREFIX = "/api/"
API_PREFIXES = "samen_api_prefixes"
"""Under this name the application knows what the paths of its APIs start with: ours, and those of standards."""


def current_platform() -> Platform:
    """The platform of this application."""
    platform: Platform = _context().app.extensions["samen"]
    return platform


def request_itself() -> Request:
    """The request at hand, not what stands for it: each look through that costs eight times as much, in what every request goes through."""
    found: Request = request._get_current_object()  # type: ignore[attr-defined]
    return found


def _context() -> AppContext:
    """The application at hand with what it keeps for this request (``g``), not what stands for them."""
    found: AppContext = app_ctx._get_current_object()  # type: ignore[attr-defined]
    return found


def is_api(req: Request | None = None) -> bool:
    """Whether this request is for the REST API."""
    prefixes: tuple[str, ...] = _context().app.extensions[API_PREFIXES]
    return (request_itself() if req is None else req).path.startswith(prefixes)


def current_actor() -> Actor:
    """Who makes this request: found once, on a reading connection of its own when the request writes."""
    held = _context().g
    actor: Actor | None = held.get("samen_actor")
    if actor is None:
        if "samen_uow" not in held and request.method in READING:
            return current_uow().actor
        held.samen_actor = actor = _find_actor()
    return actor


def current_uow() -> UnitOfWork:
    """The unit of work of this request: reading for GET and HEAD, writing otherwise.

    It is committed after the view when the answer's status is below 400, and rolled back otherwise.
    """
    held = _context().g
    uow: UnitOfWork | None = held.get("samen_uow")
    if uow is None:
        platform = current_platform()
        if request.method in READING:
            held.samen_uow = uow = platform.read(anonymous())
            uow.actor = current_actor()
        else:
            held.samen_uow = uow = platform.unit_of_work(current_actor())
    return uow


def _find_actor() -> Actor:
    platform, found = current_platform(), request_itself()
    if is_api(found):
        if "Authorization" not in found.headers:
            return anonymous("rest")
        from samen_core.rest.authentication import bearer_actor

        find: Callable[[UnitOfWork, Request], Actor] = bearer_actor
    else:
        from samen_core.accounts.sessions import load_actor

        find = load_actor
    if "samen_uow" in g:
        return find(g.samen_uow, found)
    with platform.read(anonymous()) as uow:
        return find(uow, found)


def finish(status: int) -> None:
    """End the unit of work of this request: commit when the answer is a success."""
    uow: UnitOfWork | None = g.get("samen_uow")
    if uow is not None and status < 400:
        uow.commit()


def abandon() -> None:
    """Take back what this request did so far; a page of the error may still read."""
    uow: UnitOfWork | None = g.get("samen_uow")
    if uow is not None:
        uow.rollback()


def close(_error: BaseException | None = None) -> None:
    """Give the connection back at the end of the request."""
    uow: UnitOfWork | None = g.pop("samen_uow", None) if has_request_context() else None
    if uow is not None:
        uow.close()
