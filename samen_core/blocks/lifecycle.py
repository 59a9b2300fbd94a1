"""Switching blocks on and off: what the configuration becomes, and writing it to ``samen.toml`` with its comments kept."""

from __future__ import annotations

import os
import shutil
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
    return _with_blocks(config, tuple(chosen))


def disable(config: Config, name: str) -> Config:
    """The configuration without a block; its rows stay. Raises StartupError while another enabled block requires it."""
    installed = installed_blocks()
    if name not in config.blocks:
        raise StartupError(f"block '{name}' is not enabled")
    for other in config.blocks:
        found = installed.get(other)
        if found and found.block and name in found.block.requires:
            raise StartupError(f"block '{other}' requires '{name}': run 'samen blocks disable {other}' first")
    return _with_blocks(config, tuple(block for block in config.blocks if block != name))


def _with_blocks(config: Config, blocks: tuple[str, ...]) -> Config:
    if blocks != config.blocks and env_name("blocks") in os.environ:
        raise StartupError(f"the environment chooses the blocks: set {env_name('blocks')}={','.join(blocks)}")
    return replace(config, blocks=blocks)


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
