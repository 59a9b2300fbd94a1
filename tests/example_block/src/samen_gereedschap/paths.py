"""Where the pages are, without language prefix."""

from __future__ import annotations

import uuid

HOME = "/gereedschap"
NEW = f"{HOME}/nieuw"
MINE = f"{HOME}/mijn"
DESK = f"{HOME}/balie"
LOANS = f"{HOME}/leningen"
PROJECTS = f"{HOME}/projecten"

RESERVED = ("nieuw", "mijn", "balie", "leningen", "projecten")
"""What a tool cannot be called in its address."""


def tool(slug: str, *more: str) -> str:
    """The page of a tool, or one below it."""
    return "/".join((HOME, slug, *more))


def loan(id: uuid.UUID, *more: str) -> str:
    """The page of a loan, or one below it."""
    return "/".join((LOANS, str(id), *more))


def project(id: uuid.UUID) -> str:
    """The tool list of a project."""
    return f"{PROJECTS}/{id}"
