"""Pages and REST: who may use them, and that they work with only what the block requires."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from samen_core.actor import anonymous
from samen_core.testing.conformance.context import SAME_SITE, Context
from samen_core.testing.conformance.model import Finding
from samen_core.testing.conformance.probe import ask
from samen_core.web.blueprint import ACCESS

if TYPE_CHECKING:
    from werkzeug.routing import Rule as Route

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOBODY = "00000000-0000-7000-8000-000000000000"


def routes(context: Context) -> list[Route]:
    """The routes of the block's pages and REST resources, in order of their addresses."""
    names = [str(blueprint.name) for blueprint in context.answers("samen_blueprints")]
    starts = tuple(f"{name}." for name in names) + tuple(f"api-{context.name}{end}" for end in (".", "-"))
    return sorted((rule for rule in context.empty.app.url_map.iter_rules() if rule.endpoint.startswith(starts)), key=lambda rule: rule.rule)


def check_access(context: Context) -> Iterator[Finding]:
    """Each route states a permission or that it is public; what is not public is refused to the anonymous, tried with real requests."""
    visitor = context.empty.visitor()
    for route in routes(context):
        view = context.empty.app.view_functions[route.endpoint]
        if not hasattr(view, ACCESS):
            yield f"{route.rule} ({route.endpoint}) states no permission and not public=True: use the route() of its blueprint"
            continue
        permission = getattr(view, ACCESS)
        # A permission that everybody has is as good as public; a token still needs it as its scope.
        if permission is None or permission.allows(anonymous()):
            continue
        path = address(route)
        for method in METHODS:
            if method in (route.methods or ()):
                answer = visitor.open(path, method=method, headers=SAME_SITE)
                to_log_in = answer.status_code == 303 and "/inloggen" in answer.headers["Location"]
                if answer.status_code not in (401, 403) and not to_log_in:
                    yield f"{method} {route.rule} answers an anonymous visitor with {answer.status_code} instead of refusing"


def address(route: Route) -> str:
    """A path that the route takes, with something in the place of its arguments."""

    def filled(match: re.Match[str]) -> str:
        kind, _open, options = (match[1] or "").rstrip(":").partition("(")
        if kind == "any":
            return options.rstrip(")").split(",")[0].strip(" \"'")
        return {"uuid": NOBODY, "int": "1", "float": "1.0"}.get(kind, "x")

    return re.sub(r"<([^<>:]+:)?[^<>]+>", filled, route.rule)


def check_alone(context: Context) -> Iterator[Finding]:
    """In a Python that can import no other block: migrations, start, and every page without arguments."""
    yield from ask(context, "alone")
