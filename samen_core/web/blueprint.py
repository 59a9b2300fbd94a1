"""Blueprints whose every route states who may see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Blueprint

from samen_core.errors import NotAllowed, StartupError, block_error
from samen_core.i18n import _
from samen_core.permissions import Permission
from samen_core.web.context import current_actor

if TYPE_CHECKING:
    from samen_core.app import SamenFlask

View = TypeVar("View", bound=Callable[..., Any])
ACCESS = "samen_access"
CACHE = "samen_cacheable"
COUNTED = "samen_counted"


class BlockBlueprint(Blueprint):
    """A Flask blueprint for the pages of a block.

    Each route says ``permission=...`` or ``public=True``. The permission opens the page for whoever has it on at least one thing;
    the service checks the thing itself. ``cache=False`` keeps a public page out of shared caches (search, forms with a token).
    ``counted=False``: the view limits by itself how often it is called, such as by the key of a program that writes for many people.
    """

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(name, import_name, static_folder=None, template_folder=None)

    def route(
        self,
        rule: str,
        *,
        permission: Permission | None = None,
        public: bool = False,
        cache: bool = True,
        counted: bool = True,
        **options: Any,
    ) -> Callable[[View], View]:
        """Like Flask's ``route``, with the access stated."""
        if (permission is None) == (not public):
            raise StartupError(f"route '{rule}' of '{self.name}' needs either permission=... or public=True")

        def decorate(view: View) -> View:
            setattr(view, ACCESS, permission)
            setattr(view, CACHE, public and cache)
            setattr(view, COUNTED, counted)
            self.add_url_rule(rule, view_func=view, **options)
            return view

        return decorate


UNCHECKED_ENDPOINTS = {"openapi": "everybody: the description of the API"}
"""Endpoints without a blueprint of ours, each with who may see it and why; every other endpoint must state its access."""


def check_access(view: Callable[..., Any] | None) -> None:
    """Raise NotAllowed when the actor may see no page of this kind at all."""
    permission: Permission | None = getattr(view, ACCESS, None)
    if permission is not None:
        actor = current_actor()
        if not permission.somewhere(actor):
            raise NotAllowed(_("U hebt hiervoor geen rechten: {right}.", right=permission.label), log_in=actor.is_anonymous)


def require_stated_access(app: SamenFlask) -> None:
    """Raise StartupError, naming the block, for a route that does not state who may see it."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in UNCHECKED_ENDPOINTS or hasattr(app.view_functions[rule.endpoint], ACCESS):
            continue
        what = f"route '{rule.rule}' ({rule.endpoint}) does not state a permission or public=True"
        owner = app.owner_of(rule.endpoint.split(".")[:1] if "." in rule.endpoint else ())
        raise StartupError(what) if owner == "core" else block_error(owner, f": {what}")
