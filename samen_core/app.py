"""The Flask application around one platform: routing, the request's unit of work, errors, headers."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from inspect import CO_COROUTINE
from typing import Any

from flask import Blueprint, Flask, Response, g, request, session
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import Rule

from samen_core import logs
from samen_core.blocks.guard import failures
from samen_core.errors import block_error
from samen_core.forms import FileReference
from samen_core.i18n import SOURCE_LANGUAGE, activate
from samen_core.models import load_models
from samen_core.platform import Platform
from samen_core.web import context, errors, headers
from samen_core.web.assets import Assets
from samen_core.web.blueprint import check_access, require_stated_access
from samen_core.web.kept import MEGABYTE, KeptPages
from samen_core.web.language import ENVIRON_KEY, LanguagePrefix
from samen_core.web.layout import layout_globals
from samen_core.web.rendering import Renderer
from samen_core.web.slots import SlotFill, Slots

NULL = re.compile(rb"%00|\x00")


class PromptRule(Rule):
    """A route that compiles how to build its address when that is first asked: nearly all of what starting up costs otherwise.

    It overrides a private method of Werkzeug; should that get another name, start-up is slower and nothing else changes.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_now = super()._compile_builder
        compiled: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(compile_now(append_unknown))
            return compiled[0](rule, **values)

        return build


class SamenFlask(Flask):
    """Flask, with every request in one unit of work that is committed before the answer leaves."""

    url_rule_class = PromptRule

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.owners: dict[str, str] = {}
        """The block of each of its blueprints, by the name of the blueprint."""

    def register_of_block(self, block: str, blueprint: Blueprint, **options: Any) -> None:
        """Register a blueprint of a block. Raises StartupError, naming the block, when it cannot be."""
        name = options.get("name", blueprint.name)
        try:
            self.register_blueprint(blueprint, **options)
        except (ValueError, AssertionError) as error:
            raise block_error(block, f"has pages that cannot be added: {error}") from error
        self.owners[name] = block

    def owner_of(self, blueprints: Sequence[str]) -> str:
        """The block of a request's blueprints, inner ones first; core where it is none of a block."""
        return self.owners.get(blueprints[-1], "core") if blueprints else "core"

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Flask asks this of each of the ten functions around a view; that one is plain is seen at once."""
        code = getattr(func, "__code__", None)
        return func if code is not None and not code.co_flags & CO_COROUTINE else super().ensure_sync(func)

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view and commit; an error in either is handled as an error of the view."""
        found = context.request_itself()
        if found.method != "OPTIONS":
            context.current_platform().block_states.require_active(self.owner_of(found.blueprints))
        view = self.view_functions.get(found.endpoint) if found.endpoint else None
        check_access(view)
        if (kept := headers.answer_from_validator(view)) is not None:
            return kept
        failed = failures()
        response = self.make_response(super().dispatch_request())
        context.finish(response.status_code)
        if failures() != failed or session.modified:
            headers.keep_nothing()
        headers.keep_page(response)
        return response

    def handle_user_exception(self, e: Exception) -> HTTPException | ResponseReturnValue:
        """Take back what the request did before the error is shown."""
        context.abandon()
        return super().handle_user_exception(e)


def create_app(platform: Platform) -> SamenFlask:
    """The web application of a platform. Raises StartupError for a route without stated access or an unknown slot."""
    load_models(platform)
    app = SamenFlask("samen_core", static_folder=None, template_folder=None)
    config = platform.config
    app.config.update(
        SECRET_KEY=config.secret_key or "0" * 64 if config.environment == "test" else config.secret_key,
        MAX_CONTENT_LENGTH=config.limits.upload_bytes * FileReference.MOST + 1_000_000,
        MAX_FORM_MEMORY_SIZE=1_000_000,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME="samen",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.web.base_url.startswith("https:"),
        SESSION_COOKIE_PATH="/",
        TESTING=config.environment == "test",
        PROPAGATE_EXCEPTIONS=False,
    )
    app.extensions["samen"] = platform
    app.extensions["samen_assets"] = Assets(platform.static_folders)
    app.extensions["samen_slots"] = Slots(platform.registry.collect("samen_slots", SlotFill), trace=config.trace_hooks)
    app.extensions["samen_kept_pages"] = KeptPages(config.web.kept_pages * MEGABYTE)
    app.extensions["samen_renderer"] = Renderer(platform, layout_globals(app))
    _requests(app, platform)
    errors.register(app)
    _pages(app, platform)
    require_stated_access(app)
    app.wsgi_app = LanguagePrefix(app.wsgi_app, config.city.languages)  # type: ignore[method-assign]
    if config.web.trusted_proxies:
        proxies = config.web.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    return app


def _pages(app: SamenFlask, platform: Platform) -> None:
    from samen_core.accounts.web import init_accounts
    from samen_core.rest import init_rest
    from samen_core.web.pages import core_blueprints

    init_accounts(app, platform)
    for blueprint in core_blueprints():
        app.register_blueprint(blueprint)
    for block, blueprint in platform.registry.collect("samen_blueprints", Blueprint):
        app.register_of_block(block, blueprint)
    init_rest(app, platform)


def _requests(app: SamenFlask, platform: Platform) -> None:
    from samen_core.web import csrf, limits

    @app.before_request
    def start() -> None:
        g.samen_started = time.perf_counter()
        found = context.request_itself()
        activate(platform.translations.translator(found.environ.get(ENVIRON_KEY, SOURCE_LANGUAGE)))
        logs.bind_request(found)
        # No text that we keep has one, no database can look for it, and nobody types it.
        if "\x00" in found.path or NULL.search(found.query_string):
            raise BadRequest

    csrf.init_csrf(app)
    limits.init_limits(app)

    @app.after_request
    def end(response: Response) -> Response:
        if not context.is_api():
            headers.set_page_headers(response)
            headers.leave_out_unwanted_body(response)
        seconds = time.perf_counter() - g.get("samen_started", time.perf_counter())
        logs.request_done(response.status_code, seconds)
        if platform.config.web.metrics:
            platform.metrics.observe(request.endpoint, request.method, response.status_code, seconds)
        return response

    app.teardown_request(context.close)

    @app.teardown_request
    def speak_dutch(_error: BaseException | None) -> None:
        activate(platform.translations.translator(SOURCE_LANGUAGE))
