"""The plugin manager of one platform and the answers of its blocks."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any

import pluggy

from samen_core.blocks import hookspecs
from samen_core.blocks.discovery import Installed
from samen_core.blocks.guard import left_out_when_it_fails, require_kind
from samen_core.blocks.trace import traced
from samen_core.errors import StartupError, block_error

Implementation = tuple[str, Callable[..., Any], Sequence[str]]
"""The name of a block, its function, and the names of the arguments that it takes."""

MOST_KEPT = 1_000


class BlockRegistry:
    """Blocks in order, their hooks, and one way to ask them.

    ``paused`` gives the names of those that are not asked while running; what is collected at start-up is collected of all. With ``trace``
    every call is logged.
    """

    def __init__(self, blocks: Sequence[Installed], paused: Callable[[], frozenset[str]] = frozenset, *, trace: bool = False) -> None:
        self.blocks = tuple(blocks)
        self._paused = paused
        self._trace = trace
        self._active: dict[tuple[str, frozenset[str]], tuple[Implementation, ...]] = {}
        self.manager = pluggy.PluginManager(hookspecs.PROJECT)
        self.manager.add_hookspecs(hookspecs)
        # pluggy calls the last registered first; registering in reverse makes answers come in the order of the blocks.
        for installed in reversed(self.blocks):
            self._register(installed)

    def _register(self, installed: Installed) -> None:
        module = f"{installed.package}.hooks"
        if importlib.util.find_spec(module) is None:
            return
        try:
            hooks = importlib.import_module(module)
            _refuse_unknown(installed.name, hooks)
            self.manager.register(hooks, name=installed.name)
        except StartupError:
            raise
        except pluggy.PluginValidationError as error:
            raise block_error(installed.name, f": {error}") from None
        except Exception as error:
            raise block_error(installed.name, f"cannot be loaded: {type(error).__name__}: {error}") from error

    def names(self) -> tuple[str, ...]:
        """The names of the enabled blocks in order."""
        return tuple(installed.name for installed in self.blocks)

    def collect(self, hook: str, kind: type[Any] = object) -> Iterator[tuple[str, Any]]:
        """Every answer with the name of its block, in the order of the blocks; a list answer is given item by item.

        For start-up: an exception in a block, or an answer that is no ``kind``, raises StartupError with the block's name.
        """
        for name, function, _arguments in self._implementations(hook):
            try:
                items = list(function() or ())
            except StartupError as error:
                raise block_error(name, f": {error}") from error
            except Exception as error:
                raise block_error(name, f"failed in {hook}: {type(error).__name__}: {error}") from error
            for item in items:
                if not isinstance(item, kind):
                    raise block_error(name, f": {hook} must give a list of {kind.__name__}, not {item!r}")
                yield name, item

    def declared(self, hook: str, kind: type[Any], attribute: str = "name") -> dict[str, Any]:
        """What :meth:`collect` gives, by name. Raises StartupError for a name of somebody else or one that is given twice."""
        found: dict[str, Any] = {}
        for owner, item in self.collect(hook, kind):
            name = getattr(item, attribute, item)
            if not str(name).startswith(f"{owner}."):
                raise block_error(owner, f": {hook} gives '{name}', which must start with '{owner}.'")
            if name in found:
                raise block_error(owner, f": {hook} gives '{name}' twice")
            found[name] = item
        return found

    def ask(self, hook: str, kind: type[Any] = object, **arguments: Any) -> Iterator[tuple[str, Any]]:
        """The answers of the active blocks, item by item with the name of their block, in the order of the blocks.

        A block that raises, or gives something else than a list of ``kind``, is logged with its name and left out. What it may have
        broken in a unit of work (``uow``) is taken back, so that the next block can go on.
        """
        for name, function, argument_names in self._implementations_now(hook):
            with left_out_when_it_fails(name, arguments.get("uow"), hook=hook) as attempt:
                items = list(function(*(arguments[argument] for argument in argument_names)) or ())
                for item in items:
                    require_kind(item, kind)
            if attempt.succeeded:
                for item in items:
                    yield name, item

    def first(self, hook: str, kind: type[Any] = object, **arguments: Any) -> Any:
        """The first answer of an active block that is not None; a block that raises is logged with its name and passed over."""
        for name, function, argument_names in self._implementations_now(hook):
            answer: Any = None
            with left_out_when_it_fails(name, arguments.get("uow"), hook=hook):
                found: Any = function(*(arguments[argument] for argument in argument_names))
                answer = None if found is None else require_kind(found, kind)
            if answer is not None:
                return answer
        return None

    def _implementations_now(self, hook: str) -> tuple[Implementation, ...]:
        """Those of the blocks that are active now, kept until others are."""
        key = (hook, self._paused())
        found = self._active.get(key)
        if found is None:
            if len(self._active) > MOST_KEPT:
                self._active.clear()
            found = self._active[key] = tuple(item for item in self._implementations(hook) if item[0] not in key[1])
        return found

    def _implementations(self, hook: str) -> Iterator[Implementation]:
        caller = getattr(self.manager.hook, hook)
        for implementation in reversed(caller.get_hookimpls()):
            name, function = implementation.plugin_name, implementation.function
            yield name, traced(function, name, hook=hook) if self._trace else function, implementation.argnames


def _refuse_unknown(block: str, hooks: ModuleType) -> None:
    """Raise StartupError for what looks like a hook but would never be called: a misspelt name, or a missing ``@hookimpl``."""
    known = [name for name in vars(hookspecs) if name.startswith("samen_")]
    for name, value in vars(hooks).items():
        if not callable(value) or getattr(value, "__module__", None) != hooks.__name__:
            continue
        marked = hasattr(value, f"{hookspecs.PROJECT}_impl")
        if (marked or name.startswith("samen_")) and name not in known:
            nearest = difflib.get_close_matches(name, known, n=1)
            raise block_error(block, f": there is no hook '{name}'" + (f": did you mean '{nearest[0]}'?" if nearest else ""))
        if name in known and not marked:
            raise block_error(block, f": the function '{name}' needs @hookimpl above it")
