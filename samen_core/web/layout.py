"""What the page frame shows on every page: city, menu, languages, account, messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from flask import Flask, Response, current_app, g, get_flashed_messages, make_response, redirect, request, session, url_for
from markupsafe import Markup

from samen_core.documents.pdf import can_make_pdf
from samen_core.i18n import LANGUAGES, SOURCE_LANGUAGE, Text, _, current_language
from samen_core.permissions import MANAGE
from samen_core.web.assets import CITY, Assets
from samen_core.web.city_texts import city_text
from samen_core.web.context import current_actor, current_platform, current_uow, request_itself
from samen_core.web.csrf import csrf_token
from samen_core.web.navigation import NavigationItem, menu
from samen_core.web.rendering import Renderer
from samen_core.web.slots import render_slot

Crumb = tuple[Text | str, str | None]
ACTS_FOR_TITLE = "acts_for_title"
"""In the session: the name of the organisation that the visitor acts for, so that no page has to look it up."""


@dataclass(frozen=True, slots=True)
class CityView:
    """The city as the page frame shows it."""

    name: str
    short_name: str
    logo_url: str
    theme_css_url: str
    contact_email: str
    contact_url: str


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry of the main menu on this page."""

    label: Text
    url: str
    icon: str
    current: str
    """``page`` for this page, ``section`` for a page below it, empty otherwise."""


@dataclass(frozen=True, slots=True)
class AccountView:
    """Who is logged in, as the page frame shows it."""

    name: str
    url: str
    logout_url: str
    on_behalf_of: str = ""


def page_url(path: str) -> str:
    """The address of a page path in the language of this page."""
    return request_itself().script_root + path


def static_url(name: str) -> str:
    """The address of a static file, ``owner/path``."""
    assets: Assets = current_app.extensions["samen_assets"]
    return assets.url(name)


def layout_globals(app: Flask) -> dict[str, Any]:
    """The names that every template may use, whatever the request."""
    platform = app.extensions["samen"]
    assets: Assets = app.extensions["samen_assets"]
    city = platform.config.city

    def city_file(name: str) -> str:
        return assets.url(f"{CITY}/{Path(name).name}") if name else ""

    return {
        "city_text": partial(city_text, platform),
        "city": CityView(city.name, city.short_name, city_file(city.logo), city_file(city.theme), city.contact_email, city.contact_url),
        "can_make_pdf": can_make_pdf,
        "csrf_token": csrf_token,
        "page_url": page_url,
        "static_url": static_url,
        "url_for": url_for,
        "slot": render_slot,
    }


def footer_links() -> list[tuple[Text, str]]:
    """The links at the foot of every page."""
    return [
        (_("Contact"), page_url("/contact")),
        (_("Toegankelijkheid"), page_url("/toegankelijkheid")),
        (_("Privacy"), page_url("/privacy")),
        (_("Bouwstenen"), page_url("/bouwstenen")),
        (_("Open source"), page_url("/open-source")),
        (_("Gegevens opvragen (API)"), "/api/v1/openapi.json"),
    ]


def _language_links() -> list[tuple[str, str, str, bool]]:
    query = "?" + request.query_string.decode("ascii", "replace") if request.query_string and request.method == "GET" else ""
    path = quote(request.path) + query
    root = request.script_root.removesuffix(f"/{current_language()}")
    links = []
    for code in current_platform().config.city.languages:
        prefix = "" if code == SOURCE_LANGUAGE else f"/{code}"
        links.append((code, LANGUAGES[code], root + prefix + path, code == current_language()))
    return links


def _current(path: str, item: str, others: Sequence[str]) -> str:
    """Where a page is seen from an entry of the menu: of entries below each other only the deepest is marked."""
    if path == item:
        return "page"
    inside = [other for other in others if path == other or path.startswith(other + "/")]
    return "section" if item in inside and item == max(inside, key=len) else ""


def _frame() -> dict[str, Any]:
    actor = current_actor()
    path = request.path
    items = menu(current_uow(), actor)
    if MANAGE.allows(actor):
        items.append(NavigationItem(_("Beheer"), "/beheer", "settings"))
    known = [item.path for item in items]
    entries = [MenuEntry(item.label, page_url(item.path), item.icon, _current(path, item.path, known)) for item in items]
    acts_for = session.get(ACTS_FOR_TITLE, "") if actor.on_behalf_of else ""
    account = None if actor.is_anonymous else AccountView(actor.label, page_url("/account"), page_url("/uitloggen"), acts_for)
    return {
        "home_url": page_url("/"),
        "navigation": entries,
        "account": account,
        "login_url": page_url("/inloggen"),
        "language_links": _language_links(),
        "messages": get_flashed_messages(with_categories=True) if request.cookies else [],
        "search_url": page_url("/zoeken"),
        "footer_links": footer_links(),
        "breadcrumbs": [],
    }


def render(template: str, **context: Any) -> str:
    """A page as HTML in the language of the request."""
    renderer: Renderer = current_app.extensions["samen_renderer"]
    return renderer.render(template, {**_frame(), **context})


def render_part(template: str, **context: Any) -> Markup:
    """A piece of a page (a slot's content), without the page frame."""
    renderer: Renderer = current_app.extensions["samen_renderer"]
    return Markup(renderer.render(template, context))  # noqa: S704 - the template escapes what it shows


def render_status(code: int, template: str, /, **context: Any) -> Response:
    """A page with a status other than 200 (a form with mistakes is 400)."""
    return make_response(render(template, **context), code)


def crumbs(*parts: Crumb) -> list[Crumb]:
    """The breadcrumbs of a page, from the home page down; the last part is the page itself and has no address."""
    return [(_("Home"), page_url("/")), *((label, page_url(path) if path else None) for label, path in parts)]


def say(message: Text, category: str = "ok") -> None:
    """Show this sentence on the next page. Categories: ok, info, warning, error."""
    from flask import flash

    flash(str(message), category)


def go(path: str) -> Response:
    """Send the reader to a page path after a form was handled (303)."""
    return cast("Response", redirect(page_url(path), 303))


def forget_frame() -> None:
    """Compute who is logged in again, after logging in or out within this request."""
    g.pop("samen_actor", None)
