"""Lists as the lines that a form shows; the schemas read them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def link_lines(links: Iterable[Mapping[str, Any]]) -> str:
    """``https://… note``, one per line."""
    return "\n".join(f"{link['url']} {link.get('note', '')}".strip() for link in links)


def name_lines(names: Iterable[Mapping[str, Any]]) -> str:
    """The names, one per line."""
    return "\n".join(str(name["name"]) for name in names)


def identifier_lines(identifiers: Iterable[tuple[str, str]]) -> str:
    """``kvk 12345678``, one per line."""
    return "\n".join(f"{scheme} {identifier}" for scheme, identifier in sorted(identifiers))
