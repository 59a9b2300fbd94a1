"""Pages in a browser: which there are, what is wrong with them, and where their links lead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from flask import Flask
from playwright.sync_api import Page

from samen_core.testing.browser import axe_violations, sideways_scroll
from tests.support.paths import AXE

WIDTH = 390
SAFE = "/?=&:%"
GONE = ("verlopen", "bestaat-niet")
"""How addresses end that lead to a page about a mistake."""


def page_endpoints(app: Flask) -> set[str]:
    """The endpoints of everything that a browser can open, without those of the APIs (``/ori/v2`` is one too) and their descriptions."""
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return {rule.endpoint for rule in rules if not rule.rule.startswith("/api/") and not rule.endpoint.startswith(("api-", "openapi"))}


def problems(page: Page, paths: Iterable[str]) -> list[str]:
    """What axe finds on these pages at the width of a phone, what sticks out at 320 px, and which have not exactly one first heading.

    A page that fails, or leads elsewhere, is a problem too: then another page was looked at.
    """
    found = []
    for path in paths:
        page.set_viewport_size({"width": WIDTH, "height": 900})
        answer = page.goto(path)
        if answer is None or (not answer.ok and not path.endswith(GONE)) or not answer.url.endswith(quote(path, safe=SAFE)):
            found.append(f"{path} answers {answer.status if answer else 'nothing'} at {page.url}")
        if (headings := page.locator("h1").count()) != 1:
            found.append(f"{path} has {headings} first headings")
        found += [f"{path}: {line}" for line in axe_violations(page, AXE)]
        found += [f"{path} scrolls sideways: {line}" for line in sideways_scroll(page)]
    return found


def link_on(page: Page, path: str, pattern: str) -> str:
    """The first link on a page that looks like this: the part of it in the group of the pattern."""
    page.goto(path)
    hrefs = page.eval_on_selector_all("main a[href]", "links => links.map(link => link.getAttribute('href'))")
    return next(match[1] for href in hrefs if (match := re.fullmatch(pattern, href)))
