"""Switching blocks on and off: writes ``samen.toml`` with its comments kept, and migrates what is switched on."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from samen_core.blocks.discovery import installed_blocks
from samen_core.config import Config, env_name
from samen_core.errors import StartupError


def enable(config: Config, path: Path, name: str) -> Config:
    """Switch a block on, with what it requires; the new configuration. Raises StartupError when it cannot be."""
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
    return _write(config, path, tuple(chosen))


def disable(config: Config, path: Path, name: str) -> Config:
    """Switch a block off; its rows stay. Raises StartupError while another enabled block requires it."""
    installed = installed_blocks()
    if name not in config.blocks:
        raise StartupError(f"block '{name}' is not enabled")
    for other in config.blocks:
        found = installed.get(other)
        if found and found.block and name in found.block.requires:
            raise StartupError(f"block '{other}' requires '{name}': run 'samen blocks disable {other}' first")
    return _write(config, path, tuple(block for block in config.blocks if block != name))


def _write(config: Config, path: Path, blocks: tuple[str, ...]) -> Config:
    if blocks == config.blocks:
        return config
    if env_name("blocks") in os.environ:
        raise StartupError(f"the environment chooses the blocks: set {env_name('blocks')}={','.join(blocks)}")
    import tomlkit

    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    document["blocks"] = list(blocks)
    temporary = path.with_suffix(".toml.new")
    temporary.write_text(tomlkit.dumps(document), encoding="utf-8")
    temporary.replace(path)
    return replace(config, blocks=blocks)
