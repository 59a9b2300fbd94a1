"""Every model of core in one import, so that metadata is complete for migrations, checks and erasure."""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING

from samen_core.blocks.prefixes import require_own_prefixes
from samen_core.errors import block_error

if TYPE_CHECKING:
    from samen_core.platform import Platform

CORE_MODULES = (
    "samen_core.privacy.models",
    "samen_core.subjects",
    "samen_core.settings",
    "samen_core.texts.models",
    "samen_core.jobs",
    "samen_core.blocks.state",
    "samen_core.files.models",
    "samen_core.mail.models",
    "samen_core.limits",
    "samen_core.search.models",
    "samen_core.db.changes",
    "samen_core.db.migrate",
    "samen_core.events.outbox",
    "samen_core.accounts.models",
    "samen_core.moderation",
    "samen_core.webhooks.models",
)


def load_models(platform: Platform) -> None:
    """Import the models of core and of every installed block, enabled or not, in the order that one may refer to another's.

    Raises StartupError when the models of an enabled block cannot be imported or declare a table of somebody else; those of another are
    left out and logged.
    """
    for module in CORE_MODULES:
        importlib.import_module(module)
    others = [found for found in platform.installed.values() if found not in platform.blocks and not found.problem]
    for installed in (*platform.blocks, *others):
        name = f"{installed.package}.models"
        if importlib.util.find_spec(name) is None:
            continue
        try:
            importlib.import_module(name)
        except Exception as error:
            if installed in platform.blocks:
                raise block_error(installed.name, f"has models that cannot be imported: {type(error).__name__}: {error}") from error
            platform.log.warning("models_left_out", block=installed.name, error=f"{type(error).__name__}: {error}")
    require_own_prefixes(platform.blocks)
