"""Writes ``docs/reference``: every hook, slot, signal, event, permission, setting and public name, from the code.

Without ``--update`` it prints which pages no longer say what the code says; the status is 1 when there is any. The surface that vendors
build on is kept in ``tests/contract/api_1.json``: ``--update`` adds new names and parameters to it and never takes one out, so that
taking something away is a decision (docs/compatibility.md).
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.util
import inspect
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from samen_core import API_VERSION
from samen_core.app import SamenFlask, create_app
from samen_core.blocks import hookspecs
from samen_core.blocks.discovery import ICONS
from samen_core.config import build_config
from samen_core.core_block import CORE_HANDLERS
from samen_core.i18n import Text
from samen_core.permissions import ROLES, Permission
from samen_core.platform import Platform
from samen_core.web.blueprint import ACCESS
from samen_core.web.slots import SLOTS, SlotFill

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "reference"
FROZEN = ROOT / "tests" / "contract" / f"api_{API_VERSION}.json"
BLOCKS = ("citycontent", "inbreng", "samenspreker", "beleidsagenda", "oog_oor", "doe_mee")
PUBLIC = ("samen_core.manifest", "samen_core.api", "samen_core.web.api", "samen_core.rest.api", "samen_core.cli.api")
PUBLIC_OF_A_BLOCK = ("api", "web.api")
WRITTEN = "Written by `tools/references.py --update` from the code; do not edit. "


class Subject:
    """The platform with every block of this project, and its web application."""

    def __init__(self, folder: Path) -> None:
        config = build_config(
            {
                "environment": "test",
                "database_url": f"sqlite:///{folder / 'none.db'}",
                "blocks": list(BLOCKS),
                "city": {"name": "Gemeente Voorbeeld", "short_name": "Samen", "code": "GM0000", "contact_email": "samen@example.org"},
            },
            folder=folder,
            environ={"SAMEN_SECRET_KEY": "0" * 64},
        )
        self.platform = Platform(config)
        self.app: SamenFlask = create_app(self.platform)
        self.words = self.platform.translations.translator("en")

    def say(self, text: Text | str) -> str:
        """A text in English, safe inside a table."""
        shown = self.words.render(text) if isinstance(text, Text) else text
        return " ".join(shown.split()).replace("|", "\\|")

    def answers(self, hook: str) -> Iterator[tuple[str, Any]]:
        """What every block gives for a hook of start-up."""
        return self.platform.registry.collect(hook)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join(' --- ' for _ in head)}|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def first_sentence(item: object) -> str:
    """The first line of its documentation, for a table."""
    return (inspect.getdoc(item) or "").split("\n\n")[0].replace("\n", " ").replace("|", "\\|").replace("``", "`")


def owner_of(name: str) -> str:
    """The block that a name such as ``inbreng.theme_renamed`` belongs to."""
    return name.partition(".")[0]


def hooks(subject: Subject) -> str:
    """Every hook: when it is asked, what it means, who answers."""
    source = Path(inspect.getfile(hookspecs)).read_text(encoding="utf-8")
    parts = re.split(r"^# --- (.+?) -+$", source, flags=re.MULTILINE)
    found = ["# Hooks", WRITTEN + "How each is used: [hooks.md](../hooks.md)."]
    for phase, text in zip(parts[1::2], parts[2::2], strict=True):
        rows = []
        for name in re.findall(r"^def (samen_\w+)", text, re.MULTILINE):
            function = getattr(hookspecs, name)
            arguments = ", ".join(str(item) for item in inspect.signature(function).parameters.values()).replace("'", "")
            gives = inspect.signature(function).return_annotation
            users = [answer.plugin_name for answer in reversed(getattr(subject.platform.registry.manager.hook, name).get_hookimpls())]
            rows.append((f"`{name}({arguments})`", f"`{gives}`".replace("|", "\\|"), first_sentence(function), ", ".join(users) or "-"))
        found.append(f"## {phase.strip().capitalize()}\n\n" + table(("hook", "gives", "meaning", "answered by"), rows))
    return "\n\n".join(found)


def slots(subject: Subject) -> str:
    """Every slot: where it is and who fills it."""
    fills: dict[str, list[tuple[str, SlotFill]]] = {}
    for block, fill in subject.answers("samen_slots"):
        fills.setdefault(fill.slot, []).append((block, fill))
    rows = []
    for name, purpose in SLOTS.items():
        users = [
            block + (f" (on {', '.join(fill.subject_types)})" if fill.subject_types else "")
            for block, fill in sorted(fills.get(name, ()), key=lambda item: item[1].order)
        ]
        rows.append((f"`{name}`", purpose.replace("``", "`"), "; ".join(dict.fromkeys(users)) or "-"))
    return "\n\n".join(["# Slots", WRITTEN + "How to fill one: [slots.md](../slots.md).", table(("slot", "place", "filled by"), rows)])


def signals(subject: Subject) -> str:
    """Every signal: what it says, what comes with it, who hears it."""
    receivers: dict[str, list[str]] = {}
    for block, receiver in subject.answers("samen_signal_receivers"):
        receivers.setdefault(receiver.signal, []).append(block)
    packages = ["samen_core", *(block.package for block in subject.platform.blocks)]
    rows = []
    for constant, value, meaning, module in sorted(_signal_constants(packages), key=lambda item: (owner_of(item[1]) != "core", item[1])):
        public = next((name for name in _public_modules() if getattr(importlib.import_module(name), constant, None) == value), module)
        heard = ", ".join(dict.fromkeys(receivers.get(value, ()))) or "-"
        rows.append((f"`{constant}`", f"`{public}`", meaning, heard))
    return "\n\n".join(
        [
            "# Signals",
            WRITTEN + "A signal happens inside the transaction; a receiver that raises takes it back.",
            table(("signal", "import from", "meaning", "heard by"), rows),
        ]
    )


def _signal_constants(packages: Iterable[str]) -> Iterator[tuple[str, str, str, str]]:
    """The constants that are sent with ``uow.send``: name, value, documentation, module."""
    for package in packages:
        folder = Path(importlib.import_module(package).__file__ or "").parent
        sources = {path: path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py")) if "testing" not in path.parts}
        sent = {name for text in sources.values() for name in re.findall(r"\.send\(([A-Z][A-Z_]+),", text)}
        for path, text in sources.items():
            body = ast.parse(text).body
            for node, after in pairwise(body):
                match node, after:
                    case (
                        ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(value))),
                        ast.Expr(value=ast.Constant(value=str(meaning))),
                    ) if name in sent:
                        module = ".".join((package, *path.relative_to(folder).with_suffix("").parts))
                        yield name, value, " ".join(meaning.split()).replace("``", "`"), module


def events(subject: Subject) -> str:
    """Every event: its fields and who handles it."""
    handlers = [*CORE_HANDLERS, *(handler for _block, handler in subject.answers("samen_event_handlers"))]
    found = [
        "# Events",
        WRITTEN + "Every event also carries `about`, the things that it is about. A field is never personal data.",
    ]
    kinds = {**_core_events(), **subject.platform.event_types}
    for owner in ("core", *(block.name for block in subject.platform.blocks)):
        rows = []
        for name in sorted(name for name in kinds if owner_of(name) == owner):
            kind = kinds[name]
            parts = ", ".join(f"`{item.name}: {item.type}`" for item in fields(kind) if item.name != "about")
            heard = ", ".join(f"`{handler.name}`" for handler in handlers if name in handler.event_types)
            rows.append((f"`{name}`", str(kind.version), parts.replace("|", "\\|"), first_sentence(kind), heard or "-"))
        if rows:
            found.append(f"## {owner}\n\n" + table(("event", "version", "fields", "meaning", "handled by"), rows))
    return "\n\n".join(found)


def _core_events() -> dict[str, Any]:
    from samen_core.events.types import Event

    found = {}
    pending = list(Event.__subclasses__())
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        if getattr(kind, "type", "").startswith("core.") and kind.__module__.startswith("samen_core."):
            found[kind.type] = kind
    return found


def permissions(subject: Subject) -> str:
    """Every permission: who has it, and which pages and operations ask it."""
    pages: dict[str, int] = {}
    operations: dict[str, int] = {}
    for rule in subject.app.url_map.iter_rules():
        asked: Permission | None = getattr(subject.app.view_functions[rule.endpoint], ACCESS, None)
        if asked is not None:
            counted = operations if rule.rule.startswith("/api/") else pages
            counted[asked.name] = counted.get(asked.name, 0) + 1
    rows = []
    audiences = {"nobody": "", "logged_in": "everyone who is logged in", "everyone": "everyone"}
    for item in subject.platform.permissions.values():
        who = [audiences[item.audience], *(subject.say(label) for role, label in ROLES.items() if role in item.roles)]
        asked_by = f"{pages.get(item.name, 0)} pages, {operations.get(item.name, 0)} operations"
        rows.append((f"`{item.name}`", subject.say(item.label), ", ".join(filter(None, who)) or "nobody by role", asked_by))
    return "\n\n".join(
        [
            "# Permissions",
            WRITTEN + "Each is also a scope of API tokens. Routes that are public ask none; services ask more than routes do.",
            table(("permission", "right to", "who has it by role", "asked by routes"), rows),
        ]
    )


def settings(subject: Subject) -> str:
    """Every setting: what it asks and its default."""
    rows = []
    for key, item in sorted(subject.platform.settings.declared.items()):
        question = item.question
        default = item.to_plain(item.default)
        bounds = [f"{name} {value}" for name, value in (("at least", question.minimum), ("at most", question.maximum)) if value is not None]
        kind = ", ".join([question.kind.replace("_", " "), *bounds])
        shown = json.dumps(default, ensure_ascii=False)
        rows.append((f"`{key}`", subject.say(question.label), kind, f"`{shown}`".replace("|", "\\|")))
    return "\n\n".join(
        [
            "# Settings",
            WRITTEN + "What a manager may change under *Beheer > Instellingen*; it holds in every process within two seconds.",
            table(("key", "asks", "kind", "default"), rows),
        ]
    )


def _public_modules() -> list[str]:
    packages = ["citycontent", *(f"samen_{name}" for name in BLOCKS if name != "citycontent")]
    candidates = [*PUBLIC, *(f"{package}.{part}" for package in packages for part in PUBLIC_OF_A_BLOCK)]
    return [name for name in candidates if importlib.util.find_spec(name) is not None]


def names(_subject: Subject) -> str:
    """Every public name."""
    found = [
        "# Public names",
        WRITTEN + "What blocks may import, with what it takes (`=` behind what may be left out); how it may change: "
        "[compatibility.md](../compatibility.md). `help(name)` in Python tells the rest.",
    ]
    for module in _public_modules():
        holder = importlib.import_module(module)
        rows = [
            (_called(name, getattr(holder, name)), _kind(getattr(holder, name)), _meaning(getattr(holder, name)))
            for name in sorted(holder.__all__)
        ]
        found.append(f"## `{module}`\n\n{first_sentence(holder)}\n\n" + table(("name", "what", "meaning"), rows))
    return "\n\n".join(found)


def _called(name: str, item: object) -> str:
    """The name with what it takes; ``=`` stands behind what may be left out."""
    takes = _parameters(item)
    return f"`{name}({', '.join(takes)})`" if takes else f"`{name}`"


def icons(_subject: Subject) -> str:
    """Every icon."""
    shown = ", ".join(f"`{path.stem}`" for path in sorted(ICONS.glob("*.svg")))
    return "\n\n".join(["# Icons", WRITTEN + "For manifests, menus, rows and `icon(…)` in templates: Lucide's, by their own names.", shown])


def _kind(item: object) -> str:
    if inspect.isclass(item):
        return "class"
    return "function" if callable(item) and hasattr(item, "__name__") else "value"


def _meaning(item: object) -> str:
    return first_sentence(item) if _kind(item) != "value" else ""


Surface = dict[str, dict[str, list[str]]]
"""Per public module (or kind of thing) and name, what it takes or holds; ``=`` stands behind what a caller may leave out."""


def surface(subject: Subject) -> Surface:
    """All that a block may build on, as it is now."""
    found: Surface = {}
    for module in _public_modules():
        holder = importlib.import_module(module)
        found[module] = {name: _parameters(getattr(holder, name)) for name in holder.__all__}
    hook_names = [name for name in vars(hookspecs) if name.startswith("samen_")]
    # An implementation takes what it wants of the arguments, so one more asks nothing of anybody.
    found["hooks"] = {name: [f"{item}=" for item in inspect.signature(getattr(hookspecs, name)).parameters] for name in hook_names}
    found["slots"] = {name: [] for name in SLOTS}
    kinds = {**_core_events(), **subject.platform.event_types}
    found["events"] = {name: [f"{item.name}=" for item in fields(kind)] for name, kind in kinds.items()}
    found["permissions"] = {name: [] for name in subject.platform.permissions}
    found["settings"] = {key: [] for key in subject.platform.settings.declared}
    rules = [rule for rule in subject.app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    found["operations"] = {
        f"{method} {rule.rule}": [] for rule in rules for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    }
    return found


def _parameters(item: object) -> list[str]:
    if is_dataclass(item) and inspect.isclass(item):
        return [
            field.name + ("" if field.default is MISSING and field.default_factory is MISSING else "=")
            for field in fields(item)
            if field.init
        ]
    if inspect.isclass(item) or not callable(item):
        return []
    try:
        found = inspect.signature(item).parameters.values()
    except ValueError:
        return []
    return [_parameter(parameter) for parameter in found]


def _parameter(parameter: inspect.Parameter) -> str:
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    return f"{stars}{parameter.name}{'=' if parameter.default is not inspect.Parameter.empty else ''}"


def extended(frozen: Surface, now: Surface) -> Surface:
    """The kept surface with what is new; what it already holds stays as it is, but for parameters that were added."""
    result = {module: dict(known) for module, known in frozen.items()}
    for module, found in now.items():
        known = result.setdefault(module, {})
        for name, parameters in found.items():
            old = known.get(name, [])
            known[name] = old + [item for item in parameters if item.rstrip("=") not in {one.rstrip("=") for one in old}]
    return {module: dict(sorted(known.items())) for module, known in sorted(result.items())}


def broken(kept: Surface, now: Surface) -> Iterator[str]:
    """What a block that was written for the kept surface would stumble over, a sentence each."""
    for module, names_kept in kept.items():
        for name, before in names_kept.items():
            after = now.get(module, {}).get(name)
            if after is None:
                yield f"{module}: '{name}' is gone"
                continue
            found = [item.rstrip("=") for item in after]
            known = [item.rstrip("=") for item in before]
            if lost := [item for item in known if item not in found]:
                yield f"{module}: '{name}' no longer takes '{lost[0]}'"
            elif asked := [item for item in after if not item.endswith("=") and item[0] != "*" and item not in before]:
                yield f"{module}: '{name}' asks for '{asked[0]}'"
            elif [item for item in found if item in known] != known:
                yield f"{module}: '{name}' takes its parameters in another order"


REFERENCES: dict[str, Callable[[Subject], str]] = {
    "hooks": hooks,
    "slots": slots,
    "signals": signals,
    "events": events,
    "permissions": permissions,
    "settings": settings,
    "names": names,
    "icons": icons,
}


def written() -> tuple[dict[Path, str], Surface]:
    """Each page with what it must say, and the surface of now."""
    with tempfile.TemporaryDirectory() as folder:
        subject = Subject(Path(folder))
        pages = {PAGES / f"{name}.md": write(subject) + "\n" for name, write in REFERENCES.items()}
        now = surface(subject)
        subject.platform.close()
    frozen = json.loads(FROZEN.read_text(encoding="utf-8")) if FROZEN.exists() else {}
    return pages | {FROZEN: json.dumps(extended(frozen, now), indent=1, ensure_ascii=False) + "\n"}, now


def main() -> int:
    """Compare or write the pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="write them anew")
    update = parser.parse_args().update
    stale = {path: text for path, text in written()[0].items() if not path.exists() or path.read_text(encoding="utf-8") != text}
    for path, text in stale.items():
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        print(f"{'wrote' if update else 'is not what the code says:'} {path.relative_to(ROOT)}")
    return 1 if stale and not update else 0


if __name__ == "__main__":
    sys.exit(main())
