"""The REST API: resources of core and blocks under ``/api/v1/<block>``, one OpenAPI document, one way of answering errors."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from samen_core.errors import block_error

if TYPE_CHECKING:
    from flask import Response

    from samen_core.app import SamenFlask
    from samen_core.platform import Platform
    from samen_core.rest.openapi import Registered


def init_rest(app: SamenFlask, platform: Platform) -> None:
    """Mount the resources of core and of every block. Raises StartupError for a blueprint that states no access."""
    from samen_core.rest.core_resources import blueprint as core
    from samen_core.rest.headers import install_headers
    from samen_core.rest.openapi import Registered
    from samen_core.rest.resource import RestBlueprint
    from samen_core.rest.version import API_BASE
    from samen_core.rest.webhook_resources import blueprint as webhooks
    from samen_core.web.context import API_PREFIX, API_PREFIXES

    described: dict[str, list[Registered]] = {API_BASE: []}
    app.extensions[API_PREFIXES] = (API_PREFIX,)
    for owner, blueprint in [("core", core), ("core", webhooks), *platform.registry.collect("samen_resources")]:
        if not isinstance(blueprint, RestBlueprint):
            raise block_error(owner, f": REST resource '{blueprint!r}' is not made with RestBlueprint")
        if blueprint.prefix and (not blueprint.prefix.startswith("/") or f"{blueprint.prefix}/".startswith(API_PREFIX)):
            raise block_error(owner, f": prefix '{blueprint.prefix}' of a REST resource must be that of a standard, such as '/ori/v2'")
        tag = owner if blueprint.name == owner else f"{owner}-{blueprint.name}"
        item = Registered(blueprint, f"api-{tag}", tag, owner)
        prefix = blueprint.prefix or f"{API_BASE}/{owner.replace('_', '-')}"
        app.register_of_block(owner, blueprint, name=item.endpoint, url_prefix=prefix)
        if blueprint.prefix:
            app.extensions[API_PREFIXES] = (*app.extensions[API_PREFIXES], f"{prefix}/")
        described.setdefault(blueprint.prefix or API_BASE, []).append(item)
    _serve_documents(app, platform, described)
    install_headers(app, platform)


def _serve_documents(app: SamenFlask, platform: Platform, described: dict[str, list[Registered]]) -> None:
    """Let each part of the API, by where it lives, tell what it holds: ours, and one for every standard."""
    lock = threading.Lock()
    built: dict[str, str] = {}

    def openapi_json() -> Response:
        import json

        from flask import Response, request

        base = request.path.removesuffix("/openapi.json")
        with lock:
            if base not in built:
                from samen_core.rest.openapi import build_document

                built[base] = json.dumps(build_document(app, platform, base, described[base]), ensure_ascii=False)
        response = Response(built[base], content_type="application/json")
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    for base in described:
        app.add_url_rule(f"{base}/openapi.json", "openapi", openapi_json)
