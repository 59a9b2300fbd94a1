"""What a new Python looks at for the rules; run by :func:`samen_core.testing.conformance.probe.ask`, answers with JSON on its last line."""

from __future__ import annotations

import importlib
import json
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.metadata import EntryPoint
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from samen_core import logs
from samen_core.blocks.discovery import Installed, installed_blocks
from samen_core.testing.conformance.source import read_modules
from samen_core.testing.settings import make_config

if TYPE_CHECKING:
    from sqlalchemy.orm import Mapper

Things = dict[str, int]
MOST_PAGES = 400


class Absent(MetaPathFinder):
    """Makes these packages as if they were not installed."""

    def __init__(self, packages: Iterable[str]) -> None:
        self.packages = frozenset(packages)

    def find_spec(self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        """Refuse one of the packages; leave the others to Python."""
        if fullname.partition(".")[0] in self.packages:
            raise ModuleNotFoundError(f"No module named {fullname!r} (it belongs to a block that is not there)", name=fullname)
        return None


def _installed(asked: dict[str, Any]) -> dict[str, Installed]:
    return installed_blocks([EntryPoint(name, value, "samen.blocks") for name, value in asked["blocks"].items()])


def _import_all(installed: Installed) -> None:
    for module in read_modules(installed.folder):
        if module.top != "testing":
            importlib.import_module(module.dotted(installed.package))


def mappers(asked: dict[str, Any]) -> Iterator[str]:
    """What importing the block changes of the classes, tables and functions of the platform and of the blocks that it requires."""
    from sqlalchemy.orm import configure_mappers

    from samen_core import app, models, web  # noqa: F401 - so that nothing of the platform is new afterwards

    for name in models.CORE_MODULES:
        importlib.import_module(name)
    installed = _installed(asked)
    for name, found in installed.items():
        if name != asked["name"]:
            _import_all(found)
    configure_mappers()
    before = _things()
    block = installed[asked["name"]]
    _import_all(block)
    configure_mappers()
    after = _things()
    for thing in sorted(before.keys() | after.keys()):
        owner = thing.split(" ", 1)[1].partition(".")[0] if " " in thing else ""
        if owner == block.package or (thing.startswith(("function", "table")) and thing not in before):
            continue
        if thing not in before:
            if not _is_new_owner(thing, before):
                yield f"importing the block adds {thing}"
        elif thing not in after:
            yield f"importing the block removes {thing}"
        elif before[thing] != after[thing]:
            yield f"importing the block replaces {thing}"
    yield from _subclasses(block.package)


def _is_new_owner(thing: str, before: Things) -> bool:
    """Whether this is an attribute of a class, or a column of a table, that did not exist before: a part of the block itself."""
    kind, _space, rest = thing.partition(" ")
    owner = rest.rpartition(".")[0]
    return kind in ("column", "attribute", "listener") and f"{'table' if kind == 'column' else 'class'} {owner}" not in before


def _things() -> Things:
    """Everything of a class, table or module that somebody else could change, with what it is now."""
    from sqlalchemy.orm import Session

    from samen_core.db.base import Base

    found: Things = {f"listener Session.{key}": number for key, number in _listeners(Session.dispatch).items()}
    for mapper in Base.registry.mappers:
        found |= _of_mapper(mapper)
    for table in Base.metadata.tables.values():
        found |= {f"column {table.name}.{column.name}": id(column) for column in table.columns} | {f"table {table.name}": 0}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("samen_core", "citycontent") or name.startswith("samen_"):
            found |= _of_module(name, module)
    return found


def _of_mapper(mapper: Mapper[Any]) -> Things:
    name = f"{mapper.class_.__module__}.{mapper.class_.__qualname__}"
    found = {f"class {name}": 0} | {f"attribute {name}.{key}": 0 for key in mapper.attrs.keys()}
    for dispatch in (mapper.dispatch, mapper.class_manager.dispatch):
        found |= {f"listener {name}.{key}": number for key, number in _listeners(dispatch).items()}
    return found


def _of_module(name: str, module: ModuleType) -> Things:
    own = {key: value for key, value in list(vars(module).items()) if isinstance(value, FunctionType | type)}
    found = {f"function {name}.{key}": id(value) for key, value in own.items()}
    for key, value in own.items():
        if isinstance(value, type) and value.__module__ == name:
            methods = {part: method for part, method in vars(value).items() if isinstance(method, FunctionType | property)}
            found |= {f"function {name}.{key}.{part}": id(method) for part, method in methods.items()}
    return found


def _listeners(dispatch: Any) -> Things:
    found = {}
    for name in dispatch._event_names:
        collection = getattr(dispatch, name)
        of_classes = getattr(collection, "_clslevel", None)
        number = sum(map(len, of_classes.values())) if of_classes is not None else len(list(collection))
        if number:
            found[name] = number
    return found


def _subclasses(package: str) -> Iterator[str]:
    from samen_core.db.base import Base

    for mapper in Base.registry.mappers:
        parent = mapper.inherits
        inside = f"{mapper.class_.__module__}.".startswith(f"{package}.")
        if inside and parent is not None and not f"{parent.class_.__module__}.".startswith(f"{package}."):
            yield f"{mapper.class_.__name__} inherits from the model {parent.class_.__name__} of others: use a 1:1 table of its own"


def alone(asked: dict[str, Any]) -> Iterator[str]:
    """Start with only the block and what it requires, and open every page and list that takes no arguments."""
    from samen_core.app import create_app
    from samen_core.db import migrate
    from samen_core.platform import Parts, Platform

    sys.meta_path.insert(0, Absent(asked["others"]))
    folder, installed = Path(asked["folder"]), _installed(asked)
    platform = Platform(make_config(folder, f"sqlite:///{folder / 'samen.db'}", blocks=list(installed)), Parts(installed=installed))
    migrate.upgrade(platform)
    app = create_app(platform)
    _import_all(installed[asked["name"]])
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            status = client.get(rule.rule).status_code
            if status >= 500 and rule.endpoint != "technical.ready":
                yield f"with only what it requires {rule.rule} answers with {status}"
    platform.close()


def without(asked: dict[str, Any]) -> Iterator[str]:
    """Walk through a filled city from which the block was uninstalled, as a visitor and as its manager."""
    from samen_core.app import create_app
    from samen_core.platform import Parts, Platform
    from samen_core.testing.conformance.context import City
    from samen_core.testing.crawl import crawl

    gone = asked["blocks"].pop(asked["name"]).partition(".")[0]
    sys.meta_path.insert(0, Absent([*asked["others"], gone]))
    folder, installed = Path(asked["city"]), _installed(asked)
    platform = Platform(make_config(folder, f"sqlite:///{folder / 'samen.db'}", blocks=list(installed)), Parts(installed=installed))
    city = City(platform)
    city.app = create_app(platform)
    for role in ("", "manager"):
        for page in crawl(city.visitor(role), ("/",), headers={}, limit=MOST_PAGES):
            for problem in page.problems:
                yield f"without the block {page.path}, for {role or 'a visitor'}: {problem}"
    platform.close()


TASKS = {"mappers": mappers, "alone": alone, "without": without}


def main() -> None:
    """Do the task that the argument describes."""
    asked = json.loads(sys.argv[1])
    logs.configure(make_config(Path(asked["folder"]), f"sqlite:///{asked['folder']}/samen.db"))
    logging.disable(logging.CRITICAL)
    answer = list(TASKS[asked["task"]](asked))
    print(json.dumps(answer))  # noqa: T201 - this is how the answer gets back


if __name__ == "__main__":
    main()
