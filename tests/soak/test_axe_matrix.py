"""Every page template as every kind of visitor, in both languages, at three widths and in two themes, in a real browser.

axe finds nothing, nothing scrolls sideways, enlarged text stays readable, and the keyboard reaches everything with a visible focus.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from samen_core.app import create_app
from samen_core.testing.browser import NARROW, axe_violations, sideways_scroll
from samen_core.testing.crawl import crawl
from samen_core.web.theme import city_theme, problems
from tests.soak.conftest import DemoCity
from tests.support.installation import Server
from tests.support.paths import AXE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.parametrize("city", ["sqlite"], indirect=True)

ROLES = ("anonymous", "resident", "manager")
WIDTHS = (1280, 390, NARROW)
HEIGHT = 900
SECOND_THEME = city_theme("#7a1f5c", "#9a3412")
UNLINKED = (
    *("/bestaat-niet", "/zoeken?q=xyzzyx", "/inloggen/link/verstuurd", "/registreren/verstuurd", "/wachtwoord-vergeten/verstuurd"),
    *("/uitgelogd", "/account-verwijderd", "/inloggen/link/verlopen", "/registreren/bevestigen/verlopen", "/organisaties?q=xyzzyx"),
    *("/agenda?q=xyzzyx", "/account/tokens", "/account/gegevens", "/account/verwijderen", "/account/sessies", "/beheer/instellingen"),
)
"""Pages that no link of the crawl leads to, and the empty states."""

FORMS_TO_SPOIL = {
    "anonymous": ("/inloggen", "/registreren", "/mijn-buurt"),
    "manager": ("/organisaties/nieuw", "/personen/nieuw", "/agenda/nieuw", "/projecten/nieuw", "/themas/nieuw"),
}
"""Forms that are sent empty, to look at the page with the mistakes."""

COLOURS = """async () => {
  const rules = {type: 'rule', values: ['color-contrast', 'link-in-text-block']};
  const found = await axe.run(document, {runOnly: rules, resultTypes: ['violations']});
  return found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html}`));
}"""

SWITCH_THEME = """second => {
  const link = document.querySelector('link[href*="/city/"]');
  if (link) link.disabled = !second;
  return link !== null;
}"""

# Text that an element cuts off; what is hidden from sight on purpose is one pixel large.
CUT_OFF = """() => {
  const lost = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, holder = node.parentElement;
    if (!node.textContent.trim() || !holder.checkVisibility() || ['OPTION', 'SCRIPT', 'TITLE'].includes(holder.tagName)) continue;
    if (holder.closest('svg')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const text = range.getBoundingClientRect();
    for (let box = holder; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box), edge = box.getBoundingClientRect();
      if (edge.width <= 2 || edge.height <= 2 || style.clipPath !== 'none') break;
      const cutsX = ['hidden', 'clip'].includes(style.overflowX) && (text.right > edge.right + 2 || text.left < edge.left - 2);
      const cutsY = ['hidden', 'clip'].includes(style.overflowY) && (text.bottom > edge.bottom + 2 || text.top < edge.top - 2);
      if (cutsX || cutsY) {
        lost.push(`${box.cloneNode(false).outerHTML.slice(0, 120)}: ${node.textContent.trim().slice(0, 60)}`);
        break;
      }
    }
  }
  return lost;
}"""

# What the Tab key must reach; of radio buttons with one name only one is in the row. A focus may show on the element, what is drawn
# after it, what is in it, or the card around it.
CONTROLS = """() => {
  const look = (element, pseudo) => {
    const style = getComputedStyle(element, pseudo);
    const parts = [style.outline, style.boxShadow, style.borderColor, style.backgroundColor, style.stroke, style.strokeWidth, style.fill];
    return parts.join(' ');
  };
  window.soakLook = element => {
    const around = [element.parentElement, element.parentElement?.parentElement, element.parentElement?.parentElement?.parentElement];
    const labels = element.labels ? [...element.labels] : [];
    const all = [element, ...[...element.querySelectorAll('*')].slice(0, 4), ...around.filter(Boolean), ...labels];
    return [...all.map(one => look(one, null)), look(element, '::before'), look(element, '::after')].join('|');
  };
  const group = element => [...document.querySelectorAll('input[type=radio]')]
    .filter(one => one.name === element.name && one.form === element.form);
  const every = [...document.querySelectorAll('a[href], area[href], button, input, select, textarea, summary, [tabindex]')];
  window.soakControls = every.filter(element => {
    if (element.disabled || element.tabIndex < 0 || element.type === 'hidden') return false;
    if (!element.checkVisibility({visibilityProperty: true})) return false;
    const box = element.getBoundingClientRect();
    if (!box.width && !box.height) return false;
    if (element.type !== 'radio') return true;
    return (group(element).find(radio => radio.checked) || group(element)[0]) === element;
  });
  window.soakLooks = window.soakControls.map(window.soakLook);
  return window.soakControls.length;
}"""

FOCUSED = """() => {
  const element = document.activeElement, place = window.soakControls.indexOf(element);
  if (element === document.body || element === null) return null;
  const box = element.getBoundingClientRect(), svg = element.closest('svg');
  const view = svg ? svg.getBoundingClientRect() : {left: 0, top: 0, right: innerWidth, bottom: innerHeight};
  const touches = (one, other) => one.bottom > other.top && one.top < other.bottom && one.right > other.left && one.left < other.right;
  const inView = touches(box, view) && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const labels = [...element.labels || []];
  const ours = one => one && (element.contains(one) || one.contains(element) || labels.some(label => label.contains(one)));
  const left = Math.max(box.left, 0), top = Math.max(box.top, 0);
  const width = Math.min(box.right, innerWidth) - left, height = Math.min(box.bottom, innerHeight) - top;
  const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .2], [.5, .8]];
  const uncovered = svg || points.some(([x, y]) => ours(document.elementFromPoint(left + width * x, top + height * y)));
  const shows = place < 0 || window.soakLook(element) !== window.soakLooks[place];
  return {place, shows, inView, uncovered: !!uncovered, html: element.cloneNode(false).outerHTML.slice(0, 160)};
}"""


@dataclass
class Look:
    """A browser of one visitor, and everything that was found wrong."""

    page: Page
    role: str
    base: str
    found: list[str]
    pages: int = 0
    checks: int = 0

    def open(self, path: str) -> None:
        """Go to a page."""
        self.page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
        self.page.goto(self.base + path, wait_until="load")
        self.pages += 1

    def note(self, path: str, where: str, problems_found: list[str]) -> None:
        """Keep what was found."""
        self.checks += 1
        self.found += [f"{path} ({self.role}, {where}): {problem}" for problem in problems_found]

    def all_over(self, path: str) -> None:
        """The open page at every width in both themes, and enlarged."""
        for width in WIDTHS:
            self.note(path, f"{width} px, sideways", sideways_scroll(self.page, width))
            self.theme(second=False)
            self.note(path, f"{width} px", axe_violations(self.page, AXE))
            self.theme(second=True)
            if width != WIDTHS[1]:
                self.note(path, f"{width} px, second theme", self.page.evaluate(COLOURS))
        self.enlarged(path)

    def theme(self, *, second: bool) -> None:
        """Switch the city's theme on or off."""
        there = self.page.evaluate(SWITCH_THEME, second)
        assert there, "the city has no theme"

    def enlarged(self, path: str) -> None:
        """Zoomed to 200 % (half the CSS pixels), and with text alone at 200 %."""
        self.note(path, "zoom 200 %", sideways_scroll(self.page, WIDTHS[0] // 2) + self.page.evaluate(CUT_OFF))
        self.page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
        self.page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
        self.note(path, "text 200 %", sideways_scroll(self.page, WIDTHS[0]) + self.page.evaluate(CUT_OFF))
        self.page.evaluate("() => { document.documentElement.style.fontSize = ''; }")

    def walk(self, path: str, width: int) -> None:
        """Press Tab until the end of the page."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
        self.page.reload(wait_until="load")
        self.page.evaluate("() => { document.activeElement?.blur(); }")
        number: int = self.page.evaluate(CONTROLS)
        reached: set[int] = set()
        wrong: list[str] = []
        for _press in range(number + 40):
            self.page.keyboard.press("Tab")
            focused: dict[str, Any] | None = self.page.evaluate(FOCUSED)
            if focused is None or (focused["place"] in reached and len(reached) >= number):
                break
            if focused["place"] in reached:
                continue  # the next part of a date, which the browser marks itself
            reached.add(focused["place"])
            wrong += [f"{name}: {focused['html']}" for name in ("shows", "inView", "uncovered") if not focused[name]]
        missed = [place for place in range(number) if place not in reached]
        names: list[str] = self.page.evaluate("places => places.map(place => window.soakControls[place].outerHTML.slice(0, 160))", missed)
        self.note(
            path,
            f"keyboard, {width} px",
            [f"the focus does not do this: {one}" for one in wrong] + [f"not reached: {one}" for one in names],
        )


@pytest.fixture
def server(city: DemoCity) -> Iterator[Server]:
    """The city with its second theme, which the browser can switch off."""
    assert problems(SECOND_THEME) == []
    theme = city.folder / "theme"
    theme.mkdir()
    (theme / "city.css").write_text(SECOND_THEME, encoding="utf-8")
    with city.serving(SAMEN_CITY_THEME="city.css", SAMEN_WEB_WORKERS="1") as running:
        yield running


def one_page_of_each_kind(city: DemoCity, role: str) -> list[str]:
    """A path for each route of pages that this visitor meets, and the pages that nothing links to."""
    platform = city.platform()
    try:
        app = create_app(platform)
        client = app.test_client()
        if role != "anonymous":
            email, password = city.log_ins()[role]
            client.post("/inloggen", data={"email": email, "password": password}, headers={"Sec-Fetch-Site": "same-origin"})
        adapter, chosen = app.url_map.bind("localhost"), dict[str, str]()
        for page in crawl(client, ("/",), headers={}, limit=900):
            if page.html and page.status == 200 and not page.path.startswith("/en/"):
                with contextlib.suppress(Exception):
                    rule, _arguments = adapter.match(page.path.partition("?")[0], method="GET", return_rule=True)
                    chosen.setdefault(rule.rule, page.path)
        extra = [path for path in UNLINKED if client.get(path).mimetype == "text/html" and client.get(path).status_code < 500]
    finally:
        platform.close()
    assert len(chosen) > 20, chosen
    return list(dict.fromkeys([*chosen.values(), *extra]))


def visit(browser: Browser, city: DemoCity, server: Server, role: str, found: list[str]) -> Look:
    """A browser window of this visitor."""
    page = browser.new_context(viewport={"width": WIDTHS[0], "height": HEIGHT}, reduced_motion="reduce").new_page()
    if role != "anonymous":
        email, password = city.log_ins()[role]
        page.goto(f"{server.url}/inloggen")
        page.fill("input[name=email]", email)
        page.fill("input[name=password]", password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/account")
    return Look(page, role, server.url, found)


@pytest.mark.parametrize("role", ROLES)
def test_every_template(browser: Browser, city: DemoCity, server: Server, role: str) -> None:
    found: list[str] = []
    paths = one_page_of_each_kind(city, role)
    look = visit(browser, city, server, role, found)
    for path in paths:
        for prefix in ("", "/en"):
            look.open(prefix + path)
            look.all_over(prefix + path)
            if not prefix:
                look.walk(path, WIDTHS[0])
                if role != "resident":
                    look.walk(path, NARROW)
    for path in FORMS_TO_SPOIL.get(role, ()):
        look.open(path)
        look.page.eval_on_selector("main form[method=post]", "form => form.submit()")
        look.page.wait_for_selector("[role=alert]")
        look.all_over(f"{path} with mistakes")
    look.page.context.close()
    print(f"{role}: {len(paths)} templates, {look.pages} pages, {look.checks} checks")
    assert Path(AXE).is_file()
    unique = list(dict.fromkeys(found))
    assert not unique, "\n".join([f"{len(unique)} findings", *unique[:80]])
