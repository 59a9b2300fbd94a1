"""Every model of core in one import, so that metadata is complete for migrations, checks and erasure."""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from samen_core.platform import Platform

CORE_MODULES = (
    "samen_core.privacy",
    "samen_core.subjects",
    "samen_core.settings",
    "samen_core.jobs",
    "samen_core.files.models",
    "samen_core.mail.models",
    "samen_core.limits",
    "samen_core.search.models",
    "samen_core.search.models",
    "samen_core.db.changes",
    "samen_core.db.migrate",
    "samen_core.events.outbox",
    "samen_core.accounts.models",
)


def load_models(platform: Platform) -> None:
    """Import the models of core and of every installed block that can be imported, enabled or not."""
    for module in CORE_MODULES:
        importlib.import_module(module)
    for installed in platform.installed.values():
        name = f"{installed.package}.models"
        if not installed.problem and importlib.util.find_spec(name):
            importlib.import_module(name)
