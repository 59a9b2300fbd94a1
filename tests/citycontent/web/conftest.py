"""Short ways to read and fill in the pages of the city."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient

from samen_core.testing.visitors import SAME_SITE, Forms, send_form, text_of

__all__ = ["form_values", "links", "post", "read", "send", "text_of", "titles"]

send = send_form


def form_values(html: str, action: str) -> list[tuple[str, str]]:
    """What a browser would send for the form with this action."""
    return Forms(html).pairs(action)


def read(client: FlaskClient, path: str, status: int = 200) -> str:
    """The text of a page."""
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return text_of(answer.text)


def links(html: str) -> list[str]:
    """Every address that the main part of a page leads to, in order."""
    return [unescape(found) for found in re.findall(r'href="([^"]+)"', html.partition("<main")[2].partition("</main>")[0])]


def titles(html: str) -> list[str]:
    """The titles of the rows of a list."""
    return [text_of(f"<main>{found}</main>") for found in re.findall(r'samen-rows__title">(.*?)</h', html)]


def post(client: FlaskClient, path: str, pairs: list[tuple[str, str]]) -> Any:
    """Send values to an address as a page of the site does."""
    from werkzeug.datastructures import MultiDict

    return client.post(path, data=MultiDict(pairs), headers=SAME_SITE)
