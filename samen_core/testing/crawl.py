"""Walks every page of a platform that links lead to, and checks what must hold for each: headers, no foreign addresses, no inline code."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

from structlog.testing import capture_logs

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.routing import MapAdapter
    from werkzeug.test import TestResponse

ORIGIN = "http://localhost"
LOADING = {
    **dict.fromkeys(("img", "script", "iframe", "source", "video", "audio", "embed"), "src"),
    "object": "data",
    "form": "action",
}
"""Elements with an address that a browser loads or sends to by itself; ``link`` is one too, except to a canonical or alternate page."""
FRAMED = "frame-ancestors *"
FRAME_HEADERS = ("Content-Security-Policy", "X-Frame-Options")
"""How a page says that other sites may show it, and the headers that are its own then."""
NOT_PAGES = ("/static/", "/api/", "/files/", "/id/", "/metrics")
_UNFILLED = re.compile(r"\(\?\)|\{[a-z_]+\}|Text\('|None</")
_MEANT = re.compile(r'<(code|textarea)\b.*?</\1>|<([a-z]+)\b[^>]* translate="no".*?</\2>', re.DOTALL)
"""Where braces are what the page is about: code, what is being written, and what says that it must stay as it is."""

_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[a-z]\w*\.[a-z]\w*_\w*")
"""What names one thing in a path: its id, or a name such as ``core.mail_reset``."""
VARIANTS = 2
MOST_VARIANTS = 12
"""How many pages with the same path and the same query keys, and with the same path, are visited: filters would make the walk endless."""
MOST_PAGES = 5_000
"""Where a walk stops that has no end of its own."""
SHALLOW, MOST_DEEP = 2, 10
"""Pages below those of a thing (its edit form, its members): the first few of each kind."""


@dataclass
class _Links(HTMLParser):
    """The addresses in a page and what may not be in it."""

    url: str
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the addresses and the inline code of one element."""
        values = {name: value or "" for name, value in attrs}
        self.inline += [f"<{tag} {name}>" for name in values if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in values and values.get("type") != "application/ld+json"):
            self.inline.append(f"<{tag}>")
        if tag == "a" and "href" in values:
            self.links.append(urljoin(self.url, values["href"]))
        if tag == "link" and not {"canonical", "alternate"} & set(values.get("rel", "").split()):
            self.loads.append(urljoin(self.url, values.get("href", "")))
        if (name := LOADING.get(tag)) and values.get(name):
            self.loads.append(urljoin(self.url, values[name]))


@dataclass(frozen=True, slots=True)
class Crawled:
    """One page that was visited; ``shape`` is the same for pages of one route, ``problems`` are what is wrong with it."""

    path: str
    shape: tuple[str, ...]
    status: int
    html: str
    problems: tuple[str, ...]


def crawl(
    client: FlaskClient, starts: Iterable[str] = ("/", "/en/"), *, headers: dict[str, str], limit: int = MOST_PAGES, each: int | None = None
) -> Iterator[Crawled]:
    """Every page that links lead to from ``starts``, by this visitor. ``headers`` are those that each page must have.

    With ``each`` of pages of one shape (:func:`page_shape`) only so many per language.
    """
    waiting, seen = deque(starts), set(starts)
    variants: Counter[tuple[str, ...]] = Counter()
    routes = client.application.url_map.bind("localhost")
    visited = 0
    while waiting and visited < limit:
        visited += 1
        path = waiting.popleft()
        with capture_logs() as logged:
            answer = client.get(path)
        page = _Links(ORIGIN + path)
        is_html = _is_page(answer)
        if is_html:
            page.feed(answer.text)
        shape = page_shape(routes, path.partition("?")[0])
        yield Crawled(path, shape, answer.status_code, answer.text if is_html else "", tuple(_problems(answer, page, headers, logged)))
        redirected = [urljoin(ORIGIN + path, answer.headers["Location"])] if "Location" in answer.headers else []
        for found in _next_paths(page.links + redirected):
            if found in seen:
                continue
            seen.add(found)
            path, mark, query = found.partition("?")
            if mark:
                kind = (path, *sorted(parse_qs(query)))
                variants[kind] += 1
                variants[path,] += variants[kind] <= VARIANTS
                wanted = variants[kind] <= VARIANTS and variants[path,] <= MOST_VARIANTS
            else:
                shape = page_shape(routes, path)
                variants[shape] += 1
                wanted = len(shape) <= SHALLOW or variants[shape] <= MOST_DEEP
                if each is not None:
                    alike = ("en" if path.startswith("/en/") else "nl", *shape)
                    variants[alike] += 1
                    wanted = wanted and variants[alike] <= each
            if wanted:
                waiting.append(found)


def page_shape(routes: MapAdapter, path: str) -> tuple[str, ...]:
    """The parts of the route that answers this path, whatever the language; of what none answers, the path without what names a thing."""
    from werkzeug.exceptions import HTTPException

    parts = [part for part in path.split("/") if part and part != "en"]
    try:
        rule, _values = routes.match(f"/{'/'.join(parts)}", method="GET", return_rule=True)
    except HTTPException:
        return tuple("*" if part.isdigit() or _KEY.fullmatch(part) else part for part in parts)
    return tuple(part for part in rule.rule.split("/") if part)


def _next_paths(urls: Iterable[str]) -> Iterator[str]:
    for url in urls:
        parts = urlsplit(urldefrag(url).url)
        if f"{parts.scheme}://{parts.netloc}" == ORIGIN and not parts.path.startswith(NOT_PAGES):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def _is_page(answer: TestResponse) -> bool:
    """A file to keep is none: it has to carry its style with it."""
    return answer.mimetype == "text/html" and not answer.headers.get("Content-Disposition", "").startswith("attachment")


def _problems(answer: TestResponse, page: _Links, headers: dict[str, str], logged: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for entry in logged:
        if entry["event"] == "block_failed":
            yield f"block {entry['block']} was left out, with an error in {entry.get('slot') or entry.get('hook') or 'it'}"
    if answer.status_code >= 400:
        yield f"status {answer.status_code}"
    if answer.status_code in (301, 302, 307, 308) and answer.headers["Location"].rstrip("/") == page.url.removeprefix(ORIGIN).rstrip("/"):
        yield "redirects for the sake of a slash"
    yield from _header_problems(answer, headers)
    if not _is_page(answer):
        return
    for url in page.loads:
        if not url.startswith(ORIGIN + "/"):
            yield f"loads {url}"
    for found in page.inline:
        yield f"inline code: {found}"
    if _UNFILLED.search(_MEANT.sub("", answer.text)):
        yield "an unfilled text"


def _header_problems(answer: TestResponse, headers: dict[str, str]) -> Iterator[str]:
    framed = answer.headers.get("Content-Security-Policy", "").endswith(FRAMED)
    if framed and "<form" in answer.text:
        yield "may stand in a frame of another site, and has a form"
    for name, value in headers.items():
        if answer.headers.get(name) != value and not (framed and name in FRAME_HEADERS):
            yield f"header {name} is {answer.headers.get(name)!r}"
