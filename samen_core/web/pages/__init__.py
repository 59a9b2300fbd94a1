"""The pages of core: home, search, the catalogue of blocks, statements, management and the technical addresses."""

from __future__ import annotations

from flask import Blueprint


def core_blueprints() -> list[Blueprint]:
    """Every blueprint of core's own pages, except those of accounts."""
    from samen_core.web.pages import (
        admin,
        blocks,
        catalogue,
        home,
        logbook,
        permalinks,
        postbox,
        processing,
        retention,
        search,
        settings,
        statements,
        technical,
        texts,
        webhooks,
    )

    return [
        home.pages,
        search.pages,
        catalogue.pages,
        statements.pages,
        processing.pages,
        admin.pages,
        blocks.pages,
        retention.pages,
        settings.pages,
        texts.pages,
        webhooks.pages,
        permalinks.pages,
        logbook.pages,
        postbox.pages,
        technical.pages,
    ]
