"""Ideas, plans and results as an Atom feed (RFC 4287) and a JSON Feed (1.1), in pages (RFC 5005)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as Tree

from samen_core.api import without_bad

ATOM = "application/atom+xml; charset=utf-8"
JSON_FEED = "application/feed+json"
_NAMESPACE = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """A thing as it is now: ``id`` is its lasting address, ``page`` where people read it, ``tags`` how it stands and what it is about."""

    id: str
    page: str
    title: str
    text: str
    tags: tuple[str, ...]
    published_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHead:
    """What a feed says of itself. ``address`` is that of this page of it, ``first`` and ``next`` of other pages."""

    title: str
    author: str
    page: str
    address: str
    first: str
    next: str | None
    changed_at: datetime
    language: str


def atom_feed(head: FeedHead, entries: Iterable[FeedEntry]) -> bytes:
    """The feed as Atom."""
    Tree.register_namespace("", _NAMESPACE)
    feed = Tree.Element(f"{{{_NAMESPACE}}}feed", {"xml:lang": head.language})
    _text(feed, "id", head.first)
    _text(feed, "title", head.title)
    _text(feed, "updated", _moment(head.changed_at))
    _text(_child(feed, "author"), "name", head.author)
    links = (("self", head.address), ("first", head.first), ("next", head.next), ("alternate", head.page))
    for relation, address in links:
        if address:
            _child(feed, "link", rel=relation, href=address, type="text/html" if relation == "alternate" else "application/atom+xml")
    for entry in entries:
        item = _child(feed, "entry")
        _text(item, "id", entry.id)
        _text(item, "title", entry.title)
        _text(item, "published", _moment(entry.published_at))
        _text(item, "updated", _moment(entry.changed_at))
        _child(item, "link", rel="alternate", href=entry.page, type="text/html")
        for tag in entry.tags:
            _child(item, "category", term=tag)
        if entry.text:
            _text(item, "summary", entry.text)
    written: bytes = Tree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def json_feed(head: FeedHead, entries: Iterable[FeedEntry]) -> str:
    """The feed as JSON Feed 1.1."""
    found: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "home_page_url": head.page,
        "feed_url": head.address,
        "language": head.language,
        "authors": [{"name": head.author}],
        "items": [
            {
                "id": entry.id,
                "url": entry.page,
                "title": entry.title,
                "content_text": entry.text or entry.title,
                "date_published": _moment(entry.published_at),
                "date_modified": _moment(entry.changed_at),
                "tags": list(entry.tags),
            }
            for entry in entries
        ],
    }
    if head.next:
        found["next_url"] = head.next
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _child(parent: Tree.Element, name: str, **attributes: str) -> Tree.Element:
    return Tree.SubElement(parent, f"{{{_NAMESPACE}}}{name}", {key: without_bad(value, " ") for key, value in attributes.items()})


def _text(parent: Tree.Element, name: str, text: str) -> None:
    _child(parent, name).text = without_bad(text, " ")
