"""Switching blocks on and off: what the configuration becomes, and writing it to ``samen.toml`` with its comments kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from samen_core.blocks.discovery import installed_blocks
from samen_core.config import Config, env_name
from samen_core.errors import StartupError


def enable(config: Config, name: str) -> Config:
    """The configuration with a block and what it requires. Raises StartupError when it cannot be."""
    installed = installed_blocks()
    chosen = list(config.blocks)

    def add(wanted: str) -> None:
        if wanted in chosen:
            return
        found = installed.get(wanted)
        if found is None:
            raise StartupError(f"block '{wanted}' is not installed: run 'pip install samen-{wanted}' first")
        if found.problem or found.block is None:
            raise StartupError(f"block '{wanted}' {found.problem}")
        for required in found.block.requires:
            add(required)
        chosen.append(wanted)

    add(name)
    return replace(config, blocks=tuple(chosen))


def disable(config: Config, name: str) -> Config:
    """The configuration without a block; its rows stay. Of a circle of blocks that require each other, all go.

    Raises StartupError while another enabled block requires it.
    """
    if name not in config.blocks:
        raise StartupError(f"block '{name}' is not enabled")
    needs = _needs(config.blocks)
    circle = {other for other in needs.get(name, ()) if name in needs.get(other, ())}
    for other in config.blocks:
        if name in needs.get(other, ()) and other not in circle:
            raise StartupError(f"block '{other}' requires '{name}': run 'samen blocks disable {other}' first")
    return replace(config, blocks=tuple(block for block in config.blocks if block != name and block not in circle))


def _needs(enabled: Iterable[str]) -> dict[str, set[str]]:
    """What each of these blocks requires, directly or through another."""
    installed = installed_blocks()
    direct = {name: found.block.requires for name in enabled if (found := installed.get(name)) and found.block}
    needs: dict[str, set[str]] = {}
    for name, requires in direct.items():
        waiting, seen = list(requires), set[str]()
        while waiting:
            if (required := waiting.pop()) not in seen:
                seen.add(required)
                waiting += direct.get(required, ())
        needs[name] = seen
    return needs


def line_for_environment(config: Config) -> str | None:
    """The variable to set where the environment chooses the blocks, so that no file can; None where ``samen.toml`` does."""
    name = env_name("blocks")
    return f"{name}={','.join(config.blocks)}" if name in os.environ else None


def store_blocks(config: Config, path: Path) -> None:
    """Write the blocks of this configuration to its ``samen.toml``; comments, everything else and the file's mode stay."""
    import tomlkit

    path = path.resolve()
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    if document.get("blocks") == list(config.blocks):
        return
    document["blocks"] = list(config.blocks)
    temporary = path.with_suffix(".toml.new")
    temporary.touch(mode=0o600)
    temporary.write_text(tomlkit.dumps(document), encoding="utf-8")
    shutil.copymode(path, temporary)
    temporary.replace(path)
