"""What a block imports, read from its source: also in a vendor's repository with only the platform's wheel installed."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, packages_distributions, requires

from samen_core.testing.conformance.context import Context
from samen_core.testing.conformance.model import Finding
from samen_core.testing.conformance.source import Module

CORE = "samen_core"
API, WEB, REST, CLI = "api", "web.api", "rest.api", "cli.api"
PUBLIC = {"hooks": (API, WEB, REST), "web": (API, WEB), "rest": (API, REST), "cli": (API, CLI), "testing": (API, "testing")}
"""Which modules of another package the parts of a block may import; the parts that are not here only ``api``."""
OF_CORE = {"block": ("manifest",), "testing": (API, "testing", "mail")}
"""What differs for the platform itself."""
LAYERS = (
    ("hooks",),
    ("web", "rest", "cli", "exchange"),
    ("services",),
    ("queries",),
    ("schemas", "events", "permissions", "settings"),
    ("models",),
)
NO_WEB = ("services", "queries", "models")
WEB_FRAMEWORKS = ("flask", "flask_smorest", "werkzeug", "jinja2")


def check_declared(context: Context) -> Iterator[Finding]:
    """Of the platform and of required blocks only what is public; of others only what the distribution requires."""
    blocks = {found.package: name for name, found in context.everything.items()}
    allowed = _declared_distributions(context)
    for module in context.modules:
        seen: set[str] = set()
        for name, line in module.imports(context.package):
            problem = _import_problem(context, module, name, blocks, allowed)
            if problem and problem not in seen:
                seen.add(problem)
                yield f"{module.name}.py:{line}: {problem}"


def _import_problem(context: Context, module: Module, name: str, blocks: dict[str, str], allowed: set[str]) -> str:
    root, _dot, rest = name.partition(".")
    if root == context.package or root in sys.stdlib_module_names:
        return ""
    if root == CORE:
        parts = OF_CORE.get(module.top) or PUBLIC.get(module.top, (API,))
        return "" if _within(rest, parts) else f"{name} is no public part of the platform for {module.top}: use {_listed(CORE, parts)}"
    if root in blocks or root.startswith("samen_"):
        owner = blocks.get(root, root.removeprefix("samen_"))
        if owner not in context.block.requires:
            return f"{root} belongs to block '{owner}', which the manifest does not name in requires"
        parts = PUBLIC.get(module.top, (API,))
        return "" if _within(rest, parts) else f"{name} is no public part of block '{owner}': use {_listed(root, parts)}"
    if module.top != "testing" and _distributions().get(root) and not allowed.intersection(_distributions()[root]):
        return f"{root} comes with '{_distributions()[root][0]}', which the distribution does not require"
    return ""


def _within(rest: str, parts: tuple[str, ...]) -> bool:
    """Whether the rest of a dotted name is one of these parts, something in it, or a package on the way to it."""
    return not rest or any(rest == part or rest.startswith(f"{part}.") or part.startswith(f"{rest}.") for part in parts)


def _listed(package: str, parts: tuple[str, ...]) -> str:
    return " or ".join(f"{package}.{part}" for part in parts)


def _distributions() -> dict[str, list[str]]:
    """The distributions of each importable package, by their normal names."""
    if not _FOUND:
        _FOUND.update({package: [_normal(name) for name in names] for package, names in packages_distributions().items()})
    return _FOUND


_FOUND: dict[str, list[str]] = {}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _declared_distributions(context: Context) -> set[str]:
    """What the block's distribution requires, and what that requires in turn, without extras."""
    found: set[str] = set()
    waiting = [context.installed.distribution or "samen", "samen"]
    while waiting:
        name = _normal(waiting.pop())
        if name in found:
            continue
        found.add(name)
        try:
            waiting += [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in requires(name) or () if "extra ==" not in line]
        except PackageNotFoundError:
            continue
    return found


def check_layers(context: Context) -> Iterator[Finding]:
    """Inside the block imports go down only, and services, queries and models know no web framework."""
    level = {name: number for number, names in enumerate(LAYERS) for name in names}
    for module in context.modules:
        for name, line in module.imports(context.package):
            root, _dot, rest = name.partition(".")
            if module.top in NO_WEB and root in WEB_FRAMEWORKS:
                yield f"{module.name}.py:{line}: {name}: rules know no web framework; pages parse, call and render"
            other = rest.partition(".")[0]
            if root == context.package and module.top in level and level.get(other, len(LAYERS)) < level[module.top]:
                yield f"{module.name}.py:{line}: {module.top} stands below {other}, so it may not import {name}"
