"""A real browser for tests: the installed Chromium through Playwright, with checks of accessibility and reflow."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name resolves but this machine's own: a page that asks for something elsewhere shows it by failing.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)

WCAG_22_AA = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice")
"""The axe rules for WCAG 2.2 level AA and EN 301 549, with axe's own good practice."""

NARROW = 320
"""The width in CSS pixels at which a page may not scroll sideways (WCAG 1.4.10)."""


_running: list[Browser] = []
"""The browser of this process, while there is one: Playwright cannot be started a second time beside it."""


class BrowserMissing(RuntimeError):
    """No Chromium is installed on this machine."""


def find_chromium() -> str:
    """The path of the installed Chromium. Raises BrowserMissing."""
    for name in CHROMIUM_NAMES:
        if path := shutil.which(name):
            return path
    raise BrowserMissing("Chromium is not installed. On Debian: apt-get install chromium")


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Start a headless Chromium, or use the one that runs; make a context per test, which shares nothing with another."""
    from playwright.sync_api import sync_playwright

    if _running:
        yield _running[0]
        return
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=flags)
        _running.append(browser)
        try:
            yield browser
        finally:
            _running.clear()
            browser.close()


def axe_violations(page: Page, axe: Path, tags: Sequence[str] = WCAG_22_AA) -> list[str]:
    """What axe-core finds wrong with the page as it is now: a line per place, with the rule, its help and the element.

    ``axe`` is the path of ``axe.min.js``. Works under a strict content security policy.
    """
    page.evaluate(axe.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", list(tags)
    )
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


# The innermost elements that stick out on the right; what scrolls in a box of its own (a wide table) is allowed to.
_STICKING_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = element => {
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement)
      if (getComputedStyle(box).overflowX !== 'visible') return true;
    return false;
  };
  const out = [...document.body.querySelectorAll('*')].filter(
    element => element.getBoundingClientRect().right > width + 0.5 && !scrolls(element));
  const innermost = out.filter(element => !out.some(other => other !== element && element.contains(other)));
  const places = innermost.map(element => element.cloneNode(false).outerHTML.slice(0, 200));
  return places.length ? places : ['the page itself'];
}"""


def sideways_scroll(page: Page, width: int = NARROW) -> list[str]:
    """The elements that make the page scroll sideways at this width in CSS pixels; empty when it reflows. Resizes the page."""
    size = page.viewport_size or {"width": width, "height": 800}
    page.set_viewport_size({"width": width, "height": size["height"]})
    found: list[str] = page.evaluate(_STICKING_OUT)
    return found
