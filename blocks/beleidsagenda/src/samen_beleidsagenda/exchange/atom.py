"""What changed on the agenda as an Atom feed (RFC 4287), in pages (RFC 5005)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as Tree

from samen_beleidsagenda.services.vevent import plain

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_NAMESPACE = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True, kw_only=True)
class AtomEntry:
    """A change: ``id`` is the lasting address of the thing, ``page`` where people read it."""

    id: str
    page: str
    title: str
    text: str
    kind: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AtomHead:
    """What a feed says of itself. ``address`` is that of this page of it, ``first`` and ``next`` of other pages."""

    title: str
    author: str
    page: str
    address: str
    first: str
    next: str | None
    changed_at: datetime


def atom_feed(head: AtomHead, entries: Iterable[AtomEntry]) -> bytes:
    """The feed. Its dates are those of the newest change."""
    Tree.register_namespace("", _NAMESPACE)
    feed = Tree.Element(f"{{{_NAMESPACE}}}feed", {"xml:lang": "nl"})
    _text(feed, "id", head.first)
    _text(feed, "title", head.title)
    _text(feed, "updated", head.changed_at.isoformat())
    _text(_child(feed, "author"), "name", head.author)
    for relation, address, kind in (
        ("self", head.address, "application/atom+xml"),
        ("first", head.first, "application/atom+xml"),
        ("next", head.next, "application/atom+xml"),
        ("alternate", head.page, "text/html"),
    ):
        if address:
            _child(feed, "link", rel=relation, href=address, type=kind)
    for entry in entries:
        item = _child(feed, "entry")
        _text(item, "id", entry.id)
        _text(item, "title", entry.title)
        _text(item, "updated", entry.changed_at.isoformat())
        _child(item, "link", rel="alternate", href=entry.page, type="text/html")
        _child(item, "category", term=entry.kind)
        if entry.text:
            _text(item, "summary", entry.text)
    written: bytes = Tree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _child(parent: Tree.Element, name: str, **attributes: str) -> Tree.Element:
    return Tree.SubElement(parent, f"{{{_NAMESPACE}}}{name}", {key: plain(value) for key, value in attributes.items()})


def _text(parent: Tree.Element, name: str, text: str) -> None:
    _child(parent, name).text = plain(text)
