"""The commands of blocks, ``samen <block> <command>``: loaded only when one is asked for, so that no block can break a command of core."""

from __future__ import annotations

import click

from samen_core.blocks.discovery import Installed, installed_blocks
from samen_core.blocks.registry import BlockRegistry
from samen_core.config import load_config
from samen_core.errors import StartupError, block_error

HOOK = "samen_cli"


class CommandsWithBlocks(click.Group):
    """The commands of core, and beside them a group for every enabled block that has commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The words for help; without a configuration, and of a block that cannot be loaded, there are none."""
        try:
            names = sorted(name.replace("_", "-") for name in load_config().blocks)
        except StartupError:
            names = []
        return [*super().list_commands(ctx), *(name for name in names if name not in self.commands and self._usable(name))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command of core, or the group of an enabled block. Raises StartupError, naming the mend, when that block cannot be used."""
        return super().get_command(ctx, cmd_name) or group_of_block(cmd_name)

    def _usable(self, name: str) -> bool:
        try:
            return group_of_block(name) is not None
        except StartupError:
            return False


def group_of_block(word: str) -> click.Group | None:
    """The commands of the enabled block that ``word`` names; None when there is no such block or it has no commands."""
    name = word.replace("-", "_")
    found = installed_blocks().get(name)
    if found is None:
        return None
    if name not in load_config().blocks:
        raise StartupError(f"block '{name}' is not enabled: run 'samen blocks enable {name}'")
    return commands_of(found, word)


def commands_of(found: Installed, word: str) -> click.Group | None:
    """The commands that an installed block gives, as a group. Raises StartupError when the block is broken or gives something else."""
    if found.problem:
        raise block_error(found.name, found.problem)
    given = [command for _block, command in BlockRegistry([found]).collect(HOOK, click.Command)]
    return click.Group(word, given, help=f"The commands of block '{found.name}'.") if given else None
