"""Pages in a real browser, with axe-core."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samen_core.testing.conformance.context import City, Context
from samen_core.testing.conformance.looking import Look, tour
from samen_core.testing.conformance.model import Finding, Unchecked

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PHONE = {"width": 390, "height": 900}
MINIFIED = Path("node_modules") / "axe-core" / "axe.min.js"
PYTHON_PACKAGE = "axe_playwright_python"


def find_axe(context: Context) -> Path | None:
    """``axe.min.js``: of the Python package that carries it, or of npm in this folder, the block's or one above it."""
    spec = find_spec(PYTHON_PACKAGE)
    if spec and spec.origin:
        return next(Path(spec.origin).parent.glob("**/axe.min.js"), None)
    places = [Path.cwd(), *Path.cwd().parents, *context.installed.folder.parents]
    beside = [place / folder for place in places for folder in (MINIFIED, Path("tests/tools") / MINIFIED)]
    return next((path for path in beside if path.is_file()), None)


def check_accessible(context: Context) -> Iterator[Finding]:
    """Every page of the block, in a browser as wide as a phone: axe finds nothing, and nothing sticks out at 320 px."""
    found = context.once(tour)
    for endpoint in found.missed:
        yield f"no link leads to the page '{endpoint}': link it, or give an address in pages(platform) of {context.package}.testing"
    if not found.looks:
        return
    axe = find_axe(context)
    if axe is None:
        yield Unchecked("axe-core is not here: pip install axe-playwright-python")
        return
    try:
        from samen_core.testing.browser import BrowserMissing, running_browser
    except ImportError:
        yield Unchecked("Playwright is not here: pip install samen[testing]")
        return
    try:
        with running_browser() as browser, _served(context.seeded) as address:
            yield from _problems(browser, address, context.seeded, found.looks, axe)
    except (BrowserMissing, ImportError) as error:
        yield Unchecked(f"the pages were not opened in a browser: {error}")


@contextmanager
def _served(city: City) -> Iterator[str]:
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, city.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _problems(browser: Browser, address: str, city: City, looks: Iterable[Look], axe: Path) -> Iterator[Finding]:
    from samen_core.testing.browser import axe_violations, sideways_scroll

    by_role: dict[str, list[Look]] = {}
    for look in looks:
        by_role.setdefault(look.role, []).append(look)
    for role, pages in by_role.items():
        tab = browser.new_context(base_url=address, viewport=PHONE, locale="nl-NL", reduced_motion="reduce")  # type: ignore[arg-type]
        tab.add_cookies(_cookies(city, role, address))  # type: ignore[arg-type]
        page = tab.new_page()
        for look in pages:
            page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            answer = page.goto(look.path)
            if answer is None or answer.status != look.status:
                yield f"{look.path} answers with {answer.status if answer else 'nothing'} in the browser"
                continue
            yield from (f"{look.path}: {line}" for line in axe_violations(page, axe))
            yield from (f"{look.path} scrolls sideways at 320 px: {line}" for line in sideways_scroll(page))
        tab.close()


def _cookies(city: City, role: str, address: str) -> list[dict[str, Any]]:
    client = city.visitor(role)
    return [{"name": cookie.key, "value": cookie.value, "url": address} for cookie in (client.get_cookie("samen"),) if cookie is not None]
