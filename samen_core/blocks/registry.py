"""The plugin manager of one platform and the answers of its blocks."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pluggy
import structlog

from samen_core.blocks import hookspecs
from samen_core.blocks.discovery import Installed
from samen_core.errors import StartupError

log = structlog.get_logger(__name__)


class BlockRegistry:
    """The enabled blocks in order, their hooks, and one way to ask them."""

    def __init__(self, blocks: Sequence[Installed]) -> None:
        self.blocks = tuple(blocks)
        self.manager = pluggy.PluginManager(hookspecs.PROJECT)
        self.manager.add_hookspecs(hookspecs)
        # pluggy calls the last registered first; registering in reverse makes answers come in the order of the blocks.
        for installed in reversed(self.blocks):
            self._register(installed)
        try:
            self.manager.check_pending()
        except pluggy.PluginValidationError as error:
            raise StartupError(f"a block implements a hook that does not exist: {error}") from None

    def _register(self, installed: Installed) -> None:
        module = f"{installed.package}.hooks"
        if importlib.util.find_spec(module) is None:
            return
        try:
            self.manager.register(importlib.import_module(module), name=installed.name)
        except pluggy.PluginValidationError as error:
            raise StartupError(f"block '{installed.name}': {error}") from None
        except Exception as error:
            mend = f"(or run 'samen blocks disable {installed.name}')"
            raise StartupError(f"block '{installed.name}' cannot be loaded: {type(error).__name__}: {error} {mend}") from error

    def names(self) -> tuple[str, ...]:
        """The names of the enabled blocks in order."""
        return tuple(installed.name for installed in self.blocks)

    def collect(self, hook: str, **arguments: Any) -> Iterator[tuple[str, Any]]:
        """Every answer with the name of its block, in the order of the blocks; a list answer is given item by item.

        For start-up: an exception in a block carries the block's name and stops the caller.
        """
        for name, function, argument_names in self._implementations(hook):
            try:
                items = list(function(*(arguments[argument] for argument in argument_names)) or ())
            except Exception as error:
                raise StartupError(
                    f"block '{name}' failed in {hook}: {type(error).__name__}: {error} (or run 'samen blocks disable {name}')"
                ) from error
            for item in items:
                yield name, item

    def ask(self, hook: str, **arguments: Any) -> Iterator[tuple[str, Any]]:
        """Like :meth:`collect` while running: a block that raises is logged with its name and left out."""
        for name, function, argument_names in self._implementations(hook):
            try:
                items = list(function(*(arguments[argument] for argument in argument_names)) or ())
            except Exception:
                log.exception("block_failed", block=name, hook=hook)
                continue
            for item in items:
                yield name, item

    def _implementations(self, hook: str) -> Iterator[tuple[str, Callable[..., Iterable[Any] | None], Sequence[str]]]:
        caller = getattr(self.manager.hook, hook)
        for implementation in reversed(caller.get_hookimpls()):
            yield implementation.plugin_name, implementation.function, implementation.argnames
