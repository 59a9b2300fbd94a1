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

    registered: list[Registered] = []
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
        else:
            registered.append(item)
    _serve_document(app, platform, registered)
    install_headers(app, platform)


def _serve_document(app: SamenFlask, platform: Platform, registered: list[Registered]) -> None:
    from samen_core.rest.version import API_BASE

    lock = threading.Lock()
    built: list[str] = []

    def openapi_json() -> Response:
        import json

        from flask import Response

        with lock:
            if not built:
                from samen_core.rest.openapi import build_document

                built.append(json.dumps(build_document(app, platform, registered), ensure_ascii=False))
        response = Response(built[0], content_type="application/json")
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    app.add_url_rule(f"{API_BASE}/openapi.json", "openapi", openapi_json)
