"""The pages of a block as somebody finds them: one address for each of its routes, by following links as several kinds of visitors."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

from werkzeug.exceptions import HTTPException

from samen_core.seed import DEMO_ACCOUNTS
from samen_core.testing.conformance.context import City, Context
from samen_core.testing.conformance.rules.pages import routes

ROLES = ("", *(account.role for account in reversed(DEMO_ACCOUNTS)))
"""A visitor who is not logged in first, then the manager and the others."""
OF_EACH = 12
"""How many pages with the same route are opened in search of others."""
ELSEWHERE = ("//", "/en/", "/static/", "/api/", "/files/", "/id/", "/uitloggen")
_LINK = re.compile(r"""<a\s[^>]*?href=["']([^"']+)["']""")


@dataclass(frozen=True, slots=True)
class Look:
    """An address of a page, and the kind of visitor that it opens for."""

    endpoint: str
    path: str
    role: str
    status: int = 200


@dataclass(frozen=True, slots=True)
class Tour:
    """What was found: an address for each page, and the endpoints to which nothing led."""

    looks: tuple[Look, ...]
    missed: tuple[str, ...]


def tour(context: Context) -> Tour:
    """One address for every page of the block in the seeded city.

    What links do not lead to is taken from ``pages(platform)`` in the block's ``testing.py``: pairs of a role ("" for nobody) and a path.
    """
    city = context.seeded
    waiting = {route.endpoint for route in routes(context) if "GET" in (route.methods or ()) and not route.endpoint.startswith("api-")}
    found: list[Look] = []
    leading_elsewhere: set[str] = set()
    extra = _extra(context)
    for role in ROLES:
        if not waiting:
            break
        for endpoint, path, is_page, status in _walk(city, role, ["/", *(address for of, address in extra if of == role)]):
            if is_page is None:
                leading_elsewhere.add(endpoint)
            elif endpoint in waiting:
                waiting.discard(endpoint)
                if is_page:
                    found.append(Look(endpoint, path, role, status))
    return Tour(tuple(found), tuple(sorted(waiting - leading_elsewhere)))


def _extra(context: Context) -> list[tuple[str, str]]:
    pages = getattr(context.module("testing"), "pages", None)
    if pages is None:
        return []
    return list(pages(context.seeded.platform))


def _walk(city: City, role: str, starts: list[str]) -> Iterator[tuple[str, str, bool | None, int]]:
    """What opens when this visitor follows links, a few of each endpoint: the endpoint, the path, what it is, and the status.

    True is a page, False a file or feed, None another address that the browser is sent to. An address that the block gave itself may
    lead to a page about a mistake, such as a link that has expired.
    """
    visitor = city.visitor(role)
    given = frozenset(starts)
    waiting, seen, visited = deque(starts), set(starts), Counter[str]()
    while waiting:
        path = waiting.popleft()
        endpoint = _endpoint(city, path)
        if visited[endpoint] >= OF_EACH and path not in given:
            continue
        visited[endpoint] += 1
        answer = visitor.get(path)
        links: list[str] = []
        if answer.status_code == 200 or (path in given and 400 <= answer.status_code < 500):
            is_page = answer.mimetype == "text/html"
            links = _LINK.findall(answer.text) if is_page else []
            yield endpoint, path, is_page, answer.status_code
        elif answer.status_code in (301, 302, 303, 307, 308) and "/inloggen" not in answer.headers["Location"]:
            links = [answer.headers["Location"]]
            yield endpoint, path, None, answer.status_code
        for link in links:
            next_path = urljoin(path, unescape(link)).partition("#")[0]
            if next_path.startswith("/") and not next_path.startswith(ELSEWHERE) and next_path not in seen:
                seen.add(next_path)
                waiting.append(next_path)


def _endpoint(city: City, path: str) -> str:
    try:
        endpoint, _arguments = city.app.url_map.bind("localhost").match(path.partition("?")[0])
    except HTTPException:
        return ""
    return str(endpoint)
