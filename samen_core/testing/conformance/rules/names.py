"""Names: what a block adds to a place that it shares with others starts with its own name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import inspect

from samen_core.db.base import Base
from samen_core.testing.conformance.context import Context
from samen_core.testing.conformance.model import Finding

DECLARED = (
    ("samen_permissions", "name", "permission"),
    ("samen_settings", "key", "setting"),
    ("samen_texts", "key", "text"),
    ("samen_event_types", "type", "event"),
    ("samen_event_handlers", "name", "event handler"),
    ("samen_retention", "name", "retention rule"),
    ("samen_jobs", "name", "job"),
)
"""The hooks whose answers have a name that starts with the block's, and a dot."""
CATALOGUE = re.compile(r"[a-z]{2}\.po")


def check_prefixes(context: Context) -> Iterator[Finding]:
    """Tables, indexes and constraints, folders of templates and static files, what hooks declare, blueprints, catalogues."""
    yield from _declared(context)
    yield from _folders(context)
    yield from _blueprints(context)
    yield from _tables(context)


def _declared(context: Context) -> Iterator[Finding]:
    for hook, attribute, word in DECLARED:
        for item in context.answers(hook):
            name = str(getattr(item, attribute, item))
            if not name.startswith(f"{context.name}."):
                yield f"the {word} '{name}' must start with '{context.name}.'"


def _folders(context: Context) -> Iterator[Finding]:
    for folder in (context.installed.templates, context.installed.static):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.name != context.name and not path.name.startswith((".", "__")):
                yield f"{folder.name}/{path.name} stands beside {folder.name}/{context.name}/: put everything in there"
    folder = context.installed.translations
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not CATALOGUE.fullmatch(path.name):
            yield f"translations/{path.name} is no catalogue of a language, such as en.po"


def _blueprints(context: Context) -> Iterator[Finding]:
    for blueprint in context.answers("samen_blueprints"):
        if not re.fullmatch(rf"{context.name}(_\w+)?", blueprint.name):
            yield f"the blueprint '{blueprint.name}' must be called '{context.name}' or start with '{context.name}_'"
    owner = f"/api/v1/{context.block.url_name}/"
    names = tuple(f"api-{context.name}{dash}" for dash in ("", "-"))
    # An API of a standard has the addresses that the standard gives it.
    owners = (owner, *(f"{item.prefix}/" for item in context.answers("samen_resources") if item.prefix))
    mounted = [rule for rule in context.empty.app.url_map.iter_rules() if _of_rest(context, rule.endpoint)]
    for rule in mounted:
        if not rule.rule.startswith(owners) or not rule.endpoint.startswith(names):
            yield f"the REST route {rule.rule} must stand under {owner}: give its blueprint no url_prefix"


def _of_rest(context: Context, endpoint: str) -> bool:
    view = context.empty.app.view_functions[endpoint]
    module = str(getattr(view, "__module__", ""))
    return endpoint.startswith("api-") and (module == context.package or module.startswith(f"{context.package}."))


def _tables(context: Context) -> Iterator[Finding]:
    prefix = f"{context.name}__"
    for table in context.tables:
        named = [*(item.name for item in table.constraints), *(item.name for item in table.indexes)]
        for item in sorted(str(name) for name in named if name):
            if prefix not in item:
                yield f"table {table.name}: '{item}' must have '{prefix}' in its name, since the database knows one of each name"
    for mapper in Base.registry.mappers:
        module = mapper.class_.__module__
        if module == context.package or module.startswith(f"{context.package}."):
            name = str(getattr(mapper.local_table, "name", ""))
            if not name.startswith(prefix):
                yield f"the table '{name}' of {mapper.class_.__name__} must start with '{prefix}'"
    with context.empty.platform.engine.connect() as connection:
        owners = (*(f"{name}__" for name in (*context.required, context.name)), "core__", "alembic", "sqlite_")
        for name in inspect(connection).get_table_names():
            if not name.startswith(owners):
                yield f"a migration makes the table '{name}', which must start with '{prefix}'"
