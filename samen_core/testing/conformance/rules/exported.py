"""What a block keeps that nobody can get: every column is exported, or says why not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column

from samen_core.privacy import declaration
from samen_core.testing.conformance.context import Context, NotStarted
from samen_core.testing.conformance.model import Finding

ALWAYS = ("version",)
"""Columns for the platform itself; keys of a table's own rows are left out too."""


def check_exported(context: Context) -> Iterator[Finding]:
    """Each column is a field of the block's REST answers, or stands in the export of one's own data, or says in quality.toml why not."""
    excused = context.quality.not_exported
    fields = _fields(context)
    used: set[str] = set()
    for table in context.tables:
        silent = [column.name for column in table.columns if not _is_exported(column, fields)]
        if table.name in excused and silent:
            used.add(table.name)
            continue
        for name in silent:
            place, everywhere = f"{table.name}.{name}", f"*.{name}"
            if place in excused or everywhere in excused:
                used.add(place if place in excused else everywhere)
            else:
                yield f"{place} is in no answer of the REST API and not declared personal: show it, or say why not under [not_exported]"
    for place in sorted(excused.keys() - used):
        yield f"[not_exported] names '{place}', which is no table or column that is left out: take the line away"


def _is_exported(column: Column[Any], fields: set[str]) -> bool:
    declared = declaration(column)
    if column.primary_key or column.name in ALWAYS or (declared is not None and declared.export):
        return True
    name = _plain(column.name)
    return name in fields or name.removesuffix("id") in fields or f"{name}id" in fields


def _fields(context: Context) -> set[str]:
    """The names of the fields in the answers of the block's REST resources, without underscores and capitals."""
    answer = context.empty.visitor().get("/api/v1/openapi.json")
    if answer.status_code != 200:
        raise NotStarted(f"the description of the REST API, /api/v1/openapi.json, answers with {answer.status_code}")
    document = answer.get_json()
    start = f"/api/v1/{context.block.url_name}/"
    found: set[str] = set()
    seen: set[str] = set()
    for path, operations in document["paths"].items():
        if (path if path.startswith("/api/") else f"/api/v1{path}").startswith(start):
            for operation in (item for item in operations.values() if isinstance(item, dict)):
                for code, answer in operation.get("responses", {}).items():
                    if code.startswith("2"):
                        _gather(document, answer.get("content", {}), found, seen)
    return found


def _gather(document: dict[str, Any], value: Any, found: set[str], seen: set[str]) -> None:
    """Add the names of all properties in a part of the document, following references once."""
    if isinstance(value, list):
        for item in value:
            _gather(document, item, found, seen)
    elif isinstance(value, dict) and isinstance(name := value.get("$ref"), str):
        if name not in seen:
            seen.add(name)
            _gather(document, _resolved(document, name), found, seen)
    elif isinstance(value, dict):
        found.update(_plain(key) for key in value.get("properties", {}))
        for item in value.values():
            _gather(document, item, found, seen)


def _resolved(document: dict[str, Any], name: str) -> Any:
    value: Any = document
    for part in name.removeprefix("#/").split("/"):
        value = value[part]
    return value


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
